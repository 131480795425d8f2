"""Import usage intervals from a CSV file."""

from __future__ import annotations

from typing import IO

from django.utils import timezone
from django.utils.translation import gettext as _

from foundation.imports.command import ImportCommand
from usage.imports import COLUMNS, ImportReport, Progress, import_usage


class Command(ImportCommand):
    """Import usage intervals."""

    help = f"Import usage intervals from a CSV file with the columns {','.join(COLUMNS)}."

    def do_import(self, file: IO[bytes], *, dry_run: bool, progress: Progress) -> ImportReport:
        """Import an opened file."""
        return import_usage(file, now=timezone.now(), dry_run=dry_run, progress=progress)

    def summary(self, report: ImportReport) -> list[str]:
        """Return the lines that report the numbers of changes."""
        counts = (
            (_("Lines read"), report.lines),
            (_("Cameras created"), report.cameras_created),
            (_("Cameras with a new title"), report.cameras_retitled),
            (_("Cameras moved to another organization"), report.cameras_moved),
            (_("Intervals added"), report.intervals_added),
            (_("Intervals ended"), report.intervals_ended),
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
