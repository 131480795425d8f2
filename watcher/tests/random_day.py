"""A day of a provider at random: people in Watcher, operators here, suspensions, and faults."""

from __future__ import annotations

import random
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from accounts.tests.factories import OperatorFactory
from foundation.web.versions import version_of
from organizations.agreement import platform
from organizations.tests.factories import SuspensionFactory
from tariffs import operations as tariffs
from tariffs.models import Tariff
from usage.cameras import operations as usage
from usage.models import Camera, UsageInterval
from usage.planned import operations as planned
from watcher.clients import transport
from watcher.models import SuspensionSettings, WatcherSuspension, WriteRequest
from watcher.reading.tests.worlds import World
from watcher.standin.state.refusals import RefusedError
from watcher.standin.web.faults import Kind
from watcher.suspending.operations import SETTINGS, carry_out, due_organizations, want
from watcher.writing import operations as writing
from watcher.writing.carrying_out import carry_out_due

CHANGES, FAULTS, READINGS = 500, 50, 50
FAULTY: tuple[Kind, ...] = (
    "expired",
    "forbidden",
    "missing",
    "broken",
    "bad_gateway",
    "unavailable",
    "cut",
    "not_json",
    "closed",
    "too_many",
)
BREAKING: tuple[Kind, ...] = ("closed", "bad_gateway", "too_many", "cut")
READ_PATHS = ("/streams", "/cameras", "/users", "/organizations", "/presets", "/monitoring")
OURS = 8
FARTHEST_SECONDS = 120
"""How far Watcher's clock is from ours at most."""


class Place(NamedTuple):
    """An organization and a tariff here, by their places in the world."""

    organization: int
    tariff: int


class Day:
    """What happens on the day, and what of it is to be found afterwards.

    People in Watcher change the cameras `theirs`, each once between two readings at most; operators
    change the usage of the cameras `ours`, which nobody in Watcher changes, and billing writes what
    follows from that. All goes by the clock of the world, so a seed always plays the same day.
    """

    def __init__(self, world: World, version: str, seed: int) -> None:
        self.world, self.version = world, version
        self.chance = random.Random(f"{seed} {version}")
        self.theirs: list[str] = []
        self.ours = [f"ours-{number}" for number in range(OURS)]
        self.touched: set[str] = set()
        self.off: set[str] = set()
        self.limits: dict[int, int] = {}
        self.decided: set[datetime] = set()
        self.read_at: list[datetime] = []
        self.suspensions: dict[int, Any] = {}
        self.set_back: list[tuple[datetime, datetime]] = []
        """Times that Watcher's clock showed twice."""
        self.sets_clock = False
        self.changes = self.faults = 0
        self.operator = OperatorFactory.create()

    # --- The course of the day --------------------------------------------------------------------

    def begin(self) -> None:
        """Have all be known before anything happens."""
        world, chance = self.world, self.chance
        world.standin.switches.set(largest_page=10)
        world.wait(10)
        for tenant in world.tenants:
            self.limits[tenant] = 900
            world.standin.organizations.change(tenant, stream_limit=900)
        # Its preset has plates, which Watcher does not take away.
        Tariff.objects.filter(pk=world.tariffs[2].pk).update(has_anpr=True)
        for number, name in enumerate(self.ours):
            world.add_camera(name, place=number % 3, preset=number % 5)
        chosen = chance.choice([SETTINGS, ("disables_cameras",), SETTINGS[:2], SETTINGS[1:]])
        SuspensionSettings.objects.create(**{name: name in chosen for name in SETTINGS})
        world.wait(50)
        self._read()

    def run(self) -> None:
        """Have everything happen."""
        while self.changes < CHANGES:
            for _number in range(CHANGES // READINGS):
                self.world.wait(self.chance.randint(10, 90) / 10)
                self.changes += self._change()
            self.world.wait(self.chance.randint(1, 50) / 10)
            if self.faults < FAULTS:
                self._order_fault()
            self._work()
            twice = self._change_clock() if self.sets_clock else 0
            self.world.wait(self.chance.randint(10, 300) / 10)
            self._read()
            # Watcher's own history cannot have what ends before it begins.
            self.world.wait(twice)

    def end(self) -> None:
        """Restore and carry out whatever is left, and read it all."""
        for place in list(self.suspensions):
            self._restore(place)
        self.world.wait(600)
        for _attempt in range(3):
            WriteRequest.objects.waiting().update(next_attempt_at=self.world.now)
            self._work()
            self._retry()
        self.world.wait(60)
        self._read()

    def _change(self) -> bool:
        """Change one thing; return whether that was possible."""
        doers: list[Callable[[], bool]] = [
            *[self._change_theirs] * 15,
            self._limit,
            *[self._change_ours] * 4,
            self._suspend_or_restore,
            *[self._change_services] * (self.version != "v2"),
        ]
        return self.chance.choice(doers)()

    def _read(self) -> None:
        state = self.world.read()
        self._all_well()
        if state.failure:
            self.world.wait(self.chance.randint(1, 9))
            state = self.world.read()
        assert not state.failure, state.failure
        self.read_at.append(self.world.wait(0))
        self.touched = {name for name in self.touched if name.startswith("mid-")}
        self.touched = {name.removeprefix("mid-") for name in self.touched}

    def _all_well(self) -> None:
        self.world.standin.faults.clear()
        self.world.standin.pages.clear()
        transport._gates.clear()

    def _work(self) -> None:
        """Do what the jobs do, besides reading."""
        world = self.world
        now = world.now.replace(microsecond=0)
        planned.carry_out_due(now)
        for pk in platform.waiting_organizations(world.now):
            platform.tell(organization_id=pk, now=world.now)
        for _attempt in range(3):
            for pk in due_organizations(world.now):
                carry_out(organization_id=pk, clock=lambda: world.now)
            unfinished = WatcherSuspension.objects.unfinished()
            if not unfinished.exists():
                break
            # Nobody is asked again before it is time; on this day, it is time at once.
            unfinished.update(next_attempt_at=world.now)
            self._all_well()
        carry_out_due(clock=lambda: world.now, sleep=world.sleep)
        # Others of the refused are replaced by later ones of the same object.
        if self.chance.random() < 0.5:
            self._retry()

    def _retry(self) -> None:
        """Have an operator try again what was refused."""
        failed = WriteRequest.objects.failed().values_list("pk", flat=True)
        if ids := list(failed):
            self._all_well()
            writing.retry(ids=ids, now=self.world.now, by=self.operator)
            carry_out_due(clock=lambda: self.world.now, sleep=self.world.sleep)

    # --- Faults -----------------------------------------------------------------------------------

    def _order_fault(self) -> None:
        chance, standin = self.chance, self.world.standin
        self.faults += 1
        kind = chance.randrange(25)
        if kind < 4 and self.theirs:
            standin.pages.before(2, self._change_between_pages, path=self._list_path)
        elif kind < 7:
            standin.sessions.expire_access_tokens()
        elif kind < 11:
            after = chance.random() < 0.5
            standin.faults.order(
                chance.choice(BREAKING), method="PUT", after=after, retry_after="1"
            )
        elif kind < 13 and self.version != "v2":  # That dates nothing, so it goes by our clock.
            self.sets_clock = True
        elif kind == 13:
            standin.pages.before(2, lambda: self.world.wait(30), path=self._list_path)
        elif kind == 14:
            method = chance.choice(("GET", "PUT"))
            standin.faults.order("silent", method=method, after=chance.random() < 0.5)
        else:
            standin.faults.order(
                chance.choice(FAULTY),
                method="GET",
                path=chance.choice(READ_PATHS),
                page=chance.choice([None, None, 1, 2, 3]),
                retry_after="1",
            )

    @property
    def _list_path(self) -> str:
        return "/cameras" if self.version == "v2" else "/streams"

    def _change_clock(self) -> float:
        """Set Watcher's clock to another offset; return how long it shows again what it showed."""
        self.sets_clock = False
        clock = self.world.standin.clock
        before = self.world.wait(0)
        # Our clock goes on.
        clock.offset_seconds = self.chance.randint(-FARTHEST_SECONDS, FARTHEST_SECONDS)
        after = self.world.wait(0)
        if after >= before:
            return 0
        self.set_back.append((after, before))
        return (before - after).total_seconds() + 1

    def _change_between_pages(self) -> None:
        before = set(self.touched)
        self._change_theirs()
        for name in self.touched - before:
            self.touched.add(f"mid-{name}")

    # --- People in Watcher ------------------------------------------------------------------------

    def _change_theirs(self) -> bool:
        with suppress(RefusedError):
            return self._change_camera()
        return False

    def _change_camera(self) -> bool:
        world, chance, cameras = self.world, self.chance, self.world.standin.cameras
        there = [
            name
            for name in self.theirs
            if name not in self.touched and name in world.standin.state.cameras
        ]
        if not there or chance.random() < 0.2:
            name = f"theirs-{len(self.theirs):03d}"
            world.add_camera(name, place=chance.randrange(3), preset=chance.randrange(5))
            self.theirs.append(name)
        else:
            name = chance.choice(there)
            camera = world.standin.state.cameras[name]
            match chance.randrange(12):
                case 0 | 1 | 2:
                    cameras.move(name, organization_id=chance.choice(world.tenants))
                case 3 | 4 | 5:
                    cameras.change_preset(name, preset_id=chance.choice(world.presets))
                case 6:
                    cameras.rename(name, title=f"Title {chance.random()}")
                case 7 | 8:
                    cameras.change(name, disabled=not camera.disabled)
                    (self.off.add if camera.disabled else self.off.discard)(name)
                case 9 if self.version != "v2" and not camera.disabled:
                    cameras.make_again(name)
                case _:
                    cameras.remove(name)
                    self.off.discard(name)
        self.touched.add(name)
        return True

    def _limit(self) -> bool:
        tenant, limit = self.chance.choice(self.world.tenants), self.chance.randint(300, 800)
        self.world.standin.organizations.change(tenant, stream_limit=limit)
        self.limits[tenant] = limit
        return True

    # --- Operators here ---------------------------------------------------------------------------

    def _change_ours(self) -> bool:
        chance, world = self.chance, self.world
        now = world.now.replace(microsecond=0)
        camera = Camera.objects.get(name=chance.choice(self.ours))
        use = UsageInterval.objects.in_use().filter(camera=camera).first()
        tariff_id = chance.choice(world.tariffs).pk
        terms: dict[str, Any] = {"organization_id": camera.organization_id, "now": now}
        later = now + timedelta(seconds=chance.randint(20, 600))
        with suppress(usage.UsageRefusal):
            if use is None:
                terms["organization_id"] = chance.choice(world.organizations).pk
                usage.connect(name=camera.name, title="", tariff_id=tariff_id, at=now, **terms)
                self.decided.add(now)
                return True
            terms["use_ids"] = [use.pk]
            destination_id = chance.choice(world.organizations).pk
            match chance.randrange(6):
                case 0:
                    usage.change_tariff(tariff_id=tariff_id, at=now, **terms)
                    self.decided.add(now)
                case 1:
                    usage.disconnect(at=now, **terms)
                    self.decided.add(now)
                case 2:
                    planned.plan_change_tariff(
                        tariff_id=tariff_id, at=later, by=self.operator, **terms
                    )
                    self.decided.add(later)
                case 3:
                    usage.move(destination_id=destination_id, tariff_id=tariff_id, at=now, **terms)
                    self.decided.add(now)
                case 4:
                    planned.plan_move(
                        destination_id=destination_id,
                        tariff_id=tariff_id,
                        at=later,
                        by=self.operator,
                        **terms,
                    )
                    self.decided.add(later)
                case _:
                    planned.plan_disconnect(at=later, by=self.operator, **terms)
                    self.decided.add(later)
            return True
        return False

    def _suspend_or_restore(self) -> bool:
        place = self.chance.randrange(3)
        if place in self.suspensions:
            self._restore(place)
        else:
            self.suspensions[place] = SuspensionFactory.create(
                organization=self.world.organizations[place], first_on=self.world.now.date()
            )
        return True

    def _restore(self, place: int) -> None:
        self.suspensions.pop(place).delete()

    def _change_services(self) -> bool:
        tariff = self.chance.choice(self.world.tariffs)
        tariff.refresh_from_db()
        stored = tariffs.stored_values(tariff)
        fields: Any = {**stored, "dvr_depth_days": self.chance.randint(1, 90)}
        shown = version_of(stored)
        tariffs.change_tariff(tariff_id=tariff.pk, shown=shown, **fields)
        return True


def hear_of_suspensions(world: World) -> platform.Hook:
    """Return what remembers suspensions by the clock of a world."""

    def told(organization_id: int, is_suspended: bool) -> None:
        want(organization_id=organization_id, is_suspended=is_suspended, now=world.now)

    return told


def history_of(world: World, name: str) -> list[tuple[Place, datetime, datetime | None]]:
    """Return organization, tariff, begin and end of what Watcher's history says of a camera.

    Being disabled and enabled changes nothing; a camera that was made again ends and begins.
    """
    found: list[tuple[Place, datetime, datetime | None]] = []
    last_made_at = None
    for span in world.standin.state.spans(name):
        place = Place(
            world.tenants.index(span.organization_id), world.presets.index(span.preset_id)
        )
        start = _second(span.started_at)
        end = None if span.ended_at is None else _second(span.ended_at)
        goes_on = bool(found) and found[-1][0] == place and found[-1][2] == start
        if goes_on and span.made_at == last_made_at:
            start = found.pop()[1]
        found.append((place, start, end))
        last_made_at = span.made_at
    return found


def _second(milliseconds: int) -> datetime:
    return datetime.fromtimestamp(milliseconds // 1000, UTC)
