"""Create cameras and usage intervals for tests."""

# The declarations of factory-boy have no annotations.
# mypy: disable-error-code="no-untyped-call"

from datetime import UTC, datetime
from typing import Any

from factory.declarations import PostGeneration, SelfAttribute, Sequence, SubFactory
from factory.django import DjangoModelFactory

from organizations.tests.factories import OrganizationFactory
from tariffs.tests.factories import TariffFactory
from usage.models import Camera, UsageImport, UsageInterval


class CameraFactory(DjangoModelFactory[Camera]):
    """A camera in a new organization."""

    class Meta:
        model = Camera

    name = Sequence("camera-{}".format)
    title = Sequence("Camera {}".format)
    organization = SubFactory(OrganizationFactory)


def _make_available(interval: UsageInterval, create: bool, value: Any, **kwargs: Any) -> None:
    if create:
        interval.organization.tariffs.add(interval.tariff)


class UsageIntervalFactory(DjangoModelFactory[UsageInterval]):
    """A camera in use since 2026-01-01 by its organization, on a tariff made available to it."""

    class Meta:
        model = UsageInterval
        skip_postgeneration_save = True

    camera = SubFactory(CameraFactory)
    organization = SelfAttribute("camera.organization")
    tariff = SubFactory(TariffFactory)
    started_at = datetime(2026, 1, 1, tzinfo=UTC)
    ended_at = None
    availability = PostGeneration(_make_available)


class UsageImportFactory(DjangoModelFactory[UsageImport]):
    """An import that changed nothing, by the command."""

    class Meta:
        model = UsageImport

    imported_at = datetime(2026, 10, 1, tzinfo=UTC)
    file_name = "usage.csv"
    sha256 = "0" * 64
    lines = 0
    intervals_added = 0
    intervals_changed = 0
    intervals_removed = 0
    cameras_created = 0
    events_after = 0
    events_until = 0
    camera_events_after = 0
    camera_events_until = 0
