"""What the provider states on invoices to French companies."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from foundation.audit.recording import audited


@audited()
class FrenchNotes(models.Model):
    """The notes that invoices between French companies must state. The table has at most one row.

    They are those of the Code de commerce, articles L441-9, L441-10 and D441-5, with the subject
    codes PMD, PMT and AAB. Invoices follow the French rules while `are_stated`.
    """

    are_stated = models.BooleanField(_("follow the French rules"), default=False)
    penalties = models.CharField(_("late payment penalties (PMD)"), max_length=500, blank=True)
    recovery = models.CharField(_("recovery costs (PMT)"), max_length=500, blank=True)
    discount = models.CharField(
        _("discount for early payment, or that there is none (AAB)"), max_length=500, blank=True
    )

    class Meta:
        verbose_name = _("French notes")
        verbose_name_plural = _("French notes")
        constraints = (
            models.CheckConstraint(condition=Q(pk=1), name="invoices_french_notes_one"),
            models.CheckConstraint(
                condition=Q(are_stated=False)
                | (~Q(penalties="") & ~Q(recovery="") & ~Q(discount="")),
                name="invoices_french_notes_whole",
            ),
        )

    def __str__(self) -> str:
        return gettext("French notes")
