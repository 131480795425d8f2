"""Import payments from a file, for the web page and the command.

A file can be imported any number of times: payments that are already recorded, from a file or by
hand, are skipped. Two payments are the same if their invoice or contract, date, amount and
reference are equal. A reversed payment stays reversed. A file with two equal lines is refused,
because nobody can tell whether there were two payments.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import IO, Any, NamedTuple

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from foundation.bulk import forget_plans
from foundation.fast_sql import Rows, insert, take_ids
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
from payments.followers import CHANGED
from payments.imports.payees import Payee, Payees, Planned, same
from payments.imports.reading import OPTIONAL, REQUIRED, PaymentLine, read_lines
from payments.models import Allocation, Payment
from payments.refusals import PaymentRefusal

PAYMENTS_A_STEP = 2_000


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
        planned = _plan(lines, now, wrong, lock=not dry_run)
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


def _plan(
    lines: Sequence[PaymentLine], now: datetime, wrong: WrongLines, *, lock: bool
) -> list[Planned]:
    """Plan each line; add the lines that cannot be imported to `wrong`.

    If the lines are to be imported, `lock` their organizations first.
    """
    payees = Payees.of(lines, now, lock=lock)
    first: dict[Any, int] = {}
    planned, refused = [], []
    for line in lines:
        found = payees.find(line)
        reason = found if isinstance(found, str) else _repeated(line, found, first)
        if isinstance(found, str) or reason:
            refused.append(WrongLine(line.number, reason))
            continue
        try:
            planned.append(payees.plan(line, found, now))
        except PaymentRefusal as refusal:
            refused.append(WrongLine(line.number, str(refusal)))
    wrong.merge(refused, len(refused))
    return planned


def _repeated(line: PaymentLine, payee: Payee, first: dict[Any, int]) -> str:
    """Return why a line cannot be another payment than an earlier one of the file, or "".

    `first` maps each payment to its first line in the file, and is updated.
    """
    number = first.setdefault(same(line, payee), line.number)
    if number == line.number:
        return ""
    return _(
        "This line repeats line %(line)s. If there were two payments, give "
        "them different references. Otherwise, remove one of the lines."
    ) % {"line": number}


def _record(planned: Sequence[Planned], now: datetime, by: User | None, progress: Progress) -> None:
    new = [each for each in planned if each.is_new]
    progress(Stage.WRITING, 0, len(new))
    forget_plans()
    for start in [0, *range(1, len(new), PAYMENTS_A_STEP)]:
        some = new[start : start + PAYMENTS_A_STEP] if start else new[:1]
        ids = take_ids(Payment, len(some))
        payments = [_payment(pk, each, now, by) for pk, each in zip(ids, some, strict=True)]
        if start:
            insert(payments)
        else:
            # The first goes through the ORM, which tells the history who records them all.
            Payment.objects.bulk_create(payments)
        insert(Rows(Allocation, _ALLOCATION, list(_allocations(payments, some, now, by))))
        progress(Stage.WRITING, len(payments), len(new))
    CHANGED.tell({each.payee.organization for each in new})


def _allocations(
    payments: Sequence[Payment], planned: Sequence[Planned], now: datetime, by: User | None
) -> Iterator[tuple[Any, ...]]:
    for payment, each in zip(payments, planned, strict=True):
        for invoice, amount in each.parts:
            yield payment.pk, invoice, amount, now, by and by.pk


_ALLOCATION = ("payment_id", "invoice_id", "amount", "allocated_at", "allocated_by_id")


def _payment(pk: int, planned: Planned, now: datetime, by: User | None) -> Payment:
    line, payee = planned.line, planned.payee
    return Payment(
        pk=pk,
        organization_id=payee.organization,
        currency=line.currency,
        owner_id=payee.owner,
        invoice_id=payee.invoice,
        paid_on=line.paid_on,
        amount=line.amount,
        method=line.method,
        reference=line.reference,
        recorded_at=now,
        recorded_by=by,
    )
