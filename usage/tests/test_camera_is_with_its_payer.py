"""Test that the database keeps a camera in the organization that uses it."""

from concurrent.futures import Future, ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
from django.db import IntegrityError, transaction

from organizations.models import Organization
from organizations.tests.factories import OrganizationFactory
from tariffs.tests.test_operations_concurrency import wait_until_blocked
from usage.models import Camera, UsageInterval
from usage.tests.factories import CameraFactory, UsageIntervalFactory

JULY = datetime(2026, 7, 1, tzinfo=UTC)
REFUSED = "in use by another organization than its own"

pytestmark = pytest.mark.django_db(transaction=True)


def move_only_the_camera(camera: Camera, organization: Organization) -> None:
    Camera.objects.filter(pk=camera.pk).update(organization=organization)


def test_a_camera_in_use_cannot_leave_its_organization() -> None:
    use = UsageIntervalFactory.create()
    with pytest.raises(IntegrityError, match=REFUSED):
        move_only_the_camera(use.camera, OrganizationFactory.create())


def test_a_camera_of_another_organization_cannot_be_used() -> None:
    with pytest.raises(IntegrityError, match=REFUSED):
        UsageIntervalFactory.create(organization=OrganizationFactory.create())


def test_usage_cannot_move_to_another_organization_or_be_reopened_there() -> None:
    use = UsageIntervalFactory.create()
    past = UsageIntervalFactory.create(organization=OrganizationFactory.create(), ended_at=JULY)
    with pytest.raises(IntegrityError, match=REFUSED):
        UsageInterval.objects.filter(pk=use.pk).update(organization=OrganizationFactory.create())
    with pytest.raises(IntegrityError, match=REFUSED):
        UsageInterval.objects.filter(pk=past.pk).update(ended_at=None)


def test_camera_and_usage_may_move_in_one_transaction_in_any_order() -> None:
    use, other = UsageIntervalFactory.create(), OrganizationFactory.create()
    with transaction.atomic():
        move_only_the_camera(use.camera, other)
        UsageInterval.objects.filter(pk=use.pk).update(ended_at=JULY)
        UsageIntervalFactory.create(
            camera=use.camera, organization=other, tariff=use.tariff, started_at=JULY
        )
    assert Camera.objects.get().organization == other


def test_a_camera_not_in_use_may_move_to_any_organization() -> None:
    use = UsageIntervalFactory.create(ended_at=JULY)
    move_only_the_camera(use.camera, OrganizationFactory.create())


def test_the_later_of_two_concurrent_changes_is_refused(background: ThreadPoolExecutor) -> None:
    camera, other = CameraFactory.create(), OrganizationFactory.create()
    using: Future[UsageInterval]
    with transaction.atomic():
        move_only_the_camera(camera, other)
        using = background.submit(UsageIntervalFactory.create, camera=camera)
        wait_until_blocked(using)
    with pytest.raises(IntegrityError, match=REFUSED):
        using.result()
