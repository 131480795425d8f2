"""The stored sums of documents are those that counting gives, whatever happens."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.db.models import Q
from django.test import Client

from foundation.lists import tallies
from invoices.issuing.operations import cancel
from invoices.listing import totals
from invoices.models import DocumentTally, Invoice, InvoiceRun, OpenItem, RunItem, RunTally
from invoices.querysets import State
from invoices.runs.operations import progress_of_all
from invoices.tests.factories import IN_NOVEMBER, issued_invoice
from organizations.tests.factories import OrganizationFactory
from payments import operations as payments
from payments.models import Payment, Receivable

pytestmark = pytest.mark.django_db

BY_DAY = Invoice.objects.order_by("-issued_on", "-number")
STATES = [*State.values, "credit_note"]


def stored(today: date) -> dict[str, list[Any]]:
    return {
        state: [
            (row["currency"], row["documents"], row["total"], row["owed"])
            for row in DocumentTally.objects.in_state(state, today).sums()
        ]
        for state in STATES
    }


def counted(today: date) -> dict[str, list[Any]]:
    found = {}
    for state in STATES:
        every = Invoice.objects.with_open_item(today)
        own = every.filter(kind=state) if state == "credit_note" else every.filter(Q(state=state))
        assert set(every.in_state(state, today)) == set(own), state
        found[state] = [each[:4] for each in own.totals()]
    return found


def pay(invoice: Invoice, amount: str) -> Payment:
    return payments.record_payment(
        invoice_id=invoice.pk,
        amount=Decimal(amount),
        paid_on=IN_NOVEMBER.date(),
        method="transfer",
        reference="",
        now=IN_NOVEMBER,
        by=None,
    )


@pytest.fixture
def invoices() -> list[Invoice]:
    """Five invoices: two open, one partly paid, one paid, one cancelled."""
    made = [issued_invoice() for _ in range(5)]
    pay(made[1], "1.00")
    pay(made[2], str(made[2].total))
    cancel(invoice_id=made[4].pk, now=IN_NOVEMBER, by=None)
    return made


@pytest.mark.parametrize("days", [-60, 0, 1, 31, 61, 91])
def test_what_is_owed_by_age_is_that_of_the_open_items(invoices: list[Invoice], days: int) -> None:
    assert invoices[0].due_on
    today = invoices[0].due_on + timedelta(days=days)
    (stored_row,) = DocumentTally.objects.owed_by_age(today)
    (counted_row,) = Receivable.objects.by_currency(today)

    assert stored_row == {name: counted_row[name] for name in stored_row}
    late = OpenItem.objects.filter(outstanding__gt=0, due_on__lt=today)
    assert [each.number for each in DocumentTally.objects.overdue_sums(today)] == (
        [late.count()] if late else []
    )


@pytest.mark.parametrize("days", [-60, 0, 60])
def test_sums_are_those_of_the_documents(invoices: list[Invoice], days: int) -> None:
    assert invoices[0].due_on
    today = invoices[0].due_on + timedelta(days=days)

    assert stored(today) == counted(today)
    assert len(stored(today)["paid"]) == len(stored(today)["cancelled"]) == 1


def test_folding_and_counting_again_change_nothing(
    invoices: list[Invoice], monkeypatch: pytest.MonkeyPatch
) -> None:
    today = IN_NOVEMBER.date()
    before, rows = stored(today), DocumentTally.objects.count()
    monkeypatch.setattr(tallies, "MOST_ROWS", 2)

    DocumentTally.fold()
    assert stored(today) == before
    assert DocumentTally.objects.count() < rows

    with connection.cursor() as cursor:
        cursor.execute("SELECT invoices_recount_tallies()")
    assert stored(today) == before


def test_a_long_list_shows_no_sums(
    invoices: list[Invoice], operator_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(totals, "MOST_COUNTED", 3)

    page = operator_client.get("/invoices/?q=inv")
    assert "More than 3 documents were found" in page.text
    assert page.context["table"].paginator.count == 3
    # The sums of all documents are stored.
    assert operator_client.get("/invoices/").context["table"].paginator.count == 6


def test_the_last_page_is_read_from_the_end(
    invoices: list[Invoice], operator_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("foundation.lists.choices.ROWS_A_PAGE", 4)
    listed = []
    for page in (1, 2):
        table = operator_client.get(f"/invoices/?page={page}").context["table"]
        listed += [row.record.pk for row in table.page.object_list]

    assert listed == list(BY_DAY.values_list("pk", flat=True))


def test_a_very_long_list_is_only_sorted_by_indexes(
    invoices: list[Invoice], operator_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert operator_client.get("/invoices/").context["table"].columns["total"].orderable
    monkeypatch.setattr("invoices.views.MOST_SORTED", 3)

    table = operator_client.get("/invoices/?sort=total").context["table"]

    assert not table.columns["total"].orderable
    assert table.columns["number"].orderable
    listed = [row.record.pk for row in table.page.object_list]
    assert listed == list(BY_DAY.values_list("pk", flat=True))


@pytest.mark.parametrize("typed", ["inv", "5", "harb", "harb 5", "nobody", "!"])
def test_a_search_is_counted_as_it_is_listed(
    invoices: list[Invoice], operator_client: Client, typed: str
) -> None:
    table = operator_client.get("/invoices/", {"q": typed}).context["table"]

    assert table.paginator.count == len(table.page.object_list)
    assert table.paginator.count == Invoice.objects.search(typed).count()


def test_a_run_is_counted_whatever_happens(monkeypatch: pytest.MonkeyPatch) -> None:
    run, other = (
        InvoiceRun.objects.create(month=date(2026, month, 1), started_at=IN_NOVEMBER)
        for month in (9, 10)
    )
    items = [
        RunItem.objects.create(run=run, organization=OrganizationFactory.create()) for _ in range(4)
    ]
    RunItem.objects.filter(pk=items[0].pk).update(state="issued")
    RunItem.objects.filter(pk=items[1].pk).update(run=other)
    items[2].delete()
    monkeypatch.setattr(tallies, "MOST_ROWS", 2)

    for _ in range(2):
        progress = progress_of_all([run, other])
        assert (progress[run.pk].waiting, progress[run.pk].issued) == (1, 1)
        assert (progress[other.pk].waiting, progress[other.pk].issued) == (1, 0)
        RunTally.fold()
    assert RunTally.objects.count() == 3
