"""Write invoices, their lines and charges as rows, with one INSERT ... SELECT.

Returns the seconds, without preparing the rates.
"""

import json
import sys

import django

django.setup()

from benchmarks import freezing, invoice_run  # noqa: E402
from organizations.models import Organization  # noqa: E402


def write() -> float:
    freezing.make_tables()
    invoice_run.make_tables()
    return freezing.write_rows(list(Organization.objects.order_by("pk")), invoice_run.DOCUMENTS)


if __name__ == "__main__":
    print(json.dumps(write(**json.loads(sys.argv[1]))))
