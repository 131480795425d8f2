"""Say why a change of a camera is held back."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Reason(models.TextChoices):
    """Why a change is held back, and what to do about it."""

    EARLIER = "earlier", _("An earlier change of the camera is held back.")
    NO_ORGANIZATION = (
        "no_organization",
        _("The organization in Watcher is not linked. Link it; the change is then carried out."),
    )
    NO_PRESET = "no_preset", _("Watcher does not say which preset the camera has.")
    NO_TARIFF = (
        "no_tariff",
        _("The preset is not linked to a tariff plan. Link it; the change is then carried out."),
    )
    NOT_AVAILABLE = (
        "not_available",
        _(
            "The tariff plan is archived or not available to the organization. Make it available; "
            "the change is then carried out."
        ),
    )
    CLOSED = "closed", _("The organization is closed.")
    ELSEWHERE = (
        "elsewhere",
        _("The camera belongs to another organization here. Check which one is to pay for it."),
    )
    DIFFERS = (
        "differs",
        _(
            "The camera is not in use here as it was in Watcher before. Correct that, or have the "
            "change carried out all the same."
        ),
    )
    INVOICED = (
        "invoiced",
        _(
            "The time is invoiced. The change is proposed as a correction: have it carried out, or "
            "leave the usage as it is."
        ),
    )
    UNSEEN = (
        "unseen",
        _(
            "The service user does not see the camera any more. It may have been deleted, or moved "
            "out of sight. Check that in Watcher."
        ),
    )
    NOT_AFTER_START = (
        "not_after_start",
        _("The usage here began later. Correct it, or leave it as it is."),
    )
    IMPOSSIBLE = (
        "impossible",
        _("The usage here does not allow it. Correct it, or leave it as it is."),
    )


ACCEPTABLE = (Reason.ELSEWHERE, Reason.DIFFERS, Reason.INVOICED, Reason.UNSEEN)
"""The reasons for which somebody can have a change carried out all the same."""
