"""The kinds of differences between billing and the platform."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    """What differs. `here` is what billing has, and `there` what the platform has."""

    CAMERA_THERE = "camera_there", _("Camera that is not charged")
    CAMERA_HERE = "camera_here", _("Camera that is not in Watcher")
    CAMERA_ORGANIZATION = "camera_organization", _("Camera of another organization")
    CAMERA_TARIFF = "camera_tariff", _("Camera with another tariff plan")
    CAMERA_DISABLED = "camera_disabled", _("Disabled camera that is charged")
    ORGANIZATION_THERE = "organization_there", _("Organization that is not linked")
    ORGANIZATION_HERE = "organization_here", _("Organization that is not in Watcher")
    TITLE = "title", _("Title of an organization")
    LIMIT = "limit", _("Limit of cameras")
    OWNER = "owner", _("Owner of an organization")
    OWNER_BLOCKED = "owner_blocked", _("Owner is blocked")
    PRESET_THERE = "preset_there", _("Preset that is not linked")
    PRESET_HERE = "preset_here", _("Tariff plan without a preset")
    PRESET_TITLE = "preset_title", _("Title of a preset")
    PRESET_SERVICES = "preset_services", _("Services of a preset")
    PRESET_ADJUSTABLE = "preset_adjustable", _("Preset that cameras may differ from")
    PRESET_DELETED = "preset_deleted", _("Deleted preset in use")


CAMERAS = (
    Kind.CAMERA_THERE,
    Kind.CAMERA_HERE,
    Kind.CAMERA_ORGANIZATION,
    Kind.CAMERA_TARIFF,
    Kind.CAMERA_DISABLED,
)
"""The kinds of which a camera has at most one, and that cost something a month."""
