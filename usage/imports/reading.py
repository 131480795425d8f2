"""Reading of the file: what can be judged line by line."""

from __future__ import annotations

import codecs
import csv
from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import count
from typing import IO, NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from usage.imports.instants import parse_instant
from usage.imports.report import Progress, Stage, WrongLines

COLUMNS = ("organization", "camera", "title", "tariff", "started_at", "ended_at")
# Of a camera's name and title, as in the database.
MAX_NAME = 200
# More than six fields can hold; keeps a file without line ends out of memory.
MAX_LINE_BYTES = 65_536
_LINES_A_STEP = 1_000


class Line(NamedTuple):
    """A line in itself right, in the order of the staging table's columns."""

    number: int
    camera: str
    title: str
    organization_id: int
    tariff_id: int
    started_at: datetime
    ended_at: datetime | None


class UnreadableFileError(Exception):
    """The file cannot be read from `line` on, for `reason`."""

    def __init__(self, line: int, reason: str) -> None:
        super().__init__(reason)
        self.line = line
        self.reason = reason


class Names:
    """Find ids by names: trimmed and whatever their case."""

    def __init__(self, ids_and_names: Iterable[tuple[int, str]]) -> None:
        self._exact: dict[str, int] = {}
        self._folded: dict[str, int | None] = {}
        for pk, name in ids_and_names:
            trimmed = name.strip()
            self._exact[trimmed] = pk
            folded = trimmed.casefold()
            # Names may differ in the database's eyes and yet not in Unicode's ("Strasse" and
            # "Straße"): nothing but the exact spelling finds those.
            self._folded[folded] = None if folded in self._folded else pk

    def find(self, name: str) -> int | None:
        """Return the id of what is called `name`, trimmed already; `None`: nothing is."""
        return self._exact.get(name) or self._folded.get(name.casefold())


class LineReader:
    """Read a CSV file's lines; those wrong in themselves go to `wrong`.

    `lines` counts the records read so far, wrong or not, without the header.
    """

    def __init__(
        self,
        file: IO[bytes],
        *,
        organizations: Names,
        tariffs: Names,
        now: datetime,
        wrong: WrongLines,
        progress: Progress,
    ) -> None:
        self.lines = 0
        self._file = file
        self._organizations = organizations
        self._tariffs = tariffs
        self._now = now
        self._wrong = wrong
        self._progress = progress
        # Of the record being read: what is wrong with its text, by line.
        self._faults: dict[int, str] = {}

    def __iter__(self) -> Iterator[Line]:
        """Yield the lines in which nothing is wrong.

        Raises:
            UnreadableFileError: the file is empty, has no such header, or a line is too long.
        """
        reader = csv.reader(self._texts(), strict=True)
        positions = self._header(reader)
        while True:
            number = reader.line_num + 1
            try:
                record = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                self.lines += 1
                self._faults.clear()
                self._wrong.add(number, _broken(error))
                continue
            if not record:
                continue
            self.lines += 1
            if reason := self._unusable(record):
                self._wrong.add(number, reason)
            elif line := self._line(number, *(record[position].strip() for position in positions)):
                yield line

    def _texts(self) -> Iterator[str]:
        read = 0
        for number in count(1):
            raw = self._file.readline(MAX_LINE_BYTES + 1)
            read += len(raw)
            if not raw or number % _LINES_A_STEP == 0:
                self._progress(Stage.READING, read, None)
                read = 0
            if not raw:
                return
            if len(raw) > MAX_LINE_BYTES:
                raise UnreadableFileError(
                    number,
                    _("The line is longer than %(bytes)s bytes: this is no CSV file of usage.")
                    % {"bytes": MAX_LINE_BYTES},
                )
            if number == 1:
                raw = raw.removeprefix(codecs.BOM_UTF8)
            yield self._decode(number, raw)

    def _decode(self, number: int, raw: bytes) -> str:
        if b"\0" in raw:
            self._faults[number] = _("The line contains a NUL character: take it out.")
        try:
            return raw.decode()
        except UnicodeDecodeError:
            self._faults[number] = _("The line is not UTF-8 text: save the file as CSV in UTF-8.")
            return raw.decode(errors="replace")

    def _header(self, reader: Iterator[list[str]]) -> list[int]:
        """Read the header; return where in a record each of `COLUMNS` stands."""
        try:
            names = [name.strip().lower() for name in next(reader)]
        except StopIteration:
            raise UnreadableFileError(
                1,
                _("The file is empty: its first line must name the columns %(columns)s.")
                % {"columns": ",".join(COLUMNS)},
            ) from None
        except csv.Error as error:
            raise UnreadableFileError(1, _broken(error)) from None
        if self._faults:
            raise UnreadableFileError(1, self._faults.popitem()[1])
        if reason := _wrong_header(names):
            raise UnreadableFileError(1, reason)
        return [names.index(column) for column in COLUMNS]

    def _unusable(self, record: list[str]) -> str:
        """Return why a record's fields cannot be looked at one by one, or nothing."""
        if self._faults:
            reason = self._faults.popitem()[1]
            self._faults.clear()
            return reason
        return _wrong_width(len(record)) if len(record) != len(COLUMNS) else ""

    def _line(
        self,
        number: int,
        organization: str,
        camera: str,
        title: str,
        tariff: str,
        started_at: str,
        ended_at: str,
    ) -> Line | None:
        reasons = _wrong_names(camera, title)
        organization_id = self._organizations.find(organization)
        if organization_id is None:
            reasons.append(_unknown_organization(organization))
        tariff_id = self._tariffs.find(tariff)
        if tariff_id is None:
            reasons.append(_unknown_tariff(tariff))
        start = self._instant("started_at", started_at, reasons)
        end = self._instant("ended_at", ended_at, reasons) if ended_at else None
        if start and end and end <= start:
            reasons.append(_("ended_at is not after started_at: correct one of them."))
        if reasons:
            self._wrong.add(number, " ".join(reasons))
        if reasons or organization_id is None or tariff_id is None or start is None:
            return None
        return Line(number, camera, title, organization_id, tariff_id, start, end)

    def _instant(self, column: str, text: str, reasons: list[str]) -> datetime | None:
        try:
            return parse_instant(column, text, self._now)
        except ValueError as error:
            reasons.append(str(error))
            return None


def _unknown_organization(title: str) -> str:
    return _("There is no organization “%(title)s”: correct the title or add it first.") % {
        "title": title[:MAX_NAME]
    }


def _unknown_tariff(name: str) -> str:
    return _("There is no tariff plan “%(name)s”: correct the name or add it first.") % {
        "name": name[:MAX_NAME]
    }


def _wrong_names(camera: str, title: str) -> list[str]:
    reasons = []
    if not camera:
        reasons.append(_("The camera has no name: write its stream name."))
    if not (camera.isprintable() and title.isprintable()):
        reasons.append(
            _("The camera's name or title has characters that nobody can see: remove them.")
        )
    if len(camera) > MAX_NAME:
        reasons.append(
            _("The camera's name is longer than %(length)s characters: shorten it.")
            % {"length": MAX_NAME}
        )
    if len(title) > MAX_NAME:
        reasons.append(
            _("The camera's title is longer than %(length)s characters: shorten it.")
            % {"length": MAX_NAME}
        )
    return reasons


def _wrong_header(names: list[str]) -> str:
    missing = [name for name in COLUMNS if name not in names]
    unknown = [name for name in names if name not in COLUMNS]
    twice = sorted({name for name in names if name in COLUMNS and names.count(name) > 1})
    problems = []
    if missing:
        problems.append(_("missing: %(names)s") % {"names": ", ".join(missing)})
    if unknown:
        problems.append(_("unknown: %(names)s") % {"names": ", ".join(unknown)[:MAX_NAME]})
    if twice:
        problems.append(_("twice: %(names)s") % {"names": ", ".join(twice)})
    if not problems:
        return ""
    return _(
        "The first line must name the columns %(columns)s, separated by commas (%(problems)s)."
    ) % {"columns": ",".join(COLUMNS), "problems": "; ".join(problems)}


def _wrong_width(width: int) -> str:
    return ngettext(
        "The line has %(width)s column, the header has %(expected)s: "
        "check its commas, and quote a text that contains one.",
        "The line has %(width)s columns, the header has %(expected)s: "
        "check its commas, and quote a text that contains one.",
        width,
    ) % {"width": width, "expected": len(COLUMNS)}


def _broken(error: csv.Error) -> str:
    if "new-line" in str(error):
        return _("A carriage return stands inside the line: end lines with LF or CR LF.")
    return _(
        "The quotation marks do not match: close what this line opens, "
        "and double each one within a quoted text."
    )
