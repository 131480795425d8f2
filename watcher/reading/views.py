"""Pages of reading: how it goes, its settings, and the changes that it saw."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from procrastinate.exceptions import AlreadyEnqueued

from accounts.access import operators_only, signed_in, staff_only
from accounts.settings_pages import edit_settings
from foundation.audit.history import HistoryPart
from foundation.lists.pages import render_list
from foundation.lists.selection import ListChanged, is_id, posted_ids
from foundation.web.field_values import details_of
from foundation.web.return_addresses import redirect_back
from watcher import tasks
from watcher.connection.operations import stored_connection
from watcher.models import CameraChange, ReadingSettings
from watcher.reading import operations
from watcher.reading.filters import ChangeFilter
from watcher.reading.forms import SETTINGS, ReadingForm
from watcher.reading.models import CameraChangeQuerySet
from watcher.reading.shown import shown_reading
from watcher.reading.tables import ChangeTable

PARTS = (HistoryPart("watcher.ReadingSettingsEvent"),)


@require_safe
@staff_only
def reading(request: HttpRequest) -> HttpResponse:
    """Show how reading goes, the last readings, and the settings."""
    context = {
        "connection": stored_connection(),
        "reading": shown_reading(timezone.now()),
        "settings": details_of(operations.reading_settings(), SETTINGS),
    }
    return render(request, "watcher/reading/reading.html", context)


@require_POST
@operators_only
def read_now(request: HttpRequest) -> HttpResponse:
    """Have the platform read by a job."""
    try:
        with transaction.atomic():
            tasks.read_now.defer(user_id=signed_in(request).pk)
    except AlreadyEnqueued:
        messages.info(request, _("Watcher is about to be read already."))
    else:
        messages.success(request, _("Watcher is being read. Load this page again in a moment."))
    return redirect("watcher:reading")


@require_POST
@operators_only
def confirm_vanished(request: HttpRequest) -> HttpResponse:
    """Believe that the cameras have vanished; the next reading ends their usage."""
    shown = request.POST.get("vanished", "")
    try:
        operations.confirm_vanished(shown=int(shown) if is_id(shown) else 0, by=signed_in(request))
    except operations.VanishedOthers:
        messages.error(request, _("This is not what the last reading found. Look at it again."))
    else:
        messages.success(request, _("The next reading ends the usage of these cameras."))
    return redirect("watcher:reading")


@require_http_methods(["GET", "HEAD", "POST"])
@operators_only
def settings(request: HttpRequest) -> HttpResponse:
    """Change how the platform is read."""
    stored = ReadingSettings.objects.first()
    return edit_settings(
        request,
        ReadingForm,
        instance=stored or ReadingSettings(),
        stored=operations.stored_settings(stored),
        change=operations.change_settings,
        parts=PARTS,
        template="watcher/reading/settings.html",
        back_to="watcher:reading",
    )


@require_safe
@staff_only
def changes(request: HttpRequest) -> HttpResponse:
    """List the changes of cameras that were seen; by default, those that are held back."""
    filterset = _filtered(request, request.GET)
    rows = filterset.qs.select_related(
        "camera", "organization", "preset", "from_organization", "from_preset", "decided_by"
    )
    can_decide = signed_in(request).is_operator and filterset.shows_open
    table = ChangeTable(rows.order_by("-pk"), can_decide=can_decide)
    return render_list(request, "watcher/reading/changes.html", table=table, filterset=filterset)


def _filtered(request: HttpRequest, query: QueryDict) -> ChangeFilter:
    return ChangeFilter(query, queryset=CameraChange.objects.all(), request=request)


@require_POST
@operators_only
def accept(request: HttpRequest) -> HttpResponse:
    """Have the selected changes carried out all the same."""

    def text(number: int) -> str:
        return ngettext(
            "%(number)s change will be carried out by the next reading.",
            "%(number)s changes will be carried out by the next reading.",
            number,
        )

    return _decide(request, operations.accept, text)


@require_POST
@operators_only
def dismiss(request: HttpRequest) -> HttpResponse:
    """Leave the usage of the selected changes as it is."""

    def text(number: int) -> str:
        return ngettext(
            "%(number)s change will not be carried out.",
            "%(number)s changes will not be carried out.",
            number,
        )

    return _decide(request, partial(operations.dismiss, now=timezone.now()), text)


def _decide(
    request: HttpRequest, operation: Callable[..., int], text: Callable[[int], str]
) -> HttpResponse:
    def rows_of(query: QueryDict) -> CameraChangeQuerySet:
        rows: CameraChangeQuerySet = _filtered(request, query).qs
        return rows

    try:
        ids = posted_ids(request, "change", rows_of, most=operations.MOST_AT_ONCE)
        if not ids:
            messages.error(request, _("Select at least one change."))
            return redirect_back(request, reverse("watcher:changes"))
        number = operation(ids=ids, by=signed_in(request))
    except ListChanged as refusal:
        messages.error(request, str(refusal))
    except operations.AlreadyDecided:
        messages.error(
            request,
            _(
                "Some of these changes are settled, or what holds them back has to be corrected "
                "first. Nothing was changed. Select the changes again."
            ),
        )
    else:
        shown = number_format(number, force_grouping=True)
        messages.success(request, text(number) % {"number": shown})
    return redirect_back(request, reverse("watcher:changes"))
