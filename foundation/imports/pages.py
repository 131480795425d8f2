"""What all imports share of their pages beyond a review: columns, and lines that stay out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from foundation.imports.forms import ColumnsForm, UploadForm
from foundation.imports.leaving_out import can_leave_out
from foundation.imports.mapping import can_be_mapped, choose_headings, forget_headings
from foundation.imports.models import LeftOutPart, UploadedFile
from foundation.imports.report import MAX_KEPT, Report
from foundation.imports.review import ACT, FORM, SHOW, Page, ReviewPages, give_a_moment, user_id
from foundation.imports.uploads import (
    ENCODING,
    FOUND,
    HEADINGS,
    PART_BYTES,
    State,
    UploadGone,
    encoding_of,
    find_upload,
    leave_out_wrong_lines,
)
from foundation.imports.xlsx_rows import SIGNATURE


@dataclass(frozen=True)
class ImportPages(ReviewPages):
    """The pages of a kind of import, but for the one where a file is uploaded.

    `name` is the name of that one's address.
    """

    def pages(self) -> tuple[Page, ...]:
        """Return the pages of a file."""
        return (
            *super().pages(),
            ("columns/", "columns", FORM, self.columns),
            ("columns/forget/", "forget", ACT, self.forget),
            ("leave-out/", "leave_out", ACT, self.leave_out),
            ("left-out/", "left_out", SHOW, self.left_out),
        )

    def keep(
        self, request: HttpRequest, form: UploadForm, options: Mapping[str, Any] | None = None
    ) -> HttpResponse:
        """Store the file of a valid form, and redirect to its dry run."""
        file = form.cleaned_data["file"]
        is_xlsx = file.read(len(SIGNATURE)) == SIGNATURE
        encoding = None if is_xlsx else form.cleaned_data["encoding"]
        return self.begin(
            request,
            name=file.name,
            chunks=file.chunks(PART_BYTES),
            options={ENCODING: encoding, **(options or {})},
        )

    def columns(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        """Ask what a file calls our columns; on POST, remember it and have the file checked so."""
        try:
            upload = find_upload(kind=self.kind.name, upload_id=pk)
        except UploadGone:
            return self.report_missing(request)
        if can_be_mapped(upload):
            form = self._columns_form(upload, request.POST or None)
            if not form.is_valid():
                context = self.context(upload) | {"columns_form": form}
                return render(request, self.template, context)
            choose_headings(
                kind=self.kind.name,
                upload_id=pk,
                headings=form.headings,
                user_id=user_id(request),
                now=timezone.now(),
                task=self.task,
            )
            give_a_moment(pk, State.CHECKING)
        return self.to_review(pk)

    def forget(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        """Forget what files with the headings of this one call our columns, and ask again."""
        if forget_headings(kind=self.kind.name, upload_id=pk):
            messages.info(
                request,
                _("The choice was forgotten. You are asked again about files with these headings."),
            )
        return self.to_review(pk)

    def leave_out(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        """Have a refused file checked as if the lines with errors were not in it."""
        leave_out_wrong_lines(
            kind=self.kind.name, upload_id=pk, user_id=user_id(request), task=self.task
        )
        give_a_moment(pk, State.CHECKING)
        return self.to_review(pk)

    def left_out(self, request: HttpRequest, pk: UUID) -> StreamingHttpResponse:
        """Send the lines that stay out as a file.

        Raises:
            Http404: there are none.
        """
        return _left_out_file(pk, self.kind.name)

    def context(self, upload: UploadedFile) -> dict[str, Any]:
        """Return the context that base_import.html needs."""
        encoding = encoding_of(upload).label if upload.options.get(ENCODING) else None
        return {
            **super().context(upload),
            "encoding": encoding,
            "left_out": (upload.left_out or ())[:MAX_KEPT],
            "left_out_number": len(upload.left_out or ()),
            **self._columns_context(upload),
        }

    def report_context(self, upload: UploadedFile) -> dict[str, Any]:
        """Return the context for the report of a file, once there is one."""
        context = super().report_context(upload)
        if not context or upload.state == State.IMPORTED:
            return context
        return context | _wrong_lines_of(context["report"])

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
