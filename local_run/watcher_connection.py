"""The connection of the demonstration to its stand-in of Watcher."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.db import transaction
from django.db.models import Value
from django.db.models.functions import Replace

from accounts.models import User
from demo.sign_ins import SIGN_INS
from foundation.encryption import UndecryptableError, decrypt
from foundation.web.versions import version_of
from local_run.watcher_contents import SERVICE_USER
from organizations.models import Organization
from tariffs.models import Tariff
from usage.models import Camera
from watcher.connection import operations
from watcher.models import (
    ApiSession,
    Connection,
    ConnectionState,
    PlatformPreset,
    PresetLink,
    ReadingState,
)
from watcher.reading.operations import read_platform
from watcher.writing.presets import external_id_of

MOST_CAMERAS = 20_000
"""A larger demonstration has no stand-in: filling and reading it would take too long."""

_LOCAL = "http://127.0.0.1:"
# The Watcher IDs that the demonstration invents.
_INVENTED_PREFIX = "org-"


class NoStandIn(Exception):
    """No stand-in belongs to this database; the text says why."""


def refuse_what_is_not_the_demonstration() -> None:
    """Check that a stand-in of Watcher belongs to the database.

    Raises:
        NoStandIn: it has a connection that people have set up, or too many cameras.
    """
    stored = operations.stored_connection()
    if stored is not None and not _is_ours(stored):
        raise NoStandIn("another Watcher is connected.")
    if Camera.objects.order_by()[MOST_CAMERAS:].exists():
        raise NoStandIn(f"the demonstration has more than {MOST_CAMERAS:,} cameras.")


def _is_ours(connection: Connection) -> bool:
    return connection.address.startswith(_LOCAL) and connection.login == SERVICE_USER[0]


@transaction.atomic
def prepare_ledger() -> None:
    """Have the stand-in, which is a new Watcher, taken over as it is by the next reading.

    The first time, give organizations Watcher IDs that are numbers, as those of a Watcher are.
    """
    if operations.stored_connection() is None:
        invented = Organization.objects.filter(watcher_id__regex=rf"^{_INVENTED_PREFIX}[0-9]+$")
        number = Replace("watcher_id", Value(_INVENTED_PREFIX))
        taken = Organization.objects.order_by().filter(watcher_id__isnull=False)
        free = invented.annotate(number=number).exclude(number__in=taken.values("watcher_id"))
        free.update(watcher_id=number)
    ReadingState.objects.update(read_until=None)
    ApiSession.objects.all().delete()


def connect(address: str, *, clock: Callable[[], datetime]) -> None:
    """Store and test the connection, unless that was done, and read the stand-in once.

    Raises:
        operations.NotTested: the test has failed.
    """
    stored = operations.stored_connection()
    state = operations.connection_state()
    if stored is None or stored.address != address or not _works(stored, state):
        before = operations.stored_directions(stored) if stored and state.report else None
        _store(stored, address, clock())
        operations.test_connection(now=clock(), by=User.objects.get(email=SIGN_INS[0][1]))
        _enable(before)
    read_platform(clock=clock, is_asked_for=True)
    link_presets()


def _works(connection: Connection, state: ConnectionState) -> bool:
    """Tell whether the password can be decrypted, and was accepted."""
    try:
        is_right = decrypt(connection.secret) == SERVICE_USER[1]
    except UndecryptableError:
        return False
    return is_right and bool(state.report) and state.sign_in_refused_at is None


def _store(stored: Connection | None, address: str, now: datetime) -> None:
    details = operations.stored_details(stored)
    operations.change_connection(
        shown=version_of(details),
        secret=SERVICE_USER[1],
        is_same_watcher=True,
        now=now,
        **{**details, "address": address, "login": SERVICE_USER[0]},
    )


def _enable(before: dict[str, bool] | None) -> None:
    """Switch on what was on before; the first time, everything."""
    connection = operations.stored_connection()
    if connection is None:
        raise operations.NotTested
    directions = operations.stored_directions(connection)
    wanted = before or dict.fromkeys(operations.possible_directions(connection), True)
    operations.change_directions(shown=version_of(directions), directions={**directions, **wanted})


@transaction.atomic
def link_presets() -> None:
    """Link presets to the tariffs that they were made from, if none has been linked yet.

    An archived tariff is linked too, as if that had been done before it was archived: cameras still
    use it.
    """
    if PresetLink.objects.exists():
        return
    tariffs = {external_id_of(each): each.pk for each in Tariff.objects.all()}
    for preset in PlatformPreset.objects.filter(external_id__in=tariffs).order_by("pk"):
        PresetLink.objects.create(preset=preset, tariff_id=tariffs[preset.external_id])
