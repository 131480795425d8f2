"""Factories of organizations."""

# factory-boy's declarations have no annotations.
# mypy: disable-error-code="no-untyped-call"

from datetime import date
from decimal import Decimal
from typing import Any

from factory.declarations import LazyFunction, PostGeneration, Sequence, SubFactory
from factory.django import DjangoModelFactory

from accounts.tests.factories import OwnerFactory
from organizations.models import (
    BillingDetails,
    Discount,
    DiscountExemption,
    Fee,
    IndividualPrice,
    Minimum,
    OneOffCharge,
    Organization,
    Partnership,
    Suspension,
    Tax,
    TaxCategory,
)
from tariffs.models import Tariff
from tariffs.tests.factories import TariffFactory


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


class SuspensionFactory(DjangoModelFactory[Suspension]):
    """A suspension without charges from 2026-09-01 on."""

    class Meta:
        model = Suspension

    organization = SubFactory(OrganizationFactory)
    first_on = date(2026, 9, 1)
    reason = "Not paid"


class IndividualPriceFactory(DjangoModelFactory[IndividualPrice]):
    """An individual price of 8 from 2026-09-01."""

    class Meta:
        model = IndividualPrice

    organization = SubFactory(OrganizationFactory)
    tariff = SubFactory(TariffFactory)
    valid_from = date(2026, 9, 1)
    amount = Decimal(8)


class DiscountFactory(DjangoModelFactory[Discount]):
    """A discount of 10 % on all tariffs from 2026-09-01."""

    class Meta:
        model = Discount

    organization = SubFactory(OrganizationFactory)
    first_on = date(2026, 9, 1)
    percent = Decimal(10)


class DiscountExemptionFactory(DjangoModelFactory[DiscountExemption]):
    """The exemption of a tariff from 2026-09-01."""

    class Meta:
        model = DiscountExemption

    organization = SubFactory(OrganizationFactory)
    tariff = SubFactory(TariffFactory)
    first_on = date(2026, 9, 1)


class FeeFactory(DjangoModelFactory[Fee]):
    """A fee of EUR 5 per month from 2026-09-01."""

    class Meta:
        model = Fee

    organization = SubFactory(OrganizationFactory)
    name = Sequence("Fee {}".format)
    amount = Decimal(5)
    currency = "EUR"
    first_on = date(2026, 9, 1)


class OneOffChargeFactory(DjangoModelFactory[OneOffCharge]):
    """One of something for EUR 50 on 2026-09-12."""

    class Meta:
        model = OneOffCharge

    organization = SubFactory(OrganizationFactory)
    text = Sequence("Service {}".format)
    reason = "Agreed by telephone"
    day = date(2026, 9, 12)
    quantity = Decimal(1)
    amount = Decimal(50)
    currency = "EUR"


class MinimumFactory(DjangoModelFactory[Minimum]):
    """A minimum of EUR 30 per month from 2026-09-01."""

    class Meta:
        model = Minimum

    organization = SubFactory(OrganizationFactory)
    amount = Decimal(30)
    currency = "EUR"
    first_on = date(2026, 9, 1)


class PartnershipFactory(DjangoModelFactory[Partnership]):
    """A partner that is billed for an organization from 2026-09-01 on."""

    class Meta:
        model = Partnership

    organization = SubFactory(OrganizationFactory)
    partner = SubFactory(OrganizationFactory)
    first_on = date(2026, 9, 1)
