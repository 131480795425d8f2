"""The stored deliveries of documents."""

from __future__ import annotations

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from foundation.mail.requests import MailRequest


class Delivery(MailRequest):
    """A request to send an invoice by email, and its result."""

    invoice = models.ForeignKey("invoices.Invoice", models.PROTECT, related_name="deliveries")
    # The request to send many documents again that this belongs to, if any.
    mailing = models.ForeignKey(
        "invoices.Mailing",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="deliveries",
        db_index=False,
    )

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        ordering = ("-asked_at", "-pk")
        indexes = (
            # Failures are few; Home counts them.
            models.Index(
                fields=("invoice",), condition=Q(state="failed"), name="invoices_mail_failed"
            ),
            models.Index(
                fields=("mailing", "state"),
                condition=Q(mailing__isnull=False),
                name="invoices_mail_of_mailing",
            ),
        )

    def __str__(self) -> str:
        return f"{self.invoice_id} {self.state}"


def last_failures() -> models.QuerySet[Delivery]:
    """Return the last delivery of each document whose last one could not be sent."""
    later = Delivery.objects.filter(invoice=OuterRef("invoice"), pk__gt=OuterRef("pk"))
    failed = Delivery.objects.filter(state=Delivery.State.FAILED)
    return failed.filter(~Exists(later)).order_by()


def mail_failed() -> Exists:
    """Return the condition that the last delivery of an invoice could not be sent."""
    return Exists(last_failures().filter(invoice=OuterRef("pk")))
