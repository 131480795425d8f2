"""Tests of the tax in the accounting currency, from issuing to what corrects an invoice."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from invoices.documents import xml
from invoices.documents.accounting_tax import AccountingTax
from invoices.documents.issued import document_of
from invoices.documents.tests.schematron import violations
from invoices.issuing import operations, refusals
from invoices.issuing.drafts import drafts_of_all
from invoices.issuing.one_off import drafts_of_charges
from invoices.issuing.settling import invoices_to_settle, settle_now, settlements_of
from invoices.models import Invoice
from invoices.provider.models import Provider
from invoices.provider.parties import provider_details
from invoices.rates.models import ExchangeRate
from invoices.rates.tests.factories import ExchangeRateFactory
from invoices.runs.models import InvoiceRun, RunItem
from invoices.runs.outcomes import record
from invoices.tests.factories import (
    IN_NOVEMBER,
    OCTOBER,
    BilledOrganizationFactory,
    BilledUseFactory,
    ProviderFactory,
)
from invoices.uninvoiced.fixes import Fixes
from organizations.models import Organization, TaxCategory
from organizations.tests.factories import BillingDetailsFactory, OneOffChargeFactory, a_tax
from tariffs.models import Tariff
from tariffs.tests.factories import TariffFactory, TariffPriceFactory
from usage.models import UsageInterval

pytestmark = pytest.mark.django_db

IN_DECEMBER = datetime(2026, 12, 2, tzinfo=UTC)


def a_tariff(currency: str = "USD", amount: str = "100.00") -> Tariff:
    tariff: Tariff = TariffFactory.create(currency=currency)
    TariffPriceFactory.create(tariff=tariff, amount=amount)
    return tariff


@pytest.fixture
def harbour() -> Organization:
    """Return an organization whose camera costs USD 100.00 each month, at 19 %."""
    ProviderFactory.create(accounting_currency="EUR")
    organization: Organization = BilledOrganizationFactory.create(title="Harbour")
    BilledUseFactory.create(camera__organization=organization, tariff=a_tariff())
    return organization


def issue(organization: Organization, now: datetime = IN_NOVEMBER) -> list[Invoice]:
    return operations.issue(organization_id=organization.pk, period=OCTOBER, now=now, by=None)


def tax_of(invoice: Invoice) -> AccountingTax | None:
    return document_of(Invoice.objects.get(pk=invoice.pk)).accounting_tax


def stated(invoice: Invoice) -> str:
    """Return the tax of a stored document in the accounting currency, with its rate."""
    tax = tax_of(invoice)
    assert tax
    rate = tax.rate
    return f"{tax.amount} {tax.currency}: 1 {rate.base} = {rate.rate} {rate.quote}, {rate.day}"


def change_provider(**values: object) -> None:
    Provider.objects.update(**values)


# --- Issuing -------------------------------------------------------------------------------------


def test_an_invoice_states_its_tax_at_the_last_rate(harbour: Organization) -> None:
    ExchangeRateFactory.create(day=date(2026, 10, 29), rate="1.0700")
    ExchangeRateFactory.create(day=date(2026, 10, 30), rate="1.0812")
    (invoice,) = issue(harbour)

    # USD 19.00 / 1.0812 = 17.573...
    assert stated(invoice) == "17.57 EUR: 1 EUR = 1.0812 USD, 2026-10-30"


def test_what_is_issued_keeps_its_rate(harbour: Organization) -> None:
    ExchangeRateFactory.create()
    (invoice,) = issue(harbour)
    before = xml.ubl(document_of(invoice))
    ExchangeRate.objects.all().delete()
    change_provider(accounting_currency="PLN")

    assert xml.ubl(document_of(Invoice.objects.get(pk=invoice.pk))) == before
    assert b"17.57" in before


@pytest.mark.parametrize(
    ("rule", "day"),
    [
        ("issued", date(2026, 11, 2)),
        ("day_before_issued", date(2026, 11, 1)),
        ("period_end", date(2026, 10, 31)),
        ("day_before_period_end", date(2026, 10, 30)),
    ],
)
def test_the_provider_chooses_which_date_counts(
    harbour: Organization, rule: str, day: date
) -> None:
    for last in (29, 30, 31):
        ExchangeRateFactory.create(day=date(2026, 10, last))
    for first in (1, 2, 3):
        ExchangeRateFactory.create(day=date(2026, 11, first))
    change_provider(rate_date=rule)

    tax = tax_of(issue(harbour)[0])
    assert tax
    assert tax.rate.day == day


def test_without_a_rate_nothing_is_issued(harbour: Organization) -> None:
    ExchangeRateFactory.create(day=date(2026, 10, 25))
    with pytest.raises(refusals.ExchangeRateMissing) as caught:
        issue(harbour)

    assert str(caught.value) == (
        "The tax must also be stated in EUR, but there is no exchange rate for USD of 2 Nov 2026, "
        "nor one up to 7 days older. Enter or upload it under Exchange rates."
    )
    recalled = refusals.recall(caught.value.name, caught.value.details)
    assert str(recalled) == str(caught.value)
    change_provider(rate_days=8)
    assert stated(issue(harbour)[0]).endswith("2026-10-25")


def test_the_preview_links_to_where_the_rate_is_entered(
    harbour: Organization, operator_client: Client
) -> None:
    address = f"/organizations/{harbour.pk}/invoices/issue/?from=2026-10-01&to=2026-10-31"
    page = operator_client.get(address).text

    assert "there is no exchange rate for USD" in page
    assert 'href="/invoices/provider/rates/?next=' in page
    assert "Issue 1 invoice" not in page


def test_a_run_says_which_organizations_wait_for_a_rate(harbour: Organization) -> None:
    run = InvoiceRun.objects.create(month=OCTOBER.start, started_at=IN_NOVEMBER)
    item = RunItem.objects.create(run=run, organization=harbour)
    drafted = drafts_of_all(
        organizations=[harbour], period=OCTOBER, now=IN_NOVEMBER, provider=provider_details()
    )

    assert record([item], drafted, IN_NOVEMBER) == []
    item.refresh_from_db()
    assert (item.state, item.reason) == (RunItem.State.REFUSED, "ExchangeRateMissing")
    refusal = refusals.recall(item.reason, item.details)
    assert refusal
    address = Fixes([harbour], "/").address_of(refusal, harbour.pk, OCTOBER)
    assert address == "/invoices/provider/rates/?next=%2F"


def test_a_missing_rate_blocks_what_is_invoiced_with_it(harbour: Organization) -> None:
    BilledUseFactory.create(camera__organization=harbour, tariff=a_tariff("EUR"))
    with pytest.raises(refusals.ExchangeRateMissing):
        issue(harbour)

    ExchangeRateFactory.create()
    issued = {each.currency: each for each in issue(harbour)}
    assert tax_of(issued["EUR"]) is None
    assert stated(issued["USD"]).startswith("17.57 EUR")


def test_a_currency_that_is_invoiced_already_needs_no_rate(harbour: Organization) -> None:
    rate = ExchangeRateFactory.create()
    issue(harbour)
    rate.delete()
    BilledUseFactory.create(camera__organization=harbour, tariff=a_tariff("EUR"))

    assert [each.currency for each in issue(harbour)] == ["EUR"]


@pytest.mark.parametrize("category", [TaxCategory.REVERSE_CHARGE, TaxCategory.NONE])
def test_without_tax_no_rate_is_needed(harbour: Organization, category: TaxCategory) -> None:
    harbour.billing_details.all().delete()
    BillingDetailsFactory.create(
        organization=harbour, tax=a_tax(category), tax_number="FR40303265045", country="FR"
    )
    (invoice,) = issue(harbour)

    assert tax_of(invoice) is None
    assert invoice.accounting_tax is None


def test_without_an_accounting_currency_no_rate_is_needed(harbour: Organization) -> None:
    change_provider(accounting_currency="")

    assert tax_of(issue(harbour)[0]) is None
    assert not Invoice.objects.filter(accounting_tax__isnull=False).exists()


def test_a_cross_rate_is_stated_as_it_is_used(harbour: Organization) -> None:
    ExchangeRateFactory.create(currency="USD", rate="1.0812")
    ExchangeRateFactory.create(currency="PLN", rate="4.2345")
    change_provider(accounting_currency="PLN")

    # USD 19.00 * 3.916481687 = 74.413...
    assert stated(issue(harbour)[0]) == "74.41 PLN: 1 USD = 3.916481687 PLN, 2026-10-30"


def test_an_invoice_for_one_off_charges_states_it(harbour: Organization) -> None:
    charge = OneOffChargeFactory.create(
        organization=harbour, day=date(2026, 10, 20), amount="200.00", quantity=1, currency="USD"
    )
    drafts = drafts_of_charges(harbour, [charge], provider_details(), IN_NOVEMBER)
    assert isinstance(drafts.refusal, refusals.ExchangeRateMissing)

    ExchangeRateFactory.create()
    drafts = drafts_of_charges(harbour, [charge], provider_details(), IN_NOVEMBER)
    tax = drafts.ready[0].document.accounting_tax
    assert tax
    assert str(tax.amount) == "35.15"


def test_drafts_take_one_query_more_for_all_organizations(harbour: Organization) -> None:
    ExchangeRateFactory.create()
    others = [BilledUseFactory.create(tariff=a_tariff()).organization for _number in range(3)]

    def count(organizations: list[Organization], currency: str) -> int:
        provider = provider_details()
        provider.accounting_currency = currency
        with CaptureQueriesContext(connection) as captured:
            drafts_of_all(
                organizations=organizations, period=OCTOBER, now=IN_NOVEMBER, provider=provider
            )
        return len(captured)

    assert count([harbour, *others], "EUR") == count([harbour], "EUR")
    assert count([harbour, *others], "EUR") == count([harbour, *others], "") + 1


# --- What corrects an invoice --------------------------------------------------------------------


def settle(invoice: Invoice) -> Invoice:
    settlements = settlements_of(invoices_to_settle([invoice.pk]), IN_DECEMBER)
    (document,) = settle_now(
        invoice_ids=[invoice.pk],
        now=IN_DECEMBER,
        by=None,
        shown={each.invoice.pk: each.version for each in settlements},
    )
    return document


def end(organization: Organization, day: int) -> None:
    """End use on a day of October."""
    UsageInterval.objects.filter(organization=organization).update(
        ended_at=datetime(2026, 10, day, tzinfo=UTC)
    )


@pytest.fixture
def invoice(harbour: Organization) -> Invoice:
    """Return an invoice at 1.0812; there is another rate when it is corrected."""
    ExchangeRateFactory.create()
    ExchangeRateFactory.create(day=date(2026, 12, 1), rate="2.0000")
    (invoice,) = issue(harbour)
    return invoice


def test_a_credit_note_has_the_rate_of_its_invoice(invoice: Invoice) -> None:
    credit_note = operations.cancel(invoice_id=invoice.pk, now=IN_DECEMBER, by=None)

    assert stated(credit_note) == stated(invoice)
    for generated in (xml.cii, xml.ubl):
        assert violations(generated(document_of(credit_note))) == []


def test_a_partial_credit_has_the_rate_of_its_invoice(invoice: Invoice) -> None:
    end(invoice.organization, 11)
    partial = settle(invoice)

    # 21 of 31 days: USD 67.74 and 12.87 of tax.
    assert partial.is_credit_note
    assert stated(partial) == "11.90 EUR: 1 EUR = 1.0812 USD, 2026-10-30"


def test_a_supplementary_invoice_has_the_rate_of_its_invoice(invoice: Invoice) -> None:
    BilledUseFactory.create(camera__organization=invoice.organization, tariff=Tariff.objects.get())

    assert stated(settle(invoice)) == stated(invoice)


def test_credits_add_up_to_the_invoice(invoice: Invoice) -> None:
    partials = []
    for day in (28, 17, 5):
        end(invoice.organization, day)
        partials.append(settle(invoice))
    rest = operations.cancel(invoice_id=invoice.pk, now=IN_DECEMBER, by=None)

    credited = [tax.amount for each in (*partials, rest) if (tax := tax_of(each))]
    assert len(credited) == 4
    assert sum(credited) == Decimal("17.57")
    assert all(each > 0 for each in credited)


def test_what_corrects_an_invoice_without_a_rate_states_none(harbour: Organization) -> None:
    change_provider(accounting_currency="")
    (invoice,) = issue(harbour)
    change_provider(accounting_currency="EUR")
    ExchangeRateFactory.create(day=date(2026, 12, 1))
    end(harbour, 11)

    assert tax_of(settle(invoice)) is None
    assert tax_of(operations.cancel(invoice_id=invoice.pk, now=IN_DECEMBER, by=None)) is None


def test_the_page_and_the_files_of_an_invoice_state_it(
    invoice: Invoice, operator_client: Client
) -> None:
    page = operator_client.get(f"/invoices/{invoice.pk}/").text
    ubl = operator_client.get(f"/invoices/{invoice.pk}.ubl.xml").content.decode()

    assert "VAT in EUR" in page
    assert "1 EUR = 1.0812 USD on 30 Oct 2026 (European Central Bank)" in page
    assert '<cbc:TaxAmount currencyID="EUR">17.57</cbc:TaxAmount>' in ubl
