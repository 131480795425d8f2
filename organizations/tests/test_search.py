"""Searching organizations by what several tables hold."""

import pytest
from django.db import connection

from accounts.models import User
from organizations.models import BillingDetails, Organization, SearchText
from organizations.tests.factories import OrganizationFactory

pytestmark = pytest.mark.django_db


def found(text: str) -> list[str]:
    return list(Organization.objects.search(text).values_list("title", flat=True))


def test_title_contract_owner_and_billing_details_are_searched_together() -> None:
    organization = OrganizationFactory.create(
        title="Hotel Brückner",
        contract_number="C-90042",
        owner__email="anna@example.com",
        owner__name="Anna Ädler",
    )
    OrganizationFactory.create(title="Hotel Other")
    BillingDetails.objects.create(
        organization=organization, name="Übersee AG", tax_number="DE123456789"
    )

    for text in ("brueckner", "90042 hotel", "anna@ex", "adler ruck", "ubersee", "456789 hotel"):
        assert found(text) == ["Hotel Brückner"], text


def test_changes_are_found_at_once() -> None:
    organization = OrganizationFactory.create(title="Hotel", owner__name="Anna", contract_number="")
    details = BillingDetails.objects.create(organization=organization, name="Before GmbH")

    Organization.objects.filter(pk=organization.pk).update(title="Bakery", contract_number="K7")
    User.objects.filter(pk=organization.owner_id).update(name="Boris")
    BillingDetails.objects.filter(pk=details.pk).update(name="After GmbH")

    assert found("bakery k7 boris after") == ["Bakery"]
    for text in ("hotel", "anna", "before"):
        assert found(text) == [], text


def test_another_owner_is_found_and_withdrawn_details_are_not() -> None:
    organization = OrganizationFactory.create(title="Hotel", owner__name="Anna")
    other = OrganizationFactory.create(owner__name="Boris").owner
    details = BillingDetails.objects.create(organization=organization, name="Overseas")

    Organization.objects.filter(pk=organization.pk).update(owner=other)
    details.delete()

    assert found("hotel boris") == ["Hotel"]
    assert found("anna") == found("overseas") == []


def test_a_deleted_organization_leaves_no_text() -> None:
    organization = OrganizationFactory.create()
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM organizations_organization WHERE id = %s", [organization.pk])

    assert not SearchText.objects.exists()
