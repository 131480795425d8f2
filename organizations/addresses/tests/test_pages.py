"""The pages of new billing addresses."""

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from invoices.tests.factories import BilledUseFactory
from organizations.addresses.models import AddressRequest
from organizations.addresses.tests.factories import NEW, a_proposal
from organizations.members.models import MemberRole
from organizations.models import Organization
from organizations.tests.factories import OrganizationFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def organization(owner: User) -> Organization:
    organization = BilledUseFactory.create(camera__organization__owner=owner).organization
    return organization


def page_of(proposal: AddressRequest, what: str = "") -> str:
    return f"/organizations/{proposal.organization_id}/address/{proposal.pk}/{what}"


def test_an_owner_proposes_sees_and_withdraws_an_address(
    owner_client: Client, organization: Organization
) -> None:
    billing = f"/organizations/{organization.pk}/billing/"
    address = f"/organizations/{organization.pk}/address/"
    assert address in owner_client.get(billing).text
    stored = organization.billing_details.get()
    assert owner_client.get(address).context["form"]["name"].value() == stored.name

    page = owner_client.post(address, NEW, follow=True)

    proposal = AddressRequest.objects.get()
    assert page.redirect_chain[-1][0] == page_of(proposal)
    assert NEW["street"] in page.text
    assert "Waiting for approval" in owner_client.get(billing).text
    assert owner_client.get(address)["Location"] == page_of(proposal)
    assert "is waiting for approval already" in owner_client.post(address, NEW).text

    owner_client.post(page_of(proposal, "withdraw/"))
    proposal.refresh_from_db()
    assert proposal.state == "withdrawn"
    assert "Withdrawn" in owner_client.get(billing).text


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"city": ""}, "city"),
        ({"country": "XX"}, "country"),
        ({"tax_number": "DE1"}, "tax_number"),
        ({"name": "x" * 201}, "name"),
    ],
)
def test_what_is_wrong_is_named(
    owner_client: Client, organization: Organization, given: dict[str, str], field: str
) -> None:
    page = owner_client.post(f"/organizations/{organization.pk}/address/", {**NEW, **given})
    assert page.context["form"].errors.keys() == {field}
    assert not AddressRequest.objects.exists()


def test_an_operator_compares_and_approves(
    operator_client: Client, organization: Organization
) -> None:
    proposal = a_proposal(organization)
    listed = operator_client.get("/organizations/addresses/")
    assert page_of(proposal) in listed.text
    assert "1 new billing address waits for approval" in operator_client.get("/").text

    page = operator_client.get(page_of(proposal))
    stored = organization.billing_details.get()
    shown = {each.label: (each.now, each.proposed) for each in page.context["compared"]}
    assert shown["Street address"] == (stored.street, NEW["street"])
    assert not page.context["has_changed"]

    answer = operator_client.post(
        page_of(proposal, "approve/"), {"version": page.context["version"]}, follow=True
    )
    assert "Invoices state it from the next one on." in answer.text
    stored.refresh_from_db()
    assert stored.street == NEW["street"]
    # Beside it is still what applied when it was proposed.
    compared = {each.label: each.now for each in answer.context["compared"]}
    assert compared["Street address"] != NEW["street"]
    assert "waits for approval" not in operator_client.get("/").text


def test_an_operator_sees_what_was_changed_since(
    operator_client: Client, organization: Organization
) -> None:
    proposal = a_proposal(organization)
    version = operator_client.get(page_of(proposal)).context["version"]
    former = organization.billing_details.get().street
    organization.billing_details.update(street="7 Elsewhere")

    answer = operator_client.post(page_of(proposal, "approve/"), {"version": version}, follow=True)

    assert "Nothing was approved" in answer.text
    assert answer.context["has_changed"]
    assert "7 Elsewhere" in answer.text
    assert former in answer.text
    proposal.refresh_from_db()
    assert proposal.is_open


def test_an_operator_refuses_for_a_reason(
    operator_client: Client, owner_client: Client, organization: Organization
) -> None:
    proposal = a_proposal(organization)
    page = operator_client.post(page_of(proposal, "refuse/"), {"reason": " "})
    assert page.context["form"].errors
    # Reloading that page leads back to the proposal.
    assert operator_client.get(page_of(proposal, "refuse/")).headers["Location"] == page_of(
        proposal
    )

    operator_client.post(page_of(proposal, "refuse/"), {"reason": "No such street"})
    assert "No such street" in owner_client.get(page_of(proposal)).text
    assert "No such street" in owner_client.get(f"/organizations/{organization.pk}/billing/").text


def test_others_see_nothing(
    client: Client, owner_client: Client, owner: User, organization: Organization
) -> None:
    proposal = a_proposal(OrganizationFactory.create())
    assert owner_client.get(page_of(proposal)).status_code == 404
    # An address belongs to its organization.
    mixed = f"/organizations/{organization.pk}/address/{proposal.pk}/"
    assert owner_client.get(mixed).status_code == 404
    proposal.organization.memberships.create(user=owner, role=MemberRole.READER)
    assert owner_client.get(page_of(proposal)).status_code == 403


def test_the_list_is_found_by_organization_in_as_many_queries(
    operator_client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(3):
        a_proposal(OrganizationFactory.create(title=f"Acme {number}"))
    a_proposal(OrganizationFactory.create(title="Other"))

    with django_assert_max_num_queries(12):
        page = operator_client.get("/organizations/addresses/?q=acme")
    assert [f"Acme {number}" in page.text for number in range(3)] == [True] * 3
    assert "Other" not in page.text


def test_the_history_names_what_was_proposed(
    operator_client: Client, organization: Organization
) -> None:
    a_proposal(organization)
    page = operator_client.get(f"/organizations/{organization.pk}/history/")
    assert NEW["street"] in page.text
