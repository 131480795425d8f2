"""What changes usage."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from io import BytesIO
from typing import IO, TypeVar
from uuid import UUID

from django.db import transaction

from accounts.models import User
from foundation.imports.report import Report
from usage.models import UploadedImport

UPLOADS_KEPT = timedelta(days=1)


class UploadGone(Exception):
    """The uploaded file has been imported, discarded, or not decided on within a day."""


def keep_upload(*, user: User, name: str, content: bytes, now: datetime) -> UploadedImport:
    """Keep a file until somebody decides on it; files kept for over a day go."""
    with transaction.atomic():
        UploadedImport.objects.filter(uploaded_at__lt=now - UPLOADS_KEPT).delete()
        return UploadedImport.objects.create(
            uploaded_by=user, uploaded_at=now, name=name, content=content
        )


R = TypeVar("R", bound=Report)


def import_upload(*, upload_id: UUID, do_import: Callable[[IO[bytes]], R]) -> R:
    """Import a kept file by `do_import`, which does all or nothing; then it is no longer kept.

    Raises:
        UploadGone: it is no longer there, as on a second click.
    """
    with transaction.atomic():
        upload = UploadedImport.objects.select_for_update().filter(pk=upload_id).first()
        if upload is None:
            raise UploadGone
        report = do_import(BytesIO(upload.content))
        if not report.is_refused:
            upload.delete()
        return report


def discard_upload(*, upload_id: UUID) -> None:
    """Forget a kept file, if it is still there."""
    UploadedImport.objects.filter(pk=upload_id).delete()
