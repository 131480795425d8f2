"""The stand-in of Watcher that `make run` starts: what it has, and that its changes are read."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC
from typing import Any

import httpx
import pytest
from django.db.models import Count
from django.utils import timezone

from demo.load import load_demonstration
from demo.records import Sizes
from foundation.web.versions import version_of
from local_run import watcher_connection
from local_run.watcher_connection import (
    NoStandIn,
    connect,
    prepare_ledger,
    refuse_what_is_not_the_demonstration,
)
from local_run.watcher_contents import fill_from_ledger
from organizations.models import Organization
from usage.cameras import operations as usage
from usage.models import Camera, UsageInterval
from watcher.connection.operations import change_directions, stored_directions
from watcher.models import CameraChange, Connection, PlatformCamera, Poll, PresetLink, ReadingState
from watcher.reading.operations import read_platform
from watcher.standin.standin import StandIn
from watcher.tests.factories import ConnectionFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _demonstration() -> None:
    today = timezone.now().astimezone(UTC).date()
    load_demonstration(seed=1, today=today, sizes=Sizes(5, 60), progress=lambda step: None)


@contextmanager
def started() -> Iterator[StandIn]:
    """Start a stand-in as the command does."""
    refuse_what_is_not_the_demonstration()
    prepare_ledger()
    standin = StandIn()
    fill_from_ledger(standin.watcher)
    with standin:
        connect(standin.url, clock=timezone.now)
        yield standin


def read() -> None:
    """Read as the job does."""
    assert read_platform(clock=timezone.now, is_asked_for=True)
    assert ReadingState.objects.get().failure == {}


def do(standin: StandIn, command: str, **arguments: object) -> Any:
    """Change something by the control interface."""
    answer = httpx.post(f"{standin.control_base}/{command}", json=arguments)
    assert answer.status_code == 200, answer.text
    return answer.json() if answer.content else None


def a_use() -> UsageInterval:
    """Return a use of an organization that may use another tariff too."""
    several = Organization.objects.annotate(tariffs_count=Count("tariffs")).filter(
        tariffs_count__gte=3
    )
    uses = UsageInterval.objects.in_use().filter(organization__in=several.order_by())
    use = uses.select_related("camera", "organization").order_by("pk").first()
    assert use is not None
    return use


def another_tariff(use: UsageInterval) -> int:
    """Return a tariff that the organization may use, other than that of the use."""
    tariff = use.organization.tariffs.available().exclude(pk=use.tariff_id).order_by("pk").first()
    assert tariff is not None
    return tariff.pk


def preset_of(tariff_id: int) -> int:
    """Return the preset that means a tariff."""
    return int(PresetLink.objects.select_related("preset").get(tariff=tariff_id).preset.preset_id)


def ledger() -> set[tuple[str, int, int]]:
    """Return the cameras in use, with their organizations and tariffs."""
    uses = UsageInterval.objects.in_use().order_by()
    return set(uses.values_list("camera__name", "organization", "tariff"))


def in_watcher() -> set[tuple[str, int, int]]:
    """Return the cameras read last, with the organizations and tariffs that they mean here."""
    found = PlatformCamera.objects.order_by().values_list(
        "name", "organization__tenant_id", "preset__link__tariff"
    )
    organizations = dict(Organization.objects.values_list("watcher_id", "pk"))
    return {(name, organizations[tenant], tariff) for name, tenant, tariff in found}


class TestFirstStart:
    def test_everything_is_linked_and_read_and_nothing_changes(self) -> None:
        before = ledger()

        with started():
            assert in_watcher() == before == ledger()
            assert len(before) > 20
            assert Connection.objects.get().reads
            assert [poll.outcome for poll in Poll.objects.all()] == [Poll.Outcome.FIRST]

            read()

        assert not CameraChange.objects.exists()
        assert Poll.objects.count() == 1

    def test_cameras_are_named_and_dated_as_in_the_ledger(self) -> None:
        use = a_use()
        first = use.camera.usage_intervals.order_by("started_at").first()
        assert first is not None

        with started():
            camera = PlatformCamera.objects.get(name=use.camera.name)

        assert (camera.title, camera.created_at) == (use.camera.title, first.started_at)

    def test_another_connection_is_left_alone(self) -> None:
        ConnectionFactory.create(address="https://watcher.example")

        with pytest.raises(NoStandIn, match="another Watcher"):
            refuse_what_is_not_the_demonstration()

    def test_a_large_demonstration_has_none(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(watcher_connection, "MOST_CAMERAS", Camera.objects.count())
        refuse_what_is_not_the_demonstration()
        monkeypatch.setattr(watcher_connection, "MOST_CAMERAS", Camera.objects.count() - 1)

        with pytest.raises(NoStandIn, match="more than"):
            refuse_what_is_not_the_demonstration()


class TestChanges:
    def test_another_preset_is_another_tariff_at_its_instant(self) -> None:
        use = a_use()
        tariff_id = another_tariff(use)
        with started() as standin:
            name = use.camera.name
            standin.clock.advance(seconds=5)
            do(standin, "cameras.change_preset", name=name, preset_id=preset_of(tariff_id))
            changed_at = standin.state.cameras[name].changed_at // 1000

            read()

        now = use.camera.usage_intervals.in_use().get()
        assert now.tariff_id == tariff_id
        assert (now.started_at.timestamp(), now.started_within_seconds) == (changed_at, 0)

    def test_a_new_camera_is_connected(self) -> None:
        use = a_use()
        tariff_id = another_tariff(use)
        with started() as standin:
            use.organization.refresh_from_db()
            do(
                standin,
                "cameras.add",
                name="gate-new",
                title="Gate",
                organization_id=int(use.organization.watcher_id or 0),
                preset_id=preset_of(tariff_id),
            )

            read()

        assert ("gate-new", use.organization_id, tariff_id) in ledger()


class TestNextStart:
    def test_what_was_changed_on_both_sides_stays_and_is_no_news(self) -> None:
        use = a_use()
        tariff_id = another_tariff(use)
        with started() as standin:
            do(standin, "cameras.change_preset", name=use.camera.name,
               preset_id=preset_of(tariff_id))  # fmt: skip
            read()
        now = timezone.now().replace(microsecond=0)
        usage.connect(
            organization_id=use.organization_id,
            name="ours",
            title="",
            tariff_id=tariff_id,
            at=now,
            now=now,
        )
        other = UsageInterval.objects.in_use().exclude(camera=use.camera).earliest("pk")
        usage.disconnect(organization_id=other.organization_id, use_ids=[other.pk], at=now, now=now)
        before, changes = ledger(), CameraChange.objects.count()
        assert in_watcher() != before

        with started():
            read()

            assert in_watcher() == before == ledger()
        assert CameraChange.objects.count() == changes
        assert Connection.objects.get().reads

    def test_a_change_that_is_held_back_stays_in_watcher(self) -> None:
        use = a_use()
        with started() as standin:
            preset = do(standin, "presets.add", title="Something new")
            use.organization.refresh_from_db()
            watcher_id = int(use.organization.watcher_id or 0)
            do(standin, "organizations.assign_preset", pk=watcher_id, preset_id=preset["id"])
            do(standin, "cameras.change_preset", name=use.camera.name, preset_id=preset["id"])
            read()
            assert CameraChange.objects.open().get().name == use.camera.name

        with started() as standin:
            read()

            assert standin.state.cameras[use.camera.name].preset_id == preset["id"]
        assert CameraChange.objects.open().get().name == use.camera.name

    def test_a_disabled_camera_stays_disabled(self) -> None:
        name = a_use().camera.name
        with started() as standin:
            do(standin, "cameras.disable", name=name)
            read()

        with started() as standin:
            assert standin.state.cameras[name].disabled

    def test_reading_that_was_switched_off_stays_off(self) -> None:
        with started():
            connection = Connection.objects.get()
            directions = stored_directions(connection)
            change_directions(
                shown=version_of(directions), directions={**directions, "reads": False}
            )

        with started():
            assert not Connection.objects.get().reads
