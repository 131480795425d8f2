"""List planned changes, withdraw some, and mark those that were not possible as dealt with."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from accounts.access import operators_only, signed_in, staff_only
from accounts.models import User
from foundation.lists.pages import render_list
from foundation.lists.selection import ids_in
from foundation.web.return_addresses import redirect_back
from usage.cameras.operations import UsageRefusal
from usage.models import PlannedChange
from usage.planned import operations
from usage.planned.filters import PlannedFilter
from usage.planned.tables import Action, PlannedTable


@require_safe
@staff_only
def planned_changes(request: HttpRequest) -> HttpResponse:
    """List planned changes, the next one first; those that are settled, the latest first."""
    now, every = timezone.now(), PlannedChange.objects.all()
    filterset = PlannedFilter(request.GET, queryset=every, request=request, now=now)
    order = ("at", "pk") if filterset.shows_waiting else ("-at", "-pk")
    rows = filterset.qs.with_names().order_by(*order)
    table = PlannedTable(rows, action=_action(signed_in(request), filterset), now=now)
    return render_list(request, "usage/planned/list.html", table=table, filterset=filterset)


def _action(user: User, filterset: PlannedFilter) -> Action:
    """Return what a person can do with the changes that are listed."""
    if not user.is_operator:
        return ""
    if filterset.shows_waiting:
        return "withdraw"
    return "dismiss" if filterset.shows_impossible else ""


@require_POST
@operators_only
def withdraw(request: HttpRequest) -> HttpResponse:
    """Withdraw the selected planned changes: all of them, or none."""

    def text(number: int) -> str:
        return ngettext(
            "%(number)s planned change has been withdrawn.",
            "%(number)s planned changes have been withdrawn.",
            number,
        )

    return _settle(request, partial(operations.withdraw, now=timezone.now()), text)


@require_POST
@operators_only
def dismiss(request: HttpRequest) -> HttpResponse:
    """Mark the selected changes, which were not possible, as dealt with: all of them, or none."""

    def text(number: int) -> str:
        return ngettext(
            "%(number)s change is marked as dealt with.",
            "%(number)s changes are marked as dealt with.",
            number,
        )

    return _settle(request, operations.dismiss, text)


def _settle(
    request: HttpRequest, operation: Callable[..., int], text: Callable[[int], str]
) -> HttpResponse:
    ids = ids_in(request.POST.getlist("planned"))
    if not ids:
        messages.error(request, _("Select at least one change."))
        return redirect_back(request, reverse("usage:planned"))
    try:
        number = operation(ids=ids, by=signed_in(request))
    except UsageRefusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, text(number) % {"number": number})
    return redirect_back(request, reverse("usage:planned"))
