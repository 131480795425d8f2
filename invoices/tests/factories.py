"""Factories of the provider, of billed organizations and of invoices."""

# factory-boy's declarations have no annotations.
# mypy: disable-error-code="no-untyped-call"

from datetime import UTC, date, datetime
from typing import Any

from factory.declarations import RelatedFactory, SubFactory
from factory.django import DjangoModelFactory

from invoices.issuing import operations
from invoices.models import Invoice
from invoices.provider.models import Provider
from organizations.models import Organization
from organizations.tests.factories import BillingDetailsFactory, OrganizationFactory
from rating.periods import Period
from tariffs.tests.factories import TariffPriceFactory
from usage.models import UsageInterval
from usage.tests.factories import UsageIntervalFactory

OCTOBER = Period(date(2026, 10, 1), date(2026, 11, 1))
SEPTEMBER = Period(date(2026, 9, 1), date(2026, 10, 1))
IN_NOVEMBER = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)


class ProviderFactory(DjangoModelFactory[Provider]):
    """Make a provider with all details that documents need."""

    class Meta:
        model = Provider
        django_get_or_create = ("id",)

    id = 1
    name = "Watchful Ltd"
    street = "1 Harbour Road"
    postal_code = "10115"
    city = "Berlin"
    country = "DE"
    tax_id = "DE123456788"
    email = "billing@watchful.example"
    account_number = "DE02120300000000202051"
    bic = "BYLADEM1001"
    bank = "Demo Bank"


class BilledOrganizationFactory(OrganizationFactory):
    """Make an organization with all details that documents need, taxed at 19 %.

    `details__city="Bremen"` replaces one of the billing details.
    """

    billing_email = "accounts@harbour.example"
    details = RelatedFactory(BillingDetailsFactory, factory_related_name="organization")


class BilledUseFactory(UsageIntervalFactory):
    """Make a usage interval of a billed organization's camera.

    It started on 2026-01-01 and costs EUR 9.00 per month.
    """

    camera__organization = SubFactory(BilledOrganizationFactory)

    @classmethod
    def _create(cls, model_class: Any, *args: Any, **kwargs: Any) -> UsageInterval:
        use: UsageInterval = super()._create(model_class, *args, **kwargs)
        if not use.tariff.prices.exists():
            TariffPriceFactory.create(tariff=use.tariff)
        return use


def issued_invoice(organization: Organization | None = None, period: Period = OCTOBER) -> Invoice:
    """Issue an invoice, by default for one camera's month at EUR 9.00."""
    ProviderFactory.create()
    organization = organization or BilledUseFactory.create().organization
    (invoice,) = operations.issue(
        organization_id=organization.pk, period=period, now=IN_NOVEMBER, by=None
    )
    return invoice
