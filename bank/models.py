"""The provider's bank accounts, the files of their statements, and what became of each line."""

from __future__ import annotations

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from bank.querysets import BankLineQuerySet
from bank.reading.csv_columns import DateOrder, DecimalMark
from foundation.audit.recording import audited
from foundation.imports.encodings import Encoding
from foundation.search.index import search_index
from organizations.models import Organization
from payments.models import Payment
from tariffs.fields import money_field

MAX_ACCOUNT = 34
MAX_IDENTIFIER = 200


@audited()
class BankAccount(models.Model):
    """An account of the provider. `number` has capital letters and no spaces."""

    number = models.CharField(
        _("account number"),
        max_length=MAX_ACCOUNT,
        unique=True,
        error_messages={"unique": _("This account exists already.")},
    )
    currency = models.CharField(_("currency"), max_length=3)
    title = models.CharField(_("name"), max_length=100)
    posts_certain = models.BooleanField(
        _("record certain payments automatically"),
        default=False,
        help_text=_(
            "A payment is certain if it names open invoices and pays them exactly, or if its "
            "contract number, tax ID or account is known and it pays all that is open."
        ),
    )

    class Meta:
        verbose_name = _("bank account")
        verbose_name_plural = _("bank accounts")
        ordering = ("title", "pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(number__regex=r"^[^[:space:][:lower:]]+$"),
                name="bank_bankaccount_number_is_plain",
            ),
        )

    def __str__(self) -> str:
        return f"{self.title} ({self.number}, {self.currency})"


class BankFile(models.Model):
    """A file as it was uploaded, which was read completely."""

    name = models.CharField(_("file"), max_length=200)
    format = models.CharField(_("format"), max_length=10)
    content = models.BinaryField(editable=False)
    uploaded_at = models.DateTimeField(_("uploaded at"))
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("uploaded by"),
        db_index=False,
    )

    class Meta:
        verbose_name = _("bank file")
        verbose_name_plural = _("bank files")
        ordering = ("-pk",)

    def __str__(self) -> str:
        return self.name


class CsvLayout(models.Model):
    """What the CSV files of an account call our columns, and how they write numbers and dates.

    `headings` has the heading of each of `bank.reading.csv_columns.LABELS` that a file has.
    """

    account = models.OneToOneField(
        BankAccount, models.PROTECT, primary_key=True, related_name="csv_layout"
    )
    headings = models.JSONField(_("columns"))
    decimal_mark = models.CharField(_("decimals"), max_length=1, choices=DecimalMark)
    date_order = models.CharField(_("dates"), max_length=3, choices=DateOrder)

    class Meta:
        verbose_name = _("columns of a bank account")
        verbose_name_plural = _("columns of bank accounts")
        constraints = (
            models.CheckConstraint(
                condition=Q(decimal_mark__in=DecimalMark.values, date_order__in=DateOrder.values),
                name="bank_csvlayout_is_known",
            ),
        )

    def __str__(self) -> str:
        return str(self.account_id)


class CsvUpload(models.Model):
    """A CSV file of an account that waits for somebody to say what its columns mean.

    It goes when it is imported, or when another one of the account is uploaded.
    """

    account = models.OneToOneField(
        BankAccount, models.CASCADE, primary_key=True, related_name="csv_upload"
    )
    name = models.CharField(_("file"), max_length=200)
    encoding = models.CharField(_("encoding"), max_length=10, choices=Encoding)
    content = models.BinaryField(editable=False)
    uploaded_at = models.DateTimeField(_("uploaded at"))

    class Meta:
        verbose_name = _("CSV file without columns")
        verbose_name_plural = _("CSV files without columns")

    def __str__(self) -> str:
        return self.name


class BankStatement(models.Model):
    """What a file states of an account. `known` lines came in an earlier file."""

    file = models.ForeignKey(BankFile, models.PROTECT, related_name="statements")
    account = models.ForeignKey(BankAccount, models.PROTECT, related_name="statements")
    number = models.CharField(_("number"), max_length=MAX_IDENTIFIER, blank=True)
    first_on = models.DateField(_("first day"), null=True)
    last_on = models.DateField(_("last day"), null=True)
    opening = models.DecimalField(_("opening balance"), max_digits=20, decimal_places=4, null=True)
    closing = models.DecimalField(_("closing balance"), max_digits=20, decimal_places=4, null=True)
    new = models.PositiveIntegerField(_("new lines"))
    known = models.PositiveIntegerField(_("known lines"))
    not_booked = models.PositiveIntegerField(_("not booked yet"))

    class Meta:
        verbose_name = _("bank statement")
        verbose_name_plural = _("bank statements")
        ordering = ("-pk",)

    def __str__(self) -> str:
        return f"{self.account.title} {self.number}"


class LineState(models.TextChoices):
    """What became of a line."""

    OPEN = "open", pgettext_lazy("line of a bank statement", "Open")
    POSTED = "posted", pgettext_lazy("line of a bank statement", "Recorded")
    IGNORED = "ignored", pgettext_lazy("line of a bank statement", "Ignored")


@audited()
class BankLine(models.Model):
    """A movement on an account, as the bank booked it; see `bank.reading.values.Line`.

    It is open until payments of its whole amount are recorded, a reversal takes back an earlier
    payment, or somebody ignores it with a reason.
    """

    statement = models.ForeignKey(BankStatement, models.PROTECT, related_name="lines")
    account = models.ForeignKey(BankAccount, models.PROTECT, related_name="lines", db_index=False)
    booked_on = models.DateField(_("date"))
    valued_on = models.DateField(_("value date"), null=True)
    amount = money_field(_("amount"))
    name = models.CharField(_("name"), max_length=MAX_IDENTIFIER, blank=True)
    other_account = models.CharField(_("account"), max_length=MAX_IDENTIFIER, blank=True)
    tax_id = models.CharField(_("tax ID"), max_length=20, blank=True)
    text = models.TextField(_("text"), blank=True)
    references = ArrayField(
        models.CharField(max_length=MAX_IDENTIFIER),
        verbose_name=_("references"),
        default=list,
        blank=True,
    )
    end_to_end_id = models.CharField(_("end-to-end ID"), max_length=MAX_IDENTIFIER, blank=True)
    bank_reference = models.CharField(_("bank reference"), max_length=MAX_IDENTIFIER, blank=True)
    entry_reference = models.CharField(max_length=MAX_IDENTIFIER, blank=True)
    mandate = models.CharField(_("mandate"), max_length=MAX_IDENTIFIER, blank=True)
    instructed = models.CharField(_("ordered amount"), max_length=40, blank=True)
    is_reversal = models.BooleanField(_("reversal"))
    reason = models.CharField(_("reason"), max_length=MAX_IDENTIFIER, blank=True)
    in_doubt = models.BooleanField(_("in doubt"))
    state = models.CharField(_("state"), max_length=8, choices=LineState, default=LineState.OPEN)
    takes_back = models.OneToOneField(
        Payment,
        models.PROTECT,
        null=True,
        related_name="taken_back_by",
        verbose_name=_("takes back"),
    )
    ignored_because = models.CharField(_("why ignored"), max_length=200, blank=True)
    decided_at = models.DateTimeField(_("decided at"), null=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("decided by"),
        db_index=False,
    )

    objects = BankLineQuerySet.as_manager()

    class Meta:
        verbose_name = _("line of a bank statement")
        verbose_name_plural = _("lines of bank statements")
        ordering = ("-booked_on", "-pk")
        indexes = (
            search_index("name", "text", name="bank_bankline_search"),
            models.Index(fields=("account", "booked_on", "amount"), name="bank_bankline_known"),
            models.Index(fields=("-booked_on", "-id"), name="bank_bankline_newest"),
            models.Index(
                fields=("-booked_on", "-id"),
                condition=Q(state="open"),
                name="bank_bankline_open",
            ),
            models.Index(
                fields=("other_account",),
                condition=Q(state="posted"),
                name="bank_bankline_by_payer",
            ),
        )
        constraints = (
            models.CheckConstraint(
                condition=Q(state__in=LineState.values), name="bank_bankline_state_known"
            ),
            models.CheckConstraint(
                condition=Q(state="ignored") ^ Q(ignored_because=""),
                name="bank_bankline_ignored_with_reason",
            ),
        )
        triggers = (
            pgtrigger.Trigger(
                name="posted_in_full",
                when=pgtrigger.Before,
                operation=pgtrigger.Update | pgtrigger.Insert,
                condition=pgtrigger.Q(new__state="posted"),
                func="""
                    IF NEW.amount = coalesce((
                        SELECT sum(amount) FROM bank_bankposting WHERE line_id = NEW.id
                    ), 0) - coalesce((
                        SELECT amount FROM payments_payment WHERE id = NEW.takes_back_id
                    ), 0) THEN
                        RETURN NEW;
                    END IF;
                    RAISE EXCEPTION 'line % is not recorded in full', NEW.id;
                """,
            ),
        )

    def __str__(self) -> str:
        return f"{self.booked_on:%Y-%m-%d} {self.amount} {self.name}"


class BankPosting(models.Model):
    """A payment that a line recorded. Its amount is positive.

    If the payment is reversed by hand, this row goes and the line is open again.
    """

    line = models.ForeignKey(BankLine, models.PROTECT, related_name="postings")
    payment = models.OneToOneField(Payment, models.PROTECT, related_name="bank_posting")
    amount = money_field(_("amount"))

    class Meta:
        verbose_name = _("record of a bank line")
        verbose_name_plural = _("records of bank lines")
        triggers = (
            pgtrigger.Trigger(
                name="has_the_amount",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func="""
                    IF EXISTS (
                        SELECT FROM payments_payment
                        WHERE id = NEW.payment_id AND amount = NEW.amount
                    ) THEN
                        RETURN NEW;
                    END IF;
                    RAISE EXCEPTION 'payment % has another amount', NEW.payment_id;
                """,
            ),
        )

    def __str__(self) -> str:
        return f"{self.line_id} {self.payment_id}"


class Why(models.TextChoices):
    """Why a line may be an organization's payment. Never its name alone."""

    NUMBER = "number", _("It names the invoice number.")
    CONTRACT = "contract", _("It names the contract number.")
    TAX_ID = "tax_id", _("It names the tax ID.")
    PAYER = "payer", _("It comes from an account that has paid before.")


class BankProposal(models.Model):
    """What an open line may pay: invoices of an organization, by their ids, in this order.

    A proposal that is certain names all that it pays, and pays it exactly. Proposals go when the
    line is decided, and are made again when lines are matched again.
    """

    line = models.ForeignKey(BankLine, models.CASCADE, related_name="proposals")
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="+")
    invoices = ArrayField(models.BigIntegerField(), verbose_name=_("invoices"))
    why = models.CharField(_("reason"), max_length=8, choices=Why)
    is_certain = models.BooleanField(_("certain"))

    class Meta:
        verbose_name = _("proposal for a bank line")
        verbose_name_plural = _("proposals for bank lines")
        ordering = ("-is_certain", "pk")
        constraints = (
            models.UniqueConstraint("line", "organization", name="bank_bankproposal_once"),
        )

    def __str__(self) -> str:
        return f"{self.line_id}: {self.organization_id} {self.why}"
