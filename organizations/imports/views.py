"""Import organizations in the browser: upload a file, review what changes, then all or nothing."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import operators_only
from foundation.imports.models import UploadedFile
from foundation.imports.pages import ImportPages
from foundation.lists.exports import export_response
from organizations.countries import country_name
from organizations.imports.columns import COLUMN_OF, COLUMNS, TERM_COLUMNS
from organizations.imports.forms import OrganizationImportForm
from organizations.imports.report import Difference, OrganizationReport
from organizations.imports.uploads import INVITE, KIND
from organizations.tasks import read_upload

MOST_SHOWN = 200
"""The maximum number of organizations that the preview shows one by one."""


def _reviewed(kept: UploadedFile, report: OrganizationReport) -> dict[str, Any]:
    """Return the context that the dry run needs."""
    if kept.state == UploadedFile.State.IMPORTED:
        return {"done": _done(report)}
    shown = report.outcomes[:MOST_SHOWN]
    return {
        "affected": report.affected,
        "invites": INVITE in kept.options,
        "created": [(each, _differences(each)) for each in shown if each.pk is None],
        "changed": [(each, _differences(each)) for each in shown if each.pk is not None],
        "terms": report.terms[:MOST_SHOWN],
        "terms_not_shown": max(0, report.terms_added - MOST_SHOWN),
        "outcomes_not_shown": report.created + report.changed - len(shown),
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
    ) % {"number": number_format(report.created, force_grouping=True)}
    changed = ngettext(
        "%(number)s organization changed", "%(number)s organizations changed", report.changed
    ) % {"number": number_format(report.changed, force_grouping=True)}
    text = _("Import complete: %(created)s, %(changed)s.") % {
        "created": created,
        "changed": changed,
    }
    if not report.terms_added:
        return text
    added = ngettext(
        "%(number)s entry was added to agreements.",
        "%(number)s entries were added to agreements.",
        report.terms_added,
    )
    number = number_format(report.terms_added, force_grouping=True)
    return f"{text} {added % {'number': number}}"


PAGES = ImportPages(
    kind=KIND,
    task=read_upload,
    name="organizations:import",
    left="organizations:import",
    template="organizations/import_review.html",
    reviewed=_reviewed,
    guard=operators_only,
)


@require_http_methods(["GET", "HEAD", "POST"])
@operators_only
def upload(request: HttpRequest) -> HttpResponse:
    """Accept a file; redirect to its dry run."""
    form = OrganizationImportForm(request.POST or None, request.FILES or None)
    if form.is_valid():
        invite = form.cleaned_data["invite"]
        options = {INVITE: True} if invite else None
        return PAGES.keep(request, form, options)
    context = {"form": form, "term_columns": TERM_COLUMNS}
    return render(request, "organizations/import.html", context)


@require_safe
@operators_only
def template(request: HttpRequest, kind: str) -> HttpResponseBase:
    """Send an empty file with all columns."""
    return export_response(kind, "organizations", (*COLUMNS, *TERM_COLUMNS), [])
