"""Tests of what electronic invoices state of the provider."""

from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from foundation.web.versions import version_of
from invoices.provider.models import Provider
from invoices.provider.operations import stored_e_invoicing
from invoices.provider.parties import provider_details, seller_of
from invoices.tests.factories import ProviderFactory

pytestmark = pytest.mark.django_db

ADDRESS = "/invoices/provider/e-invoicing/"
DETAILS = {
    "contact_name": "Accounts",
    "contact_phone": "+49 30 901820",
    "endpoint": "DE123456788",
    "endpoint_scheme": "9930",
    "legal_id": "HRB 86786",
    "legal_scheme": "",
}


def entries(**fields: Any) -> dict[str, Any]:
    """Return the form data that a browser sends for a page opened now."""
    return {**DETAILS, "version": version_of(stored_e_invoicing(provider_details())), **fields}


def test_stores_what_electronic_invoices_state(operator_client: Client) -> None:
    ProviderFactory.create()

    answer = operator_client.post(ADDRESS, entries(endpoint="de 123 456 788"), follow=True)

    assert "The details for electronic invoices were saved." in answer.text
    assert stored_e_invoicing(provider_details()) == DETAILS
    seller = seller_of(provider_details())
    assert {name: getattr(seller, name) for name in DETAILS} == DETAILS
    # The other details stay.
    assert seller.name == "Watchful Ltd"


def test_can_be_entered_before_the_other_details(operator_client: Client) -> None:
    operator_client.post(ADDRESS, entries())

    assert stored_e_invoicing(Provider.objects.get()) == DETAILS


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"endpoint": "DE123456789"}, "endpoint"),
        ({"endpoint_scheme": ""}, "endpoint_scheme"),
        ({"endpoint": ""}, "endpoint"),
        ({"legal_scheme": "0002"}, "legal_id"),
        ({"contact_phone": "none"}, "contact_phone"),
    ],
)
def test_wrong_values_are_refused(
    operator_client: Client, fields: dict[str, str], field: str
) -> None:
    ProviderFactory.create()

    answer = operator_client.post(ADDRESS, entries(**fields))

    assert {*answer.context["form"].errors} == {field}
    assert stored_e_invoicing(provider_details()) == dict.fromkeys(DETAILS, "")


def test_a_change_made_meanwhile_is_not_overwritten(operator_client: Client) -> None:
    ProviderFactory.create()
    opened = entries()
    Provider.objects.update(contact_name="Front desk")

    answer = operator_client.post(ADDRESS, opened)

    differences = answer.context["conflict"].differences
    assert [(each.typed, each.stored) for each in differences] == [("Accounts", "Front desk")]
    assert provider_details().contact_name == "Front desk"


def test_support_reads_it(support_client: Client) -> None:
    ProviderFactory.create(**DETAILS)

    page = support_client.get(ADDRESS)

    assert "+49 30 901820" in page.text
    assert "form" not in page.context
    assert support_client.post(ADDRESS, entries()).status_code == 403


@pytest.mark.parametrize(
    "values", [{"endpoint": "x"}, {"endpoint_scheme": "9930"}, {"legal_scheme": "0002"}]
)
def test_the_database_refuses_what_does_not_belong_together(values: dict[str, str]) -> None:
    provider = ProviderFactory.create()

    with pytest.raises(IntegrityError), transaction.atomic():
        Provider.objects.filter(pk=provider.pk).update(**values)
