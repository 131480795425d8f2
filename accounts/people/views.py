"""Pages of people: list, invite, rename, change an address, block and unblock."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import operations as accounts
from accounts.access import operators_only, signed_in, staff_only
from accounts.history import PARTS
from accounts.models import User
from accounts.people import operations
from accounts.people.filters import PersonFilter
from accounts.people.forms import AddressForm, InviteForm, NameForm
from accounts.people.models import AddressChange
from accounts.people.tables import PersonTable
from accounts.views import send_activation_again
from foundation.lists.pages import render_list
from foundation.web.edit_conflicts import conflict_of
from foundation.web.versions import EditedByOthers, version_of

FORM_METHODS = ["GET", "HEAD", "POST"]


@require_safe
@staff_only
def people(request: HttpRequest) -> HttpResponse:
    """List colleagues and owners."""
    filterset = PersonFilter(request.GET, queryset=User.objects.all(), request=request)
    table = PersonTable(filterset.qs, empty_text=_("Nobody found"))
    return render_list(request, "people/list.html", table=table, filterset=filterset)


@operators_only
@require_http_methods(FORM_METHODS)
def invite(request: HttpRequest) -> HttpResponse:
    """Create a user and mail them an activation link."""
    form = InviteForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            user = accounts.invite(**form.cleaned_data)
        except accounts.AlreadyExists:
            form.add_error("email", _("A user with this email address already exists."))
        else:
            send_activation_again(request, user)
            return redirect("people:person", user.pk)
    return render(request, "people/invite.html", {"form": form})


@staff_only
@require_http_methods(FORM_METHODS)
def person(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a person. Operators can change the name here and open the other changes."""
    is_operator = signed_in(request).is_operator
    if request.method == "POST" and not is_operator:
        raise PermissionDenied
    someone = get_object_or_404(User, pk=pk)
    shown = someone.get_short_name()
    stored = version_of(operations.stored_values(someone))
    context: dict[str, Any] = {
        "person": someone,
        "shown_name": shown,
        "change": AddressChange.objects.filter(user=pk).first(),
        "version": request.POST.get("version", "") if request.method == "POST" else stored,
        "reload": request.get_full_path(),
    }
    form = NameForm(request.POST or None, instance=someone) if is_operator else None
    if form is not None and request.method == "POST" and form.is_valid():
        try:
            operations.rename(pk=pk, name=form.cleaned_data["name"], shown=context["version"])
        except EditedByOthers as error:
            user_id = signed_in(request).pk
            conflict = conflict_of(error, form=form, pk=pk, parts=PARTS, user_id=user_id)
            context |= {"conflict": conflict, "version": conflict.version}
        else:
            messages.success(request, _("The name was saved."))
            return redirect("people:person", pk)
    return render(request, "people/person.html", {**context, "form": form})


@operators_only
@require_http_methods(FORM_METHODS)
def change_address(request: HttpRequest, pk: int) -> HttpResponse:
    """Request a new address for a person."""
    someone = get_object_or_404(User, pk=pk)
    form = AddressForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            change = operations.request_address_change(
                pk=pk,
                email=form.cleaned_data["email"],
                now=timezone.now(),
                by=signed_in(request),
            )
        except operations.Blocked:
            form.add_error(None, _("This person is blocked. Unblock them first."))
        except operations.AddressUnchanged:
            form.add_error("email", _("This is the present address. Enter another one."))
        except operations.AddressTaken:
            form.add_error("email", _("A user with this email address already exists."))
        else:
            if change is None:
                send_activation_again(request, User.objects.get(pk=pk))
            else:
                said = _("%(email)s will get an email with a link to confirm the new address.")
                messages.success(request, said % {"email": change.email})
            return redirect("people:person", pk)
    return render(request, "people/address.html", {"person": someone, "form": form})


@require_POST
@operators_only
def withdraw_address(request: HttpRequest, pk: int) -> HttpResponse:
    """Withdraw the requested change of a person's address."""
    get_object_or_404(User, pk=pk)
    operations.withdraw_address_change(pk=pk)
    messages.success(request, _("The change of the address was withdrawn."))
    return redirect("people:person", pk)


@operators_only
@require_http_methods(FORM_METHODS)
def block(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask, then block a person."""
    someone = get_object_or_404(User, pk=pk)
    if request.method != "POST":
        return render(request, "people/block.html", {"person": someone})
    try:
        operations.block(pk=pk, now=timezone.now())
    except operations.LastOperator:
        messages.error(
            request,
            _("This is the only operator who can sign in. Invite another operator first."),
        )
    else:
        messages.success(
            request,
            _("%(email)s is blocked and has been signed out everywhere.")
            % {"email": someone.email},
        )
    return redirect("people:person", pk)


@require_POST
@operators_only
def unblock(request: HttpRequest, pk: int) -> HttpResponse:
    """Unblock a person."""
    someone = get_object_or_404(User, pk=pk)
    operations.unblock(pk=pk)
    messages.success(request, _("%(email)s can sign in again.") % {"email": someone.email})
    return redirect("people:person", pk)


@require_http_methods(FORM_METHODS)
@login_not_required
@never_cache
def confirm_address(request: HttpRequest, token: str) -> HttpResponse:
    """Let the holder of a new address confirm it. Opening the link alone changes nothing."""
    try:
        change = operations.change_to_confirm(token=token)
        if request.method != "POST":
            return render(request, "people/confirm_address.html", {"change": change})
        user = operations.confirm_address(token=token, now=timezone.now())
    except (operations.ConfirmationRefused, operations.AddressTaken):
        context = {"days": settings.ACTIVATION_DAYS}
        return render(request, "people/confirmation_refused.html", context, status=410)
    return render(request, "people/address_confirmed.html", {"email": user.email})
