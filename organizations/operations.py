"""Operations on organizations."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any, TypedDict, Unpack

from django.db import IntegrityError, transaction
from django.db.models import Count, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from foundation.web.versions import refuse_overwriting
from organizations.billing.provider_country import provider_country
from organizations.debtors import refused_debtor
from organizations.followers import FOLLOWED, tell
from organizations.models import UNIQUE_TITLE, Organization, Tax
from organizations.zone_changes import set_time_zone
from rating.periods import ONE_DAY
from tariffs.models import Tariff


class OrganizationFields(TypedDict):
    """The editable values of an organization without its tariffs."""

    title: str
    owner: User
    trial_first_on: date | None
    trial_last_on: date | None
    time_zone: str
    time_zone_from: date | None
    contract_number: str
    contract_signed_on: date | None
    contract_last_on: date | None
    watcher_id: str | None
    debtor_number: str | None


class OrganizationRefusal(Exception):
    """A change was refused: `field` must be corrected, and the text says why."""

    field: str
    reason: Promise

    def __str__(self) -> str:
        return str(self.reason)


class TitleTaken(OrganizationRefusal):
    """Another organization has this title, regardless of case."""

    field = "title"
    reason = _("An organization with this title already exists.")


class WatcherIdTaken(OrganizationRefusal):
    """Another organization has this Watcher ID."""

    field = "watcher_id"
    reason = _("Another organization already uses this Watcher ID. Enter a different one.")


class DebtorTaken(OrganizationRefusal):
    """Another organization has this debtor number, given or counted."""

    field = "debtor_number"

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text

    def __str__(self) -> str:
        return self.text


class TariffNotOffered(OrganizationRefusal):
    """A tariff to be made available has since been archived or deleted."""

    field = "tariffs"
    reason = _(
        "A tariff plan has been archived or deleted since you opened this "
        "page. Review the tariff plans and save again."
    )


@dataclass(frozen=True)
class TariffInUse:
    """A tariff and the number of an organization's cameras that use it now."""

    tariff: Tariff
    camera_count: int


@transaction.atomic
def create_organization(
    *, tariffs: Collection[Tariff], **fields: Unpack[OrganizationFields]
) -> Organization:
    """Create an organization, and make `tariffs` available to it.

    It is billed with the default tax, and in the provider's country.

    Raises:
        TitleTaken, WatcherIdTaken, DebtorTaken: another organization has this title, Watcher ID or
            debtor number.
        TariffNotOffered: a tariff has been archived or deleted.
    """
    lock_offered(tariffs)
    organization = Organization(**fields)
    _save(organization)
    organization.tariffs.set(tariffs)
    # Locked, so that it cannot be deleted before the billing details refer to it.
    tax, country = default_billing(Tax.objects.select_for_update(no_key=True))
    if tax or country:
        organization.billing_details.create(tax=tax, country=country)
    return organization


def default_billing(taxes: QuerySet[Tax]) -> tuple[Tax | None, str]:
    """Return the tax among `taxes` and the country of organizations that do not have others."""
    return taxes.filter(is_default=True).first(), provider_country()


@transaction.atomic
def change_organization(
    *, pk: int, shown: str, tariffs: Collection[Tariff], **fields: Unpack[OrganizationFields]
) -> list[TariffInUse]:
    """Change an organization, and make exactly `tariffs` available to it.

    `time_zone` applies from `time_zone_from` on, in place of any that began then or later; without
    a date, from the beginning.

    `shown` is the version (see `foundation.web.versions`) of the `stored_values` that were shown.
    Return the removed tariffs that cameras still use: these cameras keep them, but they can no
    longer be assigned.

    Raises:
        Organization.DoesNotExist: the organization does not exist.
        EditedByOthers: someone has changed a value since it was shown, to another than the given.
        TitleTaken, WatcherIdTaken, DebtorTaken: another organization has this title, Watcher ID or
            debtor number.
        TariffNotOffered: a tariff that was not available before has been archived or deleted.
    """
    organization = Organization.objects.select_for_update(no_key=True).get(pk=pk)
    stored = stored_values(organization)
    refuse_overwriting(shown=shown, stored=stored, given={**fields, "tariffs": tariffs})
    before = set(stored["tariffs"])
    lock_offered(set(tariffs) - before)
    time_zone, time_zone_from = fields["time_zone"], fields["time_zone_from"]
    for name, value in fields.items():
        if name not in ("time_zone", "time_zone_from"):
            setattr(organization, name, value)
    set_time_zone(organization, time_zone, time_zone_from)
    if organization.closed_on:
        # The last day ends at another instant in another time zone.
        organization.closed_at = organization.start_of(organization.closed_on + ONE_DAY)
    _save(organization)
    former = {name: stored[name] for name in FOLLOWED if stored[name] != fields[name]}  # type: ignore[literal-required]
    tell({organization.pk: former})
    organization.tariffs.set(tariffs)
    removed = before - set(tariffs)
    return [use for use in tariffs_in_use(organization) if use.tariff in removed]


def stored_values(organization: Organization) -> dict[str, Any]:
    """Return the editable values of an organization as stored, by field name."""
    values = {name: getattr(organization, name) for name in OrganizationFields.__annotations__}
    return {**values, "tariffs": list(organization.tariffs.all())}


def tariffs_in_use(organization: Organization) -> list[TariffInUse]:
    """Return the tariffs that the organization's cameras use now, available or not, by name.

    `usage_intervals` is the reverse relation of `usage.UsageInterval.organization`.
    """
    in_use = organization.usage_intervals.filter(ended_at=None).order_by().values("tariff")
    counts = dict(in_use.annotate(number=Count("pk")).values_list("tariff", "number"))
    tariffs = Tariff.objects.filter(pk__in=counts).order_by("name")
    return [TariffInUse(tariff, counts[tariff.pk]) for tariff in tariffs]


def lock_offered(tariffs: Collection[Tariff]) -> None:
    """Lock tariffs so that they cannot be archived or deleted before they become available."""
    wanted = Tariff.objects.available().filter(pk__in=[tariff.pk for tariff in tariffs])
    # Lock in a fixed order, so that two transactions cannot deadlock.
    if len(wanted.order_by("pk").select_for_update(no_key=True)) != len(tariffs):
        raise TariffNotOffered


def _save(organization: Organization) -> None:
    with _named_refusals(), transaction.atomic():
        organization.save()


@contextmanager
def _named_refusals() -> Iterator[None]:
    """Turn a unique violation into a named refusal: the form's check may have run too early."""
    try:
        yield
    except IntegrityError as error:
        if UNIQUE_TITLE in str(error):
            raise TitleTaken from error
        if "watcher_id" in str(error):
            raise WatcherIdTaken from error
        if text := refused_debtor(error):
            raise DebtorTaken(text) from error
        raise
