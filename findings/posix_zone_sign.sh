#!/usr/bin/env bash
# Version:  python-dateutil 4.0.0, compared with the C library by time.tzset().
# Input:    POSIX zone strings, the form in which ONVIF cameras report their time zone: UTC-3, MSK-3, ...
# Guess:    tzstr() reads POSIX, where the sign is reversed: UTC-3 is three hours EAST of Greenwich. Or,
#           if it reads signs the everyday way, then it does so throughout.
# Reality:  the sign depends on the name. UTC-3 and GMT-3 are three hours west, MSK-3 and CST-8 east as
#           in POSIX. <+03>-3, which the tz database itself writes for Istanbul, raises. posix_offset=True
#           repairs UTC and GMT; the angle brackets raise all the same.
# Why care: a camera set to "UTC-3" in Moscow shifts by six hours, and with it the day that its recordings
#           are charged to, while its neighbour with "MSK-3" is right.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --no-deps python-dateutil==4.0.0
"$work/venv/bin/python" - <<'PY'
import os, sys, time
from datetime import datetime
from dateutil import tz
NOON = datetime(2026, 1, 15, 12)
def by_c(zone):
    os.environ["TZ"] = zone
    time.tzset()
    return time.localtime(1768478400).tm_gmtoff / 3600
def by_dateutil(zone, **options):
    try:
        return tz.tzstr(zone, **options).utcoffset(NOON).total_seconds() / 3600
    except ValueError:
        return "raises"
# zone: hours east by the C library, by dateutil, by dateutil with posix_offset=True
known = {
    "UTC-3": (3.0, -3.0, 3.0),
    "GMT-3": (3.0, -3.0, 3.0),
    "MSK-3": (3.0, 3.0, 3.0),
    "CST-8": (8.0, 8.0, 8.0),
    "CET-1CEST,M3.5.0,M10.5.0/3": (1.0, 1.0, 1.0),
    "<+03>-3": (3.0, "raises", "raises"),
}
changed = False
for zone, offsets in known.items():
    seen = (by_c(zone), by_dateutil(zone), by_dateutil(zone, posix_offset=True))
    changed |= seen != offsets
    print(f"{zone}: C library {seen[0]}, dateutil {seen[1]}, with posix_offset {seen[2]}")
sys.exit("POSIX zones are read differently now" if changed else 0)
PY
