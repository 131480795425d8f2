"""Import of payments from a CSV file, for the web page and the command alike.

A file may come any number of times: what was recorded already, from a file or by hand, is left as
it is. A payment is the same if its invoice, date, amount and reference are; one that was reversed
stays so. Two such lines in one file are refused, as nobody can tell whether both are meant.
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
from foundation.imports.records import RecordReader, UnreadableFileError
from foundation.imports.report import Progress, WrongLine, WrongLines, no_progress
from invoices.models import Invoice
from organizations.models import Organization
from payments.imports.reading import COLUMNS, PaymentLine, read_lines
from payments.models import Payment
from payments.operations import PaymentRefusal, check_payment
from tariffs.provider_calendar import provider_date


class Outcome(StrEnum):
    """What a line does: how it leaves its invoice; or nothing, where it is known already."""

    PAID = "paid"
    PART_PAID = "part_paid"
    OVERPAID = "overpaid"
    KNOWN = "known"
    REVERSED = "reversed"


@dataclass(frozen=True, slots=True)
class Planned:
    """What becomes of a line; `left` is what is outstanding then, below 0 if too much is paid."""

    line: PaymentLine
    invoice: Invoice
    outcome: Outcome
    left: Decimal

    @property
    def is_new(self) -> bool:
        """Whether a payment is recorded."""
        return self.outcome not in (Outcome.KNOWN, Outcome.REVERSED)

    @property
    def too_much(self) -> Decimal:
        """By how much the invoice is then overpaid."""
        return max(-self.left, Decimal(0))


class PaymentSum(NamedTuple):
    """What the new payments of one currency come to."""

    currency: str
    payments: int
    amount: Decimal


@dataclass(frozen=True, slots=True)
class PaymentReport:
    """What an import did, or in a dry run would do; all of it, or nothing where lines are wrong.

    `errors` are the first 10,000 wrong lines; `error_count` counts them all. `planned` are the
    lines in which nothing is wrong, in the file's order.
    """

    lines: int
    dry_run: bool
    planned: Sequence[Planned] = ()
    errors: Sequence[WrongLine] = ()
    error_count: int = 0

    @property
    def is_refused(self) -> bool:
        """Whether anything is wrong, so that nothing was or will be recorded."""
        return self.error_count > 0

    @property
    def new(self) -> Sequence[Planned]:
        """The lines that record a payment."""
        return [each for each in self.planned if each.is_new]

    @property
    def known(self) -> int:
        """How many lines were recorded already."""
        return len(self.planned) - len(self.new)

    @property
    def sums(self) -> Sequence[PaymentSum]:
        """What the new payments come to, by currency."""
        amounts = defaultdict(list)
        for each in self.new:
            amounts[each.line.currency].append(each.line.amount)
        return [
            PaymentSum(currency, len(each), sum(each, Decimal(0)))
            for currency, each in sorted(amounts.items())
        ]


def import_payments(
    file: IO[bytes],
    *,
    now: datetime,
    by: User | None,
    dry_run: bool,
    progress: Progress = no_progress,
) -> PaymentReport:
    """Import payments from a CSV file opened in binary: all of it, or nothing.

    The columns are `COLUMNS`, in any order, named in the first line. A dry run checks the same and
    records nothing. Whatever is wrong with the file stands in the report.
    """
    wrong = WrongLines()
    records = RecordReader(file, columns=COLUMNS, wrong=wrong, progress=progress)
    lines: list[PaymentLine] = []
    try:
        lines.extend(read_lines(records, wrong))
    except UnreadableFileError as error:
        wrong.add(error.line, error.reason)
    with transaction.atomic():
        if not dry_run:
            _lock(lines)
        planned = _plan(lines, now, wrong)
        if not dry_run and not wrong.count:
            _record(planned, now, by)
    return PaymentReport(records.read, dry_run, planned, wrong.kept, wrong.count)


def _lock(lines: Sequence[PaymentLine]) -> None:
    """Lock the organizations of the invoices, in order of their ids."""
    paid = Invoice.objects.filter(number__in={line.invoice for line in lines}).order_by()
    organizations = Organization.objects.filter(pk__in=paid.values("organization"))
    # Evaluated for its locks.
    list(organizations.select_for_update(no_key=True).order_by("pk").values_list("pk"))


def _plan(lines: Sequence[PaymentLine], now: datetime, wrong: WrongLines) -> list[Planned]:
    """Decide what becomes of each line; add to `wrong` those of which nothing can."""
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
        planned.append(Planned(line, invoice, outcome, left[invoice.pk]))
    wrong.merge(refused, len(refused))
    return planned


def _invoices(lines: Sequence[PaymentLine], now: datetime) -> Mapping[str, Any]:
    invoices = Invoice.objects.with_open_item(provider_date(now)).select_related(
        "credit_note", "organization"
    )
    found = invoices.filter(number__in={line.invoice for line in lines})
    return {invoice.number: invoice for invoice in found.defer("seller", "account", "buyer")}


def _known(invoices: Mapping[str, Invoice]) -> Mapping[Any, Outcome]:
    """Return what has been recorded for invoices already, by invoice and `_same`."""
    ids = [invoice.pk for invoice in invoices.values()]
    payments = Payment.objects.filter(invoice__in=ids, reverses=None).order_by()
    rows = payments.values_list("invoice", "paid_on", "amount", "reference", "reversal")
    known = {}
    # Where one of several was reversed and another was not, that one counts.
    for *payment, reversal in sorted(rows, key=lambda row: row[-1] is None):
        known[tuple(payment)] = Outcome.KNOWN if reversal is None else Outcome.REVERSED
    return known


def _same(line: PaymentLine) -> tuple[date, Decimal, str]:
    """Return what besides the invoice says that two payments are one."""
    return line.paid_on, line.amount, line.reference


def _objection(line: PaymentLine, invoice: Invoice | None, first: dict[Any, int]) -> str:
    """Return why a line names no payment of `invoice`, or nothing; note it in `first`."""
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


def _record(planned: Sequence[Planned], now: datetime, by: User | None) -> None:
    Payment.objects.bulk_create(
        Payment(
            invoice=each.invoice,
            paid_on=each.line.paid_on,
            amount=each.line.amount,
            method=each.line.method,
            reference=each.line.reference,
            recorded_at=now,
            recorded_by=by,
        )
        for each in planned
        if each.is_new
    )
