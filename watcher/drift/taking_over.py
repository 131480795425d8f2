"""Take over what the platform has of anything but a camera, by the operations that people use."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from accounts.models import Role, User
from accounts.people import operations as people
from foundation.web.versions import version_of
from organizations import operations as organizations
from organizations.models import Organization
from tariffs import operations as tariffs
from tariffs.models import Tariff
from watcher.drift.kinds import Kind
from watcher.drift.models import Difference
from watcher.drift.refusals import NoLongerSo, Refused
from watcher.linking.operations import unlink_organization
from watcher.models import CameraLimit
from watcher.people import operations as limits
from watcher.services import DAY, GIGABYTE

LONGEST_ORGANIZATION, LONGEST_TARIFF = 200, 100
Owners = Mapping[str, User]
"""Owners here who can sign in, by their address."""


def take_over(difference: Difference, *, by: User, now: datetime) -> None:
    """Store here what the platform has; within the transaction of the caller.

    Raises:
        NoLongerSo, Refused: it cannot be done.
    """
    _TAKE_OVER[Kind(difference.kind)](difference, by, now)


def owners_named(differences: Iterable[Difference]) -> Owners:
    """Return the owners here whom the platform has as owners of organizations."""
    addresses = {_address_there(each) for each in differences if each.kind == Kind.OWNER}
    if not addresses:
        return {}
    found = User.objects.filter(email__in=addresses, role=Role.OWNER, is_active=True)
    return {each.email: each for each in found}


def why_not(difference: Difference, owners: Owners) -> str:
    """Return why what the platform has cannot be taken over; empty if it can be.

    `owners` are those of `owners_named`.
    """
    kind, here, there = Kind(difference.kind), difference.here, difference.there
    match kind:
        case Kind.ORGANIZATION_HERE if not here.get("watcher_id"):
            return _("No organization is deleted here because it is not in Watcher.")
        case Kind.ORGANIZATION_THERE | Kind.PRESET_THERE:
            return _("Nobody has said what it is here.")
        case Kind.PRESET_HERE:
            return _("Watcher has nothing that could be taken over.")
        case Kind.PRESET_DELETED:
            return _("Cameras still have it. Give them another preset in Watcher.")
        case Kind.PRESET_ADJUSTABLE:
            return _("Cameras always have the services of their tariff plan here.")
        case Kind.PRESET_SERVICES if not _has_days(there):
            return _("Its DVR depth in Watcher is not a number of days, from 1 on.")
        case Kind.LIMIT if "most_cameras" not in here:
            return _("No limit is stated here, and more cameras are in use than Watcher allows.")
        case Kind.LIMIT if there["most_cameras"] == 0:
            return _("Whether 0 in Watcher means no camera or no limit is not known.")
        case Kind.OWNER if _address_there(difference) not in owners:
            return _("Nobody with this address is an owner here. Invite them first.")
    return ""


def _address_there(difference: Difference) -> str:
    there = difference.there
    return User.objects.normalize_email(there.get("email") or there.get("login") or "")


# --- Organizations and owners ---------------------------------------------------------------------


def _change_organization(
    difference: Difference, shown: Mapping[str, object], wanted: Mapping[str, object]
) -> None:
    """Change an organization as on its page, if it still is as it was shown."""
    found = Organization.objects.select_for_update(no_key=True)
    organization = found.get(pk=difference.organization_id or 0)
    stored = organizations.stored_values(organization)
    if any(stored[name] != value for name, value in shown.items()):
        raise NoLongerSo
    try:
        organizations.change_organization(
            pk=organization.pk, shown=version_of(stored), **{**stored, **wanted}
        )
    except organizations.OrganizationRefusal as refusal:
        raise Refused(difference.name, refusal) from refusal


def _rename_organization(difference: Difference, by: User, now: datetime) -> None:
    title = difference.there["title"]
    if len(title) > LONGEST_ORGANIZATION:
        raise Refused(difference.name, _("The title in Watcher is too long for here."))
    _change_organization(difference, {"title": difference.here["title"]}, {"title": title})


def _change_owner(difference: Difference, by: User, now: datetime) -> None:
    owner = owners_named([difference]).get(_address_there(difference))
    present = User.objects.filter(email=difference.here["email"]).first()
    if owner is None or present is None:
        raise NoLongerSo
    _change_organization(difference, {"owner": present}, {"owner": owner})


def _block_owner(difference: Difference, by: User, now: datetime) -> None:
    assert difference.organization is not None
    owner = difference.organization.owner
    if difference.there["is_blocked"]:
        people.block(pk=owner.pk, now=now)
    else:
        people.unblock(pk=owner.pk)


def _keep_limit(difference: Difference, by: User, now: datetime) -> None:
    assert difference.organization_id is not None
    present = CameraLimit.objects.filter(organization=difference.organization_id)
    if present.values_list("most_cameras", flat=True).first() != difference.here["most_cameras"]:
        raise NoLongerSo
    try:
        limits.set_limit(
            organization_id=difference.organization_id,
            most_cameras=difference.there["most_cameras"],
            by_id=by.pk,
            now=now,
        )
    except limits.LimitTooLow as refusal:
        why = _("The organization has %(cameras)s cameras in Watcher, more than its limit there.")
        raise Refused(difference.name, why % {"cameras": refusal.cameras}) from refusal


def _remove_link(difference: Difference, by: User, now: datetime) -> None:
    assert difference.organization_id is not None
    unlink_organization(
        organization_id=difference.organization_id, watcher_id=difference.here["watcher_id"]
    )


# --- Tariff plans ---------------------------------------------------------------------------------


def _rename_tariff(difference: Difference, by: User, now: datetime) -> None:
    title = difference.there["title"]
    if len(title) > LONGEST_TARIFF:
        raise Refused(difference.name, _("The title in Watcher is too long for here."))
    _change_tariff(difference, {"name": difference.here["title"]}, {"name": title})


def _has_days(there: Mapping[str, Any]) -> bool:
    """Return whether the depth of a preset is a number of days, or known to mean no archive."""
    return "is_no_archive" in there or (bool(there["seconds"]) and there["seconds"] % DAY == 0)


def _change_services(difference: Difference, by: User, now: datetime) -> None:
    here, there = difference.here, difference.there
    shown = {
        "dvr_depth_days": here["days"],
        "dvr_space_gb": here["gigabytes"],
        "has_anpr": here["anpr"],
    }
    has_archive = "is_no_archive" not in there
    wanted = {
        "dvr_depth_days": there["seconds"] // DAY if has_archive else 0,
        "dvr_space_gb": round((there["bytes"] or 0) / GIGABYTE) if has_archive else 0,
        "has_anpr": there["anpr"],
    }
    _change_tariff(difference, shown, wanted)


def _change_tariff(
    difference: Difference, shown: Mapping[str, object], wanted: Mapping[str, object]
) -> None:
    """Change a tariff as on its page, if it still is as it was shown."""
    tariff = Tariff.objects.select_for_update().get(pk=difference.tariff_id or 0)
    stored = tariffs.stored_values(tariff)
    if any(stored[name] != value for name, value in shown.items()):
        raise NoLongerSo
    try:
        tariffs.change_tariff(tariff_id=tariff.pk, shown=version_of(stored), **{**stored, **wanted})
    except tariffs.TariffRefusal as refusal:
        raise Refused(difference.name, refusal) from refusal


_TAKE_OVER: Mapping[Kind, Callable[[Difference, User, datetime], None]] = {
    Kind.TITLE: _rename_organization,
    Kind.OWNER: _change_owner,
    Kind.OWNER_BLOCKED: _block_owner,
    Kind.LIMIT: _keep_limit,
    Kind.ORGANIZATION_HERE: _remove_link,
    Kind.PRESET_TITLE: _rename_tariff,
    Kind.PRESET_SERVICES: _change_services,
}
