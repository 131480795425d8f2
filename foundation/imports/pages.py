"""What all import pages share: upload a file, follow the jobs that read it, review, confirm."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRedirect

from foundation.imports.forms import UploadForm
from foundation.imports.models import UploadedFile
from foundation.imports.report import Report
from foundation.imports.uploads import (
    ENCODING,
    PART_BYTES,
    ReadTask,
    State,
    UploadGone,
    confirm_upload,
    discard_upload,
    encoding_of,
    find_upload,
    keep_upload,
)
from foundation.imports.xlsx_rows import SIGNATURE
from foundation.jobs.setup import has_worker

# A small file is read in less time, and its result is the next page that a person sees.
WAIT_SECONDS = 1.0
_LOOK_EVERY_SECONDS = 0.03


def keep_file(
    form: UploadForm,
    *,
    kind: str,
    user_id: int,
    task: ReadTask,
    options: Mapping[str, Any] | None = None,
) -> UploadedFile:
    """Store the file of a valid form, and give a job a moment to check it."""
    file, now = form.cleaned_data["file"], timezone.now()
    is_xlsx = file.read(len(SIGNATURE)) == SIGNATURE
    upload = keep_upload(
        kind=kind,
        user_id=user_id,
        name=file.name,
        chunks=file.chunks(PART_BYTES),
        now=now,
        task=task,
        options={ENCODING: None if is_xlsx else form.cleaned_data["encoding"], **(options or {})},
    )
    if has_worker(now):
        _wait_while(UploadedFile.objects.filter(pk=upload.pk, state=State.CHECKING))
    return upload


def confirm_file(
    request: HttpRequest, upload_id: UUID, *, kind: str, user_id: int, task: ReadTask
) -> HttpResponse:
    """Have a job import a file, give it a moment, and redirect to the page that was posted to.

    Raises:
        UploadGone: there is no such file.
    """
    find_upload(kind=kind, upload_id=upload_id)
    shown = request.POST.get("shown", "")
    is_confirmed = confirm_upload(
        kind=kind, upload_id=upload_id, user_id=user_id, shown=shown, task=task
    )
    if is_confirmed and has_worker(timezone.now()):
        in_progress = (State.CHECKING, State.IMPORTING)
        _wait_while(UploadedFile.objects.filter(pk=upload_id, state__in=in_progress))
    return redirect(request.path)


def discard_file(
    request: HttpRequest, upload_id: UUID, *, kind: str, then: str, review: str
) -> HttpResponse:
    """Delete a file, or cancel its import, and redirect to `then`.

    If the import has ended, or is still being cancelled, redirect to the page `review`.
    """
    discard_upload(kind=kind, upload_id=upload_id)
    _wait_while(UploadedFile.objects.filter(pk=upload_id, state=State.IMPORTING))
    try:
        find_upload(kind=kind, upload_id=upload_id)
    except UploadGone:
        messages.info(request, _("The file was discarded. Nothing has changed."))
        return redirect(then)
    return redirect(review, upload_id)


def report_missing_file(request: HttpRequest, then: str) -> HttpResponse:
    """Warn that a stored file is no longer available, and redirect to `then`."""
    messages.warning(
        request,
        _(
            "This file is no longer available: it was discarded, or deleted after one day. Upload "
            "it again if you still need it."
        ),
    )
    if request.htmx:  # type: ignore[attr-defined]
        # The page that followed the job is replaced as a whole.
        return HttpResponseClientRedirect(reverse(then))
    return redirect(then)


def upload_context(upload: UploadedFile) -> dict[str, Any]:
    """Return the context that base_import.html needs."""
    is_stuck = upload.is_in_progress and not has_worker(timezone.now())
    encoding = encoding_of(upload).label if upload.options.get(ENCODING) else None
    return {"kept": upload, "is_stuck": is_stuck, "encoding": encoding}


def wrong_lines_of(report: Report) -> dict[str, Any]:
    """Return the context that components/_wrong_lines.html needs for a report."""
    return {"wrong_lines": report.errors, "not_shown": report.error_count - len(report.errors)}


def _wait_while(waiting: QuerySet[UploadedFile]) -> None:
    """Wait until there is no such file, but not for long."""
    deadline = time.monotonic() + WAIT_SECONDS
    while waiting.exists() and time.monotonic() < deadline:
        time.sleep(_LOOK_EVERY_SECONDS)
