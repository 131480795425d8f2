"""The stored contacts."""

from __future__ import annotations

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from foundation.audit.recording import audited


@audited(found_by=("organization",))
class Contact(models.Model):
    """A person or office of a subscriber, and what they receive by email."""

    organization = models.ForeignKey(
        "organizations.Organization",
        models.CASCADE,
        related_name="contacts",
        verbose_name=_("organization"),
        # The index below begins with it.
        db_index=False,
    )
    name = models.CharField(pgettext_lazy("of a person", "name"), max_length=200)
    role = models.CharField(_("role"), max_length=100, blank=True)
    email = models.EmailField(pgettext_lazy("an address", "email"), blank=True)
    telephone = models.CharField(
        _("telephone"),
        max_length=40,
        blank=True,
        validators=[
            RegexValidator(
                r"^[+(]?[0-9][0-9 ()/.,;a-z-]*$",
                _("Enter a telephone number, for example +49 40 1234567."),
            )
        ],
    )
    receives_invoices = models.BooleanField(_("receives invoices"), default=False)
    receives_reminders = models.BooleanField(_("receives payment reminders"), default=False)
    # Nothing is sent to these yet: forms and lists have them once something is.
    receives_notices = models.BooleanField(_("receives notices"), default=False)

    class Meta:
        verbose_name = _("contact")
        verbose_name_plural = _("contacts")
        ordering = ("name", "pk")
        constraints = (
            models.CheckConstraint(
                condition=~Q(email="") | Q(receives_invoices=False, receives_reminders=False),
                name="organizations_contact_has_email",
                violation_error_message=_("Enter an email address to send this to."),
            ),
        )
        indexes = (models.Index(fields=("organization", "name"), name="organizations_contacts"),)

    def __str__(self) -> str:
        return self.name

    @property
    def receives(self) -> list[str]:
        """What the contact receives, as a person reads it."""
        kinds = (
            (self.receives_invoices, gettext("invoices")),
            (self.receives_reminders, gettext("payment reminders")),
        )
        return [name for is_received, name in kinds if is_received]
