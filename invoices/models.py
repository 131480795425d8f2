"""Invoices and what settles them.

What has been issued stands for years: triggers refuse to change or delete it, whoever asks. What
does change is kept apart: which periods are taken (`StandingPeriod`), what is outstanding
(`Settlement`), and how a document was sent (`Delivery`).
"""

from __future__ import annotations

from hashlib import sha256
from typing import ClassVar, TypeVar

import pgtrigger
from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import (
    BigIntegerRangeField,
    DateRangeField,
    RangeOperators,
)
from django.core.serializers.json import DjangoJSONEncoder
from django.core.validators import MaxValueValidator, RegexValidator
from django.db import connection, models
from django.db.models import F, Func, Q, Value
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from foundation.audit.recording import audited, no_truncate
from foundation.lists.search import word_index
from invoices.documents.document import Kind
from invoices.querysets import InvoiceQuerySet, SettlementQuerySet
from organizations.countries import country_choices
from organizations.models import Organization, TaxCategory
from rating.periods import Period

Model = TypeVar("Model", bound=type[models.Model])
# What a credit transfer can carry for whom it pays (ISO 20022, unstructured remittance).
MAX_REFERENCE = 140


def frozen(model: Model) -> Model:
    """Make a model's rows stay for ever as they were written, raw SQL included."""
    operation = pgtrigger.Update | pgtrigger.Delete
    pgtrigger.register(pgtrigger.Protect(name="frozen", operation=operation))(model)
    if not hasattr(model, "pgh_event_model"):  # What is audited cannot be truncated already.
        pgtrigger.register(no_truncate())(model)
    return model


def money_field(name: object) -> models.DecimalField:  # type: ignore[type-arg]
    """Return a field for an amount, of any currency's minor units."""
    return models.DecimalField(name, max_digits=20, decimal_places=4)  # type: ignore[arg-type]


@frozen
class Logo(models.Model):
    """A picture that documents bear, kept once however many do."""

    sha256 = models.CharField(max_length=64, primary_key=True)
    content = models.BinaryField()

    class Meta:
        verbose_name = _("logo")
        verbose_name_plural = _("logos")

    def __str__(self) -> str:
        return gettext("picture %(number)s") % {"number": self.sha256[:8]}

    @classmethod
    def of(cls, content: bytes) -> Logo:
        """Return a picture as a logo, not saved."""
        return cls(sha256=sha256(content).hexdigest(), content=content)


@audited()
class Provider(models.Model):
    """Who bills: one row, what documents say of the provider from now on."""

    name = models.CharField(_("legal name"), max_length=200)
    street = models.CharField(_("street and number"), max_length=200)
    postal_code = models.CharField(_("postal code"), max_length=20, blank=True)
    city = models.CharField(_("city"), max_length=100)
    country = models.CharField(_("country"), max_length=2, choices=country_choices)
    tax_id = models.CharField(_("tax id"), max_length=50)
    email = models.EmailField(_("email address"))
    account_number = models.CharField(_("bank account (IBAN)"), max_length=50)
    bic = models.CharField(_("BIC"), max_length=11, blank=True)
    bank = models.CharField(_("bank"), max_length=100, blank=True)
    logo = models.ForeignKey(
        Logo, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("logo")
    )
    invoice_prefix = models.CharField(
        _("prefix of invoice numbers"),
        max_length=10,
        default="INV",
        validators=[RegexValidator("^[A-Z0-9][A-Z0-9/-]*$", _("Use A to Z, 0 to 9, / and -."))],
    )
    credit_note_prefix = models.CharField(
        _("prefix of credit note numbers"),
        max_length=10,
        default="CN",
        validators=[RegexValidator("^[A-Z0-9][A-Z0-9/-]*$", _("Use A to Z, 0 to 9, / and -."))],
    )
    days_to_pay = models.PositiveSmallIntegerField(
        _("days to pay"), default=14, validators=[MaxValueValidator(365)]
    )

    class Meta:
        verbose_name = _("provider")
        verbose_name_plural = _("provider")
        constraints = (
            models.CheckConstraint(condition=Q(pk=1), name="invoices_provider_one"),
            models.CheckConstraint(
                condition=~Q(invoice_prefix=F("credit_note_prefix")),
                name="invoices_provider_two_series",
                violation_error_message=_("Invoices and credit notes need different prefixes."),
            ),
        )

    def __str__(self) -> str:
        return self.name


class SeriesQuerySet(models.QuerySet["Series"]):
    """Number series, in words of the domain."""

    def next_numbers(self, how_many: int, *, prefix: str, year: int) -> list[str]:
        """Take the next numbers of a series, as `INV-2026-000123`; in a transaction.

        The series stays locked until that ends: whoever comes next waits, and a number whose
        transaction fails is given again. In SQL, because the ORM cannot count up in an upsert.
        """
        table = connection.ops.quote_name(self.model._meta.db_table)
        with connection.cursor() as cursor:
            cursor.execute(
                f"INSERT INTO {table} AS series (prefix, year, last_number) VALUES (%s, %s, %s) "
                "ON CONFLICT (prefix, year) DO UPDATE "
                "SET last_number = series.last_number + EXCLUDED.last_number "
                "RETURNING last_number",
                [prefix, year, how_many],
            )
            (last,) = cursor.fetchone()
        return [f"{prefix}-{year}-{number:06d}" for number in range(last - how_many + 1, last + 1)]


class Series(models.Model):
    """The last number that was given under a prefix in a year."""

    prefix = models.CharField(max_length=10)
    year = models.PositiveSmallIntegerField()
    last_number = models.PositiveIntegerField()

    objects = SeriesQuerySet.as_manager()

    class Meta:
        verbose_name = _("number series")
        verbose_name_plural = _("number series")
        constraints = (
            models.UniqueConstraint(fields=("prefix", "year"), name="invoices_series_one_a_year"),
        )

    def __str__(self) -> str:
        return f"{self.prefix}-{self.year}"


@frozen
@audited(exclude=("seller", "account", "buyer"))
class Invoice(models.Model):
    """An invoice, or the credit note that cancels one, as it was issued.

    Amounts are in `currency`, and of a credit note positive too. `seller`, `account` and `buyer`
    are the values of `invoices.documents.document`. The period is `[period_from, period_until)`.
    """

    KINDS: ClassVar = [
        (Kind.INVOICE.value, _("Invoice")),
        (Kind.CREDIT_NOTE.value, _("Credit note")),
    ]

    kind = models.CharField(_("kind"), max_length=11, choices=KINDS)
    number = models.CharField(_("number"), max_length=30, unique=True)
    organization = models.ForeignKey(
        Organization,
        models.PROTECT,
        related_name="invoices",
        verbose_name=_("organization"),
        db_index=False,
    )
    cancels = models.OneToOneField(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="credit_note",
        verbose_name=_("cancels"),
    )
    currency = models.CharField(_("currency"), max_length=3)
    digits = models.PositiveSmallIntegerField(_("decimals"))
    period_from = models.DateField(pgettext_lazy("of a period", "from"))
    period_until = models.DateField(pgettext_lazy("of a period", "until"))
    issued_at = models.DateTimeField(_("issued at"))
    issued_on = models.DateField(_("date"))
    due_on = models.DateField(_("due"), null=True, blank=True)
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("issued by"),
        db_index=False,
    )
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES)
    seller = models.JSONField(encoder=DjangoJSONEncoder)
    account = models.JSONField(encoder=DjangoJSONEncoder)
    logo = models.ForeignKey(
        Logo, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    buyer = models.JSONField(encoder=DjangoJSONEncoder)
    buyer_name = models.CharField(_("billed to"), max_length=200)
    organization_title = models.CharField(_("organization"), max_length=200)
    buyer_reference = models.CharField(_("contract number"), max_length=100, blank=True)
    net = money_field(_("net"))
    tax_category = models.CharField(_("tax"), max_length=2, choices=TaxCategory)
    tax_rate = models.DecimalField(_("tax rate, %"), max_digits=5, decimal_places=2)
    tax_reason = models.CharField(_("note on the tax"), max_length=200, blank=True)
    tax_amount = money_field(_("tax"))
    total = money_field(_("total"))
    # Of the usages.csv that `FrozenCharges` holds, before compression.
    charges_sha256 = models.CharField(_("SHA-256 of the charges"), max_length=64, blank=True)

    objects = InvoiceQuerySet.as_manager()

    class Meta:
        verbose_name = _("invoice")
        verbose_name_plural = _("invoices")
        ordering = ("-issued_at", "-pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(kind=Kind.INVOICE.value, cancels=None, due_on__isnull=False)
                | Q(kind=Kind.CREDIT_NOTE.value, cancels__isnull=False, due_on=None),
                name="invoices_credit_note_cancels",
            ),
            models.CheckConstraint(
                condition=Q(total=F("net") + F("tax_amount"), net__gt=0, tax_amount__gte=0),
                name="invoices_total_adds_up",
            ),
            models.CheckConstraint(
                condition=Q(period_until__gt=F("period_from")), name="invoices_period_in_order"
            ),
        )
        indexes = (
            word_index("number", "organization_title", "buyer_name", name="invoices_words"),
            models.Index(fields=("organization", "-issued_at"), name="invoices_of_org"),
            models.Index(fields=("-issued_at", "-id"), name="invoices_newest"),
            models.Index(fields=("period_from",), name="invoices_by_month"),
            models.Index(fields=("due_on",), name="invoices_by_due"),
        )
        triggers = (
            pgtrigger.Trigger(
                name="is_to_be_settled",
                when=pgtrigger.After,
                operation=pgtrigger.Insert,
                func="""
                    IF NEW.kind = 'credit_note' THEN
                        UPDATE invoices_settlement
                        SET is_cancelled = true, outstanding = outstanding - NEW.total
                        WHERE invoice_id = NEW.cancels_id;
                    ELSE
                        INSERT INTO invoices_settlement (
                            invoice_id, organization_id, currency, due_on, outstanding, is_cancelled
                        ) VALUES (
                            NEW.id, NEW.organization_id, NEW.currency, NEW.due_on, NEW.total, false
                        );
                    END IF;
                    RETURN NULL;
                """,
            ),
        )

    def __str__(self) -> str:
        return self.number

    @property
    def is_credit_note(self) -> bool:
        return self.kind == Kind.CREDIT_NOTE

    @property
    def period(self) -> Period:
        return Period(self.period_from, self.period_until)


@frozen
class InvoiceLine(models.Model):
    """The cameras on one tariff at one monthly price in one month; `documents.document.Line`.

    All lines of a document, from position 1 on, come by one statement; then it takes no others.
    """

    invoice = models.ForeignKey(Invoice, models.PROTECT, related_name="lines", db_index=False)
    position = models.PositiveIntegerField()
    tariff = models.CharField(_("tariff plan"), max_length=100)
    month = models.DateField(_("month"))
    monthly_price = money_field(_("monthly price"))
    cameras = models.PositiveIntegerField(_("cameras"))
    camera_months = models.DecimalField(_("camera-months"), max_digits=16, decimal_places=6)
    amount = money_field(_("amount"))

    class Meta:
        verbose_name = _("invoice line")
        verbose_name_plural = _("invoice lines")
        ordering = ("invoice", "position")
        constraints = (
            models.UniqueConstraint(fields=("invoice", "position"), name="invoices_line_position"),
            models.CheckConstraint(
                condition=Q(amount__gte=0, monthly_price__gte=0, camera_months__gte=0),
                name="invoices_line_not_negative",
            ),
        )
        triggers = (
            # Every statement must bring the first line, and of that there can be one only. What
            # stands is not read for it, however much that is.
            pgtrigger.Trigger(
                name="all_by_one_statement",
                level=pgtrigger.Statement,
                when=pgtrigger.After,
                operation=pgtrigger.Insert,
                referencing=pgtrigger.Referencing(new="added"),  # type: ignore[no-untyped-call]
                declare=[("document", "bigint")],
                func="""
                    SELECT INTO document invoice_id
                    FROM added GROUP BY invoice_id HAVING min(position) <> 1 LIMIT 1;
                    IF FOUND THEN
                        RAISE EXCEPTION 'document % takes no more lines', document;
                    END IF;
                    RETURN NULL;
                """,
            ),
        )

    def __str__(self) -> str:
        return f"{self.invoice_id} {self.position}"


@frozen
class FrozenCharges(models.Model):
    """All charges of an invoice: its usages.csv as it was then, compressed by gzip."""

    invoice = models.OneToOneField(
        Invoice, models.PROTECT, primary_key=True, related_name="frozen_charges"
    )
    content = models.BinaryField()
    count = models.PositiveIntegerField()

    class Meta:
        verbose_name = _("frozen charges")
        verbose_name_plural = _("frozen charges")

    def __str__(self) -> str:
        return str(self.invoice_id)


@frozen
class StoredDocument(models.Model):
    """The PDF of an invoice with its XML inside, kept from when it was first made."""

    invoice = models.OneToOneField(
        Invoice, models.PROTECT, primary_key=True, related_name="stored_document"
    )
    pdf = models.BinaryField()

    class Meta:
        verbose_name = _("stored document")
        verbose_name_plural = _("stored documents")

    def __str__(self) -> str:
        return str(self.invoice_id)


def _same(field: str) -> Func:
    # A range of one: plain values have no GiST index without an extension.
    return Func(
        F(field), F(field), Value("[]"), function="int8range", output_field=BigIntegerRangeField()
    )


class StandingPeriodQuerySet(models.QuerySet["StandingPeriod"]):
    """What is taken, in words of the domain."""

    def taken(self, organization: Organization, period: Period) -> list[int]:
        """Return the ids of an organization's standing invoices that overlap a period.

        In SQL: mostly there is none, which PostgreSQL tells in a third of the time that it takes to
        build the query from models.
        """
        table = connection.ops.quote_name(self.model._meta.db_table)
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT invoice_id FROM {table} "
                "WHERE organization_id = %s AND period_from < %s AND period_until > %s",
                [organization.pk, period.end, period.start],
            )
            return [pk for (pk,) in cursor.fetchall()]


class StandingPeriod(models.Model):
    """That an invoice stands, and so its organization's period is taken in its currency.

    There is a row for each invoice without a credit note; `currency_number` is that of ISO 4217.
    """

    invoice = models.OneToOneField(
        Invoice, models.PROTECT, primary_key=True, related_name="standing_period"
    )
    organization = models.ForeignKey(
        Organization, models.PROTECT, related_name="standing_periods", db_index=False
    )
    currency_number = models.PositiveSmallIntegerField()
    period_from = models.DateField()
    period_until = models.DateField()

    objects = StandingPeriodQuerySet.as_manager()

    class Meta:
        verbose_name = _("standing invoice")
        verbose_name_plural = _("standing invoices")
        constraints = (
            ExclusionConstraint(
                name="invoices_one_a_period",
                expressions=(
                    (_same("organization_id"), RangeOperators.OVERLAPS),
                    (_same("currency_number"), RangeOperators.OVERLAPS),
                    (
                        Func(
                            F("period_from"),
                            F("period_until"),
                            function="daterange",
                            output_field=DateRangeField(),
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                ),
            ),
        )
        indexes = (
            models.Index(fields=("organization", "period_until"), name="invoices_standing_of_org"),
        )
        triggers = (
            pgtrigger.Protect(name="stays", operation=pgtrigger.Update),
            no_truncate(),
            pgtrigger.Trigger(
                name="ends_by_credit_note",
                when=pgtrigger.Before,
                operation=pgtrigger.Delete,
                func="""
                    IF EXISTS (SELECT FROM invoices_invoice WHERE cancels_id = OLD.invoice_id) THEN
                        RETURN OLD;
                    END IF;
                    RAISE EXCEPTION 'invoice % stands: only a credit note cancels it',
                        OLD.invoice_id;
                """,
            ),
        )

    def __str__(self) -> str:
        return str(self.invoice_id)


class Settlement(models.Model):
    """What is outstanding of an invoice; credit notes have none.

    Triggers keep it: as invoices and payments only ever come, it is what is invoiced, less what a
    credit note has taken back and what was paid. Below 0 it is owed to the organization.
    """

    invoice = models.OneToOneField(
        Invoice, models.PROTECT, primary_key=True, related_name="settlement"
    )
    organization = models.ForeignKey(
        Organization, models.PROTECT, related_name="settlements", db_index=False
    )
    currency = models.CharField(max_length=3)
    due_on = models.DateField()
    outstanding = money_field(_("outstanding"))
    is_cancelled = models.BooleanField()

    objects = SettlementQuerySet.as_manager()

    class Meta:
        verbose_name = _("settlement")
        verbose_name_plural = _("settlements")
        indexes = (
            # Few of all invoices are not settled: all that a list of receivables reads.
            models.Index(
                fields=("organization", "currency"),
                include=("due_on", "outstanding"),
                condition=~Q(outstanding=0),
                name="invoices_not_settled",
            ),
        )
        triggers = (
            pgtrigger.Protect(
                name="kept_by_triggers",
                operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
                condition=pgtrigger.Condition("pg_trigger_depth() = 0"),
            ),
            no_truncate(),
        )

    def __str__(self) -> str:
        return f"{self.invoice_id} {self.outstanding}"


class Method(models.TextChoices):
    """How somebody paid."""

    TRANSFER = "transfer", _("Bank transfer")
    CARD = "card", _("Card")
    DIRECT_DEBIT = "direct_debit", _("Direct debit")
    CASH = "cash", _("Cash")
    OTHER = "other", pgettext_lazy("payment method", "Other")


@frozen
@audited(found_by=("invoice",))
class Payment(models.Model):
    """Money received for an invoice, in its currency; or the reversal of such a payment.

    A payment is never edited: a reversal has its amount with the other sign.
    """

    invoice = models.ForeignKey(
        Invoice, models.PROTECT, related_name="payments", verbose_name=_("invoice")
    )
    paid_on = models.DateField(_("date"))
    amount = money_field(_("amount"))
    method = models.CharField(_("method"), max_length=12, choices=Method, default=Method.TRANSFER)
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

    class Meta:
        verbose_name = _("payment")
        verbose_name_plural = _("payments")
        ordering = ("paid_on", "pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(reverses=None, amount__gt=0) | Q(reverses__isnull=False, amount__lt=0),
                name="invoices_payment_sign",
            ),
            models.CheckConstraint(
                condition=Q(method__in=Method.values), name="invoices_payment_method_known"
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
                        SELECT FROM invoices_payment
                        WHERE id = NEW.reverses_id AND reverses_id IS NULL
                            AND invoice_id = NEW.invoice_id AND amount = -NEW.amount
                    ) THEN
                        RETURN NEW;
                    END IF;
                    RAISE EXCEPTION 'payment % is not reversed by this', NEW.reverses_id;
                """,
            ),
            pgtrigger.Trigger(
                name="settles",
                when=pgtrigger.After,
                operation=pgtrigger.Insert,
                func="""
                    UPDATE invoices_settlement SET outstanding = outstanding - NEW.amount
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


class Delivery(models.Model):
    """That an invoice is to be sent by email, and what became of it."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting to be sent")
        SENT = "sent", pgettext_lazy("email", "Sent")
        FAILED = "failed", _("Could not be sent")

    invoice = models.ForeignKey(Invoice, models.PROTECT, related_name="deliveries")
    email = models.EmailField(_("email address"))
    state = models.CharField(_("state"), max_length=7, choices=State, default=State.WAITING)
    asked_at = models.DateTimeField(_("asked at"))
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )
    attempts = models.PositiveSmallIntegerField(default=0)
    tried_at = models.DateTimeField(null=True, blank=True)
    # What the mail server said, for operators.
    problem = models.CharField(max_length=500, blank=True)

    class Meta:
        verbose_name = _("sending")
        verbose_name_plural = _("sendings")
        ordering = ("-asked_at", "-pk")

    def __str__(self) -> str:
        return f"{self.invoice_id} {self.state}"


class InvoiceRun(models.Model):
    """The issuing of all organizations' invoices for one calendar month."""

    month = models.DateField(_("month"), unique=True)
    started_at = models.DateTimeField(_("started at"))
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )

    class Meta:
        verbose_name = _("invoice run")
        verbose_name_plural = _("invoice runs")
        ordering = ("-month",)
        constraints = (
            models.CheckConstraint(condition=Q(month__day=1), name="invoices_run_of_a_whole_month"),
        )

    def __str__(self) -> str:
        return f"{self.month:%Y-%m}"


class RunItem(models.Model):
    """One organization's part in an invoice run."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        ISSUED = "issued", pgettext_lazy("invoices", "Issued")
        NOTHING = "nothing", _("Nothing to bill")
        REFUSED = "refused", _("Refused")
        FAILED = "failed", pgettext_lazy("invoice run", "Failed")

    run = models.ForeignKey(InvoiceRun, models.CASCADE, related_name="items", db_index=False)
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="run_items")
    state = models.CharField(max_length=7, choices=State, default=State.WAITING)
    # Which refusal of invoices.issuing it was, and its details; of a failure only the error's name.
    reason = models.CharField(max_length=50, blank=True)
    details = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("part of an invoice run")
        verbose_name_plural = _("parts of an invoice run")
        constraints = (
            models.UniqueConstraint(
                fields=("run", "organization"), name="invoices_run_item_one_an_organization"
            ),
        )
        indexes = (models.Index(fields=("run", "state"), name="invoices_run_by_state"),)

    def __str__(self) -> str:
        return f"{self.run_id} {self.organization_id}"
