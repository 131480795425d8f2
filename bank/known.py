"""Recognize lines that an earlier file stated, in whichever format.

A movement is the same if account, day and signed amount are equal and neither ids, accounts nor
texts contradict each other. Payers repeat end-to-end ids: an equal one only says that another
format may write the text and the bank's reference differently. A format that leaves out an id or
cuts off a text contradicts nothing. Each stored line is recognized once in a file, so that of two
equal payments the second is new until a file states both. Lines that are equal are recognized
first, so that none takes another's place.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TypeAlias

from django.db.models import F

from bank.models import BankAccount, BankLine
from bank.reading.values import Line

_OTHERS = re.compile(r"[\W_]+")
_IBAN = re.compile(r"[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}")
_SHORTEST_CUT = 27
"""The least length at which a format cuts a text off, that of a subfield of MT940."""


class Known:
    """The lines of a file that an earlier one stated of an account."""

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
        # Equal lines have equal values, so they are told apart by their identity.
        self._recognized: set[int] = set()
        left = [
            _Stated.of(each, each.other_account, each.format, each.pk)  # type: ignore[attr-defined]
            for each in stored
        ]
        equal, *others = _ALIKE
        left = self._recognize(lines, left, equal)
        left = self._recognize_sums(lines, left)
        for alike in others:
            left = self._recognize(lines, left, alike)
        self._recognize_entries(lines, left)

    def __contains__(self, line: Line) -> bool:
        return id(line) in self._recognized

    def _unrecognized(self, lines: Sequence[Line]) -> dict[tuple[date, str], list[Line]]:
        """Return lines that are not recognized by their entry, as far as they name one."""
        found: defaultdict[tuple[date, str], list[Line]] = defaultdict(list)
        for line in lines:
            if line.entry_reference and id(line) not in self._recognized:
                found[line.booked_on, line.entry_reference].append(line)
        return found

    def _recognize_sums(self, lines: Sequence[Line], stored: Sequence[_Stated]) -> list[_Stated]:
        """Recognize entries of which parts are stored, and parts of stored entries.

        One file states the sum, another the parts. Return the stored lines that are left.
        """
        parts = _by_entry(stored)
        used: set[int] = set()
        for key, stated in self._unrecognized(lines).items():
            kept = parts.get(key, [])
            if len(kept) > 1:
                amount = sum(each.amount for each in kept)
                whole = [line for line in stated if line.amount == amount][:1]
                taken = kept if whole else []
            else:
                amount = sum(line.amount for line in stated)
                taken = [each for each in kept if each.amount == amount and len(stated) > 1]
                whole = stated if taken else []
            self._recognized.update(map(id, whole))
            used.update(each.pk for each in taken)
        return [each for each in stored if each.pk not in used]

    def _recognize_entries(self, lines: Sequence[Line], stored: Sequence[_Stated]) -> None:
        """Recognize entries of which one file states the text of the payer, another the bank's."""
        kept = _by_entry(stored)
        for key, stated in self._unrecognized(lines).items():
            for line in stated:
                for each in kept.get(key, []):
                    if each.amount == line.amount and not self._of(line).names_others(each):
                        kept[key].remove(each)
                        self._recognized.add(id(line))
                        break

    def _of(self, line: Line) -> _Stated:
        return _Stated.of(line, line.account, self._format)

    def _recognize(
        self, lines: Sequence[Line], stored: Sequence[_Stated], alike: _Alike
    ) -> list[_Stated]:
        """Recognize lines that are alike; return the stored lines that are left."""
        found: defaultdict[tuple[object, ...], list[_Stated]] = defaultdict(list)
        # The oldest is taken first, from the end.
        for each in reversed(stored):
            found[(*each.movement, *alike(each))].append(each)
        for line in lines:
            if id(line) in self._recognized:
                continue
            stated = self._of(line)
            candidates = found.get((*stated.movement, *alike(stated)), [])
            for at in reversed(range(len(candidates))):
                if not stated.contradicts(candidates[at]):
                    del candidates[at]
                    self._recognized.add(id(line))
                    break
        return sorted((each for rest in found.values() for each in rest), key=lambda each: each.pk)


@dataclass(frozen=True, slots=True)
class _Stated:
    """What a line and a stored line are compared by. `pk` is 0 unless it is stored."""

    movement: tuple[date, Decimal]
    end_to_end_id: str
    bank_reference: str
    entry_reference: str
    text: str
    folded: str
    account: str
    name: str
    format: str
    pk: int = 0

    @classmethod
    def of(cls, line: Line | BankLine, account: str, format_name: str, pk: int = 0) -> _Stated:
        """Return what a line of a file states, or a stored one."""
        return cls(
            (line.booked_on, line.amount),
            _folded(line.end_to_end_id),
            line.bank_reference,
            line.entry_reference,
            line.text,
            _folded(line.text),
            account,
            line.name,
            format_name,
            pk,
        )

    @property
    def amount(self) -> Decimal:
        """The signed amount."""
        return self.movement[1]

    def contradicts(self, other: _Stated) -> bool:
        """Return whether both cannot be the same money, though day and amount are equal."""
        if self.names_others(other):
            return True
        alike = self.format == other.format
        if alike and _differ(self.bank_reference, other.bank_reference):
            return True
        if not alike and self.end_to_end_id and other.end_to_end_id:
            return False
        return not (_is_part(self, other) or _is_part(other, self))

    def names_others(self, other: _Stated) -> bool:
        """Return whether the end-to-end ids or the accounts of the other party differ."""
        # Formats write other numbers of an account than its IBAN in different ways.
        return _differ(self.end_to_end_id, other.end_to_end_id) or (
            _differ(self.account, other.account)
            and (
                self.format == other.format
                or all(_IBAN.fullmatch(each.account) for each in (self, other))
            )
        )


def _by_entry(stored: Iterable[_Stated]) -> dict[tuple[date, str], list[_Stated]]:
    """Return stored lines by their entry, as far as they name one."""
    found: defaultdict[tuple[date, str], list[_Stated]] = defaultdict(list)
    for each in stored:
        if each.entry_reference:
            found[each.movement[0], each.entry_reference].append(each)
    return found


def _differ(one: str, other: str) -> bool:
    return bool(one and other and one != other)


_Alike: TypeAlias = Callable[[_Stated], tuple[str, ...]]

# What is equal in more ways is recognized first.
_ALIKE: Sequence[_Alike] = (
    lambda each: (each.bank_reference, each.end_to_end_id, each.folded, each.account, each.name),
    lambda each: (each.bank_reference, each.end_to_end_id, each.folded),
    lambda each: (each.end_to_end_id, each.folded),
    lambda each: (each.folded,),
    lambda each: (each.end_to_end_id,),
    lambda each: (each.account, each.name),
    lambda each: (),
)


def _is_part(one: _Stated, other: _Stated) -> bool:
    """Return whether a text is the whole of another, or what a format left of it.

    A text that is too short to be cut off does not end within a number: `INV-1` is no part of
    `INV-12`.
    """
    if one.folded not in other.folded:
        return False
    if not one.folded or one.folded == other.folded or len(one.text) >= _SHORTEST_CUT:
        return True
    # As it was written, so that `INV-1 of 2 March` and `INV-1 2 March` begin with `INV-1`.
    written = r"[\W_]*".join(map(re.escape, one.folded))
    return re.search(rf"(?<![0-9]){written}(?![0-9])", other.text.lower()) is not None


def _folded(text: str) -> str:
    return _OTHERS.sub("", text.lower())
