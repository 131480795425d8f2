"""Import usage in the browser: upload a file, review its changes, then apply all or nothing."""

from functools import partial
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
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
from rating.periods import next_month
from usage.corrections.shown import shown_changes
from usage.imports import COLUMNS, ImportReport, Replacement, import_usage
from usage.imports.difference import MOST_SHOWN, Difference
from usage.imports.forms import UsageImportForm
from usage.imports.months import months_from, months_text

KIND = "usage"
UPLOAD = "usage:import"


@require_http_methods(["GET", "HEAD", "POST"])
@operators_only
def upload(request: HttpRequest) -> HttpResponse:
    """Accept a file, and redirect to the page with its dry run."""
    form = UsageImportForm(request.POST or None, request.FILES or None)
    if form.is_valid():
        kept = keep_file(form, kind=KIND, user_id=signed_in(request).pk)
        address = reverse("usage:import_review", args=[kept.pk])
        query = f"?replace={months_text(form.months)}" if form.months else ""
        return HttpResponseRedirect(address + query)
    return render(request, "usage/import.html", {"form": form, "columns": COLUMNS})


@require_http_methods(["GET", "HEAD", "POST"])
@operators_only
def review(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show what an uploaded file would change; on POST, apply it.

    With `replace` in the query, the file replaces usage in these months. If the difference has
    changed since it was shown, nothing is applied, and the new one is shown.
    """
    try:
        months = months_from(request.GET["replace"]) if "replace" in request.GET else None
    except ValueError:
        return redirect(UPLOAD)
    # What is posted is applied only if it was shown.
    shown = request.POST.get("shown", "") if request.method == "POST" else None
    replace = Replacement(months, shown) if months else None
    do_import = partial(import_usage, now=timezone.now(), replace=replace, by=signed_in(request))
    try:
        kept, report = dry_run_or_import(request, pk, kind=KIND, do_import=do_import)
    except UploadGone:
        return report_missing_file(request, UPLOAD)
    if report.has_changed:
        messages.warning(request, _("Nothing was imported: check again what changes."))
        return HttpResponseRedirect(request.get_full_path())
    if request.method == "POST" and not report.is_refused:
        messages.success(request, _done(report))
        return redirect(UPLOAD)
    context = {"kept": kept, "report": report, "affected": report.affected, "months": months}
    context["is_one_month"] = months is not None and months.last < next_month(months.start)
    context |= difference_context(report.difference) | wrong_lines_of(report)
    return render(request, "usage/import_review.html", context)


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
        "several_organizations": len(found.spans) > 1,
    }


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
