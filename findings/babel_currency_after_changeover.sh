#!/usr/bin/env bash
# Version:  Babel 2.18.0.
# Input:    the currencies of Bulgaria, Croatia, Curaçao and Sint Maarten on 2026-12-01.
# Guess:    get_territory_currencies takes a date, so it knows which currency a country has on it. Bulgaria
#           has had the euro since 2026-01-01, Curaçao and Sint Maarten the Caribbean guilder (XCG) since 2025.
# Reality:  the changes of Croatia and of the islands are known. Bulgaria still has BGN, without an end. The data
#           is CLDR's of the release, so a change that was decided later is missing silently.
# Why care: an accounting currency that is proposed from the provider's country would be one that ISO 4217
#           has withdrawn. Correct the proposals, and compare each with the list of currencies in force.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --no-deps babel==2.18.0
"$work/venv/bin/python" - <<'PY'
import sys
from datetime import date
from babel.numbers import get_territory_currencies
day = date(2026, 12, 1)
seen = {country: get_territory_currencies(country, day) for country in ("BG", "HR", "CW", "SX")}
(lev,) = get_territory_currencies("BG", day, include_details=True)
seen["the lev ends"] = lev["to"]
known = {"BG": ["BGN"], "HR": ["EUR"], "CW": ["XCG"], "SX": ["XCG"], "the lev ends": None}
for what, value in seen.items():
    print(f"{what}: {value}")
sys.exit("Babel names other currencies now" if seen != known else 0)
PY
