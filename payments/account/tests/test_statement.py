"""The statement of account adds up to the balance, whatever happened, over any period."""

from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from accounts.tests.factories import OperatorFactory, OwnerFactory
from invoices.differences import checking
from invoices.issuing import operations, settling
from invoices.issuing.refusals import IssueRefusal
from invoices.models import Invoice
from invoices.tests.factories import (
    IN_NOVEMBER,
    SEPTEMBER,
    BilledOrganizationFactory,
    BilledUseFactory,
    ProviderFactory,
    issued_invoice,
)
from organizations.models import Organization
from payments.account.lines import EntryKind, Line, lines_of
from payments.account.statement import Account, account_of, account_today
from payments.balances import balances_of
from payments.models import Payment, PaymentKind
from payments.operations import record_payment, reverse_payment
from payments.tests.test_on_account import receive, refund, transfer, write_off
from payments.tests.test_operations import pay, reverse
from rating.periods import Period, month_of
from tariffs.tests.factories import TariffFactory, TariffPriceFactory
from usage.models import UsageInterval

pytestmark = pytest.mark.django_db

YEAR = Period(date(2026, 1, 1), date(2027, 1, 1))
NOVEMBER = Period(date(2026, 11, 1), date(2026, 12, 1))


@pytest.fixture
def organization(owner: User) -> Organization:
    """An organization whose camera costs EUR 10.71 a month with tax."""
    organization = BilledOrganizationFactory.create(title="Harbour", owner=owner)
    BilledUseFactory.create(camera__organization=organization)
    return organization


def lines(account: Account) -> list[Line]:
    return [line for each in account.currencies for line in lines_of(each)]


def said(account: Account) -> list[tuple[Any, ...]]:
    return [
        (line.entry.day.day, line.kind, line.number, str(line.entry.amount.normalize()))
        for line in lines(account)
    ]


def test_documents_and_payments_are_lines_on_their_own_dates(
    organization: Organization, operator: User
) -> None:
    october = issued_invoice(organization)
    september = issued_invoice(organization, SEPTEMBER)
    pay(october, "4", paid_on=date(2026, 11, 1), reference="R 1")
    bounced = pay(october, "5")
    reverse_payment(
        payment_id=bounced.pk, reason="Bounced", now=IN_NOVEMBER + timedelta(days=3), by=None
    )
    operations.cancel(invoice_id=september.pk, now=IN_NOVEMBER + timedelta(days=1), by=None)

    account = account_of(operator, organization, NOVEMBER)

    assert said(account) == [
        (1, "payment", "INV-2026-000001", "-4"),
        (2, "invoice", "INV-2026-000001", "10.71"),
        (2, "invoice", "INV-2026-000002", "10.71"),
        (2, "payment", "INV-2026-000001", "-5"),
        (3, "credit_note", "CN-2026-000001", "-10.71"),
        (5, "reversal", "INV-2026-000001", "5"),
    ]
    assert [line.details for line in lines(account)] == [
        "Bank transfer · R 1",
        "October 2026 · due 16 Nov 2026",
        "September 2026 · due 16 Nov 2026",
        "Bank transfer",
        "Cancels INV-2026-000002 · September 2026",
        "payment of 2 Nov 2026 · Bank transfer · Bounced",
    ]
    assert [line.balance for line in lines(account)][-1] == Decimal("6.71")
    (euros,) = account.currencies
    assert (euros.opening, euros.debit, euros.credit, euros.closing) == (
        Decimal(0),
        Decimal("26.42"),
        Decimal("19.71"),
        Decimal("6.71"),
    )


def test_a_correction_names_the_invoice_that_it_corrects(
    organization: Organization, operator: User
) -> None:
    invoice = issued_invoice(organization)
    end = datetime(2026, 10, 16, tzinfo=UTC)
    UsageInterval.objects.filter(organization=organization).update(ended_at=end)
    (credit_note,) = settled(organization, IN_NOVEMBER)

    (_first, line) = lines(account_of(operator, organization, NOVEMBER))

    assert (line.kind, line.number) == (EntryKind.CREDIT_NOTE, credit_note.number)
    assert line.details.startswith(f"Corrects {invoice.number} · ")


def test_what_was_before_the_period_is_the_opening_balance(
    organization: Organization, operator: User
) -> None:
    invoice = issued_invoice(organization)
    pay(invoice, "4")

    account = account_of(operator, organization, Period(date(2026, 11, 3), date(2026, 11, 10)))

    (euros,) = account.currencies
    assert (euros.opening, euros.closing, account.entries) == (
        Decimal("6.71"),
        Decimal("6.71"),
        0,
    )
    earlier = account_of(operator, organization, month_of(date(2026, 10, 1)))
    assert earlier.currencies == []


def test_today_is_the_later_date_of_the_organization_and_the_provider() -> None:
    # 23:00 UTC: it is tomorrow in Tokyo, where the provider's date is still today's.
    late = datetime(2026, 11, 2, 23, tzinfo=UTC)
    tokyo = BilledOrganizationFactory.create(time_zone="Asia/Tokyo")
    honolulu = BilledOrganizationFactory.create(time_zone="Pacific/Honolulu")

    assert account_today(tokyo, late) == date(2026, 11, 3)
    assert account_today(honolulu, IN_NOVEMBER) == date(2026, 11, 2)


OF_DOCUMENTS = {
    EntryKind.INVOICE,
    EntryKind.CREDIT_NOTE,
    EntryKind.PAYMENT,
    EntryKind.REVERSAL,
}


def test_a_statement_has_every_kind_of_entry(organization: Organization, operator: User) -> None:
    other = BilledOrganizationFactory.create(title="Mountain", owner=organization.owner)
    invoice = issued_invoice(organization)
    payment = pay(invoice, "20", bank_fee=Decimal("0.10"))
    deposit = receive(organization, "7", kind=PaymentKind.DEPOSIT)
    advance = receive(organization, "9", automatically=False)
    transfer(payment, other, "2")
    refund(payment, "1")
    reverse(deposit)
    operations.cancel(invoice_id=invoice.pk, now=IN_NOVEMBER, by=None)
    again = issued_invoice(organization)
    reverse(write_off(again, "3"))
    for kind in (PaymentKind.REFUND, PaymentKind.TRANSFER, PaymentKind.BANK_FEE):
        reverse(Payment.objects.get(kind=kind, organization=organization))
    for each in (payment, advance):
        reverse(each)

    account = account_of(operator, organization, NOVEMBER)

    stated = lines(account)
    assert {line.kind for line in stated} == set(EntryKind)
    assert stated[-1].balance == account.currencies[0].closing == Decimal("10.71")
    assert {line.details for line in stated if line.kind == EntryKind.TRANSFER} == {"to Mountain"}
    (incoming, back) = lines(account_of(operator, other, NOVEMBER))
    assert (incoming.kind, incoming.details) == (EntryKind.TRANSFER, "from Harbour")
    assert (back.kind, back.balance) == (EntryKind.TRANSFER_REVERSED, Decimal(0))


# --- At random -----------------------------------------------------------------------------------


def settled(organization: Organization, now: datetime) -> list[Invoice]:
    """Settle what differs from the organization's invoices."""
    checking.check(organization_id=organization.pk, now=now)
    differing = list(
        Invoice.objects.filter(organization=organization, difference__isnull=False)
        .order_by("pk")
        .values_list("pk", flat=True)
    )
    invoices = settling.invoices_to_settle(differing)
    shown = {each.invoice.pk: each.version for each in settling.settlements_of(invoices, now)}
    return settling.settle_now(invoice_ids=differing, now=now, by=None, shown=shown)


def history(random: Random, organization: Organization) -> Iterator[datetime]:
    """Issue, cancel, correct, pay and pay back at random; yield the time after each month."""
    for month in range(2, 13):
        now = datetime(2026, month, random.randint(1, 9), random.randint(0, 23), tzinfo=UTC)
        over = month_of(now.date(), months_before=1)
        with suppress(IssueRefusal):
            operations.issue(organization_id=organization.pk, period=over, now=now, by=None)
        for _ in range(random.randint(0, 6)):
            now += timedelta(hours=random.randint(1, 70))
            with suppress(IssueRefusal):
                one_change(random, organization, now)
        yield now


def one_change(random: Random, organization: Organization, now: datetime) -> None:
    invoice = random.choice(Invoice.objects.filter(organization=organization).order_by("pk"))
    match random.choice(["pay", "pay", "pay", "reverse", "cancel", "correct"]):
        case "pay":
            amount = random.choice([invoice.total, Decimal(random.randint(1, 30))])
            record_payment(
                invoice_id=invoice.pk,
                paid_on=now.date() - timedelta(days=random.randint(0, 40)),
                amount=amount,
                method="transfer",
                reference="",
                now=now,
                by=None,
            )
        case "reverse":
            paid = Payment.objects.filter(organization=organization).order_by("pk")
            if paid:
                payment = random.choice(paid)
                reverse_payment(payment_id=payment.pk, reason="", now=now, by=None)
        case "cancel":
            operations.cancel(invoice_id=invoice.pk, now=now, by=None)
        case "correct":
            use = random.choice(
                UsageInterval.objects.filter(organization=organization).order_by("pk")
            )
            start = datetime(2026, random.randint(1, 11), random.randint(1, 28), tzinfo=UTC)
            UsageInterval.objects.filter(pk=use.pk).update(started_at=start)
            settled(organization, now)


def used_in(currency: str, amount: str, organization: Organization) -> None:
    tariff = TariffFactory.create(currency=currency)
    TariffPriceFactory.create(tariff=tariff, amount=Decimal(amount))
    BilledUseFactory.create(camera__organization=organization, tariff=tariff)


def check_account(organization: Organization, today: date, random: Random, user: User) -> None:
    """Check that an account adds up, over two periods too, and comes to the balance."""
    everything = account_of(user, organization, Period.inclusive(date(2000, 1, 1), today))
    middle = today - timedelta(days=random.randint(0, 200))
    earlier = account_of(user, organization, Period(date(2000, 1, 1), middle))
    later = account_of(user, organization, Period.inclusive(middle, today))
    for account in (everything, earlier, later):
        for each in account.currencies:
            stated = list(lines_of(each))
            amounts = [(line.debit or 0) - (line.credit or 0) for line in stated]
            assert [line.balance for line in stated] == [
                each.opening + sum(amounts[: number + 1]) for number in range(len(amounts))
            ]
            assert each.opening + sum(amounts) == each.closing
            assert each.opening + each.debit - each.credit == each.closing
    carried = {each.currency: each.closing for each in earlier.currencies}
    assert all(each.opening == carried.get(each.currency, 0) for each in later.currencies)
    assert sorted(said(earlier) + said(later)) == sorted(said(everything))
    closing = {each.currency: each.closing for each in everything.currencies}
    owed = {each.currency: each.owed for each in balances_of(organization, today)}
    assert closing == owed


def test_opening_and_lines_come_to_the_closing_balance_and_that_is_what_is_owed(
    operator: User,
) -> None:
    ProviderFactory.create()
    kinds = set()
    for seed, zone in enumerate(["UTC", "Asia/Tokyo", "America/New_York"]):
        random = Random(seed)
        organization = BilledOrganizationFactory.create(time_zone=zone)
        used_in("EUR", "9", organization)
        used_in("JPY", "1000", organization)

        for now in history(random, organization):
            check_account(organization, account_today(organization, now), random, operator)
        kinds |= {line.kind for line in lines(account_of(operator, organization, YEAR))}
    assert kinds == OF_DOCUMENTS


# --- Who sees what -------------------------------------------------------------------------------


def test_a_new_owner_sees_the_balance_but_not_the_documents_of_the_earlier_one(
    organization: Organization, operator: User
) -> None:
    september = issued_invoice(organization, SEPTEMBER)
    pay(september, "4")
    new = OwnerFactory.create()
    organization.owner = new
    organization.save()
    october = issued_invoice(organization)
    pay(september, "1", paid_on=date(2026, 11, 1))

    account = account_of(new, organization, YEAR)

    assert [line.number for line in lines(account)] == [october.number]
    (euros,) = account.currencies
    assert (euros.opening, euros.unseen, euros.begin) == (
        Decimal(0),
        Decimal("5.71"),
        Decimal("5.71"),
    )
    assert (euros.debit, euros.credit) == (Decimal("16.42"), Decimal(0))
    (staff,) = account_of(operator, organization, YEAR).currencies
    assert (staff.unseen, staff.closing, len(staff.entries)) == (None, euros.closing, 4)


def test_the_number_of_queries_does_not_depend_on_the_number_of_lines(
    organization: Organization, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    operator = OperatorFactory.create()
    invoice = issued_invoice(organization)
    pay(invoice, "1")
    for _ in range(2):
        with django_assert_num_queries(7):
            lines(account_of(operator, organization, YEAR))
        operations.cancel(invoice_id=invoice.pk, now=IN_NOVEMBER, by=None)
        invoice = issued_invoice(organization)
        pay(invoice, "1")
