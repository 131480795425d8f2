"""Look up and add owners from the form of an organization."""

from contextlib import suppress

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe
from django_htmx.http import reswap, retarget, trigger_client_event

from accounts import operations as accounts
from accounts.access import operators_only, signed_in, staff_only
from accounts.models import Role, User
from organizations.forms import NewOwnerForm

MOST_OWNERS = 20


@staff_only
@require_safe
@never_cache
def find_owners(request: HttpRequest) -> JsonResponse:
    """Return at most 20 owners whose email or name has words beginning with those in `q`."""
    text = request.GET.get("q", "")[:200]
    found = User.objects.owners().filter(is_active=True).search(text)
    owners = found.order_by("email")[:MOST_OWNERS]
    return JsonResponse({"owners": [_as_choice(owner) for owner in owners]})


def _as_choice(owner: User) -> dict[str, str | bool]:
    return {"email": owner.email, "name": owner.name, "activated": owner.is_activated}


@operators_only
@require_http_methods(["GET", "HEAD", "POST"])
def add_owner(request: HttpRequest) -> HttpResponse:
    """Create an owner and mail them an activation link, from a dialog or a separate page.

    The dialog uses htmx. On success an event gives the owner to the form, which selects them.
    """
    if request.method != "POST":
        return _show(request, NewOwnerForm(initial={"email": _typed_address(request)}))
    form = NewOwnerForm(request.POST)
    if not form.is_valid():
        return _show(request, form)
    try:
        owner = accounts.invite(**form.cleaned_data, role=Role.OWNER)
    except accounts.AlreadyExists as known:
        return _known(request, form, known.user)
    # A new owner: the address may have had its mails of this hour before it was given to them.
    with suppress(accounts.TooManyMails):
        accounts.request_activation(user=owner, now=timezone.now(), by=signed_in(request))
    return _done(request, owner, "added")


def _typed_address(request: HttpRequest) -> str:
    """Return what was typed in the Owner field before Add was pressed, unless it is known."""
    typed = request.GET.get("owner", "").replace("\0", "").strip()
    known = User.objects.filter(email=User.objects.normalize_email(typed)).exists()
    return "" if known else typed


def _known(request: HttpRequest, form: NewOwnerForm, user: User) -> HttpResponse:
    if not user.is_owner:
        form.add_error(
            "email",
            _(
                "This address belongs to an operator or support user, not an "
                "owner. Enter another address."
            ),
        )
    elif not user.is_active:
        form.add_error("email", _("This owner can no longer sign in. Enter another address."))
    else:
        return _done(request, user, "known")
    return _show(request, form)


def _show(request: HttpRequest, form: NewOwnerForm) -> HttpResponse:
    template = "_add_owner.html" if request.htmx else "add_owner.html"  # type: ignore[attr-defined]
    return render(request, f"organizations/{template}", {"form": form})


def _done(request: HttpRequest, owner: User, outcome: str) -> HttpResponse:
    """Show the outcome, `added` or `known`, in the form or on a page."""
    context = {"owner": owner, "outcome": outcome}
    if not request.htmx:  # type: ignore[attr-defined]
        return render(request, "organizations/owner_added.html", context)
    response = render(request, "organizations/_owner_added.html", context)
    trigger_client_event(response, "owner-added", _as_choice(owner))
    return reswap(retarget(response, "#owner-status"), "innerHTML")
