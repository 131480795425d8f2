"""Store the examples of agreements in docs/pricing.md."""

from datetime import UTC, datetime
from typing import NamedTuple

from organizations.agreement.tests.storing import store
from organizations.models import Organization
from rating.tests.test_agreement_examples import IDS, tariffs, term
from rating.tests.test_pricing_examples import DEFAULT_AS_OF, Example, dates, zones_of
from tariffs.models import Tariff
from tariffs.tests.factories import TariffFactory, TariffPriceFactory, VolumeStepFactory
from usage.models import UsageInterval
from usage.tests.factories import CameraFactory


class Asked(NamedTuple):
    """What a row of the examples asks, and the organization with its terms."""

    example: Example
    organization: Organization
    now: datetime


def stored_tariffs() -> dict[int, Tariff]:
    """Store the tariffs of the document; return them by their numbers in it."""
    names = {number: name for name, number in IDS.items()}
    found = {}
    for each in tariffs():
        tariff = TariffFactory.create(
            name=names[each.tariff_id], currency=each.currency, proration=each.unit
        )
        for valid_from, amount, steps in each.prices:
            price = TariffPriceFactory.create(tariff=tariff, valid_from=valid_from, amount=amount)
            for camera_months, step in steps:
                VolumeStepFactory.create(price=price, camera_months=camera_months, amount=step)
        found[each.tariff_id] = tariff
    return found


def stored(row: list[str], organization: Organization) -> Asked:
    """Store what a row has for an organization in UTC."""
    _, trial, agreed, use, period, _, _ = row
    use, _, as_of = use.partition(", as of ")
    asked_for = dates(period)
    assert asked_for
    asked = Example(zones_of("UTC"), dates(trial), use, asked_for, as_of or DEFAULT_AS_OF)
    found = stored_tariffs()
    organization.tariffs.set(found.values())
    if asked.trial:
        organization.trial_first_on, organization.trial_last_on = (
            asked.trial.start,
            asked.trial.last,
        )
        organization.save()
    for number, text in enumerate(filter(None, agreed.split("; "))):
        store(term(number, text), organization, found)
    for each in asked.usages(IDS) if use else ():
        camera = CameraFactory.create(
            name=f"camera-{each.camera_id:02d}", organization=organization
        )
        UsageInterval.objects.create(
            camera=camera,
            organization=organization,
            tariff=found[each.tariff_id],
            started_at=at(each.started_at),
            ended_at=None if each.ended_at is None else at(each.ended_at),
        )
    return Asked(asked, organization, at(asked.instant(asked.as_of)))


def at(instant: int) -> datetime:
    """Return an instant in seconds since 1970."""
    return datetime.fromtimestamp(instant, UTC)
