"""Recognize lines that an earlier file stated, in whichever format.

A movement is the same if account, day and signed amount are equal and neither ids nor texts
contradict each other. A format that leaves out an id or cuts off a text contradicts nothing. Each
stored line is recognized once in a file, so that of two equal payments the second is new until a
file states both.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal

from django.db.models import F

from bank.models import BankAccount, BankLine
from bank.reading.values import Line

_OTHERS = re.compile(r"[\W_]+")


class Known:
    """The stored lines of an account in the days of a statement."""

    def __init__(self, account: BankAccount, lines: Sequence[Line], format_name: str) -> None:
        days = [each.booked_on for each in lines]
        stored: Iterable[BankLine] = BankLine.objects.none()
        if days:
            stored = (
                BankLine.objects.filter(
                    account=account, booked_on__gte=min(days), booked_on__lte=max(days)
                )
                .order_by("pk")
                .annotate(format=F("statement__file__format"))
            )
        self._format = format_name
        self._by_amount: defaultdict[tuple[date, Decimal], list[BankLine]] = defaultdict(list)
        # Whole entries and their details: one file states the sum, another the parts.
        self._sums: defaultdict[tuple[date, str], Decimal] = defaultdict(Decimal)
        self._entries: set[tuple[date, str, Decimal]] = set()
        for each in stored:
            self._by_amount[each.booked_on, each.amount].append(each)
            if each.entry_reference:
                self._sums[each.booked_on, each.entry_reference] += each.amount
                self._entries.add((each.booked_on, each.entry_reference, each.amount))
        self._stated: defaultdict[tuple[date, str], Decimal] = defaultdict(Decimal)
        for line in lines:
            self._stated[line.booked_on, line.entry_reference] += line.amount

    def take(self, line: Line) -> bool:
        """Return whether a line is known. The stored line is then recognized for good."""
        candidates = self._by_amount[line.booked_on, line.amount]
        same = [each for each in candidates if not self._contradict(line, each)]
        if same:
            # What is equal in more ways comes first, so that nothing takes another's place.
            best = max(same, key=lambda each: (_likeness(line, each), -each.pk))
            candidates.remove(best)
            return True
        if not line.entry_reference:
            return False
        key = (line.booked_on, line.entry_reference)
        return self._sums[key] == line.amount or (*key, self._stated[key]) in self._entries

    def _contradict(self, line: Line, stored: BankLine) -> bool:
        if line.end_to_end_id and stored.end_to_end_id:
            return _folded(line.end_to_end_id) != _folded(stored.end_to_end_id)
        if (
            stored.format == self._format  # type: ignore[attr-defined]
            and line.bank_reference
            and stored.bank_reference
            and line.bank_reference != stored.bank_reference
        ):
            return True
        one, other = _folded(line.text), _folded(stored.text)
        return not (one in other or other in one)


def _likeness(line: Line, stored: BankLine) -> int:
    pairs = (
        (line.bank_reference, stored.bank_reference),
        (line.end_to_end_id, stored.end_to_end_id),
        (_folded(line.text), _folded(stored.text)),
        (line.account, stored.other_account),
        (line.name, stored.name),
    )
    return sum(one == other for one, other in pairs)


def _folded(text: str) -> str:
    return _OTHERS.sub("", text.lower())
