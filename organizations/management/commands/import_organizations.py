"""Import organizations from a file."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import IO, Any

from django.conf import settings
from django.core.management.base import CommandError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.tasks import defer_invitations
from foundation.imports.command import ImportCommand
from foundation.imports.report import Progress
from organizations.imports.columns import COLUMNS, TERM_COLUMNS
from organizations.imports.operation import import_organizations
from organizations.imports.report import OrganizationReport


class Command(ImportCommand):
    """Import organizations, and invite new owners if asked to."""

    help = (
        "Import organizations from a CSV or XLSX file. Columns: "
        f"{','.join((*COLUMNS, *TERM_COLUMNS))}."
    )
    invite = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument(
            "--invite",
            action="store_true",
            help="mail new owners a link to set their password; needs BASE_URL and a worker",
        )

    def handle(self, *args: Any, invite: bool = False, **options: Any) -> None:
        if invite and not settings.BASE_URL:
            raise CommandError(
                "Set BASE_URL to the address of this site, such as https://billing.example.com: "
                "the link in the mail begins with it."
            )
        self.invite = invite
        super().handle(*args, **options)

    @transaction.atomic
    def do_import(
        self, file: IO[bytes], *, dry_run: bool, progress: Progress
    ) -> OrganizationReport:
        """Import an opened file."""
        report, owner_ids = import_organizations(
            file,
            now=timezone.now(),
            dry_run=dry_run,
            progress=progress,
            read_as=self.read_as,
        )
        if self.invite:
            language = get_language() or settings.LANGUAGE_CODE
            defer_invitations(owner_ids, language=language, user_id=None)
        return report

    def summary(self, report: OrganizationReport) -> list[str]:
        """Return the lines that report the numbers of changes."""
        counts = (
            (_("Lines read"), report.lines),
            (_("Organizations created"), report.created),
            (_("Organizations changed"), report.changed),
            (_("Already in the database"), report.unchanged),
            (_("New owners"), report.invited),
        )
        summary = [f"{name}: {count}" for name, count in counts]
        if report.terms_added or report.terms_unchanged:
            summary += [
                f"{_('New entries of agreements')}: {report.terms_added}",
                f"{_('Entries already in the database')}: {report.terms_unchanged}",
            ]
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
