"""Proposing addresses and deciding on them: what invoices state then, and who is told."""

from datetime import date
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from accounts.models import Notice, User
from accounts.tests.factories import OwnerFactory
from foundation.web.versions import EditedByOthers, version_of
from invoices.models import Invoice
from invoices.tests.factories import (
    IN_NOVEMBER,
    BilledUseFactory,
    ProviderFactory,
    issued_invoice,
)
from organizations.addresses.models import AddressRequest
from organizations.addresses.operations import (
    AlreadyDecided,
    NothingNew,
    OneIsOpen,
    TaxIdNeeded,
    address_values,
    approve_address,
    propose_address,
    refuse_address,
    target_of,
    withdraw_address,
)
from organizations.addresses.tests.factories import ASKED_AT, NEW, a_proposal
from organizations.billing.operations import stored_billing_details
from organizations.models import Organization
from organizations.tests.factories import BillingDetailsFactory, OrganizationFactory, a_tax

pytestmark = pytest.mark.django_db


@pytest.fixture
def organization() -> Organization:
    return BilledUseFactory.create().organization


def shown(organization: Organization) -> str:
    version = target_of(organization, IN_NOVEMBER).version
    return version_of(stored_billing_details(organization, version))


def approve(proposal: AddressRequest, by: User, version: str | None = None) -> None:
    approve_address(
        proposal_id=proposal.pk,
        shown=version or shown(proposal.organization),
        now=IN_NOVEMBER,
        by=by,
    )


def test_an_approved_address_is_stated_by_the_next_invoice(
    organization: Organization, operator: User
) -> None:
    proposal = propose_address(
        organization_id=organization.pk, fields=NEW, now=ASKED_AT, by=organization.owner
    )
    assert organization.billing_details.get().name != NEW["name"]

    approve(proposal, operator)

    invoice = issued_invoice(organization)
    assert (invoice.buyer["name"], invoice.buyer["street"]) == (NEW["name"], NEW["street"])
    # What cannot be proposed stays.
    assert organization.billing_details.get().tax is not None
    proposal.refresh_from_db()
    assert (proposal.state, proposal.decided_by, proposal.decided_at) == (
        "approved",
        operator,
        IN_NOVEMBER,
    )


def test_what_is_invoiced_keeps_its_details(organization: Organization, operator: User) -> None:
    former = issued_invoice(organization)
    approve(a_proposal(organization), operator)

    first, second = organization.billing_details.all()
    assert (first.valid_from, first.name) == (None, former.buyer["name"])
    assert (second.valid_from, second.name, second.tax) == (
        date(2026, 11, 1),
        NEW["name"],
        first.tax,
    )
    assert Invoice.objects.get(pk=former.pk).buyer["name"] == former.buyer["name"]


def test_details_that_are_in_force_since_later_are_corrected(
    organization: Organization, operator: User
) -> None:
    issued_invoice(organization)
    BillingDetailsFactory.create(organization=organization, valid_from=date(2026, 11, 2))
    BillingDetailsFactory.create(organization=organization, valid_from=date(2027, 1, 1))
    approve(a_proposal(organization), operator)

    names = dict(organization.billing_details.values_list("valid_from", "name"))
    assert names.pop(date(2026, 11, 2)) == NEW["name"]
    assert NEW["name"] not in names.values()
    assert len(names) == 2


def test_an_organization_without_details_gets_its_first(operator: User) -> None:
    organization = OrganizationFactory.create()
    approve(a_proposal(organization), operator)
    assert organization.billing_details.get().city == "Berlin"


def test_one_at_a_time_is_open(organization: Organization, operator: User) -> None:
    first = a_proposal(organization)
    asked: dict[str, Any] = {
        "organization_id": organization.pk,
        "now": ASKED_AT,
        "by": organization.owner,
    }
    with pytest.raises(OneIsOpen):
        propose_address(fields={**NEW, "city": "Kiel"}, **asked)
    with pytest.raises(IntegrityError, match="one_open"), transaction.atomic():
        a_proposal(organization)

    withdraw_address(proposal_id=first.pk, now=IN_NOVEMBER, by=organization.owner)
    assert propose_address(fields={**NEW, "city": "Kiel"}, **asked).is_open


def test_the_address_that_applies_cannot_be_proposed(organization: Organization) -> None:
    fields = address_values(organization.billing_details.get())
    with pytest.raises(NothingNew):
        propose_address(
            organization_id=organization.pk, fields=fields, now=ASKED_AT, by=organization.owner
        )


def test_a_tax_that_needs_a_tax_id_is_respected(organization: Organization, operator: User) -> None:
    organization.billing_details.update(tax=a_tax("AE"), tax_number="DE123456788")
    with pytest.raises(TaxIdNeeded, match="reverse charge"):
        propose_address(
            organization_id=organization.pk, fields=NEW, now=ASKED_AT, by=organization.owner
        )
    with pytest.raises(TaxIdNeeded):
        approve(a_proposal(organization), operator)
    assert AddressRequest.objects.get().is_open


def test_nothing_is_overwritten_that_was_changed_since_it_was_shown(
    organization: Organization, operator: User
) -> None:
    proposal, version = a_proposal(organization), shown(organization)
    organization.billing_details.update(street="7 Elsewhere")

    with pytest.raises(EditedByOthers):
        approve(proposal, operator, version)
    assert AddressRequest.objects.get().is_open
    assert organization.billing_details.get().street == "7 Elsewhere"


def test_a_decision_is_made_once(organization: Organization, operator: User) -> None:
    proposal = a_proposal(organization)
    refuse_address(proposal_id=proposal.pk, reason="No such street", now=IN_NOVEMBER, by=operator)

    decided: dict[str, Any] = {"proposal_id": proposal.pk, "now": IN_NOVEMBER, "by": operator}
    with pytest.raises(AlreadyDecided):
        approve(proposal, operator)
    with pytest.raises(AlreadyDecided):
        withdraw_address(**decided)
    with pytest.raises(AlreadyDecided):
        refuse_address(reason="x", **decided)
    of_it = AddressRequest.objects.filter(pk=proposal.pk)
    for change in (lambda: of_it.update(reason="Because"), of_it.delete):
        with pytest.raises(DatabaseError, match="Cannot update or delete"), transaction.atomic():
            change()


@pytest.mark.parametrize(
    "values",
    [
        {"state": "refused", "reason": ""},
        {"state": "approved", "decided_at": None},
        {"reason": "Why"},
        {"city": ""},
        {"state": "other"},
    ],
)
def test_sql_cannot_store_half_a_decision(
    organization: Organization, operator: User, values: dict[str, str | None]
) -> None:
    a_proposal(organization)
    decided = {"decided_at": IN_NOVEMBER, "decided_by": operator} if "state" in values else {}
    with pytest.raises(IntegrityError):
        AddressRequest.objects.update(**{**decided, **values})


class TestNotices:
    def test_the_provider_is_told_of_a_proposal(self, organization: Organization) -> None:
        provider = ProviderFactory.create()
        proposal = propose_address(
            organization_id=organization.pk, fields=NEW, now=ASKED_AT, by=organization.owner
        )
        notice = Notice.objects.get()
        assert notice.email == provider.email
        assert notice.subject == f"{organization.title} proposes a new billing address"
        assert notice.path == f"/organizations/{organization.pk}/address/{proposal.pk}/"

    def test_the_owner_is_told_in_the_language_of_the_organization(
        self, organization: Organization, operator: User
    ) -> None:
        Organization.objects.filter(pk=organization.pk).update(invoice_language="ru")
        proposal = a_proposal(organization)
        refuse_address(
            proposal_id=proposal.pk, reason="Нет такой улицы", now=IN_NOVEMBER, by=operator
        )
        notice = Notice.objects.get()
        assert (notice.email, notice.language) == (organization.owner.email, "ru")
        assert notice.quoted == "Нет такой улицы"
        assert "отклонён" in notice.subject

    def test_nobody_is_told_who_has_nothing_to_do_with_it_any_more(
        self, organization: Organization, operator: User
    ) -> None:
        proposal = a_proposal(organization)
        Organization.objects.filter(pk=organization.pk).update(owner=OwnerFactory.create())
        approve(proposal, operator)
        assert not Notice.objects.exists()
