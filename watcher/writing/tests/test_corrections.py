"""Tests that cameras in Watcher follow corrections, imports and their undoing, if the use that is
present changes."""

from __future__ import annotations

from datetime import datetime, timedelta
from io import BytesIO
from typing import Any

import pytest

from accounts.models import User
from accounts.tests.factories import OperatorFactory
from rating.periods import Period, month_of
from usage.corrections.operations import correct, plan_correction
from usage.corrections.plan import Correction
from usage.imports.operation import Replacement, import_usage
from usage.imports.undoing import plan_undo, undo_import
from usage.models import Camera, UsageImport, UsageInterval
from watcher.models import CameraChange, WriteRequest
from watcher.writing.tests.test_cameras import NAME, settled, there, use_of, using
from watcher.writing.tests.worlds import State, Writer

__all__ = ["using"]
pytestmark = pytest.mark.django_db


@pytest.fixture
def operator(db: None) -> User:
    return OperatorFactory.create()


def corrected(writer: Writer, use: UsageInterval, **values: Any) -> None:
    asked: dict[str, Any] = {
        "organization_id": use.organization_id,
        "use_ids": [use.pk],
        "correction": Correction(**values),
        "now": writer.world.now.replace(microsecond=0),
    }
    correct(**asked, reason="A test.", shown=plan_correction(**asked).version)


def line(writer: Writer, start: datetime, end: datetime | None = None, plan: int = 0) -> str:
    until = end.isoformat() if end else ""
    return f"{NAME},Customer 0,Plan {plan},{start.isoformat()},{until}"


def imported(writer: Writer, *lines: str, replace: Period | None = None) -> None:
    text = "\n".join(["camera,organization,tariff,started_at,ended_at", *lines])
    report = import_usage(
        BytesIO(text.encode()),
        now=writer.world.now.replace(microsecond=0),
        dry_run=False,
        replace=Replacement(replace) if replace else None,
    )
    assert not report.errors


def undone(writer: Writer, by: User) -> None:
    pk, now = UsageImport.objects.latest("pk").pk, writer.world.now
    shown = plan_undo(import_id=pk, now=now).difference.version
    undo_import(import_id=pk, shown=shown, by=by, now=now)


def test_a_corrected_tariff_plan_of_the_present_use_is_another_preset(using: Writer) -> None:
    corrected(using, use_of(), tariff_id=using.world.tariffs[1].pk)
    using.write()

    assert settled(using) == [State.DONE]
    assert there(using).preset_id == using.world.presets[1]


def test_a_corrected_end_disables_and_its_removal_enables(using: Writer) -> None:
    use = use_of()
    corrected(using, use, ended_at=use.started_at + timedelta(seconds=20))
    using.write()
    assert there(using).disabled
    using.world.wait(60)

    corrected(using, use, is_open=True)
    using.write()

    assert not there(using).disabled
    assert settled(using) == [State.DONE, State.DONE]


def test_a_correction_of_the_past_requests_nothing(using: Writer) -> None:
    use = use_of()
    corrected(using, use, started_at=use.started_at + timedelta(seconds=5))

    assert settled(using) == []


def test_nothing_is_requested_while_that_is_switched_off(using: Writer) -> None:
    using.disable("writes_cameras")

    corrected(using, use_of(), tariff_id=using.world.tariffs[1].pk)

    assert settled(using) == []


def test_an_import_that_ends_the_present_use_disables_and_its_undoing_enables(
    using: Writer, operator: User
) -> None:
    start = use_of().started_at
    imported(using, line(using, start, start + timedelta(seconds=20)))
    using.write()
    assert there(using).disabled
    using.world.wait(60)

    undone(using, operator)
    using.write()

    assert not there(using).disabled
    assert settled(using) == [State.DONE, State.DONE]


def test_an_import_of_past_usage_requests_nothing(using: Writer) -> None:
    start = use_of().started_at
    imported(using, line(using, start - timedelta(days=2), start - timedelta(days=1)))

    assert settled(using) == []


def test_replaced_usage_with_another_tariff_plan_is_another_preset(using: Writer) -> None:
    start = use_of().started_at
    imported(using, line(using, start, plan=2), replace=month_of(start.date()))
    using.write()

    assert settled(using) == [State.DONE]
    assert there(using).preset_id == using.world.presets[2]


def test_an_import_that_made_a_camera_is_undone_though_requests_name_it(
    using: Writer, operator: User
) -> None:
    """The camera is in Watcher, and its change is held back here, until a file connects it."""
    world, name = using.world, "held-back"
    world.organizations[1].tariffs.clear()
    world.add_camera(name, place=1)
    world.standin.cameras.change(name, disabled=True)
    world.wait(60)
    world.read()
    assert not Camera.objects.filter(name=name).exists()
    at = world.now.replace(microsecond=0) - timedelta(seconds=30)
    imported(using, f"{name},Customer 0,Plan 0,{at.isoformat()},")
    using.write()
    assert not there(using, name).disabled
    assert WriteRequest.objects.get().camera == Camera.objects.get(name=name)
    CameraChange.objects.filter(name=name).update(camera=Camera.objects.get(name=name))
    world.wait(60)

    undone(using, operator)
    using.write()

    assert not Camera.objects.filter(name=name).exists()
    assert there(using, name).disabled
    assert settled(using) == [State.DONE, State.DONE]
