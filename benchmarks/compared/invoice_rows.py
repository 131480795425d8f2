"""Write invoices, their lines and charges as rows, with one INSERT ... SELECT.

Arguments: `organizations`, for how many. Returns the seconds, without preparing the rates.
"""

import json
import sys

import django

django.setup()

from benchmarks import freezing, invoice_run  # noqa: E402
from organizations.models import Organization  # noqa: E402


def write(*, organizations: int) -> float:
    freezing.make_tables()
    invoice_run.make_tables()
    some = list(Organization.objects.order_by("pk")[:organizations])
    return freezing.write_rows(some, invoice_run.DOCUMENTS)


if __name__ == "__main__":
    print(json.dumps(write(**json.loads(sys.argv[1]))))
