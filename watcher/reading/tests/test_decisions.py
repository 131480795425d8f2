"""Tests of what people decide: it holds for what they were shown, and nothing overtakes it."""

from __future__ import annotations

import pytest
from django.db import OperationalError, connection, transaction

from accounts.tests.factories import OperatorFactory
from usage.cameras.operations import change_tariff
from usage.models import UsageInterval
from watcher.models import CameraChange, ReadingSettings
from watcher.reading import carrying_out
from watcher.reading.operations import accept
from watcher.reading.tests.worlds import World, a_world, link_all


def accept_all(world: World) -> None:
    ids = CameraChange.objects.open().values_list("pk", flat=True)
    accept(ids=list(ids), by=OperatorFactory.create())


def test_what_was_accepted_is_shown_again_when_another_reason_arises(world: World) -> None:
    world.wait(10)
    world.add_camera("gate")
    world.read()
    use = UsageInterval.objects.get()
    change_tariff(
        organization_id=use.organization_id,
        use_ids=[use.pk],
        tariff_id=world.tariffs[4].pk,
        at=world.wait(60),
        now=world.now,
    )
    world.wait(60)
    world.standin.cameras.change_preset("gate", preset_id=world.presets[1])
    world.read()
    accept_all(world)
    world.organizations[0].tariffs.remove(world.tariffs[1])
    world.wait(60)
    world.read()

    change = CameraChange.objects.open().get()
    assert (change.reason, change.is_accepted) == ("not_available", False)


@pytest.mark.django_db(transaction=True)
def test_nobody_decides_while_a_change_is_carried_out(monkeypatch: pytest.MonkeyPatch) -> None:
    refused: list[bool] = []
    lock = carrying_out._lock

    def another_decides(waiting: dict[str, list[CameraChange]], names: list[str]) -> None:
        other = connection.copy()
        try:
            with other.cursor() as cursor:
                cursor.execute("SELECT id FROM watcher_camerachange FOR NO KEY UPDATE NOWAIT")
            refused.append(False)
        except OperationalError:
            refused.append(True)
        finally:
            other.close()
        lock(waiting, names)

    with a_world() as world:
        link_all(world)
        world.organizations[0].tariffs.remove(world.tariffs[0])
        world.wait(10)
        world.add_camera("gate")
        world.read()
        assert world.reasons() == {"gate": ["not_available"]}
        monkeypatch.setattr(carrying_out, "_lock", another_decides)
        world.wait(60)
        world.read()

    assert refused == [True]
    assert not transaction.get_connection().in_atomic_block


@pytest.mark.parametrize("charged_at_first", [True, False])
def test_a_camera_disabled_before_the_setting_changed_is_followed(
    world: World, charged_at_first: bool
) -> None:
    ReadingSettings.objects.create(charges_disabled=charged_at_first)
    began = world.wait(10)
    world.add_camera("gate")
    world.read()
    off = world.wait(60)
    world.standin.cameras.disable("gate")
    world.wait(10)
    world.read()
    ReadingSettings.objects.update(charges_disabled=not charged_at_first)
    then = world.wait(60)
    if charged_at_first:
        world.standin.cameras.remove("gate")
    else:
        world.standin.cameras.enable("gate")
    world.wait(10)
    world.read()

    assert world.reasons() == {}
    assert world.ledger("gate") == (
        [("Customer 0", "Plan 0", began, then, 0, 0)]
        if charged_at_first
        else [
            ("Customer 0", "Plan 0", began, off, 0, 0),
            ("Customer 0", "Plan 0", then, None, 0, None),
        ]
    )


def test_a_disabled_camera_that_somebody_disconnected_here_is_not_connected_again(
    world: World,
) -> None:
    from usage.cameras.operations import disconnect

    world.wait(10)
    world.add_camera("gate")
    world.read()
    world.wait(60)
    world.standin.cameras.disable("gate")
    world.read()
    use = UsageInterval.objects.get()
    disconnect(
        organization_id=use.organization_id, use_ids=[use.pk], at=world.wait(60), now=world.now
    )
    world.wait(60)
    world.standin.cameras.enable("gate")
    world.read()

    # It was charged before, too: the report of differences has it.
    assert world.reasons() == {}
    assert not UsageInterval.objects.in_use().exists()


def test_a_camera_seen_again_by_an_administrator_is_not_held_back_any_more(world: World) -> None:
    world.wait(10)
    world.add_camera("gate")
    world.wait(10)
    world.read()
    base = world.connection.admin_base
    member = next(user for user in world.standin.state.users.values() if user.name == "billing")
    world.speak("v3-26", admin_base="")
    world.standin.organizations.remove_member(world.tenants[0], user_id=member.id)
    world.wait(60)
    world.read()
    assert world.reasons()["gate"] == ["unseen"]
    world.speak("v3-26", admin_base=base)
    world.wait(60)
    world.read()

    assert world.reasons() == {}
    assert world.ledger("gate")[0][3] is None
