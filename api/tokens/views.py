"""Pages of tokens: list, create, show once, revoke."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import signed_in
from api.tokens import operations
from api.tokens.filters import TokenFilter
from api.tokens.forms import TokenForm, shown_scopes
from api.tokens.models import Token
from api.tokens.tables import TokenTable
from foundation.lists.pages import render_list

FORM_METHODS = ["GET", "HEAD", "POST"]


@require_safe
def tokens(request: HttpRequest) -> HttpResponse:
    """List one's own tokens; to operators, those of everybody."""
    now = timezone.now()
    found = Token.objects.visible_to(signed_in(request)).select_related("user")
    filterset = TokenFilter(request.GET, queryset=found, request=request, now=now)
    table = TokenTable(filterset.qs, now=now, empty_text=_("No tokens"))
    return render_list(request, "api/tokens/list.html", table=table, filterset=filterset)


@require_http_methods(FORM_METHODS)
def add(request: HttpRequest) -> HttpResponse:
    """Create a token, and show its secret, once."""
    user, now = signed_in(request), timezone.now()
    form = TokenForm(request.POST or None, user=user, now=now)
    if request.method == "POST" and form.is_valid():
        try:
            new = operations.create_token(user=user, now=now, **form.values)
        except operations.TokenRefusal as refusal:
            form.add_error(refusal.field, str(refusal))
        else:
            return render(request, "api/tokens/created.html", {"new": new})
    return render(request, "api/tokens/add.html", {"form": form})


@require_safe
def token(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a token."""
    shown, now = _token_for(request, pk), timezone.now()
    context: dict[str, Any] = {
        "token": shown,
        "state": shown.state(now),
        "scopes": shown_scopes(shown.scopes),
        "organizations": shown.organizations.order_by("title", "pk"),
    }
    return render(request, "api/tokens/token.html", context)


@require_http_methods(FORM_METHODS)
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask, then revoke a token."""
    shown = _token_for(request, pk)
    if request.method != "POST":
        return render(request, "api/tokens/revoke.html", {"token": shown})
    operations.revoke_token(pk=pk, now=timezone.now())
    messages.success(request, _("The token “%(name)s” is revoked.") % {"name": shown.name})
    return redirect("api:tokens")


def _token_for(request: HttpRequest, pk: int) -> Token:
    visible = Token.objects.visible_to(signed_in(request)).select_related("user")
    return get_object_or_404(visible, pk=pk)
