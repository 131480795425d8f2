"""Say why a planned change was not possible."""

from __future__ import annotations

from django.utils.translation import gettext as _

from usage.cameras import operations
from usage.models import Camera, PlannedChange

_OF_CAMERA = {
    each.__name__: each
    for each in (
        operations.CameraChanged,
        operations.HasTariff,
        operations.InUse,
        operations.NotAfterStart,
        operations.UsedLater,
    )
}
_OTHERS = {
    each.__name__: each for each in (operations.OverlappingUse, operations.TariffNotAvailable)
}


def reason_of(planned: PlannedChange) -> str:
    """Return the text of the refusal, or a general one if it cannot be said any more.

    The usage that prevented the change may have been removed since.
    """
    name, use = planned.reason, planned.use
    uses_it = planned.destination or planned.organization
    if name == operations.OrganizationClosed.__name__ and uses_it.closed_on:
        return str(operations.OrganizationClosed(uses_it))
    if name in _OTHERS:
        return str(_OTHERS[name]())
    if name in _OF_CAMERA and (use or name == operations.CameraChanged.__name__):
        return str(_OF_CAMERA[name](planned.camera or Camera(name=planned.name), use))
    if name in _OF_CAMERA or name == operations.OrganizationClosed.__name__:
        return _("This was not possible at that time. The usage has been changed since.")
    return _("An unexpected error occurred. Make this change again, or ask your administrator.")
