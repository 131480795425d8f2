"""What invoices left of credits, and the one-off charges that have an invoice of their own."""

from __future__ import annotations

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from foundation.audit.recording import frozen
from tariffs.fields import money_field


@frozen
class CarriedCredit(models.Model):
    """What an invoice leaves of a credit; the values are those of `documents.document`.

    `charge` is the credit that it became. It is deleted if the invoice is cancelled, so this
    foreign key is not checked.
    """

    invoice = models.ForeignKey(
        "invoices.Invoice", models.PROTECT, related_name="carried_credits", db_index=False
    )
    position = models.PositiveIntegerField()
    text = models.CharField(pgettext_lazy("of a charge", "text"), max_length=200)
    day = models.DateField(_("date"))
    amount = money_field(_("amount"))
    charge = models.ForeignKey(
        "organizations.OneOffCharge",
        models.DO_NOTHING,
        related_name="+",
        db_constraint=False,
        db_index=False,
    )

    class Meta:
        verbose_name = _("carried credit")
        verbose_name_plural = _("carried credits")
        ordering = ("invoice", "position")
        constraints = (
            models.UniqueConstraint(
                fields=("invoice", "position"), name="invoices_carried_credit_position"
            ),
            models.UniqueConstraint(fields=("charge",), name="invoices_carried_credit_once"),
            models.CheckConstraint(
                condition=Q(amount__gt=0), name="invoices_carried_credit_positive"
            ),
        )

    def __str__(self) -> str:
        return f"{self.invoice_id} {self.position}"


@frozen
class InvoicedCharge(models.Model):
    """A one-off charge that an invoice of its own states.

    The charge can be changed once the invoice is cancelled, so this foreign key is not checked.
    """

    invoice = models.ForeignKey(
        "invoices.Invoice", models.PROTECT, related_name="invoiced_charges", db_index=False
    )
    charge = models.ForeignKey(
        "organizations.OneOffCharge",
        models.DO_NOTHING,
        related_name="+",
        db_constraint=False,
        db_index=False,
    )

    class Meta:
        verbose_name = _("invoiced one-off charge")
        verbose_name_plural = _("invoiced one-off charges")
        constraints = (
            models.UniqueConstraint(
                fields=("charge", "invoice"), name="invoices_invoiced_charge_once"
            ),
        )
        indexes = (models.Index(fields=("invoice",), name="invoices_charges_of_invoice"),)

    def __str__(self) -> str:
        return f"{self.invoice_id} {self.charge_id}"


def states_charges() -> Exists:
    """Return the condition that an invoice is for one-off charges only."""
    return Exists(InvoicedCharge.objects.filter(invoice=OuterRef("pk")))
