"""The page of notices that could not be sent."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from accounts.access import staff_only
from accounts.models import Notice, SignInMail
from foundation.mail.requests import MailState
from foundation.web.attention import Entry

_RECENT = timedelta(days=7)
_MOST_SHOWN = 200


def _failed_lately(now: datetime) -> dict[str, Any]:
    return {"state": MailState.FAILED, "tried_at__gte": now - _RECENT}


@require_safe
@staff_only
def failed(request: HttpRequest) -> HttpResponse:
    """Show the latest notices and sign-in emails that could not be sent, with the replies."""
    lately = _failed_lately(timezone.now())
    notices = Notice.objects.filter(**lately).order_by("-tried_at", "-pk")[:_MOST_SHOWN]
    sign_in_mails = SignInMail.objects.filter(**lately).order_by("-tried_at", "-pk")[:_MOST_SHOWN]
    context = {"notices": notices, "sign_in_mails": sign_in_mails}
    return render(request, "accounts/failed_notices.html", context)


def needing_attention(now: datetime) -> Iterator[Entry]:
    """Yield what Home says about notices."""
    lately = _failed_lately(now)
    if number := Notice.objects.filter(**lately).count():
        text = ngettext(
            "%(shown)s notice could not be sent by email",
            "%(shown)s notices could not be sent by email",
            number,
        )
        shown = number_format(number, force_grouping=True)
        yield Entry(text % {"shown": shown}, reverse("accounts:failed_notices"), is_problem=True)
    if number := SignInMail.objects.filter(**lately).count():
        text = ngettext(
            "%(shown)s email about signing in could not be sent",
            "%(shown)s emails about signing in could not be sent",
            number,
        )
        shown = number_format(number, force_grouping=True)
        yield Entry(text % {"shown": shown}, reverse("accounts:failed_notices"), is_problem=True)
