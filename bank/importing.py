"""Store the statements of a file: all of them or none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from itertools import groupby

from django.db import transaction
from django.utils.text import Truncator

from accounts.models import User
from bank.known import Known
from bank.models import MAX_IDENTIFIER, BankAccount, BankFile, BankLine, BankStatement
from bank.reading.formats import read_file
from bank.reading.values import Line, Statement
from bank.refusals import UnknownAccounts
from bank.tasks import defer_matching
from foundation.bulk import forget_plans

LINES_A_STEP = 2_000


def import_file(*, name: str, content: bytes, now: datetime, by: User | None) -> BankFile:
    """Store what a file states that no earlier file did; return the file.

    Raises:
        UnreadableStatementError: it cannot be read completely, or does not add up.
        UnknownAccounts: it is about accounts that are not the provider's.
    """
    kind, statements = read_file(content)
    return store_file(statements, format_name=kind.name, name=name, content=content, now=now, by=by)


@transaction.atomic
def store_file(
    statements: Sequence[Statement],
    *,
    format_name: str,
    name: str,
    content: bytes,
    now: datetime,
    by: User | None,
) -> BankFile:
    """Store what statements of a file state that no earlier file did; return the file.

    Raises:
        UnknownAccounts: they are about accounts that are not the provider's.
    """
    forget_plans()
    numbers = {each.account for each in statements}
    # Two files of one account are stored one after the other, so neither misses the other's lines.
    accounts = {
        (each.number, each.currency): each
        for each in BankAccount.objects.filter(number__in=numbers)
        .order_by("pk")
        .select_for_update(no_key=True)
    }
    wanted = {(each.account, each.currency) for each in statements}
    if unknown := sorted(wanted - accounts.keys()):
        raise UnknownAccounts(unknown)
    file = BankFile.objects.create(
        name=Truncator(name).chars(200),
        format=format_name,
        content=content,
        uploaded_at=now,
        uploaded_by=by,
    )
    ordered = sorted(statements, key=_account)
    for account, of_account in groupby(ordered, key=_account):
        _store(file, accounts[account], list(of_account))
    for currency in sorted({each.currency for each in statements}):
        defer_matching(currency)
    return file


def _account(statement: Statement) -> tuple[str, str]:
    return statement.account, statement.currency


def _store(file: BankFile, account: BankAccount, statements: Sequence[Statement]) -> None:
    statements = [replace(each, lines=[_cut(line) for line in each.lines]) for each in statements]
    every = [line for each in statements for line in each.lines]
    known = Known(account, every, file.format)
    for each in statements:
        new = [line for line in each.lines if line not in known]
        days = [line.booked_on for line in each.lines]
        statement = BankStatement.objects.create(
            file=file,
            account=account,
            number=each.number[:MAX_IDENTIFIER],
            first_on=min(days, default=None),
            last_on=max(days, default=None),
            opening=each.opening,
            closing=each.closing,
            new=len(new),
            known=len(each.lines) - len(new),
            not_booked=each.not_booked,
        )
        BankLine.objects.bulk_create(
            (_stored(line, statement, account) for line in new), batch_size=LINES_A_STEP
        )


def _cut(line: Line) -> Line:
    """Return a line as it can be stored, so that it is recognized when it comes again."""
    return replace(
        line,
        name=line.name[:MAX_IDENTIFIER],
        account=line.account[:MAX_IDENTIFIER],
        references=tuple(each[:MAX_IDENTIFIER] for each in line.references),
        end_to_end_id=line.end_to_end_id[:MAX_IDENTIFIER],
        bank_reference=line.bank_reference[:MAX_IDENTIFIER],
        entry_reference=line.entry_reference[:MAX_IDENTIFIER],
        mandate=line.mandate[:MAX_IDENTIFIER],
        instructed=line.instructed[:40],
        reason=line.reason[:MAX_IDENTIFIER],
    )


def _stored(line: Line, statement: BankStatement, account: BankAccount) -> BankLine:
    return BankLine(
        statement=statement,
        account=account,
        booked_on=line.booked_on,
        valued_on=line.valued_on,
        amount=line.amount,
        name=line.name,
        other_account=line.account,
        tax_id=line.tax_id,
        text=line.text,
        references=list(line.references),
        end_to_end_id=line.end_to_end_id,
        bank_reference=line.bank_reference,
        entry_reference=line.entry_reference,
        mandate=line.mandate,
        instructed=line.instructed,
        is_reversal=line.is_reversal,
        reason=line.reason,
        in_doubt=line.in_doubt,
    )
