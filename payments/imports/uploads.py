"""Read uploaded files of payments."""

from __future__ import annotations

from typing import IO

from django.utils import timezone

from accounts.models import User
from foundation.imports.columns import Columns
from foundation.imports.models import UploadedFile
from foundation.imports.report import Progress
from foundation.imports.stored import report_converter
from foundation.imports.uploads import read_as
from foundation.imports.work import Kind
from payments.imports.operation import PaymentReport, import_payments
from payments.imports.reading import LABELS, REQUIRED


def _read(
    file: IO[bytes], *, upload: UploadedFile, user_id: int, dry_run: bool, progress: Progress
) -> PaymentReport:
    by = User.objects.get(pk=user_id)
    return import_payments(
        file,
        now=timezone.now(),
        by=by,
        dry_run=dry_run,
        progress=progress,
        read_as=read_as(upload),
    )


KIND = Kind("payments", Columns(LABELS, REQUIRED), _read, PaymentReport, report_converter())
