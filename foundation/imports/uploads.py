"""Uploaded files: stored for a job to check, confirmed for it to import, discarded.

docs/decisions/imports.md describes how a file goes from one state to the next.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, Protocol
from uuid import UUID

from django.db import DatabaseError, transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import get_language

from foundation.imports.encodings import Encoding
from foundation.imports.models import UploadedFile, UploadedPart, UploadProgress
from foundation.imports.records import ReadAs

UPLOADS_KEPT = timedelta(days=1)
PART_BYTES = 1_000_000

ENCODING = "encoding"
"""The option with the encoding of a CSV file; None for XLSX."""

FOUND, HEADINGS = "found", "headings"
"""The options with all headings of a file that does not have our names, and with what it calls
our columns, in lower case, once that is known."""

State = UploadedFile.State


class ReadTask(Protocol):
    """The task that reads the files of a kind."""

    def defer(self, **arguments: Any) -> int:
        """Queue a job with `upload_id` and `user_id`, in the open transaction."""


class UploadGone(Exception):
    """The uploaded file was discarded or deleted as too old, or is of another kind."""


def find_upload(*, kind: str, upload_id: UUID) -> UploadedFile:
    """Return a file of a kind, with its progress.

    Raises:
        UploadGone: there is no such file.
    """
    uploads = UploadedFile.objects.select_related("progress")
    upload = uploads.filter(pk=upload_id, kind=kind).first()
    if upload is None:
        raise UploadGone
    return upload


def encoding_of(upload: UploadedFile) -> Encoding:
    """Return the encoding that was chosen for a CSV file."""
    return Encoding(upload.options.get(ENCODING) or Encoding.UTF_8)


def read_as(upload: UploadedFile) -> ReadAs:
    """Return how a file is to be read."""
    return ReadAs(
        encoding_of(upload),
        headings=upload.options.get(HEADINGS, {}),
        left_out={line for line, _reason in upload.left_out or ()},
    )


def keep_upload(
    *,
    kind: str,
    user_id: int,
    name: str,
    chunks: Iterable[bytes],
    now: datetime,
    task: ReadTask,
    options: Mapping[str, Any] | None = None,
) -> UploadedFile:
    """Store a file of a kind, and have a job check it. A chunk has up to `PART_BYTES`."""
    with transaction.atomic():
        upload = UploadedFile.objects.create(
            kind=kind,
            uploaded_by_id=user_id,
            uploaded_at=now,
            name=name,
            size=0,
            options=dict(options or {}),
            language=get_language() or "",
        )
        UploadProgress.objects.create(upload=upload)
        for number, content in enumerate(chunks):
            UploadedPart.objects.create(upload=upload, number=number, content=content)
            upload.size += len(content)
        upload.save(update_fields=["size"])
        task.defer(upload_id=str(upload.pk), user_id=user_id)
    return upload


def confirm_upload(*, kind: str, upload_id: UUID, user_id: int, shown: str, task: ReadTask) -> bool:
    """Have a job import a file that was checked; return whether this call did so.

    Do nothing if the file is being imported, or was refused. `shown` is the version of the preview
    that the person was shown.
    """
    checked = UploadedFile.objects.filter(pk=upload_id, kind=kind, state=State.CHECKED)
    with transaction.atomic():
        # A row that has another state is not locked, so this does not wait for an import.
        is_confirmed = checked.update(state=State.IMPORTING, shown=shown, has_changed=False) > 0
        if is_confirmed:
            begin_stage(upload_id)
            task.defer(upload_id=str(upload_id), user_id=user_id)
    return is_confirmed


def leave_out_wrong_lines(*, kind: str, upload_id: UUID, user_id: int, task: ReadTask) -> None:
    """Have a job check a refused file again without the lines that have errors.

    Do nothing if the file is in another state, or if its content has been deleted.
    """
    refused = UploadedFile.objects.filter(pk=upload_id, kind=kind, state=State.REFUSED)
    kept = refused.filter(Exists(UploadedPart.objects.filter(upload=OuterRef("pk"))))
    with transaction.atomic():
        if kept.update(state=State.CHECKING, left_out=[]):
            begin_stage(upload_id)
            task.defer(upload_id=str(upload_id), user_id=user_id)


def begin_stage(upload_id: UUID) -> None:
    """Reset the progress for the next job."""
    UploadProgress.objects.filter(upload=upload_id).update(stage="", done=0, total=None)


def discard_upload(*, kind: str, upload_id: UUID) -> bool:
    """Delete a file, and return True; if a job imports it, ask the job to, and return False.

    Nothing happens to a file that has been imported.
    """
    uploads = UploadedFile.objects.filter(pk=upload_id, kind=kind).exclude(state=State.IMPORTED)
    try:
        with transaction.atomic():
            for upload in uploads.select_for_update(nowait=True):
                upload.delete()
    except DatabaseError as error:
        if not is_locked(error):
            raise
        UploadProgress.objects.filter(upload=upload_id).update(is_cancelled=True)
        return False
    return True


def is_locked(error: DatabaseError) -> bool:
    """Return whether a statement failed because it did not wait for a lock."""
    return getattr(error.__cause__, "sqlstate", None) == "55P03"


def delete_old_uploads(now: datetime) -> int:
    """Delete the files that were uploaded over a day ago, except while they are imported."""
    with transaction.atomic():
        old = UploadedFile.objects.filter(uploaded_at__lt=now - UPLOADS_KEPT)
        ids = list(old.select_for_update(skip_locked=True).values_list("pk", flat=True))
        UploadedFile.objects.filter(pk__in=ids).delete()
    return len(ids)
