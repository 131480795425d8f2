"""The stored payments, what they pay, and what is left of them.

A payment belongs to an organization and a currency. Allocations state which open items it pays;
what is left of it is credit of the organization. Payments and allocations never change. Triggers
keep the outstanding amount of each invoice (`OpenItem`) and what is left of each payment
(`OnAccount`). docs/payments.md states the rules.
"""

from __future__ import annotations

import pgtrigger
from django.conf import settings
from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import F, Q
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from foundation.audit.recording import audited, frozen, no_truncate
from foundation.search.index import search_index
from invoices.models import Invoice
from organizations.models import Organization
from payments.books import BooksClosing
from payments.querysets import (
    AllocationQuerySet,
    OnAccountQuerySet,
    PaymentQuerySet,
    ReceivableQuerySet,
)
from tariffs.fields import money_field
from tariffs.money import format_money

# Django looks for the models of the app here.
__all__ = [
    "Allocation",
    "BooksClosing",
    "Method",
    "OnAccount",
    "Payment",
    "PaymentKind",
    "Receivable",
]

# The length of unstructured remittance information in a credit transfer (ISO 20022).
MAX_REFERENCE = 140


class Method(models.TextChoices):
    """The payment method."""

    TRANSFER = "transfer", _("Bank transfer")
    CARD = "card", _("Card")
    DIRECT_DEBIT = "direct_debit", _("Direct debit")
    CASH = "cash", _("Cash")
    OTHER = "other", pgettext_lazy("payment method", "Other")


class PaymentKind(models.TextChoices):
    """What a payment is. Refunds, and transfers to others, have negative amounts."""

    PAYMENT = "payment", _("Payment")
    DEPOSIT = "deposit", _("Deposit")
    BANK_FEE = "bank_fee", _("Bank fee")
    WRITE_OFF = "write_off", _("Write-off")
    REFUND = "refund", _("Refund")
    TRANSFER = "transfer", pgettext_lazy("between organizations", "Transfer")


RECEIVED = (PaymentKind.PAYMENT, PaymentKind.DEPOSIT, PaymentKind.BANK_FEE)
"""The kinds that come from the payer and can pay any open item."""


@frozen
@audited(exclude=("request",), found_by=("invoice", "organization"))
class Payment(models.Model):
    """An amount in favour of an organization in a currency, or against it if it is negative.

    It is received, written off, refunded or transferred, or it reverses such a payment: then it has
    the negated amount. `invoice` is the one that the payer named, if any. `owner` is the owner of
    that invoice, or of the organization when it was recorded: only that owner can read it. The
    incoming side of a transfer has `transferred_from`, the outgoing side.
    """

    organization = models.ForeignKey(
        Organization,
        models.PROTECT,
        related_name="payments",
        verbose_name=_("organization"),
        db_index=False,
    )
    currency = models.CharField(_("currency"), max_length=3)
    kind = models.CharField(
        _("kind"), max_length=9, choices=PaymentKind, default=PaymentKind.PAYMENT
    )
    invoice = models.ForeignKey(
        Invoice,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="payments",
        verbose_name=_("invoice"),
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        verbose_name=_("owner"),
        db_index=False,
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
    transferred_from = models.OneToOneField(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="transferred_to",
        verbose_name=_("transferred from"),
    )
    # Identifies the request that recorded it, so that a repeated one records nothing.
    request = models.UUIDField(unique=True, null=True, editable=False)
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
            models.Index(
                fields=("organization", "-paid_on", "-id"), name="payments_of_organization"
            ),
            models.Index(fields=("owner", "-paid_on", "-id"), name="payments_of_owner"),
        )
        constraints = (
            models.CheckConstraint(
                condition=Q(reverses__isnull=False)
                | Q(kind__in=[each.value for each in RECEIVED], amount__gt=0)
                | Q(kind=PaymentKind.REFUND.value, amount__lt=0)
                | Q(kind__in=[PaymentKind.WRITE_OFF.value, PaymentKind.TRANSFER.value]),
                name="payments_payment_sign",
            ),
            models.CheckConstraint(condition=~Q(amount=0), name="payments_payment_not_zero"),
            models.CheckConstraint(
                condition=Q(kind__in=PaymentKind.values), name="payments_payment_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(method__in=Method.values), name="payments_payment_method_known"
            ),
            models.CheckConstraint(
                condition=~Q(reference="")
                | ~Q(kind__in=[PaymentKind.REFUND.value, PaymentKind.WRITE_OFF.value])
                | Q(reverses__isnull=False),
                name="payments_payment_says_why",
            ),
            models.CheckConstraint(
                condition=Q(transferred_from=None)
                | Q(kind=PaymentKind.TRANSFER.value, amount__gt=0, reverses=None),
                name="payments_payment_transferred",
            ),
        )
        triggers = (
            pgtrigger.Trigger(
                name="belongs_together",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                condition=pgtrigger.Q(new__invoice__isnull=False)
                | pgtrigger.Q(new__reverses__isnull=False)
                | pgtrigger.Q(new__transferred_from__isnull=False),
                func="""
                    IF NEW.invoice_id IS NOT NULL AND NOT EXISTS (
                        SELECT FROM invoices_invoice
                        WHERE id = NEW.invoice_id AND kind = 'invoice'
                            AND organization_id = NEW.organization_id AND currency = NEW.currency
                    ) THEN
                        RAISE EXCEPTION 'document % takes no payment', NEW.invoice_id;
                    END IF;
                    IF NEW.reverses_id IS NOT NULL AND NOT EXISTS (
                        SELECT FROM payments_payment
                        WHERE id = NEW.reverses_id AND reverses_id IS NULL
                            AND organization_id = NEW.organization_id AND currency = NEW.currency
                            AND invoice_id IS NOT DISTINCT FROM NEW.invoice_id
                            AND kind = NEW.kind AND amount = -NEW.amount
                    ) THEN
                        RAISE EXCEPTION 'payment % is not reversed by this', NEW.reverses_id;
                    END IF;
                    IF NEW.transferred_from_id IS NOT NULL AND NOT EXISTS (
                        SELECT FROM payments_payment
                        WHERE id = NEW.transferred_from_id AND kind = 'transfer'
                            AND reverses_id IS NULL AND currency = NEW.currency
                            AND organization_id <> NEW.organization_id AND amount = -NEW.amount
                    ) THEN
                        RAISE EXCEPTION 'payment % is not transferred by this',
                            NEW.transferred_from_id;
                    END IF;
                    RETURN NEW;
                """,
            ),
            pgtrigger.Trigger(
                name="goes_on_account",
                level=pgtrigger.Statement,
                when=pgtrigger.After,
                operation=pgtrigger.Insert,
                referencing=pgtrigger.Referencing(new="added"),  # type: ignore[no-untyped-call]
                declare=[("back", "record")],
                # Payments come by the thousand; reversals are few.
                func="""
                    INSERT INTO payments_onaccount (
                        payment_id, organization_id, currency, kind, amount, remaining
                    )
                    SELECT id, organization_id, currency, kind, amount, amount FROM added;
                    FOR back IN SELECT * FROM added WHERE reverses_id IS NOT NULL ORDER BY id LOOP
                        INSERT INTO payments_allocation (
                            payment_id, invoice_id, payout_id, amount, allocated_at,
                            allocated_by_id
                        )
                        SELECT payment_id, invoice_id, payout_id, -sum(amount), back.recorded_at,
                            back.recorded_by_id
                        FROM payments_allocation
                        WHERE payment_id = back.reverses_id OR payout_id = back.reverses_id
                        GROUP BY payment_id, invoice_id, payout_id
                        HAVING sum(amount) <> 0;
                        INSERT INTO payments_allocation (
                            payment_id, payout_id, amount, allocated_at, allocated_by_id
                        )
                        VALUES (
                            CASE WHEN back.amount < 0 THEN back.reverses_id ELSE back.id END,
                            CASE WHEN back.amount < 0 THEN back.id ELSE back.reverses_id END,
                            abs(back.amount), back.recorded_at, back.recorded_by_id
                        );
                    END LOOP;
                    RETURN NULL;
                """,
            ),
        )

    def __str__(self) -> str:
        return f"{date_format(self.paid_on)}, {format_money(self.amount, self.currency)}"


@frozen
@audited(found_by=("payment", "invoice"))
class Allocation(models.Model):
    """The part of a payment that pays an invoice, or that was paid out by a negative payment.

    A negative amount takes back what was allocated before. The sum for the same payment and target
    is what is allocated; it is never negative.
    """

    payment = models.ForeignKey(
        Payment,
        models.PROTECT,
        related_name="allocations",
        verbose_name=_("payment"),
        db_index=False,
    )
    invoice = models.ForeignKey(
        Invoice,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="allocations",
        verbose_name=_("invoice"),
        db_index=False,
    )
    payout = models.ForeignKey(
        Payment,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="covered_by",
        verbose_name=_("paid out by"),
        db_index=False,
    )
    amount = money_field(_("amount"))
    allocated_at = models.DateTimeField(_("allocated at"))
    allocated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("allocated by"),
        db_index=False,
    )

    objects = AllocationQuerySet.as_manager()

    class Meta:
        verbose_name = _("allocation")
        verbose_name_plural = _("allocations")
        indexes = (
            models.Index(fields=("payment",), include=("amount",), name="payments_allocated"),
            # Rows are stored in the order of their instants, so a small index is enough.
            BrinIndex("allocated_at", autosummarize=True, name="payments_allocated_at"),
            models.Index(
                fields=("invoice", "payment"),
                include=("amount",),
                condition=Q(invoice__isnull=False),
                name="payments_allocated_to_invoice",
            ),
            models.Index(
                fields=("payout", "payment"),
                include=("amount",),
                condition=Q(payout__isnull=False),
                name="payments_allocated_to_payout",
            ),
        )
        constraints = (
            models.CheckConstraint(
                condition=Q(invoice=None, payout__isnull=False)
                | Q(invoice__isnull=False, payout=None),
                name="payments_allocation_one_target",
            ),
            models.CheckConstraint(condition=~Q(amount=0), name="payments_allocation_not_zero"),
        )
        triggers = (
            pgtrigger.Trigger(
                name="settles",
                level=pgtrigger.Statement,
                when=pgtrigger.After,
                operation=pgtrigger.Insert,
                referencing=pgtrigger.Referencing(new="added"),  # type: ignore[no-untyped-call]
                declare=[("part", "record")],
                # Loops look each row up by its key: PostgreSQL would keep a plan for many rows.
                # Locks are taken in one order: open items, then payments, each by their ids.
                func="""
                    FOR part IN
                        SELECT added.invoice_id, paid.organization_id, paid.currency,
                            sum(added.amount) AS amount
                        FROM added, LATERAL (
                            SELECT organization_id, currency FROM payments_onaccount
                            WHERE payment_id = added.payment_id OFFSET 0
                        ) AS paid
                        WHERE added.invoice_id IS NOT NULL
                        GROUP BY added.invoice_id, paid.organization_id, paid.currency
                        ORDER BY added.invoice_id
                    LOOP
                        UPDATE invoices_openitem SET outstanding = outstanding - part.amount
                        WHERE invoice_id = part.invoice_id
                            AND organization_id = part.organization_id
                            AND currency = part.currency
                            AND (
                                part.amount <= 0
                                OR NOT is_cancelled AND outstanding >= part.amount
                            );
                        IF NOT FOUND THEN
                            RAISE EXCEPTION 'document % takes no payment of %', part.invoice_id,
                                part.amount;
                        END IF;
                    END LOOP;
                    FOR part IN
                        SELECT id, sum(amount) AS amount
                        FROM (
                            SELECT payment_id AS id, amount FROM added
                            UNION ALL
                            SELECT payout_id, -amount FROM added WHERE payout_id IS NOT NULL
                        ) AS used
                        GROUP BY id ORDER BY id
                    LOOP
                        UPDATE payments_onaccount SET remaining = remaining - part.amount
                        WHERE payment_id = part.id;
                    END LOOP;
                    IF EXISTS (
                        SELECT FROM added, LATERAL (
                            SELECT sum(amount) AS amount FROM payments_allocation
                            WHERE payment_id = added.payment_id
                                AND invoice_id IS NOT DISTINCT FROM added.invoice_id
                                AND payout_id IS NOT DISTINCT FROM added.payout_id
                            OFFSET 0
                        ) AS allocated
                        WHERE added.amount < 0 AND allocated.amount < 0
                    ) THEN
                        RAISE EXCEPTION 'more is taken back than was allocated';
                    END IF;
                    IF EXISTS (
                        SELECT FROM added
                        JOIN payments_onaccount AS paid ON paid.payment_id = added.payment_id
                        JOIN payments_onaccount AS out ON out.payment_id = added.payout_id
                        WHERE paid.organization_id <> out.organization_id
                            OR paid.currency <> out.currency
                    ) THEN
                        RAISE EXCEPTION 'a payment of another organization or currency';
                    END IF;
                    RETURN NULL;
                """,
            ),
        )

    def __str__(self) -> str:
        return number_format(self.amount.normalize())


class OnAccount(models.Model):
    """What is left of a payment: credit of its organization, or 0.

    Triggers write it. `remaining` lies between 0 and the amount. Nothing is left of a write-off, or
    of what was paid out, when a transaction ends.
    """

    payment = models.OneToOneField(
        Payment, models.PROTECT, primary_key=True, related_name="on_account"
    )
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="+", db_index=False)
    currency = models.CharField(max_length=3)
    kind = models.CharField(max_length=9)
    amount = money_field(_("amount"))
    remaining = money_field(_("on account"))

    objects = OnAccountQuerySet.as_manager()

    class Meta:
        verbose_name = _("payment on account")
        verbose_name_plural = _("payments on account")
        indexes = (
            models.Index(
                fields=("organization", "currency"),
                include=("remaining",),
                condition=~Q(remaining=0),
                name="payments_on_account",
            ),
        )
        constraints = (
            models.CheckConstraint(
                condition=Q(amount__gt=0, remaining__gte=0, remaining__lte=F("amount"))
                | Q(amount__lt=0, remaining__lte=0, remaining__gte=F("amount")),
                name="payments_never_more_than_the_payment",
            ),
        )
        triggers = (
            pgtrigger.Protect(
                name="kept_by_triggers",
                operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
                condition=pgtrigger.Condition("pg_trigger_depth() = 0"),
            ),
            no_truncate(),
            pgtrigger.Trigger(
                name="nothing_left",
                when=pgtrigger.After,
                operation=pgtrigger.Insert | pgtrigger.Update,
                timing=pgtrigger.Deferred,
                condition=pgtrigger.Condition(
                    "NEW.remaining <> 0 AND (NEW.amount < 0 OR NEW.kind = 'write_off')"
                ),
                func="""
                    IF EXISTS (
                        SELECT FROM payments_onaccount
                        WHERE payment_id = NEW.payment_id AND remaining <> 0
                    ) THEN
                        RAISE EXCEPTION 'payment % must not be left on account', NEW.payment_id;
                    END IF;
                    RETURN NULL;
                """,
            ),
        )

    def __str__(self) -> str:
        return f"{self.payment_id} {self.remaining}"


class Receivable(models.Model):
    """What an organization owes for an invoice, or what is left of a payment, which is negative.

    A view of `OpenItem` and `OnAccount`; both have an index of what is not 0.
    """

    organization = models.ForeignKey(Organization, models.DO_NOTHING, related_name="+")
    currency = models.CharField(max_length=3)
    due_on = models.DateField(null=True)
    outstanding = money_field(_("outstanding"))

    objects = ReceivableQuerySet.as_manager()

    class Meta:
        managed = False
        db_table = "payments_receivable"
        verbose_name = _("receivable")
        verbose_name_plural = _("receivables")

    def __str__(self) -> str:
        return f"{self.organization_id} {self.outstanding}"
