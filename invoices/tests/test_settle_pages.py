"""Tests of the pages that settle differences, and of how other pages show corrections."""

import csv
import io
import re
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accounts.tests.factories import OwnerFactory
from invoices import settle_views
from invoices.differences.models import DeferredCorrection
from invoices.documents.contents import contents_of
from invoices.documents.issued import document_of
from invoices.issuing import operations, settling
from invoices.models import Invoice
from invoices.runs import operations as runs
from invoices.sending.deliveries import send
from invoices.sending.models import Delivery
from invoices.tests.factories import (
    IN_NOVEMBER,
    OCTOBER,
    SEPTEMBER,
    BilledUseFactory,
    issued_invoice,
)
from invoices.uninvoiced.tests.stored import keep_all
from tariffs.tests.factories import TariffFactory, TariffPriceFactory
from usage.models import UsageInterval
from usage.tests.factories import UsageIntervalFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def use() -> UsageInterval:
    return BilledUseFactory.create(camera__name="gate-1")


@pytest.fixture
def invoice(use: UsageInterval) -> Invoice:
    """Return an invoice for September that charged EUR 3.00 too much."""
    made = issued_invoice(use.organization, SEPTEMBER)
    UsageInterval.objects.filter(pk=use.pk).update(started_at=datetime(2026, 9, 11, tzinfo=UTC))
    check()
    return made


def check() -> None:
    keep_all(IN_NOVEMBER)


def charged_too_little() -> Invoice:
    """Return an invoice for September that charged EUR 9.00 too little."""
    use = BilledUseFactory.create()
    made = issued_invoice(use.organization, SEPTEMBER)
    UsageIntervalFactory.create(camera__organization=use.organization, tariff=use.tariff)
    check()
    return made


def preview(client: Client, *invoices: Invoice, **query: str) -> Any:
    return client.get(
        "/invoices/settle/", {"invoice": [str(each.pk) for each in invoices], **query}
    )


def next_invoice(invoice: Invoice) -> str:
    """Return the address of the preview of the organization's invoice for October."""
    dates = "from=2026-10-01&to=2026-10-31"
    return f"/organizations/{invoice.organization_id}/invoices/issue/?{dates}"


def shown(page: Any) -> list[str]:
    return re.findall(r'name="shown" value="([^"]+)"', page.text)


def settled(client: Client, page: Any, address: str = "/invoices/settle/") -> Any:
    return client.post(address, {"shown": shown(page)}, follow=True)


def test_the_preview_shows_what_would_be_issued(operator_client: Client, invoice: Invoice) -> None:
    other = charged_too_little()

    page = preview(operator_client, invoice, other)

    (sums,) = page.context["sums"]
    assert (sums.to_pay, sums.to_credit, sums.net) == (
        Decimal("10.71"),
        Decimal("3.57"),
        Decimal("6.00"),
    )
    for text in ("Partial credit note", "Supplementary invoice", "-EUR\N{NO-BREAK SPACE}3.00"):
        assert text in page.text
    assert Invoice.objects.count() == 2


def test_an_operator_settles_differences_now(operator_client: Client, invoice: Invoice) -> None:
    other = charged_too_little()

    page = settled(operator_client, preview(operator_client, invoice, other))

    assert "2 documents were issued: CN-2026-000001, INV-2026-000003." in page.text
    assert {each.number for each in Invoice.objects.filter(corrections__stands_alone=True)} == {
        "CN-2026-000001",
        "INV-2026-000003",
    }
    # Nothing is left to settle.
    again = preview(operator_client, invoice)
    assert "Nothing can be settled" in again.text
    assert "1 of the selected invoices no longer differs." in again.text


def test_what_has_changed_since_is_shown_again(operator_client: Client, invoice: Invoice) -> None:
    page = preview(operator_client, invoice)
    UsageInterval.objects.update(started_at=datetime(2026, 9, 21, tzinfo=UTC))

    again = settled(operator_client, page)

    assert "Review the new preview." in again.text
    assert "-EUR\N{NO-BREAK SPACE}6.00" in again.text
    assert Invoice.objects.count() == 1


def test_an_operator_settles_differences_with_the_next_invoice(
    operator_client: Client, invoice: Invoice
) -> None:
    page = settled(operator_client, preview(operator_client, invoice), "/invoices/settle/next/")

    assert "The difference of 1 invoice goes onto the next invoice." in page.text
    assert DeferredCorrection.objects.get().invoice == invoice
    assert "with the next invoice" in operator_client.get("/invoices/?differs=yes").text

    issue = (
        f"/organizations/{invoice.organization_id}/invoices/issue/?from=2026-10-01&to=2026-10-31"
    )
    preview_of_next = operator_client.get(issue).text
    assert "with the corrections of" in preview_of_next
    assert f"Correction of {invoice.number}: " in preview_of_next

    withdrawn = operator_client.post(f"/invoices/{invoice.pk}/withdraw/", follow=True)
    assert "The difference does not go onto the next invoice." in withdrawn.text
    assert not DeferredCorrection.objects.exists()
    history = operator_client.get(f"/invoices/{invoice.pk}/history/").context["entries"]
    actions = [change.action for entry in history for change in entry.changes]
    assert sorted(actions) == ["delete", "insert", "insert"]


def test_the_preview_of_the_next_invoice_says_what_stays_out(
    operator_client: Client, invoice: Invoice
) -> None:
    settled(operator_client, preview(operator_client, invoice), "/invoices/settle/next/")
    UsageInterval.objects.update(started_at=datetime(2026, 10, 31, tzinfo=UTC))

    page = operator_client.get(next_invoice(invoice))

    assert "The corrections of these invoices stay out" in page.text


def test_a_run_shows_corrections_before_and_what_stayed_out_after(
    operator_client: Client, invoice: Invoice
) -> None:
    DeferredCorrection.objects.create(
        invoice=invoice, organization=invoice.organization, asked_at=IN_NOVEMBER
    )
    check()
    before = operator_client.get("/invoices/runs/2026-10/")
    assert "and corrections of -EUR\N{NO-BREAK SPACE}3.00" in before.text

    UsageInterval.objects.update(started_at=datetime(2026, 10, 31, tzinfo=UTC))
    check()
    left_out = operator_client.get("/invoices/runs/2026-10/")
    assert "corrections of -EUR\N{NO-BREAK SPACE}9.00 stay out" in left_out.text

    run = runs.start(month=OCTOBER.start, now=IN_NOVEMBER, by=None)
    later = datetime(2026, 11, 2, 10, tzinfo=UTC)
    runs.do(item_ids=[run.items.get().pk], now=later, by=None)
    after = operator_client.get("/invoices/runs/2026-10/")
    assert f">{invoice.number}</a> stayed out of the invoice." in after.text


def test_a_run_in_another_currency_does_not_promise_corrections(
    operator_client: Client, use: UsageInterval, invoice: Invoice
) -> None:
    DeferredCorrection.objects.create(
        invoice=invoice, organization=invoice.organization, asked_at=IN_NOVEMBER
    )
    UsageInterval.objects.filter(pk=use.pk).update(
        started_at=datetime(2026, 8, 1, tzinfo=UTC), ended_at=datetime(2026, 9, 11, tzinfo=UTC)
    )
    yen = TariffFactory.create(currency="JPY")
    TariffPriceFactory.create(tariff=yen, amount=1000)
    UsageIntervalFactory.create(camera__organization=use.organization, tariff=yen)
    check()

    page = operator_client.get("/invoices/runs/2026-10/")

    assert "corrections of -EUR\N{NO-BREAK SPACE}6.00 stay out" in page.text


def test_a_repeat_run_does_not_take_a_cancelled_supplement_for_a_missing_invoice() -> None:
    invoice = charged_too_little()
    run = runs.start(month=SEPTEMBER.start, now=IN_NOVEMBER, by=None)
    runs.do(item_ids=[run.items.get().pk], now=IN_NOVEMBER, by=None)
    supplement = settle_one(invoice)
    operations.cancel(invoice_id=supplement.pk, now=IN_NOVEMBER, by=None)

    runs.start(month=SEPTEMBER.start, now=IN_NOVEMBER, by=None)

    assert runs.progress_of(run).waiting == 0


def settle_one(invoice: Invoice) -> Invoice:
    (settlement,) = settling.settlements_of([invoice], IN_NOVEMBER)
    (issued,) = settling.settle_now(
        invoice_ids=[invoice.pk],
        now=IN_NOVEMBER,
        by=None,
        shown={invoice.pk: settlement.version},
    )
    return Invoice.objects.get(pk=issued.pk)


def test_invoices_without_prices_are_not_settled(
    operator_client: Client, use: UsageInterval, invoice: Invoice
) -> None:
    use.tariff.prices.all().delete()

    page = preview(operator_client, invoice)

    assert shown(page) == []
    assert "Some charges of these invoices have no price now." in page.text


@pytest.mark.parametrize("address", ["/invoices/settle/", "/invoices/settle/next/"])
def test_nothing_selected_says_so(operator_client: Client, address: str) -> None:
    page = operator_client.post(address, {"shown": ["x:1", "²:1", f"{10**20}:1"]}, follow=True)

    assert "Select at least one invoice." in page.text


def test_only_so_many_are_settled_at_once(
    operator_client: Client, invoice: Invoice, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settle_views, "MOST_AT_ONCE", 1)
    charged_too_little()

    page = operator_client.get("/invoices/settle/?all=1&differs=yes", follow=True)

    assert "Select at most 1 invoices at a time." in page.text


def test_all_of_a_list_are_selected(operator_client: Client, invoice: Invoice) -> None:
    other = charged_too_little()
    issued_invoice(BilledUseFactory.create().organization, SEPTEMBER)

    def selected(query: str) -> list[Invoice]:
        page = operator_client.get(f"/invoices/settle/?all=1&differs=yes&{query}")
        return [each.invoice for each in page.context["ready"]]

    assert selected("") == [invoice, other]
    assert selected(f"q={other.number}") == [other]
    assert selected(f"of={other.organization_id}") == [other]


def test_the_list_of_differing_invoices_offers_to_settle(
    operator_client: Client, support_client: Client, invoice: Invoice
) -> None:
    issued_invoice(BilledUseFactory.create().organization, SEPTEMBER)
    checkbox = f'name="invoice" value="{invoice.pk}"'

    assert checkbox in operator_client.get("/invoices/?differs=yes").text
    of_one = operator_client.get(
        f"/organizations/{invoice.organization_id}/invoices/?differs=yes"
    ).text
    assert checkbox in of_one
    assert f'name="of" value="{invoice.organization_id}"' in of_one
    for client, address in (
        (operator_client, "/invoices/"),
        (support_client, "/invoices/?differs=yes"),
    ):
        assert "Settle differences" not in client.get(address).text


def test_the_number_of_queries_of_the_list_does_not_depend_on_its_length(
    operator_client: Client, invoice: Invoice, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    operator_client.get("/invoices/?differs=yes")
    for _ in range(2):
        charged_too_little()

    with django_assert_num_queries(11):
        operator_client.get("/invoices/?differs=yes")


# --- How pages show corrections -------------------------------------------------------------------


def test_a_credit_note_for_a_part_shows_what_it_corrects(
    operator_client: Client, owner_client: Client, invoice: Invoice
) -> None:
    credit_note = settle_one(invoice)

    page = operator_client.get(f"/invoices/{credit_note.pk}/").text
    assert "This credit note corrects invoice" in page
    assert f"Correction of {invoice.number}: " in page
    assert "Corrected charges of" in page

    original = operator_client.get(f"/invoices/{invoice.pk}/").text
    assert "This invoice was corrected by credit note" in original
    assert "-EUR\N{NO-BREAK SPACE}3.00 before tax" in original
    assert "Credited" in original
    assert "Correction</span>" in operator_client.get("/invoices/").text
    # A correction is not compared itself.
    assert operator_client.get(f"/invoices/{credit_note.pk}/differences/").status_code == 404


def test_the_corrected_charges_are_shown_and_downloaded(
    operator_client: Client, invoice: Invoice
) -> None:
    credit_note = settle_one(invoice)
    query = f"?corrects={invoice.pk}"

    page = operator_client.get(f"/invoices/{credit_note.pk}/charges/{query}")
    assert [(charge.camera, charge.amount) for charge in page.context["charges"]] == [
        ("gate-1", -9),
        ("gate-1", 6),
    ]
    assert "-30\N{NO-BREAK SPACE}days" in page.text
    file = operator_client.get(f"/invoices/{credit_note.pk}/charges.csv{query}")
    rows = list(csv.DictReader(io.StringIO(file.getvalue().decode())))
    assert [(row["used"], row["amount"]) for row in rows] == [
        ("-2592000", "-9.00"),
        ("1728000", "6.00"),
    ]
    for wrong in ("", "?corrects=0", "?corrects=x", f"?corrects={credit_note.pk}"):
        assert operator_client.get(f"/invoices/{credit_note.pk}/charges/{wrong}").status_code == 404


def test_the_printed_document_names_what_it_corrects(invoice: Invoice) -> None:
    contents = contents_of(document_of(settle_one(invoice)))

    assert contents["title"] == "Credit note"
    assert contents["note"] == f"Corrects invoice {invoice.number} dated 2 Nov 2026."
    (line,) = contents["lines"]
    assert line[0].startswith(f"Correction of {invoice.number}: ")
    assert line[1] == "September 2026"


@pytest.mark.parametrize("more", [True, False])
def test_the_mail_says_what_the_document_is(
    use: UsageInterval, invoice: Invoice, more: bool, mailoutbox: list[Any]
) -> None:
    if more:
        UsageInterval.objects.update(started_at=datetime(2026, 1, 1, tzinfo=UTC))
        UsageIntervalFactory.create(camera__organization=use.organization, tariff=use.tariff)
    issued = settle_one(invoice)

    send(delivery_ids=[Delivery.objects.get(invoice=issued).pk], now=IN_NOVEMBER)

    (mail,) = mailoutbox
    text = "It supplements the invoice" if more else "It corrects the invoice"
    assert text in mail.body
    assert text in mail.alternatives[0].content


def test_the_export_names_what_documents_correct(operator_client: Client, invoice: Invoice) -> None:
    credit_note = settle_one(invoice)

    answer = operator_client.get("/invoices/export.csv")

    rows = {row["number"]: row for row in csv.DictReader(io.StringIO(answer.getvalue().decode()))}
    assert rows[credit_note.number]["corrects"] == invoice.number
    assert rows[credit_note.number]["net"] == "-3.00"
    assert rows[invoice.number]["corrects"] == ""


def test_the_page_that_cancels_says_what_is_left_to_credit(
    operator_client: Client, invoice: Invoice
) -> None:
    settle_one(invoice)

    page = operator_client.get(f"/invoices/{invoice.pk}/cancel/").text

    assert "This issues a credit note for EUR\N{NO-BREAK SPACE}7.14" in page
    assert "EUR\N{NO-BREAK SPACE}3.57 of the invoice have already been credited" in page


def test_the_page_that_cancels_names_what_will_differ_again(operator_client: Client) -> None:
    invoice = charged_too_little()
    supplement = settle_one(invoice)

    refused = operator_client.get(f"/invoices/{invoice.pk}/cancel/", follow=True).text
    assert "This invoice was corrected by invoice <a" in refused
    assert f">{supplement.number}</a>. Cancel that invoice first." in refused

    page = operator_client.get(f"/invoices/{supplement.pk}/cancel/").text
    assert "these invoices will differ again" in page
    assert f">{invoice.number}</a>" in page
    assert "You can then issue a new invoice for this period." not in page


def test_an_owner_sees_corrections(client: Client, invoice: Invoice) -> None:
    client.force_login(invoice.organization.owner)
    credit_note = settle_one(invoice)

    for address in ("/", ".pdf", ".xml", f"/charges/?corrects={invoice.pk}"):
        assert client.get(f"/invoices/{credit_note.pk}{address}").status_code == 200
    page = client.get(f"/invoices/{invoice.pk}/").text
    assert "This invoice was corrected by credit note" in page


def test_a_former_owner_sees_nothing_of_later_corrections(client: Client, invoice: Invoice) -> None:
    client.force_login(invoice.organization.owner)
    invoice.organization.owner = OwnerFactory.create()
    invoice.organization.save()
    credit_note = settle_one(invoice)

    assert credit_note.number not in client.get(f"/invoices/{invoice.pk}/").text
    assert client.get(f"/invoices/{credit_note.pk}/").status_code == 404


def test_a_supplement_can_be_paid(operator_client: Client) -> None:
    supplement = settle_one(charged_too_little())

    operator_client.post(
        f"/invoices/{supplement.pk}/payments/add/",
        {"paid_on": "2026-11-03", "amount": "10.71", "method": "transfer", "shown": "10.71"},
    )

    paid = Invoice.objects.with_open_item(date(2026, 11, 3)).get(pk=supplement.pk)
    assert paid.state == "paid"  # type: ignore[attr-defined]
