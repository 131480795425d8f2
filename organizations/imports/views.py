"""Import organizations in the browser: upload a file, review what changes, then all or nothing."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.formats import date_format
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
from foundation.lists.exports import export_response
from organizations.countries import country_name
from organizations.imports.columns import COLUMN_OF, COLUMNS
from organizations.imports.forms import OrganizationImportForm
from organizations.imports.report import Difference, OrganizationReport
from organizations.imports.uploads import INVITE, KIND
from organizations.tasks import read_upload

UPLOAD, REVIEW = "organizations:import", "organizations:import_review"
REVIEW_TEMPLATE = "organizations/import_review.html"
MOST_SHOWN = 200
"""The maximum number of organizations that the preview shows one by one."""


@require_http_methods(["GET", "HEAD", "POST"])
@operators_only
def upload(request: HttpRequest) -> HttpResponse:
    """Accept a file; redirect to its dry run."""
    form = OrganizationImportForm(request.POST or None, request.FILES or None)
    if form.is_valid():
        invite = form.cleaned_data["invite"]
        kept = keep_file(
            form,
            kind=KIND.name,
            user_id=signed_in(request).pk,
            task=read_upload,
            options={INVITE: request.build_absolute_uri("/")} if invite else None,
        )
        return redirect(REVIEW, kept.pk)
    return render(request, "organizations/import.html", {"form": form, "columns": COLUMNS})


@require_safe
@operators_only
def template(request: HttpRequest, kind: str) -> HttpResponseBase:
    """Send an empty file with all columns."""
    return export_response(kind, "organizations", COLUMNS, [])


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
    context = upload_context(kept, KIND, pages=UPLOAD) | _reviewed(kept)
    return render(request, REVIEW_TEMPLATE, context)


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
    report: OrganizationReport = KIND.report_of(kept)
    if kept.state == UploadedFile.State.IMPORTED:
        return {"report": report, "done": _done(report)}
    shown = report.outcomes[:MOST_SHOWN]
    return {
        "report": report,
        "affected": report.affected,
        "invites": INVITE in kept.options,
        "created": [(each, _differences(each)) for each in shown if each.pk is None],
        "changed": [(each, _differences(each)) for each in shown if each.pk is not None],
        "outcomes_not_shown": report.created + report.changed - len(shown),
        **wrong_lines_of(report),
    }


def _differences(outcome: Any) -> list[tuple[str, str, str]]:
    """Return the column and both values of each difference, as people read them."""
    return [
        (COLUMN_OF[each.field], _text(each, each.before), _text(each, each.after))
        for each in outcome.differences
    ]


def _text(difference: Difference, text: str) -> str:
    if not text:
        return "–"
    if difference.field.endswith(("_on", "_from")):
        return date_format(date.fromisoformat(text))
    if difference.field == "country":
        return country_name(text)
    if difference.field == "attach_charges":
        return _("yes") if text == "yes" else _("no")
    if difference.field == "invoice_language":
        return str(dict(settings.LANGUAGES).get(text, text))
    return text


def _done(report: OrganizationReport) -> str:
    if report.changes_nothing:
        return _(
            "Import complete. Everything in the file was already recorded, so nothing has changed."
        )
    created = ngettext(
        "%(number)s organization created", "%(number)s organizations created", report.created
    ) % {"number": report.created}
    changed = ngettext(
        "%(number)s organization changed", "%(number)s organizations changed", report.changed
    ) % {"number": report.changed}
    return _("Import complete: %(created)s, %(changed)s.") % {
        "created": created,
        "changed": changed,
    }
