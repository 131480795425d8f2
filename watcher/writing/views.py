"""List what is requested of Watcher, have it tried again, and withdraw it; request presets."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from accounts.access import operators_only, signed_in, staff_only
from foundation.audit.history import HistoryPart, render_history
from foundation.lists.pages import render_list
from foundation.lists.selection import ListChanged, ids_in, posted_ids
from foundation.web.return_addresses import redirect_back
from watcher.models import WriteRequest
from watcher.writing import operations
from watcher.writing.filters import RequestFilter
from watcher.writing.models import WriteRequestQuerySet
from watcher.writing.presets import PRESET_CREATION, HasPreset, NotOffered, create_presets
from watcher.writing.shown import label_of, said_of_event
from watcher.writing.tables import RequestTable

PARTS = (
    HistoryPart("watcher.WriteRequestEvent", shown={"kind": label_of, "wanted": said_of_event}),
)


@require_safe
@staff_only
def requests(request: HttpRequest) -> HttpResponse:
    """List requested changes; by default, those that are not done."""
    filterset = _filtered(request, request.GET)
    rows = filterset.qs.select_related("organization", "requested_by", "decided_by")
    can_decide = signed_in(request).is_operator and filterset.shows_open
    table = RequestTable(rows.order_by("-pk"), can_decide=can_decide)
    return render_list(request, "watcher/writing/requests.html", table=table, filterset=filterset)


@require_safe
@staff_only
def history(request: HttpRequest, pk: int) -> HttpResponse:
    """Show who asked for a change and decided about it, and what became of it when."""
    up = reverse("watcher:requests"), _("Requested changes")
    return render_history(request, of=WriteRequest, pk=pk, parts=PARTS, up=up)


def _filtered(request: HttpRequest, query: QueryDict) -> RequestFilter:
    return RequestFilter(query, queryset=WriteRequest.objects.all(), request=request)


@require_POST
@operators_only
def retry(request: HttpRequest) -> HttpResponse:
    """Have the selected requests tried again."""

    def text(number: int) -> str:
        return ngettext(
            "%(number)s change is being tried again.",
            "%(number)s changes are being tried again.",
            number,
        )

    return _decide(request, operations.retry, text)


@require_POST
@operators_only
def withdraw(request: HttpRequest) -> HttpResponse:
    """Withdraw the selected requests; Watcher stays as it is."""

    def text(number: int) -> str:
        return ngettext(
            "%(number)s request has been withdrawn.",
            "%(number)s requests have been withdrawn.",
            number,
        )

    return _decide(request, operations.withdraw, text)


def _decide(
    request: HttpRequest, operation: Callable[..., int], text: Callable[[int], str]
) -> HttpResponse:
    back = reverse("watcher:requests")

    def rows_of(query: QueryDict) -> WriteRequestQuerySet:
        rows: WriteRequestQuerySet = _filtered(request, query).qs
        return rows

    try:
        ids = posted_ids(request, "request", rows_of, most=operations.MOST_AT_ONCE)
        if not ids:
            messages.error(request, _("Select at least one request."))
            return redirect_back(request, back)
        number = operation(ids=ids, now=timezone.now(), by=signed_in(request))
    except ListChanged as refusal:
        messages.error(request, str(refusal))
    except operations.AlreadySettled:
        messages.error(
            request,
            _(
                "Some of these requests are done or withdrawn. Nothing was changed. Select the "
                "requests again."
            ),
        )
    except operations.BeingCarriedOut:
        messages.error(
            request,
            _("Some of these requests are being carried out. Load the page again in a moment."),
        )
    else:
        shown = number_format(number, force_grouping=True)
        messages.success(request, text(number) % {"number": shown})
    return redirect_back(request, back)


@require_POST
@operators_only
def add_presets(request: HttpRequest) -> HttpResponse:
    """Request a preset for each of the selected tariff plans."""
    ids, back = ids_in(request.POST.getlist("tariff")), reverse("watcher:presets")
    if not ids:
        messages.error(request, _("Select at least one tariff plan."))
        return redirect_back(request, back)
    if not operations.is_enabled(PRESET_CREATION):
        messages.error(request, _("Writing presets is switched off for the connection."))
        return redirect_back(request, back)
    try:
        number = create_presets(tariff_ids=ids, now=timezone.now(), by=signed_in(request))
    except HasPreset as refusal:
        messages.error(
            request,
            _("“%(name)s” has a preset already, or one is being created. Nothing was requested.")
            % {"name": refusal.tariff},
        )
    except NotOffered as refusal:
        messages.error(
            request,
            _("“%(name)s” is archived. Nothing was requested.") % {"name": refusal.tariff},
        )
    else:
        text = ngettext(
            "%(number)s preset is being created in Watcher.",
            "%(number)s presets are being created in Watcher.",
            number,
        )
        messages.success(request, text % {"number": number})
    return redirect_back(request, back)
