"""Tests of what needs attention: each entry counts exactly what its link lists."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.tests.factories import OperatorFactory, OwnerFactory
from invoices.models import (
    Delivery,
    InvoiceDifference,
    InvoiceRun,
    LateUsage,
    RunItem,
    UninvoicedMonth,
)
from invoices.tests.factories import SEPTEMBER, BilledUseFactory, issued_invoice
from organizations.models import Organization
from organizations.tests.factories import OrganizationFactory
from payments.tests.test_operations import pay
from tariffs.provider_calendar import provider_date
from usage.models import PlannedChange
from usage.tests.factories import UsageIntervalFactory

pytestmark = pytest.mark.django_db

MOST_QUERIES = 45


def entries(client: Client) -> dict[str, str]:
    """Return the address of each entry by its text."""
    return {entry.text: entry.address for entry in client.get("/").context["entries"]}


def listed(client: Client, address: str) -> int:
    """Return the number of rows that an address lists."""
    context = client.get(address).context
    return int((context.get("page") or context["table"].page).paginator.count)


def an_overdue_invoice() -> None:
    """Issue two invoices that were due in November, and pay one of them."""
    use = BilledUseFactory.create()
    issued_invoice(use.organization)
    pay(issued_invoice(use.organization, SEPTEMBER), "10.71", paid_on=date(2026, 11, 2))


def refused() -> None:
    """Store the results of two runs; those of the later one count."""
    for month, reason in ((9, "Unpriced"), (10, "TaxNotChosen")):
        run = InvoiceRun.objects.create(month=date(2026, month, 1), started_at=timezone.now())
        states = RunItem.State
        for state, why in (
            (states.REFUSED, reason),
            (states.REFUSED, reason),
            (states.REFUSED, "DetailsMissing"),
            (states.ISSUED, ""),
        ):
            details = {
                "Unpriced": {"number": 1},
                "TaxNotChosen": {"first": "2026-10-01", "last": "2026-10-31"},
                "DetailsMissing": {"missing": ["provider.name"]},
            }.get(why, {})
            organization = OrganizationFactory.create()
            run.items.create(organization=organization, state=state, reason=why, details=details)


def differing() -> None:
    invoice = issued_invoice()
    issued_invoice()
    InvoiceDifference.objects.create(
        invoice=invoice,
        currency="EUR",
        amount=Decimal("-1.50"),
        cameras=1,
        unpriced=0,
        checked_at=timezone.now(),
    )


def late_usage() -> None:
    LateUsage.objects.create(
        organization=OrganizationFactory.create(),
        month=date(2026, 9, 1),
        currency="EUR",
        amount=Decimal("4.50"),
        unpriced=0,
        found_at=timezone.now(),
    )


def uninvoiced() -> None:
    for month, organization in ((8, a := OrganizationFactory.create()), (9, a), (9, None)):
        UninvoicedMonth.objects.create(
            organization=organization or OrganizationFactory.create(),
            month=date(2026, month, 1),
            currency="EUR",
            amount=Decimal("4.50"),
            unpriced=0,
            is_blocked=False,
            currency_number=978,
            as_of=timezone.now(),
        )


def failed_mail() -> None:
    """Store an email that failed, one that failed and was sent later, and one that was sent."""
    states = Delivery.State
    for results in ((states.SENT, states.FAILED), (states.FAILED, states.SENT), (states.SENT,)):
        invoice = issued_invoice()
        Delivery.objects.all().filter(invoice=invoice).delete()
        for state in results:
            invoice.deliveries.create(email="a@example.org", state=state, asked_at=timezone.now())


def ending_trials() -> None:
    """Create trials that end in 0, 14, 15 and -1 days, and one of a closed organization."""
    today = timezone.now().date()
    for days in (0, 14, 15, -1):
        OrganizationFactory.create(
            trial_first_on=today - timedelta(days=20), trial_last_on=today + timedelta(days=days)
        )
    closed = OrganizationFactory.create(
        trial_first_on=today, trial_last_on=today + timedelta(days=3)
    )
    yesterday = timezone.now() - timedelta(days=1)
    Organization.objects.filter(pk=closed.pk).update(
        closed_on=yesterday.date(), closed_at=yesterday
    )


def owners() -> None:
    """Create an organization of an owner without a password, and others."""
    OrganizationFactory.create(owner=OwnerFactory.create(password=None))
    OrganizationFactory.create(owner=OwnerFactory.create(password=None, is_active=False))
    OrganizationFactory.create()


def late_changes() -> None:
    """Plan two changes, one of which should have been carried out a quarter of an hour ago."""
    use, now = UsageIntervalFactory.create(), timezone.now().replace(microsecond=0)
    for minutes in (-15, 15):
        PlannedChange.objects.create(
            kind=PlannedChange.Kind.DISCONNECT,
            organization=use.organization,
            name=use.camera.name,
            camera=use.camera,
            at=now + timedelta(minutes=minutes),
            asked_at=now - timedelta(days=1),
            asked_by=OperatorFactory.create(),
        )


def impossible_changes() -> None:
    """Plan three changes, two of which are not possible; somebody has dealt with one of these."""
    use, now = UsageIntervalFactory.create(), timezone.now()
    by, states = OperatorFactory.create(), PlannedChange.State
    for hours, state in enumerate((states.WAITING, states.IMPOSSIBLE, states.SETTLED), start=1):
        PlannedChange.objects.create(
            kind=PlannedChange.Kind.DISCONNECT,
            organization=use.organization,
            name=use.camera.name,
            camera=use.camera,
            at=(now + timedelta(hours=hours)).replace(microsecond=0),
            asked_at=now,
            asked_by=by,
            state=state,
            reason="" if state == states.WAITING else "CameraChanged",
            done_at=None if state == states.WAITING else now,
            settled_by=by if state == states.SETTLED else None,
        )


@pytest.mark.parametrize(
    ("make", "text", "number"),
    [
        (an_overdue_invoice, "1 invoice is overdue", 1),
        (
            refused,
            "2 organizations were blocked in the run for October 2026: no tax chosen",
            2,
        ),
        (
            refused,
            "1 organization was blocked in the run for October 2026: details are missing",
            1,
        ),
        (uninvoiced, "3 past months of 2 organizations are not invoiced", 3),
        (differing, "1 invoice differs from what would be charged now", 1),
        (failed_mail, "1 document could not be sent by email", 1),
        (impossible_changes, "1 planned change was not possible", 1),
        (late_changes, "1 planned change is late", 1),
        (ending_trials, "2 trials end within 14 days", 2),
        (owners, "1 organization has an owner who is not yet activated", 1),
    ],
)
def test_an_entry_leads_to_exactly_what_it_counts(
    operator_client: Client, make: Callable[[], None], text: str, number: int
) -> None:
    make()

    assert listed(operator_client, entries(operator_client)[text]) == number


def test_late_usage_leads_to_its_list(operator_client: Client) -> None:
    late_usage()

    address = entries(operator_client)["1 invoiced month has usage that is in no invoice"]
    assert "4.50" in operator_client.get(address).text


def test_sums_are_shown(support_client: Client) -> None:
    an_overdue_invoice()
    differing()

    page = support_client.get("/").text

    # One of the first two is paid; the two others are as late.
    assert "3 invoices are overdue" in page
    assert "EUR\N{NO-BREAK SPACE}32.13" in page
    assert "-EUR\N{NO-BREAK SPACE}1.50" in page


def test_a_failed_organization_leads_to_its_run(operator_client: Client) -> None:
    run = InvoiceRun.objects.create(month=date(2026, 10, 1), started_at=timezone.now())
    run.items.create(
        organization=OrganizationFactory.create(), state=RunItem.State.FAILED, reason="KeyError"
    )

    found = entries(operator_client)

    address = found["1 organization failed in the run for October 2026"]
    assert listed(operator_client, address) == 1


def test_a_run_of_a_month_that_is_not_over_does_not_hide_the_last_run(
    operator_client: Client,
) -> None:
    refused()
    this_month = provider_date(timezone.now()).replace(day=1)
    early = InvoiceRun.objects.create(month=this_month, started_at=timezone.now())
    organization, state = OrganizationFactory.create(), RunItem.State.REFUSED
    early.items.create(organization=organization, state=state, reason="PeriodNotOver")

    found = entries(operator_client)

    assert "2 organizations were blocked in the run for October 2026: no tax chosen" in found
    assert not [text for text in found if "not over" in text]


def test_home_says_when_nothing_needs_attention(operator_client: Client) -> None:
    invoice = issued_invoice()
    pay(invoice, "10.71", paid_on=date(2026, 11, 2))

    assert "Nothing needs attention today" in operator_client.get("/").text


def test_the_number_of_queries_does_not_depend_on_how_much_needs_attention(
    operator_client: Client,
) -> None:
    for make in (an_overdue_invoice, refused, differing, failed_mail, ending_trials, owners):
        make()
    # Finds out what is kept for later requests.
    operator_client.get("/")
    with CaptureQueriesContext(connection) as few:
        operator_client.get("/")
    for make in (an_overdue_invoice, differing, failed_mail, ending_trials, owners):
        make()
    with CaptureQueriesContext(connection) as many:
        operator_client.get("/")

    assert len(many) == len(few) < MOST_QUERIES
