"""Import terms in the browser, and export those of all organizations."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import operators_only
from foundation.imports.forms import UploadForm
from foundation.imports.models import UploadedFile
from foundation.imports.pages import ImportPages
from foundation.lists.exports import export_response
from organizations.agreement.imports.columns import COLUMNS, ENTRIES
from organizations.agreement.imports.exporting import term_rows
from organizations.agreement.imports.operation import TermReport
from organizations.agreement.imports.uploads import KIND
from organizations.models import Organization
from organizations.tasks import read_terms

MOST_SHOWN = 200
"""The maximum number of terms that the preview shows one by one."""


class TermImportForm(UploadForm):
    """A file of terms."""

    max_megabytes = 5
    command = "import_terms"


def _reviewed(kept: UploadedFile, report: TermReport) -> dict[str, Any]:
    """Return the context that the dry run needs."""
    if kept.state == UploadedFile.State.IMPORTED:
        return {"done": done_text(report)}
    shown = report.outcomes[:MOST_SHOWN]
    return {"affected": report.affected, "added": shown, "not_shown": report.added - len(shown)}


def done_text(report: TermReport) -> str:
    """Return what an import has done, in words."""
    if not report.added:
        return _(
            "Import complete. Everything in the file was already recorded, so nothing has changed."
        )
    text = ngettext(
        "Import complete: %(number)s entry was added.",
        "Import complete: %(number)s entries were added.",
        report.added,
    )
    return text % {"number": number_format(report.added, force_grouping=True)}


PAGES = ImportPages(
    kind=KIND,
    task=read_terms,
    name="organizations:import_terms",
    left="organizations:import_terms",
    template="organizations/agreement/import_review.html",
    reviewed=_reviewed,
    guard=operators_only,
)


@require_http_methods(["GET", "HEAD", "POST"])
@operators_only
def upload(request: HttpRequest) -> HttpResponse:
    """Accept a file; redirect to its dry run."""
    form = TermImportForm(request.POST or None, request.FILES or None)
    if form.is_valid():
        return PAGES.keep(request, form)
    context = {"form": form, "columns": COLUMNS, "entries": ENTRIES.values()}
    return render(request, "organizations/agreement/import.html", context)


@require_safe
@operators_only
def export(request: HttpRequest, kind: str) -> HttpResponseBase:
    """Send the terms of all organizations, in the columns that an import reads."""
    return export_response(kind, "agreements", COLUMNS, term_rows(Organization.objects.all()))
