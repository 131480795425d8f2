"""The journal, the tax summary and the statements of account say the same of one world."""

from collections import defaultdict
from datetime import date
from decimal import Decimal

import pytest
from django.test import Client

from accounting.journal import accounts, bookings
from accounting.taxes import tax_sums
from accounting.tests.factories import all_accounts
from accounting.tests.test_datev import read
from accounting.tests.test_journal import BY, debtor, received
from accounts.models import User
from invoices.documents.document import Kind
from invoices.issuing.operations import cancel
from invoices.models import InvoiceTax
from invoices.tests.factories import (
    IN_NOVEMBER,
    BilledOrganizationFactory,
    BilledUseFactory,
    issued_invoice,
)
from organizations.models import Organization
from payments import payouts
from payments.account.statement import account_of
from payments.balances import balances_of
from payments.models import Method
from payments.operations import allocate, record_payment, reverse_payment
from rating.periods import Period
from tariffs.tests.factories import TariffFactory, TariffPriceFactory

pytestmark = pytest.mark.django_db

OCTOBER = Period(date(2026, 10, 1), date(2026, 11, 1))
NOVEMBER = Period(date(2026, 11, 1), date(2026, 12, 1))
BOTH = Period(OCTOBER.start, NOVEMBER.end)
IN_OCTOBER = date(2026, 10, 30)
Sums = dict[tuple[str, str, date], Decimal]


@pytest.fixture
def world() -> list[Organization]:
    """Two organizations of one owner and one of another, with everything that can happen."""
    all_accounts()
    first = BilledUseFactory.create().organization
    paid = issued_invoice(first)
    owner = first.owner
    second = BilledOrganizationFactory.create(owner=owner)
    dinar = TariffFactory.create(currency="KWD")
    TariffPriceFactory.create(tariff=dinar, amount=Decimal("1.071"))
    foreign = issued_invoice(BilledUseFactory.create(tariff=dinar).organization)
    cancelled = issued_invoice(BilledUseFactory.create().organization)
    record_payment(
        invoice_id=paid.pk,
        paid_on=IN_NOVEMBER.date(),
        amount=Decimal("9.71"),
        bank_fee=Decimal("0.50"),
        method=Method.CASH,
        reference="",
        **BY,
    )
    payouts.write_off(invoice_id=paid.pk, amount=Decimal("0.50"), reason="Small", **BY)
    advance = received(first, "20.00", paid_on=IN_OCTOBER)
    payouts.refund(
        payment_id=advance.pk,
        amount=Decimal(5),
        paid_on=IN_NOVEMBER.date(),
        method=Method.TRANSFER,
        reference="Back",
        **BY,
    )
    payouts.transfer(payment_id=advance.pk, to=second, amount=Decimal(8), reference="", **BY)
    received(foreign.organization, "0.275", currency="KWD", automatically=True)
    returned = received(cancelled.organization, "3.00", paid_on=IN_OCTOBER)
    allocate(payment_id=returned.pk, parts={cancelled.pk: Decimal(3)}, **BY)
    reverse_payment(payment_id=returned.pk, reason="Returned", **BY)
    payouts.write_off(invoice_id=cancelled.pk, amount=Decimal(1), reason="Small", **BY)
    cancel(invoice_id=cancelled.pk, **BY)
    return [first, second, foreign.organization, cancelled.organization]


def booked(period: Period) -> Sums:
    """Return what is booked to each debtor in a currency and month: debits less credits."""
    found: defaultdict[tuple[str, str, date], Decimal] = defaultdict(Decimal)
    for each in bookings(period, accounts()):
        if each.is_booked:
            sign = 1 if each.debit == each.debtor else -1
            assert each.debtor in (each.debit, each.credit)
            found[each.debtor, each.currency, each.day.replace(day=1)] += sign * each.amount
    return {key: amount for key, amount in found.items() if amount}


def test_debtors_owe_what_their_statements_of_account_say(
    world: list[Organization], operator: User
) -> None:
    stated: defaultdict[tuple[str, str, date], Decimal] = defaultdict(Decimal)
    for organization in world:
        for account in account_of(operator, organization, BOTH).currencies:
            for entry in account.entries:
                key = debtor(organization), account.currency, entry.day.replace(day=1)
                stated[key] += entry.amount

    assert {key: amount for key, amount in stated.items() if amount} == booked(BOTH)
    assert {month for _debtor, _currency, month in stated} == {OCTOBER.start, NOVEMBER.start}


def test_what_is_owed_is_booked(world: list[Organization]) -> None:
    owed: defaultdict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for (name, currency, _month), amount in booked(BOTH).items():
        owed[name, currency] += amount
    for organization in world:
        for each in balances_of(organization, NOVEMBER.last):
            assert owed.pop((debtor(organization), each.currency), Decimal()) == each.owed
    assert not any(owed.values())


def test_taxes_are_those_of_the_documents(world: list[Organization]) -> None:
    expected: defaultdict[tuple[str, Decimal], list[Decimal]] = defaultdict(
        lambda: [Decimal(), Decimal()]
    )
    for part in InvoiceTax.objects.select_related("invoice"):
        sign = -1 if part.invoice.kind == Kind.CREDIT_NOTE else 1
        sums = expected[part.invoice.currency, part.percent]
        sums[0] += sign * part.net
        sums[1] += sign * part.amount

    assert {(each.currency, each.percent): [each.net, each.tax] for each in tax_sums(BOTH)} == (
        expected
    )
    revenue: defaultdict[str, Decimal] = defaultdict(Decimal)
    for each in bookings(BOTH, accounts()):
        if each.tax is not None and each.net is not None:
            revenue[each.currency] += each.net + each.tax
    assert revenue == {each.currency: each.gross for each in tax_sums(BOTH)}


def test_datev_books_the_euros_of_the_journal(
    operator_client: Client, world: list[Organization]
) -> None:
    address = f"/accounting/datev.csv?from={BOTH.start}&to={BOTH.last}"
    _header, rows = read(operator_client, address)

    found: defaultdict[str, Decimal] = defaultdict(Decimal)
    for row in rows:
        amount = Decimal(row["Umsatz (ohne Soll/Haben-Kz)"].replace(",", "."))
        assert amount > 0
        found[row["Konto"]] += amount if row["Soll/Haben-Kennzeichen"] == "S" else -amount
    expected: defaultdict[str, Decimal] = defaultdict(Decimal)
    for (name, currency, _month), amount in booked(BOTH).items():
        if currency == "EUR":
            expected[name] += amount
    assert {name: amount for name, amount in found.items() if amount} == {
        name: amount for name, amount in expected.items() if amount
    }
