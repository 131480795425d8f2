"""Import usage in the browser: upload a file, review its changes, then apply all or nothing."""

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
from rating.periods import next_month
from usage.corrections.shown import shown_changes
from usage.imports import COLUMNS, ImportReport
from usage.imports.difference import MOST_SHOWN, Difference
from usage.imports.forms import UsageImportForm
from usage.imports.months import months_from, months_text
from usage.imports.uploads import KIND, REPLACED
from usage.tasks import read_upload


def _reviewed(kept: UploadedFile, report: ImportReport) -> dict[str, Any]:
    """Return the context that the preview needs."""
    months = months_from(kept.options[REPLACED]) if REPLACED in kept.options else None
    context: dict[str, Any] = {"affected": report.affected, "months": months}
    context["is_one_month"] = months is not None and months.last < next_month(months.start)
    if kept.state == UploadedFile.State.IMPORTED:
        return context | {"done": _done(report)}
    return context | difference_context(report.difference)


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


def _done(report: ImportReport) -> str:
    if report.changes_nothing:
        return _(
            "Import complete. Everything in the file was already recorded, so nothing has changed."
        )
    added = ngettext(
        "%(number)s interval added", "%(number)s intervals added", report.intervals_added
    ) % {"number": number_format(report.intervals_added, force_grouping=True)}
    if report.difference is not None:
        changed = ngettext(
            "%(number)s interval changed", "%(number)s intervals changed", report.intervals_changed
        ) % {"number": number_format(report.intervals_changed, force_grouping=True)}
        removed = ngettext(
            "%(number)s interval removed", "%(number)s intervals removed", report.intervals_removed
        ) % {"number": number_format(report.intervals_removed, force_grouping=True)}
        return _("Import complete: %(added)s, %(changed)s, %(removed)s.") % {
            "added": added,
            "changed": changed,
            "removed": removed,
        }
    ended = ngettext(
        "%(number)s interval ended", "%(number)s intervals ended", report.intervals_ended
    ) % {"number": number_format(report.intervals_ended, force_grouping=True)}
    created = ngettext(
        "%(number)s camera created", "%(number)s cameras created", report.cameras_created
    ) % {"number": number_format(report.cameras_created, force_grouping=True)}
    return _("Import complete: %(added)s, %(ended)s, %(created)s.") % {
        "added": added,
        "ended": ended,
        "created": created,
    }


PAGES = ImportPages(
    kind=KIND,
    task=read_upload,
    name="usage:import",
    left="usage:import",
    template="usage/import_review.html",
    reviewed=_reviewed,
    guard=operators_only,
)


@require_http_methods(["GET", "HEAD", "POST"])
@operators_only
def upload(request: HttpRequest) -> HttpResponse:
    """Accept a file, and redirect to the page with its dry run."""
    form = UsageImportForm(request.POST or None, request.FILES or None)
    if form.is_valid():
        options = {REPLACED: months_text(form.months)} if form.months else None
        return PAGES.keep(request, form, options)
    return render(request, "usage/import.html", {"form": form, "columns": COLUMNS})
