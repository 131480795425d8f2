"""Change many organizations in one transaction, as their own pages would."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models import Prefetch
from django.utils.functional import Promise

from foundation.web.versions import version_of
from organizations.billing.operations import stored_billing_details
from organizations.billing.tax_id_rules import wrong_tax_id
from organizations.bulk.applying import apply_changes
from organizations.models import BillingDetails, Organization, Tax
from organizations.operations import stored_values
from organizations.tags.forms import too_many_tags
from organizations.tags.operations import lock_tags
from organizations.zone_changes import recomputed_by
from rating.periods import ONE_DAY
from tariffs.affected_invoices import Span
from tariffs.models import Tariff

MOST_AT_ONCE = 200
_TRIAL = ("trial_first_on", "trial_last_on")


class Trial(NamedTuple):
    """The first and the last day of a trial; both are None if there is none."""

    first_on: date | None
    last_on: date | None


class Zone(NamedTuple):
    """A time zone and its first day; None for the beginning."""

    name: str
    valid_from: date | None


@dataclass(frozen=True, slots=True)
class Changes:
    """What to change of each organization; None or empty changes nothing."""

    added_tariffs: Collection[Tariff] = ()
    removed_tariffs: Collection[Tariff] = ()
    tax: Tax | None = None
    trial: Trial | None = None
    zone: Zone | None = None
    invoice_language: str = ""
    added_tags: Collection[str] = ()
    removed_tags: Collection[str] = ()


class DifferencesChanged(Exception):
    """The differences are no longer those that were shown."""


@dataclass(frozen=True, slots=True)
class Changed:
    """An organization and its values, by field name, before and after the changes.

    `details` are the billing details that apply today. `refusal` says why something cannot be
    changed.
    """

    organization: Organization
    details: BillingDetails | None
    before: dict[str, Any]
    after: dict[str, Any]
    refusal: Promise | str | None

    @property
    def fields(self) -> list[str]:
        """The names of the fields that differ."""
        return [name for name, value in self.before.items() if self.after[name] != value]

    @property
    def recomputed_by_zone(self) -> Span | None:
        """The time whose charges change with the time zone, if any."""
        return recomputed_by(
            self.organization, self.after["time_zone"], self.after["time_zone_from"]
        )

    @property
    def recomputed_by_trial(self) -> Span | None:
        """The time whose charges change with the trial, if any."""
        if not {*_TRIAL} & {*self.fields}:
            return None
        days = [each[name] for each in (self.before, self.after) for name in _TRIAL]
        days = [day for day in days if day is not None]
        start_of = self.organization.start_of
        return start_of(min(days)), start_of(max(days) + ONE_DAY)


def plan_changes(ids: Collection[int], changes: Changes, now: datetime) -> list[Changed]:
    """Return the organizations that would differ after the changes, by title."""
    details = BillingDetails.objects.select_related("tax")
    organizations = (
        Organization.objects.filter(pk__in=ids)
        .select_related("owner")
        .prefetch_related(
            "tariffs", "tags", "earlier_time_zones", Prefetch("billing_details", details)
        )
    )
    planned = [_planned(each, changes, now) for each in organizations]
    return [each for each in planned if each.fields]


def version_of_differences(planned: Sequence[Changed]) -> str:
    """Return a short text that is another one if the differences are others."""
    return version_of(
        {
            f"{each.organization.pk} {name} {when}": values[name]
            for each in planned
            for name in each.fields
            for when, values in (("before", each.before), ("after", each.after))
        }
    )


@transaction.atomic
def change_many(
    *, ids: Collection[int], changes: Changes, shown: str, now: datetime
) -> list[Changed]:
    """Make the changes of all organizations, or of none; return those that changed.

    `shown` is the `version_of_differences` that the person was shown.

    Raises:
        DifferencesChanged: they are others now, or some cannot be made.
        OrganizationRefusal, DetailsRefusal: a tariff or the tax can no longer be chosen.
    """
    if changes.added_tags or changes.removed_tags:
        lock_tags()
    # In a fixed order, so that two transactions cannot deadlock.
    locked = Organization.objects.filter(pk__in=ids).order_by("pk")
    list(locked.select_for_update(no_key=True).values_list("pk"))
    planned = plan_changes(ids, changes, now)
    if version_of_differences(planned) != shown or any(each.refusal for each in planned):
        raise DifferencesChanged
    apply_changes(planned)
    return planned


def _planned(organization: Organization, changes: Changes, now: datetime) -> Changed:
    details, before = values_of(organization, now)
    after = dict(before)
    removed = {*changes.removed_tariffs}
    kept = {*before["tariffs"], *changes.added_tariffs} - removed
    after["tariffs"] = sorted(kept, key=lambda each: each.name)
    if changes.trial is not None:
        after |= dict(zip(_TRIAL, changes.trial, strict=True))
    if changes.zone is not None and changes.zone.name != before["time_zone"]:
        after["time_zone"], after["time_zone_from"] = changes.zone
    refusal: Promise | str | None = None
    if changes.tax is not None:
        after["tax"] = changes.tax
        refusal = wrong_tax_id(changes.tax, before["tax_number"], before["country"])
    if changes.invoice_language:
        after["invoice_language"] = changes.invoice_language
    after["tags"] = _tags_after(before["tags"], changes)
    if after["tags"] != before["tags"]:
        refusal = refusal or too_many_tags(after["tags"])
    return Changed(organization, details, before, after, refusal or None)


def values_of(
    organization: Organization, now: datetime
) -> tuple[BillingDetails | None, dict[str, Any]]:
    """Return the billing details that apply today, and all editable values by field name."""
    details = _details_on(organization, organization.date_at(now))
    values = stored_values(organization) | stored_billing_details(organization, details)
    values["tariffs"] = sorted(values["tariffs"], key=lambda each: each.name)
    values["tags"] = sorted(tag.name for tag in organization.tags.all())
    return details, values


def _tags_after(before: Collection[str], changes: Changes) -> list[str]:
    """Return the tags after the changes; a tag is the same in upper and lower case."""
    removed = {name.casefold() for name in changes.removed_tags}
    held = {name.casefold(): name for name in before if name.casefold() not in removed}
    return sorted(({name.casefold(): name for name in changes.added_tags} | held).values())


def _details_on(organization: Organization, day: date) -> BillingDetails | None:
    begun = [
        each
        for each in organization.billing_details.all()
        if each.valid_from is None or each.valid_from <= day
    ]
    return max(begun, key=lambda each: each.valid_from or date.min, default=None)
