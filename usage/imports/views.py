"""Import of usage in the browser: a file, what it would do, then all of it or nothing."""

from functools import partial
from io import BytesIO
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import operators_only, signed_in
from usage.imports import COLUMNS, ImportReport, import_usage
from usage.models import UploadedImport
from usage.operations import UploadGone, discard_upload, import_upload, keep_upload
from usage.statements.forms import ImportForm

LINES_SHOWN = 1_000


@require_http_methods(["GET", "HEAD", "POST"])
@operators_only
def upload(request: HttpRequest) -> HttpResponse:
    """Take a file; its dry run is the next page."""
    form = ImportForm(request.POST, request.FILES) if request.method == "POST" else ImportForm()
    if form.is_valid():
        return redirect("usage:import_review", keep_file(request, form).pk)
    return render(request, "usage/import.html", {"form": form, "columns": COLUMNS})


@require_http_methods(["GET", "HEAD", "POST"])
@operators_only
def review(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show what a kept file would do, and on POST do it."""
    now = timezone.now()
    if request.method == "POST":
        try:
            report = import_upload(
                upload_id=pk, do_import=partial(import_usage, now=now, dry_run=False)
            )
        except UploadGone:
            return gone(request)
        if not report.is_refused:
            messages.success(request, _done(report))
            return redirect("usage:import")
        kept = UploadedImport.objects.defer("content").filter(pk=pk).first()
    else:
        kept = UploadedImport.objects.filter(pk=pk).first()
        if kept is None:
            return gone(request)
        report = import_usage(BytesIO(kept.content), now=now, dry_run=True)
    context = {
        "kept": kept,
        "report": report,
        "settled": report.settled,
        "wrong_lines": report.errors[:LINES_SHOWN],
        "not_shown": report.error_count - len(report.errors[:LINES_SHOWN]),
    }
    return render(request, "usage/import_review.html", context)


@require_POST
@operators_only
def discard(request: HttpRequest, pk: UUID, then: str = "usage:import") -> HttpResponse:
    """Forget a kept file; go on to the page of such imports."""
    discard_upload(upload_id=pk)
    messages.info(request, _("The file was discarded; nothing has changed."))
    return redirect(then)


def keep_file(request: HttpRequest, form: ImportForm) -> UploadedImport:
    """Keep the file of a valid form until its dry run is decided on."""
    file = form.cleaned_data["file"]
    return keep_upload(
        user=signed_in(request), name=file.name, content=file.read(), now=timezone.now()
    )


def gone(request: HttpRequest, then: str = "usage:import") -> HttpResponse:
    """Tell that a kept file is no longer kept."""
    messages.warning(
        request,
        _("That file is no longer here: it was imported or discarded, or kept for a day."),
    )
    return redirect(then)


def _done(report: ImportReport) -> str:
    if report.changes_nothing:
        return _("Imported. Everything in the file was there already, so nothing has changed.")
    added = ngettext(
        "%(number)s interval added", "%(number)s intervals added", report.intervals_added
    ) % {"number": report.intervals_added}
    ended = ngettext(
        "%(number)s interval ended", "%(number)s intervals ended", report.intervals_ended
    ) % {"number": report.intervals_ended}
    created = ngettext(
        "%(number)s camera created", "%(number)s cameras created", report.cameras_created
    ) % {"number": report.cameras_created}
    return _("Imported: %(added)s, %(ended)s, %(created)s.") % {
        "added": added,
        "ended": ended,
        "created": created,
    }
