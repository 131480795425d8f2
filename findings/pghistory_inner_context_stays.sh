#!/usr/bin/env bash
# Version:  django-pghistory 3.9.2, django-pgtrigger 4.17.0, Django 5.2.19, psycopg 3.3.9.
# Input:    a reason noted with pghistory.context around one of three changes, within the context of a request.
# Guess:    a context manager ends with its block: the reason is recorded with the second change only.
# Reality:  the inner block adds its metadata to the outer one and leaves it there, so the third change gets
#           the reason too. A second inner block with another reason overwrites it, and nothing restores it.
# Why care: an audit would state a reason for changes that were made for none. Remove the keys of an inner
#           context yourself when its block ends.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet django-pghistory==3.9.2 django-pgtrigger==4.17.0 django==5.2.19 "psycopg[binary]==3.3.9"
"$work/venv/bin/python" - <<'PY'
import sys
import django
from django.conf import settings
settings.configure(
    INSTALLED_APPS=["django.contrib.contenttypes", "pgtrigger", "pghistory"],
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}},
)
django.setup()
import pghistory
recorded = []
with pghistory.context(user=5) as outer:
    recorded.append(dict(outer.metadata))
    with pghistory.context(reason="installed later") as inner:
        recorded.append(dict(inner.metadata))
    recorded.append(dict(outer.metadata))
    with pghistory.context(reason="removed"):
        pass
    recorded.append(dict(outer.metadata))
for metadata in recorded:
    print(metadata)
known = [
    {"user": 5},
    {"user": 5, "reason": "installed later"},
    {"user": 5, "reason": "installed later"},
    {"user": 5, "reason": "removed"},
]
sys.exit("metadata of an inner context end differently now" if recorded != known else 0)
PY
