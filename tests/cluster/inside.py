"""What runs isolated from the machine: the cluster, its measurements and its drills."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import TypedDict

from tests.cluster import drills, measuring, pooled_run, pooling
from tests.cluster.cluster import Cluster
from tests.cluster.debian import Programs

PARTS = ("measure", "drills", "pooling")
# Each run needs another month, and the demonstration has usage in a year and this month.
MONTHS = 13


class Work(TypedDict):
    """What to do, with how much data."""

    organizations: str
    cameras: str
    parts: Sequence[str]
    faults: Sequence[str]


def main(folder: str, programs: str, work: str) -> int:
    """Start the cluster, do the work, and return the exit code: 0 if all drills went right."""
    cluster = Cluster(Path(folder), Programs.of_json(programs))
    try:
        return _do(cluster, json.loads(work))
    except Exception:
        print(cluster.ends_of_logs(), file=sys.stderr)
        raise


def _do(cluster: Cluster, work: Work) -> int:
    sign_in = _start(cluster, work)
    parts, went_right = work["parts"], True
    months = iter(drills.months_until(datetime.now(UTC).date(), MONTHS))
    if "measure" in parts:
        for line in measuring.measure(cluster, sign_in, next(months)):
            print(line, flush=True)
    if "drills" in parts:
        results = []
        chosen = list(islice(months, len(work["faults"])))
        for drill in drills.drills(cluster, sign_in, work["faults"], chosen):
            _say(f"The drill is over; host that failed: {drill.fault}.")
            results.append(drill)
        print("", *drills.tables_of(results), sep="\n", flush=True)
        went_right = all(each.seconds and each.outcome.is_right() for each in results)
    if "pooling" in parts:
        probed = list(pooling.results_of_probes(cluster))
        print("", *pooling.table_of(probed), "", sep="\n", flush=True)
        for line in pooled_run.pooled_runs(cluster, sign_in, list(islice(months, 2))):
            print(line, flush=True)
    return 0 if went_right else 1


def _start(cluster: Cluster, work: Work) -> tuple[str, str]:
    """Start all hosts with the demonstration; return its operator's address and password."""
    _say("Starting PostgreSQL.")
    cluster.start_database()
    sizes = ("--organizations", work["organizations"], "--cameras", work["cameras"])
    _say(f"Loading the demonstration with {' '.join(sizes)}.")
    cluster.manage("migrate")
    printed = cluster.manage("demo", *sizes)
    # The first line is "operator: ADDRESS  PASSWORD".
    _role, email, password = printed.split(maxsplit=3)[:3]
    cluster.manage("collectstatic", "--noinput")
    with cluster.connect() as connection:
        connection.execute("VACUUM ANALYZE")
    _say("Starting the other hosts.")
    cluster.start_others()
    return email, password


def _say(text: str) -> None:
    print(f"{time.strftime('%H:%M:%S')} {text}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
