"""Pages of reminders: what is to be sent, and what was sent."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST, require_safe

from accounts.access import operators_only, signed_in, staff_only
from foundation.lists.pages import render_list
from foundation.lists.selection import ListChanged, posted_ids
from foundation.web.return_addresses import redirect_back
from organizations.access import sees_all_of, sees_organization
from organizations.contacts.recipients import reminder_addresses
from reminders import sending
from reminders.currencies import used_currencies
from reminders.filters import ReminderFilter
from reminders.follow_ups import decline, open_suspension, suspension_address
from reminders.models import MAX_REASON, FollowUp, Level, Reminder, ReminderState
from reminders.refusals import ReminderRefusal
from reminders.tables import ReminderTable


class ReasonForm(forms.Form):
    """Say why something is not done."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=MAX_REASON,
        error_messages={"required": gettext_lazy("Enter a reason.")},
    )


@require_safe
@staff_only
def reminders(request: HttpRequest) -> HttpResponse:
    """List reminders; by default, those that are proposed, the oldest first."""
    filterset = _filtered(request, request.GET)
    rows = filterset.qs.select_related("organization", "level")
    table = ReminderTable(
        rows,
        can_decide=signed_in(request).is_operator,
        shows=filterset.shows,
        now=timezone.now(),
    )
    return render_list(
        request,
        "reminders/list.html",
        table=table,
        filterset=filterset,
        has_levels=Level.objects.filter(is_active=True).exists(),
    )


def _filtered(request: HttpRequest, query: QueryDict) -> ReminderFilter:
    return ReminderFilter(
        query, queryset=Reminder.objects.all(), request=request, currencies=used_currencies()
    )


@require_safe
def reminder(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a reminder: to its owner, if it was sent, and to staff."""
    user, now = signed_in(request), timezone.now()
    visible = Reminder.objects.visible_to(user)
    shown = get_object_or_404(visible.select_related("organization", "level", "decided_by"), pk=pk)
    items = shown.items.select_related("invoice", "level").order_by("pk")
    context: dict[str, Any] = {
        "reminder": shown,
        "items": items,
        "mails": shown.mails.order_by("pk"),
        "sees_organization": sees_organization(user, shown.organization_id)
        and sees_all_of(user, shown.organization),
    }
    if shown.state == ReminderState.PROPOSED:
        found = reminder_addresses([shown.organization])
        context["addresses"] = found.get(shown.organization_id, ())
    if user.is_operator and shown.follow_up == FollowUp.SUSPEND:
        context["suspend_at"] = suspension_address(shown, now)
    if user.is_operator and shown.follow_up == FollowUp.RESTORE:
        day = shown.organization.date_at(now)
        context["suspension"] = open_suspension(shown.organization, day)
    return render(request, "reminders/reminder.html", context)


@require_POST
@operators_only
def send(request: HttpRequest) -> HttpResponse:
    """Have the selected reminders sent."""

    def decide(ids: list[int]) -> str:
        number = sending.approve(ids=ids, now=timezone.now(), by=signed_in(request))
        text = ngettext(
            "%(number)s reminder is being sent.", "%(number)s reminders are being sent.", number
        )
        return text % {"number": _shown(number)}

    return _decide(request, decide)


@require_POST
@operators_only
def skip(request: HttpRequest) -> HttpResponse:
    """Skip the selected reminders, for a reason."""
    form = ReasonForm(request.POST)
    if not form.is_valid():
        messages.error(request, " ".join(map(str, form.errors["reason"])))
        return redirect_back(request, reverse("reminders:list"))

    def decide(ids: list[int]) -> str:
        number = sending.skip(
            ids=ids,
            reason=form.cleaned_data["reason"],
            now=timezone.now(),
            by=signed_in(request),
        )
        text = ngettext(
            "%(number)s reminder was skipped.", "%(number)s reminders were skipped.", number
        )
        return text % {"number": _shown(number)}

    return _decide(request, decide)


def _decide(request: HttpRequest, decide: Callable[[list[int]], str]) -> HttpResponse:
    """Decide on the selected reminders, or on all that the filter finds."""
    try:
        ids = posted_ids(
            request,
            "reminder",
            lambda query: _filtered(request, query).qs,
            most=sending.MOST_AT_ONCE,
        )
        if ids:
            messages.success(request, decide(ids))
        else:
            messages.error(request, _("Select at least one reminder."))
    except (ListChanged, ReminderRefusal) as refusal:
        messages.error(request, str(refusal))
    return redirect_back(request, reverse("reminders:list"))


@require_POST
@operators_only
def decline_follow_up(request: HttpRequest, pk: int) -> HttpResponse:
    """Decide that nothing follows a reminder of the last level."""
    get_object_or_404(Reminder, pk=pk)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        messages.error(request, " ".join(map(str, form.errors["reason"])))
    else:
        try:
            decline(reminder_id=pk, reason=form.cleaned_data["reason"])
        except ReminderRefusal as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("Nothing more is proposed for this reminder."))
    return redirect_back(request, reverse("reminders:reminder", args=[pk]))


def _shown(number: int) -> str:
    return number_format(number, force_grouping=True)
