"""What files call our columns: asked once for each set of headings, and remembered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.db import models, transaction

from foundation.imports.columns import Columns, fingerprint
from foundation.imports.models import ColumnMapping, LeftOutPart, UploadedFile
from foundation.imports.uploads import FOUND, HEADINGS, ReadTask, State, begin_stage

_CHANGEABLE = (State.UNMAPPED, State.CHECKED, State.REFUSED)


def recognize(upload: UploadedFile, found: Sequence[str], columns: Columns, now: datetime) -> bool:
    """Find out what a file with these headings calls our columns; return False if a person must.

    If the file has our names, or cannot be read, there is nothing to find out.
    """
    if columns.are_in(found) or not columns.can_be_among(found):
        return True
    upload.options[FOUND] = found
    remembered = _remembered(upload)
    mapping = remembered.first()
    if mapping is not None and columns.are_found_by(mapping.headings):
        upload.options[HEADINGS] = mapping.headings
        remembered.update(last_used_at=now, last_used_by=upload.uploaded_by_id)
    is_known = HEADINGS in upload.options
    UploadedFile.objects.filter(pk=upload.pk, state=State.CHECKING).update(
        options=upload.options, state=State.CHECKING if is_known else State.UNMAPPED
    )
    return is_known


def can_be_mapped(upload: UploadedFile) -> bool:
    """Return whether what the file calls our columns can be chosen, or chosen again."""
    return upload.state in _CHANGEABLE and FOUND in upload.options


def choose_headings(
    *,
    kind: str,
    upload_id: UUID,
    headings: Mapping[str, str],
    user_id: int,
    now: datetime,
    task: ReadTask,
) -> None:
    """Remember what a file calls our columns, and have a job check it so.

    Do nothing if it cannot be chosen any more.
    """
    with transaction.atomic():
        upload = _locked(kind, upload_id)
        if upload is None:
            return
        used = {"last_used_at": now, "last_used_by_id": user_id}
        ColumnMapping.objects.update_or_create(
            kind=kind,
            fingerprint=fingerprint(upload.options[FOUND]),
            defaults={"headings": dict(headings), **used},
        )
        upload.options[HEADINGS] = dict(headings)
        _begin_again(upload, State.CHECKING)
        begin_stage(upload_id)
        task.defer(upload_id=str(upload_id), user_id=user_id)


def forget_headings(*, kind: str, upload_id: UUID) -> bool:
    """Forget what files with the same headings call our columns, and ask for this file again.

    Return whether it could still be chosen.
    """
    with transaction.atomic():
        upload = _locked(kind, upload_id)
        if upload is None:
            return False
        _remembered(upload).delete()
        upload.options.pop(HEADINGS, None)
        _begin_again(upload, State.UNMAPPED)
    return True


def _remembered(upload: UploadedFile) -> models.QuerySet[ColumnMapping]:
    headings = fingerprint(upload.options[FOUND])
    return ColumnMapping.objects.filter(kind=upload.kind, fingerprint=headings)


def _locked(kind: str, upload_id: UUID) -> UploadedFile | None:
    uploads = UploadedFile.objects.filter(
        pk=upload_id, kind=kind, state__in=_CHANGEABLE, options__has_key=FOUND
    )
    return uploads.select_for_update().first()


def _begin_again(upload: UploadedFile, state: State) -> None:
    """Drop what a check has found."""
    upload.state, upload.report, upload.left_out, upload.has_changed = state, None, None, False
    upload.save(update_fields=["options", "state", "report", "left_out", "has_changed"])
    LeftOutPart.objects.filter(upload=upload).delete()
