"""Fill an empty database with organizations that can be invoiced, and their cameras.

Arguments: `organizations`, and `cameras`, the number of each organization; `single`, the numbers of
cameras of further organizations, if any. Returns the number of usage intervals.
"""

import json
import sys
from collections.abc import Sequence

import django

django.setup()

from django.db import connection  # noqa: E402
from unchecked import unchecked  # type: ignore[import-not-found] # noqa: E402

from benchmarks import data, invoice_run  # noqa: E402
from usage.models import UsageInterval  # noqa: E402


def fill(*, organizations: int, cameras: int, single: Sequence[int] = ()) -> int:
    number = organizations + len(single)
    added = data.add_provider(owners=number, organizations=number)
    with unchecked():
        data.add_cameras(1, organizations * cameras, added[:organizations])
        for each, count in zip(added[organizations:], single, strict=True):
            data.add_cameras(10_000_000 + 10 * count, count, [each])
    invoice_run._make_billable(added)
    _forget_changes()
    return UsageInterval.objects.count()


def _forget_changes() -> None:
    """Forget what was just filled, so that no jobs compare it while something is measured."""
    with connection.cursor() as cursor:
        for table in ("invoices_recheck", "reports_changeddates"):
            cursor.execute("SELECT to_regclass(%s)", [table])
            if cursor.fetchone() != (None,):
                cursor.execute(f"TRUNCATE {table}")


if __name__ == "__main__":
    print(json.dumps(fill(**json.loads(sys.argv[1]))))
