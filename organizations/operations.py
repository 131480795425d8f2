"""What changes organizations."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any, TypedDict, Unpack

from django.db import IntegrityError, transaction
from django.db.models import Count
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from foundation.web.versions import refuse_overwriting
from organizations.models import Organization
from tariffs.models import Tariff


class OrganizationFields(TypedDict):
    """What a person decides about an organization, its tariffs aside."""

    title: str
    owner: User
    trial_first_on: date | None
    trial_last_on: date | None
    time_zone: str
    contract_number: str
    contract_signed_on: date | None
    watcher_id: str | None


class OrganizationRefusal(Exception):
    """A change that is not made: `field` is what to mend, and the text says why."""

    field: str
    reason: Promise

    def __str__(self) -> str:
        return str(self.reason)


class TitleTaken(OrganizationRefusal):
    """Another organization has this title, whatever its case."""

    field = "title"
    reason = _("An organization with this title already exists.")


class WatcherIdTaken(OrganizationRefusal):
    """Another organization has this Watcher id."""

    field = "watcher_id"
    reason = _("Another organization already uses this Watcher ID. Enter a different one.")


class TariffNotOffered(OrganizationRefusal):
    """A tariff to be made available has been archived or deleted meanwhile."""

    field = "tariffs"
    reason = _(
        "A tariff plan has been archived or deleted since you opened this "
        "page. Review the tariff plans and save again."
    )


@dataclass(frozen=True)
class TariffInUse:
    """A tariff with how many of one organization's cameras use it now."""

    tariff: Tariff
    camera_count: int


@transaction.atomic
def create_organization(
    *, tariffs: Collection[Tariff], **fields: Unpack[OrganizationFields]
) -> Organization:
    """Create an organization to whose cameras `tariffs` are available.

    Raises:
        TitleTaken, WatcherIdTaken: another organization has it.
        TariffNotOffered: one of the tariffs is archived, or there no longer.
    """
    _lock_offered(tariffs)
    organization = Organization(**fields)
    _save(organization)
    organization.tariffs.set(tariffs)
    return organization


@transaction.atomic
def change_organization(
    *, pk: int, shown: str, tariffs: Collection[Tariff], **fields: Unpack[OrganizationFields]
) -> list[TariffInUse]:
    """Change an organization, and make exactly `tariffs` available to it.

    `shown` is the version (`foundation.web.versions`) of the `stored_values` that were shown.
    Return the tariffs thereby taken off that cameras still use: those cameras keep them, and no
    other camera gets them.

    Raises:
        Organization.DoesNotExist: there is none.
        ChangedMeanwhile: some of it is no longer as shown, nor as it is to be.
        TitleTaken, WatcherIdTaken: another organization has it.
        TariffNotOffered: a tariff that was not available so far is archived, or there no longer.
    """
    organization = Organization.objects.select_for_update(no_key=True).get(pk=pk)
    stored = stored_values(organization)
    refuse_overwriting(shown=shown, stored=stored, given={**fields, "tariffs": tariffs})
    before = set(stored["tariffs"])
    _lock_offered(set(tariffs) - before)
    for name, value in fields.items():
        setattr(organization, name, value)
    _save(organization)
    organization.tariffs.set(tariffs)
    taken_off = before - set(tariffs)
    return [use for use in tariffs_in_use(organization) if use.tariff in taken_off]


def stored_values(organization: Organization) -> dict[str, Any]:
    """Return what is decided about an organization now, by the name of the field."""
    values = {name: getattr(organization, name) for name in OrganizationFields.__annotations__}
    return {**values, "tariffs": list(organization.tariffs.all())}


def tariffs_in_use(organization: Organization) -> list[TariffInUse]:
    """Return which tariffs the organization's cameras use now, by name: available ones and not.

    `usage_intervals` is the reverse of `usage.UsageInterval.organization`.
    """
    in_use = organization.usage_intervals.filter(ended_at=None).order_by().values("tariff")
    counts = dict(in_use.annotate(number=Count("pk")).values_list("tariff", "number"))
    tariffs = Tariff.objects.filter(pk__in=counts).order_by("name")
    return [TariffInUse(tariff, counts[tariff.pk]) for tariff in tariffs]


def _lock_offered(tariffs: Collection[Tariff]) -> None:
    """Keep tariffs that are newly made available from being archived or deleted meanwhile."""
    wanted = Tariff.objects.available().filter(pk__in=[tariff.pk for tariff in tariffs])
    # In one order, so that two who lock the same tariffs cannot wait for each other.
    if len(wanted.order_by("pk").select_for_update(no_key=True)) != len(tariffs):
        raise TariffNotOffered


def _save(organization: Organization) -> None:
    with _named_refusals(), transaction.atomic():
        organization.save()


@contextmanager
def _named_refusals() -> Iterator[None]:
    """Turn a unique constraint's refusal into its name: a form's own check can come too early."""
    try:
        yield
    except IntegrityError as error:
        if "organizations_title_unique" in str(error):
            raise TitleTaken from error
        if "watcher_id" in str(error):
            raise WatcherIdTaken from error
        raise
