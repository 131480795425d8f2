"""Pages about an organization and its owner in Watcher."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import operators_only, signed_in, staff_only
from foundation.lists.selection import ListChanged, posted_ids
from foundation.web.return_addresses import redirect_back
from organizations.access import organization_for
from organizations.models import Organization
from organizations.querysets import OrganizationQuerySet
from tariffs.provider_calendar import provider_date
from watcher.connection.models import ApiVersion
from watcher.connection.operations import stored_connection
from watcher.errors import PlatformError
from watcher.linking.filters import unlinked_organizations
from watcher.models import PlatformOrganization
from watcher.people import messages as sent
from watcher.people import operations, tenants, users
from watcher.people.forms import LimitForm, MessageForm
from watcher.people.reminders import reminder_for
from watcher.people.sign_on import SignOnRefusal, sign_on
from watcher.writing.operations import is_enabled
from watcher.writing.shown import settled_requests
from watcher.writing.subjects import Subject

MOST_REQUESTS = 20


@staff_only
@require_http_methods(["GET", "HEAD", "POST"])
def organization(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what Watcher has of an organization; let operators limit its cameras there."""
    user = signed_in(request)
    if request.method == "POST" and not user.is_operator:
        raise PermissionDenied
    shown = organization_for(user, pk)
    present = operations.limit_of(shown)
    form = LimitForm(request.POST if request.method == "POST" else None, present=present)
    if request.method == "POST" and form.is_valid():
        limit = form.cleaned_data["most_cameras"]
        try:
            operations.set_limit(
                organization_id=pk, most_cameras=limit, by_id=user.pk, now=timezone.now()
            )
        except operations.LimitTooLow as refusal:
            text = _(
                "The organization has %(cameras)s cameras in Watcher. Enter at least as many, or "
                "delete cameras there first."
            )
            form.add_error("most_cameras", text % {"cameras": refusal.cameras})
        else:
            messages.success(request, _("The limit was saved."))
            return redirect("watcher:organization", pk)
    connection = stored_connection()
    known = PlatformOrganization.objects.filter(tenant_id=shown.watcher_id)
    tenant = known.first() if shown.watcher_id else None
    has_users = connection is not None and connection.api_version != ApiVersion.V2
    context = {
        "organization": shown,
        "is_connected": connection is not None,
        "tenant": tenant,
        "limit": present,
        "cameras": operations.cameras_of(shown),
        "form": form if user.is_operator else None,
        "writes": is_enabled(tenants.MADE, connection),
        "makes_users": has_users and is_enabled(users.MADE, connection),
        "has_user": tenant is not None and shown.owner.email in _addresses_of_owner(tenant),
        "sends": is_enabled(sent.MESSAGE, connection),
        "settled": settled_requests(organization_id=pk, most=MOST_REQUESTS),
    }
    return render(request, "watcher/people/organization.html", context)


@require_POST
@operators_only
def create(request: HttpRequest) -> HttpResponse:
    """Request that the selected organizations are created in Watcher."""
    back, now = reverse("watcher:unlinked"), timezone.now()

    def rows_of(query: QueryDict) -> OrganizationQuerySet:
        rows: OrganizationQuerySet = unlinked_organizations(query, now).qs
        return rows

    try:
        ids = posted_ids(request, "organization", rows_of, most=tenants.MOST_AT_ONCE)
    except ListChanged as refusal:
        messages.error(request, str(refusal))
        return redirect_back(request, back)
    if not ids:
        messages.error(request, _("Select at least one organization."))
        return redirect_back(request, back)
    if not is_enabled(tenants.MADE):
        messages.error(request, _not_enabled())
        return redirect_back(request, back)
    with transaction.atomic():
        rows = Organization.objects.open(now).filter(pk__in=ids, watcher_id=None)
        found = list(rows.order_by("pk").select_for_update(no_key=True, of=("self",)))
        number = tenants.make(found, by_id=signed_in(request).pk, now=now)
    text = ngettext(
        "%(number)s organization will be created in Watcher.",
        "%(number)s organizations will be created in Watcher.",
        number,
    )
    messages.success(request, text % {"number": number_format(number, force_grouping=True)})
    return redirect_back(request, back)


@require_POST
@operators_only
def rename(request: HttpRequest, pk: int) -> HttpResponse:
    """Request that Watcher has the title that an organization has here."""
    shown = organization_for(signed_in(request), pk)
    if is_enabled(tenants.TITLE):
        tenants.push_title(shown, by_id=signed_in(request).pk, now=timezone.now())
        messages.success(request, _("The organization will be renamed in Watcher."))
    else:
        messages.error(request, _not_enabled())
    return redirect("watcher:organization", pk)


@require_POST
@operators_only
def create_user(request: HttpRequest, pk: int) -> HttpResponse:
    """Request that the owner of an organization becomes a user of Watcher."""
    shown = organization_for(signed_in(request), pk)
    if not is_enabled(users.MADE):
        messages.error(request, _not_enabled())
    elif not shown.watcher_id:
        messages.error(request, _("The organization is not in Watcher yet. Create it there first."))
    else:
        users.make(shown, by_id=signed_in(request).pk, now=timezone.now())
        messages.success(
            request,
            _("The user will be created. Watcher then sends %(email)s a mail for a password.")
            % {"email": shown.owner.email},
        )
    return redirect("watcher:organization", pk)


@require_POST
@operators_only
def send_mail(request: HttpRequest, pk: int) -> HttpResponse:
    """Request that Watcher sends the owner of an organization its mail for a password again."""
    shown = organization_for(signed_in(request), pk)
    if is_enabled(users.MAIL):
        users.invite(
            shown.owner.email,
            subject=Subject.OUR_USER.of(shown.owner_id),
            organization_id=pk,
            by_id=signed_in(request).pk,
            now=timezone.now(),
        )
        messages.success(
            request,
            _("Watcher will send %(email)s a mail for a password.") % {"email": shown.owner.email},
        )
    else:
        messages.error(request, _not_enabled())
    return redirect("watcher:organization", pk)


@operators_only
@require_http_methods(["GET", "HEAD", "POST"])
def remind(request: HttpRequest, pk: int) -> HttpResponse:
    """Send the owner of an organization a message in Watcher, by default about overdue invoices."""
    shown, now = organization_for(signed_in(request), pk), timezone.now()
    prefilled = reminder_for(shown, provider_date(now))
    form = MessageForm(request.POST if request.method == "POST" else None, prefilled=prefilled)
    if not is_enabled(sent.MESSAGE):
        messages.error(request, _not_enabled())
        return redirect("watcher:organization", pk)
    if request.method == "POST" and form.is_valid():
        sent.send(shown, **form.cleaned_data, by_id=signed_in(request).pk, now=now)
        messages.success(request, _("The message will be sent."))
        return redirect("watcher:organization", pk)
    context = {
        "organization": shown,
        "form": form,
        "is_overdue": bool(prefilled.body),
        "way_back": reverse("watcher:organization", args=[pk]),
    }
    return render(request, "watcher/people/remind.html", context)


@require_POST
@never_cache
def open_watcher(request: HttpRequest, pk: int) -> HttpResponse:
    """Sign an owner in to Watcher, in a new tab: the page there is opened by this one's.

    The answer is a page and not a redirect, because the policy of the page with the button allows
    forms to lead to this server only.
    """
    user = signed_in(request)
    if not user.is_owner:
        raise PermissionDenied
    shown = organization_for(user, pk)
    try:
        goes_to = sign_on(user, shown)
    except (SignOnRefusal, PlatformError) as refusal:
        text = str(refusal) if isinstance(refusal, SignOnRefusal) else _not_opened()
        messages.error(request, text)
        return redirect("reports:overview", pk)
    response = render(request, "watcher/people/opening.html", {"goes_to": goes_to})
    response["Referrer-Policy"] = "no-referrer"
    if goes_to.form:
        parts = urlsplit(goes_to.address)
        origin = f"{parts.scheme}://{parts.netloc}"
        response._csp_update = {"form-action": [origin]}  # type: ignore[attr-defined]
    return response


def _addresses_of_owner(tenant: PlatformOrganization) -> tuple[str, str]:
    return tenant.owner_email.casefold(), tenant.owner_login.casefold()


def _not_enabled() -> str:
    return _("This is switched off in “What the connection may do”. Switch it on first.")


def _not_opened() -> str:
    return _("Watcher does not answer at the moment. Try again later.")
