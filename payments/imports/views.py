"""Pages that import payments: upload a file, review its dry run, then import all of it or none."""

from __future__ import annotations

from functools import partial
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import operators_only, signed_in
from foundation.imports.models import UploadedFile
from foundation.imports.pages import (
    LINES_SHOWN,
    discard_file,
    dry_run_or_import,
    keep_file,
    report_missing_file,
    wrong_lines_of,
)
from foundation.imports.uploads import UploadGone
from payments.imports.forms import PaymentImportForm
from payments.imports.operation import PaymentReport, import_payments
from payments.imports.reading import COLUMNS
from payments.models import Method

KIND = "payments"
UPLOAD = "payments:import"


@require_http_methods(["GET", "HEAD", "POST"])
@operators_only
def upload(request: HttpRequest) -> HttpResponse:
    """Accept a file; redirect to its dry run."""
    form = PaymentImportForm(request.POST or None, request.FILES or None)
    if form.is_valid():
        kept = keep_file(form, kind=KIND, user_id=signed_in(request).pk)
        return redirect("payments:import_review", kept.pk)
    context = {"form": form, "columns": COLUMNS, "methods": Method.values}
    return render(request, "payments/import.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@operators_only
def review(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show the dry run of an uploaded file line by line; import the file on POST."""
    do_import = partial(import_payments, now=timezone.now(), by=signed_in(request))
    try:
        kept, report = dry_run_or_import(request, pk, kind=KIND, do_import=do_import)
    except UploadGone:
        return report_missing_file(request, UPLOAD)
    if request.method == "POST" and not report.is_refused:
        messages.success(request, _done(report))
        return redirect(UPLOAD)
    return render(request, "payments/import_review.html", _context(kept, report))


@require_POST
@operators_only
def discard(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Delete an uploaded file."""
    return discard_file(request, pk, kind=KIND, then=UPLOAD)


def _context(kept: UploadedFile, report: PaymentReport) -> dict[str, Any]:
    return {
        "kept": kept,
        "report": report,
        "planned": report.planned[:LINES_SHOWN],
        "more": max(0, len(report.planned) - LINES_SHOWN),
        **wrong_lines_of(report),
    }


def _done(report: PaymentReport) -> str:
    number = len(report.new)
    if not number:
        return _("Nothing was imported: every payment in the file is already recorded.")
    text = ngettext(
        "%(number)s payment was recorded.", "%(number)s payments were recorded.", number
    )
    return text % {"number": number}
