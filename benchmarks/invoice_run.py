"""Measure an invoice run with real workers, against writing the same charges as rows in SQL."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from statistics import median

from django.db import connection
from django.db.models import Sum
from django.utils import timezone

from benchmarks import freezing, pages
from benchmarks.data import MONTH
from benchmarks.measuring import Comparison, Figure, in_processes, megabytes, milliseconds, shorter
from benchmarks.statements import DifferentError
from benchmarks.totals import sql_of
from benchmarks.two_builds import EARLIER, builds, checkouts, in_turn, medians, migrated
from invoices.models import Invoice
from invoices.provider.models import Provider
from invoices.runs import operations as runs
from local_run.tests.helpers import wait_until
from organizations.models import BillingDetails, Organization, Tax, TaxCategory
from tariffs.models import TariffPrice
from tests.jobs import WorkerProcess

RUNS, FASTER = 3, 10
ORGANIZATIONS_IN_SQL = 2_000
ONE_LIMIT, TWO_LIMIT, MEMORY_LIMIT = 1.0, 0.6, 400e6
_WHAT, _SCRIPT = "invoice run", "invoice_run"
# Less than a worker needs for one organization. Multiplied by the number still waiting, it makes
# polling rare at first, so that it takes no time from the workers, and precise at the end.
_SECONDS_EACH = 0.0002
_SECONDS = 600

_DOCUMENTS_TABLES = """
    CREATE TABLE benchmark_invoice (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, organization text, currency text,
        net numeric
    );
    CREATE TABLE benchmark_line (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, organization text, currency text,
        tariff text, month date, price numeric, cameras bigint, camera_months numeric,
        amount numeric
    )
"""
# Writes charges, lines and invoices.
DOCUMENTS = f"WITH {sql_of('pieces')}" + sql_of("documents").replace("{charges}", sql_of("charges"))

_FORGET = """
    TRUNCATE invoices_invoice, invoices_invoicerun, invoices_numberseries, procrastinate_jobs,
        procrastinate_workers CASCADE
"""


def measure(organizations: Sequence[Organization], cameras: int) -> Iterator[Figure]:
    """Measure a run for the organizations, which have `cameras` cameras; then lists of invoices.

    All other organizations have no billing details, so the run refuses them at once.
    """
    _make_billable(organizations)
    ones, twos, sqls, memories = [], [], [], []
    for _ in range(RUNS):
        (one, memory), (two, memory_of_two) = _run(1), _run(2)
        ones.append(one)
        twos.append(two)
        memories += [memory, memory_of_two]
        freezing.make_tables()
        ((sql, _memory),) = in_processes(freezing.write_rows, [(organizations,)])
        sqls.append(sql)
    _compare()
    one, two, rows = median(ones), median(twos), median(sqls)
    size = f"{len(organizations):,} organizations, {cameras:,} cameras"
    limit = f"{milliseconds(rows)} for rows in SQL"
    yield Figure(_WHAT, size, milliseconds(one), f"{ONE_LIMIT:g} × {limit}", one / rows / ONE_LIMIT)
    yield Figure(
        _WHAT, "on 2 workers", milliseconds(two), f"{TWO_LIMIT:g} × {limit}", two / rows / TWO_LIMIT
    )
    most = max(memories)
    yield Figure(
        f"{_WHAT}, memory per worker", "", megabytes(most), "under 400 MB", most / MEMORY_LIMIT
    )
    yield from pages.invoices()


def measure_builds(divisor: int) -> Iterator[Comparison]:
    """Measure runs of this build and of the earlier one in turn, with small and large customers."""
    yield from _small_customers(5_000 // divisor, 100_000 // divisor)
    yield from _large_customers(1_000 // divisor)


def _small_customers(number: int, many: int) -> Iterator[Comparison]:
    """Compare both builds with `number` organizations, and measure this one also with `many`.

    `many` would take the earlier build an hour.
    """
    with builds() as (before, after):
        for build in (before, after):
            build.run("fill", organizations=number, cameras=10)
        found = medians(in_turn(1, _SCRIPT, (before, after), workers=1))
    yield from _against_earlier(f"{number:,} organizations of 10 cameras", found, 1 / FASTER)
    _before, after = checkouts()
    with migrated(after):
        after.run("fill", organizations=many, cameras=10)
        one, two = (after.run(_SCRIPT, workers=workers)["seconds"] for workers in (1, 2))
        # Preparing the rates of all would take longer than everything else.
        some = min(many, ORGANIZATIONS_IN_SQL)
        rows = after.run("invoice_rows", organizations=some) / some * many
    size = f"{many:,} organizations of 10 cameras"
    old = found["before"]["seconds"] / number * many
    earlier = f"{EARLIER} with {number:,} × {many / number:g}"
    yield shorter(_WHAT, size, before=old, now=one, at_most=1 / FASTER, earlier=earlier)
    earlier = f"INSERT … SELECT of {some:,} × {many / some:g}"
    yield shorter(_WHAT, size, before=rows, now=one, at_most=6, earlier=earlier)
    what = f"{_WHAT}, 2 workers"
    yield shorter(what, size, before=one, now=two, at_most=0.6, earlier="1 worker")


def _large_customers(number: int) -> Iterator[Comparison]:
    with builds() as both:
        for build in both:
            build.run("fill", organizations=number, cameras=1_000)
        found = medians(in_turn(1, _SCRIPT, both, workers=1))
    yield from _against_earlier(f"{number:,} organizations of 1,000 cameras", found, 1)


def _against_earlier(
    size: str, found: dict[str, dict[str, float]], at_most: float
) -> Iterator[Comparison]:
    before, after = found["before"], found["after"]
    for what, name, most, unit in (
        (_WHAT, "seconds", at_most, None),
        (f"{_WHAT}, processor time of worker and PostgreSQL", "processor", at_most, None),
        (f"{_WHAT}, memory of a worker", "memory", 1, megabytes),
    ):
        yield shorter(
            what,
            size,
            before=before[name],
            now=after[name],
            at_most=most,
            earlier=EARLIER,
            unit=unit,
        )


def make_tables() -> None:
    """Create empty tables for `DOCUMENTS`; drop any that exist."""
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS benchmark_invoice, benchmark_line")
        cursor.execute(_DOCUMENTS_TABLES)


def _make_billable(organizations: Sequence[Organization]) -> None:
    """Add the billing details that documents need, and a price at all times for every tariff."""
    Provider.objects.create(
        pk=1,
        name="Provider",
        street="1 Road",
        city="Berlin",
        country="DE",
        tax_id="DE123456788",
        email="billing@example.com",
        account_number="DE02120300000000202051",
    )
    tax = Tax.objects.create(name="VAT", category=TaxCategory.STANDARD)
    tax.percents.create(percent=Decimal(19), valid_from=date(2020, 1, 1))
    BillingDetails.objects.bulk_create(
        BillingDetails(
            organization=each,
            name="Subscriber",
            street="5 Street",
            city="Hamburg",
            country="DE",
            tax=tax,
        )
        for each in organizations
    )
    late = TariffPrice.objects.get(tariff__name="Yen")
    TariffPrice.objects.create(tariff=late.tariff, amount=900, valid_from=date(2020, 1, 1))


def _run(number: int) -> tuple[float, int]:
    """Time a run with idle workers; return the seconds, and a worker's peak memory in bytes."""
    with connection.cursor() as cursor:
        cursor.execute(_FORGET)
    # As in production; the default of the test settings closes the connection after each job.
    workers = [WorkerProcess(CONN_MAX_AGE="60") for _ in range(number)]
    try:
        wait_until(lambda: _are_up(number), _SECONDS)
        begin = time.perf_counter()
        run = runs.start(month=MONTH.start, now=timezone.now(), by=None)
        while waiting := runs.progress_of(run).waiting:
            time.sleep(waiting * _SECONDS_EACH)
        took = time.perf_counter() - begin
        return took, max(_peak_memory(worker.pid) for worker in workers)
    finally:
        for worker in workers:
            worker.kill()


def _are_up(number: int) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM procrastinate_workers")
        (up,) = cursor.fetchone()
    return bool(up == number)


def _peak_memory(pid: int) -> int:
    """Return the peak memory of a process in bytes."""
    status = Path(f"/proc/{pid}/status").read_text()
    (line,) = (line for line in status.splitlines() if line.startswith("VmHWM:"))
    return int(line.split()[1]) * 1024


def _compare() -> None:
    """Check that the issued invoices add up to the same as the rows, by currency."""
    issued = dict(Invoice.objects.order_by().values_list("currency").annotate(net=Sum("net")))
    with connection.cursor() as cursor:
        cursor.execute("SELECT currency, sum(amount) FROM benchmark_charge GROUP BY currency")
        if issued != dict(cursor.fetchall()):
            raise DifferentError(issued)
