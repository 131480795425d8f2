#!/usr/bin/env bash
# Version:  Django 5.2.19, Python's sqlite3.
# Input:    five rows, of which a loop over a cursor takes two; then the rest is asked for.
# Guess:    leaving the loop leaves the cursor where it is, as with a cursor of sqlite3 or psycopg alone:
#           the next loop, slice or fetchone continues with the third row.
# Reality:  Django's cursor iterates by a generator that delegates to the cursor of the driver. When the
#           generator is collected, Python closes what it delegates to: the cursor itself. Everything after the
#           first loop or islice raises; a loop that ends by itself closes nothing.
# Why care: rows read in slices work in tests with few rows and fail with many. Use fetchmany().
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet django==5.2.19
"$work/venv/bin/python" - <<'PY'
import sqlite3
import sys
from itertools import islice
from django.conf import settings
settings.configure(DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}})
import django
django.setup()
from django.db import connection
ROWS = "SELECT column1 FROM (VALUES (1), (2), (3), (4), (5))"

def slices(cursor):
    cursor.execute(ROWS)
    found = [list(islice(cursor, 2))]
    try:
        found.append(list(islice(cursor, 2)))
    except Exception as error:
        found.append(f"{type(error).__name__}: {error}")
    return found

with connection.cursor() as cursor:
    of_django = slices(cursor)
of_driver = slices(sqlite3.connect(":memory:").cursor())
with connection.cursor() as cursor:
    cursor.execute(ROWS)
    by_fetchmany = [cursor.fetchmany(2), cursor.fetchmany(2)]
print("sqlite3:  ", of_driver)
print("Django:   ", of_django)
print("fetchmany:", by_fetchmany)
first_two, next_two = [(1,), (2,)], [(3,), (4,)]
known = (
    of_driver == [first_two, next_two]
    and by_fetchmany == [first_two, next_two]
    and of_django == [first_two, "ProgrammingError: Cannot operate on a closed cursor."]
)
sys.exit(0 if known else "a loop over a cursor of Django ends differently now")
PY
