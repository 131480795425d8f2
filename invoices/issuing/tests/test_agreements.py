"""Tests of invoices for what was agreed: fees, minimums, credits, and months as a whole."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.utils import timezone
from django.utils.html import strip_tags

from invoices.documents.issued import document_of
from invoices.documents.tests.schematron import violations
from invoices.documents.xml import cii, ubl
from invoices.issuing import operations
from invoices.issuing.drafts import drafts_of
from invoices.issuing.refusals import (
    CreditUsed,
    DetailsMissing,
    NothingToBill,
    OnlyWholeMonths,
)
from invoices.models import FrozenCharges, Invoice
from invoices.provider.parties import provider_details
from invoices.runs import operations as runs
from invoices.sending.annex import charges_of_all
from invoices.tests.factories import (
    IN_NOVEMBER,
    OCTOBER,
    SEPTEMBER,
    BilledOrganizationFactory,
    BilledUseFactory,
    ProviderFactory,
)
from organizations.models import BillingDetails, OneOffCharge, Organization
from organizations.tests.factories import (
    FeeFactory,
    MinimumFactory,
    OneOffChargeFactory,
    a_tax,
)
from rating.agreement.lines import Section
from rating.periods import Period
from tariffs.tests.factories import VolumeStepFactory

pytestmark = pytest.mark.django_db

NOVEMBER = Period(date(2026, 11, 1), date(2026, 12, 1))
IN_DECEMBER = datetime(2026, 12, 2, 9, tzinfo=UTC)


@pytest.fixture(autouse=True)
def provider() -> None:
    ProviderFactory.create()


@pytest.fixture
def organization() -> Organization:
    """Return an organization without usage."""
    organization: Organization = BilledOrganizationFactory.create()
    return organization


@pytest.fixture
def camera_owner() -> Organization:
    """Return an organization with one camera at EUR 9.00."""
    organization: Organization = BilledUseFactory.create().organization
    return organization


def issue(
    organization: Organization, period: Period = SEPTEMBER, now: datetime = IN_NOVEMBER
) -> list[Invoice]:
    return operations.issue(organization_id=organization.pk, period=period, now=now, by=None)


def credit(organization: Organization, amount: int, day: date = date(2026, 9, 12)) -> OneOffCharge:
    charge: OneOffCharge = OneOffChargeFactory.create(
        organization=organization, quantity=Decimal(-1), amount=Decimal(amount), day=day
    )
    return charge


def sections(invoice: Invoice) -> list[tuple[str, str]]:
    return [(line.section, f"{line.amount:.2f}") for line in document_of(invoice).lines]


def test_a_fee_is_invoiced_without_usage(
    organization: Organization, operator_client: Client
) -> None:
    FeeFactory.create(organization=organization, amount=Decimal(20))

    (invoice,) = issue(organization)

    assert sections(invoice) == [("fees", "20.00")]
    frozen = FrozenCharges.objects.get(invoice=invoice)
    assert frozen.count == 0
    assert not charges_of_all([invoice])
    page = operator_client.get(f"/invoices/{invoice.pk}/")
    assert "charges.csv" not in page.text
    assert operator_client.get(f"/invoices/{invoice.pk}/charges/").status_code == 200
    assert operator_client.get(f"/invoices/{invoice.pk}.pdf").status_code == 200


def test_a_run_invoices_an_organization_that_only_has_a_fee(organization: Organization) -> None:
    FeeFactory.create(organization=organization)
    closed = FeeFactory.create(
        organization__closed_on=date(2026, 8, 31),
        organization__closed_at=datetime(2026, 9, 1, tzinfo=UTC),
    ).organization
    ended = FeeFactory.create(last_on=date(2026, 9, 30)).organization

    run = runs.start(month=OCTOBER.start, now=IN_NOVEMBER, by=None)
    for item in run.items.all():
        runs.do(item_ids=[item.pk], now=IN_NOVEMBER, by=None)

    assert [each.organization for each in run.items.all()] == [organization]
    assert sections(organization.invoices.get()) == [("fees", "5.00")]
    assert not {closed.pk, ended.pk} & set(runs.organizations_in(OCTOBER.start))


def test_each_currency_has_an_invoice(camera_owner: Organization) -> None:
    FeeFactory.create(organization=camera_owner, currency="JPY", amount=Decimal(500))
    OneOffChargeFactory.create(organization=camera_owner, currency="CHF")

    issued = issue(camera_owner)

    assert {(each.currency, f"{each.net:f}") for each in issued} == {
        ("CHF", "50.00"),
        ("EUR", "9.00"),
        ("JPY", "500"),
    }


def test_a_credit_alone_is_nothing_to_bill(organization: Organization) -> None:
    credit(organization, 20)

    with pytest.raises(NothingToBill):
        issue(organization)


@pytest.mark.parametrize("by_volume", [True, False])
def test_a_part_of_a_month_with_a_minimum_or_steps_is_refused(
    by_volume: bool,
    camera_owner: Organization,
    operator_client: Client,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    if by_volume:
        price = camera_owner.usage_intervals.get().tariff.prices.get()
        VolumeStepFactory.create(price=price, camera_months=Decimal(5), amount=Decimal(8))
    else:
        MinimumFactory.create(organization=camera_owner, last_on=date(2026, 9, 10))
    part = Period(date(2026, 8, 20), date(2026, 9, 21))

    with pytest.raises(OnlyWholeMonths, match="September 2026"):
        issue(camera_owner, part)
    monkeypatch.setattr(timezone, "now", lambda: IN_NOVEMBER)
    page = operator_client.get(
        f"/organizations/{camera_owner.pk}/invoices/issue/",
        {"from": "2026-08-20", "to": "2026-09-20"},
    )
    assert "choose a period that contains all of it" in page.text
    assert len(issue(camera_owner, Period(date(2026, 8, 1), date(2026, 10, 1)))) == 1


def test_what_is_missing_is_said_although_a_tariff_has_steps(camera_owner: Organization) -> None:
    price = camera_owner.usage_intervals.get().tariff.prices.get()
    VolumeStepFactory.create(price=price)
    camera_owner.billing_details.update(name="")

    with pytest.raises(DetailsMissing):
        issue(camera_owner)


def test_the_preview_and_the_page_show_what_is_carried_over(
    camera_owner: Organization, operator_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    credit(camera_owner, 20)
    monkeypatch.setattr(timezone, "now", lambda: IN_NOVEMBER)

    preview = operator_client.get(
        f"/organizations/{camera_owner.pk}/invoices/issue/",
        {"from": "2026-09-01", "to": "2026-09-30"},
    )
    (invoice,) = issue(camera_owner)
    page = operator_client.get(f"/invoices/{invoice.pk}/")

    for text in (preview.text, page.text):
        assert "is left. It is carried over to 1 Oct 2026." in text
        assert "11.00" in text
    assert "Nothing to pay" in preview.text
    assert page.context["invoice"].state == "paid"


def test_the_rest_of_a_credit_is_deducted_next(camera_owner: Organization) -> None:
    credit(camera_owner, 20)
    (september,) = issue(camera_owner)

    (october,) = issue(camera_owner, OCTOBER)
    (november,) = issue(camera_owner, NOVEMBER, IN_DECEMBER)

    assert [each.net for each in (september, october, november)] == [0, 0, 7]
    assert sections(october) == [("usage", "9.00"), ("credits", "-9.00")]
    assert sections(november) == [("usage", "9.00"), ("credits", "-2.00")]
    assert not document_of(november).carried


def test_the_rest_of_a_credit_is_dated_after_what_is_invoiced_already(
    camera_owner: Organization,
) -> None:
    (october,) = issue(camera_owner, OCTOBER)
    credit(camera_owner, 20)

    (september,) = issue(camera_owner)

    assert october.net == 9
    (carried,) = document_of(september).carried
    assert carried.day == date(2026, 11, 1)
    assert camera_owner.one_off_charges.get(day=carried.day).amount == 11


def test_cancelling_takes_back_what_was_carried_over(camera_owner: Organization) -> None:
    original = credit(camera_owner, 20)
    (september,) = issue(camera_owner)
    (october,) = issue(camera_owner, OCTOBER)

    with pytest.raises(CreditUsed, match=october.number):
        operations.cancel(invoice_id=september.pk, now=IN_NOVEMBER, by=None)
    operations.cancel(invoice_id=october.pk, now=IN_NOVEMBER, by=None)
    note = operations.cancel(invoice_id=september.pk, now=IN_NOVEMBER, by=None)

    assert note.total == 0
    assert sections(note) == [("usage", "9.00"), ("credits", "-9.00")]
    assert [each.pk for each in camera_owner.one_off_charges.all()] == [original.pk]
    # Then it can be issued again, with the same result.
    assert issue(camera_owner)[0].total == 0
    assert camera_owner.one_off_charges.get(day="2026-10-01").amount == 11


def test_a_chain_of_carried_credits_is_cancelled_by_the_links_of_the_refusal(
    camera_owner: Organization, operator_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(timezone, "now", lambda: IN_DECEMBER)
    original = credit(camera_owner, 20)
    periods = (SEPTEMBER, OCTOBER, NOVEMBER)
    chain = [issue(camera_owner, period, IN_DECEMBER)[0] for period in periods]
    totals = [each.total for each in chain]

    def cancel(invoice: Invoice) -> Any:
        return operator_client.post(f"/invoices/{invoice.pk}/cancel/", follow=True)

    refused = cancel(chain[0])
    text = " ".join(strip_tags(refused.text).split())
    named = f"Invoices {chain[2].number}, {chain[1].number} have used"
    assert named in text
    assert "Cancel those invoices first, in this order." in text
    for each in chain[:0:-1]:
        assert f'href="/invoices/{each.pk}/">{each.number}</a>' in refused.text
    assert f'href="/invoices/{chain[2].pk}/">' in cancel(chain[1]).text

    for each in reversed(chain):
        assert "was cancelled by credit note" in strip_tags(cancel(each).text)
    assert Invoice.objects.in_force().count() == 0
    credits = camera_owner.one_off_charges.filter(quantity__lt=0)
    assert [each.pk for each in credits] == [original.pk]
    # Issued again, they come to the same.
    again = [issue(camera_owner, period, IN_DECEMBER)[0].total for period in periods]
    assert again == totals
    assert totals[:2] == [0, 0]


def test_a_refusal_links_to_the_credit_note_of_a_cancelled_invoice(
    camera_owner: Organization, operator_client: Client
) -> None:
    (invoice,) = issue(camera_owner)
    note = operations.cancel(invoice_id=invoice.pk, now=IN_NOVEMBER, by=None)

    page = operator_client.get(f"/invoices/{invoice.pk}/cancel/", follow=True).text

    assert f'href="/invoices/{note.pk}/">{note.number}</a>' in page


CHANGES = [
    "DELETE FROM organizations_oneoffcharge WHERE id = %s",
    "UPDATE organizations_oneoffcharge SET amount = 1 WHERE id = %s",
    "UPDATE organizations_oneoffcharge SET day = '2026-12-01' WHERE id = %s",
    "INSERT INTO organizations_oneoffcharge"
    " (organization_id, text, reason, day, quantity, amount, currency)"
    " SELECT organization_id, text, reason, day, quantity, amount, currency"
    " FROM organizations_oneoffcharge WHERE id = %s",
]


@pytest.mark.parametrize("change", CHANGES)
def test_sql_cannot_change_one_off_charges_of_an_invoiced_period(
    change: str, camera_owner: Organization
) -> None:
    charge = credit(camera_owner, 5)
    issue(camera_owner)

    refused = pytest.raises(DatabaseError, match="is invoiced by INV-")
    with refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(change, [charge.pk])


@pytest.mark.parametrize("change", CHANGES[:3])
def test_sql_cannot_change_what_is_left_of_a_credit(
    change: str, camera_owner: Organization
) -> None:
    credit(camera_owner, 20)
    issue(camera_owner)
    rest = camera_owner.one_off_charges.get(day="2026-10-01")

    refused = pytest.raises(DatabaseError, match="has left of another")
    with refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(change, [rest.pk])


def test_charges_of_other_dates_and_currencies_can_be_added(camera_owner: Organization) -> None:
    issue(camera_owner)

    OneOffChargeFactory.create(organization=camera_owner, currency="CHF")
    later = OneOffChargeFactory.create(organization=camera_owner, day=date(2026, 10, 1))

    with pytest.raises(DatabaseError, match="is invoiced by"), transaction.atomic():
        OneOffCharge.objects.filter(pk=later.pk).update(day=date(2026, 9, 30))


def test_a_credit_takes_nothing_below_0_with_any_tax(camera_owner: Organization) -> None:
    details = camera_owner.billing_details.get()
    BillingDetails.objects.filter(pk=details.pk).update(tax=a_tax(percent=7))
    details.pk, details.valid_from, details.tax = None, date(2026, 9, 21), a_tax(percent=19)
    details.save()
    credit(camera_owner, 8, day=date(2026, 9, 25))

    (invoice,) = issue(camera_owner)

    document = document_of(invoice)
    assert [(f"{tax.percent:.0f}", f"{tax.net:.2f}") for tax in document.taxes] == [
        ("7", "1.00"),
        ("19", "0.00"),
    ]
    assert [
        (f"{line.tax_percent:.0f}", f"{line.amount:.2f}")
        for line in document.lines
        if line.section is Section.CREDITS
    ] == [("19", "-3.00"), ("7", "-5.00")]
    for xml in (cii(document), ubl(document)):
        assert violations(xml) == []


def all_kinds(organization: Organization) -> None:
    FeeFactory.create(organization=organization, first_on=date(2026, 9, 8))
    OneOffChargeFactory.create(
        organization=organization, quantity=Decimal("1.5"), amount=Decimal("3.3333")
    )
    MinimumFactory.create(organization=organization)
    credit(organization, 4)


def test_a_credit_note_mirrors_lines_of_all_kinds(camera_owner: Organization) -> None:
    all_kinds(camera_owner)
    (invoice,) = issue(camera_owner)

    note = operations.cancel(invoice_id=invoice.pk, now=IN_NOVEMBER, by=None)

    assert sections(invoice) == [
        ("usage", "9.00"),
        ("fees", "3.83"),
        ("one_off", "5.00"),
        ("minimum", "17.17"),
        ("credits", "-4.00"),
    ]
    assert document_of(note).lines == document_of(invoice).lines
    for document in map(document_of, (invoice, note)):
        for xml in (cii(document), ubl(document)):
            assert violations(xml) == []


def test_nothing_is_carried_over_while_an_invoice_is_drafted(camera_owner: Organization) -> None:
    credit(camera_owner, 20)

    drafts_of(
        organization=camera_owner,
        period=SEPTEMBER,
        now=IN_NOVEMBER,
        provider=provider_details(),
    )

    assert camera_owner.one_off_charges.count() == 1


def test_what_is_left_is_stated_in_the_document(camera_owner: Organization) -> None:
    text: Any = credit(camera_owner, 20).text
    (invoice,) = issue(camera_owner)

    (carried,) = invoice.carried_credits.all()

    assert (carried.text, f"{carried.amount:.2f}") == (text, "11.00")
    with pytest.raises(DatabaseError, match="Cannot update or delete"), transaction.atomic():
        invoice.carried_credits.update(amount=1)
