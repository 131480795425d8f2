"""Factories of tariff plans and prices."""

# factory-boy's declarations have no annotations.
# mypy: disable-error-code="no-untyped-call"

from datetime import date
from decimal import Decimal

from factory.declarations import Sequence, SubFactory
from factory.django import DjangoModelFactory

from tariffs.models import Proration, Tariff, TariffPrice, VolumeStep


class TariffFactory(DjangoModelFactory[Tariff]):
    """A tariff in EUR, prorated by the second, without a price version."""

    class Meta:
        model = Tariff

    name = Sequence("Tariff {}".format)
    currency = "EUR"
    proration = Proration.SECOND
    dvr_depth_days = 7
    dvr_space_gb = 50


class TariffPriceFactory(DjangoModelFactory[TariffPrice]):
    """A monthly price of 9 from 2026-01-01."""

    class Meta:
        model = TariffPrice

    tariff = SubFactory(TariffFactory)
    amount = Decimal(9)
    valid_from = date(2026, 1, 1)


class VolumeStepFactory(DjangoModelFactory[VolumeStep]):
    """A price of 8 from 2 camera-months on."""

    class Meta:
        model = VolumeStep

    price = SubFactory(TariffPriceFactory)
    camera_months = Decimal(2)
    amount = Decimal(8)
