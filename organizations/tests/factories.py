"""Factories of organizations."""

# factory-boy's declarations have no annotations.
# mypy: disable-error-code="no-untyped-call"

from datetime import date
from decimal import Decimal
from typing import Any

from factory.declarations import LazyFunction, PostGeneration, Sequence, SubFactory
from factory.django import DjangoModelFactory

from accounts.tests.factories import OwnerFactory
from organizations.models import BillingDetails, Organization, Tax, TaxCategory
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


def a_tax(
    category: TaxCategory | str = TaxCategory.STANDARD, percent: Decimal | int = 19, **fields: Any
) -> Tax:
    """Return the tax of a category and rate, which applies since 2020, or create it."""
    of_standard = category == TaxCategory.STANDARD
    name = f"VAT {percent} %" if of_standard else TaxCategory(category).name
    tax, is_new = Tax.objects.get_or_create(name=name, defaults={"category": category, **fields})
    if is_new and of_standard:
        tax.percents.create(percent=Decimal(percent), valid_from=date(2020, 1, 1))
    return tax


class BillingDetailsFactory(DjangoModelFactory[BillingDetails]):
    """Complete billing details, from the beginning, taxed at 19 %."""

    class Meta:
        model = BillingDetails

    organization = SubFactory(OrganizationFactory)
    name = "Harbour Storage GmbH"
    street = "5 Quay"
    postal_code = "20457"
    city = "Hamburg"
    country = "DE"
    tax_number = "DE987654328"
    tax = LazyFunction(a_tax)
