"""Tests of killed workers and issuing processes: nothing is lost or issued twice."""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import date
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.db import connection

from benchmarks import data
from benchmarks.invoice_run import _make_billable
from invoices.models import FrozenCharges, Invoice, InvoicedPeriod, InvoiceLine, OpenItem
from invoices.runs import operations as runs
from invoices.tests.factories import (
    IN_NOVEMBER,
    BilledOrganizationFactory,
    BilledUseFactory,
    ProviderFactory,
)
from local_run.tests.helpers import CLONE, wait_until
from tariffs.models import Tariff
from tariffs.tests.factories import TariffPriceFactory
from tests.fixtures import StartWorker
from tests.jobs import SETTINGS

pytestmark = pytest.mark.django_db(transaction=True)

# For example 100000, in an hour at most.
ORGANIZATIONS = int(os.environ.get("DRILL_ORGANIZATIONS", "30"))
CAMERAS = 10

# Issues and cancels invoices of all organizations in an endless loop.
ISSUE_AND_CANCEL = """
import django
django.setup()
from datetime import UTC, date, datetime
from invoices.issuing import operations, refusals
from invoices.models import Invoice
from organizations.models import Organization
from rating.periods import Period
period = Period(date(2026, 10, 1), date(2026, 11, 1))
now = datetime(2026, 11, 2, tzinfo=UTC)
print("ready", flush=True)
while True:
    for pk in Organization.objects.order_by("?").values_list("pk", flat=True):
        try:
            for invoice in operations.issue(organization_id=pk, period=period, now=now, by=None):
                operations.cancel(invoice_id=invoice.pk, now=now, by=None)
        except (refusals.AlreadyInvoiced, refusals.AlreadyCancelled):
            for invoice in Invoice.objects.in_force().filter(organization=pk):
                try:
                    operations.cancel(invoice_id=invoice.pk, now=now, by=None)
                except refusals.AlreadyCancelled:
                    pass
"""


@pytest.fixture
def tariff(transactional_db: None) -> Tariff:
    ProviderFactory.create()
    tariff: Tariff = TariffPriceFactory.create().tariff
    return tariff


def customers(number: int, tariff: Tariff, cameras: int) -> None:
    for _ in range(number):
        organization = BilledOrganizationFactory.create(billing_email="")
        BilledUseFactory.create_batch(cameras, camera__organization=organization, tariff=tariff)


def numbers(kind: str) -> list[int]:
    """Return the counters in all numbers of a kind of document, sorted."""
    found = Invoice.objects.filter(kind=kind).values_list("number", flat=True)
    return sorted(int(number.rpartition("-")[2]) for number in found)


def other_process(code: str) -> "subprocess.Popen[str]":
    url = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}")
    environment = {
        **os.environ,
        "DATABASE_URL": url.geturl(),
        "DJANGO_SETTINGS_MODULE": SETTINGS,
    }
    return subprocess.Popen(
        [sys.executable, "-c", code], cwd=CLONE, env=environment, stdout=subprocess.PIPE, text=True
    )


def test_killed_issuing_processes_leave_no_gaps_or_duplicates_in_the_numbers(
    tariff: Tariff,
) -> None:
    customers(4, tariff, cameras=3)
    chance = random.Random(7)
    issued = 0
    for _ in range(5):
        pair = [other_process(ISSUE_AND_CANCEL) for _ in range(2)]
        for process in pair:
            assert process.stdout is not None
            assert process.stdout.readline() == "ready\n"
        wait_until(lambda issued=issued: Invoice.objects.count() > issued + 4)  # type: ignore[misc]
        # Kill the processes at a random moment of their work.
        time.sleep(chance.uniform(0, 0.05))
        for process in pair:
            process.send_signal(signal.SIGKILL)
            process.communicate()
        issued = Invoice.objects.count()

    for kind in ("invoice", "credit_note"):
        found = numbers(kind)
        assert found == list(range(1, len(found) + 1))
    assert (
        len(numbers("invoice")) - len(numbers("credit_note")) == Invoice.objects.in_force().count()
    )


def test_a_run_completes_although_its_workers_are_killed(
    transactional_db: None, start_worker: StartWorker
) -> None:
    organizations = data.add_provider(owners=ORGANIZATIONS, organizations=ORGANIZATIONS)
    with data.checked_afterwards():
        data.add_cameras(1, ORGANIZATIONS * CAMERAS, organizations)
    _make_billable(organizations)
    run = runs.start(month=date(2026, 10, 1), now=IN_NOVEMBER, by=None)

    for part in (0.2, 0.4, 0.7):
        workers = [start_worker(), start_worker()]
        wait_for(lambda part=part: runs.progress_of(run).done >= part * ORGANIZATIONS)  # type: ignore[misc]
        for worker in workers:
            worker.kill()
    start_worker()
    wait_for(lambda: not runs.progress_of(run).waiting)

    assert runs.progress_of(run).issued == ORGANIZATIONS
    invoices = Invoice.objects.order_by()
    count = invoices.count()
    assert invoices.values("organization").distinct().count() == ORGANIZATIONS
    assert invoices.values("organization", "currency").distinct().count() == count
    assert numbers("invoice") == list(range(1, count + 1))
    assert InvoiceLine.objects.order_by().values("invoice").distinct().count() == count
    events: Any = Invoice.pgh_event_model  # type: ignore[attr-defined]
    for parts in (FrozenCharges, InvoicedPeriod, OpenItem, events):
        assert parts.objects.count() == count
    runs.start(month=date(2026, 10, 1), now=IN_NOVEMBER, by=None)
    assert not runs.progress_of(run).waiting
    print(f"{ORGANIZATIONS} organizations, {count} invoices")


def wait_for(condition: Callable[[], object]) -> None:
    """Wait for what takes longer the more organizations there are."""
    wait_until(condition, 60 + ORGANIZATIONS / 20)
