#!/usr/bin/env bash
# Version:  procrastinate 3.10.0.
# Input:    a periodic task for every minute, and the times at which its worker looks what is due: 12:00, then
#           either 14:00 (a laptop or a virtual machine was suspended) or 10:00 and 11:59 (the clock was set back).
# Guess:    periodic_max_delay, ten minutes, holds for every worker: of two hours that were missed, ten
#           minutes' jobs are deferred. A clock that is set back means at most one job twice.
# Reality:  the limit is applied only when a worker starts. One that was suspended defers all 121 jobs at once;
#           after the clock was set back it defers none until the old time has come again, two hours later.
# Why care: whatever runs each minute (reading a camera platform, ending what is over) stops for as long as the
#           clock was set back, without a line in the log. Begin the worker again when the clock leaps.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet procrastinate==3.10.0
"$work/venv/bin/python" - <<'PY'
import sys
from datetime import datetime, timezone
from procrastinate import App
from procrastinate.periodic import PeriodicDeferrer
from procrastinate.testing import InMemoryConnector

app = App(connector=InMemoryConnector())

@app.periodic(cron="* * * * *")
@app.task
def read_cameras(timestamp):
    pass

def at(hour, minute=0):
    return datetime(2026, 11, 29, hour, minute, tzinfo=timezone.utc).timestamp()

def deferred(*looks):
    deferrer = PeriodicDeferrer(registry=app.periodic_registry)
    return [len(list(deferrer.get_previous_tasks(at=look))) for look in looks]

seen = {
    "a worker that starts at 14:00": deferred(at(14)),
    "12:00, then 14:00": deferred(at(12), at(14)),
    "12:00, then 10:00, 11:59, 12:01": deferred(at(12), at(10), at(11, 59), at(12, 1)),
}
for looks, numbers in seen.items():
    print(f"{looks}: jobs deferred {numbers}")
known = [[1], [1, 121], [1, 0, 0, 2]]
sys.exit("periodic tasks follow the clock differently now" if [*seen.values()] != known else 0)
PY
