"""The list of an organization's cameras as a file."""

from collections.abc import Iterator

from django.db.models import QuerySet

from foundation.lists.exports import ROWS_A_FETCH, Cell
from organizations.models import Organization
from usage.models import UsageInterval

CAMERA_EXPORT_COLUMNS = ("organization", "camera", "title", "tariff", "since", "until")


def camera_export_rows(
    uses: QuerySet[UsageInterval], organization: Organization
) -> Iterator[list[Cell]]:
    """Stream uses as cells under `CAMERA_EXPORT_COLUMNS`; times are the organization's."""
    zone = organization.zone
    for use in uses.iterator(ROWS_A_FETCH):
        yield [
            organization.title,
            use.camera.name,
            use.camera.title,
            use.tariff.name,
            use.started_at.astimezone(zone),
            use.ended_at.astimezone(zone) if use.ended_at else None,
        ]
