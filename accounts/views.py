"""Pages for activation, resending the activation mail, languages, and a user's history."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django.views.i18n import set_language

from accounts import operations
from accounts.access import signed_in, staff_only
from accounts.forms import FirstPasswordForm
from accounts.history import PARTS
from accounts.models import User
from foundation.audit.history import render_history
from foundation.web.return_addresses import redirect_back

# 410 (gone) for a link that once worked, 404 (not found) for one that never did.
_REFUSALS: dict[type[operations.LinkRefused], tuple[str, int]] = {
    operations.LinkUsed: ("used", 410),
    operations.LinkExpired: ("expired", 410),
    operations.LinkWithdrawn: ("withdrawn", 410),
    operations.LinkDamaged: ("damaged", 404),
}


@require_http_methods(["GET", "HEAD", "POST"])
@login_not_required
@never_cache
@sensitive_post_parameters("new_password1", "new_password2")
def activate(request: HttpRequest, token: str) -> HttpResponse:
    """Let the invited user set a first password, and sign them in."""
    try:
        user = operations.invited(token=token)
        form = FirstPasswordForm(user, request.POST or None)
        if request.method != "POST" or not form.is_valid():
            return render(request, "accounts/activate.html", {"form": form, "invited": user})
        user = operations.activate(token=token, password=form.cleaned_data["new_password1"])
    except operations.LinkRefused as refusal:
        reason, status = _REFUSALS[type(refusal)]
        context = {"reason": reason, "days": settings.ACTIVATION_DAYS}
        return render(request, "accounts/link_refused.html", context, status=status)
    login(request, user)
    messages.success(request, _("Welcome! Your password is set and you are signed in."))
    return redirect(settings.LOGIN_REDIRECT_URL)


@require_POST
@login_not_required
def choose_language(request: HttpRequest) -> HttpResponse:
    """Use `language` from now on, and go back to the page where it was chosen.

    The browser's cookie keeps it; for signed-in users it is also saved, for every browser.
    """
    language = request.POST.get("language", "")
    if request.user.is_authenticated and language in dict(settings.LANGUAGES):
        operations.choose_language(user=request.user, language=language)
    response: HttpResponse = set_language(request)
    if request.POST.get("next") or request.GET.get("next"):
        # Django takes more for an address of this site than we do.
        response.headers["Location"] = redirect_back(request, settings.LOGIN_REDIRECT_URL).url
    return response


@staff_only
@require_POST
def resend_activation(request: HttpRequest, pk: int) -> HttpResponse:
    """Send a user the activation mail again, and go back to `next`."""
    user = get_object_or_404(User, pk=pk)
    send_activation_again(request, user)
    return redirect_back(request, settings.LOGIN_REDIRECT_URL)


@require_safe
@staff_only
def history(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the history of a user."""
    up = reverse("people:list"), _("People")
    links = [(reverse("people:person", args=[pk]), _("Person"))]
    if signed_in(request).is_staff:
        links += [(reverse("admin:accounts_user_change", args=[pk]), _("Support desk"))]
    return render_history(request, of=User, pk=pk, parts=PARTS, up=up, links=links)


def send_activation_again(request: HttpRequest, user: User) -> None:
    """Have `user` sent the activation mail, and say so in a message."""
    try:
        operations.request_activation(user=user, now=timezone.now(), by=signed_in(request))
    except operations.AlreadyActivated:
        messages.info(
            request, _("Email not sent: %(email)s is already activated.") % {"email": user.email}
        )
    except operations.MayNotSignIn:
        messages.error(
            request,
            _("Email not sent: %(email)s is not allowed to sign in.") % {"email": user.email},
        )
    except operations.TooManyMails:
        messages.error(
            request,
            _("Email not sent: %(email)s got several in the last hour. Try again later.")
            % {"email": user.email},
        )
    else:
        messages.success(
            request,
            _("The activation email to %(email)s is on its way.") % {"email": user.email},
        )
