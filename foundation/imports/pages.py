"""What all import pages share: upload a file, follow the jobs that read it, review, confirm."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, QueryDict, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRedirect

from foundation.imports.forms import ColumnsForm, UploadForm
from foundation.imports.leaving_out import can_leave_out
from foundation.imports.mapping import can_be_mapped, choose_headings, forget_headings
from foundation.imports.models import LeftOutPart, UploadedFile
from foundation.imports.report import MAX_KEPT, Report
from foundation.imports.uploads import (
    ENCODING,
    FOUND,
    HEADINGS,
    PART_BYTES,
    ReadTask,
    State,
    UploadGone,
    confirm_upload,
    discard_upload,
    encoding_of,
    find_upload,
    keep_upload,
    leave_out_wrong_lines,
)
from foundation.imports.work import Kind
from foundation.imports.xlsx_rows import SIGNATURE
from foundation.jobs.setup import has_worker

# A small file is read in less time, and its result is the next page that a person sees.
WAIT_SECONDS = 1.0
_LOOK_EVERY_SECONDS = 0.03
_PAGES = ("columns", "forget", "leave_out", "left_out", "discard")


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


def leave_out_lines(
    request: HttpRequest, upload_id: UUID, *, kind: str, user_id: int, task: ReadTask, review: str
) -> HttpResponse:
    """Have a refused file checked without the lines that have errors; redirect to `review`."""
    leave_out_wrong_lines(kind=kind, upload_id=upload_id, user_id=user_id, task=task)
    if has_worker(timezone.now()):
        _wait_while(UploadedFile.objects.filter(pk=upload_id, state=State.CHECKING))
    return redirect(review, upload_id)


def left_out_response(upload_id: UUID, *, kind: str) -> StreamingHttpResponse:
    """Send the file with the lines that stay out.

    Raises:
        Http404: there is none.
    """
    parts = LeftOutPart.objects.filter(upload=upload_id, upload__kind=kind).order_by("number")
    upload = UploadedFile.objects.filter(pk=upload_id, left_out_parts__isnull=False).first()
    if upload is None or not parts.exists():
        raise Http404
    name, dot, extension = upload.name.rpartition(".")
    contents = parts.values_list("content", flat=True)
    response = StreamingHttpResponse(
        (bytes(content) for content in contents.iterator(chunk_size=1)),
        content_type="application/octet-stream",
    )
    response.headers["Content-Disposition"] = content_disposition_header(
        True, f"{name or extension}-errors{dot}{extension if dot else ''}"
    )
    return response


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


def columns_page(
    request: HttpRequest,
    upload_id: UUID,
    *,
    kind: Kind,
    user_id: int,
    task: ReadTask,
    pages: str,
    template: str,
) -> HttpResponse:
    """Ask what a file calls our columns; on POST, remember it and have the file checked so."""
    try:
        upload = find_upload(kind=kind.name, upload_id=upload_id)
    except UploadGone:
        return report_missing_file(request, pages)
    if can_be_mapped(upload):
        form = _columns_form(upload, kind, request.POST or None)
        if not form.is_valid():
            context = upload_context(upload, kind, pages=pages) | {"columns_form": form}
            return render(request, template, context)
        choose_headings(
            kind=kind.name,
            upload_id=upload_id,
            headings=form.headings,
            user_id=user_id,
            now=timezone.now(),
            task=task,
        )
        if has_worker(timezone.now()):
            _wait_while(UploadedFile.objects.filter(pk=upload_id, state=State.CHECKING))
    return redirect(f"{pages}_review", upload_id)


def forget_columns(
    request: HttpRequest, upload_id: UUID, *, kind: Kind, pages: str
) -> HttpResponse:
    """Forget what files with the headings of this one call our columns, and ask again."""
    if forget_headings(kind=kind.name, upload_id=upload_id):
        messages.info(
            request,
            _("The choice was forgotten. You are asked again about files with these headings."),
        )
    return redirect(f"{pages}_review", upload_id)


def _columns_form(upload: UploadedFile, kind: Kind, data: QueryDict | None) -> ColumnsForm:
    chosen = upload.options.get(HEADINGS, {})
    return ColumnsForm(data, columns=kind.columns, found=upload.options[FOUND], chosen=chosen)


def upload_context(upload: UploadedFile, kind: Kind, *, pages: str) -> dict[str, Any]:
    """Return the context that base_import.html needs; the names of its pages begin with `pages`."""
    is_stuck = upload.is_in_progress and not has_worker(timezone.now())
    encoding = encoding_of(upload).label if upload.options.get(ENCODING) else None
    return {
        "kept": upload,
        "is_stuck": is_stuck,
        "encoding": encoding,
        "upload_address": reverse(pages),
        **{f"{each}_address": reverse(f"{pages}_{each}", args=[upload.pk]) for each in _PAGES},
        "left_out": (upload.left_out or ())[:MAX_KEPT],
        "left_out_number": len(upload.left_out or ()),
        **_columns_context(upload, kind),
    }


def _columns_context(upload: UploadedFile, kind: Kind) -> dict[str, Any]:
    """Return what is asked about the columns, or how they are read if the file has other names."""
    if upload.state == State.UNMAPPED:
        return {"columns_form": _columns_form(upload, kind, None)}
    if not can_be_mapped(upload):
        return {}
    found = {heading.lower(): heading for heading in upload.options[FOUND] if heading}
    chosen = upload.options[HEADINGS]
    read = [column for column in kind.columns.labels if column in chosen]
    return {
        "mapped": [(kind.columns.label(column), found.pop(chosen[column])) for column in read],
        "not_read": [*found.values()],
    }


def wrong_lines_of(report: Report) -> dict[str, Any]:
    """Return the context that components/_wrong_lines.html needs for a report."""
    return {
        "wrong_lines": report.errors,
        "not_shown": report.error_count - len(report.errors),
        "valid_number": report.lines - report.error_count,
        "can_leave_out": can_leave_out(report),
    }


def _wait_while(waiting: QuerySet[UploadedFile]) -> None:
    """Wait until there is no such file, but not for long."""
    deadline = time.monotonic() + WAIT_SECONDS
    while waiting.exists() and time.monotonic() < deadline:
        time.sleep(_LOOK_EVERY_SECONDS)
