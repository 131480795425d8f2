#!/usr/bin/env bash
# Version:  CurrencyConverter 0.18.23 with the European Central Bank's rates that it brings (to 2026-10-30).
# Input:    100 units each way between EUR and three currencies that the bank no longer quotes, no date.
# Guess:    without a date today's rate is used, and a currency without one raises in both directions,
#           because fallback_on_wrong_date is off by default.
# Reality:  the date is the last one of the currency converted FROM. RUB to EUR silently uses 2022-03-01,
#           RUB to USD that day's dollar too, and EEK the rate of 2010; the other direction raises.
# Why care: a report of receivables in one currency silently mixes rates years old with today's,
#           while a test that converts from the euro sees an error. Always pass the date of the document:
#           then both directions raise.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --no-deps currencyconverter==0.18.23
"$work/venv/bin/python" - <<'PY'
import sys
from datetime import date
from currency_converter import CurrencyConverter, RateNotFoundError
converter = CurrencyConverter()
def convert(source, target, on=None):
    try:
        return round(converter.convert(100, source, target, date=on), 2)
    except RateNotFoundError:
        return "raises"
LATEST = date(2026, 10, 30)
known = {
    ("RUB", "EUR", None): 0.85, ("EUR", "RUB", None): "raises",
    ("RUB", "USD", None): 0.95, ("USD", "RUB", None): "raises",
    ("HRK", "EUR", None): 13.27, ("EUR", "HRK", None): "raises",
    ("EEK", "EUR", None): 6.39, ("EUR", "EEK", None): "raises",
    ("RUB", "EUR", LATEST): "raises", ("EUR", "RUB", LATEST): "raises",
    ("RUB", "USD", date(2022, 3, 1)): 0.95,
}
changed = False
for (source, target, on), result in known.items():
    seen = convert(source, target, on)
    changed |= seen != result
    print(f"100 {source} in {target}, {on or 'no date'}: {seen} (last rate of {source}: {converter.bounds[source].last_date})")
sys.exit("CurrencyConverter behaves differently now" if changed else 0)
PY
