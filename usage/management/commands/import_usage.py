"""Import usage intervals from a file."""

from __future__ import annotations

from argparse import ArgumentParser, ArgumentTypeError
from typing import IO, Any

from django.utils import timezone
from django.utils.translation import gettext as _

from foundation.imports.command import ImportCommand
from rating.periods import Period
from usage.imports import COLUMNS, ImportReport, Progress, Replacement, import_usage
from usage.imports.months import months_from


def _months(text: str) -> Period:
    try:
        return months_from(text)
    except ValueError as error:
        raise ArgumentTypeError(str(error)) from None


class Command(ImportCommand):
    """Import usage intervals."""

    help = f"Import usage intervals from a CSV or XLSX file with the columns {','.join(COLUMNS)}."

    replace: Replacement | None = None

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument(
            "--replace",
            type=_months,
            metavar="MONTHS",
            help="replace the usage of the cameras in the file in these months, such as "
            "2026-09:2026-10, instead of adding to it",
        )

    def handle(self, *args: Any, replace: Period | None = None, **options: Any) -> None:
        self.replace = Replacement(replace) if replace else None
        super().handle(*args, **options)

    def do_import(self, file: IO[bytes], *, dry_run: bool, progress: Progress) -> ImportReport:
        """Import an opened file."""
        return import_usage(
            file,
            now=timezone.now(),
            dry_run=dry_run,
            progress=progress,
            replace=self.replace,
            read_as=self.read_as,
        )

    def summary(self, report: ImportReport) -> list[str]:
        """Return the lines that report the numbers of changes."""
        counts = (
            (_("Lines read"), report.lines),
            (_("Cameras created"), report.cameras_created),
            (_("Cameras with a new title"), report.cameras_retitled),
            (_("Cameras moved to another organization"), report.cameras_moved),
            (_("Intervals added"), report.intervals_added),
            (_("Intervals ended"), report.intervals_ended),
            (_("Intervals changed"), report.intervals_changed),
            (_("Intervals removed"), report.intervals_removed),
            (_("Lines already in the database"), report.lines_unchanged),
        )
        summary = [f"{name}: {count}" for name, count in counts]
        if numbers := report.affected.text:
            summary.append(
                _("Already invoiced. These invoices will not change: %(numbers)s")
                % {"numbers": numbers}
            )
        if report.changes_nothing:
            summary.append(_("Nothing to change."))
        elif report.dry_run:
            summary.append(_("This was a dry run. Nothing has been changed."))
        return summary
