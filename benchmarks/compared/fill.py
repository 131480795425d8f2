"""Fill an empty database with organizations that can be invoiced, and their cameras.

Arguments: `organizations`, and `cameras`, the number of each organization. Returns the number of
usage intervals.
"""

import json
import sys

import django

django.setup()

from unchecked import unchecked  # type: ignore[import-not-found] # noqa: E402

from benchmarks import data, invoice_run  # noqa: E402
from usage.models import UsageInterval  # noqa: E402


def fill(*, organizations: int, cameras: int) -> int:
    added = data.add_provider(owners=organizations, organizations=organizations)
    with unchecked():
        data.add_cameras(1, organizations * cameras, added)
    invoice_run._make_billable(added)
    return UsageInterval.objects.count()


if __name__ == "__main__":
    print(json.dumps(fill(**json.loads(sys.argv[1]))))
