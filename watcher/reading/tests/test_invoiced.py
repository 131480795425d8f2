"""Tests of changes in invoiced time: they are proposed, and never made silently."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from accounts.tests.factories import OperatorFactory
from invoices.tests.factories import BilledOrganizationFactory, issued_invoice
from usage.cameras.operations import change_tariff
from usage.models import UsageInterval
from watcher.models import CameraChange
from watcher.reading.operations import AlreadyDecided, accept, dismiss
from watcher.reading.tests.worlds import World

BEFORE = datetime(2026, 10, 31, 20, tzinfo=UTC)


@pytest.fixture
def in_use(unlinked: World) -> World:
    """A camera that is in use on 31 October."""
    world = unlinked
    world.standin.clock.stop_at(BEFORE)
    world.make_tariffs()
    for number, tenant in enumerate(world.tenants):
        world.organizations.append(
            BilledOrganizationFactory.create(
                title=f"Customer {number}", watcher_id=str(tenant), tariffs=world.tariffs
            )
        )
    world.read()
    world.link_presets()
    world.wait(10)
    world.add_camera("gate")
    world.wait(10)
    world.read()
    return world


@pytest.fixture
def changed(in_use: World) -> tuple[World, datetime]:
    """It got another preset on 31 October, as seen after the invoice for October."""
    world = in_use
    at = world.wait(3_600)
    world.standin.cameras.change_preset("gate", preset_id=world.presets[1])
    world.standin.clock.stop_at(datetime(2026, 11, 2, 12, tzinfo=UTC))
    issued_invoice(world.organizations[0])
    world.read()
    return world, at


def test_a_change_in_invoiced_time_is_proposed(changed: tuple[World, datetime]) -> None:
    world, _at = changed

    assert world.reasons() == {"gate": ["invoiced"]}
    assert [row[1] for row in world.ledger("gate")] == ["Plan 0"]
    held = CameraChange.objects.open().get()
    world.wait(60)
    world.read()
    held_again = CameraChange.objects.open().get()
    assert held_again.held_since == held.held_since


def test_an_accepted_proposal_is_carried_out_at_its_instant(
    changed: tuple[World, datetime],
) -> None:
    world, at = changed
    accept(ids=[CameraChange.objects.open().get().pk], by=OperatorFactory.create())
    world.wait(60)
    world.read()

    assert [(row[1], row[2]) for row in world.ledger("gate")][1:] == [("Plan 1", at)]
    assert world.reasons() == {}


def test_a_dismissed_proposal_leaves_the_usage(changed: tuple[World, datetime]) -> None:
    world, _at = changed
    pk, operator = CameraChange.objects.open().get().pk, OperatorFactory.create()
    dismiss(ids=[pk], now=world.now, by=operator)
    world.wait(60)
    world.read()

    assert [row[1] for row in world.ledger("gate")] == ["Plan 0"]
    assert UsageInterval.objects.get().ended_at is None
    with pytest.raises(AlreadyDecided):
        accept(ids=[pk], by=operator)


def test_who_accepts_a_difference_does_not_accept_a_correction_of_invoiced_time(
    in_use: World,
) -> None:
    world, operator = in_use, OperatorFactory.create()
    use = UsageInterval.objects.get()
    change_tariff(
        organization_id=use.organization_id,
        use_ids=[use.pk],
        tariff_id=world.tariffs[3].pk,
        at=world.wait(1_800),
        now=world.now,
    )
    at = world.wait(1_800)
    world.standin.cameras.change_preset("gate", preset_id=world.presets[1])
    world.wait(60)
    world.read()
    differing = world.reasons()
    world.standin.clock.stop_at(datetime(2026, 11, 2, 12, tzinfo=UTC))
    issued_invoice(world.organizations[0])
    accept(ids=[CameraChange.objects.open().get().pk], by=operator)
    world.read()
    proposed, between = world.reasons(), [row[1] for row in world.ledger("gate")]
    accept(ids=[CameraChange.objects.open().get().pk], by=operator)
    world.wait(60)
    world.read()

    assert differing == {"gate": ["differs"]}
    assert (proposed, between) == ({"gate": ["invoiced"]}, ["Plan 0", "Plan 3"])
    assert [(row[1], row[2]) for row in world.ledger("gate")][2:] == [("Plan 1", at)]
    assert world.reasons() == {}
