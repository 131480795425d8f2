"""Pages that preview, start and follow invoice runs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Prefetch, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST, require_safe

from accounts.access import operators_only, signed_in, staff_only
from foundation.audit.history import render_history
from foundation.jobs.setup import has_worker
from foundation.lists.pages import ROWS_A_PAGE, render_list
from foundation.lists.selection import ids_in
from foundation.web.fields import MonthField
from foundation.web.return_addresses import redirect_back
from invoices.history import parts_of_run
from invoices.issuing.refusals import (
    DraftsWaiting,
    IssueRefusal,
    MonthNotBegun,
    PeriodNotOver,
    RunUnderWay,
    recall,
    summary_of,
)
from invoices.many.selection import shown_versions
from invoices.models import Invoice, UninvoicedMonth
from invoices.months import has_begun
from invoices.runs import exclusions, releasing
from invoices.runs import operations as runs
from invoices.runs.exclusions import excluded_from
from invoices.runs.models import InvoiceRun, RunDraft, RunExclusion, RunItem
from invoices.runs.phases import phase_of
from invoices.runs.previews import NotOver, PreviewFilter, PreviewTable, not_over
from invoices.uninvoiced.fixes import Blocker, Fixes
from invoices.uninvoiced.models import waiting_in
from organizations.models import Organization
from rating.periods import Period, month_of
from tariffs.provider_calendar import provider_date


class MonthForm(forms.Form):
    """The month of a run. It must have begun."""

    month = MonthField(label=gettext_lazy("Month"))

    def __init__(self, *args: Any, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.now = now
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True

    def clean_month(self) -> date:
        """Refuse a month that has not begun."""
        month: date = self.cleaned_data["month"]
        if not has_begun(month, self.now):
            raise forms.ValidationError(str(MonthNotBegun()))
        return month


@require_safe
@staff_only
def invoice_runs(request: HttpRequest) -> HttpResponse:
    """Offer a run for last month or another month, and list the runs that were started."""
    now = timezone.now()
    last_month = month_of(provider_date(now), months_before=1).start
    submitted = request.GET if "month" in request.GET else None
    form = MonthForm(submitted, initial={"month": last_month}, now=now)
    if form.is_bound and form.is_valid():
        return redirect(_address(form.cleaned_data["month"]))
    every = InvoiceRun.objects.select_related("started_by")
    page = Paginator(every, ROWS_A_PAGE).get_page(request.GET.get("page"))
    progress = runs.progress_of_all(list(page))
    listed = [(run, progress[run.pk], phase_of(run, progress[run.pk])) for run in page]
    context = {
        "form": form,
        "runs": listed,
        "page": page,
    }
    return render(request, "invoices/runs.html", context)


@require_safe
@staff_only
def invoice_run(request: HttpRequest, month: date) -> HttpResponse:
    """Show the preview of a month's run, or its progress once it has started."""
    now = timezone.now()
    if not has_begun(month, now):
        raise Http404
    period = month_of(month)
    people = ("started_by", "drafted_by", "released_by", "withdrawn_by")
    run = InvoiceRun.objects.filter(month=month).select_related(*people).first()
    context: dict[str, Any] = {
        "month": month,
        "period": period,
        "run": run,
        "excluded": _excluded(request, month),
        "excluded_number": excluded_from(month).count(),
    }
    if run is None:
        return _preview(request, period, now, context)
    progress = runs.progress_of(run)
    context |= {
        "progress": progress,
        "phase": phase_of(run, progress),
        "is_stuck": progress.unfinished and not has_worker(now),
        # If its jobs were lost, it can be continued.
        "has_jobs": bool(progress.unfinished) and runs.has_jobs(),
    }
    if not progress.unfinished:
        context["issued"] = runs.sums_of(run)
        if progress.for_release:
            context["for_release"] = releasing.for_release(run)
    return render(request, "invoices/run.html", context | _items(request, run))


@require_safe
@staff_only
def history(request: HttpRequest, month: date) -> HttpResponse:
    """Show who created and released a month's drafts, and which organizations are left out."""
    run = get_object_or_404(InvoiceRun, month=month)
    return render_history(
        request,
        of=InvoiceRun,
        pk=run.pk,
        parts=parts_of_run(month),
        up=(reverse("invoices:runs"), _("Invoice run")),
        links=[(_address(month), _("Run"))],
    )


def _preview(
    request: HttpRequest, period: Period, now: datetime, context: dict[str, Any]
) -> HttpResponse:
    """Show what a run would issue, from the stored months without an invoice."""
    months = UninvoicedMonth.objects.filter(month=period.start)
    months = months.exclude(organization__in=excluded_from(period.start))
    filterset = PreviewFilter(_of_preview(request.GET), queryset=months)
    ready, blocked = months.organizations()
    is_over = period.end <= provider_date(now)
    # Before, this is so for nearly all, and the page says it once.
    behind = not_over(period.start, now, request.GET) if is_over else NotOver(0, ())
    rows = filterset.qs.with_title().select_related("organization")
    return render_list(
        request,
        "invoices/run.html",
        table=PreviewTable(
            rows,
            of=period.start,
            back=request.get_full_path(),
            can_select=signed_in(request).is_operator,
        ),
        filterset=filterset,
        sums=months.sums(),
        ready=ready,
        blocked=blocked + behind.number,
        not_over=behind,
        waiting=waiting_in(period.start),
        is_over=is_over,
        is_used=runs.is_used(period.start),
        **context,
    )


def _of_preview(asked: QueryDict) -> QueryDict:
    """Return what is asked of a preview, with its own word for a status of a run's items.

    The address of the items of a run is that of the preview while there is no run.
    """
    state = asked.get("state")
    if state not in RunItem.State.values:
        return asked
    changed = asked.copy()
    changed["state"] = "blocked" if state == RunItem.State.REFUSED else ""
    return changed


@require_POST
@operators_only
def start(request: HttpRequest, month: date) -> HttpResponse:
    """Start a month's run, or the missing part of it; with `drafts`, only create drafts."""
    drafts_only = "drafts" in request.POST
    try:
        run = runs.start(
            month=month, now=timezone.now(), by=signed_in(request), drafts_only=drafts_only
        )
    except (DraftsWaiting, RunUnderWay) as refusal:
        messages.error(request, str(refusal))
        return redirect(_address(month))
    except IssueRefusal as refusal:
        messages.error(request, str(refusal))
        return redirect("invoices:runs")
    if not runs.progress_of(run).unfinished:
        messages.info(request, _("There is nothing left to issue for this month."))
    return redirect(_address(month))


@require_POST
@operators_only
def release(request: HttpRequest, month: date) -> HttpResponse:
    """Release the drafts of a month that were shown."""
    shown = request.POST.get("shown", "")
    try:
        releasing.release(month=month, shown=shown, now=timezone.now(), by=signed_in(request))
    except IssueRefusal as refusal:
        messages.error(request, str(refusal))
    return redirect(_address(month))


@require_POST
@operators_only
def withdraw(request: HttpRequest, month: date) -> HttpResponse:
    """Withdraw the drafts of a month."""
    try:
        number = releasing.withdraw(month=month, now=timezone.now(), by=signed_in(request))
    except IssueRefusal as refusal:
        messages.error(request, str(refusal))
    else:
        text = ngettext(
            "%(number)s draft was withdrawn.", "%(number)s drafts were withdrawn.", number
        )
        messages.success(request, text % {"number": number})
    return redirect(_address(month))


@require_POST
@operators_only
def accept(request: HttpRequest, month: date) -> HttpResponse:
    """Accept the new amounts of the selected organizations."""
    try:
        number = releasing.accept(
            month=month,
            organization_ids=_selected(request),
            shown=shown_versions(request.POST),
        )
    except IssueRefusal as refusal:
        messages.error(request, str(refusal))
        return redirect(_address(month))
    text = ngettext(
        "%(number)s new amount is accepted and waits for release.",
        "%(number)s new amounts are accepted and wait for release.",
        number,
    )
    return _after_choice(
        request, month, number, text, _("Select an organization whose amount has changed.")
    )


@require_POST
@operators_only
def exclude(request: HttpRequest, month: date) -> HttpResponse:
    """Leave the selected organizations out of the runs for a month."""
    number = exclusions.exclude(month=month, organization_ids=_selected(request))
    text = ngettext(
        "%(number)s organization is left out of the run.",
        "%(number)s organizations are left out of the run.",
        number,
    )
    return _after_choice(
        request,
        month,
        number,
        text,
        _("The selected organizations are already left out of the run."),
    )


@require_POST
@operators_only
def include(request: HttpRequest, month: date) -> HttpResponse:
    """Include the selected organizations in the runs for a month again."""
    number = exclusions.include(month=month, organization_ids=_selected(request))
    text = ngettext(
        "%(number)s organization is included again.",
        "%(number)s organizations are included again.",
        number,
    )
    return _after_choice(
        request, month, number, text, _("The selected organizations are already included.")
    )


def _selected(request: HttpRequest) -> list[int]:
    return ids_in(request.POST.getlist("organization"))


def _after_choice(
    request: HttpRequest, month: date, number: int, text: str, none: str
) -> HttpResponse:
    if number:
        messages.success(request, text % {"number": number})
    else:
        is_none = not _selected(request)
        messages.error(request, _("Select at least one organization.") if is_none else none)
    return redirect_back(request, _address(month))


def _items(request: HttpRequest, run: InvoiceRun) -> dict[str, Any]:
    state = request.GET.get("state", "")
    if state == "blocked":  # The word of the preview, which had this address before the run.
        state = RunItem.State.REFUSED.value
    items = run.items.select_related("organization").order_by("organization__title", "pk")
    if state in RunItem.State.values:
        items = items.filter(state=state)
    if state in RunItem.DRAFTS:
        items = items.exclude(organization__in=excluded_from(run.month))
    if query := request.GET.get("q", "").strip():
        named = Organization.objects.search(query).order_by()
        items = items.filter(organization__in=named.values("pk"))
    reason = request.GET.get("reason", "")
    # Reasons are names of classes. Other texts may be what the database does not accept.
    reason = reason if reason.isidentifier() else ""
    if reason:
        items = items.filter(reason=reason)
    items = items.prefetch_related(Prefetch("drafts", RunDraft.objects.order_by("currency")))
    page = Paginator(items, ROWS_A_PAGE).get_page(request.GET.get("page"))
    invoices: dict[int, list[Invoice]] = defaultdict(list)
    found = runs.invoices_of(run.month).filter(
        organization__in=[item.organization_id for item in page]
    )
    for invoice in found.select_related("open_item"):
        invoices[invoice.organization_id].append(invoice)
    left_out = runs.corrections_left_out(list(page))
    blockers = _blockers(list(page), month_of(run.month), request.get_full_path())
    excluded = _drafts_of_excluded(list(page), run.month)
    shown = [
        (
            item,
            item.pk in excluded,
            invoices[item.organization_id],
            left_out[item.pk],
            blockers.get(item.pk),
        )
        for item in page
    ]
    return {
        "page": page,
        "items": shown,
        "state": state,
        "states": RunItem.State,
        "q": query,
        "can_select": signed_in(request).is_operator
        and any(
            item.state in RunItem.WAITING_FOR_RELEASE and item.pk not in excluded for item in page
        ),
        "reason": reason,
        "reason_text": summary_of(reason) or reason,
    }


def _excluded(request: HttpRequest, month: date) -> QuerySet[RunExclusion]:
    """Return the first exclusions from a month's runs; a search finds the others."""
    found = RunExclusion.objects.filter(month=month).order_by("organization__title", "pk")
    if query := request.GET.get("q", "").strip():
        named = Organization.objects.search(query).order_by()
        found = found.filter(organization__in=named.values("pk"))
    return found.select_related("organization")[:ROWS_A_PAGE]


def _drafts_of_excluded(items: Sequence[RunItem], month: date) -> set[int]:
    """Return the ids of items with drafts that are not released, because they are left out."""
    drafts = {item.organization_id: item.pk for item in items if item.state in RunItem.DRAFTS}
    excluded = excluded_from(month).filter(organization__in=drafts) if drafts else ()
    return {drafts[pk] for pk in excluded}


def _blockers(items: Sequence[RunItem], month: Period, back: str) -> dict[int, Blocker]:
    """Return what blocks items, by their id; pages that fix it lead `back`."""
    refused = [(item, recall(item.reason, item.details)) for item in items]
    fixes = Fixes({item.organization for item, refusal in refused if refusal}, back)
    return {
        item.pk: Blocker(str(refusal), _fix_of(refusal, item, month, fixes))
        for item, refusal in refused
        if refusal
    }


def _fix_of(refusal: IssueRefusal, item: RunItem, month: Period, fixes: Fixes) -> str:
    """Return the address where a reason can be removed, or "" if it goes away with time."""
    if isinstance(refusal, PeriodNotOver):
        return ""
    return fixes.address_of(refusal, item.organization_id, month)


def _address(month: date) -> str:
    return reverse("invoices:run", args=[month])
