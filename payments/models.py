"""The stored payments of invoices."""

from __future__ import annotations

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from foundation.audit.recording import audited, frozen
from foundation.search.index import search_index
from invoices.models import Invoice
from payments.querysets import PaymentQuerySet
from tariffs.fields import money_field

# The length of unstructured remittance information in a credit transfer (ISO 20022).
MAX_REFERENCE = 140


class Method(models.TextChoices):
    """The payment method."""

    TRANSFER = "transfer", _("Bank transfer")
    CARD = "card", _("Card")
    DIRECT_DEBIT = "direct_debit", _("Direct debit")
    CASH = "cash", _("Cash")
    OTHER = "other", pgettext_lazy("payment method", "Other")


@frozen
@audited(found_by=("invoice",))
class Payment(models.Model):
    """Money received for an invoice in its currency, or the reversal of such a payment.

    A payment is never edited. A reversal has the negated amount of the payment it reverses.
    """

    invoice = models.ForeignKey(
        Invoice, models.PROTECT, related_name="payments", verbose_name=_("invoice")
    )
    paid_on = models.DateField(_("date"))
    amount = money_field(_("amount"))
    method = models.CharField(
        _("payment method"), max_length=12, choices=Method, default=Method.TRANSFER
    )
    reference = models.CharField(_("reference"), max_length=MAX_REFERENCE, blank=True)
    reverses = models.OneToOneField(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="reversal",
        verbose_name=_("reverses"),
    )
    recorded_at = models.DateTimeField(_("recorded at"))
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("recorded by"),
        db_index=False,
    )

    objects = PaymentQuerySet.as_manager()

    class Meta:
        verbose_name = _("payment")
        verbose_name_plural = _("payments")
        ordering = ("paid_on", "pk")
        indexes = (
            search_index("reference", name="payments_payment_search"),
            models.Index(fields=("amount",), name="payments_payment_by_amount"),
            models.Index(fields=("-paid_on", "-id"), name="payments_payment_newest"),
        )
        constraints = (
            models.CheckConstraint(
                condition=Q(reverses=None, amount__gt=0) | Q(reverses__isnull=False, amount__lt=0),
                name="payments_payment_sign",
            ),
            models.CheckConstraint(
                condition=Q(method__in=Method.values), name="payments_payment_method_known"
            ),
        )
        triggers = (
            pgtrigger.Trigger(
                name="reverses_exactly",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                condition=pgtrigger.Q(new__reverses__isnull=False),
                func="""
                    IF EXISTS (
                        SELECT FROM payments_payment
                        WHERE id = NEW.reverses_id AND reverses_id IS NULL
                            AND invoice_id = NEW.invoice_id AND amount = -NEW.amount
                    ) THEN
                        RETURN NEW;
                    END IF;
                    RAISE EXCEPTION 'payment % is not reversed by this', NEW.reverses_id;
                """,
            ),
            pgtrigger.Trigger(
                name="reduces_open_item",
                when=pgtrigger.After,
                operation=pgtrigger.Insert,
                func="""
                    UPDATE invoices_openitem SET outstanding = outstanding - NEW.amount
                    WHERE invoice_id = NEW.invoice_id
                        AND (NEW.reverses_id IS NOT NULL OR NOT is_cancelled);
                    IF FOUND THEN
                        RETURN NULL;
                    END IF;
                    RAISE EXCEPTION 'document % takes no payment', NEW.invoice_id;
                """,
            ),
        )

    def __str__(self) -> str:
        return f"{date_format(self.paid_on)}, {number_format(self.amount.normalize())}"
