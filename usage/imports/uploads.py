"""Read uploaded files of usage."""

from __future__ import annotations

from typing import IO, Any

from cattrs import Converter
from django.utils import timezone

from accounts.models import User
from foundation.imports.columns import Columns
from foundation.imports.models import UploadedFile
from foundation.imports.report import Progress
from foundation.imports.uploads import read_as
from foundation.imports.work import Kind
from organizations.models import Organization
from tariffs.stored_reports import converter_with_invoices
from usage.imports.changes import ImportReport
from usage.imports.months import months_from
from usage.imports.operation import Replacement, import_usage
from usage.imports.reading import LABELS, REQUIRED

REPLACED = "months"
"""The option with the months in which a file replaces usage."""


def _read(
    file: IO[bytes], *, upload: UploadedFile, user_id: int, dry_run: bool, progress: Progress
) -> ImportReport:
    replace = None
    if REPLACED in upload.options:
        # What is imported must be what was shown.
        months = months_from(upload.options[REPLACED])
        replace = Replacement(months, None if dry_run else upload.shown)
    return import_usage(
        file,
        now=timezone.now(),
        dry_run=dry_run,
        progress=progress,
        replace=replace,
        by=User.objects.get(pk=user_id),
        name=upload.name,
        read_as=read_as(upload),
    )


def converter() -> Converter:
    """Return a converter between JSON and reports that have a difference."""
    made = converter_with_invoices()
    made.register_unstructure_hook(Organization, lambda each: [each.pk, each.title])
    made.register_structure_hook(Organization, _organization)
    return made


def _organization(stored: Any, _type: Any) -> Organization:
    pk, title = stored
    return Organization(pk=pk, title=title)


KIND = Kind("usage", Columns(LABELS, REQUIRED), _read, ImportReport, converter(), together="camera")
