"""Import usage in the browser: upload a file, review its changes, then apply all or nothing."""

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
from rating.periods import next_month
from usage.corrections.shown import shown_changes
from usage.imports import COLUMNS, ImportReport
from usage.imports.difference import MOST_SHOWN, Difference
from usage.imports.forms import UsageImportForm
from usage.imports.months import months_from, months_text
from usage.imports.uploads import KIND, REPLACED
from usage.tasks import read_upload

UPLOAD, REVIEW = "usage:import", "usage:import_review"
REVIEW_TEMPLATE = "usage/import_review.html"


@require_http_methods(["GET", "HEAD", "POST"])
@operators_only
def upload(request: HttpRequest) -> HttpResponse:
    """Accept a file, and redirect to the page with its dry run."""
    form = UsageImportForm(request.POST or None, request.FILES or None)
    if form.is_valid():
        kept = keep_file(
            form,
            kind=KIND.name,
            user_id=signed_in(request).pk,
            task=read_upload,
            options={REPLACED: months_text(form.months)} if form.months else None,
        )
        return redirect(REVIEW, kept.pk)
    return render(request, "usage/import.html", {"form": form, "columns": COLUMNS})


@require_http_methods(["GET", "HEAD", "POST"])
@operators_only
def review(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show what an uploaded file would change, or how far a job is; on POST, import the file.

    If the difference has changed since it was shown, nothing is imported, and the new one is shown.
    """
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


def _reviewed(kept: UploadedFile) -> dict[str, Any]:
    """Return the context that the preview needs, once there is one."""
    if kept.report is None:
        return {}
    report: ImportReport = KIND.report_of(kept)
    months = months_from(kept.options[REPLACED]) if REPLACED in kept.options else None
    context = {"report": report, "affected": report.affected, "months": months}
    context["is_one_month"] = months is not None and months.last < next_month(months.start)
    if kept.state == UploadedFile.State.IMPORTED:
        return context | {"done": _done(report)}
    return context | difference_context(report.difference) | wrong_lines_of(report)


def difference_context(found: Difference | None) -> dict[str, Any]:
    """Return the context that usage/_difference.html needs, if there is a difference to show."""
    if found is None:
        return {}
    money = found.money or ()
    return {
        "difference": found,
        "changes": list(shown_changes(found.shown)),
        "not_shown": sum(found.counts) - len(found.shown),
        "money": money[:MOST_SHOWN],
        "money_not_shown": max(len(money) - MOST_SHOWN, 0),
        "several_organizations": found.organizations > 1,
    }


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


def _done(report: ImportReport) -> str:
    if report.changes_nothing:
        return _(
            "Import complete. Everything in the file was already recorded, so nothing has changed."
        )
    added = ngettext(
        "%(number)s interval added", "%(number)s intervals added", report.intervals_added
    ) % {"number": report.intervals_added}
    if report.difference is not None:
        changed = ngettext(
            "%(number)s interval changed", "%(number)s intervals changed", report.intervals_changed
        ) % {"number": report.intervals_changed}
        removed = ngettext(
            "%(number)s interval removed", "%(number)s intervals removed", report.intervals_removed
        ) % {"number": report.intervals_removed}
        return _("Import complete: %(added)s, %(changed)s, %(removed)s.") % {
            "added": added,
            "changed": changed,
            "removed": removed,
        }
    ended = ngettext(
        "%(number)s interval ended", "%(number)s intervals ended", report.intervals_ended
    ) % {"number": report.intervals_ended}
    created = ngettext(
        "%(number)s camera created", "%(number)s cameras created", report.cameras_created
    ) % {"number": report.cameras_created}
    return _("Import complete: %(added)s, %(ended)s, %(created)s.") % {
        "added": added,
        "ended": ended,
        "created": created,
    }
