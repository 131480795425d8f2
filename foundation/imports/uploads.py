"""Uploaded files, stored from their dry run until someone imports or discards them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from io import BytesIO
from typing import IO, TypeVar
from uuid import UUID

from django.db import transaction

from foundation.imports.models import UploadedFile
from foundation.imports.report import Report

UPLOADS_KEPT = timedelta(days=1)

R = TypeVar("R", bound=Report)


class UploadGone(Exception):
    """The uploaded file was imported, discarded or deleted as too old, or is of another kind."""


def keep_upload(
    *, kind: str, user_id: int, name: str, content: bytes, now: datetime
) -> UploadedFile:
    """Store a file of a kind until someone decides on it; delete files stored for over a day."""
    with transaction.atomic():
        UploadedFile.objects.filter(uploaded_at__lt=now - UPLOADS_KEPT).delete()
        return UploadedFile.objects.create(
            kind=kind, uploaded_by_id=user_id, uploaded_at=now, name=name, content=content
        )


def try_upload(
    *, kind: str, upload_id: UUID, do_import: Callable[[IO[bytes]], R]
) -> tuple[UploadedFile, R]:
    """Return a stored file of a kind, and the report of `do_import`, a dry run.

    Raises:
        UploadGone: there is no such file.
    """
    upload = UploadedFile.objects.filter(pk=upload_id, kind=kind).first()
    if upload is None:
        raise UploadGone
    return upload, do_import(_opened(upload))


def import_upload(
    *, kind: str, upload_id: UUID, do_import: Callable[[IO[bytes]], R]
) -> tuple[UploadedFile, R]:
    """Import a stored file of a kind with `do_import`, all of it or nothing; then delete it.

    Return the file, and the report of the import. The file stays if the import is refused.

    Raises:
        UploadGone: there is no such file, for example after a second click.
    """
    with transaction.atomic():
        uploads = UploadedFile.objects.select_for_update()
        upload = uploads.filter(pk=upload_id, kind=kind).first()
        if upload is None:
            raise UploadGone
        report = do_import(_opened(upload))
        if not report.is_refused:
            upload.delete()
        return upload, report


def discard_upload(*, kind: str, upload_id: UUID) -> None:
    """Delete a stored file of a kind, if it still exists."""
    UploadedFile.objects.filter(pk=upload_id, kind=kind).delete()


class _NamedFile(BytesIO):
    """The content of a stored file, with the name that it was uploaded with."""

    name = ""


def _opened(upload: UploadedFile) -> IO[bytes]:
    file = _NamedFile(upload.content)
    file.name = upload.name
    return file
