"""Prepare the bills of a statement for people: sections of lines, each with its formula."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.utils.formats import date_format, number_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation.lists.exports import trimmed
from rating.agreement.bills import Bill
from rating.agreement.credits import CreditLine
from rating.agreement.fees import FeeLine
from rating.agreement.lines import Line, Section
from rating.agreement.minimums import MinimumLine
from rating.agreement.one_off import OneOffCharge, OneOffLine
from rating.money import Amount
from tariffs.money import format_money
from usage.statements.price_texts import dates_text
from usage.templatetags.durations import as_days

NAMES: Mapping[Section, Promise] = {
    Section.USAGE: gettext_lazy("Cameras"),
    Section.FEES: gettext_lazy("Fees"),
    Section.ONE_OFF: gettext_lazy("One-off charges"),
    Section.MINIMUM: gettext_lazy("Minimum"),
    Section.CREDITS: gettext_lazy("Credits"),
}


class SectionLine(NamedTuple):
    """A line that is not for cameras: what it is, its dates, its formula and its amount."""

    text: str
    dates: str
    formula: str
    note: str
    amount: Amount


class BillSection(NamedTuple):
    """A section with its lines and their sum; the charges of cameras are not listed here."""

    name: str
    lines: Sequence[SectionLine]
    sum: Amount


@dataclass(frozen=True, slots=True)
class ShownBill:
    """A bill whose total is more than the charges of cameras, in sections."""

    currency: str
    sections: Sequence[BillSection]
    total: Amount


def shown_bills(bills: Iterable[Bill]) -> list[ShownBill]:
    """Return the bills that have something besides charges of cameras."""
    return [
        ShownBill(bill.currency, list(_sections(bill)), bill.total)
        for bill in bills
        if any(line.section is not Section.USAGE for line in bill.lines)
    ]


def _sections(bill: Bill) -> Iterator[BillSection]:
    for section in Section:
        lines = bill.section(section)
        if lines:
            shown = [] if section is Section.USAGE else [shown_line(line) for line in lines]
            yield BillSection(str(NAMES[section]), shown, bill.sum_of(section))


def shown_line(line: Line) -> SectionLine:
    """Return a line that is not for cameras, as people read it."""
    text, formula, note = _SHOWN[type(line)](line)
    amount = Amount.of_minor(line.minor, line.currency)
    return SectionLine(text, dates_text(line.dates), formula, note, amount)


# What a line is, its formula, and a note.
_Shown = tuple[str, str, str]


def _fee(line: FeeLine) -> _Shown:
    price = format_money(line.fee.amount.number, line.currency)
    month = as_days(line.month_days)
    formula = f"{price} × {as_days(line.before + line.days)} ÷ {month} → "
    if line.before:
        before, so_far = (
            _money(minor, line.currency)
            for minor in (line.minor_before, line.minor_before + line.minor)
        )
        formula += f"{so_far} − {before} = "
    note = ""
    if line.days < line.dates.days:
        note = _("%(free)s are free: trial or suspension") % {
            "free": as_days(line.dates.days - line.days)
        }
    return line.fee.name, formula + _money(line.minor, line.currency), note


def _one_off(line: OneOffLine) -> _Shown:
    return line.charge.text, _multiplied(line.charge, line.minor), ""


def _minimum(line: MinimumLine) -> _Shown:
    currency, month = line.currency, as_days(line.dates.days)
    parts = " + ".join(
        f"{format_money(each.amount.number, currency)} × {as_days(days)} ÷ {month}"
        for each, days in line.parts
    )
    least, reached = _money(line.minimum, currency), _money(line.reached, currency)
    formula = f"{parts} → {least}"
    if line.minor:
        formula += f" − {reached} = {_money(line.minor, currency)}"
    note = _("cameras and fees come to %(reached)s") % {"reached": reached}
    return _("Shortfall of the minimum"), formula, note


def _credit(line: CreditLine) -> _Shown:
    formula, note = _multiplied(line.credit, line.available), ""
    if line.left:
        note = _("%(left)s are left. An invoice carries them over to %(date)s.") % {
            "left": _money(line.left, line.currency),
            "date": date_format(line.carried_on),
        }
    return line.credit.text, formula, note


def _multiplied(charge: OneOffCharge, minor: int) -> str:
    each = format_money(charge.each.number, charge.each.currency)
    quantity = number_format(trimmed(abs(charge.quantity), 0))
    return f"{quantity} × {each} → {_money(minor, charge.each.currency)}"


def _money(minor: int, currency: str) -> str:
    amount = Amount.of_minor(minor, currency)
    return format_money(amount.number, currency)


_SHOWN: Mapping[type, Callable[[Any], _Shown]] = {
    FeeLine: _fee,
    OneOffLine: _one_off,
    MinimumLine: _minimum,
    CreditLine: _credit,
}
