"""Say what lines of a bill have in common."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from datetime import date
from enum import StrEnum
from typing import Protocol

from rating.agreement.agreed import Agreed
from rating.periods import Period


class Section(StrEnum):
    """The sections of a bill, in their order."""

    USAGE = "usage"
    FEES = "fees"
    ONE_OFF = "one_off"
    MINIMUM = "minimum"
    CREDITS = "credits"


class Line(Hashable, Protocol):
    """A line of a bill; `minor` is in minor units of its currency, and below 0 for credits only.

    `dates` are those that the line is for, all in one calendar month of the period. `month` is the
    first date of that month if the line counts towards a minimum, or None.
    """

    @property
    def section(self) -> Section: ...
    @property
    def currency(self) -> str: ...
    @property
    def minor(self) -> int: ...
    @property
    def dates(self) -> Period: ...
    @property
    def month(self) -> date | None: ...
    @property
    def is_unpriced(self) -> bool: ...


class LineRule(Protocol):
    """One kind of term that adds lines to a bill, knowing the lines of the rules before."""

    def __call__(self, agreed: Agreed, before: Sequence[Line]) -> Iterable[Line]: ...
