"""Import of payments in the browser: a file, what it would do, then all of it or nothing."""

from __future__ import annotations

from functools import partial
from io import BytesIO
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from accounts.access import operators_only, signed_in
from invoices.models import Method
from invoices.payment_forms import ImportForm
from invoices.payment_imports import PaymentReport, import_payments
from invoices.payment_lines import COLUMNS
from usage.imports.views import LINES_SHOWN, gone, keep_file
from usage.models import UploadedImport
from usage.operations import UploadGone, import_upload

UPLOAD = "invoices:import_payments"


@require_http_methods(["GET", "HEAD", "POST"])
@operators_only
def upload(request: HttpRequest) -> HttpResponse:
    """Take a file; its dry run is the next page."""
    form = ImportForm(request.POST, request.FILES) if request.method == "POST" else ImportForm()
    if form.is_valid():
        return redirect("invoices:review_payments", keep_file(request, form).pk)
    context = {"form": form, "columns": COLUMNS, "methods": Method.values}
    return render(request, "invoices/import_payments.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@operators_only
def review(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show what a kept file would do, line by line, and on POST do it."""
    do_import = partial(import_payments, now=timezone.now(), by=signed_in(request))
    kept = UploadedImport.objects.filter(pk=pk).first()
    if kept is None:
        return gone(request, UPLOAD)
    if request.method == "POST":
        try:
            report = import_upload(upload_id=pk, do_import=partial(do_import, dry_run=False))
        except UploadGone:
            return gone(request, UPLOAD)
        if not report.is_refused:
            messages.success(request, _done(report))
            return redirect(UPLOAD)
    else:
        report = do_import(BytesIO(kept.content), dry_run=True)
    return render(request, "invoices/review_payments.html", _context(kept, report))


def _context(kept: UploadedImport, report: PaymentReport) -> dict[str, Any]:
    return {
        "kept": kept,
        "report": report,
        "planned": report.planned[:LINES_SHOWN],
        "more": max(0, len(report.planned) - LINES_SHOWN),
        "wrong_lines": report.errors[:LINES_SHOWN],
        "not_shown": max(0, report.error_count - LINES_SHOWN),
    }


def _done(report: PaymentReport) -> str:
    number = len(report.new)
    if not number:
        return _("Every payment in the file was recorded already, so nothing has changed.")
    text = ngettext(
        "%(number)s payment was recorded.", "%(number)s payments were recorded.", number
    )
    return text % {"number": number}
