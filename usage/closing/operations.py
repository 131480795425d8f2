"""Close organizations: nothing is billed after their last day, and their cameras are disconnected.

Statements never count usage after an organization is closed, even if it is recorded. Cameras that
are still in use are disconnected at the end of the last day: at once if it is over, otherwise by a
periodic job.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import PROTECT, Exists, F, OuterRef, Value
from django.db.models.functions import Greatest
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from foundation.bulk import forget_plans
from organizations.agreement.described import described
from organizations.agreement.followers import STOPPED
from organizations.agreement.operations import open_charges_after
from organizations.models import OneOffCharge, Organization
from rating.periods import ONE_DAY
from usage.cameras.followers import Change, tell
from usage.models import Camera, UsageInterval

_A_SECOND = timedelta(seconds=1)
_MOST_NAMED = 5


class OrganizationUsed(Exception):
    """The organization cannot be deleted, because it was used."""

    def __str__(self) -> str:
        return _(
            "Cameras have been used by this organization, or documents issued to it, so it "
            "cannot be deleted. Close it instead."
        )


class ChargesAfterClosing(Exception):
    """One-off charges that no invoice states are dated after the last day."""

    def __init__(self, charges: Sequence[OneOffCharge]) -> None:
        super().__init__(charges)
        self.charges = charges

    def __str__(self) -> str:
        named = "; ".join(described(each) for each in self.charges[:_MOST_NAMED])
        unnamed = len(self.charges) - _MOST_NAMED
        if unnamed > 0:
            more = ngettext("and %(shown)s more", "and %(shown)s more", unnamed)
            named = f"{named} {more % {'shown': unnamed}}"
        return _(
            "Nothing is billed after the last day, but these one-off charges are dated after it: "
            "%(charges)s. Change their dates or withdraw them first, or choose a later day."
        ) % {"charges": named}


@transaction.atomic
def close(*, organization_id: int, last_on: date, now: datetime) -> int:
    """Close an organization after a date, in its time zone; or change the date.

    If the date is over, disconnect the cameras in use at its end, and return their number. `now` is
    in whole seconds.

    Raises:
        Organization.DoesNotExist: the organization does not exist.
        ChargesAfterClosing: one-off charges after the date are not invoiced yet.
    """
    _lock_cameras(organization_id)
    organization = _locked(organization_id)
    if charges := open_charges_after(organization, last_on):
        raise ChargesAfterClosing(charges)
    organization.closed_on = last_on
    organization.closed_at = organization.start_of(last_on + ONE_DAY)
    organization.save(update_fields=["closed_on", "closed_at"])
    STOPPED.tell(organization_id)
    return _disconnect(organization, now) if organization.is_closed(now) else 0


@transaction.atomic
def reopen(*, organization_id: int) -> None:
    """Open a closed organization again. Its cameras are not connected again.

    Raises:
        Organization.DoesNotExist: the organization does not exist.
    """
    organization = _locked(organization_id)
    organization.closed_on = organization.closed_at = None
    organization.save(update_fields=["closed_on", "closed_at"])
    STOPPED.tell(organization_id)


@transaction.atomic
def delete(*, organization_id: int) -> None:
    """Delete an organization that was never used.

    Raises:
        Organization.DoesNotExist: the organization does not exist.
        OrganizationUsed: it has or had usage or cameras, or has documents.
    """
    # FOR UPDATE also waits for transactions that have added something of the organization.
    organization = Organization.objects.select_for_update().get(pk=organization_id)
    if is_used(organization):
        raise OrganizationUsed
    organization.delete()


def is_used(organization: Organization) -> bool:
    """Return whether anything is or was used by an organization, or issued to it.

    Whatever keeps the organization from being deleted in the database counts, in this app and in
    those above it; so does usage that has since been deleted.
    """
    deleted = UsageInterval.pgh_event_model.objects.filter(  # type: ignore[attr-defined]
        organization=organization.pk, pgh_label="delete"
    )
    return deleted.exists() or any(
        relation.related_model._base_manager.filter(
            **{relation.field.name: organization.pk}
        ).exists()
        for relation in organization._meta.related_objects
        if relation.on_delete is PROTECT
    )


def closed_with_cameras(now: datetime) -> list[int]:
    """Return the ids of closed organizations whose cameras are still connected."""
    in_use = UsageInterval.objects.in_use().filter(organization=OuterRef("pk"))
    found = Organization.objects.closed(now).filter(Exists(in_use))
    return list(found.order_by("pk").values_list("pk", flat=True))


@transaction.atomic
def disconnect_after_closing(*, organization_id: int, now: datetime) -> None:
    """Disconnect the cameras of a closed organization at the end of its last day."""
    _lock_cameras(organization_id)
    organization = _locked(organization_id)
    if organization.is_closed(now):
        _disconnect(organization, now)


def _locked(organization_id: int) -> Organization:
    return Organization.objects.select_for_update(no_key=True).get(pk=organization_id)


def _lock_cameras(organization_id: int) -> None:
    """Lock the cameras in use, before the organization, as the operations on cameras do."""
    in_use = UsageInterval.objects.in_use_by(organization_id)
    cameras = Camera.objects.select_for_update().filter(pk__in=in_use.values("camera"))
    list(cameras.order_by("pk").values_list("pk"))


def _disconnect(organization: Organization, now: datetime) -> int:
    """End the use of an organization's cameras at its end; return their number.

    Use that began after it, which is not billed, ends now.
    """
    in_use = UsageInterval.objects.in_use_by(organization.pk)
    before = in_use.filter(started_at__lt=organization.closed_at)
    after = in_use.filter(started_at__gte=organization.closed_at)
    soonest = F("started_at") + Value(_A_SECOND)
    cameras = list(in_use.values_list("camera", flat=True))
    forget_plans()
    number = before.update(ended_at=organization.closed_at) + after.update(
        ended_at=Greatest(Value(now), soonest)
    )
    tell(cameras, Change.DISCONNECTED, now)
    return number
