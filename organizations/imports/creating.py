"""Create many organizations, set by set, as `create_organization` creates one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from foundation.bulk import forget_plans
from organizations.billing.details import BillingFields, DeliveryFields
from organizations.models import BillingDetails, Organization
from organizations.operations import OrganizationFields
from organizations.tags.operations import tag_many

_OWN = (*OrganizationFields.__annotations__, *DeliveryFields.__annotations__)
_BILLING = (*BillingFields.__annotations__,)
# An organization with nothing else has no billing details yet.
_NOTHING = {name: getattr(BillingDetails(), name) for name in _BILLING}


def create_many(values: Sequence[Mapping[str, Any]]) -> None:
    """Create organizations with these values by field, of billing details and tags too.

    The transaction has locked the tariffs, taxes and tags.
    """
    if not values:
        return
    forget_plans()
    organizations = Organization.objects.bulk_create(
        Organization(**{name: each[name] for name in _OWN}) for each in values
    )
    both = list(zip(organizations, values, strict=True))
    available = Organization.tariffs.through
    available.objects.bulk_create(
        available(organization_id=organization.pk, tariff_id=tariff.pk)
        for organization, each in both
        for tariff in each["tariffs"]
    )
    BillingDetails.objects.bulk_create(
        BillingDetails(organization=organization, **{name: each[name] for name in _BILLING})
        for organization, each in both
        if any(each[name] != _NOTHING[name] for name in _BILLING)
    )
    tag_many({organization.pk: each["tags"] for organization, each in both if each["tags"]})
