"""Have workers issue the invoices of all organizations for a month.

Arguments: `workers`, their number. Returns the `seconds`, a worker's peak `memory` in bytes, and
`processor`, the seconds of processor time of the workers, with their start, and of PostgreSQL.
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
    begin = _processor_seconds()
    seconds, memory = invoice_run._run(workers)
    return {"seconds": seconds, "memory": memory, "processor": _processor_seconds() - begin}


def _processor_seconds() -> float:
    """Return the processor time of ended workers and of the server, with its ended processes."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        server = psutil.Process(cursor.fetchone()[0]).parent()
    assert server
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    running = sum(sum(each.cpu_times()[:2]) for each in server.children())
    return ended.ru_utime + ended.ru_stime + sum(server.cpu_times()[:4]) + running


if __name__ == "__main__":
    print(json.dumps(issue(**json.loads(sys.argv[1]))))
