"""Read uploaded files of terms."""

from __future__ import annotations

from typing import IO

from foundation.imports.columns import Columns
from foundation.imports.models import UploadedFile
from foundation.imports.report import Progress
from foundation.imports.uploads import read_as
from foundation.imports.work import Kind
from organizations.agreement.imports.columns import LABELS, REQUIRED
from organizations.agreement.imports.operation import TermReport, import_terms
from tariffs.stored_reports import converter_with_invoices


def _read(
    file: IO[bytes], *, upload: UploadedFile, user_id: int, dry_run: bool, progress: Progress
) -> TermReport:
    # What is imported must be what was shown.
    return import_terms(
        file,
        dry_run=dry_run,
        shown=None if dry_run else upload.shown,
        progress=progress,
        read_as=read_as(upload),
    )


KIND = Kind("terms", Columns(LABELS, REQUIRED), _read, TermReport, converter_with_invoices())
