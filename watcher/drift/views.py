"""Pages of what differs between billing and the platform."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe
from procrastinate.exceptions import AlreadyEnqueued

from accounts.access import operators_only, signed_in, staff_only
from foundation.lists.exports import export_response
from foundation.lists.pages import all_rows, render_list
from foundation.lists.selection import ListChanged, posted_ids
from foundation.web.return_addresses import redirect_back
from watcher import tasks
from watcher.connection.operations import stored_connection
from watcher.drift import operations, pushing
from watcher.drift.exports import EXPORT_COLUMNS, REPORT_COLUMNS, export_rows, report_rows
from watcher.drift.filters import DifferenceFilter, ReportFilter
from watcher.drift.forms import ReasonForm
from watcher.drift.models import DifferenceQuerySet
from watcher.drift.operations import MOST_AT_ONCE
from watcher.drift.refusals import DecisionRefusal
from watcher.drift.shown import sums_of
from watcher.drift.tables import DifferenceTable, ReportTable
from watcher.drift.usage_report import DAYS, has_report
from watcher.errors import error_of
from watcher.models import Difference, ReportDifference, ReportState
from watcher.reading.operations import reading_state

_JOINED = ("organization__owner", "tenant")
# With more joins, PostgreSQL would make them for all rows before it finds those of the page.
_FETCHED = ("tariff", "preset", "there_organization", "there_tariff", "ignored_by")


@require_safe
@staff_only
def differences(request: HttpRequest) -> HttpResponse:
    """List what differs between billing and the platform, with what it costs a month."""
    filterset, table = _listed(request)
    sums = sums_of(filterset)
    return render_list(
        request,
        "watcher/drift/differences.html",
        table=table,
        filterset=filterset,
        total=sums.number,
        export="watcher:differences",
        sums=sums,
        reading=reading_state(),
        connection=stored_connection(),
    )


@require_safe
@staff_only
def export(request: HttpRequest, kind: str) -> HttpResponseBase:
    """Export the list, with its filter and order, as a file."""
    _filterset, table = _listed(request)
    rows = export_rows(all_rows(request, table))
    return export_response(kind, "differences", EXPORT_COLUMNS, rows)


def _filtered(request: HttpRequest, query: QueryDict) -> DifferenceFilter:
    return DifferenceFilter(query, queryset=Difference.objects.all(), request=request)


def _listed(request: HttpRequest) -> tuple[DifferenceFilter, DifferenceTable]:
    filterset = _filtered(request, request.GET)
    table = DifferenceTable(
        filterset.qs.select_related(*_JOINED).prefetch_related(*_FETCHED),
        can_decide=signed_in(request).is_operator,
        shows_ignored=filterset.shows_ignored,
    )
    return filterset, table


@require_POST
@operators_only
def use_platform(request: HttpRequest) -> HttpResponse:
    """Take over what the platform has of the selected differences."""

    def decide(ids: list[int]) -> str:
        decided = operations.use_platform(ids=ids, by=signed_in(request), now=timezone.now())
        if decided.held:
            text = ngettext(
                "%(number)s difference is held back, or proposed as a correction of invoiced time: "
                "see Changes.",
                "%(number)s differences are held back, or proposed as corrections of invoiced "
                "time: see Changes.",
                decided.held,
            )
            messages.warning(request, text % {"number": _shown(decided.held)})
        if not decided.done:
            return ""
        return ngettext(
            "%(number)s difference was resolved as in Watcher.",
            "%(number)s differences were resolved as in Watcher.",
            decided.done,
        ) % {"number": _shown(decided.done)}

    return _decide(request, decide)


@require_POST
@operators_only
def push_ours(request: HttpRequest) -> HttpResponse:
    """Request that the platform gets what billing has of the selected differences."""

    def decide(ids: list[int]) -> str:
        number = pushing.push_ours(ids=ids, by=signed_in(request), now=timezone.now())
        if not number:
            return _("All of that is requested already.")
        return ngettext(
            "%(number)s change of Watcher was requested.",
            "%(number)s changes of Watcher were requested.",
            number,
        ) % {"number": _shown(number)}

    return _decide(request, decide)


@require_POST
@operators_only
def ignore(request: HttpRequest) -> HttpResponse:
    """Leave the selected differences as they are, for a reason."""
    form = ReasonForm(request.POST)
    if not form.is_valid():
        messages.error(request, " ".join(map(str, form.errors["reason"])))
        return redirect_back(request, reverse("watcher:differences"))

    def decide(ids: list[int]) -> str:
        number = operations.ignore(
            ids=ids,
            reason=form.cleaned_data["reason"],
            by=signed_in(request),
            now=timezone.now(),
        )
        return ngettext(
            "%(number)s difference is ignored until something else differs.",
            "%(number)s differences are ignored until something else differs.",
            number,
        ) % {"number": _shown(number)}

    return _decide(request, decide)


@require_POST
@operators_only
def list_again(request: HttpRequest) -> HttpResponse:
    """List the selected differences that were ignored."""

    def decide(ids: list[int]) -> str:
        number = operations.list_again(ids=ids)
        return ngettext(
            "%(number)s difference is listed again.",
            "%(number)s differences are listed again.",
            number,
        ) % {"number": _shown(number)}

    return _decide(request, decide)


def _decide(request: HttpRequest, decide: Callable[[list[int]], str]) -> HttpResponse:
    """Have the selected differences decided about, and say what became of them."""

    def rows_of(query: QueryDict) -> DifferenceQuerySet:
        rows: DifferenceQuerySet = _filtered(request, query).qs
        return rows

    try:
        ids = posted_ids(request, "difference", rows_of, most=MOST_AT_ONCE)
        if not ids:
            messages.error(request, _("Select at least one difference."))
        elif text := decide(ids):
            messages.success(request, text)
    except (ListChanged, DecisionRefusal) as refusal:
        messages.error(request, str(refusal))
    return redirect_back(request, reverse("watcher:differences"))


def _shown(number: int) -> str:
    return number_format(number, force_grouping=True)


@require_safe
@staff_only
def report(request: HttpRequest) -> HttpResponse:
    """List the days on which usage differs from the platform's own report."""
    filterset, table = _reported(request)
    state = ReportState.objects.first()
    failure = error_of(state.failure) if state else None
    connection = stored_connection()
    return render_list(
        request,
        "watcher/drift/report.html",
        table=table,
        filterset=filterset,
        export="watcher:report",
        state=state,
        failure=str(failure) if failure else "",
        most_days=DAYS,
        connection=connection,
        can_compare=signed_in(request).is_operator and has_report(connection),
    )


@require_POST
@operators_only
def compare_report(request: HttpRequest) -> HttpResponse:
    """Have usage compared with the platform's own report by a job, as once a day."""
    try:
        with transaction.atomic():
            tasks.compare_usage.defer()
    except AlreadyEnqueued:
        messages.info(request, _("The usage report is about to be read already."))
    else:
        text = _("The usage report is being read. Load this page again in a moment.")
        messages.success(request, text)
    return redirect("watcher:report")


@require_safe
@staff_only
def export_report(request: HttpRequest, kind: str) -> HttpResponseBase:
    """Export the days that differ from the platform's own report."""
    _filterset, table = _reported(request)
    rows = report_rows(all_rows(request, table))
    return export_response(kind, "usage-report", REPORT_COLUMNS, rows)


def _reported(request: HttpRequest) -> tuple[ReportFilter, ReportTable]:
    every = ReportDifference.objects.all()
    filterset = ReportFilter(request.GET, queryset=every, request=request)
    return filterset, ReportTable(filterset.qs.select_related("camera", "organization"))
