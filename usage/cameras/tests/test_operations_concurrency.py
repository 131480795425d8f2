"""Test concurrent changes of the same cameras, tariffs and organizations on real connections."""

from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from typing import Any

import pytest
from django.db import connections, transaction

from tariffs.operations import archive
from tariffs.tests.factories import TariffFactory
from tariffs.tests.test_operations_concurrency import wait_until_blocked
from usage.cameras import operations
from usage.cameras.tests.test_operations import (
    MAY,
    NOW,
    change,
    connect,
    disconnect,
    in_use,
    move,
    offer,
    organization_with,
)
from usage.imports import import_usage
from usage.models import Camera, UsageInterval
from usage.tests.factories import UsageIntervalFactory

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_later_of_two_concurrent_changes_is_refused_with_the_current_use(
    background: ThreadPoolExecutor,
) -> None:
    (use,) = in_use()
    first, second = offer([use], name="First"), offer([use], name="Second")
    with transaction.atomic():
        change([use], first)
        later = background.submit(change, [use], second)
        wait_until_blocked(later)
    with pytest.raises(operations.CameraChanged, match="on “First”"):
        later.result()
    assert UsageInterval.objects.in_use().get().tariff == first


def test_a_concurrently_disconnected_camera_is_not_moved(background: ThreadPoolExecutor) -> None:
    (use,) = in_use()
    tariff = TariffFactory.create()
    other = organization_with(tariff)
    with transaction.atomic():
        disconnect([use])
        later = background.submit(move, use, other, tariff)
        wait_until_blocked(later)
    with pytest.raises(operations.CameraChanged, match="no longer in use"):
        later.result()
    assert Camera.objects.get().organization == use.organization


@pytest.mark.parametrize("is_known", [False, True])
def test_the_later_of_two_concurrent_connections_is_refused(
    background: ThreadPoolExecutor, is_known: bool
) -> None:
    tariff = TariffFactory.create()
    ours, theirs = organization_with(tariff, title="Ours"), organization_with(tariff)
    if is_known:
        UsageIntervalFactory.create(camera__name="gate-01", ended_at=MAY)
    with transaction.atomic():
        connect(ours, tariff)
        later = background.submit(connect, theirs, tariff)
        wait_until_blocked(later)
    with pytest.raises(operations.InUse, match="in use by “Ours”"):
        later.result()
    assert UsageInterval.objects.in_use().get().organization == ours


def test_cameras_are_locked_in_one_order_to_prevent_deadlocks() -> None:
    uses = in_use(40)
    first, second = offer(uses), offer(uses)

    def attempt(uses: list[UsageInterval], tariff: Any) -> str:
        try:
            change(uses, tariff)
        except operations.UsageRefusal as refusal:
            return type(refusal).__name__
        finally:
            connections.close_all()
        return "changed"

    with ThreadPoolExecutor(2) as executor:
        calls = [
            executor.submit(attempt, uses, first),
            executor.submit(attempt, uses[::-1], second),
        ]
        outcomes = sorted(call.result() for call in calls)
    assert outcomes == ["SomeRefused", "changed"]
    assert UsageInterval.objects.in_use().count() == 40
    assert len(set(UsageInterval.objects.in_use().values_list("tariff"))) == 1


def test_a_tariff_is_not_archived_between_the_check_and_the_change(
    background: ThreadPoolExecutor,
) -> None:
    (use,) = in_use()
    tariff = offer([use])
    with transaction.atomic():
        change([use], tariff)
        archiving = background.submit(archive, tariff_id=tariff.pk)
        wait_until_blocked(archiving)
    assert archiving.result().is_archived
    assert UsageInterval.objects.in_use().get().tariff == tariff


def test_a_concurrently_archived_tariff_is_refused(background: ThreadPoolExecutor) -> None:
    (use,) = in_use()
    tariff = offer([use])
    with transaction.atomic():
        archive(tariff_id=tariff.pk)
        later = background.submit(change, [use], tariff)
        wait_until_blocked(later)
    with pytest.raises(operations.TariffNotAvailable):
        later.result()


def test_a_concurrently_removed_tariff_is_refused(background: ThreadPoolExecutor) -> None:
    (use,) = in_use()
    tariff = offer([use])
    organization = use.organization
    with transaction.atomic():
        # As in organizations.operations.change_organization.
        type(organization).objects.select_for_update(no_key=True).get(pk=organization.pk)
        organization.tariffs.remove(tariff)
        later = background.submit(change, [use], tariff)
        wait_until_blocked(later)
    with pytest.raises(operations.TariffNotAvailable):
        later.result()


def test_a_change_waits_for_an_import_of_the_same_camera(background: ThreadPoolExecutor) -> None:
    (use,) = in_use()
    tariff = offer([use], name="Pro")
    line = f"Harbour,gate-00,,Basic,{use.started_at.isoformat()},{MAY.isoformat()}"
    header = "organization,camera,title,tariff,started_at,ended_at"
    with transaction.atomic():
        file = BytesIO(f"{header}\n{line}\n".encode())
        assert not import_usage(file, now=NOW, dry_run=False).is_refused
        later = background.submit(change, [use], tariff)
        wait_until_blocked(later)
    with pytest.raises(operations.CameraChanged):
        later.result()
