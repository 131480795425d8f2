"""Tests that cameras in Watcher follow what is done with them here, and readings of that."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.tests.factories import OperatorFactory
from foundation.web.versions import version_of
from usage.cameras import operations as usage
from usage.closing import operations as closing
from usage.models import UsageInterval
from usage.planned import operations as planned
from watcher.models import CameraChange, PlatformCamera, WriteRequest
from watcher.reading import operations as reading
from watcher.writing.carrying_out import FIRST_WAIT
from watcher.writing.tests.worlds import State, Writer

pytestmark = pytest.mark.django_db
NAME = "harbour-gate"


@pytest.fixture
def using(writer: Writer) -> Writer:
    """A camera that is in use here as in Watcher: first organization, first preset."""
    writer.enable("writes_cameras")
    world = writer.world
    world.wait(10)
    world.add_camera(NAME)
    world.wait(50)
    world.read()
    world.wait(60)
    assert len(world.ledger(NAME)) == 1
    assert writer.states() == []
    return writer


def there(writer: Writer, name: str = NAME) -> Any:
    return writer.world.standin.state.cameras[name]


def use_of(name: str = NAME) -> UsageInterval:
    return UsageInterval.objects.in_use().get(camera__name=name)


def terms(writer: Writer) -> dict[str, Any]:
    now = writer.world.now
    return {"at": now.replace(microsecond=0), "now": now}


def change(writer: Writer, place: int, *names: str) -> None:
    """Put cameras of an organization on another tariff plan, as a person does."""
    uses = [use_of(name) for name in names or (NAME,)]
    usage.change_tariff(
        organization_id=uses[0].organization_id,
        use_ids=[use.pk for use in uses],
        tariff_id=writer.world.tariffs[place].pk,
        **terms(writer),
    )


def disconnect(writer: Writer) -> None:
    use = use_of()
    usage.disconnect(organization_id=use.organization_id, use_ids=[use.pk], **terms(writer))


def connect(writer: Writer, place: int = 0, tariff: int = 0) -> None:
    usage.connect(
        organization_id=writer.world.organizations[place].pk,
        name=NAME,
        title="",
        tariff_id=writer.world.tariffs[tariff].pk,
        **terms(writer),
    )


def read_on(writer: Writer, times: int = 2) -> None:
    for _number in range(times):
        writer.world.wait(60)
        assert writer.world.read().failure == {}


def settled(writer: Writer) -> list[str]:
    return [state for _subject, state in writer.states()]


@pytest.mark.parametrize("version", ["v3-26", "v3-25", "v2"])
def test_another_tariff_plan_is_another_preset(using: Writer, version: str) -> None:
    using.world.speak(version)
    change(using, 1)
    before = using.world.ledger(NAME)
    using.world.wait(7)
    using.write()
    read_on(using)

    assert settled(using) == [State.DONE]
    assert there(using).preset_id == using.world.presets[1]
    assert using.world.ledger(NAME) == before
    assert not CameraChange.objects.open().exists()


def test_what_was_refused_is_not_lost_by_the_next_request(using: Writer) -> None:
    disconnect(using)
    using.write()
    read_on(using)
    using.world.standin.faults.order("missing", path="/streams", calls=2)
    connect(using)
    using.write()
    using.world.standin.faults.clear()
    assert settled(using) == [State.DONE, State.REFUSED]
    using.world.wait(60)

    change(using, 1)
    using.write()

    assert settled(using) == [State.DONE, State.WITHDRAWN, State.DONE]
    assert not there(using).disabled
    assert there(using).preset_id == using.world.presets[1]


@pytest.mark.parametrize("references", ["both", "objects", "fields"])
def test_writes_the_reference_that_a_release_takes(using: Writer, references: str) -> None:
    using.world.standin.switches.set(references=references)
    change(using, 2)
    using.write()

    assert settled(using) == [State.DONE]
    assert there(using).preset_id == using.world.presets[2]
    assert len(using.calls(f"/streams/{NAME}")) == (2 if references == "fields" else 1)


def test_a_reading_after_ours_sees_what_others_changed_since(using: Writer) -> None:
    change(using, 1)
    using.world.wait(7)
    using.write()
    at = using.world.wait(5)
    using.world.standin.cameras.change(NAME, preset_id=using.world.presets[2])
    read_on(using)

    last = using.world.ledger(NAME)[-1]
    assert (last[1], last[2]) == ("Plan 2", at)
    assert len(using.world.ledger(NAME)) == 3
    assert settled(using) == [State.DONE]


def test_a_reading_that_began_before_ours_does_not_take_it_back(
    using: Writer, monkeypatch: pytest.MonkeyPatch
) -> None:
    change(using, 1)
    log_of = reading._log_of

    def write_meanwhile(*args: Any) -> Any:
        using.world.wait(1)
        using.write()
        return log_of(*args)

    with monkeypatch.context() as patched:
        patched.setattr(reading, "_log_of", write_meanwhile)
        read_on(using, times=1)
    at = using.world.wait(1)
    using.world.standin.cameras.change(NAME, preset_id=using.world.presets[2])
    read_on(using)

    assert [(row[1], row[2]) for row in using.world.ledger(NAME)][2:] == [("Plan 2", at)]
    assert not CameraChange.objects.open().exists()


def test_a_reading_waits_for_what_may_have_taken_effect(using: Writer) -> None:
    change(using, 1)
    using.world.standin.faults.order("closed", method="PUT", path="/streams", after=True)
    using.write()
    read_on(using)
    unknown = WriteRequest.objects.get()
    using.world.wait(FIRST_WAIT.total_seconds())
    using.write()
    read_on(using)

    assert unknown.state == State.WAITING
    assert settled(using) == [State.DONE]
    assert len(using.calls(f"/streams/{NAME}")) == 1
    assert len(using.world.ledger(NAME)) == 2
    assert not CameraChange.objects.exclude(state="done").exists()


def test_a_change_here_and_another_there_are_for_somebody_to_decide(using: Writer) -> None:
    change(using, 1)
    using.world.standin.cameras.change(NAME, preset_id=using.world.presets[2])
    using.write()
    read_on(using)

    assert settled(using) == [State.OVERTAKEN]
    assert there(using).preset_id == using.world.presets[2]
    assert using.world.reasons() == {NAME: ["differs"]}
    assert len(using.world.ledger(NAME)) == 2


def test_what_a_reading_does_here_is_not_written_there(using: Writer) -> None:
    using.world.standin.cameras.change(NAME, preset_id=using.world.presets[3])
    read_on(using)
    using.world.standin.cameras.remove(NAME)
    read_on(using)

    assert len(using.world.ledger(NAME)) == 2
    assert using.states() == []


def test_a_disconnected_camera_is_disabled_and_a_connected_one_enabled(using: Writer) -> None:
    disconnect(using)
    using.write()
    read_on(using)
    was_disabled = there(using).disabled
    rows = len(using.world.ledger(NAME))
    connect(using)
    using.write()
    read_on(using)

    assert was_disabled
    assert rows == 1
    assert not there(using).disabled
    assert settled(using) == [State.DONE, State.DONE]
    assert len(using.world.ledger(NAME)) == 2
    assert not CameraChange.objects.open().exists()


@pytest.mark.parametrize("charges_disabled", [True, False])
def test_a_camera_disabled_by_us_is_in_use_again_once_somebody_enables_it(
    using: Writer, charges_disabled: bool
) -> None:
    reading.change_settings(
        shown=version_of(reading.stored_settings(None)),
        settings=reading.stored_settings(None) | {"charges_disabled": charges_disabled},
    )
    disconnect(using)
    using.world.wait(1)
    using.write()
    read_on(using)
    using.world.standin.cameras.change(NAME, preset_id=using.world.presets[1])
    read_on(using)
    while_disabled = len(using.world.ledger(NAME))
    at = using.world.wait(5)
    using.world.standin.cameras.change(NAME, disabled=False)
    read_on(using)

    assert while_disabled == 1
    last = using.world.ledger(NAME)[-1]
    assert (last[1], last[2], last[3]) == ("Plan 1", at, None)
    assert not CameraChange.objects.open().exists()


def test_disabling_what_is_disabled_there_already_is_needless(using: Writer) -> None:
    using.world.standin.cameras.change(NAME, disabled=True)
    disconnect(using)
    using.write()
    read_on(using)

    assert settled(using) == [State.NEEDLESS]
    assert not CameraChange.objects.open().exists()
    assert len(using.world.ledger(NAME)) == 1


def test_another_tariff_plan_does_not_enable_a_camera(using: Writer) -> None:
    using.world.standin.cameras.change(NAME, disabled=True)
    read_on(using)
    change(using, 1)
    using.write()

    assert settled(using) == [State.DONE]
    assert there(using).disabled
    assert there(using).preset_id == using.world.presets[1]


def test_a_moved_camera_is_moved_there(using: Writer) -> None:
    using.world.standin.state.organizations[
        using.world.tenants[1]
    ].owner_id = using.world.standin.state.organizations[using.world.tenants[0]].owner_id
    use = use_of()
    usage.move(
        organization_id=use.organization_id,
        use_ids=[use.pk],
        destination_id=using.world.organizations[1].pk,
        tariff_id=using.world.tariffs[2].pk,
        **terms(using),
    )
    using.write()
    read_on(using)

    assert settled(using) == [State.DONE]
    assert there(using).organization_id == using.world.tenants[1]
    assert there(using).preset_id == using.world.presets[2]
    assert len(using.world.ledger(NAME)) == 2
    assert not CameraChange.objects.open().exists()


def test_a_camera_that_was_deleted_there_is_not_made_again(using: Writer) -> None:
    change(using, 1)
    using.world.standin.cameras.remove(NAME)
    using.write()

    assert settled(using) == [State.REFUSED]
    assert NAME not in using.world.standin.state.cameras


def test_cameras_that_watcher_does_not_have_are_left_alone(using: Writer) -> None:
    usage.connect(
        organization_id=using.world.organizations[0].pk,
        name="not-there",
        title="",
        tariff_id=using.world.tariffs[0].pk,
        **terms(using),
    )

    assert using.states() == []


def test_a_planned_change_is_written_when_it_is_carried_out(using: Writer) -> None:
    use, now = use_of(), using.world.now
    planned.plan_change_tariff(
        organization_id=use.organization_id,
        use_ids=[use.pk],
        tariff_id=using.world.tariffs[1].pk,
        at=now.replace(microsecond=0).replace(second=0, minute=30),
        now=now,
        by=OperatorFactory.create(),
    )
    before = using.states()
    using.world.wait(3600)
    planned.carry_out_due(using.world.now.replace(microsecond=0))
    using.write()

    assert before == []
    assert settled(using) == [State.DONE]
    assert there(using).preset_id == using.world.presets[1]


def test_the_cameras_of_an_organization_that_is_closed_are_disabled(using: Writer) -> None:
    customer = using.world.organizations[0]
    using.world.wait(86_400)
    now = using.world.now
    closing.close(organization_id=customer.pk, last_on=customer.date_at(now), now=now)
    using.world.wait(2 * 86_400)
    closing.disconnect_after_closing(organization_id=customer.pk, now=using.world.now)
    using.write()

    assert (f"camera:{NAME}", State.DONE) in using.states()
    assert there(using).disabled


def test_many_cameras_are_requested_by_as_many_queries_as_one(using: Writer) -> None:
    counts = []
    for names in (["a-1"], ["b-1", "b-2", "b-3", "b-4"]):
        for name in names:
            using.world.add_camera(name)
        read_on(using, times=1)
        using.world.wait(60)
        with CaptureQueriesContext(connection) as queries:
            change(using, 1, *names)
        counts.append(len(queries))
    using.write()

    # A query for each camera is that of the test, to find its use.
    assert counts[1] - counts[0] == 3
    assert settled(using) == [State.DONE] * 5


def test_a_later_change_waits_for_an_earlier_one(using: Writer) -> None:
    change(using, 1)
    using.world.wait(2)
    change(using, 2)
    using.world.wait(2)
    disconnect(using)
    using.write()
    read_on(using)

    assert settled(using) == [State.DONE] * 3
    assert there(using).preset_id == using.world.presets[2]
    assert there(using).disabled
    assert len(using.world.ledger(NAME)) == 3
    assert PlatformCamera.objects.get(name=NAME).is_disabled
