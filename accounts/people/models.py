"""Changes of addresses that wait for confirmation."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from foundation.audit.recording import audited


@audited(found_by=("user",))
class AddressChange(models.Model):
    """The address that a user will have once a link that was mailed to it is confirmed."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="address_change",
        verbose_name=_("user"),
    )
    email = models.EmailField(_("new email address"))
    requested_at = models.DateTimeField(_("requested at"))

    class Meta:
        verbose_name = _("address change")
        verbose_name_plural = _("address changes")
        constraints = (
            models.CheckConstraint(
                condition=models.Q(email=Lower("email")), name="accounts_new_email_lower_case"
            ),
        )

    def __str__(self) -> str:
        return self.email
