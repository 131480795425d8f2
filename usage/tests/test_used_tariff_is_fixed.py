"""Test that the database fixes the currency and proration of a tariff once a camera uses it."""

from concurrent.futures import Future, ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from tariffs.models import Proration, Tariff
from tariffs.tests.factories import TariffFactory
from usage.models import Camera, UsageInterval
from usage.tests.factories import CameraFactory, UsageIntervalFactory

CHANGES = [{"currency": "USD"}, {"proration": Proration.DAY}]


@pytest.mark.django_db
@pytest.mark.parametrize("change", CHANGES)
def test_the_currency_and_proration_of_a_used_tariff_are_fixed(change: dict[str, str]) -> None:
    UsageIntervalFactory.create(ended_at=datetime(2026, 1, 2, tzinfo=UTC))
    with (
        pytest.raises(IntegrityError, match="its currency and proration are fixed"),
        transaction.atomic(),
    ):
        Tariff.objects.update(**change)
    assert not Tariff.objects.filter(**change).exists()


@pytest.mark.django_db
@pytest.mark.parametrize("change", CHANGES)
def test_the_currency_and_proration_of_an_unused_tariff_may_change(change: dict[str, str]) -> None:
    UsageIntervalFactory.create()
    unused = TariffFactory.create()
    assert Tariff.objects.filter(pk=unused.pk).update(**change) == 1


@pytest.mark.django_db
def test_other_fields_of_a_used_tariff_may_change() -> None:
    tariff = UsageIntervalFactory.create().tariff
    tariff.name = "Another name"
    tariff.is_archived = True
    tariff.save()
    assert Tariff.objects.get().name == "Another name"


def _change_currency(tariff: Tariff) -> int:
    return Tariff.objects.filter(pk=tariff.pk).update(currency="USD")


def _use(camera: Camera, tariff: Tariff) -> UsageInterval:
    return UsageInterval.objects.create(
        camera=camera,
        organization=camera.organization,
        tariff=tariff,
        started_at=datetime(2026, 10, 1, tzinfo=UTC),
    )


def _wait_until_blocked(call: Future[Any]) -> None:
    """Wait until the call waits for a lock held by this connection; fail if it finishes instead."""
    blocked = """
        SELECT EXISTS (
            SELECT FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid))
        )
    """
    with connection.cursor() as cursor:
        while not cursor.execute(blocked).fetchone()[0]:
            assert not call.done(), call.result()


@pytest.mark.django_db(transaction=True)
def test_a_change_waits_for_an_uncommitted_first_use_and_is_refused(
    background: ThreadPoolExecutor,
) -> None:
    tariff = TariffFactory.create(currency="EUR")
    with transaction.atomic():
        _use(CameraFactory.create(), tariff)
        # A commit starts with this check: the foreign key takes its lock.
        connection.check_constraints()
        change = background.submit(_change_currency, tariff)
        _wait_until_blocked(change)
    with pytest.raises(IntegrityError, match="its currency and proration are fixed"):
        change.result()
    assert Tariff.objects.get().currency == "EUR"


@pytest.mark.django_db(transaction=True)
def test_a_first_use_waits_for_an_uncommitted_change(
    background: ThreadPoolExecutor,
) -> None:
    tariff = TariffFactory.create(currency="EUR")
    camera = CameraFactory.create()
    with transaction.atomic():
        _change_currency(tariff)
        use = background.submit(_use, camera, tariff)
        _wait_until_blocked(use)
    assert use.result().tariff_id == tariff.pk
    assert Tariff.objects.get().currency == "USD"
