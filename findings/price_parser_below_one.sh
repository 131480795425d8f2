#!/usr/bin/env bash
# Version:  price-parser 0.5.1.
# Input:    prices as people type them into a price list: 0.125 EUR for a camera's hour, 0.25, -12.50.
# Guess:    three digits after a dot may be thousands ("1.250"), but not after a lone zero: no number is
#           written 0.125 and means 125. A minus sign survives.
# Reality:  0.125 EUR is read as 125, 0.005 as 5, while 0.25 and 0.1250 are right. With the documented
#           remedy, decimal_separator=".", the comma becomes the thousands sign and 0,125 is still 125.
#           The minus sign is dropped: a credit of -12.50 is read as 12.50.
# Why care: prices for an hour or a gigabyte have three decimals and a leading zero, so an imported list is
#           wrong by a factor of a thousand in just those rows. Refuse what is not written in one agreed form.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --no-deps price-parser==0.5.1 attrs==26.1.0
"$work/venv/bin/python" - <<'PY'
import sys
from price_parser import Price
# text: the amount read, the amount read with decimal_separator="."
known = {
    "0.125 EUR": ("125", "0.125"),
    "0,125 €": ("125", "125"),
    "0.005 EUR": ("5", "0.005"),
    "0.25 EUR": ("0.25", "0.25"),
    "0.1250 EUR": ("0.1250", "0.1250"),
    "-12.50 EUR": ("12.50", "12.50"),
}
changed = False
for text, amounts in known.items():
    seen = (str(Price.fromstring(text).amount), str(Price.fromstring(text, decimal_separator=".").amount))
    changed |= seen != amounts
    print(f"{text}: {seen[0]}, with decimal_separator='.' {seen[1]}")
sys.exit("price-parser behaves differently now" if changed else 0)
PY
