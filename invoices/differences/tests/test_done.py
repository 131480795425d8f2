"""Correct months at random after they were invoiced, settle the differences, and add everything up.

`pytest invoices/differences/tests/test_done.py --organizations 1000` takes more organizations.
"""

from collections import defaultdict
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from random import Random

import pytest
from django.db.models import Sum

from invoices.differences import checking
from invoices.differences.comparison import compare
from invoices.differences.models import (
    Correction,
    DeferredCorrection,
    InvoiceDifference,
    LateUsage,
    Recheck,
)
from invoices.documents.frozen_charges import rows_of
from invoices.issuing import operations, settling
from invoices.issuing.refusals import AlreadyInvoiced
from invoices.models import FrozenCharges, Invoice, OpenItem
from invoices.runs import operations as runs
from invoices.tests.factories import BilledOrganizationFactory, ProviderFactory
from organizations.models import Organization
from organizations.tests.factories import a_tax
from rating.money import minor_digits
from rating.periods import Period
from tariffs.models import Proration, Tariff, TariffPrice
from tariffs.tests.factories import TariffFactory, TariffPriceFactory
from usage.models import Camera, UsageInterval
from usage.statements.statement import statement_for

pytestmark = pytest.mark.django_db

SEPTEMBER, OCTOBER, NOVEMBER = (date(2026, month, 1) for month in (9, 10, 11))
WHOLE = Period(SEPTEMBER, date(2026, 12, 1))
START = datetime(2026, 8, 20, tzinfo=UTC)
IN_OCTOBER, IN_NOVEMBER, IN_DECEMBER = (
    datetime(2026, month, 2, 9, tzinfo=UTC) for month in (10, 11, 12)
)
SECONDS = int(timedelta(days=70).total_seconds())
ZONES = ("UTC", "Europe/Berlin", "Asia/Tokyo", "America/New_York")

# The sums by organization, currency and camera.
Sums = dict[tuple[int, str, str], Decimal]


class World:
    """Organizations whose cameras were used at random, and further changes at random."""

    def __init__(self, random: Random, organizations: int) -> None:
        self.random = random
        ProviderFactory.create()
        self.tariffs = [
            self._tariff(currency, proration, amount)
            for currency, proration, amount in (
                ("EUR", Proration.SECOND, "9"),
                ("EUR", Proration.BEGUN_DAY, "14.90"),
                ("EUR", Proration.DAY, "7.77"),
                ("JPY", Proration.SECOND, "1000"),
            )
        ]
        for number in range(organizations):
            self._organization(number)

    def _tariff(self, currency: str, proration: str, amount: str) -> Tariff:
        tariff = TariffFactory.create(currency=currency, proration=proration)
        TariffPriceFactory.create(tariff=tariff, amount=Decimal(amount))
        return tariff

    def _organization(self, number: int) -> None:
        organization = BilledOrganizationFactory.create(
            title=f"Organization {number}",
            time_zone=self.random.choice(ZONES),
            details__tax=a_tax(percent=self.random.choice([7, 19])),
            tariffs=self.tariffs,
        )
        # One camera that nobody corrects, so that there is always a next invoice.
        self._use(self._camera(organization), self.tariffs[0], START, None)
        for _ in range(self.random.randint(1, 4)):
            self.add(organization)

    def _camera(self, organization: Organization) -> Camera:
        return Camera.objects.create(
            name=f"camera-{Camera.objects.count()}", organization=organization
        )

    def _use(self, camera: Camera, tariff: Tariff, start: datetime, end: datetime | None) -> None:
        UsageInterval.objects.create(
            camera=camera,
            organization=camera.organization,
            tariff=tariff,
            started_at=start,
            ended_at=end,
        )

    def instants(self, number: int) -> list[datetime]:
        """Return different instants in order, each a whole second in the time that is corrected."""
        seconds = sorted(self.random.sample(range(SECONDS), number))
        return [START + timedelta(seconds=each) for each in seconds]

    def add(self, organization: Organization) -> None:
        """Add a camera with one to three intervals."""
        camera, number = self._camera(organization), self.random.randint(1, 3)
        instants = self.instants(2 * number)
        for start, end in zip(instants[::2], instants[1::2], strict=True):
            self._use(camera, self.random.choice(self.tariffs), start, end)

    def correct(self, organization: Organization) -> None:
        """Change something of an organization."""
        corrected = organization.usage_intervals.exclude(ended_at=None)
        use = self.random.choice([*corrected, None])
        match self.random.randint(0, 5):
            case 0 | 1:
                self.add(organization)
            case 2 if use:
                use.delete()
            case 3 if use:
                use.ended_at = use.started_at + (use.ended_at - use.started_at) / 3
                use.ended_at = use.ended_at.replace(microsecond=0) + timedelta(seconds=1)
                use.save()
            case 4 if use:
                use.tariff = self.random.choice(self.tariffs)
                use.save()
            case _:
                first = SEPTEMBER + timedelta(days=self.random.randint(0, 50))
                organization.trial_first_on = first
                organization.trial_last_on = first + timedelta(days=self.random.randint(0, 20))
                organization.save()
                tax = a_tax(percent=self.random.choice([7, 16, 19]))
                organization.billing_details.update(tax=tax)

    def change_prices(self) -> None:
        """Change prices within the invoiced time, up and down, and in the middle of a month."""
        for tariff in self.random.sample(self.tariffs, 2):
            day = SEPTEMBER + timedelta(days=self.random.randint(0, 45))
            amount = Decimal(self.random.randint(100, 2000)).scaleb(-minor_digits(tariff.currency))
            TariffPrice.objects.update_or_create(
                tariff=tariff, valid_from=day, defaults={"amount": amount}
            )


def invoiced() -> Sums:
    """Return what the documents in force charge."""
    sums: Sums = defaultdict(Decimal)
    own = FrozenCharges.objects.filter(invoice__invoiced_period__isnull=False)
    contents = [(each.invoice, each.content) for each in own.select_related("invoice")]
    corrections = Correction.objects.in_force().filter(corrects__invoiced_period__isnull=False)
    contents += [(each.document, each.content) for each in corrections.select_related("document")]
    for document, content in contents:
        for row in rows_of(bytes(content)):
            sums[document.organization_id, row["currency"], row["camera"]] += Decimal(row["amount"])
    return {key: amount for key, amount in sums.items() if amount}


def charged_now() -> Sums:
    """Return what the statements of all invoiced months come to."""
    sums: Sums = defaultdict(Decimal)
    names = dict(Camera.objects.values_list("pk", "name"))
    for organization in Organization.objects.all():
        statement = statement_for(organization=organization, period=WHOLE, as_of=IN_DECEMBER)
        for charge in statement.charges():
            amount = charge.amount
            assert amount is not None
            sums[organization.pk, amount.currency, names[charge.camera_id]] += amount.number
    return {key: amount for key, amount in sums.items() if amount}


def by_currency(sums: Sums) -> dict[tuple[int, str], Decimal]:
    totals: dict[tuple[int, str], Decimal] = defaultdict(Decimal)
    for (organization, currency, _camera), amount in sums.items():
        totals[organization, currency] += amount
    return {key: amount for key, amount in totals.items() if amount}


def documents(field: str) -> dict[tuple[int, str], Decimal]:
    """Return the sum of all documents, credit notes with a minus, by organization and currency."""
    sums: dict[tuple[int, str], Decimal] = defaultdict(Decimal)
    for document in Invoice.objects.all():
        amount = getattr(document, field)
        key = document.organization_id, document.currency
        sums[key] += -amount if document.is_credit_note else amount
    return {key: amount for key, amount in sums.items() if amount}


def run(month: date, now: datetime) -> None:
    started = runs.start(month=month, now=now, by=None)
    for item in started.items.filter(state="waiting"):
        runs.do(item_ids=[item.pk], now=now, by=None)


def check(now: datetime) -> None:
    for pk in checking.waiting_organizations():
        checking.check(organization_id=pk, now=now)


def all_differences_are_known(now: datetime) -> bool:
    """Return whether what is stored is what comparing every invoice would find."""
    found = {}
    for invoice in Invoice.objects.in_force().select_related("organization"):
        comparison = compare(invoice, now)
        if not comparison.is_same:
            found[invoice.pk] = (comparison.change, len(comparison.differences))
    stored = InvoiceDifference.objects.values_list("pk", "amount", "cameras")
    return found == {pk: (amount, cameras) for pk, amount, cameras in stored}


def differing(most: int) -> Iterator[list[int]]:
    ids = list(InvoiceDifference.objects.order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(ids), most):
        yield ids[start : start + most]


def settle_now(ids: list[int], now: datetime) -> None:
    settlements = settling.settlements_of(settling.invoices_to_settle(ids), now)
    payable = {each.invoice.pk: each.version for each in settlements if each.total}
    if payable:
        settling.settle_now(invoice_ids=list(payable), now=now, by=None, shown=payable)


def invoice_late_usage(now: datetime) -> None:
    for late in LateUsage.objects.all():
        # An earlier row of the same month may have issued it.
        with suppress(AlreadyInvoiced):
            operations.issue(
                organization_id=late.organization_id, period=late.period, now=now, by=None
            )


def cancel_some(random: Random, now: datetime) -> None:
    """Cancel some corrections, so that what they correct differs again."""
    standing = Invoice.objects.filter(
        kind="invoice", corrections__stands_alone=True, credit_note=None
    )
    for invoice in random.sample(list(standing), standing.count() // 3):
        operations.cancel(invoice_id=invoice.pk, now=now, by=None)


@pytest.mark.parametrize("seed", [1])
def test_documents_add_up_to_the_statements_after_everything_is_settled(
    seed: int, pytestconfig: pytest.Config
) -> None:
    random = Random(seed)
    world = World(random, pytestconfig.getoption("--organizations"))
    run(SEPTEMBER, IN_OCTOBER)

    for now, month in ((IN_NOVEMBER, OCTOBER), (IN_DECEMBER, NOVEMBER)):
        world.change_prices()
        for organization in Organization.objects.order_by("pk"):
            for _ in range(random.randint(0, 3)):
                world.correct(organization)
        check(now)
        assert all_differences_are_known(now)
        # Half of the differences are settled now, the others with the next invoice.
        for ids in differing(most=20):
            settle_now(ids[::2], now)
            settling.defer(invoice_ids=ids[1::2], now=now, by=None)
        assert DeferredCorrection.objects.exists()
        run(month, now)
        cancel_some(random, now)
        check(now)
        assert all_differences_are_known(now)
        invoice_late_usage(now)

    # What stayed out of the last invoice is settled now.
    check(IN_DECEMBER)
    for ids in differing(most=500):
        settle_now(ids, IN_DECEMBER)
    check(IN_DECEMBER)

    assert all_differences_are_known(IN_DECEMBER)
    assert not Recheck.objects.exists()
    assert not LateUsage.objects.exists()
    assert all(each.amount == 0 for each in InvoiceDifference.objects.all())
    assert by_currency(invoiced()) == by_currency(charged_now()) == documents("net")
    # Where cameras differ but nothing is to be paid or credited, no document is issued.
    shifted = set(InvoiceDifference.objects.values_list("invoice__organization", flat=True))
    assert len(shifted) < Organization.objects.count() / 10
    stated, charged = (
        {key: amount for key, amount in sums.items() if key[0] not in shifted}
        for sums in (invoiced(), charged_now())
    )
    assert stated == charged
    outstanding = OpenItem.objects.values_list("organization", "currency")
    owed = {(pk, code): sum_ for pk, code, sum_ in outstanding.annotate(Sum("outstanding")) if sum_}
    assert owed == documents("total")
    kinds = {(each.kind, each.corrections.exists()) for each in Invoice.objects.all()}
    assert kinds == {(kind, has) for kind in ("invoice", "credit_note") for has in (True, False)}
