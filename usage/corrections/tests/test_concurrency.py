"""Test corrections that compete with other changes, on real connections."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from io import BytesIO

import pytest
from django.db import transaction

from tariffs.tests.test_operations_concurrency import wait_until_blocked
from usage.corrections.operations import CorrectionChanged, correct, plan_correction
from usage.corrections.plan import Correction
from usage.corrections.refusals import SelectionGone
from usage.imports import import_usage
from usage.imports.tests.test_operation import HEADER
from usage.models import UsageInterval
from usage.tests.factories import UsageIntervalFactory

pytestmark = pytest.mark.django_db(transaction=True)

NOW = datetime(2026, 10, 15, 12, tzinfo=UTC)
MAY = datetime(2026, 5, 1, tzinfo=UTC)
ENDED = Correction(ended_at=MAY)


def shown(use: UsageInterval, correction: Correction) -> str:
    return plan_correction(
        organization_id=use.organization_id, use_ids=[use.pk], correction=correction, now=NOW
    ).version


def apply(use: UsageInterval, correction: Correction, version: str) -> None:
    correct(
        organization_id=use.organization_id,
        use_ids=[use.pk],
        correction=correction,
        reason="Mistake",
        shown=version,
        now=NOW,
    )


def test_the_later_of_two_corrections_is_not_applied(background: ThreadPoolExecutor) -> None:
    use = UsageIntervalFactory.create()
    later_start = Correction(started_at=datetime(2026, 3, 1, tzinfo=UTC))
    version = shown(use, later_start)
    with transaction.atomic():
        apply(use, ENDED, shown(use, ENDED))
        later = background.submit(apply, use, later_start, version)
        wait_until_blocked(later)
    with pytest.raises(CorrectionChanged):
        later.result()
    use.refresh_from_db()
    assert (use.started_at.month, use.ended_at) == (1, MAY)


def test_usage_that_was_removed_meanwhile_is_not_corrected(background: ThreadPoolExecutor) -> None:
    use = UsageIntervalFactory.create()
    version = shown(use, ENDED)
    removal = Correction(is_void=True)
    with transaction.atomic():
        apply(use, removal, shown(use, removal))
        later = background.submit(apply, use, ENDED, version)
        wait_until_blocked(later)
    with pytest.raises(SelectionGone):
        later.result()


def test_an_import_waits_for_a_correction(background: ThreadPoolExecutor) -> None:
    use = UsageIntervalFactory.create()
    line = f"{use.organization},{use.camera},,{use.tariff.name},2026-06-01T00:00Z,"
    file = BytesIO(f"{HEADER}\n{line}\n".encode())
    with transaction.atomic():
        apply(use, ENDED, shown(use, ENDED))
        later = background.submit(import_usage, file, now=NOW, dry_run=False)
        wait_until_blocked(later)
    assert later.result().intervals_added == 1
