"""Tests of how the instants of usage are known."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from usage.corrections.operations import correct, plan_correction
from usage.corrections.plan import Correction
from usage.models import UsageInterval
from usage.tests.factories import UsageIntervalFactory

START, END = datetime(2026, 10, 1, 8, tzinfo=UTC), datetime(2026, 10, 5, 8, tzinfo=UTC)
LATER, NOW = datetime(2026, 10, 2, tzinfo=UTC), datetime(2026, 10, 15, tzinfo=UTC)

pytestmark = pytest.mark.django_db


def seen() -> UsageInterval:
    return UsageIntervalFactory.create(
        started_at=START, ended_at=END, started_within_seconds=-60, ended_within_seconds=0
    )


def test_a_corrected_instant_is_stated_and_the_other_stays_as_known() -> None:
    use = seen()
    what = {
        "organization_id": use.organization_id,
        "use_ids": [use.pk],
        "correction": Correction(started_at=LATER),
        "now": NOW,
    }
    shown = plan_correction(**what).version  # type: ignore[arg-type]
    correct(**what, reason="It began later", shown=shown)  # type: ignore[arg-type]

    use.refresh_from_db()
    assert (use.started_at, use.started_within_seconds) == (LATER, None)
    assert (use.ended_at, use.ended_within_seconds) == (END, 0)


def test_an_instant_can_be_seen_again() -> None:
    use = seen()
    UsageInterval.objects.filter(pk=use.pk).update(ended_at=LATER, ended_within_seconds=30)

    use.refresh_from_db()
    assert use.ended_within_seconds == 30


def test_usage_that_goes_on_has_no_known_end() -> None:
    use = seen()
    UsageInterval.objects.filter(pk=use.pk).update(ended_at=None)
    use.refresh_from_db()
    assert use.ended_within_seconds is None

    with pytest.raises(IntegrityError, match="usage_interval_end_is_known"), transaction.atomic():
        UsageInterval.objects.filter(pk=use.pk).update(ended_within_seconds=0)


def test_the_page_of_a_camera_says_how_its_instants_are_known(operator_client: Client) -> None:
    use = seen()

    page = operator_client.get(reverse("usage:camera", args=[use.camera_id])).text
    text = page.replace("\N{NO-BREAK SPACE}", " ")

    assert "exact, from Watcher" in text
    assert "between two readings: 1 Oct 2026 07:59:00 and 1 Oct 2026 08:00:00" in text


def test_the_change_history_says_it_too(operator_client: Client) -> None:
    use = seen()

    page = operator_client.get(reverse("usage:camera_history", args=[use.camera_id])).text

    assert "exact, from Watcher" in page
    assert "between two readings" in page
