"""Tests of the list of invoices, an organization's invoices, and the page of an invoice."""

import csv
import io
import re
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from invoices.differences import checking
from invoices.issuing import operations
from invoices.models import Invoice
from invoices.tests.factories import (
    IN_NOVEMBER,
    OCTOBER,
    SEPTEMBER,
    BilledOrganizationFactory,
    BilledUseFactory,
    issued_invoice,
)
from organizations.tests.factories import a_tax
from payments.tests.factories import a_payment
from tariffs.tests.factories import TariffFactory, TariffPriceFactory
from usage.models import UsageInterval

pytestmark = pytest.mark.django_db


@pytest.fixture
def invoice(owner: User) -> Invoice:
    organization = BilledOrganizationFactory.create(title="Harbour", owner=owner)
    BilledUseFactory.create(camera__organization=organization, camera__name="gate-1")
    return issued_invoice(organization)


def numbers(client: Client, query: str = "") -> list[str]:
    answer = client.get(f"/invoices/{query}")
    return [row.record.number for row in answer.context["table"].page]


def test_the_list_shows_the_newest_first(operator_client: Client, invoice: Invoice) -> None:
    newer = issued_invoice(invoice.organization, SEPTEMBER)

    assert numbers(operator_client) == [newer.number, invoice.number]


def test_the_list_is_searched_and_filtered(operator_client: Client, invoice: Invoice) -> None:
    other = issued_invoice(
        BilledUseFactory.create(
            camera__organization=BilledOrganizationFactory.create(
                title="Mountain", details__name="Alpine Railway"
            )
        ).organization,
        SEPTEMBER,
    )
    credit_note = operations.cancel(invoice_id=other.pk, now=IN_NOVEMBER, by=None)

    assert numbers(operator_client, "?q=harb") == [invoice.number]
    assert numbers(operator_client, "?q=alpine") == [other.number, credit_note.number]
    assert numbers(operator_client, "?q=2026-000001") == [invoice.number, credit_note.number]
    assert numbers(operator_client, "?state=overdue") == [invoice.number]
    assert numbers(operator_client, "?state=cancelled") == [other.number]
    assert numbers(operator_client, "?state=credit_note") == [credit_note.number]
    assert numbers(operator_client, "?month=2026-10") == [invoice.number]
    assert numbers(operator_client, "?organization=Mountain") == [other.number, credit_note.number]
    assert numbers(operator_client, "?q=nothing") == []
    assert (
        "Enter a date between the years 2000 and 2199."
        in operator_client.get("/invoices/?month=9999-12").text
    )


def test_the_list_shows_the_state_of_each_invoice(
    operator_client: Client, invoice: Invoice
) -> None:
    def cells(query: str) -> list[str]:
        page = operator_client.get(f"/invoices/{query}").text
        return re.findall(r'<td [^>]*data-label="Status">(.*?)</td>', page, re.DOTALL)

    assert cells("") == ['<span class="badge bg-red-lt">Overdue</span>']
    operations.cancel(invoice_id=invoice.pk, now=IN_NOVEMBER, by=None)
    assert cells("?state=credit_note") == [""]


def test_totals_include_all_invoices_found(operator_client: Client, invoice: Invoice) -> None:
    again = issued_invoice(invoice.organization, SEPTEMBER)
    operations.cancel(invoice_id=again.pk, now=IN_NOVEMBER, by=None)

    (totals,) = operator_client.get("/invoices/").context["totals"]

    assert (totals.currency, totals.documents) == ("EUR", 3)
    assert (totals.total, totals.owed) == (Decimal("10.71"), Decimal("10.71"))


def test_the_credit_of_one_customer_does_not_hide_the_debt_of_another(
    operator_client: Client, invoice: Invoice
) -> None:
    paid = issued_invoice()
    a_payment(paid)
    operations.cancel(invoice_id=paid.pk, now=IN_NOVEMBER, by=None)

    page = operator_client.get("/invoices/")

    (totals,) = page.context["totals"]
    assert totals.owed == Decimal("10.71")


def test_numbers_of_one_day_are_in_order(operator_client: Client, invoice: Invoice) -> None:
    """A run issues batches at once: one that began earlier may take its numbers later."""
    earlier = IN_NOVEMBER - timedelta(minutes=1)
    organization = BilledUseFactory.create(
        camera__organization=BilledOrganizationFactory.create()
    ).organization
    operations.issue(organization_id=organization.pk, period=OCTOBER, now=earlier, by=None)

    listed = numbers(operator_client, "")

    assert listed == sorted(listed, reverse=True)
    assert len(listed) == 2


def test_the_number_of_queries_does_not_depend_on_the_number_of_invoices(
    operator_client: Client, invoice: Invoice, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    operator_client.get("/invoices/")
    for _ in range(3):
        issued_invoice(BilledUseFactory.create().organization)

    with django_assert_num_queries(11):
        operator_client.get("/invoices/")


def test_the_export_contains_the_filtered_invoices(
    operator_client: Client, invoice: Invoice
) -> None:
    issued_invoice(BilledUseFactory.create().organization, SEPTEMBER)

    answer = operator_client.get("/invoices/export.csv?month=2026-10")

    (row,) = csv.DictReader(io.StringIO(answer.getvalue().decode()))
    assert row["number"] == invoice.number
    assert (row["net"], row["tax"], row["total"]) == ("9.00", "1.71", "10.71")
    assert (row["outstanding"], row["state"]) == ("10.71", "overdue")


def test_a_credit_note_is_exported_with_negative_amounts(operator_client: Client) -> None:
    organization = BilledOrganizationFactory.create(details__tax=a_tax("O"))
    BilledUseFactory.create(camera__organization=organization)
    operations.cancel(invoice_id=issued_invoice(organization).pk, now=IN_NOVEMBER, by=None)

    answer = operator_client.get("/invoices/export.csv?state=credit_note")

    (row,) = csv.DictReader(io.StringIO(answer.getvalue().decode()))
    assert (row["net"], row["tax"], row["total"]) == ("-9.00", "0.00", "-9.00")


def test_an_owner_sees_only_their_own_invoices(
    owner_client: Client, operator_client: Client, invoice: Invoice
) -> None:
    other = issued_invoice()

    assert numbers(owner_client) == [invoice.number]
    assert owner_client.get(f"/invoices/{invoice.pk}/").status_code == 200
    for address in ("/", ".pdf", ".xml", ".ubl.xml", "/charges/", "/charges.csv"):
        assert owner_client.get(f"/invoices/{other.pk}{address}").status_code == 404
        assert operator_client.get(f"/invoices/{other.pk}{address}").status_code == 200


def test_an_organization_has_a_list_of_its_invoices(owner_client: Client, invoice: Invoice) -> None:
    answer = owner_client.get(f"/organizations/{invoice.organization_id}/invoices/")

    assert [row.record.number for row in answer.context["table"].page] == [invoice.number]
    assert "Issue" not in answer.text


def test_an_invoice_shows_its_document_and_lines(operator_client: Client, invoice: Invoice) -> None:
    answer = operator_client.get(f"/invoices/{invoice.pk}/")

    assert answer.text.count('<img class="document-page" src="data:image/svg+xml;base64,') == 1
    assert "Harbour Storage GmbH" in answer.text
    assert "EUR\N{NO-BREAK SPACE}10.71" in answer.text
    assert invoice.charges_sha256 in answer.text


def test_amounts_with_too_many_decimal_places_for_the_standard_are_only_printed(
    operator_client: Client,
) -> None:
    # EN 16931 allows two decimal places (BR-DEC-14). This amount is KWD 1.071.
    dinar = TariffFactory.create(currency="KWD")
    TariffPriceFactory.create(tariff=dinar, amount=Decimal("0.900"))
    invoice = issued_invoice(BilledUseFactory.create(tariff=dinar).organization)

    page = operator_client.get(f"/invoices/{invoice.pk}/")

    assert "KWD\N{NO-BREAK SPACE}1.071" in page.text
    assert "XML" not in page.text
    assert operator_client.get(f"/invoices/{invoice.pk}.xml").status_code == 404
    assert operator_client.get(f"/invoices/{invoice.pk}.pdf").content.startswith(b"%PDF")


def test_the_charges_of_an_invoice_can_be_searched_and_downloaded(
    operator_client: Client, invoice: Invoice
) -> None:
    page = operator_client.get(f"/invoices/{invoice.pk}/charges/?q=gat")
    assert [charge.camera for charge in page.context["charges"]] == ["gate-1"]
    for shown in ("1 Oct 2026 00:00:00", "1 Nov 2026 00:00:00", "31\N{NO-BREAK SPACE}days", "EUR"):
        assert shown in page.text
    assert not operator_client.get(f"/invoices/{invoice.pk}/charges/?q=te").context["page"]

    file = operator_client.get(f"/invoices/{invoice.pk}/charges.csv")
    (row,) = csv.DictReader(io.StringIO(file.getvalue().decode()))
    assert (row["camera"], row["amount"]) == ("gate-1", "9.00")


def test_an_invoice_without_corrections_has_no_differences(
    operator_client: Client, invoice: Invoice
) -> None:
    answer = operator_client.get(f"/invoices/{invoice.pk}/differences/")

    assert answer.context["comparison"].is_same


def test_corrections_show_as_differences(operator_client: Client, invoice: Invoice) -> None:
    use = invoice.organization.usage_intervals.get()
    TariffPriceFactory.create(tariff=use.tariff, amount=Decimal(10), valid_from=date(2026, 10, 1))
    BilledUseFactory.create(
        camera__organization=invoice.organization, camera__name="gate-2", tariff=use.tariff
    )

    page = operator_client.get(f"/invoices/{invoice.pk}/differences/")

    assert "All amounts are before tax." in page.text
    comparison = page.context["comparison"]
    assert [(each.camera, each.invoiced, each.now) for each in comparison.differences] == [
        ("gate-1", Decimal(9), Decimal(10)),
        ("gate-2", None, Decimal(10)),
    ]
    assert (comparison.invoiced, comparison.now, comparison.change) == (9, 20, 11)


def test_an_invoice_whose_usage_was_deleted_would_be_zero_now(
    operator_client: Client, invoice: Invoice
) -> None:
    invoice.organization.usage_intervals.all().delete()

    comparison = operator_client.get(f"/invoices/{invoice.pk}/differences/").context["comparison"]

    assert [(each.camera, each.now) for each in comparison.differences] == [("gate-1", None)]
    assert (comparison.now, comparison.change) == (0, -9)


def test_an_operator_cancels_an_invoice(operator_client: Client, invoice: Invoice) -> None:
    assert (
        ", with its own number. Both documents are kept."
        in operator_client.get(f"/invoices/{invoice.pk}/cancel/").text
    )

    answer = operator_client.post(f"/invoices/{invoice.pk}/cancel/")

    credit_note = Invoice.objects.get(cancels=invoice)
    assert answer.url == f"/invoices/{credit_note.pk}/"  # type: ignore[attr-defined]
    assert "This credit note cancels invoice" in operator_client.get(answer.url).text  # type: ignore[attr-defined]
    for request in (operator_client.get, operator_client.post):
        assert (
            "This invoice was already cancelled by credit note"
            in request(f"/invoices/{invoice.pk}/cancel/", follow=True).text
        )
        of_credit_note = request(f"/invoices/{credit_note.pk}/cancel/", follow=True)
        assert "A credit note cannot be cancelled" in of_credit_note.text
    assert Invoice.objects.count() == 2


def test_times_of_an_invoice_are_in_the_time_zone_of_its_organization(
    operator_client: Client, invoice: Invoice
) -> None:
    invoice.organization.time_zone = "Asia/Tokyo"
    invoice.organization.save()

    history = operator_client.get(f"/invoices/{invoice.pk}/history/").text
    page = operator_client.get(f"/invoices/{invoice.pk}/").text

    assert "2 Nov 2026 18:30:00" in history
    assert "Time zone: Asia/Tokyo." in history
    assert "All times are in Asia/Tokyo." in page
    assert "2 Nov 2026, 18:30" in page


def test_the_history_shows_issuing_and_cancelling(
    operator_client: Client, support_client: Client
) -> None:
    organization = BilledUseFactory.create().organization
    invoice = issued_invoice(organization)
    operator_client.post(f"/invoices/{invoice.pk}/cancel/")

    entries = support_client.get(f"/invoices/{invoice.pk}/history/").context["entries"]

    assert sum(len(entry.changes) for entry in entries) == 2


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", [True, True]),
        ("?from=2026-10-15&to=2026-10-20", [True, False]),
        ("?from=2026-09-30&to=2026-10-01", [True, True]),
        ("?from=2026-08-01&to=2026-09-01", [False, True]),
        ("?from=2026-10-01", [True, False]),
        ("?to=2026-09-30", [False, True]),
        ("?from=2026-11-01&to=2026-11-30", [False, False]),
    ],
)
def test_the_tab_of_an_organization_shows_the_invoices_for_its_dates(
    operator_client: Client, owner_client: Client, invoice: Invoice, query: str, found: list[bool]
) -> None:
    september = issued_invoice(invoice.organization, SEPTEMBER)
    address = reverse("invoices:of_organization", args=[invoice.organization_id])

    for client in (operator_client, owner_client):
        page = client.get(address + query)
        shown = {each.pk for each in page.context["table"].data}
        assert [each.pk in shown for each in (invoice, september)] == found
        assert ("Only invoices for" in page.text) == bool(query)
        assert ("Show all dates" in page.text) == bool(query)


def test_all_dates_are_one_click_away_and_the_search_stays(
    operator_client: Client, invoice: Invoice
) -> None:
    address = reverse("invoices:of_organization", args=[invoice.organization_id])

    page = operator_client.get(f"{address}?q=INV&from=2026-10-01&to=2026-10-31&list=q%3Dhar&page=2")

    assert "Only invoices for 1 Oct 2026 – 31 Oct 2026 are shown." in page.text
    assert 'href="?q=INV&amp;list=q%3Dhar">Show all dates' in page.text


def test_dates_in_the_wrong_order_are_refused_also_without_a_new_page(
    operator_client: Client, invoice: Invoice
) -> None:
    address = reverse("invoices:of_organization", args=[invoice.organization_id])
    query = "?from=2026-10-31&to=2026-10-01"

    for headers in ({}, {"HX-Request": "true"}):
        page = operator_client.get(address + query, headers=headers)
        results = page.text.partition('id="results"')[2]
        message = "The end date is before the start date."
        assert message in (results if headers else page.text)


def test_all_that_differ_are_only_those_of_the_dates_that_are_shown(
    operator_client: Client, invoice: Invoice
) -> None:
    september = issued_invoice(invoice.organization, SEPTEMBER)
    usage = UsageInterval.objects.filter(organization=invoice.organization)
    usage.update(started_at=datetime(2026, 10, 16, tzinfo=UTC))
    checking.check(organization_id=invoice.organization_id, now=IN_NOVEMBER)
    query = f"?all=1&of={invoice.organization_id}&differs=yes"

    every = operator_client.get(f"/invoices/settle/{query}").text
    october = operator_client.get(f"/invoices/settle/{query}&from=2026-10-01&to=2026-10-31").text

    assert september.number in every
    assert invoice.number in october
    assert september.number not in october
