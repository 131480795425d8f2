"""Say why something was not linked, and what to do."""

from __future__ import annotations

from django.utils.translation import gettext as _

from watcher.linking.operations import (
    GoneFromPlatform,
    LinkRefusal,
    OrganizationTaken,
    PresetTaken,
    TariffArchived,
    TenantTaken,
)


def text_of(refusal: LinkRefusal) -> str:
    """Return a refusal in words."""
    match refusal:
        case GoneFromPlatform():
            return _("Watcher does not have it any more, so it cannot be linked.")
        case TenantTaken(title=title) if title:
            return _(
                "“%(title)s” is linked to this organization in Watcher. Remove that link first."
            ) % {"title": title}
        case TenantTaken():
            return _("Another organization was linked to it meanwhile. Remove that link first.")
        case OrganizationTaken(watcher_id=watcher_id):
            return _(
                "This organization has another Watcher ID, %(id)s. Remove that link first."
            ) % {"id": watcher_id}
        case PresetTaken(tariff=tariff) if tariff:
            return _(
                "Meanwhile somebody else chose “%(tariff)s”. Save again to choose another."
            ) % {"tariff": tariff}
        case PresetTaken():
            return _(
                "Meanwhile somebody else removed the link. Save again to choose a tariff plan."
            )
        case TariffArchived():
            return _("This tariff plan is archived. Choose another, or restore it first.")
    return _("This cannot be linked.")
