"""Import usage in the browser: upload a file, review its changes, then apply all or nothing."""

from functools import partial
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import operators_only, signed_in
from foundation.imports.pages import (
    discard_file,
    dry_run_or_import,
    keep_file,
    report_missing_file,
    wrong_lines_of,
)
from foundation.imports.uploads import UploadGone
from usage.imports import COLUMNS, ImportReport, import_usage
from usage.imports.forms import UsageImportForm

KIND = "usage"
UPLOAD = "usage:import"


@require_http_methods(["GET", "HEAD", "POST"])
@operators_only
def upload(request: HttpRequest) -> HttpResponse:
    """Accept a file, and redirect to the page with its dry run."""
    form = UsageImportForm(request.POST or None, request.FILES or None)
    if form.is_valid():
        kept = keep_file(form, kind=KIND, user_id=signed_in(request).pk)
        return redirect("usage:import_review", kept.pk)
    return render(request, "usage/import.html", {"form": form, "columns": COLUMNS})


@require_http_methods(["GET", "HEAD", "POST"])
@operators_only
def review(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show what an uploaded file would change; on POST, apply it."""
    do_import = partial(import_usage, now=timezone.now())
    try:
        kept, report = dry_run_or_import(request, pk, kind=KIND, do_import=do_import)
    except UploadGone:
        return report_missing_file(request, UPLOAD)
    if request.method == "POST" and not report.is_refused:
        messages.success(request, _done(report))
        return redirect(UPLOAD)
    context = {"kept": kept, "report": report, "affected": report.affected}
    return render(request, "usage/import_review.html", context | wrong_lines_of(report))


@require_POST
@operators_only
def discard(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Delete an uploaded file."""
    return discard_file(request, pk, kind=KIND, then=UPLOAD)


def _done(report: ImportReport) -> str:
    if report.changes_nothing:
        return _(
            "Import complete. Everything in the file was already recorded, so nothing has changed."
        )
    added = ngettext(
        "%(number)s interval added", "%(number)s intervals added", report.intervals_added
    ) % {"number": report.intervals_added}
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
