"""Import what was agreed with organizations from a file."""

from __future__ import annotations

from typing import IO

from django.utils.translation import gettext as _

from foundation.imports.command import ImportCommand
from foundation.imports.report import Progress
from organizations.agreement.imports.columns import COLUMNS
from organizations.agreement.imports.operation import TermReport, import_terms
from tariffs.templatetags.money import signed_money


class Command(ImportCommand):
    """Import terms of organizations, and skip those that are already recorded."""

    help = f"Imports agreements from a CSV or XLSX file with the columns {','.join(COLUMNS)}."

    def do_import(self, file: IO[bytes], *, dry_run: bool, progress: Progress) -> TermReport:
        """Import an opened file."""
        return import_terms(file, dry_run=dry_run, progress=progress, read_as=self.read_as)

    def summary(self, report: TermReport) -> list[str]:
        """Return the number of entries, and the invoices whose amounts would be others now."""
        counts = (
            (_("Lines read"), report.lines),
            (_("Entries added"), report.added),
            (_("Already in the database"), report.unchanged),
        )
        summary = [f"{name}: {count}" for name, count in counts]
        if numbers := report.affected.text:
            text = _("Already invoiced. These invoices will not change: %(numbers)s")
            summary.append(text % {"numbers": numbers})
        if changes := report.affected.changes:
            amounts = ", ".join(signed_money(each.number, each.currency) for each in changes)
            summary.append(f"{_('Difference before tax:')} {amounts}")
        if report.dry_run:
            summary.append(_("This was a dry run. Nothing has been changed."))
        return summary
