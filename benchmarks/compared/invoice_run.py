"""Have workers issue the invoices of all organizations for a month.

Arguments: `workers`, their number. Returns the `seconds`, and a worker's peak `memory` in bytes.
"""

import json
import sys

import django

django.setup()

from benchmarks import invoice_run  # noqa: E402


def issue(*, workers: int) -> dict[str, float]:
    seconds, memory = invoice_run._run(workers)
    return {"seconds": seconds, "memory": memory}


if __name__ == "__main__":
    print(json.dumps(issue(**json.loads(sys.argv[1]))))
