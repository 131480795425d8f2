"""The base of the commands that import a file."""

from __future__ import annotations

import os
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import IO, Any

from django.core.management.base import CommandError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from tqdm import tqdm

from foundation.audit.recording import AuditedCommand
from foundation.imports.encodings import Encoding
from foundation.imports.records import ReadAs
from foundation.imports.report import Progress, Report, Stage


class ImportCommand(AuditedCommand):
    """Import all of a file or nothing, and print a summary."""

    read_as = ReadAs()

    def do_import(self, file: IO[bytes], *, dry_run: bool, progress: Progress) -> Any:
        """Import an opened file and return a `Report`."""
        raise NotImplementedError

    def summary(self, report: Any) -> list[str]:
        """Return the lines of the summary."""
        raise NotImplementedError

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", help="the file to import; - reads standard input")
        parser.add_argument(
            "--dry-run",
            action="store_true",
            help="report what the import would do, without changing anything",
        )
        parser.add_argument(
            "--encoding",
            choices=Encoding.values,
            default=Encoding.UTF_8.value,
            help="the encoding of a CSV file; it does not matter for XLSX",
        )

    def handle(self, *args: Any, file: str, dry_run: bool, **options: Any) -> None:
        self.read_as = ReadAs(Encoding(options.get("encoding", Encoding.UTF_8)))
        bars = Bars(hidden=options["verbosity"] == 0)
        try:
            with sys.stdin.buffer if file == "-" else Path(file).open("rb") as opened, bars:
                bars.file_bytes = os.fstat(opened.fileno()).st_size or None
                report = self.do_import(opened, dry_run=dry_run, progress=bars.advance)
        except OSError as error:
            raise CommandError(
                _("%(file)s cannot be read: %(reason)s.") % {"file": file, "reason": error.strerror}
            ) from None
        if report.is_refused:
            self._refuse(report)
        self.stdout.write("\n".join(self.summary(report)))

    def _refuse(self, report: Report) -> None:
        for error in report.errors:
            place = _("line %(line)s: ") % {"line": error.line} if error.line else ""
            self.stderr.write(place + error.reason)
        not_shown = report.error_count - len(report.errors)
        if not_shown:
            self.stderr.write(
                ngettext("… and %(count)s more.", "… and %(count)s more.", not_shown)
                % {"count": not_shown}
            )
        if report.is_cut_short:
            self.stderr.write(
                _("Reading stopped at the last of these lines, so later lines may have errors too.")
            )
        raise CommandError(
            ngettext(
                "%(count)s line has errors. Nothing was imported.",
                "%(count)s lines have errors. Nothing was imported.",
                report.error_count,
            )
            % {"count": report.error_count}
        )


class Bars:
    """Show the progress of each stage on standard error."""

    def __init__(self, *, hidden: bool) -> None:
        # In bytes; `None` if unknown, for example for a pipe.
        self.file_bytes: int | None = None
        self._hidden = hidden
        self._stage: Stage | None = None
        self._bar: tqdm[Any] | None = None

    def __enter__(self) -> Bars:
        return self

    def __exit__(self, *exception: object) -> None:
        if self._bar is not None:
            self._bar.close()

    def advance(self, stage: Stage, advance: int, total: int | None) -> None:
        """Add `advance` to the progress of `stage`, out of `total` if that is known."""
        if self._bar is None or stage is not self._stage:
            if self._bar is not None:
                self._bar.close()
            self._stage = stage
            self._bar = self._new_bar(stage, total)
        self._bar.update(advance)

    def _new_bar(self, stage: Stage, total: int | None) -> tqdm[Any]:
        if stage is Stage.READING:
            return tqdm(
                desc=_("Reading"),
                total=self.file_bytes,
                unit="B",
                unit_scale=True,
                disable=self._hidden,
            )
        if stage is Stage.CHECKING:
            return tqdm(desc=_("Checking"), bar_format="{desc} {elapsed}", disable=self._hidden)
        return tqdm(desc=_("Writing"), total=total, unit="", disable=self._hidden)
