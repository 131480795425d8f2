"""Concurrent changes by two people, and by people and cameras, on real connections."""

from concurrent.futures import Future, ThreadPoolExecutor
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection, transaction

from tariffs import operations
from tariffs.models import Tariff, TariffPrice
from tariffs.tests.conftest import NOW
from tariffs.tests.factories import TariffFactory
from tariffs.tests.test_operations import version
from usage.models import UsageInterval
from usage.tests.factories import CameraFactory

pytestmark = pytest.mark.django_db(transaction=True)


def wait_until_blocked(call: Future[Any]) -> None:
    """Wait until the call is blocked by this connection's lock; fail if it ends instead."""
    blocked = """
        SELECT EXISTS (
            SELECT FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid))
        )
    """
    with connection.cursor() as cursor:
        while not cursor.execute(blocked).fetchone()[0]:
            assert not call.done(), call.result()


def set_price(tariff: Tariff, amount: int) -> TariffPrice:
    return operations.set_price(
        tariff_id=tariff.pk, amount=Decimal(amount), valid_from=date(2026, 11, 1), now=NOW
    )


def begin_to_use(tariff: Tariff) -> None:
    """Insert a first use, and run the checks with which its commit begins."""
    camera = CameraFactory.create()
    UsageInterval.objects.create(
        camera=camera,
        organization=camera.organization,
        tariff=tariff,
        started_at=datetime(2026, 10, 1, tzinfo=UTC),
    )
    connection.check_constraints()


def test_later_of_two_prices_with_the_same_date_must_be_confirmed(
    background: ThreadPoolExecutor,
) -> None:
    tariff = TariffFactory.create()
    with transaction.atomic():
        set_price(tariff, 9)
        later = background.submit(lambda: set_price(tariff, 10))
        wait_until_blocked(later)
    with pytest.raises(operations.PriceNotConfirmed) as refusal:
        later.result()
    assert refusal.value.change.previous == 9
    assert tariff.prices.get().amount == 9


def test_tariff_used_during_its_deletion_is_not_deleted(
    background: ThreadPoolExecutor,
) -> None:
    tariff = TariffFactory.create()
    with transaction.atomic():
        begin_to_use(tariff)
        deletion = background.submit(
            lambda: operations.delete(tariff_id=tariff.pk, organization_count=0)
        )
        wait_until_blocked(deletion)
    with pytest.raises(operations.TariffUsed):
        deletion.result()


def test_currency_of_a_tariff_used_during_its_change_is_kept(
    background: ThreadPoolExecutor,
) -> None:
    tariff = TariffFactory.create(currency="EUR")

    def change() -> None:
        operations.change_tariff(
            tariff_id=tariff.pk,
            shown=version(tariff),
            name=tariff.name,
            note="",
            currency="USD",
            proration=tariff.proration,
            is_default=False,
            dvr_depth_days=7,
            dvr_space_gb=50,
            has_anpr=False,
        )

    with transaction.atomic():
        begin_to_use(tariff)
        changed = background.submit(change)
        wait_until_blocked(changed)
    with pytest.raises(operations.TermsFixed):
        changed.result()
    tariff.refresh_from_db()
    assert tariff.currency == "EUR"


def test_withdrawal_waits_for_a_new_amount_and_is_refused(
    background: ThreadPoolExecutor,
) -> None:
    tariff = TariffFactory.create()
    price = set_price(tariff, 9)
    with transaction.atomic():
        Tariff.objects.select_for_update().get(pk=tariff.pk)
        tariff.prices.update(amount=10)
        withdrawal = background.submit(
            lambda: operations.withdraw_price(
                tariff_id=tariff.pk, price_id=price.pk, amount=Decimal(9), now=NOW
            )
        )
        wait_until_blocked(withdrawal)
    with pytest.raises(operations.PriceGone):
        withdrawal.result()
