"""The page of notices that could not be sent."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from accounts.access import staff_only
from accounts.models import Notice
from foundation.mail.requests import MailState
from foundation.web.attention import Entry

_RECENT = timedelta(days=7)
_MOST_SHOWN = 200


def failed_lately(now: datetime) -> QuerySet[Notice]:
    """Return the notices that could not be sent in the last seven days."""
    return Notice.objects.filter(state=MailState.FAILED, tried_at__gte=now - _RECENT)


@require_safe
@staff_only
def failed(request: HttpRequest) -> HttpResponse:
    """Show the latest notices that could not be sent, and what the mail server said."""
    notices = failed_lately(timezone.now()).order_by("-tried_at", "-pk")[:_MOST_SHOWN]
    return render(request, "accounts/failed_notices.html", {"notices": notices})


def needing_attention(now: datetime) -> Iterator[Entry]:
    """Yield what Home says about notices."""
    if number := failed_lately(now).count():
        text = ngettext(
            "%(shown)s notice could not be sent by email",
            "%(shown)s notices could not be sent by email",
            number,
        )
        shown = number_format(number, force_grouping=True)
        yield Entry(text % {"shown": shown}, reverse("accounts:failed_notices"), is_problem=True)
