"""Taxes and billing details by date: what invoices of a period state, and what blocks them."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.utils.formats import date_format

from invoices.documents import xml
from invoices.documents.issued import document_of
from invoices.documents.tests.schematron import violations
from invoices.issuing import operations, refusals
from invoices.issuing.drafts import drafts_of
from invoices.models import Invoice
from invoices.provider.models import Provider
from invoices.provider.parties import provider_details
from invoices.tests.factories import (
    IN_NOVEMBER,
    OCTOBER,
    SEPTEMBER,
    BilledOrganizationFactory,
    BilledUseFactory,
    ProviderFactory,
)
from invoices.uninvoiced.tests.stored import stored_blockers
from organizations.models import Organization, Tax
from organizations.taxes.spans import BEGINNING
from organizations.tests.factories import BillingDetailsFactory, a_tax
from rating.periods import Period

pytestmark = pytest.mark.django_db

MIDDLE = date(2026, 10, 16)
IN_DECEMBER = datetime(2026, 12, 2, tzinfo=UTC)


@pytest.fixture
def organization() -> Organization:
    """Return an organization whose camera costs EUR 9.00 each month, at 19 %."""
    ProviderFactory.create()
    organization: Organization = BilledOrganizationFactory.create(title="Harbour")
    BilledUseFactory.create(camera__organization=organization)
    return organization


def issue(
    organization: Organization, period: Period = OCTOBER, now: datetime = IN_NOVEMBER
) -> Invoice:
    (invoice,) = operations.issue(organization_id=organization.pk, period=period, now=now, by=None)
    return Invoice.objects.get(pk=invoice.pk)


def choose(organization: Organization, tax: Tax | None, day: date, **details: Any) -> None:
    BillingDetailsFactory.create(organization=organization, tax=tax, valid_from=day, **details)


def refusal(organization: Organization, period: Period = OCTOBER) -> refusals.IssueRefusal:
    """Return why issuing is refused, which previews and runs state as well."""
    with pytest.raises(refusals.IssueRefusal) as caught:
        issue(organization, period)
    drafts = drafts_of(
        organization=organization, period=period, now=IN_NOVEMBER, provider=provider_details()
    )
    for found in (drafts.blockers[0], stored_blockers(organization, period, IN_NOVEMBER)[0]):
        assert (found.name, found.details) == (caught.value.name, caught.value.details)
    recalled = refusals.recall(caught.value.name, caught.value.details)
    assert str(recalled) == str(caught.value)
    return caught.value


def subtotals(invoice: Invoice) -> list[tuple[str, Decimal, Decimal, Decimal]]:
    taxes = document_of(invoice).taxes
    return [(tax.category.value, tax.percent, tax.net, tax.amount) for tax in taxes]


# --- Rates ---------------------------------------------------------------------------------------


def test_a_new_rate_within_the_period_cuts_lines_and_is_stated_beside_the_old_one(
    organization: Organization,
) -> None:
    a_tax().percents.create(percent=16, valid_from=MIDDLE)

    invoice = issue(organization)

    lines = document_of(invoice).lines
    assert [(*each.period, each.tax_percent, each.amount) for each in lines] == [
        (OCTOBER.start, MIDDLE, Decimal(19), Decimal("4.35")),
        (MIDDLE, OCTOBER.end, Decimal(16), Decimal("4.65")),
    ]
    assert subtotals(invoice) == [
        ("S", Decimal(16), Decimal("4.65"), Decimal("0.74")),
        ("S", Decimal(19), Decimal("4.35"), Decimal("0.83")),
    ]
    assert invoice.net == 9


def test_an_earlier_month_that_is_issued_again_has_its_rate_and_its_details(
    organization: Organization,
) -> None:
    first = issue(organization, now=IN_NOVEMBER)
    a_tax().percents.create(percent=16, valid_from=date(2026, 11, 1))
    choose(organization, a_tax("AE"), date(2026, 11, 15), name="Other Ltd", city="Kiel")
    operations.cancel(invoice_id=first.pk, now=IN_DECEMBER, by=None)

    again = issue(organization, now=IN_DECEMBER)
    november = issue(organization, Period(date(2026, 11, 1), date(2026, 12, 1)), IN_DECEMBER)

    before, after = document_of(first), document_of(again)
    as_before = replace(
        after,
        number=before.number,
        issued_on=before.issued_on,
        due_on=before.due_on,
        payment_reference=before.payment_reference,
    )
    assert as_before == before
    assert document_of(november).buyer.name == "Other Ltd"
    assert [each[:2] for each in subtotals(november)] == [("AE", Decimal(0)), ("S", Decimal(16))]


def test_charges_of_a_period_add_up_however_taxes_cut_it(organization: Organization) -> None:
    for day in (3, 4, 11, 25):
        a_tax().percents.create(percent=day, valid_from=date(2026, 10, day))

    invoice = issue(organization)

    assert len(document_of(invoice).lines) == 5
    assert invoice.net == 9


def test_two_reasons_for_an_exemption_are_stated_together(organization: Organization) -> None:
    exemption = {"category": "E", "exemption_code": "VATEX-EU-132"}
    first = Tax.objects.create(name="A", exemption_text="Article 132", **exemption)
    second = Tax.objects.create(name="B", exemption_text="Article 135", category="E")
    organization.billing_details.update(tax=first)
    choose(organization, second, MIDDLE)

    (tax,) = document_of(issue(organization)).taxes

    assert (tax.reason, tax.reason_code) == ("Article 132; Article 135", "")


# Where supplies must go to have these taxes, from Germany.
DELIVERED = {"K": "FR", "G": "US"}


@pytest.mark.parametrize("category", ["S", "Z", "E", "AE", "O", "K", "G"])
@pytest.mark.parametrize("generated", [xml.cii, xml.ubl])
def test_the_official_rules_accept_what_is_issued(
    organization: Organization, category: str, generated: Any
) -> None:
    delivered = DELIVERED.get(category, "")
    organization.billing_details.update(tax=a_tax(category), delivery_country=delivered)

    assert violations(generated(document_of(issue(organization)))) == []


@pytest.mark.parametrize(
    ("first", "second"), [("S", "AE"), ("Z", "E"), ("K", "S"), ("G", "Z"), ("E", "K")]
)
@pytest.mark.parametrize("generated", [xml.cii, xml.ubl])
def test_the_official_rules_accept_a_change_of_tax(
    organization: Organization, first: str, second: str, generated: Any
) -> None:
    organization.billing_details.update(tax=a_tax(first))
    choose(organization, a_tax(second), MIDDLE)
    delivered = DELIVERED.get(first) or DELIVERED.get(second, "")
    organization.billing_details.update(delivery_country=delivered)

    assert violations(generated(document_of(issue(organization)))) == []


# --- Blockers ------------------------------------------------------------------------------------


def test_a_tax_without_a_rate_on_some_dates_blocks(organization: Organization) -> None:
    new = Tax.objects.create(name="New VAT", category="S")
    new.percents.create(percent=5, valid_from=MIDDLE)
    organization.billing_details.update(tax=new)

    found = refusal(organization)

    assert isinstance(found, refusals.RateMissing)
    assert found.details == {"tax": "New VAT", "first": "2026-10-01", "last": "2026-10-15"}


def test_no_tax_on_some_dates_blocks(organization: Organization) -> None:
    organization.billing_details.update(tax=None)
    choose(organization, a_tax(), MIDDLE)

    found = refusal(organization)

    assert isinstance(found, refusals.TaxNotChosen)
    assert found.details == {"first": "2026-10-01", "last": "2026-10-15"}


def test_no_tax_at_the_end_is_a_missing_detail(organization: Organization) -> None:
    choose(organization, None, MIDDLE)

    found = refusal(organization)

    assert isinstance(found, refusals.DetailsMissing)
    assert found.missing == ["organization.tax"]


def test_not_subject_to_tax_beside_another_tax_blocks(organization: Organization) -> None:
    choose(organization, a_tax("O"), MIDDLE)

    found = refusal(organization)

    assert isinstance(found, refusals.TaxesApart)
    assert found.details == {"last": "2026-10-15"}
    for period in (Period(OCTOBER.start, MIDDLE), Period(MIDDLE, OCTOBER.end)):
        assert len(subtotals(issue(organization, period))) == 1


@pytest.mark.parametrize(
    ("category", "missing"),
    [("K", ["provider.vat_number", "organization.vat_number"]), ("G", ["provider.vat_number"])],
)
def test_some_taxes_need_vat_numbers(
    organization: Organization, category: str, missing: list[str]
) -> None:
    Provider.objects.update(tax_id="12/345/6789")
    organization.billing_details.update(tax=a_tax(category), tax_number="12-3456789")

    found = refusal(organization)

    assert isinstance(found, refusals.DetailsMissing)
    assert found.missing == missing


@pytest.mark.parametrize(("category", "missing"), [("AE", "tax_number"), ("K", "vat_number")])
def test_the_last_details_must_suffice_for_an_earlier_tax(
    organization: Organization, category: str, missing: str
) -> None:
    organization.billing_details.update(tax=a_tax(category))
    choose(organization, a_tax(), MIDDLE, tax_number="")

    found = refusal(organization)

    assert isinstance(found, refusals.DetailsMissing)
    assert found.missing == [f"organization.{missing}"]


def test_a_run_from_before_details_had_dates_still_names_what_was_missing() -> None:
    names = ["provider.city", "organization.billing_city", "organization.billing_tax_id"]
    found = refusals.recall("DetailsMissing", {"missing": [*names, "organization.tax_category"]})

    assert str(found) == "Fill in the missing details: City (provider), City, Tax ID, Tax."


# --- Preview -------------------------------------------------------------------------------------


def preview(client: Client, organization: Organization, period: Period) -> str:
    address = f"/organizations/{organization.pk}/invoices/issue/"
    dates = {"from": period.start.isoformat(), "to": period.last.isoformat()}
    text = client.get(address, dates).text
    return " ".join(text.split())


def test_the_preview_says_which_rate_applies_since_when(
    operator_client: Client, organization: Organization, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: IN_NOVEMBER)
    a_tax().percents.create(percent=16, valid_from=MIDDLE)

    october = preview(operator_client, organization, OCTOBER)
    september = preview(operator_client, organization, SEPTEMBER)

    assert f"VAT 19 %: 19 %, in force since {date_format(date(2020, 1, 1))}" in october
    assert f"VAT 19 %: 16 %, in force since {date_format(MIDDLE)}" in october
    assert "16 %, in force since" not in september


def test_the_preview_says_since_when_the_organization_has_its_tax(
    operator_client: Client, organization: Organization
) -> None:
    choose(organization, a_tax(percent=7), date(2026, 9, 15))
    choose(organization, a_tax(percent=7), date(2026, 9, 20), city="Kiel")
    choose(organization, a_tax("AE"), MIDDLE)

    august = preview(operator_client, organization, Period(date(2026, 8, 1), SEPTEMBER.start))
    october = preview(operator_client, organization, OCTOBER)

    assert f"VAT 19 %: 19 %, in force since {date_format(date(2020, 1, 1))}" in august
    assert f"VAT 7 %: 7 %, in force since {date_format(date(2026, 9, 15))}" in october
    assert f"Reverse charge, in force since {date_format(MIDDLE)}" in october
    assert "VAT 19 %" not in october


def test_a_tax_from_the_beginning_has_no_date_to_show(
    operator_client: Client, organization: Organization
) -> None:
    old = Tax.objects.create(name="Old", category="S")
    old.percents.create(percent=16, valid_from=BEGINNING)
    organization.billing_details.update(tax=old)
    assert "Old: 16 %</li>" in preview(operator_client, organization, OCTOBER)

    organization.billing_details.update(tax=a_tax("AE"))
    assert "Reverse charge</li>" in preview(operator_client, organization, OCTOBER)


def test_the_preview_says_if_the_details_are_not_those_of_today(
    operator_client: Client, organization: Organization, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: IN_NOVEMBER)
    said = f"Billing details as of {date_format(date(2026, 10, 31))}"

    assert said not in preview(operator_client, organization, OCTOBER)
    choose(organization, a_tax(), date(2026, 11, 1), city="Kiel")
    assert said in preview(operator_client, organization, OCTOBER)


def test_missing_details_lead_to_the_version_that_lacks_them(
    operator_client: Client, organization: Organization, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: IN_NOVEMBER)
    organization.billing_details.update(city="")
    choose(organization, a_tax(), date(2026, 11, 1))
    of_october = organization.billing_details.get(valid_from=None)

    address = f"/organizations/{organization.pk}/invoices/issue/"
    page = operator_client.get(address, {"from": "2026-10-01", "to": "2026-10-31"})

    (city,) = page.context["missing"]
    for link in (city.address, page.context["billing"]):
        assert operator_client.get(link).context["opened"] == of_october
