"""Import payments from a file, for the web page and the command.

A file can be imported any number of times: payments that are already recorded, from a file or by
hand, are skipped. Two payments are the same if their invoice, date, amount and reference are
equal. A reversed payment stays reversed. A file with two equal lines is refused, because nobody
can tell whether there were two payments.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import IO, Any, NamedTuple

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from foundation.bulk import forget_plans
from foundation.imports.records import ReadAs, RecordReader, UnreadableFileError
from foundation.imports.report import (
    MAX_KEPT,
    Progress,
    Stage,
    TooManyWrongLines,
    WrongLine,
    WrongLines,
    no_progress,
)
from invoices.models import Invoice
from organizations.models import Organization
from payments.imports.reading import OPTIONAL, REQUIRED, PaymentLine, read_lines
from payments.models import Payment
from payments.operations import PaymentRefusal, check_payment
from tariffs.provider_calendar import provider_date

PAYMENTS_A_STEP = 2_000


class Outcome(StrEnum):
    """The state of the invoice after a line, or why the line records nothing.

    KNOWN and REVERSED record nothing: the payment is already recorded, or recorded and reversed.
    """

    PAID = "paid"
    PART_PAID = "part_paid"
    OVERPAID = "overpaid"
    KNOWN = "known"
    REVERSED = "reversed"


@dataclass(frozen=True, slots=True)
class PaidInvoice:
    """The invoice that a line pays, and the title of its organization."""

    pk: int
    number: str
    organization: str


@dataclass(frozen=True, slots=True)
class Planned:
    """The outcome of a line. `left` is the outstanding amount after it, negative if overpaid."""

    line: PaymentLine
    invoice: PaidInvoice
    outcome: Outcome
    left: Decimal

    @property
    def is_new(self) -> bool:
        """Whether the line records a payment."""
        return self.outcome not in (Outcome.KNOWN, Outcome.REVERSED)

    @property
    def too_much(self) -> Decimal:
        """The amount by which the invoice is overpaid after the line, or 0."""
        return max(-self.left, Decimal(0))


class PaymentSum(NamedTuple):
    """The number and the sum of the new payments in one currency."""

    currency: str
    payments: int
    amount: Decimal


@dataclass(frozen=True, slots=True)
class PaymentReport:
    """What an import did, or what a dry run would do. One wrong line refuses the whole file.

    `errors` are the first 1,000 wrong lines, and `error_count` counts all of them. If
    `is_cut_short`, the file was read only up to the last of them. `planned` are the first 1,000
    lines without errors, in the order of the file; `new` and `known` count all of them, and `sums`
    are those of the new payments in each currency, by code.
    """

    lines: int
    dry_run: bool
    planned: Sequence[Planned] = ()
    new: int = 0
    known: int = 0
    sums: Sequence[PaymentSum] = ()
    errors: Sequence[WrongLine] = ()
    error_count: int = 0
    is_cut_short: bool = False

    @property
    def is_refused(self) -> bool:
        """Whether the file has errors, so that nothing was or will be recorded."""
        return self.error_count > 0

    @property
    def not_shown(self) -> int:
        """The number of lines without errors that are not in `planned`."""
        return self.new + self.known - len(self.planned)


def import_payments(
    file: IO[bytes],
    *,
    now: datetime,
    by: User | None,
    dry_run: bool,
    progress: Progress = no_progress,
    read_as: ReadAs | None = None,
) -> PaymentReport:
    """Import all payments of a CSV or XLSX file, or none of them if a line is wrong.

    `file` is open in binary mode. Its first line names the columns, which are `COLUMNS` in any
    order unless `read_as` says otherwise; those in `OPTIONAL` may be absent. A dry run makes the
    same checks and records nothing.
    """
    wrong = WrongLines()
    records = RecordReader(
        file, columns=REQUIRED, optional=OPTIONAL, wrong=wrong, progress=progress, read_as=read_as
    )
    lines: list[PaymentLine] = []
    try:
        lines.extend(read_lines(records, wrong))
    except UnreadableFileError as error:
        wrong.merge([WrongLine(error.line, error.reason)], 1)
    except TooManyWrongLines:
        return _report(records.read, dry_run, [], wrong)
    progress(Stage.CHECKING, 0, None)
    with transaction.atomic():
        if not dry_run:
            _lock(lines)
        planned = _plan(lines, now, wrong)
        if not dry_run and not wrong.count:
            _record(planned, now, by, progress)
    return _report(records.read, dry_run, planned, wrong)


def _report(
    lines: int, dry_run: bool, planned: Sequence[Planned], wrong: WrongLines
) -> PaymentReport:
    amounts = defaultdict(list)
    for each in planned:
        if each.is_new:
            amounts[each.line.currency].append(each.line.amount)
    new = sum(map(len, amounts.values()))
    return PaymentReport(
        lines=lines,
        dry_run=dry_run,
        planned=planned[:MAX_KEPT],
        new=new,
        known=len(planned) - new,
        sums=[
            PaymentSum(currency, len(each), sum(each, Decimal(0)))
            for currency, each in sorted(amounts.items())
        ],
        errors=wrong.kept,
        error_count=wrong.count,
        is_cut_short=wrong.is_cut_short,
    )


def _lock(lines: Sequence[PaymentLine]) -> None:
    """Lock the organizations of the invoices, in the order of their ids."""
    paid = Invoice.objects.filter(number__in={line.invoice for line in lines}).order_by()
    organizations = Organization.objects.filter(pk__in=paid.values("organization"))
    # Evaluate the query to take the locks.
    list(organizations.select_for_update(no_key=True).order_by("pk").values_list("pk"))


def _plan(lines: Sequence[PaymentLine], now: datetime, wrong: WrongLines) -> list[Planned]:
    """Plan each line; add the lines that cannot be imported to `wrong`."""
    invoices = _invoices(lines, now)
    known = _known(invoices)
    left = {invoice.pk: invoice.outstanding for invoice in invoices.values()}
    first: dict[Any, int] = {}
    planned, refused = [], []
    for line in lines:
        invoice = invoices.get(line.invoice)
        reason = _objection(line, invoice, first)
        if invoice is None or reason:
            refused.append(WrongLine(line.number, reason))
            continue
        if (outcome := known.get((invoice.pk, *_same(line)))) is None:
            try:
                check_payment(invoice=invoice, paid_on=line.paid_on, amount=line.amount, now=now)
            except PaymentRefusal as refusal:
                refused.append(WrongLine(line.number, str(refusal)))
                continue
            left[invoice.pk] -= line.amount
            outcome = _outcome(left[invoice.pk])
        paid = PaidInvoice(invoice.pk, invoice.number, invoice.organization.title)
        planned.append(Planned(line, paid, outcome, left[invoice.pk]))
    wrong.merge(refused, len(refused))
    return planned


def _invoices(lines: Sequence[PaymentLine], now: datetime) -> Mapping[str, Any]:
    invoices = Invoice.objects.with_open_item(provider_date(now)).select_related(
        "credit_note", "organization"
    )
    found = invoices.filter(number__in={line.invoice for line in lines})
    return {invoice.number: invoice for invoice in found.defer("seller", "account", "buyer")}


def _known(invoices: Mapping[str, Invoice]) -> Mapping[Any, Outcome]:
    """Return the payments already recorded for the invoices, by invoice and `_same`."""
    ids = [invoice.pk for invoice in invoices.values()]
    payments = Payment.objects.filter(invoice__in=ids, reverses=None).order_by()
    rows = payments.values_list("invoice", "paid_on", "amount", "reference", "reversal")
    known = {}
    # If one of several equal payments was reversed and another was not, the latter counts.
    for *payment, reversal in sorted(rows, key=lambda row: row[-1] is None):
        known[tuple(payment)] = Outcome.KNOWN if reversal is None else Outcome.REVERSED
    return known


def _same(line: PaymentLine) -> tuple[date, Decimal, str]:
    """Return the values that, together with the invoice, identify a payment."""
    return line.paid_on, line.amount, line.reference


def _objection(line: PaymentLine, invoice: Invoice | None, first: dict[Any, int]) -> str:
    """Return why a line cannot be a payment of `invoice`, or "".

    `first` maps each payment to its first line in the file, and is updated.
    """
    if invoice is None:
        return _("Invoice “%(number)s” does not exist. Correct the number.") % {
            "number": line.invoice[:100]
        }
    if line.currency != invoice.currency:
        return _("%(number)s is in %(currency)s. Correct the currency or the number.") % {
            "number": invoice.number,
            "currency": invoice.currency,
        }
    number = first.setdefault((invoice.pk, *_same(line)), line.number)
    if number != line.number:
        return _(
            "This line repeats line %(line)s. If there were two payments, give "
            "them different references. Otherwise, remove one of the lines."
        ) % {"line": number}
    return ""


def _outcome(left: Decimal) -> Outcome:
    if left > 0:
        return Outcome.PART_PAID
    return Outcome.OVERPAID if left < 0 else Outcome.PAID


def _record(planned: Sequence[Planned], now: datetime, by: User | None, progress: Progress) -> None:
    new = [each for each in planned if each.is_new]
    progress(Stage.WRITING, 0, len(new))
    forget_plans()
    for start in range(0, len(new), PAYMENTS_A_STEP):
        payments = [
            Payment(
                invoice_id=each.invoice.pk,
                paid_on=each.line.paid_on,
                amount=each.line.amount,
                method=each.line.method,
                reference=each.line.reference,
                recorded_at=now,
                recorded_by=by,
            )
            for each in new[start : start + PAYMENTS_A_STEP]
        ]
        Payment.objects.bulk_create(payments)
        progress(Stage.WRITING, len(payments), len(new))
