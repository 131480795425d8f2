"""Read the file, and check everything that can be checked line by line."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation.imports.names import Names
from foundation.imports.records import LinesFile, ReadAs, RecordReader
from foundation.imports.report import Progress, WrongLines
from usage.imports.instants import parse_instant

LABELS = {
    "organization": gettext_lazy("organization"),
    "camera": gettext_lazy("camera"),
    "title": gettext_lazy("title"),
    "tariff": gettext_lazy("tariff plan"),
    "started_at": gettext_lazy("started at"),
    "ended_at": gettext_lazy("ended at"),
}
"""The columns, and what people call them."""
COLUMNS = tuple(LABELS)
OPTIONAL = ("title",)
REQUIRED = tuple(column for column in COLUMNS if column not in OPTIONAL)
# The maximum length of a camera's name and of its title, as in the database.
MAX_NAME = 200


class UsageLine(NamedTuple):
    """A line without errors of its own; its fields are in the order of the staging table."""

    number: int
    camera: str
    title: str
    organization_id: int
    tariff_id: int
    started_at: datetime
    ended_at: datetime | None


class LineReader:
    """Read the lines of a usage file; add those with errors to `wrong`."""

    def __init__(
        self,
        file: LinesFile,
        *,
        organizations: Names,
        tariffs: Names,
        now: datetime,
        wrong: WrongLines,
        progress: Progress,
        read_as: ReadAs | None = None,
    ) -> None:
        self._records = RecordReader(
            file,
            columns=REQUIRED,
            optional=OPTIONAL,
            wrong=wrong,
            progress=progress,
            read_as=read_as,
        )
        self._organizations = organizations
        self._tariffs = tariffs
        self._now = now
        self._wrong = wrong

    @property
    def lines(self) -> int:
        """The number of records read so far, right or wrong, without the header."""
        return self._records.read

    def __iter__(self) -> Iterator[UsageLine]:
        """Yield the lines without errors.

        Raises:
            UnreadableFileError: the file is empty, the header is wrong, or a line is too long.
        """
        for number, fields in self._records:
            if line := self._line(number, *fields):
                yield line

    def _line(
        self,
        number: int,
        organization: str,
        camera: str,
        tariff: str,
        started_at: str,
        ended_at: str,
        title: str,
    ) -> UsageLine | None:
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
            reasons.append(_("ended_at must be after started_at. Correct one of them."))
        if reasons:
            self._wrong.add(number, " ".join(reasons))
        if reasons or organization_id is None or tariff_id is None or start is None:
            return None
        return UsageLine(number, camera, title, organization_id, tariff_id, start, end)

    def _instant(self, column: str, text: str, reasons: list[str]) -> datetime | None:
        try:
            return parse_instant(column, text, self._now)
        except ValueError as error:
            reasons.append(str(error))
            return None


def _unknown_organization(title: str) -> str:
    return _(
        "Organization “%(title)s” does not exist. Correct the title, or add the organization first."
    ) % {"title": title[:MAX_NAME]}


def _unknown_tariff(name: str) -> str:
    return _(
        "Tariff plan “%(name)s” does not exist. Correct the name, or add the tariff plan first."
    ) % {"name": name[:MAX_NAME]}


def _wrong_names(camera: str, title: str) -> list[str]:
    reasons = []
    if not camera:
        reasons.append(_("The camera has no name. Enter its stream name."))
    if not (camera.isprintable() and title.isprintable()):
        reasons.append(_("The camera name or title contains invisible characters. Remove them."))
    if len(camera) > MAX_NAME:
        reasons.append(
            _("The camera name is longer than %(length)s characters. Shorten it.")
            % {"length": MAX_NAME}
        )
    if len(title) > MAX_NAME:
        reasons.append(
            _("The camera title is longer than %(length)s characters. Shorten it.")
            % {"length": MAX_NAME}
        )
    return reasons
