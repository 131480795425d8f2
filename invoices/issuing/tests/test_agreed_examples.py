"""Test that previews, invoices and XML state the examples of agreements in docs/pricing.md."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from lxml import etree

from invoices.documents.issued import document_of
from invoices.documents.tests.schematron import violations
from invoices.documents.xml import cii, ubl
from invoices.issuing import operations
from invoices.issuing.refusals import OnlyWholeMonths
from invoices.models import Invoice
from invoices.tests.factories import BilledOrganizationFactory, ProviderFactory
from rating.agreement.lines import Section
from rating.periods import Period
from rating.tests.test_agreement_examples import EXAMPLES
from usage.statements.tests.agreed_examples import Asked, stored

pytestmark = pytest.mark.django_db

# In 31 the month is not over. With volume steps, a part of it cannot be invoiced either.
BILLED = [pytest.param(row, id=f"example {row[0]}") for row in EXAMPLES if row[0] != "31"]


@pytest.fixture
def asked(row: list[str], monkeypatch: pytest.MonkeyPatch) -> Asked:
    """Return what an example asks, at the instant at which it is asked."""
    ProviderFactory.create()
    asked = stored(row, BilledOrganizationFactory.create())
    monkeypatch.setattr(timezone, "now", lambda: asked.now)
    return asked


def total_of(row: list[str]) -> Decimal:
    return Decimal(row[6].removeprefix("EUR "))


@pytest.mark.parametrize("row", BILLED)
def test_the_preview_states_what_the_invoice_states(
    row: list[str], asked: Asked, operator_client: Client
) -> None:
    period = asked.example.period
    page = operator_client.get(
        f"/organizations/{asked.organization.pk}/invoices/issue/",
        {"from": f"{period.start}", "to": f"{period.last}"},
    )
    (preview,) = page.context["previews"]

    (issued,) = operations.issue(
        organization_id=asked.organization.pk,
        period=period,
        now=asked.now,
        by=None,
        shown={"EUR": preview.draft.version},
    )

    shown, stated = preview.draft.document, document_of(Invoice.objects.get(pk=issued.pk))
    assert shown.net == stated.net == total_of(row)
    assert (shown.lines, shown.taxes, shown.carried) == (stated.lines, stated.taxes, stated.carried)
    assert sum(line.amount for line in stated.lines) == stated.net
    text = operator_client.get(f"/invoices/{issued.pk}/").text.replace("\N{NO-BREAK SPACE}", " ")
    cells = [f">{euros(line.amount)}</td>" for line in stated.lines]
    assert [text.count(cell) >= cells.count(cell) for cell in cells] == [True] * len(cells)
    assert f"{row[6]}</" in text


def euros(amount: Decimal) -> str:
    return f"{'-' if amount < 0 else ''}EUR {abs(amount):.2f}"


@pytest.mark.parametrize("row", [row for row in EXAMPLES if row[0] == "31"])
def test_the_preview_of_a_month_that_is_not_over_states_it_so_far(
    row: list[str], asked: Asked, operator_client: Client
) -> None:
    page = operator_client.get(
        f"/organizations/{asked.organization.pk}/invoices/issue/",
        {"from": "2026-09-01", "to": "2026-09-30"},
    )

    (preview,) = page.context["previews"]
    document = replace(preview.draft.document, number="2026-1")
    assert document.net == total_of(row)
    for xml in (cii(document), ubl(document)):
        assert violations(xml) == []
    assert lines_of(ubl(document)) == [total_of(row), total_of(row)]
    assert not page.context["drafts"].ready
    with pytest.raises(OnlyWholeMonths):
        issue(asked, september(15))


@pytest.mark.parametrize("row", [row for row in EXAMPLES if row[0] == "31"])
def test_once_the_month_is_over_its_invoice_states_all_of_it(row: list[str], asked: Asked) -> None:
    (issued,) = issue(asked._replace(now=datetime(2026, 10, 1, tzinfo=UTC)), september(30))

    document = document_of(issued)
    (line,) = document.lines
    assert f"{line.quantity:.2f} x {line.price:.2f} = {line.amount:.2f}" == "2.00 x 8.00 = 16.00"
    assert lines_of(ubl(document)) == [16, 16]


def september(last: int) -> Period:
    return Period.inclusive(date(2026, 9, 1), date(2026, 9, last))


def issue(asked: Asked, period: Period) -> list[Invoice]:
    return operations.issue(
        organization_id=asked.organization.pk, period=period, now=asked.now, by=None
    )


def lines_of(xml: bytes) -> list[Decimal]:
    """Return the sum of a document in UBL, and the amounts of its lines."""
    amounts = etree.fromstring(xml).iter("{*}LineExtensionAmount")
    return [Decimal(each.text) for each in amounts]


@pytest.mark.parametrize("row", BILLED)
def test_the_xml_is_valid_and_adds_up(row: list[str], asked: Asked) -> None:
    (issued,) = operations.issue(
        organization_id=asked.organization.pk,
        period=asked.example.period,
        now=asked.now,
        by=None,
    )
    document = document_of(issued)

    for xml in (cii(document), ubl(document)):
        assert violations(xml) == []
    parts = lines_of(ubl(document))
    assert parts == [total_of(row), *(line.amount for line in document.lines)]
    in_cii = etree.fromstring(cii(document)).iter("{*}LineTotalAmount")
    assert sorted(Decimal(each.text) for each in in_cii) == sorted(parts)


def of_example(number: str) -> pytest.MarkDecorator:
    """Return a mark for the row of an example."""
    (row,) = (row for row in EXAMPLES if row[0] == number)
    return pytest.mark.parametrize("row", [row])


def stated(asked: Asked) -> list[tuple[Any, ...]]:
    (issued,) = operations.issue(
        organization_id=asked.organization.pk, period=asked.example.period, now=asked.now, by=None
    )
    return [
        (line.section, line.item, line.quantity, line.price, line.amount)
        for line in document_of(issued).lines
    ]


@of_example("25")
def test_fees_have_charged_days_of_the_month(row: list[str], asked: Asked) -> None:
    assert stated(asked) == [
        (Section.FEES, "Service", Decimal("0.733333"), Decimal(20), Decimal("14.67")),
        (Section.FEES, "Router", Decimal("0.466667"), Decimal(5), Decimal("2.33")),
    ]


@of_example("26")
def test_one_off_charges_have_quantities_and_credits_are_negative(
    row: list[str], asked: Asked
) -> None:
    (charge, credit) = stated(asked)
    assert charge[0] is Section.ONE_OFF
    assert charge[2:] == (3, Decimal("49.90"), Decimal("149.70"))
    assert credit[0] is Section.CREDITS
    assert credit[2:] == (-1, Decimal("10.005"), Decimal("-10.01"))


@of_example("27")
def test_a_minimum_states_what_is_missing(row: list[str], asked: Asked) -> None:
    *_, minimum = stated(asked)
    assert minimum == (Section.MINIMUM, "", 1, Decimal("11.33"), Decimal("11.33"))


@of_example("23")
def test_a_discount_is_stated_with_its_gross_price(row: list[str], asked: Asked) -> None:
    (issued,) = operations.issue(
        organization_id=asked.organization.pk, period=asked.example.period, now=asked.now, by=None
    )
    document = document_of(issued)
    assert [(line.gross_price, line.price) for line in document.lines] == [
        (9, Decimal("8.1")),
        (None, 9),
        (Decimal("14.9"), Decimal("13.0375")),
    ]
    tree = etree.fromstring(ubl(document))
    allowances = tree.findall(".//{*}Price/{*}AllowanceCharge")
    assert [
        (each.findtext("{*}Amount"), each.findtext("{*}BaseAmount")) for each in allowances
    ] == [
        ("0.9", "9.0000"),
        ("1.8625", "14.9000"),
    ]


@of_example("33")
def test_nothing_to_pay_and_the_rest_of_the_credit_is_carried_over(
    row: list[str], asked: Asked
) -> None:
    (issued,) = operations.issue(
        organization_id=asked.organization.pk, period=asked.example.period, now=asked.now, by=None
    )

    assert issued.total == 0
    assert issued.open_item.outstanding == 0
    (carried,) = document_of(issued).carried
    rest = asked.organization.one_off_charges.get(day="2026-10-01")
    assert (carried.text, carried.day) == (rest.text, rest.day)
    assert carried.amount == rest.amount == 11
    assert (f"{rest.quantity:f}", rest.currency) == ("-1.0000", "EUR")
    assert rest.reason == asked.organization.one_off_charges.get(day="2026-09-12").reason
