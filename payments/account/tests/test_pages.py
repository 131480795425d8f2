"""The page and the files of a statement of account, and who can open them."""

import csv
from datetime import date, timedelta
from decimal import Decimal
from io import BytesIO

import openpyxl
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from invoices.issuing import operations
from invoices.models import Design, Invoice
from invoices.terms.tests.factories import document_terms
from invoices.tests.factories import (
    IN_NOVEMBER,
    OCTOBER,
    SEPTEMBER,
    BilledOrganizationFactory,
    BilledUseFactory,
    issued_invoice,
)
from organizations.members.models import MemberRole
from organizations.members.operations import set_member
from payments.operations import reverse_payment
from payments.tests.test_operations import pay
from tariffs.tests.factories import TariffFactory, TariffPriceFactory
from tests.pdf_tags import painted_without_tags, read_aloud, structure
from tests.poppler import poppler

pytestmark = pytest.mark.django_db

NOVEMBER = {"from": "2026-11-01", "to": "2026-11-30"}
SPACE = "\N{NO-BREAK SPACE}"


@pytest.fixture
def invoice(owner: User) -> Invoice:
    """An invoice for EUR 10.71 of 2 November, on which EUR 4.00 was paid on the next day."""
    organization = BilledOrganizationFactory.create(title="Harbour", owner=owner)
    BilledUseFactory.create(camera__organization=organization)
    invoice = issued_invoice(organization)
    pay(
        invoice,
        "4",
        paid_on=date(2026, 11, 3),
        now=IN_NOVEMBER + timedelta(days=1),
        reference="R 1",
    )
    return invoice


def address(invoice: Invoice, name: str = "account", **query: str) -> str:
    return reverse(f"payments:{name}", args=[invoice.organization_id], query=query or NOVEMBER)


def in_dinars(invoice: Invoice) -> None:
    """Issue another invoice of the organization, for KWD 3.57."""
    tariff = TariffFactory.create(currency="KWD")
    TariffPriceFactory.create(tariff=tariff, amount=Decimal(3))
    BilledUseFactory.create(camera__organization=invoice.organization, tariff=tariff)
    operations.issue(
        organization_id=invoice.organization_id, period=OCTOBER, now=IN_NOVEMBER, by=None
    )


def test_the_page_shows_lines_with_links_and_the_balance_after_each(
    operator_client: Client, invoice: Invoice
) -> None:
    page = operator_client.get(address(invoice))

    text = page.text
    for shown in ("Opening balance", "Closing balance", "October 2026 · due 16 Nov 2026", "R 1"):
        assert shown in text
    assert text.count(f'href="{reverse("invoices:invoice", args=[invoice.pk])}"') == 2
    assert text.index(f"EUR{SPACE}10.71") < text.rindex(f"EUR{SPACE}6.71")
    (section,) = page.context["sections"]
    assert section.account.closing == Decimal("6.71")


def test_without_dates_the_period_is_this_year_so_far(
    operator_client: Client, invoice: Invoice
) -> None:
    today = timezone.localdate()

    page = operator_client.get(reverse("payments:account", args=[invoice.organization_id]))

    period = page.context["account"].period
    assert (period.start, period.last) == (date(today.year, 1, 1), today)
    assert page.context["closing_on"] == today


def test_a_period_that_goes_on_closes_today(operator_client: Client, invoice: Invoice) -> None:
    page = operator_client.get(address(invoice, **{"from": "2026-11-01", "to": "2030-11-30"}))

    assert page.context["closing_on"] == timezone.localdate()


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ({"from": "2026-11-30", "to": "2026-11-01"}, "The end date is before the start date."),
        ({"from": "yesterday", "to": "2026-11-01"}, "Enter a date, for example 2026-11-29."),
        ({"from": "2026-11-01"}, "Enter a date."),
    ],
)
def test_wrong_dates_are_refused_on_the_page_and_in_files(
    operator_client: Client, invoice: Invoice, query: dict[str, str], message: str
) -> None:
    page = operator_client.get(address(invoice, **query))
    file = operator_client.get(address(invoice, "account_csv", **query))

    assert message in page.text
    assert "account" not in page.context
    assert file.status_code == 400
    assert message in file.text


def test_pages_carry_the_balance_forward_currency_by_currency(
    operator_client: Client, invoice: Invoice, monkeypatch: pytest.MonkeyPatch
) -> None:
    in_dinars(invoice)
    monkeypatch.setattr("payments.account.views.ROWS_A_PAGE", 1)

    pages = [
        operator_client.get(address(invoice, **NOVEMBER, page=str(number))).context["sections"]
        for number in (1, 2, 3)
    ]

    shown = [
        (each.account.currency, each.is_first, each.is_last, each.before, each.after)
        for sections in pages
        for each in sections
    ]
    assert shown == [
        ("EUR", True, False, 0, Decimal("10.71")),
        ("EUR", False, True, Decimal("10.71"), Decimal("6.71")),
        ("KWD", True, True, 0, Decimal("3.57")),
    ]
    second = operator_client.get(address(invoice, **NOVEMBER, page="2")).text
    assert "Brought forward" in second
    assert "Opening balance" not in second


def test_an_empty_account_says_so(operator_client: Client, invoice: Invoice) -> None:
    page = operator_client.get(address(invoice, **{"from": "2025-01-01", "to": "2025-12-31"}))

    assert "No documents or payments in this period" in page.text


def test_csv_has_the_balances_and_every_line(operator_client: Client, invoice: Invoice) -> None:
    reverse_payment(
        payment_id=invoice.payments.get().pk,
        reason="=Bounced",
        now=IN_NOVEMBER + timedelta(days=3),
        by=None,
    )
    in_dinars(invoice)

    answer = operator_client.get(address(invoice, "account_csv"))

    name = f"account-{invoice.organization_id}-2026-11-01-2026-11-30.csv"
    assert answer["Content-Disposition"] == f'attachment; filename="{name}"'
    rows = list(csv.DictReader(answer.getvalue().decode().splitlines()))
    columns = ("currency", "date", "entry", "document", "debit", "credit", "balance")
    assert [tuple(row[name] for name in columns) for row in rows] == [
        ("EUR", "2026-11-01", "opening_balance", "", "", "", "0.00"),
        ("EUR", "2026-11-02", "invoice", "INV-2026-000001", "10.71", "", "10.71"),
        ("EUR", "2026-11-03", "payment", "INV-2026-000001", "", "4.00", "6.71"),
        ("EUR", "2026-11-05", "reversal", "INV-2026-000001", "4.00", "", "10.71"),
        ("EUR", rows[4]["date"], "closing_balance", "", "", "", "10.71"),
        ("KWD", "2026-11-01", "opening_balance", "", "", "", "0.000"),
        ("KWD", "2026-11-02", "invoice", "INV-2026-000002", "3.570", "", "3.570"),
        ("KWD", rows[7]["date"], "closing_balance", "", "", "", "3.570"),
    ]
    assert (rows[1]["period_first"], rows[1]["period_last"]) == ("2026-10-01", "2026-10-31")
    assert (rows[2]["method"], rows[2]["reference"]) == ("transfer", "R 1")
    assert rows[3]["reference"] == "'=Bounced"


def test_xlsx_has_the_same_rows(operator_client: Client, invoice: Invoice) -> None:
    answer = operator_client.get(address(invoice, "account_xlsx"))

    (sheet,) = openpyxl.load_workbook(BytesIO(answer.getvalue())).worksheets
    assert sheet.title == "Account"
    assert [row[3] for row in sheet.values] == [
        "entry",
        "opening_balance",
        "invoice",
        "payment",
        "closing_balance",
    ]
    assert sheet["N4"].value == 6.71


def test_the_pdf_states_parties_lines_and_balances_in_the_language_of_invoices(
    operator_client: Client, invoice: Invoice
) -> None:
    document_terms(footer_ru="ОГРН 1027700132195")
    # No font has this letter: PDF/A does not allow what is not drawn.
    invoice.organization.title = "Hafen \N{CUNEIFORM SIGN A}"
    invoice.organization.save()

    answer = operator_client.get(address(invoice, "account_pdf"))
    english = poppler("pdftotext", answer.content, "-layout", "-", "-")
    invoice.organization.invoice_language = "ru"
    invoice.organization.save()
    russian = operator_client.get(address(invoice, "account_pdf")).content

    assert answer["Content-Type"] == "application/pdf"
    for said in (
        "Statement of account",
        "Watchful Ltd",
        "Hafen \N{REPLACEMENT CHARACTER}",
        "INV-2026-000001",
        "EUR 10.71",
        "EUR 6.71",
        "Opening balance",
        "Closing balance",
        "Page 1 of 1",
    ):
        assert said in english
    printed = poppler("pdftotext", russian, "-layout", "-", "-")
    assert "Выписка по расчётам" in printed
    assert "6,71 EUR" in printed
    assert "ОГРН 1027700132195" in printed
    assert "ОГРН" not in english


def test_the_pdf_is_accessible_and_in_the_design_of_documents(
    operator_client: Client, invoice: Invoice
) -> None:
    Design.objects.create(provider_id=1, accent="#8a1c1c", font="IBM Plex Serif")

    file = operator_client.get(address(invoice, "account_pdf")).content

    assert painted_without_tags(file) == []
    assert ("H1", "Statement of account") in read_aloud(file)
    (table,) = structure(file).all("Table")
    head, body = table.parts
    assert (head.kind, body.kind) == ("THead", "TBody")
    columns = [each.identifier for each in head.all("TH")]
    assert len(columns) == 5
    for row in body.parts:
        assert [cell.attributes["Headers"] for cell in row.parts] == [[each] for each in columns]
    stated = PdfReader(BytesIO(file)).xmp_metadata
    assert stated
    assert b"<pdfuaid:part>1<" in stated.stream.get_data()
    assert "IBMPlexSerif" in poppler("pdffonts", file, "-")


def test_a_pdf_has_a_limit_and_names_the_other_files(
    operator_client: Client, invoice: Invoice, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("payments.account.views.MOST_PRINTED", 1)

    answer = operator_client.get(address(invoice, "account_pdf"))

    assert answer.status_code == 400
    assert "Choose a shorter period, or download CSV or XLSX." in answer.text


def test_owners_and_members_open_it_from_what_they_owe(
    owner_client: Client, client: Client, invoice: Invoice
) -> None:
    member = User.objects.create_user("member@example.com", role="owner")
    set_member(pk=invoice.organization_id, user=member, role=MemberRole.OWNER)
    client.force_login(member)
    link = reverse("payments:account", args=[invoice.organization_id])

    for browser in (owner_client, client):
        payments = browser.get(reverse("payments:of_organization", args=[invoice.organization_id]))
        assert payments.text.count(f'href="{link}"') == 2
        assert "INV-2026-000001" in browser.get(address(invoice)).text
        assert b"10.71" in browser.get(address(invoice, "account_csv")).getvalue()


def test_the_period_goes_on_from_payments_to_the_statement(
    operator_client: Client, invoice: Invoice
) -> None:
    query = "?from=2026-11-01&to=2026-11-30&list=q%3Dhar"
    page = operator_client.get(
        reverse("payments:of_organization", args=[invoice.organization_id]) + query
    )

    link = reverse("payments:account", args=[invoice.organization_id]) + query
    assert link.replace("&", "&amp;") in page.text
    statement = operator_client.get(link)
    assert statement.context["account"].period.start == date(2026, 11, 1)
    assert 'href="/organizations/?q=har"' in statement.text


def test_the_number_of_queries_of_the_page_is_constant(
    operator_client: Client, invoice: Invoice, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with CaptureQueriesContext(connection) as few:
        operator_client.get(address(invoice))
    more = issued_invoice(invoice.organization, SEPTEMBER)
    pay(more, "1")
    pay(more, "2")

    with django_assert_num_queries(len(few)):
        operator_client.get(address(invoice))


@pytest.mark.parametrize("kind", ["csv", "xlsx", "pdf"])
def test_a_period_that_has_not_begun_is_refused(
    operator_client: Client, invoice: Invoice, kind: str
) -> None:
    future = {"from": "2199-01-01", "to": "2199-01-31"}

    page = operator_client.get(address(invoice, **future))
    answer = operator_client.get(address(invoice, f"account_{kind}", **future))

    assert page.context["form"].errors == {
        "from": ["The period has not begun yet. Choose an earlier start date."]
    }
    assert "Closing balance" not in page.text
    assert (answer.status_code, "has not begun yet" in answer.text) == (400, True)
