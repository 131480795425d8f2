"""What all imports share of their pages: follow the jobs that read a file, review, confirm."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    QueryDict,
    StreamingHttpResponse,
)
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods
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
_LINKED = ("columns", "forget", "leave_out", "left_out", "discard")


View = Callable[..., HttpResponseBase]


@dataclass(frozen=True)
class ImportPages:
    """The pages of a kind of import, but for the one where a file is uploaded.

    `name` is the name of that one's address; those of the others begin with it. `template` extends
    base_import.html. `reviewed` returns what else it needs once there is a report. `guard` lets
    in who may import.
    """

    kind: Kind
    task: ReadTask
    name: str
    template: str
    reviewed: Callable[[UploadedFile, Any], dict[str, Any]]
    guard: Callable[[View], View]

    def urls(self, route: str) -> list[URLPattern]:
        """Return the addresses of the pages, below that of the upload."""
        form, act, show = ["GET", "HEAD", "POST"], ["POST"], ["GET", "HEAD"]
        pages: tuple[tuple[str, str, list[str], View], ...] = (
            ("", "review", form, self.review),
            ("columns/", "columns", form, self.columns),
            ("columns/forget/", "forget", act, self.forget),
            ("leave-out/", "leave_out", act, self.leave_out),
            ("left-out/", "left_out", show, self.left_out),
            ("discard/", "discard", act, self.discard),
        )
        name = self.name.rpartition(":")[2]
        return [
            path(
                f"{route}<uuid:pk>/{below}",
                require_http_methods(methods)(self.guard(view)),
                name=f"{name}_{page}",
            )
            for below, page, methods, view in pages
        ]

    def keep(
        self, request: HttpRequest, form: UploadForm, options: Mapping[str, Any] | None = None
    ) -> HttpResponse:
        """Store the file of a valid form, and redirect to its dry run."""
        file = form.cleaned_data["file"]
        is_xlsx = file.read(len(SIGNATURE)) == SIGNATURE
        encoding = None if is_xlsx else form.cleaned_data["encoding"]
        upload = keep_upload(
            kind=self.kind.name,
            user_id=_user_id(request),
            name=file.name,
            chunks=file.chunks(PART_BYTES),
            now=timezone.now(),
            task=self.task,
            options={ENCODING: encoding, **(options or {})},
        )
        _give_a_moment(upload.pk, State.CHECKING)
        return self._to_review(upload.pk)

    def review(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        """Show the dry run of a file, or how far a job is; on POST, have the file imported.

        If the outcome is no longer what was shown, nothing is imported, and the new one is shown.
        """
        try:
            upload = find_upload(kind=self.kind.name, upload_id=pk)
        except UploadGone:
            return self._report_missing(request)
        if request.method == "POST":
            is_confirmed = confirm_upload(
                kind=self.kind.name,
                upload_id=pk,
                user_id=_user_id(request),
                shown=request.POST.get("shown", ""),
                task=self.task,
            )
            if is_confirmed:
                _give_a_moment(pk, State.CHECKING, State.IMPORTING)
            return redirect(request.path)
        return render(request, self.template, self._context(upload) | self._reviewed(upload))

    def columns(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        """Ask what a file calls our columns; on POST, remember it and have the file checked so."""
        try:
            upload = find_upload(kind=self.kind.name, upload_id=pk)
        except UploadGone:
            return self._report_missing(request)
        if can_be_mapped(upload):
            form = self._columns_form(upload, request.POST or None)
            if not form.is_valid():
                context = self._context(upload) | {"columns_form": form}
                return render(request, self.template, context)
            choose_headings(
                kind=self.kind.name,
                upload_id=pk,
                headings=form.headings,
                user_id=_user_id(request),
                now=timezone.now(),
                task=self.task,
            )
            _give_a_moment(pk, State.CHECKING)
        return self._to_review(pk)

    def forget(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        """Forget what files with the headings of this one call our columns, and ask again."""
        if forget_headings(kind=self.kind.name, upload_id=pk):
            messages.info(
                request,
                _("The choice was forgotten. You are asked again about files with these headings."),
            )
        return self._to_review(pk)

    def leave_out(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        """Have a refused file checked as if the lines with errors were not in it."""
        leave_out_wrong_lines(
            kind=self.kind.name, upload_id=pk, user_id=_user_id(request), task=self.task
        )
        _give_a_moment(pk, State.CHECKING)
        return self._to_review(pk)

    def left_out(self, request: HttpRequest, pk: UUID) -> StreamingHttpResponse:
        """Send the lines that stay out as a file.

        Raises:
            Http404: there are none.
        """
        return _left_out_file(pk, self.kind.name)

    def discard(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        """Delete a file, or cancel its import.

        If the import has ended, or is still being cancelled, show that.
        """
        discard_upload(kind=self.kind.name, upload_id=pk)
        _wait_while(UploadedFile.objects.filter(pk=pk, state=State.IMPORTING))
        try:
            find_upload(kind=self.kind.name, upload_id=pk)
        except UploadGone:
            messages.info(request, _("The file was discarded. Nothing has changed."))
            return redirect(self.name)
        return self._to_review(pk)

    def _to_review(self, pk: UUID) -> HttpResponse:
        return redirect(f"{self.name}_review", pk)

    def _report_missing(self, request: HttpRequest) -> HttpResponse:
        """Warn that a stored file is no longer available, and redirect to the upload."""
        messages.warning(
            request,
            _(
                "This file is no longer available: it was discarded, or deleted after one day. "
                "Upload it again if you still need it."
            ),
        )
        if request.htmx:  # type: ignore[attr-defined]
            # The page that followed the job is replaced as a whole.
            return HttpResponseClientRedirect(reverse(self.name))
        return redirect(self.name)

    def _context(self, upload: UploadedFile) -> dict[str, Any]:
        """Return the context that base_import.html needs."""
        encoding = encoding_of(upload).label if upload.options.get(ENCODING) else None
        return {
            "kept": upload,
            "is_stuck": upload.is_in_progress and not has_worker(timezone.now()),
            "encoding": encoding,
            "upload_address": reverse(self.name),
            **{
                f"{each}_address": reverse(f"{self.name}_{each}", args=[upload.pk])
                for each in _LINKED
            },
            "left_out": (upload.left_out or ())[:MAX_KEPT],
            "left_out_number": len(upload.left_out or ()),
            **self._columns_context(upload),
        }

    def _reviewed(self, upload: UploadedFile) -> dict[str, Any]:
        """Return the context for the report of a file, once there is one."""
        if upload.report is None:
            return {}
        report = self.kind.report_of(upload)
        context = {"report": report, **self.reviewed(upload, report)}
        return context if upload.state == State.IMPORTED else context | _wrong_lines_of(report)

    def _columns_form(self, upload: UploadedFile, data: QueryDict | None) -> ColumnsForm:
        chosen, found = upload.options.get(HEADINGS, {}), upload.options[FOUND]
        return ColumnsForm(data, columns=self.kind.columns, found=found, chosen=chosen)

    def _columns_context(self, upload: UploadedFile) -> dict[str, Any]:
        """Return what is asked about the columns, or how they are read if they have other names."""
        if upload.state == State.UNMAPPED:
            return {"columns_form": self._columns_form(upload, None)}
        if not can_be_mapped(upload):
            return {}
        columns, chosen = self.kind.columns, upload.options[HEADINGS]
        found = {heading.lower(): heading for heading in upload.options[FOUND] if heading}
        read = [column for column in columns.labels if column in chosen]
        return {
            "mapped": [(columns.label(column), found.pop(chosen[column])) for column in read],
            "not_read": [*found.values()],
        }


def _user_id(request: HttpRequest) -> int:
    # `ImportPages.guard` lets in only people who are signed in.
    return cast(int, request.user.pk)


def _left_out_file(upload_id: UUID, kind: str) -> StreamingHttpResponse:
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


def _wrong_lines_of(report: Report) -> dict[str, Any]:
    """Return the context that components/_wrong_lines.html needs for a report."""
    return {
        "wrong_lines": report.errors,
        "wrong_lines_not_shown": report.error_count - len(report.errors),
        "valid_number": report.lines - report.error_count,
        "can_leave_out": can_leave_out(report),
    }


def _give_a_moment(upload_id: UUID, *states: State) -> None:
    """Wait a moment for a job to bring a file out of these states, if there is a worker."""
    if has_worker(timezone.now()):
        _wait_while(UploadedFile.objects.filter(pk=upload_id, state__in=states))


def _wait_while(waiting: QuerySet[UploadedFile]) -> None:
    """Wait until there is no such file, but not for long."""
    deadline = time.monotonic() + WAIT_SECONDS
    while waiting.exists() and time.monotonic() < deadline:
        time.sleep(_LOOK_EVERY_SECONDS)
