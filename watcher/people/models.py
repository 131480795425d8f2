"""What billing wants of organizations on the platform, beside what it has of them itself."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from foundation.audit.recording import audited
from organizations.models import Organization


@audited(found_by=("organization",))
class CameraLimit(models.Model):
    """At most so many cameras an organization may have on the platform; without a row, any."""

    organization = models.OneToOneField(
        Organization, models.CASCADE, related_name="+", verbose_name=_("organization")
    )
    most_cameras = models.PositiveIntegerField(_("most cameras in Watcher"))

    class Meta:
        verbose_name = _("limit of cameras in Watcher")
        verbose_name_plural = _("limits of cameras in Watcher")
        constraints = (
            # Whether 0 means none or no limit is not documented.
            models.CheckConstraint(
                condition=Q(most_cameras__gte=1), name="watcher_camera_limit_positive"
            ),
        )

    def __str__(self) -> str:
        return str(self.most_cameras)
