"""Show intervals before and after a change, with the names of what they mention."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from organizations.models import Organization
from tariffs.models import Tariff
from usage.corrections.plan import Use
from usage.corrections.refusals import span_text


class NamedChange(NamedTuple):
    """An interval of a camera before and after; None where there is none.

    A camera that does not exist yet has no id. `is_neighbour` and `leaves_gap` are as in `Change`.
    """

    camera: str
    camera_id: int | None
    before: Use | None
    after: Use | None
    is_neighbour: bool = False
    leaves_gap: bool = False


@dataclass(frozen=True)
class ShownUse:
    """An interval as a page shows it."""

    organization: Organization
    tariff: Tariff
    span: str


@dataclass(frozen=True)
class ShownChange:
    """A change as a page shows it."""

    change: NamedChange
    before: ShownUse | None
    after: ShownUse | None


def shown_changes(changes: Sequence[NamedChange]) -> Iterator[ShownChange]:
    """Yield changes as usage/_changes.html needs them."""
    uses = [use for change in changes for use in (change.before, change.after) if use is not None]
    organizations = Organization.objects.in_bulk({use.organization_id for use in uses})
    tariffs = Tariff.objects.in_bulk({use.tariff_id for use in uses})

    def shown(use: Use | None) -> ShownUse | None:
        if use is None:
            return None
        organization = organizations[use.organization_id]
        span = span_text(organization, use.started_at, use.ended_at)
        return ShownUse(organization, tariffs[use.tariff_id], span)

    for change in changes:
        yield ShownChange(change, shown(change.before), shown(change.after))
