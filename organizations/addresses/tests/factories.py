"""A factory of proposed addresses."""

from datetime import UTC, datetime

from organizations.addresses.models import AddressRequest
from organizations.addresses.operations import AddressFields, address_values, target_of
from organizations.models import Organization
from organizations.tests.factories import OrganizationFactory

ASKED_AT = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)
NEW: AddressFields = {
    "name": "Watchful Ltd",
    "street": "1 Harbour Road",
    "postal_code": "20459",
    "city": "Berlin",
    "country": "DE",
    "tax_number": "",
}


def a_proposal(organization: Organization | None = None) -> AddressRequest:
    """Store an open proposal of the owner, without telling anybody."""
    organization = organization or OrganizationFactory.create()
    seen = address_values(target_of(organization, ASKED_AT).version)
    return AddressRequest.objects.create(
        organization=organization,
        seen=seen,
        asked_at=ASKED_AT,
        asked_by=organization.owner,
        **NEW,
    )
