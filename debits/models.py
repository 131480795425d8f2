"""Mandates of payers, and the batches in which what they owe is collected."""

from __future__ import annotations

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from foundation.audit.recording import audited, no_truncate
from foundation.mail.requests import MailRequest
from invoices.models import Invoice
from organizations.models import Organization
from payments.models import Payment
from tariffs.fields import money_field

MAX_REFERENCE = 35
"""The length of a mandate's reference and of an end-to-end ID (ISO 20022)."""
MAX_REASON = 200
# The characters that every bank takes (EPC 217-08), without a slash at either end.
reference_characters = RegexValidator(
    r"^[A-Za-z0-9+?:().,'-](?:[A-Za-z0-9+?/:().,' -]*[A-Za-z0-9+?:().,'-])?$",
    _("Use only Latin letters, digits, spaces and / - ? : ( ) . , ' +"),
)


@audited()
class DebitSettings(models.Model):
    """Who collects, and to which account; one row, with the primary key 1, or none."""

    class Scheme(models.TextChoices):
        CORE = "CORE", _("Core (anybody)")
        B2B = "B2B", _("B2B (companies only)")

    id = models.SmallIntegerField(primary_key=True, default=1, editable=False)
    creditor_id = models.CharField(_("creditor identifier"), max_length=35)
    iban = models.CharField(_("IBAN"), max_length=34)
    bic = models.CharField(_("BIC"), max_length=11, blank=True)
    scheme = models.CharField(_("scheme"), max_length=4, choices=Scheme, default=Scheme.CORE)
    lead_days = models.PositiveSmallIntegerField(
        _("lead time in banking days"),
        default=2,
        validators=[MinValueValidator(1), MaxValueValidator(14)],
        help_text=_("How many banking days before the collection your bank needs the file."),
    )
    notice_days = models.PositiveSmallIntegerField(
        _("notice in days"),
        default=14,
        validators=[MinValueValidator(1), MaxValueValidator(60)],
        help_text=_(
            "How many days before the collection payers are told of it. SEPA asks for 14, unless "
            "you agreed on fewer with them."
        ),
    )

    class Meta:
        verbose_name = _("settings of direct debit")
        verbose_name_plural = _("settings of direct debit")
        constraints = (
            models.CheckConstraint(condition=Q(pk=1), name="debits_settings_one"),
            models.CheckConstraint(
                condition=Q(lead_days__gte=1, lead_days__lte=14), name="debits_settings_lead_days"
            ),
            models.CheckConstraint(
                condition=Q(notice_days__gte=1, notice_days__lte=60),
                name="debits_settings_notice_days",
            ),
        )

    def __str__(self) -> str:
        return str(self._meta.verbose_name)


@audited(found_by=("organization",))
class Mandate(models.Model):
    """What allows the provider to collect what an organization owes in euro from an account.

    It is used while it is neither ended nor failed. It failed if its bank took a collection back;
    somebody decides whether it is used again.
    """

    organization = models.ForeignKey(
        Organization,
        models.PROTECT,
        related_name="mandates",
        verbose_name=_("organization"),
        db_index=False,
    )
    reference = models.CharField(
        _("mandate reference"),
        max_length=MAX_REFERENCE,
        unique=True,
        validators=[reference_characters],
        error_messages={"unique": _("Another mandate has this reference.")},
    )
    signed_on = models.DateField(_("signed on"))
    holder = models.CharField(_("account holder"), max_length=70)
    iban = models.CharField(_("IBAN"), max_length=34)
    bic = models.CharField(_("BIC"), max_length=11, blank=True)
    ended_at = models.DateTimeField(_("ended at"), null=True)
    failed_at = models.DateTimeField(_("failed at"), null=True)
    failure = models.CharField(_("why it failed"), max_length=MAX_REASON, blank=True)

    class Meta:
        verbose_name = _("mandate")
        verbose_name_plural = _("mandates")
        ordering = ("-pk",)
        indexes = (models.Index(fields=("organization", "-id"), name="debits_mandates_of_org"),)
        constraints = (
            models.UniqueConstraint(
                fields=("organization",),
                condition=Q(ended_at=None),
                name="debits_one_mandate",
            ),
            models.CheckConstraint(
                condition=Q(failed_at__isnull=False) | Q(failure=""), name="debits_failed_for_it"
            ),
        )

    def __str__(self) -> str:
        return self.reference

    @property
    def is_used(self) -> bool:
        return self.ended_at is None and self.failed_at is None


class DebitBatch(models.Model):
    """A file with which a bank is asked to collect on a date; the amounts are in euro.

    It is made once and never changes; only its state does.
    """

    class State(models.TextChoices):
        MADE = "made", pgettext_lazy("direct debit", "To be sent to the bank")
        COLLECTED = "collected", pgettext_lazy("direct debit", "Collected")
        WITHDRAWN = "withdrawn", pgettext_lazy("direct debit", "Withdrawn")

    collected_on = models.DateField(_("collection date"))
    message_id = models.CharField(_("message ID"), max_length=35, unique=True)
    number = models.PositiveIntegerField(_("collections"))
    total = money_field(_("total"))
    content = models.BinaryField(editable=False)
    state = models.CharField(_("state"), max_length=9, choices=State, default=State.MADE)
    made_at = models.DateTimeField(_("made at"))
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("made by"),
        db_index=False,
    )
    decided_at = models.DateTimeField(_("decided at"), null=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("decided by"),
        db_index=False,
    )
    # Identifies the request that made it, so that a repeated one makes nothing.
    request = models.UUIDField(unique=True, editable=False)

    class Meta:
        verbose_name = _("direct debit batch")
        verbose_name_plural = _("direct debit batches")
        ordering = ("-pk",)
        constraints = (
            models.CheckConstraint(
                condition=Q(state="made", decided_at=None)
                | Q(~Q(state="made"), decided_at__isnull=False),
                name="debits_batch_decided",
            ),
        )
        triggers = (no_truncate(),)

    def __str__(self) -> str:
        return self.message_id


class Sequence(models.TextChoices):
    """Whether a mandate is used for the first time."""

    FIRST = "FRST", pgettext_lazy("collection", "first")
    RECURRING = "RCUR", pgettext_lazy("collection", "recurring")


class Collection(models.Model):
    """What a batch collects of an invoice.

    `is_pending` while the money may still come, so that no other batch collects the same. `block`
    is the payment information id of the part of the file that asks for it: banks credit each part
    by itself. The payment is that which recorded the money. If the bank did not collect it, or took
    it back, `reason` says why.
    """

    batch = models.ForeignKey(DebitBatch, models.PROTECT, related_name="collections")
    invoice = models.ForeignKey(
        Invoice, models.PROTECT, related_name="collections", verbose_name=_("invoice")
    )
    mandate = models.ForeignKey(
        Mandate, models.PROTECT, related_name="collections", verbose_name=_("mandate")
    )
    amount = money_field(_("amount"))
    sequence = models.CharField(_("sequence"), max_length=4, choices=Sequence)
    block = models.CharField(_("payment information ID"), max_length=MAX_REFERENCE, blank=True)
    is_pending = models.BooleanField(_("pending"), default=True)
    payment = models.OneToOneField(
        Payment,
        models.PROTECT,
        null=True,
        related_name="collection",
        verbose_name=_("payment"),
    )
    returned_at = models.DateTimeField(_("returned at"), null=True)
    reason = models.CharField(_("why returned"), max_length=MAX_REASON, blank=True)

    class Meta:
        verbose_name = _("collection")
        verbose_name_plural = _("collections")
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(
                fields=("invoice",), condition=Q(is_pending=True), name="debits_collected_once"
            ),
            models.CheckConstraint(condition=Q(amount__gt=0), name="debits_collection_positive"),
            # What is recorded is not recorded again: nothing records what is not pending.
            models.CheckConstraint(
                condition=Q(is_pending=False) | Q(payment=None, returned_at=None),
                name="debits_pending_until_recorded",
            ),
            models.CheckConstraint(
                condition=Q(reason="") | Q(returned_at__isnull=False),
                name="debits_returned_for_it",
            ),
        )

    def __str__(self) -> str:
        return f"{self.invoice_id} {self.amount}"


class DebitNotice(MailRequest):
    """A request to tell a payer at an address what a batch collects with a mandate."""

    batch = models.ForeignKey(
        DebitBatch, models.PROTECT, related_name="notices", verbose_name=_("batch"), db_index=False
    )
    mandate = models.ForeignKey(
        Mandate, models.PROTECT, related_name="notices", verbose_name=_("mandate"), db_index=False
    )

    class Meta:
        verbose_name = _("notice of a collection")
        verbose_name_plural = _("notices of collections")
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(
                fields=("batch", "mandate", "email"), name="debits_notice_once"
            ),
        )
        indexes = (
            # Failures are few; Home counts them.
            models.Index(
                fields=("batch",), condition=Q(state="failed"), name="debits_notice_failed"
            ),
        )

    def __str__(self) -> str:
        return f"{self.batch_id} {self.mandate_id} {self.state}"
