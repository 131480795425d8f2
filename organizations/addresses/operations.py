"""Propose a new billing address, and decide on it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, ClassVar, NamedTuple, TypedDict, cast

from django.db import transaction
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.notices.sending import Notified, notify, provider_address
from organizations.addresses.models import AddressRequest, AddressState
from organizations.addresses.texts import APPROVED, ASKED, REFUSED
from organizations.billing.details import BillingFields, DeliveryFields
from organizations.billing.operations import change_billing_details, stored_billing_details
from organizations.billing.tax_id_rules import wrong_tax_id
from organizations.models import BillingDetails, Organization
from tariffs.affected_invoices import invoiced_until


class AddressFields(TypedDict):
    """What can be proposed."""

    name: str
    street: str
    postal_code: str
    city: str
    country: str
    tax_number: str


NAMES = tuple(AddressFields.__annotations__)


class AddressRefusal(Exception):
    """A proposal or a decision was refused; the text says why, and what to do."""

    reason: ClassVar[Promise]

    def __str__(self) -> str:
        return str(self.reason)


class OneIsOpen(AddressRefusal):
    """Another proposal waits for a decision."""

    reason = _("A new address is waiting for approval already. Withdraw it to propose another one.")


class NothingNew(AddressRefusal):
    """The proposed values are those that apply."""

    reason = _("This is the address that applies already. Change something, or leave it.")


class AlreadyDecided(AddressRefusal):
    """Somebody has approved, refused or withdrawn it."""

    reason = _("This address was decided on or withdrawn meanwhile. Nothing was changed.")


class TaxIdNeeded(AddressRefusal):
    """With this tax ID, the organization could not be billed with its tax."""

    def __init__(self, reason: Promise) -> None:
        super().__init__(reason)
        self.text = reason

    def __str__(self) -> str:
        return str(self.text)


class Target(NamedTuple):
    """The billing details that an approved address changes: as a version from `valid_from` on.

    `version` is the one whose other values stay. If it begins on that date, it is corrected.
    """

    version: BillingDetails | None
    valid_from: date | None


def target_of(organization: Organization, now: datetime) -> Target:
    """Return what an address changes so that invoices state it from the next one on.

    Dates that are invoiced keep their details, and so do those before the details in force.
    """
    today, until = organization.date_at(now), invoiced_until(organization.pk)
    day = max(today, until) if until else today
    begun = [
        each
        for each in organization.billing_details.select_related("tax")
        if each.valid_from is None or each.valid_from <= day
    ]
    version = max(begun, key=lambda each: each.valid_from or date.min, default=None)
    if version is None or until is None or (version.valid_from or date.min) >= until:
        return Target(version, version.valid_from if version else None)
    return Target(version, until)


def address_values(version: BillingDetails | AddressRequest | None) -> AddressFields:
    """Return the values that can be proposed, of billing details or of a proposal."""
    return {name: getattr(version, name, "") for name in NAMES}  # type: ignore[return-value]


@transaction.atomic
def propose_address(
    *, organization_id: int, fields: AddressFields, now: datetime, by: User
) -> AddressRequest:
    """Propose an address, which applies once it is approved.

    Raises:
        OneIsOpen: another one waits for a decision.
        NothingNew: it is the one that applies.
        TaxIdNeeded: the tax of the organization needs another tax ID.
    """
    organization = _locked(organization_id)
    if organization.address_requests.open().exists():
        raise OneIsOpen
    version = target_of(organization, now).version
    seen = address_values(version)
    if seen == fields:
        raise NothingNew
    _check_tax_id(version, fields)
    proposal = AddressRequest.objects.create(
        organization=organization, seen=seen, asked_at=now, asked_by=by, **fields
    )
    notify(
        ASKED,
        about=f"address {proposal.pk} asked",
        to=provider_address(),
        values={"organization": organization.title},
        path=_path(proposal),
        now=now,
        by=by,
    )
    return proposal


@transaction.atomic
def approve_address(*, proposal_id: int, shown: str, now: datetime, by: User) -> BillingDetails:
    """Have invoices state a proposed address from the next one on.

    `shown` is the version of the `stored_billing_details` of the target that was shown.

    Raises:
        AlreadyDecided: it is not open any more.
        EditedByOthers: the billing details were changed since they were shown.
        TaxIdNeeded: the tax of the organization needs another tax ID.
    """
    proposal = _open(proposal_id)
    organization = proposal.organization
    version, valid_from = target_of(organization, now)
    fields = address_values(proposal)
    _check_tax_id(version, fields)
    kept = stored_billing_details(organization, version)
    billing = cast(
        BillingFields,
        {**fields, "tax": kept["tax"], "delivery_country": kept["delivery_country"]},
    )
    delivery: Any = {name: kept[name] for name in DeliveryFields.__annotations__}
    details = change_billing_details(
        pk=organization.pk,
        version_id=version.pk if version else None,
        valid_from=valid_from,
        shown=shown,
        delivery=delivery,
        **billing,
    )
    _decide(proposal, AddressState.APPROVED, now, by)
    _tell(proposal, APPROVED, now, by)
    return details


@transaction.atomic
def refuse_address(*, proposal_id: int, reason: str, now: datetime, by: User) -> None:
    """Refuse a proposed address for a reason, which the owner is told.

    Raises:
        AlreadyDecided: it is not open any more.
    """
    proposal = _open(proposal_id)
    proposal.reason = reason
    _decide(proposal, AddressState.REFUSED, now, by)
    _tell(proposal, REFUSED, now, by)


@transaction.atomic
def withdraw_address(*, proposal_id: int, now: datetime, by: User) -> None:
    """Withdraw a proposed address.

    Raises:
        AlreadyDecided: it is not open any more.
    """
    _decide(_open(proposal_id), AddressState.WITHDRAWN, now, by)


def _locked(organization_id: int) -> Organization:
    return Organization.objects.select_for_update(no_key=True).get(pk=organization_id)


def _open(proposal_id: int) -> AddressRequest:
    """Return an open proposal, which is locked, as its organization is before."""
    _locked(AddressRequest.objects.values_list("organization", flat=True).get(pk=proposal_id))
    proposal = AddressRequest.objects.select_related("organization", "asked_by")
    found: AddressRequest = proposal.select_for_update(of=("self",)).get(pk=proposal_id)
    if not found.is_open:
        raise AlreadyDecided
    return found


def _decide(proposal: AddressRequest, state: AddressState, now: datetime, by: User) -> None:
    proposal.state, proposal.decided_at, proposal.decided_by = state, now, by
    proposal.save(update_fields=["state", "decided_at", "decided_by", "reason"])


def _check_tax_id(version: BillingDetails | None, fields: AddressFields) -> None:
    if version and version.tax:
        reason = wrong_tax_id(version.tax, fields["tax_number"], fields["country"])
        if reason:
            raise TaxIdNeeded(reason)


def _tell(proposal: AddressRequest, kind: Any, now: datetime, by: User) -> None:
    """Tell who proposed it, as long as they can see the organization."""
    asked_by, organization = proposal.asked_by, proposal.organization
    sees = Organization.objects.seen_whole_by(asked_by).filter(pk=organization.pk)
    if not asked_by.is_active or not sees.exists():
        return
    notify(
        kind,
        about=f"address {proposal.pk} {proposal.state}",
        to=Notified(asked_by.email, organization.invoice_language),
        values={"organization": organization.title},
        quoted=proposal.reason,
        path=_path(proposal),
        now=now,
        by=by,
    )


def _path(proposal: AddressRequest) -> str:
    return reverse("organizations:address", args=[proposal.organization_id, proposal.pk])
