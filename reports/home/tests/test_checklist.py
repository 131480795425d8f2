"""Tests of the checklist that an installation shows until its first invoice."""

import pytest
from django.test import Client

from invoices.tests.factories import BilledUseFactory, ProviderFactory, issued_invoice
from organizations.tests.factories import OrganizationFactory, a_tax
from tariffs.tests.factories import TariffFactory, TariffPriceFactory

pytestmark = pytest.mark.django_db


def done(client: Client) -> list[str]:
    return [step.title for step in client.get("/").context["steps"] if step.is_done]


def test_nothing_is_done_in_an_empty_installation(operator_client: Client) -> None:
    page = operator_client.get("/")

    assert [step.title for step in page.context["steps"]] == [
        "Provider details",
        "Tax",
        "Tariff plan",
        "Organization",
        "Cameras",
        "First invoice",
    ]
    assert done(operator_client) == []
    assert "Needs attention" not in page.text


def test_each_step_is_ticked_when_it_is_done(operator_client: Client) -> None:
    ProviderFactory.create()
    assert done(operator_client) == ["Provider details"]
    a_tax()
    tariff = TariffFactory.create()
    # A plan without a price charges nothing.
    assert done(operator_client) == ["Provider details", "Tax"]
    TariffPriceFactory.create(tariff=tariff)
    OrganizationFactory.create()
    assert done(operator_client) == ["Provider details", "Tax", "Tariff plan", "Organization"]
    BilledUseFactory.create()
    assert done(operator_client)[-1] == "Cameras"


def test_incomplete_provider_details_are_not_done(operator_client: Client) -> None:
    ProviderFactory.create(tax_id="")

    assert done(operator_client) == []


@pytest.mark.parametrize("person", ["operator_client", "support_client"])
@pytest.mark.parametrize("has_organization", [False, True])
def test_each_step_leads_where_the_person_may_go(
    request: pytest.FixtureRequest, person: str, has_organization: bool
) -> None:
    client: Client = request.getfixturevalue(person)
    if has_organization:
        OrganizationFactory.create()

    for step in client.get("/").context["steps"]:
        assert client.get(step.address).status_code == 200, step.title


def test_it_is_gone_after_the_first_invoice(operator_client: Client) -> None:
    issued_invoice()

    assert operator_client.get("/").context["steps"] == []


def test_owners_go_to_their_organizations(owner_client: Client) -> None:
    answer = owner_client.get("/")

    assert (answer.status_code, answer["Location"]) == (302, "/organizations/")
    assert 'aria-current="page">Home' not in owner_client.get("/organizations/").text


def test_the_menu_leads_staff_home(support_client: Client) -> None:
    assert 'href="/" aria-current="page">Home</a>' in support_client.get("/").text
