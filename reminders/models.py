"""The levels of reminders, what was arranged with organizations, and the reminders themselves.

docs/reminders.md states the rules. Dates are those of the provider's calendar, as due dates are.
"""

from __future__ import annotations

from decimal import Decimal

import pgtrigger
from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from foundation.audit.recording import audited, frozen
from foundation.mail.requests import MailRequest
from invoices.models import Invoice, InvoiceLine
from organizations.agreement.models import IN_ORDER, apart, currency_number
from organizations.models import OneOffCharge, Organization
from reminders.querysets import DatedQuerySet, QuestionQuerySet, ReminderQuerySet
from tariffs.fields import money_field

MAX_DAYS = 365
MAX_SUBJECT, MAX_TEXT, MAX_REASON = 200, 2000, 200
# With its placeholders filled in.
LONGEST_SUBJECT = 400


def _days(name: object, least: int = 1, **options: object) -> models.PositiveSmallIntegerField:  # type: ignore[type-arg]
    limits = [MinValueValidator(least), MaxValueValidator(MAX_DAYS)]
    return models.PositiveSmallIntegerField(name, validators=limits, **options)  # type: ignore[arg-type]


def _currency() -> models.CharField:  # type: ignore[type-arg]
    return models.CharField(_("currency"), max_length=3)


@audited()
class ReminderSettings(models.Model):
    """What holds for all reminders. The table has at most one row."""

    is_automatic = models.BooleanField(
        _("send reminders automatically"),
        default=False,
        help_text=_("Otherwise they are proposed, and an operator sends them."),
    )

    class Meta:
        verbose_name = _("reminder settings")
        verbose_name_plural = _("reminder settings")
        constraints = (models.CheckConstraint(condition=Q(pk=1), name="reminders_settings_one"),)

    def __str__(self) -> str:
        return str(self._meta.verbose_name)


@audited()
class SmallAmount(models.Model):
    """The least overdue sum in a currency that is worth a reminder."""

    currency = models.CharField(_("currency"), max_length=3, unique=True)
    amount = money_field(_("least amount"))

    class Meta:
        verbose_name = _("least amount of reminders")
        verbose_name_plural = _("least amounts of reminders")
        ordering = ("currency",)
        constraints = (
            models.CheckConstraint(condition=Q(amount__gt=0), name="reminders_least_above_0"),
        )

    def __str__(self) -> str:
        return self.currency


@audited()
class Level(models.Model):
    """A step of reminders. A level that was used is not deleted, but no longer active.

    Active levels follow each other by their `days` overdue.
    """

    name = models.CharField(pgettext_lazy("of a reminder level", "name"), max_length=60)
    days = _days(_("days overdue"))
    rate = models.DecimalField(
        _("interest, % a year"),
        max_digits=5,
        decimal_places=2,
        default=0,
        validators=[MinValueValidator(0), MaxValueValidator(100)],
    )
    days_to_pay = _days(_("new payment term (days)"), default=7)
    is_active = models.BooleanField(_("in use"), default=True)

    class Meta:
        verbose_name = _("reminder level")
        verbose_name_plural = _("reminder levels")
        ordering = ("days", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("days",),
                condition=Q(is_active=True),
                name="reminders_level_one_a_day",
                violation_error_message=_("Another level has the same number of days."),
            ),
            models.CheckConstraint(
                condition=Q(
                    days__gte=1, days__lte=MAX_DAYS, days_to_pay__gte=1, days_to_pay__lte=MAX_DAYS
                ),
                name="reminders_level_days",
            ),
            models.CheckConstraint(
                condition=Q(rate__gte=0, rate__lte=100), name="reminders_level_rate"
            ),
            models.CheckConstraint(condition=~Q(name=""), name="reminders_level_has_name"),
        )

    def __str__(self) -> str:
        return str(self.name)


@audited(found_by=("level",))
class LevelFee(models.Model):
    """What a reminder of a level costs in a currency."""

    level = models.ForeignKey(
        Level, models.CASCADE, related_name="fees", verbose_name=_("reminder level"), db_index=False
    )
    currency = _currency()
    amount = money_field(_("fee"))

    class Meta:
        verbose_name = _("reminder fee")
        verbose_name_plural = _("reminder fees")
        ordering = ("currency",)
        constraints = (
            models.UniqueConstraint(fields=("level", "currency"), name="reminders_fee_once"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="reminders_fee_above_0"),
        )

    def __str__(self) -> str:
        return str(self.currency)


@audited(found_by=("level",))
class LevelText(models.Model):
    """The subject and introduction of the mail of a level in a language; the default if empty."""

    level = models.ForeignKey(
        Level,
        models.CASCADE,
        related_name="texts",
        verbose_name=_("reminder level"),
        db_index=False,
    )
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES)
    subject = models.CharField(_("subject"), max_length=MAX_SUBJECT, blank=True)
    introduction = models.TextField(_("introduction"), max_length=MAX_TEXT, blank=True)

    class Meta:
        verbose_name = _("text of a reminder")
        verbose_name_plural = _("texts of reminders")
        ordering = ("language",)
        constraints = (
            models.UniqueConstraint(fields=("level", "language"), name="reminders_text_once"),
        )

    def __str__(self) -> str:
        return self.language


@audited(found_by=("organization",))
class Arrangement(models.Model):
    """Dates on which an organization gets no reminders, or has other terms of them."""

    organization = models.ForeignKey(
        Organization,
        models.CASCADE,
        related_name="reminder_arrangements",
        verbose_name=_("organization"),
        db_index=False,
    )
    first_on = models.DateField(_("first day"))
    last_on = models.DateField(_("last day"))
    reason = models.CharField(_("reason"), max_length=MAX_REASON)
    is_pause = models.BooleanField(_("no reminders at all"), default=True)
    extra_days = _days(
        _("more days before each level"), 0, default=0, help_text=_("In addition to its own.")
    )
    charges_fees = models.BooleanField(_("charge fees"), default=True)
    charges_interest = models.BooleanField(_("charge interest"), default=True)

    objects = DatedQuerySet.as_manager()

    class Meta:
        verbose_name = _("arrangement about reminders")
        verbose_name_plural = _("arrangements about reminders")
        ordering = ("organization", "first_on")
        constraints = (
            apart("reminders_arrangements_apart"),
            models.CheckConstraint(condition=IN_ORDER, name="reminders_arrangement_in_order"),
            models.CheckConstraint(
                condition=~Q(reason=""), name="reminders_arrangement_has_reason"
            ),
        )
        indexes = (models.Index(fields=("organization", "last_on"), name="reminders_arrangements"),)

    def __str__(self) -> str:
        return f"{date_format(self.first_on)} – {date_format(self.last_on)}"


@audited(found_by=("organization",))
class PaymentPromise(models.Model):
    """What an organization has promised to pay in a currency until a date: an amount, or all.

    Until the end of that date, it gets no reminders in the currency.
    """

    organization = models.ForeignKey(
        Organization,
        models.CASCADE,
        related_name="payment_promises",
        verbose_name=_("organization"),
        db_index=False,
    )
    currency = _currency()
    first_on = models.DateField(_("promised on"))
    last_on = models.DateField(_("promised until"))
    amount = models.DecimalField(
        _("amount"), max_digits=20, decimal_places=4, null=True, blank=True
    )
    note = models.CharField(_("note"), max_length=MAX_REASON, blank=True)

    objects = DatedQuerySet.as_manager()

    class Meta:
        verbose_name = _("promise to pay")
        verbose_name_plural = _("promises to pay")
        ordering = ("organization", "first_on", "pk")
        constraints = (
            apart("reminders_promises_apart", currency_number()),
            models.CheckConstraint(condition=IN_ORDER, name="reminders_promise_in_order"),
            models.CheckConstraint(
                condition=Q(amount=None) | Q(amount__gt=0), name="reminders_promise_above_0"
            ),
            models.CheckConstraint(
                condition=Q(currency__regex="^[A-Z]{3}$"), name="reminders_promise_currency"
            ),
        )
        indexes = (models.Index(fields=("organization", "last_on"), name="reminders_promises"),)

    def __str__(self) -> str:
        return date_format(self.last_on)


class ReminderState(models.TextChoices):
    """What became of a reminder. One that is approved is sent by the next job."""

    PROPOSED = "proposed", pgettext_lazy("reminder", "Proposed")
    APPROVED = "approved", pgettext_lazy("reminder", "Being sent")
    SENT = "sent", pgettext_lazy("reminder", "Sent")
    SKIPPED = "skipped", pgettext_lazy("reminder", "Skipped")


class FollowUp(models.TextChoices):
    """What follows a sent reminder of the last level."""

    WAITING = "waiting", _("Waiting for payment")
    SUSPEND = "suspend", _("Suspension proposed")
    SUSPENDED = "suspended", pgettext_lazy("after reminders", "Suspended")
    RESTORE = "restore", _("Restoring proposed")
    DONE = "done", pgettext_lazy("after reminders", "Closed")


UNDECIDED = (ReminderState.PROPOSED, ReminderState.APPROVED)
TO_FOLLOW = (FollowUp.SUSPEND, FollowUp.RESTORE)


@audited(found_by=("organization",))
class Reminder(models.Model):
    """One mail about the overdue invoices of an organization in a currency.

    `level` is the highest that its invoices reach on `as_of`. `total` is what is overdue, `fee` and
    `interest` are charged when it is sent. An organization has at most one undecided reminder in a
    currency; it is made again while it is only proposed. `subject` and `introduction` are those of
    the mail, in `language`. `owner` owned the organization: only this owner can read it.
    """

    organization = models.ForeignKey(
        Organization,
        models.PROTECT,
        related_name="reminders",
        verbose_name=_("organization"),
        db_index=False,
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        verbose_name=_("owner"),
        db_index=False,
    )
    currency = _currency()
    level = models.ForeignKey(
        Level, models.PROTECT, related_name="reminders", verbose_name=_("reminder level")
    )
    is_last = models.BooleanField(_("last level"))
    state = models.CharField(
        _("state"), max_length=8, choices=ReminderState, default=ReminderState.PROPOSED
    )
    as_of = models.DateField(_("as of"))
    total = money_field(_("overdue"))
    fee = money_field(_("fee"))
    interest = money_field(_("interest"))
    fee_charge = models.ForeignKey(
        OneOffCharge,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("one-off charge"),
    )
    due_on = models.DateField(_("new due date"), null=True, blank=True)
    language = models.CharField(_("language"), max_length=10, blank=True)
    subject = models.CharField(_("subject"), max_length=LONGEST_SUBJECT, blank=True)
    introduction = models.TextField(_("introduction"), blank=True)
    proposed_at = models.DateTimeField(_("proposed at"))
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("decided by"),
        db_index=False,
    )
    reason = models.CharField(_("why skipped"), max_length=MAX_REASON, blank=True)
    follow_up = models.CharField(
        _("follow-up"), max_length=9, choices=FollowUp, blank=True, default=""
    )
    follow_up_reason = models.CharField(
        _("why not suspended"), max_length=MAX_REASON, blank=True, default=""
    )

    objects = ReminderQuerySet.as_manager()

    class Meta:
        verbose_name = _("reminder")
        verbose_name_plural = _("reminders")
        ordering = ("-pk",)
        constraints = (
            models.UniqueConstraint(
                fields=("organization", "currency"),
                condition=Q(state__in=[each.value for each in UNDECIDED]),
                name="reminders_one_undecided",
            ),
            models.CheckConstraint(
                condition=Q(state__in=ReminderState.values), name="reminders_state_known"
            ),
            models.CheckConstraint(
                condition=Q(state="skipped") ^ Q(reason=""), name="reminders_skipped_with_reason"
            ),
            models.CheckConstraint(
                condition=Q(state="sent", due_on__gt=F("as_of"))
                | Q(~Q(state="sent"), due_on=None, fee_charge=None, follow_up=""),
                name="reminders_sent_with_due_date",
            ),
            models.CheckConstraint(
                condition=Q(follow_up__in=["", *FollowUp.values]),
                name="reminders_follow_up_known",
            ),
            models.CheckConstraint(
                condition=Q(total__gt=0, fee__gte=0, interest__gte=0),
                name="reminders_amounts_not_negative",
            ),
        )
        indexes = (
            models.Index(
                fields=("id",),
                condition=Q(state__in=[each.value for each in UNDECIDED]),
                name="reminders_undecided",
            ),
            models.Index(
                fields=("organization",),
                condition=~Q(follow_up__in=["", FollowUp.DONE.value]),
                name="reminders_followed",
            ),
            models.Index(fields=("organization", "-id"), name="reminders_of_organization"),
            models.Index(fields=("owner", "-id"), name="reminders_of_owner"),
        )
        triggers = (
            pgtrigger.Protect(
                name="decided_stay",
                operation=pgtrigger.Delete,
                condition=pgtrigger.Q(old__state__in=["sent", "skipped"]),
            ),
            # What was sent is a fact: only what follows it changes.
            pgtrigger.Trigger(
                name="sent_stays",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__state__in=["sent", "skipped"]),
                func="""
                    IF (
                        NEW.organization_id, NEW.owner_id, NEW.currency, NEW.level_id, NEW.is_last,
                        NEW.state, NEW.as_of, NEW.total, NEW.fee, NEW.interest, NEW.due_on,
                        NEW.language, NEW.subject, NEW.introduction, NEW.decided_at,
                        NEW.decided_by_id, NEW.reason
                    ) IS DISTINCT FROM (
                        OLD.organization_id, OLD.owner_id, OLD.currency, OLD.level_id, OLD.is_last,
                        OLD.state, OLD.as_of, OLD.total, OLD.fee, OLD.interest, OLD.due_on,
                        OLD.language, OLD.subject, OLD.introduction, OLD.decided_at,
                        OLD.decided_by_id, OLD.reason
                    ) THEN
                        RAISE EXCEPTION 'reminder % is decided', OLD.id;
                    END IF;
                    RETURN NEW;
                """,
            ),
        )

    def __str__(self) -> str:
        return f"{self.level}, {date_format(self.as_of)}"

    @property
    def charges(self) -> Decimal:
        """What the reminder costs: its fee and interest."""
        return Decimal(self.fee + self.interest)


class ReminderItem(models.Model):
    """An overdue invoice that a reminder lists, and the `level` that it reaches there, if any.

    Each level is reached once by an invoice. `interest` is for `interest_days` up to the date of
    the reminder at `rate` percent a year; without a level, there is none.
    """

    reminder = models.ForeignKey(
        Reminder, models.CASCADE, related_name="items", verbose_name=_("reminder")
    )
    invoice = models.ForeignKey(
        Invoice,
        models.PROTECT,
        related_name="reminder_items",
        verbose_name=_("invoice"),
        db_index=False,
    )
    level = models.ForeignKey(
        Level,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="items",
        verbose_name=_("reminder level"),
    )
    outstanding = money_field(_("overdue"))
    days_overdue = models.PositiveIntegerField(_("days overdue"))
    rate = models.DecimalField(_("interest, % a year"), max_digits=5, decimal_places=2)
    interest_days = models.PositiveIntegerField(_("days of interest"))
    interest = money_field(_("interest"))
    charge = models.ForeignKey(
        OneOffCharge,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("one-off charge"),
    )

    class Meta:
        verbose_name = _("invoice of a reminder")
        verbose_name_plural = _("invoices of reminders")
        ordering = ("reminder", "pk")
        constraints = (
            # The index also finds the reminders of an invoice.
            models.UniqueConstraint(fields=("invoice", "level"), name="reminders_level_once"),
            models.CheckConstraint(
                condition=Q(outstanding__gt=0, interest__gte=0), name="reminders_item_amounts"
            ),
            models.CheckConstraint(
                condition=Q(level__isnull=False) | Q(interest=0),
                name="reminders_interest_of_a_level",
            ),
        )
        triggers = (
            pgtrigger.Trigger(
                name="decided_stay",
                when=pgtrigger.Before,
                operation=pgtrigger.Delete,
                func="""
                    IF EXISTS (
                        SELECT FROM reminders_reminder
                        WHERE id = OLD.reminder_id AND state IN ('sent', 'skipped')
                    ) THEN
                        RAISE EXCEPTION 'reminder % is decided', OLD.reminder_id;
                    END IF;
                    RETURN OLD;
                """,
            ),
        )

    def __str__(self) -> str:
        return f"{self.reminder_id} {self.invoice_id}"


class ReminderMail(MailRequest):
    """A request to send a reminder to an address, and its result."""

    reminder = models.ForeignKey(
        Reminder, models.PROTECT, related_name="mails", verbose_name=_("reminder"), db_index=False
    )

    class Meta:
        verbose_name = _("mail of a reminder")
        verbose_name_plural = _("mails of reminders")
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(fields=("reminder", "email"), name="reminders_mail_once"),
        )
        indexes = (
            # Failures are few; Home counts them.
            models.Index(
                fields=("reminder",), condition=Q(state="failed"), name="reminders_mail_failed"
            ),
        )

    def __str__(self) -> str:
        return f"{self.reminder_id} {self.state}"


class QuestionState(models.TextChoices):
    """What became of a question."""

    OPEN = "open", pgettext_lazy("question", "Open")
    CLOSED = "closed", pgettext_lazy("question", "Closed")


@audited(found_by=("invoice",))
class Question(models.Model):
    """A question about an invoice or one of its lines. While it is open, `amount` is disputed."""

    invoice = models.ForeignKey(
        Invoice,
        models.PROTECT,
        related_name="questions",
        verbose_name=_("invoice"),
        db_index=False,
    )
    line = models.ForeignKey(
        InvoiceLine,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("line"),
        db_index=False,
    )
    amount = money_field(_("disputed amount"))
    state = models.CharField(
        _("state"), max_length=6, choices=QuestionState, default=QuestionState.OPEN
    )
    asked_at = models.DateTimeField(_("asked at"))
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        verbose_name=_("asked by"),
        db_index=False,
    )

    objects = QuestionQuerySet.as_manager()

    class Meta:
        verbose_name = _("question about an invoice")
        verbose_name_plural = _("questions about invoices")
        ordering = ("-pk",)
        constraints = (
            models.CheckConstraint(condition=Q(amount__gt=0), name="reminders_question_above_0"),
            models.CheckConstraint(
                condition=Q(state__in=QuestionState.values), name="reminders_question_state_known"
            ),
        )
        indexes = (
            models.Index(fields=("invoice",), name="reminders_questions"),
            models.Index(
                fields=("id",), condition=Q(state="open"), name="reminders_open_questions"
            ),
        )
        triggers = (
            pgtrigger.Trigger(
                name="line_of_the_invoice",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                condition=pgtrigger.Q(new__line__isnull=False),
                func="""
                    IF EXISTS (
                        SELECT FROM invoices_invoiceline
                        WHERE id = NEW.line_id AND invoice_id = NEW.invoice_id
                    ) THEN
                        RETURN NEW;
                    END IF;
                    RAISE EXCEPTION 'line % is of another document', NEW.line_id;
                """,
            ),
        )

    def __str__(self) -> str:
        return f"{self.invoice_id} {self.state}"


@frozen
class QuestionMessage(models.Model):
    """What somebody wrote about a question; the first one asks it."""

    question = models.ForeignKey(
        Question, models.PROTECT, related_name="messages", verbose_name=_("question")
    )
    text = models.TextField(_("text"), max_length=MAX_TEXT)
    written_at = models.DateTimeField(_("written at"))
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        verbose_name=_("written by"),
        db_index=False,
    )

    class Meta:
        verbose_name = _("message about an invoice")
        verbose_name_plural = _("messages about invoices")
        ordering = ("pk",)
        constraints = (
            models.CheckConstraint(condition=~Q(text=""), name="reminders_message_has_text"),
        )

    def __str__(self) -> str:
        return f"{self.question_id} {self.written_at:%Y-%m-%d}"
