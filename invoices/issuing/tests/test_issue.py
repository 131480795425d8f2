"""Tests of issuing invoices: what is stored, refusals, and protection in the database."""

import csv
import gzip
import hashlib
import io
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client

from accounts.models import User
from invoices.documents.document import DocumentLine, Kind, TaxSubtotal
from invoices.documents.issued import document_of
from invoices.issuing import drafts, operations, refusals
from invoices.issuing.drafts import drafts_of
from invoices.models import Invoice, InvoiceLine, InvoiceTax, NumberSeries
from invoices.provider.models import Provider
from invoices.provider.parties import provider_details
from invoices.tests.factories import (
    IN_NOVEMBER,
    OCTOBER,
    SEPTEMBER,
    BilledOrganizationFactory,
    BilledUseFactory,
    ProviderFactory,
    issued_invoice,
)
from organizations.models import BillingDetails, Organization, TaxCategory, TaxPercent
from organizations.tests.factories import a_tax
from rating.money import Amount
from rating.periods import Period
from tariffs.models import Tariff
from tariffs.tests.factories import TariffFactory, TariffPriceFactory
from usage.statements.statement import statement_for

pytestmark = pytest.mark.django_db


@pytest.fixture
def provider() -> Provider:
    return ProviderFactory.create()


@pytest.fixture
def organization(provider: Provider) -> Organization:
    return BilledOrganizationFactory.create(title="Harbour", contract_number="2026/17")


def use(organization: Organization, **fields: object) -> Tariff:
    """Add a camera that the organization uses; return its tariff."""
    tariff: Tariff = BilledUseFactory.create(camera__organization=organization, **fields).tariff
    return tariff


def issue(organization: Organization, period: Period = OCTOBER) -> list[Invoice]:
    return operations.issue(
        organization_id=organization.pk, period=period, now=IN_NOVEMBER, by=None
    )


def test_an_invoice_states_usage_and_prices(organization: Organization, operator: User) -> None:
    basic = TariffFactory.create(name="Basic")
    TariffPriceFactory.create(tariff=basic)
    TariffPriceFactory.create(tariff=basic, amount=Decimal("10.50"), valid_from=date(2026, 10, 16))
    for _ in range(2):
        use(organization, tariff=basic)
    pro = use(organization, started_at=datetime(2026, 10, 31, tzinfo=UTC))

    (invoice,) = operations.issue(
        organization_id=organization.pk, period=OCTOBER, now=IN_NOVEMBER, by=operator
    )

    document = document_of(Invoice.objects.get(pk=invoice.pk))
    assert document.number == "INV-2026-000001"
    assert (document.kind, document.currency, document.digits) == (Kind.INVOICE, "EUR", 2)
    assert document.period == OCTOBER
    assert (document.issued_on, document.due_on) == (date(2026, 11, 2), date(2026, 11, 16))
    assert (document.organization, document.buyer_reference) == ("Harbour", "2026/17")
    assert document.seller.name == "Watchful Ltd"
    assert document.buyer.name == "Harbour Storage GmbH"
    # The second price applies for 16 of the 31 days of October.
    nineteen = (TaxCategory.STANDARD, Decimal(19))
    assert document.lines == (
        DocumentLine(
            "Basic",
            date(2026, 10, 1),
            date(2026, 10, 16),
            Decimal(9),
            2,
            Decimal("0.967742"),
            Decimal("8.70"),
            *nineteen,
        ),
        DocumentLine(
            "Basic",
            date(2026, 10, 16),
            date(2026, 11, 1),
            Decimal("10.5"),
            2,
            Decimal("1.032258"),
            Decimal("10.84"),
            *nineteen,
        ),
        DocumentLine(
            pro.name,
            *OCTOBER,
            Decimal(9),
            1,
            Decimal("0.032258"),
            Decimal("0.29"),
            *nineteen,
        ),
    )
    assert document.net == Decimal("19.83")
    assert document.taxes == (TaxSubtotal(*nineteen, "", "", Decimal("19.83"), Decimal("3.77")),)
    assert document.total == Decimal("23.60")
    assert invoice.issued_by == operator


def test_the_net_sum_is_the_sum_of_the_statement(organization: Organization) -> None:
    for day in range(1, 8):
        use(organization, started_at=datetime(2026, 10, day, 7 * day % 24, tzinfo=UTC))

    (invoice,) = issue(organization)

    statement = statement_for(organization=organization, period=OCTOBER, as_of=IN_NOVEMBER)
    assert statement.totals().all.amounts == [Amount(invoice.net, "EUR")]


def test_the_charges_are_frozen_when_the_invoice_is_issued(organization: Organization) -> None:
    tariff = use(organization, camera__name="gate-1")

    (invoice,) = issue(organization)

    tariff.prices.update(amount=Decimal(100))
    content = gzip.decompress(invoice.frozen_charges.content)
    assert hashlib.sha256(content).hexdigest() == invoice.charges_sha256
    (row,) = csv.DictReader(io.StringIO(content.decode()))
    assert (row["camera"], row["price"], row["amount"]) == ("gate-1", "9.00", "9.00")
    assert invoice.frozen_charges.count == 1


def test_each_currency_has_its_own_invoice(organization: Organization) -> None:
    yen = TariffFactory.create(currency="JPY")
    TariffPriceFactory.create(tariff=yen, amount=Decimal(1000))
    use(organization)
    use(organization, tariff=yen)

    issued = issue(organization)

    assert [(each.currency, each.net, each.tax_amount, each.total) for each in issued] == [
        ("EUR", Decimal("9.00"), Decimal("1.71"), Decimal("10.71")),
        ("JPY", Decimal(1000), Decimal(190), Decimal(1190)),
    ]
    assert [each.number for each in issued] == ["INV-2026-000001", "INV-2026-000002"]


@pytest.mark.parametrize(
    ("category", "rate", "tax", "reason"),
    [
        (TaxCategory.STANDARD, Decimal("7.7"), Decimal("0.69"), ""),
        (TaxCategory.ZERO, None, Decimal(0), ""),
        (TaxCategory.EXEMPT, None, Decimal(0), "Exempt from tax"),
        (
            TaxCategory.REVERSE_CHARGE,
            None,
            Decimal(0),
            "Reverse charge: the recipient is liable for the tax",
        ),
        (TaxCategory.NONE, None, Decimal(0), "Not subject to tax"),
        (TaxCategory.INTRA_EU, None, Decimal(0), "Intra-EU supply, exempt from tax"),
        (TaxCategory.EXPORT, None, Decimal(0), "Export, exempt from tax"),
    ],
)
def test_tax_is_charged_on_the_sum_of_lines(
    provider: Provider, category: TaxCategory, rate: Decimal | None, tax: Decimal, reason: str
) -> None:
    to = {TaxCategory.INTRA_EU: "FR", TaxCategory.EXPORT: "CH"}.get(category, "")
    organization = BilledOrganizationFactory.create(
        details__tax=a_tax(category, rate or 0), details__delivery_country=to
    )
    use(organization)

    (invoice,) = issue(organization)

    assert invoice.terms == ({"delivery_country": to} if to else {})
    (stated,) = invoice.taxes.all()
    assert (stated.category, stated.percent) == (category, rate or 0)
    assert (stated.net, stated.amount, stated.reason) == (9, tax, reason)
    assert (invoice.tax_amount, invoice.total) == (tax, 9 + tax)


def test_tax_is_rounded_once_half_up(organization: Organization) -> None:
    # 19 % of 0.50 is 0.095. Rounded per line, the tax would be 0.05 and 0.05.
    for _ in range(2):
        tariff = TariffFactory.create()
        TariffPriceFactory.create(tariff=tariff, amount=Decimal("0.25"))
        use(organization, tariff=tariff)

    (invoice,) = issue(organization)

    assert (invoice.net, invoice.tax_amount) == (Decimal("0.50"), Decimal("0.10"))


# --- Refusals ------------------------------------------------------------------------------------


def test_a_period_must_be_over_in_the_organizations_time_zone(provider: Provider) -> None:
    organization = BilledOrganizationFactory.create(time_zone="America/Los_Angeles")
    use(organization)
    # 1 November has begun in UTC but not in Los Angeles.
    before = datetime(2026, 11, 1, 6, 59, 59, tzinfo=UTC)

    with pytest.raises(refusals.PeriodNotOver):
        operations.issue(organization_id=organization.pk, period=OCTOBER, now=before, by=None)

    after = datetime(2026, 11, 1, 7, tzinfo=UTC)
    assert operations.issue(organization_id=organization.pk, period=OCTOBER, now=after, by=None)


def test_an_unpriced_charge_blocks_every_currency(organization: Organization) -> None:
    use(organization)
    late = TariffFactory.create(currency="JPY")
    TariffPriceFactory.create(tariff=late, valid_from=date(2026, 10, 20))
    use(organization, tariff=late)

    with pytest.raises(refusals.Unpriced) as caught:
        issue(organization)

    assert caught.value.number == 1
    assert not Invoice.objects.exists()


@pytest.mark.parametrize(
    "period",
    [
        OCTOBER,
        Period(date(2026, 10, 31), date(2026, 11, 2)),
        Period(date(2026, 9, 15), date(2026, 10, 2)),
        Period(date(2026, 1, 1), date(2026, 11, 2)),
        Period(date(2026, 10, 5), date(2026, 10, 6)),
    ],
)
def test_a_period_that_overlaps_an_invoice_in_force_is_refused(
    organization: Organization, period: Period
) -> None:
    use(organization)
    (invoice,) = issue(organization)

    with pytest.raises(refusals.AlreadyInvoiced) as caught:
        operations.issue(
            organization_id=organization.pk,
            period=period,
            now=datetime(2026, 11, 3, tzinfo=UTC),
            by=None,
        )

    assert [each["number"] for each in caught.value.invoices] == [invoice.number]
    assert Invoice.objects.count() == 1


def test_an_adjacent_period_is_invoiced(organization: Organization) -> None:
    use(organization)
    issue(organization)

    assert issue(organization, SEPTEMBER)


def test_a_currency_added_later_is_invoiced_separately(organization: Organization) -> None:
    use(organization)
    issue(organization)
    yen = TariffFactory.create(currency="JPY")
    TariffPriceFactory.create(tariff=yen, amount=Decimal(1000))
    use(organization, tariff=yen)

    assert [each.currency for each in issue(organization)] == ["JPY"]


def test_the_refusal_lists_the_invoices_in_force_of_all_currencies(
    organization: Organization,
) -> None:
    use(organization)
    yen = TariffFactory.create(currency="JPY")
    TariffPriceFactory.create(tariff=yen, amount=Decimal(1000))
    use(organization, tariff=yen)
    issued = issue(organization)

    with pytest.raises(refusals.AlreadyInvoiced) as caught:
        issue(organization)

    assert [each["id"] for each in caught.value.invoices] == [each.pk for each in issued]
    assert len(issued) == 2


def test_an_organization_without_usage_is_refused(organization: Organization) -> None:
    with pytest.raises(refusals.NothingToBill):
        issue(organization)


def test_a_period_within_the_trial_is_refused(provider: Provider) -> None:
    organization = BilledOrganizationFactory.create(
        trial_first_on=date(2026, 10, 1), trial_last_on=date(2026, 10, 31)
    )
    use(organization)

    with pytest.raises(refusals.NothingToBill):
        issue(organization)


def test_missing_details_are_listed(provider: Provider) -> None:
    Provider.objects.update(tax_id="")
    organization = BilledOrganizationFactory.create(
        details__city="",
        details__tax=a_tax(TaxCategory.REVERSE_CHARGE),
        details__tax_number="",
    )
    use(organization)

    with pytest.raises(refusals.DetailsMissing) as caught:
        issue(organization)

    assert caught.value.missing == [
        "provider.tax_id",
        "organization.city",
        "organization.tax_number",
    ]
    assert str(caught.value) == "Fill in the missing details: Tax ID (provider), City, Tax ID."


def test_charges_are_not_computed_if_the_invoice_is_refused_anyway(
    provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    def freeze_all(statements: list[object]) -> list[object]:
        assert not statements, "the charges were computed, possibly for a million cameras"
        return []

    monkeypatch.setattr(drafts, "freeze_all", freeze_all)
    with pytest.raises(refusals.DetailsMissing):
        issue(BilledOrganizationFactory.create(details__city=""))
    with pytest.raises(refusals.PeriodNotOver):
        issue(BilledOrganizationFactory.create(), Period(date(2026, 11, 1), date(2026, 12, 1)))


def test_all_details_of_a_provider_that_is_not_stored_are_missing() -> None:
    organization = BilledUseFactory.create().organization

    with pytest.raises(refusals.DetailsMissing) as caught:
        issue(organization)

    assert "provider.name" in caught.value.missing


def test_an_outdated_preview_is_not_issued(organization: Organization) -> None:
    tariff = use(organization)
    organization.refresh_from_db()
    drafted = drafts_of(
        organization=organization, period=OCTOBER, now=IN_NOVEMBER, provider=provider_details()
    )
    shown = {draft.document.currency: draft.version for draft in drafted.ready}
    tariff.prices.update(amount=Decimal("9.01"))

    with pytest.raises(refusals.PreviewOutdated):
        operations.issue(
            organization_id=organization.pk,
            period=OCTOBER,
            now=IN_NOVEMBER,
            by=None,
            shown=shown,
        )

    tariff.prices.update(amount=Decimal(9))
    assert operations.issue(
        organization_id=organization.pk, period=OCTOBER, now=IN_NOVEMBER, by=None, shown=shown
    )


# --- Numbers -------------------------------------------------------------------------------------


def test_a_number_of_a_failed_transaction_is_used_again(organization: Organization) -> None:
    use(organization)
    with transaction.atomic():
        issue(organization)
        transaction.set_rollback(True)

    (invoice,) = issue(organization)

    assert invoice.number == "INV-2026-000001"


def test_numbers_start_again_in_a_new_year_of_the_provider(organization: Organization) -> None:
    use(organization)
    issue(organization)

    (invoice,) = operations.issue(
        organization_id=organization.pk,
        period=SEPTEMBER,
        now=datetime(2027, 1, 1, tzinfo=UTC),
        by=None,
    )

    assert invoice.number == "INV-2027-000001"
    assert NumberSeries.objects.count() == 2


# --- Credit notes --------------------------------------------------------------------------------


def test_a_credit_note_mirrors_the_invoice(operator: User) -> None:
    invoice = issued_invoice()

    credit_note = operations.cancel(invoice_id=invoice.pk, now=IN_NOVEMBER, by=operator)

    document, mirrored = document_of(invoice), document_of(credit_note)
    assert mirrored.number == "CN-2026-000001"
    assert mirrored.kind == Kind.CREDIT_NOTE
    assert mirrored.cancels is not None
    assert mirrored.cancels.number == invoice.number
    assert mirrored.due_on is None
    assert (mirrored.lines, mirrored.net, mirrored.taxes) == (
        document.lines,
        document.net,
        document.taxes,
    )
    assert (mirrored.seller, mirrored.buyer) == (document.seller, document.buyer)


def test_a_credit_note_differs_from_its_invoice_only_in_its_own_fields(
    operator: User,
) -> None:
    invoice = issued_invoice()
    later = datetime(2026, 12, 1, tzinfo=UTC)

    credit_note = operations.cancel(invoice_id=invoice.pk, now=later, by=operator)

    stored, mirrored = (
        dict(Invoice.objects.values().get(pk=each.pk)) for each in (invoice, credit_note)
    )
    assert {name: value for name, value in mirrored.items() if value != stored[name]} == {
        "id": credit_note.pk,
        "kind": "credit_note",
        "number": "CN-2026-000001",
        "cancels_id": invoice.pk,
        "issued_at": later,
        "issued_on": date(2026, 12, 1),
        "issued_by_id": operator.pk,
        "due_on": None,
        "charges_sha256": "",
    }
    for model in (InvoiceLine, InvoiceTax):
        parts, mirrored_parts = (
            [
                {name: value for name, value in part.items() if name not in ("id", "invoice_id")}
                for part in model.objects.filter(invoice=each).values()
            ]
            for each in (invoice, credit_note)
        )
        assert parts == mirrored_parts != []


def test_a_cancelled_period_can_be_invoiced_again() -> None:
    invoice = issued_invoice()
    operations.cancel(invoice_id=invoice.pk, now=IN_NOVEMBER, by=None)

    (again,) = issue(invoice.organization)

    assert again.number == "INV-2026-000002"
    assert set(Invoice.objects.in_force()) == {again}


def test_an_invoice_is_cancelled_once() -> None:
    invoice = issued_invoice()
    credit_note = operations.cancel(invoice_id=invoice.pk, now=IN_NOVEMBER, by=None)

    with pytest.raises(refusals.AlreadyCancelled) as caught:
        operations.cancel(invoice_id=invoice.pk, now=IN_NOVEMBER, by=None)
    assert caught.value.numbers == [credit_note.number]
    with pytest.raises(refusals.NotAnInvoice):
        operations.cancel(invoice_id=credit_note.pk, now=IN_NOVEMBER, by=None)


# --- Protection in the database ------------------------------------------------------------------


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE invoices_invoice SET total = total",
        "UPDATE invoices_invoice SET number = 'X'",
        "DELETE FROM invoices_invoice",
        "UPDATE invoices_invoiceline SET amount = 1",
        "DELETE FROM invoices_invoiceline",
        "UPDATE invoices_frozencharges SET count = 0",
        "DELETE FROM invoices_frozencharges",
        "UPDATE invoices_invoicedperiod SET period_until = '2030-01-01'",
        "DELETE FROM invoices_invoicedperiod",
    ],
)
def test_sql_cannot_change_an_issued_invoice(change: str) -> None:
    issued_invoice()

    refused = pytest.raises(DatabaseError, match=r"Cannot update|only a credit note cancels it")
    with refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(change)


@pytest.mark.parametrize("positions", [[0], [1], [2], [2, 3], [1, 2], [-1]])
def test_sql_cannot_add_a_line_to_an_issued_invoice(positions: list[int]) -> None:
    invoice = issued_invoice()
    credit_note = operations.cancel(invoice_id=invoice.pk, now=IN_NOVEMBER, by=None)

    for document in (invoice, credit_note):
        refused = pytest.raises(DatabaseError, match=r"takes no more lines|line_position")
        with refused, transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO invoices_invoiceline (invoice_id, position, tariff, period_from,"
                " period_until, monthly_price, cameras, camera_months, amount, tax_category,"
                " tax_percent) SELECT %s, unnest(%s), 'Added', '2026-10-01', '2026-11-01', 0, 1, 0,"
                " 0, 'S', 19",
                [document.pk, positions],
            )


def test_sql_cannot_add_a_tax_to_an_issued_invoice() -> None:
    tax = issued_invoice().taxes.get()
    tax.pk, tax.position, tax.percent = None, 2, Decimal(7)

    with pytest.raises(DatabaseError, match="takes no more lines"):
        InvoiceTax.objects.bulk_create([tax])


def test_a_second_bulk_create_cannot_add_a_line_to_an_issued_invoice() -> None:
    line = issued_invoice().lines.get()
    line.pk, line.position = None, 2

    with pytest.raises(DatabaseError, match="takes no more lines"):
        InvoiceLine.objects.bulk_create([line])


def test_tables_of_invoices_cannot_be_truncated() -> None:
    issued_invoice()

    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL billing.may_truncate = off")
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in ("invoices_invoice", "invoices_frozencharges", "invoices_invoicedperiod"):
            with pytest.raises(DatabaseError, match="cannot be truncated"), transaction.atomic():
                cursor.execute(f"TRUNCATE {table} CASCADE")


def test_an_issued_document_does_not_change_when_names_and_prices_change(
    organization: Organization,
) -> None:
    tariff = use(organization)
    (invoice,) = issue(organization)
    before = document_of(Invoice.objects.get(pk=invoice.pk))

    Organization.objects.update(title="Other")
    BillingDetails.objects.update(name="Other")
    TaxPercent.objects.update(percent=Decimal(5))
    Provider.objects.update(name="Other", account_number="Other")
    Tariff.objects.update(name="Other")
    tariff.prices.update(amount=Decimal(1))

    assert document_of(Invoice.objects.get(pk=invoice.pk)) == before


def test_a_price_that_returns_within_a_month_gives_three_lines_with_their_dates(
    organization: Organization,
) -> None:
    """The charges of example 19 in docs/pricing.md: amounts are rounded together by rate."""
    tariff = TariffFactory.create(name="Back")
    for valid_from, amount in (
        (date(2026, 1, 1), "14.90"),
        (date(2026, 9, 13), "16.90"),
        (date(2026, 9, 20), "14.90"),
    ):
        TariffPriceFactory.create(tariff=tariff, valid_from=valid_from, amount=Decimal(amount))
    use(organization, tariff=tariff)

    (invoice,) = issue(organization, SEPTEMBER)

    assert [
        (line.period_from, line.period_until, line.price, line.amount)
        for line in invoice.lines.all()
    ] == [
        (date(2026, 9, 1), date(2026, 9, 13), Decimal("14.90"), Decimal("5.96")),
        (date(2026, 9, 13), date(2026, 9, 20), Decimal("16.90"), Decimal("3.94")),
        (date(2026, 9, 20), date(2026, 10, 1), Decimal("14.90"), Decimal("5.46")),
    ]


def test_a_camera_that_is_free_all_the_time_is_not_counted_in_a_line(provider: Provider) -> None:
    organization = BilledOrganizationFactory.create(
        trial_first_on=date(2026, 10, 1), trial_last_on=date(2026, 10, 10)
    )
    tariff = use(organization, started_at=datetime(2026, 10, 1, tzinfo=UTC))
    in_trial = {"ended_at": datetime(2026, 10, 8, tzinfo=UTC)}
    use(organization, tariff=tariff, started_at=datetime(2026, 10, 2, tzinfo=UTC), **in_trial)
    use(organization, started_at=datetime(2026, 10, 2, tzinfo=UTC), **in_trial)

    (invoice,) = issue(organization)

    (line,) = invoice.lines.all()
    assert (line.item, line.cameras, line.amount) == (tariff.name, 1, Decimal("6.10"))
    # What was given away is in the charges.
    assert invoice.frozen_charges.count == 3


def test_lines_add_up_to_the_invoice(organization: Organization) -> None:
    for day in range(1, 20, 3):
        use(organization, started_at=datetime(2026, 10, day, 11, 7, 3, tzinfo=UTC))

    (invoice,) = issue(organization)

    amounts = InvoiceLine.objects.filter(invoice=invoice).values_list("amount", flat=True)
    assert sum(amounts) == invoice.net


def test_free_time_before_the_first_price_does_not_block_an_invoice(
    operator_client: Client,
) -> None:
    organization = BilledOrganizationFactory.create(
        trial_first_on=date(2026, 10, 1), trial_last_on=date(2026, 10, 9)
    )
    tariff = TariffPriceFactory.create(amount=Decimal(9), valid_from=date(2026, 10, 10)).tariff
    BilledUseFactory.create(camera__organization=organization, tariff=tariff)

    invoice = issued_invoice(organization)

    assert invoice.net == Decimal("6.39")
    page = operator_client.get(f"/invoices/{invoice.pk}/charges/")
    assert [charge.price for charge in page.context["charges"]] == [None, Decimal("9.00")]
