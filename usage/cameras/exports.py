"""Export the list of an organization's cameras."""

from collections.abc import Iterator
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from foundation.lists.exports import ROWS_A_FETCH, Cell
from organizations.models import Organization
from usage.known_instants import known_code
from usage.models import UsageInterval

CAMERA_EXPORT_COLUMNS = (
    "organization",
    "camera",
    "title",
    "tariff",
    "since",
    "until",
    "since_known",
    "until_known",
)


def camera_export_rows(
    uses: QuerySet[UsageInterval], organization: Organization, zone: ZoneInfo
) -> Iterator[list[Cell]]:
    """Stream the cells of each use, in the order of `CAMERA_EXPORT_COLUMNS`.

    Times are in `zone`.
    """
    for use in uses.iterator(ROWS_A_FETCH):
        yield [
            organization.title,
            use.camera.name,
            use.camera.title_for([organization.pk]),
            use.tariff.name,
            use.started_at.astimezone(zone),
            use.ended_at.astimezone(zone) if use.ended_at else None,
            known_code(use.started_within_seconds),
            known_code(use.ended_within_seconds),
        ]
