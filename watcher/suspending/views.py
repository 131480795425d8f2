"""Pages of suspensions on the platform: how they stand, and how they are carried out."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import operators_only, staff_only
from accounts.settings_pages import edit_settings
from foundation.audit.history import HistoryPart
from foundation.lists.pages import render_list
from foundation.lists.selection import ids_in
from foundation.web.field_values import details_of
from foundation.web.return_addresses import redirect_back
from watcher.connection.operations import stored_connection
from watcher.models import SuspensionSettings, WatcherSuspension
from watcher.suspending import operations
from watcher.suspending.filters import SuspensionFilter
from watcher.suspending.forms import SuspensionForm
from watcher.suspending.tables import SuspensionTable

PARTS = (HistoryPart("watcher.SuspensionSettingsEvent"),)


@require_safe
@staff_only
def suspensions(request: HttpRequest) -> HttpResponse:
    """List suspensions, by default those that are not restored, and show how they are done."""
    connection = stored_connection()
    rows = WatcherSuspension.objects.select_related("organization")
    filterset = SuspensionFilter(request.GET, queryset=rows, request=request)
    return render_list(
        request,
        "watcher/suspending/suspensions.html",
        table=SuspensionTable(filterset.qs.order_by("-pk"), connection=connection),
        filterset=filterset,
        connection=connection,
        settings=details_of(operations.suspension_settings(), operations.SETTINGS),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@operators_only
def settings(request: HttpRequest) -> HttpResponse:
    """Change how organizations are suspended."""
    stored = SuspensionSettings.objects.first()
    return edit_settings(
        request,
        SuspensionForm,
        instance=stored or SuspensionSettings(),
        stored=operations.stored_settings(stored),
        change=operations.change_settings,
        parts=PARTS,
        template="watcher/suspending/settings.html",
        back_to="watcher:suspensions",
    )


@require_POST
@operators_only
def try_again(request: HttpRequest) -> HttpResponse:
    """Have suspensions that failed tried again at once."""
    ids = ids_in(request.POST.getlist("suspension"))
    if operations.try_again(ids=ids, now=timezone.now()):
        messages.success(request, _("It will be tried again within a minute."))
    else:
        messages.info(request, _("There is nothing to try again: it has been done meanwhile."))
    return redirect_back(request, reverse("watcher:suspensions"))
