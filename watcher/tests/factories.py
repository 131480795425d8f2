"""Factories of the connection, and of what the platform had last."""

# factory-boy's declarations have no annotations.
# mypy: disable-error-code="no-untyped-call"

from datetime import UTC, date, datetime
from decimal import Decimal

from factory.declarations import LazyFunction, Sequence, SubFactory
from factory.django import DjangoModelFactory

from foundation.encryption import encrypt
from organizations.tests.factories import OrganizationFactory
from tariffs.tests.factories import TariffFactory
from watcher.drift.kinds import Kind
from watcher.models import (
    CameraLimit,
    Connection,
    Difference,
    PlatformCamera,
    PlatformOrganization,
    PlatformPreset,
    PresetLink,
    ReportDifference,
)

SEEN_AT = datetime(2026, 11, 1, tzinfo=UTC)


class ConnectionFactory(DjangoModelFactory[Connection]):
    """A connection by a password to a port of this machine on which nothing answers."""

    class Meta:
        model = Connection

    address = "http://127.0.0.1:1"
    login = "billing"
    secret = LazyFunction(lambda: encrypt("swordfish"))
    secret_changed_at = SEEN_AT


class CameraLimitFactory(DjangoModelFactory[CameraLimit]):
    """A limit of an organization's cameras in Watcher."""

    class Meta:
        model = CameraLimit

    organization = SubFactory(OrganizationFactory)
    most_cameras = 40


class PlatformOrganizationFactory(DjangoModelFactory[PlatformOrganization]):
    """An organization of the platform that is still there."""

    class Meta:
        model = PlatformOrganization

    tenant_id = Sequence(lambda number: str(number + 1_000))
    title = Sequence("Tenant {}".format)
    first_seen_at = SEEN_AT
    changed_at = SEEN_AT


class PlatformPresetFactory(DjangoModelFactory[PlatformPreset]):
    """A preset of the platform that is still there."""

    class Meta:
        model = PlatformPreset

    preset_id = Sequence(lambda number: str(number + 1_000))
    title = Sequence("Preset {}".format)
    first_seen_at = SEEN_AT
    changed_at = SEEN_AT


class PlatformCameraFactory(DjangoModelFactory[PlatformCamera]):
    """A camera that the platform has."""

    class Meta:
        model = PlatformCamera

    name = Sequence("seen-{}".format)
    organization = SubFactory(PlatformOrganizationFactory)
    preset = SubFactory(PlatformPresetFactory)
    since_at = SEEN_AT


class DifferenceFactory(DjangoModelFactory[Difference]):
    """A camera that the platform has, and that is not charged here: EUR 9.00 a month."""

    class Meta:
        model = Difference

    kind = Kind.CAMERA_THERE
    key = name = Sequence("gate-{}".format)
    tenant = SubFactory(PlatformOrganizationFactory)
    preset = SubFactory(PlatformPresetFactory)
    since_at = SEEN_AT
    there_amount = Decimal("9.00")
    there_currency = "EUR"


class ReportDifferenceFactory(DjangoModelFactory[ReportDifference]):
    """Two days on which only the platform's report has a camera."""

    class Meta:
        model = ReportDifference

    name = Sequence("gate-{}".format)
    account_id = "31"
    side = ReportDifference.Side.THERE
    first_on = date(2026, 10, 1)
    last_on = date(2026, 10, 2)


class PresetLinkFactory(DjangoModelFactory[PresetLink]):
    """A preset that means a tariff."""

    class Meta:
        model = PresetLink

    preset = SubFactory(PlatformPresetFactory)
    tariff = SubFactory(TariffFactory)
