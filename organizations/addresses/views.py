"""Pages on which owners propose a billing address, and operators approve or refuse it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any, ClassVar, NamedTuple

import django_filters
import django_tables2 as tables
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import operators_only, signed_in, staff_only
from accounts.notices.models import Notice
from foundation.lists.filters import search_filter
from foundation.lists.pages import CellColumn, ListTable, render_list
from foundation.web.attention import Entry
from foundation.web.field_values import details_of
from foundation.web.versions import EditedByOthers, version_of
from organizations.access import whole_organization_for
from organizations.addresses import operations
from organizations.addresses.forms import AddressForm, RefusalForm
from organizations.addresses.models import AddressRequest
from organizations.addresses.operations import NAMES, AddressRefusal, address_values, target_of
from organizations.addresses.querysets import AddressRequestQuerySet
from organizations.billing.operations import stored_billing_details
from organizations.filters import SEARCHED, SEARCHED_IN_SHORT
from organizations.models import BillingDetails

METHODS = ["GET", "HEAD", "POST"]


class Compared(NamedTuple):
    """A field of a proposal: what applies now, what was proposed, and what applied then.

    `before` is None if it applies still.
    """

    label: str
    now: str | None
    proposed: str | None
    before: str | None
    differs: bool


class AddressFilter(django_filters.FilterSet):  # type: ignore[misc]
    """Search new addresses by organization."""

    q = search_filter(SEARCHED, SEARCHED_IN_SHORT)

    class Meta:
        model = AddressRequest
        fields: ClassVar[list[str]] = []

    def search(
        self, proposals: AddressRequestQuerySet, name: str, text: str
    ) -> AddressRequestQuerySet:
        """Keep those of organizations that are found."""
        return proposals.search(text)


class AddressTable(ListTable):
    """New addresses, the oldest first."""

    organization = CellColumn(
        template_name="organizations/addresses/_organization_cell.html",
        verbose_name=gettext_lazy("Organization"),
        attrs={"td": {"class": "cell-title"}},
    )
    name = tables.Column(verbose_name=gettext_lazy("Legal name"))
    city = tables.Column(verbose_name=gettext_lazy("City"))

    class Meta:
        model = AddressRequest
        fields: ClassVar[tuple[str, ...]] = ()
        orderable = False
        empty_text = gettext_lazy("No address waits for approval")


@require_safe
@staff_only
def addresses(request: HttpRequest) -> HttpResponse:
    """List the addresses that wait for approval."""
    waiting = AddressRequest.objects.open().order_by("pk").select_related("organization")
    filterset = AddressFilter(request.GET, queryset=waiting, request=request)
    table = AddressTable(filterset.qs)
    return render_list(
        request, "organizations/addresses/list.html", table=table, filterset=filterset
    )


@require_http_methods(METHODS)
def propose(request: HttpRequest, pk: int) -> HttpResponse:
    """Let an owner propose an address; begin with the one that applies."""
    user, now = signed_in(request), timezone.now()
    if not user.is_owner:
        raise PermissionDenied
    organization = whole_organization_for(user, pk)
    open_one = organization.address_requests.open().first()
    if open_one and request.method != "POST":
        return redirect("organizations:address", pk, open_one.pk)
    stored = address_values(target_of(organization, now).version)
    form = AddressForm(request.POST if request.method == "POST" else None, initial=stored)
    if request.method == "POST" and form.is_valid():
        try:
            proposal = operations.propose_address(
                organization_id=pk, fields=form.address, now=now, by=user
            )
        except operations.TaxIdNeeded as refusal:
            form.add_error("tax_number", str(refusal))
        except AddressRefusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The address was sent. It applies once it is approved."))
            return redirect("organizations:address", pk, proposal.pk)
    context = {
        "organization": organization,
        "form": form,
        "way_back": reverse("organizations:billing", args=[pk]),
    }
    return render(request, "organizations/addresses/propose.html", context)


@require_safe
def address(request: HttpRequest, pk: int, proposal: int) -> HttpResponse:
    """Show a proposed address beside the one that applies, and what became of it."""
    found = _proposal(request, pk, proposal)
    return _page(request, found, RefusalForm(None))


@require_POST
@operators_only
def approve(request: HttpRequest, pk: int, proposal: int) -> HttpResponse:
    """Approve an address, unless the billing details are no longer those that were shown."""
    found = _proposal(request, pk, proposal)
    try:
        operations.approve_address(
            proposal_id=found.pk,
            shown=request.POST.get("version", ""),
            now=timezone.now(),
            by=signed_in(request),
        )
    except EditedByOthers:
        messages.error(
            request,
            _(
                "The billing details were changed since you opened this page. Nothing was "
                "approved. Compare again."
            ),
        )
    except AddressRefusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(
            request, _("The address is approved. Invoices state it from the next one on.")
        )
    return redirect("organizations:address", pk, proposal)


@require_http_methods(METHODS)
@operators_only
def refuse(request: HttpRequest, pk: int, proposal: int) -> HttpResponse:
    """Refuse an address for a reason."""
    found = _proposal(request, pk, proposal)
    if request.method != "POST":
        # Reloading the page with errors, or choosing another language there, leads here.
        return redirect("organizations:address", pk, proposal)
    form = RefusalForm(request.POST)
    if not form.is_valid():
        return _page(request, found, form)
    try:
        operations.refuse_address(
            proposal_id=found.pk,
            reason=form.cleaned_data["reason"],
            now=timezone.now(),
            by=signed_in(request),
        )
    except AddressRefusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The address is refused."))
    return redirect("organizations:address", pk, proposal)


@require_http_methods(METHODS)
def withdraw(request: HttpRequest, pk: int, proposal: int) -> HttpResponse:
    """Let an owner withdraw an address that is not decided on; a link leads to its page."""
    user = signed_in(request)
    if not user.is_owner:
        raise PermissionDenied
    found = _proposal(request, pk, proposal)
    if request.method != "POST":
        return redirect("organizations:address", pk, proposal)
    try:
        operations.withdraw_address(proposal_id=found.pk, now=timezone.now(), by=user)
    except AddressRefusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The address is withdrawn."))
    return redirect("organizations:billing", pk)


def _proposal(request: HttpRequest, pk: int, proposal: int) -> AddressRequest:
    """Return a proposal of an organization that the person sees all of.

    Raises:
        Http404, PermissionDenied: as `whole_organization_for`; or there is no such proposal.
    """
    organization = whole_organization_for(signed_in(request), pk)
    every = organization.address_requests.select_related("asked_by", "decided_by")
    found: AddressRequest = get_object_or_404(every, pk=proposal)
    found.organization = organization
    return found


def _page(request: HttpRequest, proposal: AddressRequest, form: RefusalForm) -> HttpResponse:
    user, now = signed_in(request), timezone.now()
    organization = proposal.organization
    version, valid_from = target_of(organization, now)
    compared = list(_compared(proposal, version))
    context: dict[str, Any] = {
        "organization": organization,
        "proposal": proposal,
        "compared": compared,
        "has_changed": proposal.is_open and any(each.before is not None for each in compared),
        "way_back": reverse("organizations:billing", args=[organization.pk]),
    }
    if not user.is_owner:
        context["notices"] = Notice.objects.filter(
            about__in=[f"address {proposal.pk} {state}" for state in ("approved", "refused")]
        )
    if proposal.is_open and user.is_operator:
        later = organization.billing_details.filter(valid_from__gt=valid_from or now.date())
        context |= {
            "form": form,
            "version": version_of(stored_billing_details(organization, version)),
            "valid_from": valid_from,
            "is_corrected": version is None or version.valid_from == valid_from,
            "later": later if version else later.none(),
        }
    return render(request, "organizations/addresses/address.html", context)


def _compared(proposal: AddressRequest, version: BillingDetails | None) -> Iterator[Compared]:
    """Yield the fields of a proposal; once it is decided, beside what applied when it was made."""
    seen = BillingDetails(**proposal.seen)
    applies = (version or BillingDetails()) if proposal.is_open else seen
    fields = zip(
        details_of(applies, NAMES),
        details_of(proposal, NAMES),
        details_of(seen, NAMES),
        strict=True,
    )
    for now, proposed, before in fields:
        yield Compared(
            now.label,
            now.text,
            proposed.text,
            (before.text or "–") if before.text != now.text else None,
            now.text != proposed.text,
        )


def needing_attention(now: datetime) -> Iterator[Entry]:
    """Yield what Home says about new addresses."""
    if number := AddressRequest.objects.open().count():
        text = ngettext(
            "%(shown)s new billing address waits for approval",
            "%(shown)s new billing addresses wait for approval",
            number,
        )
        shown = number_format(number, force_grouping=True)
        yield Entry(text % {"shown": shown}, reverse("organizations:addresses"))
