"""Measure statements, batches of them, and issuing.

Arguments: `single`, the numbers of cameras of organizations to measure alone; `batch`, how many
small organizations to measure together; and `seconds`, how long to measure each.
Returns the processor time of each by what was measured, and its `elapsed` time, both in seconds;
and the peak `memory` of the process in bytes.
"""

import gc
import json
import resource
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import django

django.setup()

from django.db import connection, transaction  # noqa: E402

from benchmarks.data import AS_OF, MONTH  # noqa: E402
from foundation.jobs.worker import OBJECTS_A_COLLECTION  # noqa: E402
from invoices.issuing import operations  # noqa: E402
from invoices.issuing.drafts import drafts_of_all  # noqa: E402
from invoices.provider.parties import provider_details  # noqa: E402
from organizations.models import Organization  # noqa: E402
from usage.statements.freezing import freeze  # noqa: E402
from usage.statements.statement import statement_for  # noqa: E402


def measure(*, single: Sequence[int], batch: int, seconds: float) -> dict[str, float]:
    # As in workers: what is loaded now is never looked at again.
    gc.freeze()
    gc.set_threshold(OBJECTS_A_COLLECTION)
    every = list(Organization.objects.order_by("pk").prefetch_related("earlier_time_zones"))
    alone = dict(zip(single, every[-len(single) :], strict=True))
    found: dict[str, float] = {}
    for cameras, each in alone.items():
        took = _seconds(lambda each=each: _totals(each), seconds)  # type: ignore[misc]
        size = "1 camera" if cameras == 1 else f"{cameras:,} cameras"
        found |= _named(f"statement, {size}", took)
    most = max(alone)
    found |= _named(f"frozen, {most:,} cameras", _seconds(lambda: _frozen(alone[most]), seconds))
    small = every[:batch]
    for what, action in (
        (f"drafts, {batch:,} organizations", lambda: _drafts(small)),
        (f"issuing, {batch:,} organizations", lambda: _issue(small)),
        (f"issuing, {most:,} cameras", lambda: _issue([alone[most]])),
    ):
        found |= _named(what, _seconds(action, seconds))
    return {**found, "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024}


def _totals(organization: Organization) -> None:
    statement_for(organization=organization, period=MONTH, as_of=AS_OF).totals()


def _frozen(organization: Organization) -> None:
    freeze(statement_for(organization=organization, period=MONTH, as_of=AS_OF))


def _drafts(organizations: Sequence[Organization]) -> None:
    drafts_of_all(organizations=organizations, period=MONTH, now=AS_OF, provider=provider_details())


def _issue(organizations: Sequence[Organization]) -> None:
    """Issue all invoices, and take them back."""
    with transaction.atomic():
        drafted = drafts_of_all(
            organizations=organizations, period=MONTH, now=AS_OF, provider=provider_details()
        )
        operations.issue_drafts(drafted, now=AS_OF, by=None)
        transaction.set_rollback(True)


def _named(what: str, took: tuple[float, float]) -> dict[str, float]:
    return {what: took[0], f"{what}, elapsed": took[1]}


def _seconds(action: Callable[[], None], at_least: float) -> tuple[float, float]:
    """Repeat an action for a while; return its processor time, with PostgreSQL's, and its time."""
    action()
    gc.collect()
    times, begin, used = 0, time.perf_counter(), processor_seconds()
    while not times or processor_seconds() - used < at_least:
        action()
        times += 1
    return (processor_seconds() - used) / times, (time.perf_counter() - begin) / times


def processor_seconds() -> float:
    """Return the processor time of this process and of its PostgreSQL process."""
    database = connection.connection.info.backend_pid
    # /proc/PID/stat counts in hundredths of a second.
    nanoseconds = int(Path(f"/proc/{database}/schedstat").read_text().split()[0])
    return time.process_time() + nanoseconds / 1e9


if __name__ == "__main__":
    print(json.dumps(measure(**json.loads(sys.argv[1]))))
