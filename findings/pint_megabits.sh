#!/usr/bin/env bash
# Version:  Pint 0.25.3.
# Input:    bit rates and sizes as cameras' data sheets write them: "4 Mb/s", "10 Gb", "4 Mbit/s", "1 GB".
# Guess:    b is a bit and B a byte; a unit unknown to Pint raises; a number without a unit cannot be
#           added to a quantity.
# Reality:  b is the barn, a nuclear physicist's area, and Gb the gilbert, a unit of magnetism. Both parse
#           without a warning. Bits are numbers without a dimension, so "1 GB" plus 5 is allowed and adds five
#           BITS, one byte equals 8, and 1 GB can be turned into a percentage or into radians.
# Why care: a video archive is priced by storage and traffic, and for these a library of units checks the
#           least. Write Mbit and Gbit, and refuse bare numbers before they reach the library.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --no-deps pint==0.25.3 flexcache==0.3 flexparser==0.4 \
    platformdirs==4.14.8 typing-extensions==4.16.0
"$work/venv/bin/python" - <<'PY'
import sys
import pint
unit = pint.UnitRegistry()
def per_day(text):
    try:
        return f"{unit(text).to('GB/day').magnitude:.1f} GB a day"
    except pint.DimensionalityError:
        return "not a rate of data"
gigabyte = unit("1 GB")
seen = {
    "4 Mb/s": (str(unit("4 Mb/s").units), per_day("4 Mb/s")),
    "4 Mbit/s": (str(unit("4 Mbit/s").units), per_day("4 Mbit/s")),
    "4 MB/s": (str(unit("4 MB/s").units), per_day("4 MB/s")),
    "10 Gb": str(unit("10 Gb").units),
    "1 GB + 5, in bits": (gigabyte + 5).to("bit").magnitude,
    "1 byte == 8": unit("1 byte") == 8,
    "1 GB in percent": f"{gigabyte.to('percent').magnitude:.0f}",
    "1 GB in radians": f"{gigabyte.to('radian').magnitude:.0f}",
}
known = {
    "4 Mb/s": ("megabarn / second", "not a rate of data"), "4 Mbit/s": ("megabit / second", "43.2 GB a day"),
    "4 MB/s": ("megabyte / second", "345.6 GB a day"), "10 Gb": "gilbert", "1 GB + 5, in bits": 8000000005,
    "1 byte == 8": True, "1 GB in percent": "800000000000", "1 GB in radians": "8000000000",
}
for what, value in seen.items():
    print(f"{what}: {value}")
sys.exit("Pint behaves differently now" if seen != known else 0)
PY
