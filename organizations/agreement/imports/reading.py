"""Read a file of terms: turn each line into what the form of its kind would be sent."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from foundation.imports.names import Names
from foundation.imports.records import RecordReader
from foundation.imports.report import WrongLines
from foundation.imports.values import decimal_from
from foundation.lists.exports import without_guard
from organizations.agreement.imports.columns import COLUMNS, ENTRIES, FIELDS
from organizations.agreement.kinds import KINDS, Kind
from organizations.imports.cells import MOST_SHOWN, date_in, yes_or_no
from tariffs.models import Tariff

_NUMBERS = ("percent", "quantity", "amount")
_KINDS = {ENTRIES[kind.model]: kind for kind in KINDS}


@dataclass(frozen=True, slots=True)
class TermLine:
    """A line whose cells can be read: `data` is what the form of its kind is sent.

    `number` is its line in the file; the header is line 1.
    """

    number: int
    title: str
    kind: Kind
    data: Mapping[str, Any]


class LineReader:
    """Read the lines of a file of terms; add those with errors to `wrong`."""

    def __init__(self, records: RecordReader, wrong: WrongLines) -> None:
        self._records, self._wrong = records, wrong
        self._reader = TermReader()

    def __iter__(self) -> Iterator[TermLine]:
        """Yield the lines without errors.

        Raises:
            UnreadableFileError: the file is empty, its header is wrong, or a line is too long.
            TooManyWrongLines: too many lines have errors.
        """
        for number, cells in self._records:
            try:
                yield self._reader.line(number, cells)
            except ValidationError as error:
                self._wrong.add(number, " ".join(error.messages))


class TermReader:
    """Read lines that a record reader has split into cells."""

    def __init__(self) -> None:
        self._tariffs = Names(Tariff.objects.order_by("pk").values_list("pk", "name"))

    def line(self, number: int, cells: Sequence[str]) -> TermLine:
        """Read a line; `cells` are under `COLUMNS`.

        Raises:
            ValidationError: a cell cannot be read.
        """
        texts = dict(zip(COLUMNS, map(without_guard, cells), strict=True))
        title, entry = texts.pop("organization"), texts.pop("entry")
        kind = _KINDS.get(entry.lower())
        if not entry:
            text = _("Enter what the line adds to the agreement: %(entries)s.")
            raise at_column("entry", text % {"entries": ", ".join(_KINDS)})
        if kind is None:
            raise at_column(
                "entry",
                _("“%(text)s” is not an entry. Use one of these: %(entries)s.")
                % {"text": entry[:MOST_SHOWN], "entries": ", ".join(_KINDS)},
            )
        data = {}
        for column, text in texts.items():
            name = FIELDS[kind.model].get(column)
            if name:
                data[name] = self._sent(column, text)
            elif text:
                raise at_column(
                    column,
                    _("Leave this cell empty for the entry “%(entry)s”.") % {"entry": entry},
                )
        return TermLine(number, title, kind, data)

    def _sent(self, column: str, text: str) -> Any:
        """Return what a form is sent for a cell."""
        if not text:
            return ""
        try:
            match column:
                case "tariff":
                    return self._tariff(text)
                case "charged":
                    return "on" if yes_or_no(text) else ""
                case "first_day" | "last_day":
                    return date_in(text).isoformat()
                case "currency":
                    return text.upper()
                case _ if column in _NUMBERS:
                    return _number(text)
        except ValidationError as error:
            raise at_column(column, *error.messages) from None
        return text

    def _tariff(self, name: str) -> int:
        pk = self._tariffs.find(name)
        if pk is None:
            raise ValidationError(
                _(
                    "Tariff plan “%(name)s” does not exist. Correct the name, or add the tariff "
                    "plan first."
                )
                % {"name": name[:MOST_SHOWN]}
            )
        return pk


def at_column(column: str, *reasons: str) -> ValidationError:
    """Return an error that names the column of each reason."""
    return ValidationError([f"{column}: {reason}" for reason in reasons])


def _number(text: str) -> str:
    """Return a number as the forms of the present language read it."""
    digits = text.lstrip("-\N{MINUS SIGN}")
    number = decimal_from(digits)
    if number is None or len(text) - len(digits) > 1:
        raise ValidationError(
            _(
                "“%(text)s” is not a number. Use digits and a decimal point or comma, for example "
                "1234.50. Three digits after a comma could be thousands."
            )
            % {"text": text[:MOST_SHOWN]}
        )
    return str(number_format(number if digits == text else -number + Decimal(0)))
