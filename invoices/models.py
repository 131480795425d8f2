"""The stored invoices.

Issued documents never change: triggers refuse to change or delete them, also by raw SQL. Separate
tables hold what changes: invoiced periods (`InvoicedPeriod`), outstanding amounts (`OpenItem`), and
the delivery of documents (`Delivery`).
"""

from __future__ import annotations

from datetime import date
from typing import ClassVar

import pgtrigger
from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import (
    DateRangeField,
    RangeOperators,
)
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from foundation.audit.recording import audited, frozen, no_truncate
from foundation.fast_sql import count_up
from foundation.one_value import one_value
from invoices.checking.models import DocumentCheck
from invoices.differences.models import (
    Correction,
    DeferredCorrection,
    InvoiceDifference,
    LateUsage,
    Recheck,
)
from invoices.documents.document import Kind
from invoices.issuing.models import CarriedCredit, InvoicedCharge
from invoices.listing.models import BilledName, DocumentTally
from invoices.listing.search import Serial
from invoices.many.models import DocumentFile, DocumentFilePart, Mailing
from invoices.provider.french_models import FrenchNotes
from invoices.provider.models import Design, Logo, Provider
from invoices.querysets import InvoiceQuerySet
from invoices.rates.models import ExchangeRate
from invoices.runs.models import InvoiceRun, RunDraft, RunExclusion, RunItem, RunTally
from invoices.runs.schedule_models import RunSchedule, ScheduledStart
from invoices.sending.models import Delivery
from invoices.terms.models import CurrencyAccount, DocumentTerms, OrganizationTerms
from invoices.uninvoiced.models import CountedMonths, UninvoicedMonth, UninvoicedTally
from organizations.billing.profiles import Profile
from organizations.models import Organization, TaxCategory
from rating.agreement.lines import Section
from rating.periods import Period
from tariffs.fields import money_field

# Django looks for the models of the app here. Some of them are defined with their topic.
__all__ = [
    "BilledName",
    "CarriedCredit",
    "Correction",
    "CountedMonths",
    "CurrencyAccount",
    "DeferredCorrection",
    "Delivery",
    "Design",
    "DocumentCheck",
    "DocumentFile",
    "DocumentFilePart",
    "DocumentTally",
    "DocumentTerms",
    "ExchangeRate",
    "FrenchNotes",
    "FrozenCharges",
    "Invoice",
    "InvoiceDifference",
    "InvoiceLine",
    "InvoiceRun",
    "InvoiceTax",
    "InvoicedCharge",
    "InvoicedPeriod",
    "LateUsage",
    "Logo",
    "Mailing",
    "NumberSeries",
    "OpenItem",
    "OrganizationTerms",
    "Provider",
    "Recheck",
    "RunDraft",
    "RunExclusion",
    "RunItem",
    "RunSchedule",
    "RunTally",
    "ScheduledStart",
    "StoredDocument",
    "UninvoicedMonth",
    "UninvoicedTally",
]


class NumberSeriesQuerySet(models.QuerySet["NumberSeries"]):
    """Queries for number series."""

    def next_numbers(self, how_many: int, *, prefix: str, year: int) -> list[str]:
        """Take the next numbers of a series, for example `INV-2026-000123`, in a transaction.

        The series stays locked until the transaction ends, so other transactions wait. Numbers of
        a transaction that fails are used again.
        """
        last = count_up(self.model, "last_number", how_many, prefix=prefix, year=year)
        return [f"{prefix}-{year}-{number:06d}" for number in range(last - how_many + 1, last + 1)]


class NumberSeries(models.Model):
    """The last number used with a prefix in a year."""

    prefix = models.CharField(max_length=10)
    year = models.PositiveSmallIntegerField()
    last_number = models.PositiveIntegerField()

    objects = NumberSeriesQuerySet.as_manager()

    class Meta:
        verbose_name = _("number series")
        verbose_name_plural = _("number series")
        constraints = (
            models.UniqueConstraint(
                fields=("prefix", "year"), name="invoices_number_series_one_a_year"
            ),
        )

    def __str__(self) -> str:
        return f"{self.prefix}-{self.year}"


@frozen
@audited(
    exclude=(
        *("seller", "account", "buyer", "profile", "references", "french", "style", "terms"),
        "accounting_tax",
    )
)
class Invoice(models.Model):
    """An issued invoice or credit note.

    A credit note cancels an invoice, or else it has a `Correction`, as an invoice can have. The
    total is in `currency` and never negative, also that of a credit note. `seller`, `account` and
    `buyer` are values of the classes in `invoices.documents.document`, and `references`, if there
    are any, of `invoices.documents.references`. `style` is of the class in
    `invoices.documents.style`; it is empty for the original look, and `terms` those
    of `invoices.documents.terms.Terms` that are not empty. `accounting_tax`
    is what `accounting_tax.stored` returns there. The period is
    `[period_from, period_until)` in dates of the organization, and `[starts_at, ends_at)`.
    """

    KINDS: ClassVar = [
        (Kind.INVOICE.value, _("Invoice")),
        (Kind.CREDIT_NOTE.value, _("Credit note")),
    ]

    kind = models.CharField(_("document type"), max_length=11, choices=KINDS)
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
    # The instants that the period covers, in the time zones in force when it was issued.
    starts_at = models.DateTimeField(_("starts at"))
    ends_at = models.DateTimeField(_("ends at"))
    issued_at = models.DateTimeField(_("issued at"))
    issued_on = models.DateField(_("date"))
    due_on = models.DateField(_("due date"), null=True, blank=True)
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("issued by"),
        db_index=False,
    )
    # The organization's owner when the document was issued. Only that owner can read it.
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        verbose_name=_("owner"),
        db_index=False,
    )
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES)
    seller = models.JSONField(encoder=DjangoJSONEncoder)
    account = models.JSONField(encoder=DjangoJSONEncoder)
    logo = models.ForeignKey(
        Logo, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    buyer = models.JSONField(encoder=DjangoJSONEncoder)
    # What it states by the French rules: the values of `documents.french.French`, or nothing.
    french = models.JSONField(null=True, blank=True, encoder=DjangoJSONEncoder)
    style = models.JSONField(default=dict, db_default=Value({}, models.JSONField()))
    terms = models.JSONField(encoder=DjangoJSONEncoder, default=dict, db_default={})
    buyer_name = models.CharField(_("billed to"), max_length=200)
    organization_title = models.CharField(_("organization"), max_length=200)
    buyer_reference = models.CharField(_("contract number"), max_length=100, blank=True)
    # Invoices that were issued before there was a choice have this profile and no references.
    profile = models.CharField(
        max_length=20, default=Profile.EN16931.value, db_default=Profile.EN16931.value
    )
    # The name of the column is not a word of SQL.
    references = models.JSONField(
        default=dict,
        db_default=models.Value({}, models.JSONField()),
        db_column="stated_references",
        encoder=DjangoJSONEncoder,
    )
    net = money_field(_("net"))
    tax_amount = money_field(_("tax"))
    total = money_field(_("total"))
    accounting_tax = models.JSONField(null=True, blank=True, encoder=DjangoJSONEncoder)
    # The digest of the usages.csv in `FrozenCharges`, before compression.
    charges_sha256 = models.CharField(_("SHA-256 of the charges"), max_length=64, blank=True)

    objects = InvoiceQuerySet.as_manager()

    class Meta:
        verbose_name = _("invoice")
        verbose_name_plural = _("invoices")
        ordering = ("-issued_at", "-pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(kind=Kind.INVOICE.value, cancels=None, due_on__isnull=False)
                | Q(kind=Kind.CREDIT_NOTE.value, due_on=None),
                name="invoices_only_credit_note_cancels",
            ),
            models.CheckConstraint(
                condition=Q(total=F("net") + F("tax_amount"), total__gte=0),
                name="invoices_total_adds_up",
            ),
            models.CheckConstraint(
                condition=Q(period_until__gt=F("period_from")), name="invoices_period_in_order"
            ),
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="invoices_instants_in_order"
            ),
        )
        indexes = (
            models.Index(Serial("number"), name="invoices_by_serial"),
            models.Index(fields=("organization", "-issued_at"), name="invoices_of_org"),
            models.Index(fields=("owner", "-issued_at"), name="invoices_of_owner"),
            models.Index(fields=("-issued_at", "-id"), name="invoices_newest"),
            # The list of all invoices: numbers of one day in order.
            models.Index(fields=("-issued_on", "-number"), name="invoices_by_day"),
            models.Index(fields=("total",), name="invoices_by_total"),
            models.Index(fields=("period_from", "id"), name="invoices_by_period"),
            models.Index(fields=("due_on", "id"), name="invoices_by_due_date"),
            models.Index(
                fields=("-issued_on", "-number"),
                condition=Q(kind=Kind.CREDIT_NOTE.value),
                name="invoices_credit_notes",
            ),
        )
        triggers = (
            pgtrigger.Trigger(
                name="opens_or_cancels",
                level=pgtrigger.Statement,
                when=pgtrigger.After,
                operation=pgtrigger.Insert,
                referencing=pgtrigger.Referencing(new="added"),  # type: ignore[no-untyped-call]
                declare=[("note", "record")],
                # Invoices come by the thousand. Credit notes are few; they are not joined, because
                # PostgreSQL would keep the plan of a connection's first statement.
                func="""
                    INSERT INTO invoices_openitem (
                        invoice_id, organization_id, currency, due_on, outstanding, credited,
                        is_cancelled
                    )
                    SELECT id, organization_id, currency, due_on, total, 0, false
                    FROM added WHERE kind = 'invoice';
                    FOR note IN SELECT * FROM added WHERE kind <> 'invoice' ORDER BY id LOOP
                        UPDATE invoices_openitem
                        SET is_cancelled = note.cancels_id IS NOT NULL,
                            outstanding = outstanding - note.total,
                            credited = credited + note.total
                        WHERE NOT is_cancelled AND invoice_id = coalesce(
                            note.cancels_id,
                            (
                                SELECT corrects_id FROM invoices_correction
                                WHERE document_id = note.id AND stands_alone
                            )
                        );
                        IF NOT FOUND THEN
                            RAISE EXCEPTION 'credit note % is for no invoice in force', note.number;
                        END IF;
                    END LOOP;
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


def _all_by_one_statement() -> pgtrigger.Trigger:
    """Refuse to add rows to a document that has some.

    Every statement must insert the first row of its documents, and a document can have only one
    first row. This check does not read the stored rows.
    """
    return pgtrigger.Trigger(
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
    )


@frozen
class InvoiceLine(models.Model):
    """A line of a document; the values are those of `documents.document.DocumentLine`.

    Only credits, and lines that `corrects` an invoice, can be negative. All lines of a document,
    starting at position 1, are inserted by one statement. No lines can be added afterwards.
    """

    SECTIONS: ClassVar = [
        (Section.USAGE.value, pgettext_lazy("of an invoice", "usage")),
        (Section.FEES.value, _("fees")),
        (Section.ONE_OFF.value, _("one-off charges")),
        (Section.MINIMUM.value, _("minimum")),
        (Section.CREDITS.value, _("credits")),
    ]

    invoice = models.ForeignKey(Invoice, models.PROTECT, related_name="lines", db_index=False)
    position = models.PositiveIntegerField()
    # Columns have the names of the time when lines stated nothing but usage.
    item = models.CharField(_("item"), max_length=200, blank=True, db_column="tariff")
    period_from = models.DateField(pgettext_lazy("of a period", "from"))
    period_until = models.DateField(pgettext_lazy("of a period", "until"))
    # A discounted price is exact. The column keeps any number of decimals.
    price = models.DecimalField(
        _("price"), max_digits=24, decimal_places=8, db_column="monthly_price"
    )
    cameras = models.PositiveIntegerField(_("cameras"))
    quantity = models.DecimalField(
        _("quantity"), max_digits=16, decimal_places=6, db_column="camera_months"
    )
    amount = money_field(_("amount"))
    tax_category = models.CharField(_("tax"), max_length=2, choices=TaxCategory)
    tax_percent = models.DecimalField(_("tax rate, %"), max_digits=5, decimal_places=2)
    corrects = models.CharField(
        pgettext_lazy("an invoice", "corrects"),
        max_length=30,
        blank=True,
        default="",
        db_default="",
    )
    section = models.CharField(
        pgettext_lazy("of an invoice", "section"),
        max_length=10,
        choices=SECTIONS,
        default=Section.USAGE.value,
        db_default=Section.USAGE.value,
    )
    gross_price = models.DecimalField(
        _("gross price"), max_digits=20, decimal_places=4, null=True, blank=True
    )
    days = models.SmallIntegerField(_("charged days"), null=True, blank=True)

    class Meta:
        verbose_name = _("invoice line")
        verbose_name_plural = _("invoice lines")
        ordering = ("invoice", "position")
        constraints = (
            models.UniqueConstraint(fields=("invoice", "position"), name="invoices_line_position"),
            models.CheckConstraint(
                condition=Q(price__gte=0)
                & (
                    Q(amount__gte=0, quantity__gte=0)
                    | ~Q(corrects="")
                    | Q(section=Section.CREDITS.value)
                ),
                name="invoices_line_not_negative",
            ),
            models.CheckConstraint(
                condition=Q(period_until__gt=F("period_from")),
                name="invoices_line_period_in_order",
            ),
        )
        triggers = (_all_by_one_statement(),)

    def __str__(self) -> str:
        return f"{self.invoice_id} {self.position}"


@frozen
class InvoiceTax(models.Model):
    """The tax of one category and percentage on a document.

    The values are those of `documents.document.TaxSubtotal`. All taxes of a document are inserted
    by one statement, as its lines are.
    """

    invoice = models.ForeignKey(Invoice, models.PROTECT, related_name="taxes", db_index=False)
    position = models.PositiveSmallIntegerField()
    category = models.CharField(_("tax"), max_length=2, choices=TaxCategory)
    percent = models.DecimalField(_("tax rate, %"), max_digits=5, decimal_places=2)
    reason = models.CharField(_("tax note"), max_length=500, blank=True)
    reason_code = models.CharField(max_length=30, blank=True)
    net = money_field(_("net"))
    amount = money_field(_("tax"))

    class Meta:
        verbose_name = _("tax of an invoice")
        verbose_name_plural = _("taxes of invoices")
        ordering = ("invoice", "position")
        constraints = (
            models.UniqueConstraint(fields=("invoice", "position"), name="invoices_tax_position"),
            models.UniqueConstraint(
                fields=("invoice", "category", "percent"), name="invoices_tax_once"
            ),
        )
        triggers = (_all_by_one_statement(),)

    def __str__(self) -> str:
        return f"{self.invoice_id} {self.category} {self.percent}"


@frozen
class FrozenCharges(models.Model):
    """All charges of an invoice: its usages.csv when it was issued, compressed with gzip."""

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
    """The PDF of an invoice with its embedded XML, stored when it was first made."""

    invoice = models.OneToOneField(
        Invoice, models.PROTECT, primary_key=True, related_name="stored_document"
    )
    pdf = models.BinaryField()

    class Meta:
        verbose_name = _("stored document")
        verbose_name_plural = _("stored documents")

    def __str__(self) -> str:
        return str(self.invoice_id)


class InvoicedPeriodQuerySet(models.QuerySet["InvoicedPeriod"]):
    """Queries for invoiced periods."""

    def overlapping(self, start: date, end: date) -> InvoicedPeriodQuerySet:
        """Keep periods that overlap `[start, end)`."""
        return self.filter(period_from__lt=end, period_until__gt=start)


class InvoicedPeriod(models.Model):
    """A period that is invoiced to an organization in one currency by an invoice in force.

    Each invoice without a credit note has a row. `currency_number` is the number in ISO 4217.
    """

    invoice = models.OneToOneField(
        Invoice, models.PROTECT, primary_key=True, related_name="invoiced_period"
    )
    organization = models.ForeignKey(
        Organization, models.PROTECT, related_name="invoiced_periods", db_index=False
    )
    currency_number = models.PositiveSmallIntegerField()
    period_from = models.DateField()
    period_until = models.DateField()

    objects = InvoicedPeriodQuerySet.as_manager()

    class Meta:
        verbose_name = _("invoiced period")
        verbose_name_plural = _("invoiced periods")
        constraints = (
            ExclusionConstraint(
                name="invoices_one_a_period",
                expressions=(
                    (one_value(F("organization_id")), RangeOperators.OVERLAPS),
                    (one_value(F("currency_number")), RangeOperators.OVERLAPS),
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
            models.Index(fields=("organization", "period_until"), name="invoices_periods_of_org"),
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


class OpenItem(models.Model):
    """The outstanding amount of an invoice. Credit notes have no open item.

    Triggers update it when invoices, credit notes and allocations of payments are inserted. Those
    rows never change later. The amount is the invoiced amount less the credited and the paid
    amount. What credit notes leave paid too much is credit of its payments; the amount is negative
    only if the credit notes come to more than the invoice.
    """

    invoice = models.OneToOneField(
        Invoice, models.PROTECT, primary_key=True, related_name="open_item"
    )
    organization = models.ForeignKey(
        Organization, models.PROTECT, related_name="open_items", db_index=False
    )
    currency = models.CharField(max_length=3)
    due_on = models.DateField()
    outstanding = money_field(_("outstanding"))
    credited = models.DecimalField(
        _("credited"), max_digits=20, decimal_places=4, default=0, db_default=0
    )
    is_cancelled = models.BooleanField()

    class Meta:
        verbose_name = _("open item")
        verbose_name_plural = _("open items")
        indexes = (
            # The list of receivables reads only items with an amount, which are few.
            models.Index(
                fields=("organization", "currency"),
                include=("due_on", "outstanding"),
                condition=~Q(outstanding=0),
                name="invoices_still_open",
            ),
            # Of all invoices, those of these states are few.
            models.Index(
                fields=("due_on",),
                condition=Q(is_cancelled=False, outstanding__gt=0),
                name="invoices_unpaid",
            ),
            models.Index(
                fields=("invoice",), condition=Q(is_cancelled=True), name="invoices_cancelled"
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
