"""List planned changes, and withdraw some."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from accounts.access import operators_only, signed_in, staff_only
from foundation.lists.pages import render_list
from foundation.web.return_addresses import redirect_back
from usage.cameras.operations import UsageRefusal
from usage.models import PlannedChange
from usage.planned import operations
from usage.planned.filters import PlannedFilter
from usage.planned.tables import PlannedTable


@require_safe
@staff_only
def planned_changes(request: HttpRequest) -> HttpResponse:
    """List planned changes, the next one first; those that are settled, the latest first."""
    filterset = PlannedFilter(request.GET, queryset=PlannedChange.objects.all(), request=request)
    order = ("at", "pk") if filterset.shows_waiting else ("-at", "-pk")
    rows = filterset.qs.with_names().order_by(*order)
    can_withdraw = signed_in(request).is_operator and filterset.shows_waiting
    table = PlannedTable(rows, can_withdraw=can_withdraw)
    return render_list(request, "usage/planned/list.html", table=table, filterset=filterset)


@require_POST
@operators_only
def withdraw(request: HttpRequest) -> HttpResponse:
    """Withdraw the selected planned changes: all of them, or none."""
    chosen = request.POST.getlist("planned")
    # Longer numbers may not fit into an id, which has at most 19 digits.
    ids = {int(each) for each in chosen if each.isdecimal() and len(each) < 19}
    if not ids:
        messages.error(request, _("Select at least one change."))
        return redirect_back(request, reverse("usage:planned"))
    try:
        number = operations.withdraw(ids=ids, now=timezone.now(), by=signed_in(request))
    except UsageRefusal as refusal:
        messages.error(request, str(refusal))
    else:
        text = ngettext(
            "%(number)s planned change has been withdrawn.",
            "%(number)s planned changes have been withdrawn.",
            number,
        )
        messages.success(request, text % {"number": number})
    return redirect_back(request, reverse("usage:planned"))
