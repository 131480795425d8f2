"""Read uploaded files of organizations."""

from __future__ import annotations

from typing import IO

from django.utils import timezone

from accounts.tasks import defer_invitations
from foundation.imports.columns import Columns
from foundation.imports.models import UploadedFile
from foundation.imports.report import Progress
from foundation.imports.uploads import read_as
from foundation.imports.work import Kind
from organizations.imports.columns import ALSO, LABELS, LED_BY, REQUIRED
from organizations.imports.operation import import_organizations
from organizations.imports.report import OrganizationReport
from tariffs.stored_reports import converter_with_invoices

INVITE = "invite"
"""The option that new owners are to be invited."""


def _read(
    file: IO[bytes], *, upload: UploadedFile, user_id: int, dry_run: bool, progress: Progress
) -> OrganizationReport:
    # What is imported must be what was shown.
    report, owner_ids = import_organizations(
        file,
        now=timezone.now(),
        dry_run=dry_run,
        shown=None if dry_run else upload.shown,
        progress=progress,
        read_as=read_as(upload),
    )
    if upload.options.get(INVITE):
        defer_invitations(owner_ids, language=upload.language, user_id=user_id)
    return report


KIND = Kind(
    "organizations",
    Columns(LABELS, REQUIRED, ALSO, LED_BY),
    _read,
    OrganizationReport,
    converter_with_invoices(),
)
