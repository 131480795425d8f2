"""Have workers issue the invoices of all organizations for a month.

Arguments: `workers`, their number. Returns the `seconds`, a worker's peak `memory` in bytes, and
`processor`, the seconds of processor time of the workers and of PostgreSQL. All begin once the
workers wait for jobs: their start does not depend on the run.
"""

import json
import resource
import sys

import django

django.setup()

import psutil  # noqa: E402
from django.db import connection  # noqa: E402

from benchmarks import invoice_run  # noqa: E402


def issue(*, workers: int) -> dict[str, float]:
    begin: dict[str, float] = {}
    are_up = invoice_run._are_up

    def noted(number: int) -> bool:
        up = are_up(number)
        if up:
            begin["processor"] = _processor_seconds()
        return up

    # The run of each build waits for its workers by this function.
    invoice_run._are_up = noted
    seconds, memory = invoice_run._run(workers)
    used = _processor_seconds() - begin["processor"]
    return {"seconds": seconds, "memory": memory, "processor": used}


def _processor_seconds() -> float:
    """Return the processor time of the workers and of the server, also of those that have ended."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        server = psutil.Process(cursor.fetchone()[0]).parent()
    assert server
    while True:
        ended = resource.getrusage(resource.RUSAGE_CHILDREN)
        used = ended.ru_utime + ended.ru_stime + sum(server.cpu_times()[:4])
        children = [*server.children(), *psutil.Process().children()]
        try:
            return used + sum(sum(each.cpu_times()[:2]) for each in children)
        except psutil.NoSuchProcess:
            # It has ended just now, and counts with those that have.
            continue


if __name__ == "__main__":
    print(json.dumps(issue(**json.loads(sys.argv[1]))))
