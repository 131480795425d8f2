"""What has happened to organizations of the demonstration: other owners and time zones, closing."""

from datetime import UTC, date, datetime, time, timedelta

from accounts.models import Role, User
from demo.provider import first_of_month
from demo.sign_ins import SIGN_INS
from organizations.models import EarlierTimeZone, Organization
from usage.closing import operations as closing
from usage.planned import operations as planning

# Ids of organizations; a small demonstration does not have all of them.
_MOVED, _HANDED_OVER, _CLOSED, _PLANNED = 3, 3, 12, 5


def change_time_zone(today: date) -> None:
    """Let an organization have moved here from the Azores half a year ago."""
    moved = Organization.objects.filter(pk=_MOVED).first()
    if moved is not None:
        EarlierTimeZone.objects.create(organization=moved, time_zone="Atlantic/Azores")
        moved.time_zone_from = first_of_month(today, -6)
        moved.save(update_fields=["time_zone_from"])


def hand_over_from_sign_in_owner() -> User | None:
    """Give an organization to the demonstration's owner; return whose it will be afterwards."""
    organization = Organization.objects.filter(pk=_HANDED_OVER).select_related("owner").first()
    if organization is None:
        return None
    email = next(email for role, email, _password in SIGN_INS if role == Role.OWNER)
    _give(User.objects.get(email=email))
    return organization.owner


def hand_over_to(owner: User | None) -> None:
    """Give that organization to its later owner."""
    if owner is not None:
        _give(owner)


def close_one(today: date) -> None:
    """Close an organization at the end of last month."""
    if Organization.objects.filter(pk=_CLOSED).exists():
        last_on = first_of_month(today, 0) - timedelta(days=1)
        now = datetime.combine(today, time(), UTC)
        closing.close(organization_id=_CLOSED, last_on=last_on, now=now)


def plan_changes(today: date) -> None:
    """Plan changes of an organization's first cameras for the first of next month."""
    organization = Organization.objects.filter(pk=_PLANNED).first()
    by = User.objects.filter(role=Role.OPERATOR).order_by("pk").first()
    if organization is None or by is None:
        return
    uses = organization.usage_intervals.in_use().order_by("camera_id")
    at = organization.start_of(first_of_month(today, 1))
    now = datetime.combine(today, time(), UTC)
    tariff = organization.tariffs.available().order_by("-pk").first()
    changing = uses.exclude(tariff=tariff)[:2].values_list("pk", flat=True)
    if tariff is not None and changing:
        planning.plan_change_tariff(
            organization_id=organization.pk,
            use_ids=list(changing),
            tariff_id=tariff.pk,
            at=at,
            now=now,
            by=by,
        )


def _give(owner: User) -> None:
    Organization.objects.filter(pk=_HANDED_OVER).update(owner=owner)
