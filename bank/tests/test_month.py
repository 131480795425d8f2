"""A provider's month comes to the same in each format, and no cent of it is lost."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from typing import NamedTuple

import pytest
from django.db import transaction
from django.db.models import Sum

from bank.csv_files import receive_csv
from bank.importing import import_file
from bank.models import BankAccount, BankFile, BankLine, BankPosting, BankStatement, LineState
from bank.proposing import certain_lines, post_certain, propose, taken_back
from bank.tests import month
from bank.tests.month import FORMATS, MOVEMENTS, OPENING, Movement
from invoices.models import OpenItem
from invoices.tests.factories import IN_NOVEMBER
from payments.models import Allocation, OnAccount, Payment

pytestmark = pytest.mark.django_db

END_OF_NOVEMBER = IN_NOVEMBER.replace(month=12, day=1)


class Outcome(NamedTuple):
    """What became of the lines, by day and amount, and of the invoices."""

    lines: Counter[tuple[str, str, str]]
    proposed: Counter[tuple[str, str, bool]]
    allocated: dict[int, Decimal]
    outstanding: dict[int, Decimal]


def receive(account: BankAccount, name: str, content: bytes) -> BankFile:
    if name != "csv":
        return import_file(name=name, content=content, now=END_OF_NOVEMBER, by=None)
    found = receive_csv(
        account_id=account.pk,
        name=name,
        content=content,
        encoding="utf-8",
        now=END_OF_NOVEMBER,
        by=None,
    )
    assert found is not None
    return found


def match_all() -> None:
    """Do what the job does."""
    propose(currency="EUR")
    for line_id in certain_lines(currency="EUR"):
        post_certain(line_id=line_id, now=END_OF_NOVEMBER)


def total(rows: object, field: str = "amount") -> Decimal:
    found: Decimal | None = rows.aggregate(sum=Sum(field))["sum"]  # type: ignore[attr-defined]
    return found or Decimal(0)


def outcome() -> Outcome:
    lines = BankLine.objects.all()
    open_lines = lines.open().prefetch_related("proposals")
    return Outcome(
        Counter((str(each.booked_on), f"{each.amount:.2f}", each.state) for each in lines),
        Counter(
            (str(each.booked_on), f"{each.amount:.2f}", bool(each.proposals.all()))
            for each in open_lines
        ),
        dict(Allocation.objects.values_list("invoice", "amount")),
        dict(OpenItem.objects.values_list("pk", "outstanding")),
    )


def expected(movements: list[Movement]) -> Counter[tuple[str, str, str]]:
    return Counter(
        (str(each.booked_on), f"{each.amount:.2f}", "posted" if each.pays else "open")
        for each in movements
    )


def check_every_cent(account: BankAccount, movements: list[Movement]) -> None:
    """Check that the money of the file is allocated, on account or in the work list."""
    posted = BankLine.objects.filter(state=LineState.POSTED)
    assert total(BankLine.objects.all()) == sum(each.amount for each in movements)
    assert total(posted) == total(BankPosting.objects.all()) == total(Payment.objects.all())
    assert total(Payment.objects.all()) == (
        total(Allocation.objects.all()) + total(OnAccount.objects.all(), "remaining")
    )
    assert not BankLine.objects.exclude(state__in=[LineState.POSTED, LineState.OPEN]).exists()
    statement = BankStatement.objects.get()
    assert statement.closing == month.closing(movements)
    assert OPENING + total(account.lines.all()) == statement.closing


def test_a_month_comes_to_the_same_in_each_format() -> None:
    pairs = month.invoices()
    movements = month.movements(pairs)
    assert len(movements) == MOVEMENTS
    account = month.account()
    outcomes = {}
    for name, write in FORMATS.items():
        with transaction.atomic():
            (statement,) = receive(account, name, write(movements)).statements.all()
            assert (statement.new, statement.known) == (MOVEMENTS, 0), name
            match_all()
            check_every_cent(account, movements)
            check_returned(movements)
            outcomes[name] = outcome()
            transaction.set_rollback(True)

    for name, found in outcomes.items():
        assert found.lines == expected(movements), name
        assert found == outcomes["camt"], name
    paid = {pk for each in movements for pk in each.pays}
    assert outcomes["camt"].allocated.keys() == paid
    assert {pk for pk, left in outcomes["camt"].outstanding.items() if left == 0} == paid


def check_returned(movements: list[Movement]) -> None:
    """Check that each returned payment is found, among those of its amount."""
    texts = {each.text for each in movements if each.is_reversal}
    returned = [each for each in BankLine.objects.all() if each.text in texts]
    assert len(returned) == len(texts) == 20
    for line in returned:
        recorded = [each.bank_posting.line.text for each in taken_back(line)]
        assert line.text.removeprefix("Return of ") in recorded


def test_the_lines_of_each_format_are_known_in_each_other() -> None:
    movements = month.movements(month.unsaved_invoices())
    account = month.account()
    files = [receive(account, name, write(movements)) for name, write in FORMATS.items()]

    counted = [file.statements.values_list("new", "known").get() for file in files]

    assert counted == [(MOVEMENTS, 0)] + [(0, MOVEMENTS)] * (len(files) - 1)
