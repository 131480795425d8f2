"""The titles of presets and organizations that requests name by the platform's ids."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from watcher.models import PlatformOrganization, PlatformPreset, WriteRequest
from watcher.writing.kinds import Values

Ids = Callable[[Values], Iterable[str]]
"""Returns the ids that values name."""


def prepare_titles(
    requests: Sequence[WriteRequest], presets: Ids, tenants: Ids | None = None
) -> None:
    """Load titles for `titles_of`, by one query for the presets and one for the organizations."""
    of_presets = PlatformPreset.objects.filter(preset_id__in=_ids(requests, presets))
    titles = dict(of_presets.values_list("preset_id", "title"))
    names: dict[str, str] = {}
    if tenants is not None:
        known = PlatformOrganization.objects.filter(tenant_id__in=_ids(requests, tenants))
        names = dict(known.order_by().values_list("tenant_id", "title"))
    for request in requests:
        request._titles = (titles, names)  # type: ignore[attr-defined]


def titles_of(request: WriteRequest, *, tenants: bool = False) -> dict[str, str]:
    """Return the titles of presets, or of organizations, by id."""
    found: tuple[dict[str, str], dict[str, str]] = getattr(request, "_titles", ({}, {}))
    return found[tenants]


def _ids(requests: Sequence[WriteRequest], ids_of: Ids) -> set[str]:
    return {
        each
        for request in requests
        for values in (request.wanted, request.shown, request.found)
        if values
        for each in ids_of(values)
        if each
    }
