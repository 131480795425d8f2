"""Store the changes of many organizations, set by set, as their own pages store those of one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from foundation.bulk import forget_plans
from organizations.billing.details import BillingFields, DeliveryFields
from organizations.billing.operations import TaxNotThere
from organizations.followers import FOLLOWED, tell
from organizations.models import BillingDetails, Organization, Tax
from organizations.operations import OrganizationFields, lock_offered
from organizations.tags.operations import tag_many, untag_many
from organizations.zone_changes import set_time_zone
from rating.periods import ONE_DAY

if TYPE_CHECKING:
    from organizations.bulk.operations import Changed

_ZONE = {"time_zone", "time_zone_from"}
_OWN = {*OrganizationFields.__annotations__, *DeliveryFields.__annotations__}
_BILLING = {*BillingFields.__annotations__}


def apply_changes(changes: Sequence[Changed]) -> None:
    """Make the changes of organizations that the transaction has locked, and its tags if need be.

    Raises:
        TariffNotOffered: a tariff that becomes available has been archived or deleted.
        TaxNotThere: a tax has been deleted.
        IntegrityError: another organization has such a title or Watcher ID.
    """
    changes = [each for each in changes if each.fields]
    if not changes:
        return
    forget_plans()
    _store_organizations([each for each in changes if _OWN & {*each.fields}])
    _store_tariffs([each for each in changes if "tariffs" in each.fields])
    _store_details([each for each in changes if _BILLING & {*each.fields}])
    _store_tags([each for each in changes if "tags" in each.fields])


def _store_organizations(changes: Sequence[Changed]) -> None:
    organizations: list[Organization] = []
    names: set[str] = set()
    for each in changes:
        organization, fields = each.organization, _OWN & {*each.fields}
        for name in fields - _ZONE:
            setattr(organization, name, each.after[name])
        if fields & _ZONE:
            set_time_zone(organization, each.after["time_zone"], each.after["time_zone_from"])
            if organization.closed_on:
                # The last day ends at another instant in another time zone.
                organization.closed_at = organization.start_of(organization.closed_on + ONE_DAY)
            fields |= {*_ZONE, "closed_at"}
        organizations.append(organization)
        names |= fields
    if organizations:
        Organization.objects.bulk_update(organizations, sorted(names))
    tell(
        {
            each.organization.pk: {
                name: each.before[name] for name in FOLLOWED if name in each.fields
            }
            for each in changes
        }
    )


def _store_tariffs(changes: Sequence[Changed]) -> None:
    added, removed = _by_value(changes, "tariffs")
    lock_offered(added)
    available = Organization.tariffs.through.objects
    for tariff, ids in removed.items():
        available.filter(tariff=tariff, organization__in=ids).delete()
    available.bulk_create(
        Organization.tariffs.through(organization_id=pk, tariff=tariff)
        for tariff, ids in added.items()
        for pk in ids
    )


def _store_details(changes: Sequence[Changed]) -> None:
    taxes = {each.after["tax"].pk for each in changes if each.after["tax"]}
    # Locked, so that none is deleted before the billing details refer to it.
    locked = Tax.objects.filter(pk__in=taxes).order_by("pk").select_for_update(no_key=True)
    if len(locked) != len(taxes):
        raise TaxNotThere
    new: list[BillingDetails] = []
    kept: list[BillingDetails] = []
    names: set[str] = set()
    for each in changes:
        details = each.details or BillingDetails(organization=each.organization)
        fields = _BILLING & {*each.fields}
        for name in fields:
            setattr(details, name, each.after[name])
        names |= fields
        (kept if details.pk else new).append(details)
    BillingDetails.objects.bulk_create(new)
    if kept:
        BillingDetails.objects.bulk_update(kept, sorted(names))


def _store_tags(changes: Sequence[Changed]) -> None:
    added, removed = _by_value(changes, "tags")
    by_organization: dict[int, list[str]] = defaultdict(list)
    for name, ids in added.items():
        for pk in ids:
            by_organization[pk].append(name)
    tag_many(by_organization)
    untag_many(removed)


def _by_value(
    changes: Iterable[Changed], field: str
) -> tuple[Mapping[Any, Collection[int]], Mapping[Any, Collection[int]]]:
    """Return the ids of organizations by what is added to a field, and by what is removed."""
    added: dict[Any, list[int]] = defaultdict(list)
    removed: dict[Any, list[int]] = defaultdict(list)
    for each in changes:
        before, after = {*each.before[field]}, {*each.after[field]}
        for value in after - before:
            added[value].append(each.organization.pk)
        for value in before - after:
            removed[value].append(each.organization.pk)
    return added, removed
