"""Export the list of organizations."""

from collections.abc import Iterator
from datetime import datetime

from django.db.models import QuerySet

from foundation.lists.exports import ROWS_A_FETCH, Cell
from organizations.agreement.suspensions import suspension_of
from organizations.models import Organization

EXPORT_COLUMNS = (
    "title",
    "owner",
    "owner_name",
    "owner_activated",
    "tariffs",
    "cameras_in_use",
    "trial",
    "trial_first",
    "trial_last",
    "time_zone",
    "contract_number",
    "contract_date",
    "tax",
    "last_day",
    "time_zones",
)
STAFF_COLUMNS = ("tags",)
"""The columns that follow for staff."""
LAST_COLUMNS = ("contract_end", "suspension_first", "suspension_last", "debtor_number")
"""The columns that follow for everybody; the suspension is the one in force, or else the next."""


def export_rows(
    organizations: QuerySet[Organization], now: datetime, *, for_staff: bool
) -> Iterator[list[Cell]]:
    """Yield the cells under `EXPORT_COLUMNS`, for staff `STAFF_COLUMNS`, and `LAST_COLUMNS`.

    The organizations have `coming_suspensions`, and are annotated by `with_cameras_in_use` and
    `with_tax_on`.
    """
    organizations = organizations.prefetch_related("earlier_time_zones")
    for organization in organizations.iterator(ROWS_A_FETCH):
        shown = suspension_of(organization, now)
        yield [
            organization.title,
            organization.owner.email,
            organization.owner.name,
            organization.owner.is_activated,
            ", ".join(sorted(tariff.name for tariff in organization.tariffs.all())),
            organization.cameras_in_use,  # type: ignore[attr-defined]
            organization.trial_state(now),
            organization.trial_first_on,
            organization.trial_last_on,
            str(organization.zone_at(now)),
            organization.contract_number,
            organization.contract_signed_on,
            organization.tax_name,  # type: ignore[attr-defined]
            organization.closed_on,
            _time_zones(organization),
            *([", ".join(tag.name for tag in organization.tags.all())] if for_staff else []),
            organization.contract_last_on,
            shown and shown.suspension.first_on,
            shown and shown.suspension.last_on,
            organization.debtor_number,
        ]


def _time_zones(organization: Organization) -> str:
    """Return all time zones, with the dates from which the later ones apply."""
    first, *later = organization.zones
    changes = [f", from {each.valid_from} {each.zone}" for each in later]
    return f"{first.zone}{''.join(changes)}"
