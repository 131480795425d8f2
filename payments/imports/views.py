"""Pages that import payments: upload a file, review its dry run, then import all of it or none."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from accounts.access import operators_only
from foundation.imports.models import UploadedFile
from foundation.imports.pages import ImportPages
from payments.imports.forms import PaymentImportForm
from payments.imports.operation import PaymentReport
from payments.imports.reading import COLUMNS
from payments.imports.uploads import KIND
from payments.models import Method
from payments.tasks import read_upload


def _reviewed(kept: UploadedFile, report: PaymentReport) -> dict[str, Any]:
    return {"done": _done(report)} if kept.state == UploadedFile.State.IMPORTED else {}


def _done(report: PaymentReport) -> str:
    number = report.new
    if not number:
        return _("Nothing was imported: every payment in the file is already recorded.")
    text = ngettext(
        "%(number)s payment was recorded.", "%(number)s payments were recorded.", number
    )
    return text % {"number": number_format(number, force_grouping=True)}


PAGES = ImportPages(
    kind=KIND,
    task=read_upload,
    name="payments:import",
    left="payments:import",
    template="payments/import_review.html",
    reviewed=_reviewed,
    guard=operators_only,
)


@require_http_methods(["GET", "HEAD", "POST"])
@operators_only
def upload(request: HttpRequest) -> HttpResponse:
    """Accept a file; redirect to its dry run."""
    form = PaymentImportForm(request.POST or None, request.FILES or None)
    if form.is_valid():
        return PAGES.keep(request, form)
    context = {"form": form, "columns": COLUMNS, "methods": Method.values}
    return render(request, "payments/import.html", context)
