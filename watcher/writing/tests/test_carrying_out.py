"""Tests of the job that carries out requests, with presets as the kind."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection

from accounts.tests.factories import OperatorFactory
from foundation.web.versions import version_of
from tariffs import operations as tariffs
from tariffs.models import Tariff
from watcher.errors import FailedError, NotAppliedError, PlatformError
from watcher.models import PlatformPreset, WriteRequest
from watcher.platform import PlatformPlan
from watcher.services import DAY, GIGABYTE
from watcher.standin.state.records import Dvr
from watcher.standin.web.faults import Kind as Fault
from watcher.writing import operations
from watcher.writing.carrying_out import FIRST_WAIT, carry_out_due, lock_key
from watcher.writing.tests.worlds import State, Writer

pytestmark = pytest.mark.django_db


def change(tariff: Tariff, **values: Any) -> None:
    tariff.refresh_from_db()
    stored = tariffs.stored_values(tariff)
    version = version_of(stored)
    tariffs.change_tariff(tariff_id=tariff.pk, shown=version, **(stored | values))


def ask_for_days(writer: Writer, days: int, place: int = 1) -> None:
    """Have a tariff plan get another DVR depth; its size and plates stay those of the preset."""
    change(writer.world.tariffs[place], dvr_depth_days=days)


def preset(writer: Writer, place: int = 1) -> Any:
    return writer.world.standin.state.presets[writer.world.presets[place]]


def in_days(writer: Writer, place: int = 1) -> float:
    return float(preset(writer, place).dvr["expiration"] / DAY)


def sent(writer: Writer) -> list[Any]:
    return writer.calls(f"/presets/{writer.world.presets[1]}")


@pytest.fixture
def asking(writer: Writer) -> Writer:
    """A request that waits: the second preset, of 30 days, is to have 60."""
    writer.enable("writes_presets")
    tariff = writer.world.tariffs[1]
    Tariff.objects.filter(pk=tariff.pk).update(dvr_space_gb=500, dvr_depth_days=30)
    ask_for_days(writer, 60)
    return writer


def only(writer: Writer) -> WriteRequest:
    return WriteRequest.objects.get()


def test_writes_what_is_wanted_and_reads_it_back(asking: Writer) -> None:
    states = asking.write()

    request = only(asking)
    assert states == [(f"preset:{asking.world.presets[1]}", State.DONE)]
    assert in_days(asking) == 60
    assert request.wanted == {"dvr_seconds": 60 * DAY}
    assert request.found["dvr_seconds"] == 60 * DAY  # type: ignore[index]
    assert request.attempts == 1
    assert PlatformPreset.objects.get(title="30 days").dvr_seconds == 60 * DAY


def test_leaves_what_is_so_already(asking: Writer) -> None:
    asking.world.standin.presets.change(
        asking.world.presets[1], dvr=Dvr(expiration=60 * DAY, storage_limit=500 * GIGABYTE)
    )
    states = asking.write()

    assert [state for _subject, state in states] == [State.NEEDLESS]
    assert sent(asking) == []


def test_overwrites_nothing_that_was_changed_since_it_was_shown(asking: Writer) -> None:
    asking.world.standin.presets.change(
        asking.world.presets[1], dvr=Dvr(expiration=14 * DAY, storage_limit=500 * GIGABYTE)
    )
    states = asking.write()

    assert [state for _subject, state in states] == [State.OVERTAKEN]
    assert in_days(asking) == 14
    assert sent(asking) == []


def test_what_changed_in_watcher_elsewhere_stays(asking: Writer) -> None:
    asking.world.standin.presets.change(asking.world.presets[1], title="A month")
    asking.write()

    assert only(asking).state == State.DONE
    assert preset(asking).title == "A month"


def test_can_be_carried_out_over_what_overtook_it(asking: Writer) -> None:
    asking.world.standin.presets.change(
        asking.world.presets[1], dvr=Dvr(expiration=14 * DAY, storage_limit=500 * GIGABYTE)
    )
    asking.write()
    operations.retry(ids=[only(asking).pk], now=asking.world.now, by=OperatorFactory.create())
    asking.write()

    assert only(asking).state == State.DONE
    assert in_days(asking) == 60


def test_later_requests_of_an_object_follow_the_earlier_ones(asking: Writer) -> None:
    ask_for_days(asking, 90)
    asking.world.wait(1)
    ask_for_days(asking, 30)  # As it is now, and will not be when its turn has come.
    states = asking.write()

    assert [state for _subject, state in states] == [State.DONE] * 3
    assert [body["dvr"]["expiration"] // DAY for body in sent(asking)] == [60, 90, 30]
    assert in_days(asking) == 30


def test_our_own_change_that_was_not_read_yet_overtakes_nothing(asking: Writer) -> None:
    asking.write()
    # As if a reading that had begun before stored what it had seen.
    PlatformPreset.objects.filter(title="30 days").update(dvr_seconds=30 * DAY)
    ask_for_days(asking, 90)
    states = asking.write()

    assert [state for _subject, state in states] == [State.DONE, State.DONE]
    assert in_days(asking) == 90


@pytest.mark.parametrize("fault", ["closed", "cut", "broken", "bad_gateway", "not_json"])
def test_an_answer_lost_after_the_effect_is_found_by_reading(asking: Writer, fault: Fault) -> None:
    asking.world.standin.faults.order(fault, method="PUT", path="/presets", after=True)
    asking.write()
    waits = only(asking)
    asking.world.wait(FIRST_WAIT.total_seconds())
    asking.write()

    assert waits.state == State.WAITING
    assert waits.sent_at
    assert only(asking).state == State.DONE
    assert len(sent(asking)) == 1


@pytest.mark.parametrize("fault", ["closed", "unavailable", "too_many", "not_json"])
@pytest.mark.parametrize("method", ["GET", "PUT"])
def test_tries_again_later_what_failed_without_effect(
    asking: Writer, fault: Fault, method: str
) -> None:
    if fault == "not_json" and method == "PUT":
        pytest.skip("That is an answer after the effect.")
    asking.world.standin.faults.order(fault, method=method, path="/presets", retry_after="0")
    asking.write()
    waits = only(asking)
    asking.write()
    tried_too_early = only(asking).attempts
    asking.world.wait(FIRST_WAIT.total_seconds())
    asking.write()

    assert (waits.state, waits.attempts) == (State.WAITING, 1)
    assert waits.failure
    assert tried_too_early == 1
    assert only(asking).state == State.DONE
    assert only(asking).failure == {}


def test_waits_longer_after_each_failure(asking: Writer) -> None:
    asking.world.standin.faults.order("unavailable", calls=None, path="/presets")
    waits = []
    for _number in range(3):
        asking.write()
        wait = only(asking).next_attempt_at - asking.world.now  # type: ignore[operator]
        waits.append(wait)
        asking.world.wait(wait.total_seconds())

    assert waits == [FIRST_WAIT, 2 * FIRST_WAIT, 4 * FIRST_WAIT]


@pytest.mark.parametrize("fault", ["refused", "forbidden", "missing", "conflict"])
def test_a_refusal_is_kept_with_its_reason_and_can_be_tried_again(
    asking: Writer, fault: Fault
) -> None:
    asking.world.standin.faults.order(fault, method="PUT", path="/presets")
    asking.write()
    refused = only(asking)
    asking.write()
    unchanged = only(asking).attempts
    operations.retry(ids=[refused.pk], now=asking.world.now, by=OperatorFactory.create())
    asking.write()

    assert refused.state == State.REFUSED
    assert refused.failure
    assert unchanged == 1
    assert only(asking).state == State.DONE
    assert only(asking).decided_by


def test_a_preset_that_is_gone_is_refused(asking: Writer) -> None:
    asking.world.standin.presets.remove(asking.world.presets[1])
    asking.write()

    assert only(asking).state == State.REFUSED
    assert only(asking).failure["error"] == "NotThereError"


def test_what_watcher_accepts_and_does_not_do_is_refused(
    asking: Writer, monkeypatch: pytest.MonkeyPatch
) -> None:
    ignored = lambda *args, **fields: preset(asking)  # noqa: E731
    monkeypatch.setattr(asking.world.standin.presets, "change", ignored)
    asking.write()

    assert only(asking).state == State.REFUSED
    assert only(asking).failure["error"] == NotAppliedError.__name__


def test_waits_while_it_is_switched_off(asking: Writer) -> None:
    asking.disable("writes_presets")
    off = asking.write()
    asking.enable("writes_presets")
    on = asking.write()

    assert [state for _subject, state in off] == [State.WAITING]
    assert [state for _subject, state in on] == [State.DONE]


def test_nothing_is_requested_while_it_is_switched_off(writer: Writer) -> None:
    ask_for_days(writer, 60)

    assert writer.states() == []


def test_a_withdrawn_request_is_not_carried_out(asking: Writer) -> None:
    operations.withdraw(ids=[only(asking).pk], now=asking.world.now, by=OperatorFactory.create())
    states = asking.write()

    assert [state for _subject, state in states] == [State.WITHDRAWN]
    assert in_days(asking) == 30


def test_what_is_settled_can_neither_be_retried_nor_withdrawn(asking: Writer) -> None:
    asking.write()
    terms: Any = {"ids": [only(asking).pk], "now": asking.world.now, "by": OperatorFactory.create()}

    with pytest.raises(operations.AlreadySettled):
        operations.withdraw(**terms)
    with pytest.raises(operations.AlreadySettled):
        operations.retry(**terms)


def test_a_new_request_replaces_a_refused_one(asking: Writer) -> None:
    asking.world.standin.faults.order("refused", method="PUT", path="/presets")
    asking.write()
    ask_for_days(asking, 90)
    states = asking.write()

    assert [state for _subject, state in states] == [State.WITHDRAWN, State.DONE]
    assert in_days(asking) == 90


class WorkerDied(BaseException):
    """Nothing catches it, as nothing catches the end of a process."""


def test_a_worker_that_dies_between_write_and_reading_back_leaves_nothing_undone(
    asking: Writer, monkeypatch: pytest.MonkeyPatch
) -> None:
    from watcher.clients.v3 import WatcherV3

    push = WatcherV3.push_plan

    def die(self: WatcherV3, plan: PlatformPlan) -> PlatformPlan:
        push(self, plan)
        raise WorkerDied

    with monkeypatch.context() as patched:
        patched.setattr(WatcherV3, "push_plan", die)
        with pytest.raises(WorkerDied):
            asking.write()
    left = only(asking)
    asking.write()

    assert left.state == State.WAITING
    assert left.sent_at
    assert only(asking).state == State.DONE
    assert len(sent(asking)) == 1


def test_one_of_which_the_code_fails_does_not_hold_up_the_others(
    asking: Writer, monkeypatch: pytest.MonkeyPatch
) -> None:
    from watcher.writing.presets import PresetKind

    ask_for_days(asking, 3, place=0)
    first = only_of(asking, 1)
    read = PresetKind.read

    def fail(self: PresetKind, platform: Any, request: WriteRequest) -> Any:
        if request.pk == first.pk:
            raise KeyError("a mistake of ours")
        return read(self, platform, request)

    monkeypatch.setattr(PresetKind, "read", fail)
    asking.write()

    assert only_of(asking, 1).state == State.WAITING
    assert only_of(asking, 1).failure["error"] == PlatformError.__name__
    assert only_of(asking, 0).state == State.DONE


def only_of(writer: Writer, place: int) -> WriteRequest:
    return WriteRequest.objects.get(subject=f"preset:{writer.world.presets[place]}")


def test_stops_after_some_errors_of_the_platform(asking: Writer) -> None:
    for place in (0, 2, 3, 4):
        ask_for_days(asking, 3, place=place)
    asking.world.standin.faults.order("broken", calls=None, path="/presets")
    asking.write()

    tried = WriteRequest.objects.filter(attempts=1)
    assert tried.count() == 3
    assert {each.failure["error"] for each in tried} == {FailedError.__name__}


def test_stops_at_once_if_nothing_can_be_reached(asking: Writer) -> None:
    ask_for_days(asking, 3, place=0)
    asking.world.standin.faults.order("closed", calls=None, path="/presets")
    asking.write()

    assert WriteRequest.objects.filter(attempts=1).count() == 1


def test_a_job_ends_in_time_and_says_that_something_is_left(asking: Writer) -> None:
    ask_for_days(asking, 3, place=0)
    clock: Callable[[], Any] = lambda: asking.world.now  # noqa: E731

    assert carry_out_due(clock=clock, most_seconds=0) is True
    assert WriteRequest.objects.filter(state=State.DONE).count() == 1
    assert carry_out_due(clock=clock) is False
    assert WriteRequest.objects.filter(state=State.DONE).count() == 2


def test_what_another_worker_is_at_is_left_to_it(
    asking: Writer, background: ThreadPoolExecutor
) -> None:
    subject = only(asking).subject
    background.submit(lock, subject).result()
    states = asking.write()
    with pytest.raises(operations.BeingCarriedOut):
        operations.withdraw(
            ids=[only(asking).pk], now=asking.world.now, by=OperatorFactory.create()
        )
    background.submit(close).result()
    asking.write()

    assert [state for _subject, state in states] == [State.WAITING]
    assert only(asking).state == State.DONE


def close() -> None:
    """Close this thread's connection, as the end of a worker does."""
    connection.close()


def lock(subject: str) -> None:
    """Hold a subject on this thread's connection, as a worker does."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [lock_key(subject)])
