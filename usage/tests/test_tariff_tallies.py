"""The numbers of organizations and cameras of a tariff plan are those that counting gives."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection

from foundation.lists import tallies
from organizations.tests.factories import OrganizationFactory
from tariffs.models import Tariff, TariffTally
from tariffs.tests.factories import TariffFactory
from usage.models import UsageInterval
from usage.tests.factories import UsageIntervalFactory

pytestmark = pytest.mark.django_db

ENDED = datetime(2026, 3, 1, tzinfo=UTC)


def shown() -> dict[str, tuple[int, int]]:
    rows: Any = Tariff.objects.with_use()
    return {each.name: (each.organization_count, each.camera_count) for each in rows}


def test_every_change_counts() -> None:
    basic, pro = TariffFactory.create(name="Basic"), TariffFactory.create(name="Pro")
    first, second, third = (UsageIntervalFactory.create(tariff=basic) for _ in range(3))
    OrganizationFactory.create(tariffs=[basic, pro])
    assert shown() == {"Basic": (4, 3), "Pro": (1, 0)}

    UsageInterval.objects.filter(pk=first.pk).update(ended_at=ENDED)
    UsageInterval.objects.filter(pk=second.pk).update(tariff=pro)
    assert shown() == {"Basic": (4, 1), "Pro": (1, 1)}

    UsageInterval.objects.filter(pk__in=[first.pk, third.pk]).delete()
    third.organization.tariffs.clear()
    second.organization.tariffs.through.objects.filter(organization=second.organization).update(
        tariff=pro
    )
    assert shown() == {"Basic": (2, 0), "Pro": (2, 1)}


def test_folding_and_counting_again_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    basic = TariffFactory.create(name="Basic")
    for _ in range(3):
        UsageIntervalFactory.create(tariff=basic)
    monkeypatch.setattr(tallies, "MOST_ROWS", 2)

    TariffTally.fold()
    assert shown() == {"Basic": (3, 3)}
    assert TariffTally.objects.count() == 1

    with connection.cursor() as cursor:
        cursor.execute("SELECT usage_recount_tariffs()")
    assert shown() == {"Basic": (3, 3)}
