"""Pages of scheduled runs."""

from __future__ import annotations

from typing import Any, ClassVar, cast

from crispy_forms.helper import FormHelper
from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import operators_only, signed_in, staff_only
from foundation.audit.history import HistoryPart
from foundation.lists.pages import ROWS_A_PAGE
from foundation.web.edit_conflicts import conflict_of
from foundation.web.versions import EditedByOthers, version_of
from invoices.issuing.refusals import recall
from invoices.runs import schedules
from invoices.runs.schedule_models import RunSchedule, ScheduledStart
from invoices.runs.schedules import ScheduleGone, TimeTaken, due_at

PARTS = (HistoryPart("invoices.RunScheduleEvent"),)


class ScheduleForm(forms.ModelForm):  # type: ignore[type-arg]
    """When a run is started, and what it does."""

    class Meta:
        model = RunSchedule
        fields = ("day", "at", "action")
        widgets: ClassVar = {
            "day": forms.NumberInput(attrs={"min": 1, "max": 31}),
            # As text: a browser's own field writes times as its language does, not as the page's.
            "at": forms.TimeInput(
                attrs={"placeholder": "06:00", "maxlength": 5, "autocomplete": "off"},
                format="%H:%M",
            ),
        }
        help_texts: ClassVar = {
            "day": gettext_lazy("29 to 31 is the last day of a shorter month."),
        }
        error_messages: ClassVar = {
            "at": {"invalid": gettext_lazy("Enter a time from 00:00 to 23:59, for example 06:00.")},
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False
        # Two times that look the same are the same.
        cast(forms.TimeField, self.fields["at"]).input_formats = ["%H:%M"]

    def clean(self) -> dict[str, Any]:
        """Refuse the day and time of another schedule, beside the time."""
        entered = self.cleaned_data
        when = {name: entered[name] for name in ("day", "at") if name in entered}
        others = RunSchedule.objects.exclude(pk=self.instance.pk)
        if len(when) == 2 and others.filter(**when).exists():
            self.add_error("at", str(TimeTaken()))
        return entered

    def entries(self) -> dict[str, Any]:
        """Return what was entered, for the operations."""
        return {name: self.cleaned_data[name] for name in self.Meta.fields}


@staff_only
@require_http_methods(["GET", "HEAD", "POST"])
def run_schedules(request: HttpRequest) -> HttpResponseBase:
    """List scheduled runs and their last starts; operators add one."""
    now = timezone.now()
    is_operator = signed_in(request).is_operator
    form = ScheduleForm(request.POST or None, initial={"day": 1, "at": "06:00"})
    if request.method == "POST":
        return _add(request, form)
    every = list(RunSchedule.objects.all())
    starts = ScheduledStart.objects.select_related("schedule")[:ROWS_A_PAGE]
    context = {
        "form": form if is_operator else None,
        "schedules": [(each, due_at(each.next_on, each.at)) for each in every],
        "starts": [(each, recall(each.reason, {})) for each in starts],
        "zone": timezone.get_default_timezone_name(),
        "now": now,
    }
    return render(request, "invoices/runs/schedules.html", context)


@operators_only
def _add(request: HttpRequest, form: ScheduleForm) -> HttpResponse:
    if not form.is_valid():
        return _form_page(request, form)
    try:
        schedules.create(**form.entries(), now=timezone.now())
    except TimeTaken as refusal:
        form.add_error("at", str(refusal))
        return _form_page(request, form)
    messages.success(request, _("The run is scheduled."))
    return redirect("invoices:schedules")


@operators_only
@require_http_methods(["GET", "HEAD", "POST"])
def edit_schedule(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a scheduled run."""
    if request.method == "POST" and not RunSchedule.objects.filter(pk=pk).exists():
        return _gone(request)
    schedule = get_object_or_404(RunSchedule, pk=pk)
    stored = version_of(schedules.stored_values(schedule))
    shown = request.POST.get("version", "") if request.method == "POST" else stored
    form = ScheduleForm(request.POST or None, instance=schedule)
    context = {"schedule": schedule, "version": shown, "reload": request.path}
    if request.method != "POST" or not form.is_valid():
        return _form_page(request, form, **context)
    try:
        schedules.change(schedule_id=pk, **form.entries(), now=timezone.now(), shown=shown)
    except ScheduleGone:
        return _gone(request)
    except TimeTaken as refusal:
        form.add_error("at", str(refusal))
        return _form_page(request, form, **context)
    except EditedByOthers as error:
        user_id = signed_in(request).pk
        conflict = conflict_of(error, form=form, pk=pk, parts=PARTS, user_id=user_id)
        context |= {"conflict": conflict, "version": conflict.version}
        return _form_page(request, form, **context)
    messages.success(request, _("The scheduled run has been changed."))
    return redirect("invoices:schedules")


@require_POST
@operators_only
def pause_schedule(request: HttpRequest, pk: int) -> HttpResponse:
    """Pause a scheduled run, or resume it."""
    is_paused = "resume" not in request.POST
    try:
        schedules.pause(schedule_id=pk, is_paused=is_paused, now=timezone.now())
    except ScheduleGone:
        return _gone(request)
    text = _("The scheduled run is paused.") if is_paused else _("The scheduled run is resumed.")
    messages.success(request, text)
    return redirect("invoices:schedules")


@require_POST
@operators_only
def delete_schedule(request: HttpRequest, pk: int) -> HttpResponse:
    """Delete a scheduled run."""
    schedules.delete(schedule_id=pk)
    messages.success(request, _("The scheduled run has been deleted."))
    return redirect("invoices:schedules")


def _form_page(request: HttpRequest, form: ScheduleForm, **context: Any) -> HttpResponse:
    context |= {"form": form, "zone": timezone.get_default_timezone_name()}
    return render(request, "invoices/runs/schedule.html", context)


def _gone(request: HttpRequest) -> HttpResponse:
    messages.error(request, _("Someone has deleted this scheduled run."))
    return redirect("invoices:schedules")
