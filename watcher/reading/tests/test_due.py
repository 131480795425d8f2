"""The job that looks each minute whether the platform is to be read."""

from datetime import timedelta

import pytest
from django.utils import timezone

from tests.jobs import jobs
from watcher.reading.operations import reading_state
from watcher.tasks import look_whether_due
from watcher.tests.factories import ConnectionFactory

pytestmark = pytest.mark.django_db


def deferred() -> list[str]:
    return [job["task_name"] for job in jobs()]


def test_nothing_is_deferred_without_a_connection_that_reads() -> None:
    look_whether_due(timestamp=0)

    assert deferred() == []


def test_one_reading_is_deferred_when_it_is_due() -> None:
    ConnectionFactory.create(reads=True)

    look_whether_due(timestamp=0)
    look_whether_due(timestamp=60)

    assert deferred() == ["watcher.read"]


def test_nothing_is_deferred_right_after_a_reading() -> None:
    ConnectionFactory.create(reads=True)
    state = reading_state()
    state.begun_at = timezone.now() - timedelta(seconds=5)
    state.save()

    look_whether_due(timestamp=0)

    assert deferred() == []
