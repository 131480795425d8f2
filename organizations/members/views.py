"""The page of the people who see an organization."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import operators_only, signed_in
from accounts.models import User
from organizations.access import organization_for, sees_all_of
from organizations.members import operations
from organizations.members.forms import MemberForm
from organizations.members.models import Membership
from organizations.models import Organization


@require_http_methods(["GET", "HEAD", "POST"])
def people(request: HttpRequest, pk: int) -> HttpResponse:
    """Show who sees an organization. Operators can add people here.

    Readers see only the owner of the contract and themselves.
    """
    user = signed_in(request)
    if request.method == "POST" and not user.is_operator:
        raise PermissionDenied
    organization = organization_for(user, pk)
    form = MemberForm(request.POST or None) if user.is_operator else None
    if form is not None and request.method == "POST" and form.is_valid():
        try:
            operations.set_member(pk=pk, user=form.cleaned_data["user"], role=form.chosen_role)
        except operations.OwnsContract:
            form.add_error("user", _("This person owns the contract and has access anyway."))
        else:
            messages.success(
                request,
                _("%(email)s now has access.") % {"email": form.cleaned_data["user"].email},
            )
            return redirect("organizations:people", pk)
    context = {
        "organization": organization,
        "members": _members_shown_to(user, organization),
        "form": form,
    }
    return render(request, "organizations/people.html", context)


def _members_shown_to(user: User, organization: Organization) -> QuerySet[Membership]:
    members = organization.memberships.select_related("user").order_by("user__email")
    return members if sees_all_of(user, organization) else members.filter(user=user)


@require_POST
@operators_only
def remove(request: HttpRequest, pk: int, user_id: int) -> HttpResponse:
    """Take a person's access to an organization away."""
    organization_for(signed_in(request), pk)
    member = get_object_or_404(User, pk=user_id)
    operations.remove_member(pk=pk, user_id=user_id)
    messages.success(request, _("%(email)s no longer has access.") % {"email": member.email})
    return redirect("organizations:people", pk)
