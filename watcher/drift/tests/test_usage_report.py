"""Tests of the comparison with Watcher's own usage report."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from usage.models import Camera, UsageInterval
from usage.tests.factories import CameraFactory, UsageIntervalFactory
from watcher.drift.usage_report import compare_usage, days_to_compare
from watcher.models import Connection, ReportDifference, ReportState
from watcher.reading.tests.worlds import World, a_world, link_all

FIRST = datetime(2026, 9, 1, 12, tzinfo=UTC)
NOW = datetime(2026, 9, 12, 12, tzinfo=UTC)
REPORT = reverse("watcher:report")


@pytest.fixture
def month(db: None) -> Iterator[World]:
    """A Watcher of which a camera was connected on 1 September, and read since then."""
    with a_world(cameras=0) as world:
        world.standin.clock.stop_at(FIRST)
        link_all(world)
        world.wait(60)
        world.add_camera("gate")
        world.wait(60)
        world.read()
        world.standin.clock.stop_at(NOW)
        yield world


def compare(world: World) -> list[tuple[str, str, date, date]]:
    """Compare, and return what differs."""
    assert compare_usage(clock=lambda: world.now)
    rows = ReportDifference.objects.order_by("first_on", "name", "side")
    return list(rows.values_list("name", "side", "first_on", "last_on"))


def day(number: int) -> date:
    return date(2026, 9, number)


def at(number: int, hour: int = 0, second: int = 0) -> datetime:
    return datetime(2026, 9, number, hour, 0, second, tzinfo=UTC)


def test_usage_that_reading_recorded_is_that_of_the_report(month: World) -> None:
    assert compare(month) == []
    state = ReportState.objects.get()
    assert (state.first_on, state.last_on, state.cameras) == (day(2), day(9), 1)


def test_only_days_older_than_two_count_and_62_at_most() -> None:
    days = days_to_compare(NOW)

    assert days.last_on == day(9)
    assert (days.last_on - days.first_on).days == 61


def test_days_differ_by_what_is_there_at_midnight_in_utc(month: World) -> None:
    use = UsageInterval.objects.get()
    use.ended_at = at(5)
    use.save()
    later = {"camera": use.camera, "organization": use.organization, "tariff": use.tariff}
    UsageIntervalFactory.create(**later, started_at=at(6, second=1), ended_at=at(7, second=1))

    assert compare(month) == [
        ("gate", "there", day(5), day(6)),
        ("gate", "there", day(8), day(9)),
    ]


def test_another_organization_differs_on_both_sides(month: World) -> None:
    use = UsageInterval.objects.get()
    other = next(each for each in month.organizations if each.pk != use.organization_id)
    Camera.objects.update(organization=other)
    UsageInterval.objects.update(organization=other)

    assert compare(month) == [
        ("gate", "here", day(2), day(9)),
        ("gate", "there", day(2), day(9)),
    ]
    ours = ReportDifference.objects.get(side="here")
    assert (ours.account_id, ours.organization) == (other.watcher_id, other)


def test_usage_of_organizations_that_are_not_linked_is_not_compared(month: World) -> None:
    UsageIntervalFactory.create(started_at=at(2))

    assert compare(month) == []


def test_what_differs_no_longer_is_removed_and_what_still_does_stays(month: World) -> None:
    organization = month.organizations[0]
    for name, started_at in (("one", at(3)), ("two", at(4))):
        UsageIntervalFactory.create(
            camera=CameraFactory.create(name=name, organization=organization),
            organization=organization,
            started_at=started_at,
            ended_at=at(8),
        )
    assert compare(month) == [
        ("one", "here", day(3), day(7)),
        ("two", "here", day(4), day(7)),
    ]
    before = ReportDifference.objects.get(name="two").pk
    UsageInterval.objects.filter(camera__name="one").delete()

    assert compare(month) == [("two", "here", day(4), day(7))]
    assert ReportDifference.objects.get().pk == before


def test_nothing_is_concluded_before_the_first_day_of_the_report(month: World) -> None:
    UsageInterval.objects.update(started_at=at(1) - timedelta(days=20))
    month.standin.switches.set(usage_delay_days=2)

    assert compare(month) == []
    assert ReportState.objects.get().first_on == day(2)


def test_an_empty_report_says_nothing(month: World, support_client: Client) -> None:
    month.standin.clock.stop_at(at(3))

    assert compare(month) == []
    assert ReportState.objects.get().first_on is None
    assert "usage report is empty" in support_client.get(REPORT).text


@pytest.mark.parametrize("version", ["v3-25", "v2"])
def test_without_a_report_nothing_is_done(
    month: World, support_client: Client, version: str
) -> None:
    details = {"sign_in": "password"} if version == "v2" else {}
    month.speak(version, **details)

    assert not compare_usage(clock=lambda: month.now)
    assert not ReportState.objects.exists()
    assert "Only Watcher 26 and later has a usage report." in support_client.get(REPORT).text


def test_a_report_that_breaks_off_changes_nothing_and_says_why(
    month: World, support_client: Client
) -> None:
    UsageInterval.objects.update(ended_at=at(5))
    found = compare(month)
    month.standin.faults.order("forbidden", path="/usage/cameras", calls=9)

    assert not compare_usage(clock=lambda: month.now)
    rows = ReportDifference.objects.values_list("name", "side", "first_on", "last_on")
    assert list(rows) == found
    page = support_client.get(REPORT).text
    assert "The report could not be read" in page
    assert "gate" in page


def test_without_reading_nothing_is_compared(month: World) -> None:
    Connection.objects.update(reads=False)

    assert not compare_usage(clock=lambda: month.now)
