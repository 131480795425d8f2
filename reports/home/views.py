"""The page that staff start from."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.access import signed_in
from reports.home.ages import receivables_by_age
from reports.home.attention import entries
from reports.home.cameras import cameras_by_day
from reports.home.checklist import steps_for
from reports.home.revenue import revenues
from reports.home.this_month import this_month
from tariffs.provider_calendar import provider_date


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Show what needs attention, or until the first invoice what to do; owners go to their list."""
    user = signed_in(request)
    if user.is_owner:
        return redirect("organizations:list")
    now = timezone.now()
    today = provider_date(now)
    context = {
        "today": today,
        "steps": steps_for(user),
        "entries": entries(now, today),
        "this_month": this_month(today),
        "revenues": revenues(today),
        "cameras": cameras_by_day(today),
        "receivables": receivables_by_age(today),
    }
    return render(request, "reports/home.html", context)
