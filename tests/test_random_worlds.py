"""Random organizations, partners and terms in the database, against the second reading.

They are the same each time. `RANDOM_WORLDS=1000` asks about as many others; `make fuzz` does.
"""

import os
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from decimal import Decimal
from random import Random

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

from invoices.differences.comparison import compare
from invoices.issuing import settling
from invoices.issuing.refusals import NoUsageInMonth
from invoices.models import Invoice
from invoices.runs import operations as runs
from invoices.runs.models import RunItem
from invoices.tests.factories import ProviderFactory
from organizations.models import Discount, IndividualPrice, Organization
from organizations.tests.factories import DiscountFactory, IndividualPriceFactory
from rating.agreement.lines import Section
from rating.periods import Period, month_of
from rating.price_versions import VolumeStep
from rating.tests.agreed_reference import month_by_month
from rating.tests.strategies import CURRENCIES, decimal
from reports.simulation.changes import (
    Change,
    DiscountChange,
    IndividualPriceChange,
    ListPriceChange,
)
from reports.simulation.computing import costs_of
from tariffs.models import TariffPrice
from tariffs.tests.factories import TariffPriceFactory, VolumeStepFactory
from tests.random_worlds import NOW, WIDE, World, change, random_world
from usage.partners.statement import partner_statement
from usage.statements.price_list import all_tariffs
from usage.statements.statement import statement_for

pytestmark = pytest.mark.django_db

asked_for = os.environ.get("RANDOM_WORLDS")
worlds = settings(
    max_examples=int(asked_for or 6),
    derandomize=asked_for is None,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    # A smaller seed is no smaller world.
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
)
seeds = st.integers(0, 10**9)
DIGITS = {code: digits for digits, code in CURRENCIES.items()}
MONTHS = [date(2026, month, 1) for month in (9, 10, 11)]


@contextmanager
def rolled_back() -> Iterator[None]:
    """Leave nothing in the database."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@worlds
# A partner is closed whose customer is in a time zone east of it.
@example(750)
@given(seeds)
def test_statements_agree_with_the_second_reading(seed: int) -> None:
    with rolled_back():
        random = Random(seed)
        world = random_world(random, organizations=4, partners=random.randint(0, 2))
        for number in range(4):
            assert world.found(number) == world.expected(number)


@worlds
@given(seeds)
def test_a_partner_pays_wholesale_for_what_its_customers_would_pay_retail_for(
    seed: int,
) -> None:
    with rolled_back():
        random = Random(seed)
        world = random_world(random, organizations=4, partners=1)
        # A partner without cameras of its own: all that it is billed for is its customers'.
        world = without_own_usage(world)
        case = world.terms[0].case
        period = Period.inclusive(case.first, case.last)
        stated = list(
            partner_statement(
                partner=Organization.objects.get(pk=world.organizations[0].pk),
                period=period,
                now=world.now(0),
            ).cameras()
        )

        wholesale, retail, unpriced = Counter[str](), Counter[tuple[int, str]](), Counter[str]()
        for each in stated:
            costs, currency = each.costs, each.costs.retail.currency
            assert costs.margin == costs.retail - costs.wholesale
            wholesale[currency] += minor(costs.wholesale.number, currency)
            retail[each.organization.pk, currency] += minor(costs.retail.number, currency)
            unpriced[currency] += costs.unpriced
        billed = {
            bill.currency: minor(bill.sum_of(Section.USAGE).number, bill.currency)
            for bill in world.statement(0).bills()
        }
        assert +wholesale == +Counter(billed)
        for customer in (1, 2, 3):
            expected = Counter[str]()
            for line in world.retail_lines(customer, 0):
                currency = CURRENCIES[world.terms[customer].plans[line.plan].digits]
                expected[currency] += minor(line.amount or Decimal(0), currency)
            pk = world.organizations[customer].pk
            assert +expected == +Counter(
                {currency: retail[pk, currency] for currency in CURRENCIES.values()}
            )


def minor(number: Decimal, currency: str) -> int:
    return int(number.scaleb(DIGITS[currency]))


def without_own_usage(world: World) -> World:
    """Take the usage of the first organization away."""
    world.organizations[0].usage_intervals.all().delete()
    world.held = [each for each in world.held if each.organization]
    return world


@worlds
@given(seeds)
def test_no_usage_is_charged_twice_or_missed(seed: int) -> None:
    """Each second is in the statement of one payer, also where a customer changes its partner."""
    with rolled_back():
        random = Random(seed)
        world = random_world(random, organizations=4, partners=2, units=["second"], whole=True)
        until = int(NOW.timestamp())
        used = sum((end or until) - start for _plan, start, end in (x.usage for x in world.held))
        stated = sum(
            charge.used for number in range(4) for charge in world.statement(number, WIDE).charges()
        )
        assert stated == used


def invoiced(world: World) -> None:
    """Invoice three months, each by a run."""
    ProviderFactory.create()
    for month in MONTHS:
        try:
            run = runs.start(month=month, now=NOW, by=None)
        except NoUsageInMonth:
            continue
        ids = list(RunItem.objects.filter(run=run).values_list("pk", flat=True))
        assert runs.do(item_ids=ids, now=NOW, by=None) == {}


@worlds
@given(seeds)
def test_runs_invoice_month_by_month_and_carry_credits_over(seed: int) -> None:
    with rolled_back():
        random = Random(seed)
        world = random_world(random, partners=random.randint(0, 1), whole=True)
        invoiced(world)
        for number, organization in enumerate(world.organizations):
            asked = world.asked(number)
            asked = replace(asked, case=replace(asked.case, last=date(2026, 11, 30)))
            expected = [
                (month, CURRENCIES[digits], of_month.totals.get(digits, 0))
                for month, of_month in zip(MONTHS, month_by_month(asked), strict=True)
                for digits in of_month.charged
                if not of_month.incomplete
            ]
            assert sorted(expected) == sorted(
                (each.period.start, each.currency, each.net) for each in organization.invoices.all()
            )


@worlds
@given(seeds)
def test_differences_are_settled_to_the_cent(seed: int) -> None:
    with rolled_back():
        random = Random(seed)
        world = random_world(random, partners=random.randint(0, 1), whole=True)
        invoiced(world)
        originals = list(Invoice.objects.order_by("pk"))
        deducted = {each.pk: credits_of(each) for each in originals}
        for _ in range(random.randint(1, 3)):
            change(random, world)

        for invoice in originals:
            settle(invoice)
            present = Invoice.objects.get(pk=invoice.pk)
            comparison = compare(present, NOW)
            if comparison.unpriced:
                continue
            if comparison.is_same:
                charged = present.net - deducted[invoice.pk] + corrections_of(present)
                assert charged == charges_now(present)
            else:
                # Nothing would be to pay or to credit, so it goes onto the next invoice.
                assert comparison.change == 0


def settle(invoice: Invoice) -> None:
    """Settle an invoice if there is anything to pay or to credit."""
    found = settling.settlements_of(settling.invoices_to_settle([invoice.pk]), NOW)
    if found and found[0].total and not found[0].unpriced:
        shown = {invoice.pk: found[0].version}
        settling.settle_now(invoice_ids=[invoice.pk], now=NOW, by=None, shown=shown)


def credits_of(invoice: Invoice) -> Decimal:
    """Return what credits took off an invoice: 0 or less."""
    amounts = invoice.lines.filter(section=Section.CREDITS).values_list("amount", flat=True)
    return sum(amounts, Decimal(0))


def corrections_of(invoice: Invoice) -> Decimal:
    """Return what the corrections of an invoice come to."""
    documents = [each.document for each in invoice.received_corrections.all()]
    return sum((-x.net if x.is_credit_note else x.net for x in documents), Decimal(0))


def charges_now(invoice: Invoice) -> Decimal:
    """Return what the period of an invoice comes to now, without credits."""
    statement = statement_for(organization=invoice.organization, period=invoice.period, as_of=NOW)
    return sum(
        (
            bill.total.number - bill.sum_of(Section.CREDITS).number
            for bill in statement.bills()
            if bill.currency == invoice.currency
        ),
        Decimal(0),
    )


@worlds
@given(seeds)
def test_a_simulation_states_what_statements_do_after_the_change(seed: int) -> None:
    with rolled_back():
        random = Random(seed)
        world = random_world(random, organizations=3, partners=random.randint(0, 1))
        period = month_of(random.choice(MONTHS[:2]))
        simulated = random_change(random, world)
        organizations = sorted(Organization.objects.all(), key=lambda each: each.pk)
        costs = list(
            costs_of(
                organizations=organizations,
                period=period,
                change=simulated,
                tariffs=all_tariffs(),
                now=NOW,
                then=NOW,
            )
        )
        before = bills_of(organizations, period)
        apply(simulated, organizations, period)
        after = bills_of(organizations, period)

        assert {(x.organization_id, x.before) for x in costs if x.before} == before
        assert {(x.organization_id, x.after) for x in costs if x.after} == after


def bills_of(organizations: list[Organization], period: Period) -> set[tuple[int, object]]:
    """Return the totals of statements, by organization."""
    return {
        (each.pk, bill.total)
        for each in organizations
        for bill in statement_for(organization=each, period=period, as_of=NOW).bills()
        if bill.total
    }


def random_change(random: Random, world: World) -> Change:
    tariff, amount = random.choice(world.tariffs), decimal(random, 0, 40, 2)
    match random.randint(0, 2):
        case 0:
            steps = ((Decimal(1), decimal(random, 0, 40, 2)),) if random.randint(0, 1) else ()
            return ListPriceChange(tariff.pk, amount, steps)
        case 1:
            return IndividualPriceChange(tariff.pk, random.choice((None, amount)))
    return DiscountChange(random.choice((None, tariff.pk)), decimal(random, 0, 100, 2))


def apply(simulated: Change, organizations: list[Organization], period: Period) -> None:
    """Store a change as if it had been in force on all dates of a period."""
    match simulated:
        case ListPriceChange(tariff_id=tariff_id, amount=amount, steps=steps):
            TariffPrice.objects.filter(tariff=tariff_id).delete()
            price = TariffPriceFactory.create(
                tariff_id=tariff_id, valid_from=period.start, amount=amount
            )
            for step in map(VolumeStep._make, steps):
                VolumeStepFactory.create(price=price, **step._asdict())
        case IndividualPriceChange(tariff_id=tariff_id, amount=amount):
            for each in organizations:
                IndividualPrice.objects.filter(organization=each, tariff=tariff_id).delete()
                IndividualPriceFactory.create(
                    organization=each,
                    tariff_id=tariff_id,
                    valid_from=period.start,
                    amount=amount,
                )
        case DiscountChange(tariff_id=tariff_id, percent=percent):
            for each in organizations:
                Discount.objects.filter(organization=each, tariff=tariff_id).delete()
                DiscountFactory.create(
                    organization=each,
                    tariff_id=tariff_id,
                    first_on=period.start,
                    last_on=period.last,
                    percent=percent,
                )
