#!/usr/bin/env bash
# Version:  Babel 2.18.0, py-moneyed 3.0, iso4217 1.16.20260101.
# Input:    three lines of 0.40 and one of 12.50 Serbian dinars (RSD), and the Iraqi dinar and Lebanese pound.
# Guess:    how many decimals a currency has is settled by ISO 4217 (RSD 2, IQD 3), so all libraries agree;
#           format_currency prints 12.50, or at least rounds 12.50 up to 13.
# Reality:  Babel's data follows everyday use, not bookkeeping: these have no decimals. 12.50 is printed
#           as 12 (a half goes to the even digit), lines of 0.40 as 0 above a total of 1. py-moneyed, which
#           prints through Babel, counts a hundredth as the smallest unit: 1250 are charged, 12 are shown.
# Why care: an invoice printed this way does not add up and differs from the amount that a payment provider
#           is sent. Take decimals from ISO 4217 and give currency_digits=False with an explicit pattern.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --no-deps babel==2.18.0 py-moneyed==3.0 typing-extensions==4.16.0 iso4217==1.16.20260101
"$work/venv/bin/python" - <<'PY'
import sys
from decimal import Decimal
from babel.numbers import format_currency, get_currency_precision
from iso4217 import Currency
from moneyed import Money
from moneyed.l10n import format_money
def shown(amount, **options):
    return format_currency(Decimal(amount), "RSD", locale="sr_Latn", **options).replace("\u00a0", " ")
money = Money("12.50", "RSD")
seen = {
    "decimals by ISO, by Babel": [(c, Currency(c).exponent, get_currency_precision(c)) for c in ("RSD", "IQD", "LBP")],
    "12.50 and 13.50": (shown("12.50"), shown("13.50")),
    "three lines of 0.40, total": (shown("0.40"), shown("1.20")),
    "py-moneyed shows, charges": (format_money(money, locale="sr_Latn").replace("\u00a0", " "), money.get_amount_in_sub_unit()),
    "remedy": shown("12.50", format="#,##0.00 ¤¤", currency_digits=False),
}
known = {
    "decimals by ISO, by Babel": [("RSD", 2, 0), ("IQD", 3, 0), ("LBP", 2, 0)],
    "12.50 and 13.50": ("12 RSD", "14 RSD"),
    "three lines of 0.40, total": ("0 RSD", "1 RSD"),
    "py-moneyed shows, charges": ("12 RSD", 1250),
    "remedy": "12,50 RSD",
}
for what, value in seen.items():
    print(f"{what}: {value}")
sys.exit("currencies are shown differently now" if seen != known else 0)
PY
