"""A limit set while a suspension has lowered it is set when the suspension ends."""

from __future__ import annotations

import pytest

from accounts.models import User
from organizations.models import Organization
from watcher.models import SuspensionSettings, WriteRequest
from watcher.people import operations
from watcher.people.tenants import LIMIT
from watcher.reading.tests.test_reading import speak_v2
from watcher.suspending.operations import carry_out, want
from watcher.writing.tests.worlds import State, Writer

pytestmark = pytest.mark.django_db
VERSIONS = ("v3-26", "v3-25", "v2")


@pytest.fixture
def limited(writer: Writer) -> Organization:
    """An organization that may have 30 cameras; suspensions let none be added."""
    writer.enable("writes_organizations", "suspends")
    SuspensionSettings.objects.create(
        blocks_users=False, disables_cameras=False, limits_cameras=True
    )
    writer.world.standin.organizations.change(writer.world.tenants[0], stream_limit=30)
    writer.world.read()
    return writer.world.organizations[0]


def set_limit(writer: Writer, organization: Organization, number: int, operator: User) -> None:
    operations.set_limit(
        organization_id=organization.pk,
        most_cameras=number,
        by_id=operator.pk,
        now=writer.world.now,
    )


def carried_out(writer: Writer, organization: Organization, *, is_suspended: bool) -> int | None:
    """Suspend or restore an organization; return its limit in Watcher."""
    want(organization_id=organization.pk, is_suspended=is_suspended, now=writer.world.now)
    carry_out(organization_id=organization.pk, clock=lambda: writer.world.now)
    return in_watcher(writer)


def in_watcher(writer: Writer) -> int | None:
    """Return the organization's limit in Watcher."""
    world = writer.world
    return world.standin.state.organizations[world.tenants[0]].stream_limit


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("is_read", [True, False], ids=["read", "not read"])
def test_it_stays_lowered_and_is_set_at_the_end(
    writer: Writer, limited: Organization, operator: User, version: str, is_read: bool
) -> None:
    speak_v2(writer.world) if version == "v2" else writer.world.speak(version)
    lowered = carried_out(writer, limited, is_suspended=True)
    if is_read:
        writer.world.wait(60)
        writer.world.read()
    for number in (50, 60):
        set_limit(writer, limited, number, operator)
        writer.write()

    assert in_watcher(writer) == lowered == operations.cameras_of(limited)
    assert [state for _subject, state in writer.states()] == [State.DONE, State.DONE]
    request = WriteRequest.objects.latest("pk")
    assert LIMIT.said(request.wanted, request) == ["most cameras: 60", "when the suspension ends"]
    assert carried_out(writer, limited, is_suspended=False) == 60
    set_limit(writer, limited, 70, operator)
    writer.write()
    assert in_watcher(writer) == 70


@pytest.mark.parametrize("more", [0, 1])
def test_one_as_low_as_the_lowered_one_stays(
    writer: Writer, limited: Organization, operator: User, more: int
) -> None:
    lowered = carried_out(writer, limited, is_suspended=True)
    assert lowered
    writer.world.wait(60)
    writer.world.read()

    set_limit(writer, limited, lowered + more, operator)
    writer.write()

    assert in_watcher(writer) == lowered
    assert carried_out(writer, limited, is_suspended=False) == lowered + more


def test_a_change_in_watcher_meanwhile_is_not_overwritten(
    writer: Writer, limited: Organization, operator: User
) -> None:
    carried_out(writer, limited, is_suspended=True)
    writer.world.standin.organizations.change(writer.world.tenants[0], stream_limit=45)

    set_limit(writer, limited, 60, operator)

    assert [state for _subject, state in writer.write()] == [State.OVERTAKEN]
    assert in_watcher(writer) == 45
