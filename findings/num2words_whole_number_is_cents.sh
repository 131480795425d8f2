#!/usr/bin/env bash
# Version:  num2words 0.5.14.
# Input:    1234 euros, as int, Decimal, float and text; in five languages and currencies as int.
# Guess:    the type of a number does not change the amount: 1234 is one thousand two hundred thirty-four.
# Reality:  an int is taken for cents, everything else for euros, so 1234 reads "twelve euro, thirty-four
#           cents" and Decimal("1234") a hundred times as much. Nothing warns. All languages tried do it.
# Why care: some countries' invoices and payment orders state the sum in words. A round sum that comes
#           as an int from a query, from JSON or from int() is a hundred times too small in words, right
#           beside the correct figures. Pass a Decimal, and test with a round amount.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --no-deps num2words==0.5.14
"$work/venv/bin/python" - <<'PY'
import sys
from decimal import Decimal
from num2words import num2words
WHOLE = "one thousand, two hundred and thirty-four euro, zero cents"
known = [
    (1234, "en", "EUR", "twelve euro, thirty-four cents"),
    (Decimal("1234"), "en", "EUR", WHOLE),
    (1234.0, "en", "EUR", WHOLE),
    ("1234.00", "en", "EUR", WHOLE),
    (1234, "de", "EUR", "zwölf Euro und vierunddreißig Cent"),
    (1234, "fr", "EUR", "douze euros et trente-quatre centimes"),
    (1234, "pl", "PLN", "dwanaście złotych, trzydzieści cztery grosze"),
    (1234, "ru", "RUB", "двенадцать рублей, тридцать четыре копейки"),
]
changed = False
for amount, language, currency, words in known:
    seen = num2words(amount, to="currency", lang=language, currency=currency)
    changed |= seen != words
    print(f"{amount!r} {currency} in {language}: {seen}")
sys.exit("num2words behaves differently now" if changed else 0)
PY
