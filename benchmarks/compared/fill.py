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

# What a build remembers of changes, by table, if it has it, and how to forget it.
_FORGOTTEN = {
    "invoices_recheck": "TRUNCATE invoices_recheck",
    "reports_changeddates": "TRUNCATE reports_changeddates",
    # Otherwise a worker that starts counts the months of each organization before the run.
    "invoices_countedmonths": """
        INSERT INTO invoices_countedmonths (organization_id, until)
        SELECT id, '9999-01-01' FROM organizations_organization
    """,
}


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
    """Forget what was just filled, so that no jobs compare or count it while a run is measured."""
    with connection.cursor() as cursor:
        for table, statement in _FORGOTTEN.items():
            cursor.execute("SELECT to_regclass(%s)", [table])
            if cursor.fetchone() != (None,):
                cursor.execute(statement)


if __name__ == "__main__":
    print(json.dumps(fill(**json.loads(sys.argv[1]))))
