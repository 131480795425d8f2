"""What tests of partners share."""

from datetime import date

import pytest

from organizations.models import Organization
from organizations.tests.factories import IndividualPriceFactory, OrganizationFactory
from tariffs.models import Tariff
from tariffs.tests.factories import TariffFactory, TariffPriceFactory


@pytest.fixture
def basic() -> Tariff:
    tariff: Tariff = TariffFactory.create(name="Basic")
    TariffPriceFactory.create(tariff=tariff, amount=9)
    return tariff


@pytest.fixture
def partner(basic: Tariff) -> Organization:
    """Return a partner that pays 6 for Basic."""
    partner: Organization = OrganizationFactory.create(title="Partner")
    IndividualPriceFactory.create(
        organization=partner, tariff=basic, amount=6, valid_from=date(2026, 1, 1)
    )
    return partner
