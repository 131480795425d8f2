"""Factories of organizations."""

# factory-boy's declarations have no annotations.
# mypy: disable-error-code="no-untyped-call"

from typing import Any

from factory.declarations import PostGeneration, Sequence, SubFactory
from factory.django import DjangoModelFactory

from accounts.tests.factories import OwnerFactory
from organizations.models import Organization
from tariffs.models import Tariff


def _make_available(
    organization: Organization, create: bool, tariffs: list[Tariff] | None, **kwargs: Any
) -> None:
    if create and tariffs:
        organization.tariffs.add(*tariffs)


class OrganizationFactory(DjangoModelFactory[Organization]):
    """An organization in UTC without a trial; `tariffs=[...]` makes these tariffs available."""

    class Meta:
        model = Organization
        skip_postgeneration_save = True

    title = Sequence("Organization {}".format)
    owner = SubFactory(OwnerFactory)
    time_zone = "UTC"
    tariffs = PostGeneration(_make_available)
