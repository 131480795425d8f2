"""Pages that import payments: upload a file, review its dry run, then import all of it or none."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import operators_only, signed_in
from foundation.imports.models import UploadedFile
from foundation.imports.pages import (
    columns_page,
    confirm_file,
    discard_file,
    forget_columns,
    keep_file,
    leave_out_lines,
    left_out_response,
    report_missing_file,
    upload_context,
    wrong_lines_of,
)
from foundation.imports.uploads import UploadGone, find_upload
from payments.imports.forms import PaymentImportForm
from payments.imports.operation import PaymentReport
from payments.imports.reading import COLUMNS
from payments.imports.uploads import KIND
from payments.models import Method
from payments.tasks import read_upload

UPLOAD, REVIEW = "payments:import", "payments:import_review"
REVIEW_TEMPLATE = "payments/import_review.html"


@require_http_methods(["GET", "HEAD", "POST"])
@operators_only
def upload(request: HttpRequest) -> HttpResponse:
    """Accept a file; redirect to its dry run."""
    form = PaymentImportForm(request.POST or None, request.FILES or None)
    if form.is_valid():
        user_id = signed_in(request).pk
        kept = keep_file(form, kind=KIND.name, user_id=user_id, task=read_upload)
        return redirect(REVIEW, kept.pk)
    context = {"form": form, "columns": COLUMNS, "methods": Method.values}
    return render(request, "payments/import.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@operators_only
def review(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show the dry run of an uploaded file, or how far a job is; on POST, import the file."""
    try:
        if request.method == "POST":
            user_id = signed_in(request).pk
            return confirm_file(request, pk, kind=KIND.name, user_id=user_id, task=read_upload)
        kept = find_upload(kind=KIND.name, upload_id=pk)
    except UploadGone:
        return report_missing_file(request, UPLOAD)
    return render(
        request,
        REVIEW_TEMPLATE,
        upload_context(kept, KIND, pages=UPLOAD) | _reviewed(kept),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@operators_only
def columns(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Ask what a file calls our columns; on POST, have it checked so."""
    return columns_page(
        request,
        pk,
        kind=KIND,
        user_id=signed_in(request).pk,
        task=read_upload,
        pages=UPLOAD,
        template=REVIEW_TEMPLATE,
    )


@require_POST
@operators_only
def forget(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Forget what files with the headings of this one call our columns."""
    return forget_columns(request, pk, kind=KIND, pages=UPLOAD)


@require_POST
@operators_only
def leave_out(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Have the lines without errors checked again, as if the others were not in the file."""
    user_id = signed_in(request).pk
    return leave_out_lines(
        request, pk, kind=KIND.name, user_id=user_id, task=read_upload, review=REVIEW
    )


@require_safe
@operators_only
def left_out(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    """Send the lines that stay out as a file."""
    return left_out_response(pk, kind=KIND.name)


@require_POST
@operators_only
def discard(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Delete an uploaded file, or cancel its import."""
    return discard_file(request, pk, kind=KIND.name, then=UPLOAD, review=REVIEW)


def _reviewed(kept: UploadedFile) -> dict[str, Any]:
    """Return the context that the dry run needs, once there is one."""
    if kept.report is None:
        return {}
    report: PaymentReport = KIND.report_of(kept)
    if kept.state == UploadedFile.State.IMPORTED:
        return {"report": report, "done": _done(report)}
    return {"report": report, **wrong_lines_of(report)}


def _done(report: PaymentReport) -> str:
    number = report.new
    if not number:
        return _("Nothing was imported: every payment in the file is already recorded.")
    text = ngettext(
        "%(number)s payment was recorded.", "%(number)s payments were recorded.", number
    )
    return text % {"number": number}
