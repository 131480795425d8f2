"""Invented organizations, users, presets and cameras for a new stand-in."""

import gc
import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from watcher.standin.state.organizations import ALL_RIGHTS
from watcher.standin.state.records import Camera, Dvr, Organization
from watcher.standin.state.watcher import Watcher

ADMINISTRATOR = ("admin", "admin-of-standin")
SERVICE_USER = ("billing", "billing-of-standin")

_DAY = 86_400_000
_MANY = 100_000
_TITLES = ("Lindenhof eG", "Harbour Logistics", "Mountain Hotels", "Valley Schools", "Old Mill")
_PLACES = ("Gate", "Yard", "Entrance", "Car park", "Warehouse", "Corridor", "Roof")


@dataclass(frozen=True)
class Size:
    """How much a new stand-in has; the same seed gives the same names and dates."""

    organizations: int = 5
    cameras: int = 40
    seed: int = 1


def fill(watcher: Watcher, size: Size) -> None:
    """Fill an empty Watcher.

    The service user administers Watcher and is a member of all organizations. Each organization
    has an owner. The first preset is the default one, and the last is adjustable.
    """
    with watcher.state.lock, _without_collections(size):
        admin = watcher.users.add(
            name=ADMINISTRATOR[0], password=ADMINISTRATOR[1], access_level="admin"
        )
        service = watcher.users.add(
            name=SERVICE_USER[0], password=SERVICE_USER[1], access_level="admin"
        )
        presets = _presets(watcher)
        organizations = []
        for number in range(size.organizations):
            organization = _organization(watcher, number, admin.id)
            organization.preset_ids = set(presets)
            watcher.organizations.add_member(organization.id, user_id=service.id)
            organizations.append(organization)
        if organizations:
            organizations[0].is_default = True
            watcher.state.add_cameras(_cameras(watcher, size, organizations, presets))
        watcher.state.log.clear()


@contextmanager
def _without_collections(size: Size) -> Iterator[None]:
    """Let no collection look at a million objects that stay, neither now nor later.

    What is garbage then stays too, so small stand-ins, of which a test run makes many, go without.
    """
    if size.cameras < _MANY or not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()


def _presets(watcher: Watcher) -> list[int]:
    gigabyte = 10**9
    add = watcher.presets.add
    week = Dvr(expiration=7 * 86_400, storage_limit=100 * gigabyte)
    month = Dvr(expiration=30 * 86_400, storage_limit=500 * gigabyte)
    return [
        add(title="7 days", is_default=True, dvr=week, billing_external_id="7d").id,
        add(title="30 days", dvr=month, billing_external_id="30d").id,
        add(
            title="30 days + plates", dvr=month, vision_alg="plates", billing_external_id="30d-p"
        ).id,
        add(title="Live only", billing_external_id="live").id,
        add(title="As you like", dvr=week, is_adjustable=True).id,
    ]


def _organization(watcher: Watcher, number: int, admin_id: int) -> Organization:
    round_, place = divmod(number, len(_TITLES))
    title = _TITLES[place] + (f" {round_ + 1}" if round_ else "")
    login = "-".join(title.lower().split())
    owner = watcher.users.add(
        name=login,
        password=f"owner-of-{login}",
        email=f"{login}@watcher.example",
        external_id=f"C-{1000 + number}",
    )
    organization = watcher.organizations.add(title=title, owner_id=owner.id)
    organization.members[admin_id] = ALL_RIGHTS
    watcher.state.organizations_of.setdefault(admin_id, set()).add(organization.id)
    return organization


def _cameras(
    watcher: Watcher, size: Size, organizations: list[Organization], presets: list[int]
) -> Iterator[Camera]:
    chance = random.Random(size.seed)
    now = watcher.clock.now_ms()
    prefixes = [one.title.lower().replace(" ", "-") for one in organizations]
    titles = [f"{place} {number}" for place in _PLACES for number in range(1, 10)]
    for number in range(size.cameras):
        place = number % len(organizations)
        created_at = now - int((1 + 399 * chance.random()) * _DAY)
        yield Camera(
            name=f"{prefixes[place]}/cam-{number + 1:04d}",
            title=titles[number % len(titles)],
            organization_id=organizations[place].id,
            preset_id=presets[int(chance.random() * len(presets))],
            created_at=created_at,
            changed_at=created_at,
            changed_by="admin",
            since=created_at,
            disabled=chance.random() < 0.02,
        )
