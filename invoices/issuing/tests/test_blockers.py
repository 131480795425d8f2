"""Tests of blockers: issuing and its preview find the same ones in the same order."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from invoices.issuing import operations
from invoices.issuing.blockers import Blockers, blockers_of
from invoices.issuing.drafts import drafts_of
from invoices.issuing.refusals import (
    AlreadyInvoiced,
    DetailsMissing,
    IssueRefusal,
    NothingToBill,
    PeriodNotOver,
    Unpriced,
)
from invoices.models import Invoice
from invoices.provider.parties import provider_details
from invoices.tests.factories import IN_NOVEMBER, OCTOBER, BilledUseFactory, issued_invoice
from organizations.models import BillingDetails, Organization
from tariffs.tests.factories import TariffFactory, TariffPriceFactory

IN_OCTOBER = datetime(2026, 10, 20, tzinfo=UTC)


def refusal_of_issuing(organization: Organization, now: datetime) -> IssueRefusal:
    with pytest.raises(IssueRefusal) as caught:
        operations.issue(organization_id=organization.pk, period=OCTOBER, now=now, by=None)
    return caught.value


@pytest.mark.django_db
def test_issuing_raises_the_first_blocker_and_the_preview_shows_all() -> None:
    organization = issued_invoice().organization
    late = TariffFactory.create()
    TariffPriceFactory.create(tariff=late, valid_from=date(2026, 10, 15))
    BilledUseFactory.create(camera__organization=organization, tariff=late)
    BillingDetails.objects.update(city="")
    organization.refresh_from_db()

    def found(now: datetime) -> tuple[type, list[type]]:
        """Return why issuing is refused, what the preview shows."""
        drafts = drafts_of(
            organization=organization, period=OCTOBER, now=now, provider=provider_details()
        )
        shown = [*drafts.blockers, *(each.blocker for each in drafts.drafts if each.blocker)]
        refusal = refusal_of_issuing(organization, now)
        assert drafts.refusal is not None
        assert (refusal.name, refusal.details) == (drafts.refusal.name, drafts.refusal.details)
        return (
            type(refusal),
            [type(each) for each in shown],
        )

    every: list[type] = [PeriodNotOver, DetailsMissing, Unpriced, AlreadyInvoiced]
    assert found(IN_OCTOBER) == (PeriodNotOver, every)
    assert found(IN_NOVEMBER) == (DetailsMissing, every[1:])
    BillingDetails.objects.update(city="Hamburg")
    organization.refresh_from_db()
    assert found(IN_NOVEMBER) == (Unpriced, every[2:])
    TariffPriceFactory.create(tariff=late, valid_from=date(2026, 1, 1))
    assert found(IN_NOVEMBER) == (AlreadyInvoiced, every[3:])


@pytest.mark.parametrize(
    ("nets", "in_force", "ready", "refusal"),
    [
        ({}, [], [], NothingToBill),
        ({"EUR": "0"}, [], [], NothingToBill),
        ({"EUR": "9"}, [], ["EUR"], None),
        ({"EUR": "0", "JPY": "9"}, [], ["JPY"], None),
        ({"EUR": "9"}, ["EUR"], [], AlreadyInvoiced),
        ({"EUR": "9", "JPY": "9"}, ["EUR"], ["JPY"], None),
        ({"EUR": "9", "JPY": "0"}, ["EUR"], [], AlreadyInvoiced),
        ({"EUR": "9"}, ["JPY"], ["EUR"], None),
    ],
)
def test_each_currency_is_blocked_separately(
    nets: dict[str, str], in_force: list[str], ready: list[str], refusal: type | None
) -> None:
    found = blockers_of(
        [],
        nets={currency: Decimal(net) for currency, net in nets.items()},
        unpriced=0,
        overlapping=[
            Invoice(currency=each, period_from=OCTOBER.start, period_until=OCTOBER.end)
            for each in in_force
        ],
    )

    assert found.ready == ready
    assert (type(found.refusal) if found.refusal else None) == refusal


def test_a_blocker_of_all_currencies_leaves_none_ready() -> None:
    found = blockers_of([], nets={"EUR": Decimal(9)}, unpriced=2, overlapping=[])

    assert found.ready == []
    assert isinstance(found.refusal, Unpriced)
    assert isinstance(Blockers([PeriodNotOver()]).refusal, PeriodNotOver)
