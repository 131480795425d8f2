"""A user is blocked as long as the person is blocked here, or the organization is suspended."""

from __future__ import annotations

import pytest
from django.db import connection
from django.utils import timezone

from accounts.models import User
from accounts.people import operations as people
from organizations.models import Organization
from watcher.models import WatcherSuspension, WriteRequest
from watcher.reading.tests.test_reading import speak_v2
from watcher.standin.state.records import User as PlatformUser
from watcher.suspending.operations import carry_out, want
from watcher.writing.carrying_out import lock_key
from watcher.writing.tests.worlds import State, Writer

pytestmark = pytest.mark.django_db
VERSIONS = ("v3-26", "v3-25", "v2")
ORDERS = ("BUSR", "BSUR", "BSRU", "SBUR", "SBRU", "SRBU")
"""(B)lock and (U)nblock the person, (S)uspend and (R)estore the organization, in any order."""


@pytest.fixture
def owned(writer: Writer) -> tuple[Organization, PlatformUser]:
    """An organization, whose owner has the address of the user who owns it in Watcher."""
    writer.enable("writes_users", "suspends")
    world = writer.world
    organization = world.organizations[0]
    state = world.standin.state
    user = state.users[state.organizations[world.tenants[0]].owner_id or 0]
    User.objects.filter(pk=organization.owner_id).update(email=user.email)
    return organization, user


def do(step: str, writer: Writer, organization: Organization) -> None:
    """Take a step, and carry it out."""
    now = writer.world.now
    if step == "B":
        people.block(pk=organization.owner_id, now=now)
    elif step == "U":
        people.unblock(pk=organization.owner_id)
    else:
        want(organization_id=organization.pk, is_suspended=step == "S", now=now)
        carry_out(organization_id=organization.pk, clock=lambda: writer.world.now)
    writer.write()
    writer.world.wait(60)


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("order", ORDERS)
def test_they_are_unblocked_when_the_last_reason_ends(
    writer: Writer, owned: tuple[Organization, PlatformUser], order: str, version: str
) -> None:
    speak_v2(writer.world) if version == "v2" else writer.world.speak(version)
    organization, user = owned
    reasons: set[str] = set()
    # A second time nothing of the first may be left.
    for step in order * 2:
        do(step, writer, organization)
        reasons ^= {"person"} if step in "BU" else {"suspension"}
        assert user.disabled is bool(reasons), (order, step)

    assert set(WriteRequest.objects.values_list("state", flat=True)) <= {"done", "needless"}
    assert not WatcherSuspension.objects.open().exists()


@pytest.mark.parametrize("order", ["SBRU", "SBUR", "BSUR", "BSRU"])
def test_whom_watcher_has_blocked_before_stays_blocked(
    writer: Writer, owned: tuple[Organization, PlatformUser], order: str
) -> None:
    organization, user = owned
    writer.world.standin.users.change(user.id, disabled=True)

    for step in order:
        do(step, writer, organization)

    assert user.disabled


def test_a_request_waits_while_a_suspension_is_at_the_user(
    writer: Writer, owned: tuple[Organization, PlatformUser]
) -> None:
    organization, user = owned
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [lock_key(f"user:{user.id}")])
        people.block(pk=organization.owner_id, now=timezone.now())
        writer.write()
        assert WriteRequest.objects.get().state == State.WAITING
        assert not user.disabled
    finally:
        # The server may notice later that a connection is closed.
        other.cursor().execute("SELECT pg_advisory_unlock_all()")
        other.close()

    writer.write()

    assert WriteRequest.objects.get().state == State.DONE
    assert user.disabled
