"""Show times in the time zone that a person chose; otherwise in the provider's."""

from collections.abc import Callable
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts import operations
from accounts.access import signed_in
from accounts.forms import TimeZoneForm


class ChosenTimeZone:
    """Show times that do not concern an organization in the time zone of the signed-in person.

    What is computed from dates of the provider or of an organization names its zone and does not
    depend on this.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not request.user.is_authenticated or not request.user.time_zone:
            return self.get_response(request)
        with timezone.override(ZoneInfo(request.user.time_zone)):
            return self.get_response(request)


@require_http_methods(["GET", "HEAD", "POST"])
def choose_time_zone(request: HttpRequest) -> HttpResponse:
    """Let a person choose the time zone of their pages."""
    user = signed_in(request)
    form = TimeZoneForm(request.POST or None, initial={"time_zone": user.time_zone})
    if request.method == "POST" and form.is_valid():
        operations.choose_time_zone(user=user, time_zone=form.cleaned_data["time_zone"])
        messages.success(request, _("The time zone was saved."))
        return redirect("accounts:time_zone")
    return render(request, "accounts/time_zone.html", {"form": form, "way_back": "/"})
