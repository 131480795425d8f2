"""Read a bank's CSV file by what somebody has said about its columns.

A CSV file of a bank may begin with lines about the account; the table begins with the line that
has all known headings. Every line after it is read, or the file is refused with its number.
"""

from __future__ import annotations

import re
from codecs import BOM_UTF8
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from io import BytesIO
from itertools import pairwise

from django.utils.translation import gettext as _

from bank.reading.csv_columns import LABELS, DateOrder, DecimalMark, Layout
from bank.reading.values import (
    Line,
    Statement,
    UnreadableStatementError,
    account_number,
    identifier,
    plausible,
)
from foundation.imports.csv_rows import SEPARATORS, CsvRows
from foundation.imports.encodings import Encoding
from foundation.imports.report import no_progress
from foundation.imports.rows import Row, UnreadableFileError

# A bank's file has few columns of a table before it has a table.
_FEWEST_HEADINGS = 3
_TAX_ID_LENGTH = 20
_QUOTED = re.compile(rb'"[^"]*"')
_DATE = {
    DateOrder.DAY_FIRST: re.compile(
        r"(?P<d>\d{1,2})[./-](?P<m>\d{1,2})[./-](?P<y>\d{4})", re.ASCII
    ),
    DateOrder.MONTH_FIRST: re.compile(
        r"(?P<m>\d{1,2})[./-](?P<d>\d{1,2})[./-](?P<y>\d{4})", re.ASCII
    ),
    DateOrder.YEAR_FIRST: re.compile(
        r"(?P<y>\d{4})[./-](?P<m>\d{1,2})[./-](?P<d>\d{1,2})", re.ASCII
    ),
}
# Up to 14 digits, in groups of three or none, with up to four decimals.
_SPACES = r"' \xa0\u202f’"
_AMOUNT = {
    mark: re.compile(
        rf"(?P<whole>\d{{1,14}}|\d{{1,3}}(?:(?P<group>[{group}{_SPACES}])\d{{3}})(?:(?P=group)\d{{3}}){{0,3}})"
        rf"(?:{re.escape(mark)}(?P<decimals>\d{{0,4}}))?",
        re.ASCII,
    )
    for mark, group in ((DecimalMark.COMMA, "."), (DecimalMark.POINT, ","))
}


@dataclass(frozen=True, slots=True)
class Table:
    """The headings of a file, the number of their line, and the lines below it."""

    headings: Sequence[str]
    rows: Sequence[Row]


def rows_in(content: bytes, encoding: str) -> list[Row]:
    """Return the lines of a file.

    Raises:
        UnreadableStatementError: it is not text in this encoding, or no CSV.
    """
    mark = BOM_UTF8 if content.startswith(BOM_UTF8) else b""
    text = content.removeprefix(mark)
    # The reader takes the separator from the first line, which may be one about the account.
    file = BytesIO(b"%bsep=%b\n%b" % (mark, _separator(text), text))
    rows = CsvRows(file.readline(), file, encoding=Encoding(encoding), progress=no_progress)
    try:
        found = [
            row._replace(line=row.line - 1)
            for row in rows
            if any(each.strip() for each in row.fields)
        ]
    except UnreadableFileError as error:
        raise UnreadableStatementError(error.reason) from error
    for row in found:
        if row.fault:
            raise UnreadableStatementError(_in_line(row, row.fault))
    return found


def _separator(content: bytes) -> bytes:
    """Return the separator of which most lines have the same number, and at least two."""

    def weight(separator: bytes) -> int:
        times = Counter(each.count(separator) for each in lines)
        return max((count * many for count, many in times.items() if count > 1), default=0)

    lines = [_QUOTED.sub(b"", each) for each in content.splitlines()]
    return max((each.encode() for each in SEPARATORS), key=weight)


def headings_in(rows: Sequence[Row]) -> list[str]:
    """Return the fields of the line that most likely has the headings; none if no line has.

    It is the first with as many texts as any line has, and with at least three.
    """
    filled = [[each.strip() for each in row.fields] for row in rows]
    most = max((sum(map(bool, each)) for each in filled), default=0)
    if most < _FEWEST_HEADINGS:
        return []
    return next(each for each in filled if sum(map(bool, each)) == most)


def table_in(rows: Sequence[Row], headings: Mapping[str, str]) -> Table | None:
    """Return the table below the first line that has all the headings, or None."""
    wanted = {each.casefold() for each in headings.values()}
    for at, row in enumerate(rows):
        found = [each.strip() for each in row.fields]
        if wanted <= {each.casefold() for each in found}:
            return Table(found, rows[at + 1 :])
    return None


def read_csv(content: bytes, layout: Layout, *, account: str, currency: str) -> list[Statement]:
    """Return the statement of an account, which the file does not name.

    The lines can be in either order of time. With a column of balances, each balance must follow
    from the one before and the amount.

    Raises:
        UnreadableStatementError: a line cannot be read, or does not follow from the one before.
    """
    table = table_in(rows_in(content, layout.encoding), layout.headings)
    if table is None:
        names = ", ".join(layout.headings.values())
        raise UnreadableStatementError(
            _("No line of the file has the headings of this account’s files: %(names)s.")
            % {"names": names}
        )
    reader = _Reader(table, layout, account, currency)
    entries = [reader.entry(row) for row in table.rows]
    statement = Statement(account, currency, [each.line for each in entries])
    if "balance" not in layout.headings or not entries:
        return [statement]
    entries = _in_order(entries)
    return [
        replace(
            statement,
            lines=[each.line for each in entries],
            opening=_balance(entries[0]) - entries[0].line.amount,
            closing=_balance(entries[-1]),
        )
    ]


@dataclass(frozen=True, slots=True)
class _Entry:
    """A line with its number and the balance after it, which is None without such a column."""

    number: int
    line: Line
    balance: Decimal | None


def _balance(entry: _Entry) -> Decimal:
    assert entry.balance is not None
    return entry.balance


def _in_order(entries: list[_Entry]) -> list[_Entry]:
    """Return entries in the order in which their balances follow from each other.

    Raises:
        UnreadableStatementError: they do so in neither order.
    """
    backwards = entries[::-1]
    broken = _first_broken(entries)
    if broken is None:
        return entries
    if _first_broken(backwards) is None:
        return backwards
    # Dates tell which order was meant, so that the right line is named.
    if entries[0].line.booked_on > entries[-1].line.booked_on:
        broken = _first_broken(backwards)
    assert broken is not None
    raise UnreadableStatementError(
        _(
            "Line %(line)s: the balance does not follow from the balance of the line before and "
            "the amount. Get the file from the bank again; nothing was imported."
        )
        % {"line": broken.number}
    )


def _first_broken(entries: Sequence[_Entry]) -> _Entry | None:
    for before, after in pairwise(entries):
        if _balance(before) + after.line.amount != _balance(after):
            return after
    return None


class _Reader:
    """Reads the lines of a table."""

    def __init__(self, table: Table, layout: Layout, account: str, currency: str) -> None:
        folded = [each.casefold() for each in table.headings]
        self._width = len(table.headings)
        self._places = {
            name: folded.index(heading.casefold()) for name, heading in layout.headings.items()
        }
        self._layout = layout
        self._account, self._currency = account, currency

    def entry(self, row: Row) -> _Entry:
        """Return what a line states.

        Raises:
            UnreadableStatementError: something in it cannot be read.
        """
        fields = [each.strip() for each in row.fields]
        if any(fields[self._width :]) or len(fields) <= max(self._places.values()):
            reason = _("it has %(found)s columns, but the headings are %(wanted)s") % {
                "found": len(fields),
                "wanted": self._width,
            }
            raise UnreadableStatementError(_in_line(row, reason))
        values = {name: fields[place] for name, place in self._places.items()}
        try:
            self._check_own(values)
            line = self._line(values)
            balance = self._amount(values["balance"]) if "balance" in values else None
        except UnreadableStatementError as error:
            raise UnreadableStatementError(_in_line(row, str(error))) from error
        return _Entry(row.line, line, balance)

    def _check_own(self, values: Mapping[str, str]) -> None:
        for name, own in (("own_account", self._account), ("currency", self._currency)):
            stated = account_number(values.get(name))
            if stated and stated != own:
                raise UnreadableStatementError(
                    _("%(stated)s is not the account’s %(what)s, %(own)s")
                    % {"stated": stated[:40], "what": LABELS[name], "own": own}
                )

    def _line(self, values: Mapping[str, str]) -> Line:
        reference = identifier(values.get("reference"))
        texts = (values.get("text", ""), values.get("text_2", ""))
        return Line(
            booked_on=self._date(values["date"]),
            amount=self._moved(values),
            valued_on=self._date(values["value_date"]) if values.get("value_date") else None,
            name=" ".join(values.get("name", "").split()),
            account=account_number(values.get("account")),
            tax_id=values.get("tax_id", "")[:_TAX_ID_LENGTH],
            text=" ".join(" ".join(texts).split()),
            references=("".join(reference.split()),) if reference else (),
            end_to_end_id=identifier(values.get("end_to_end_id")),
            bank_reference=identifier(values.get("bank_reference")),
        )

    def _moved(self, values: Mapping[str, str]) -> Decimal:
        """Return the signed amount, from its column or from those of money out and money in.

        Money out counts as such with or without a minus.
        """
        if "amount" in values:
            return self._amount(values["amount"])
        out, received = (self._part(values.get(name, "")) for name in ("debit", "credit"))
        if bool(out) == bool(received):
            raise UnreadableStatementError(_("it states either no amount, or money in and out"))
        if received < 0:
            raise UnreadableStatementError(_("money in is negative"))
        return received - abs(out)

    def _part(self, text: str) -> Decimal:
        return self._amount(text) if text else Decimal(0)

    def _amount(self, text: str) -> Decimal:
        """Return a number with its sign before or after it.

        Raises:
            UnreadableStatementError: it is none, or is written in another way than stated.
        """
        digits = text.replace("\N{MINUS SIGN}", "-")
        is_negative = digits.startswith("-") or digits.endswith("-")
        digits = digits.removesuffix("-") if digits.endswith("-") else digits.removeprefix("-")
        digits = digits.removeprefix("+").strip()
        found = _AMOUNT[DecimalMark(self._layout.decimal_mark)].fullmatch(digits)
        if not found:
            raise UnreadableStatementError(_("“%(text)s” is not an amount.") % {"text": text[:40]})
        whole = re.sub(r"\D", "", found["whole"])
        amount = Decimal(f"{whole}.{found['decimals'] or '0'}")
        return -amount if is_negative else amount

    def _date(self, text: str) -> date:
        """Return the date at the beginning of a text; a time may follow it.

        Raises:
            UnreadableStatementError: it is none, or is written in another way than stated.
        """
        found = _DATE[DateOrder(self._layout.date_order)].fullmatch(text.partition(" ")[0])
        try:
            if found:
                return plausible(date(int(found["y"]), int(found["m"]), int(found["d"])))
        except ValueError:
            pass
        raise UnreadableStatementError(_("“%(text)s” is not a date.") % {"text": text[:40]})


def _in_line(row: Row, reason: str) -> str:
    return _("Line %(line)s: %(reason)s") % {"line": row.line, "reason": reason}
