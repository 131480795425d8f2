"""Import payments from a file."""

from __future__ import annotations

from typing import IO

from django.utils import timezone
from django.utils.translation import gettext as _

from foundation.imports.command import ImportCommand
from payments.imports.operation import PaymentReport, import_payments
from payments.imports.reading import COLUMNS
from tariffs.money import format_money
from usage.imports import Progress


class Command(ImportCommand):
    """Import payments and skip those that are already recorded."""

    help = f"Imports payments from a CSV or XLSX file with the columns {','.join(COLUMNS)}."

    def do_import(self, file: IO[bytes], *, dry_run: bool, progress: Progress) -> PaymentReport:
        """Import an opened file."""
        return import_payments(
            file,
            now=timezone.now(),
            by=None,
            dry_run=dry_run,
            progress=progress,
            read_as=self.read_as,
        )

    def summary(self, report: PaymentReport) -> list[str]:
        """Return the number of payments and their sum in each currency."""
        counts = (
            (_("Lines read"), report.lines),
            (_("Payments recorded"), report.new),
            (_("Payments already recorded"), report.known),
        )
        summary = [f"{name}: {count}" for name, count in counts]
        summary += [
            f"{each.currency}: {format_money(each.amount, each.currency)}" for each in report.sums
        ]
        if report.dry_run:
            summary.append(_("This was a dry run. Nothing has been changed."))
        return summary
