"""The demonstration's cameras and a year of usage: pure, the same for the same seed and date."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from random import Random
from zoneinfo import ZoneInfo

from demo.provider import ARCHIVED_DAYS_AGO, ARCHIVED_TARIFF
from demo.records import CameraRow, DemoProvider, IntervalRow, OrganizationRow, Sizes
from demo.words import LANGUAGES, PLACES, REGIONS

DAYS = 365
# Numbers of the organizations without cameras and with one camera that never changes.
WITHOUT_CAMERA = 1
WITH_ONE_CAMERA = 2
# The first organization, the demonstration owner's, is the largest: about ten times the average.
_WEIGHT_OF_FIRST = 10.0
_WEIGHTS = (2.5, 0.8, 0.4, 1.6, 0.2, 1.0, 1.2, 0.1)

_CHANGES = (0, 1, 2, 3)
_CHANGES_WEIGHTS = (42, 33, 17, 8)
_KINDS = ("tariff", "move", "pause", "disconnect")
_KINDS_WEIGHTS = (48, 12, 18, 22)


def make_cameras(
    seed: int, today: date, sizes: Sizes, provider: DemoProvider
) -> Iterator[tuple[CameraRow, list[IntervalRow]]]:
    """Yield each camera with its intervals, organization by organization, in order of ids.

    All instants are within the 365 days before `today`. A camera has about two intervals.
    """
    history = _History(Random(f"{seed} cameras"), today, provider)
    words = Random(f"{seed} names")
    # Enough digits for all cameras; an odd factor, so that each camera gets a different tag.
    digits = 4 if sizes.cameras <= 16**4 else 7
    factor = words.randrange(16 ** (digits - 1), 16**digits) | 1
    camera_id = 0
    for number, share in enumerate(camera_shares(seed, sizes)):
        organization = provider.organizations[number]
        language = LANGUAGES.index(REGIONS[number % len(REGIONS)].language)
        for position in range(1, share + 1):
            camera_id += 1
            place = words.choice(PLACES)
            tag = camera_id * factor % 16**digits
            intervals = history.of_camera(camera_id, organization, number == WITH_ONE_CAMERA)
            yield (
                CameraRow(
                    id=camera_id,
                    name=f"{place[0]}-{position:03d}-{tag:0{digits}x}",
                    title=_title(place[language + 1], position, words),
                    organization_id=intervals[-1].organization_id,
                ),
                intervals,
            )


def camera_shares(seed: int, sizes: Sizes) -> list[int]:
    """Return how many cameras each organization starts with, `sizes.cameras` in total."""
    random = Random(f"{seed} shares")
    weights = [
        _WEIGHTS[number % len(_WEIGHTS)] * random.uniform(0.7, 1.3)
        for number in range(sizes.organizations)
    ]
    weights[0] = _WEIGHT_OF_FIRST
    shares = [0] * sizes.organizations
    left = sizes.cameras
    for number in (WITHOUT_CAMERA, WITH_ONE_CAMERA):
        if number < sizes.organizations:
            weights[number] = 0.0
    if sizes.organizations > WITH_ONE_CAMERA and left:
        shares[WITH_ONE_CAMERA] = 1
        left -= 1
    total = sum(weights)
    for number, weight in enumerate(weights):
        shares[number] += int(left * weight / total)
    shares[0] += sizes.cameras - sum(shares)
    return shares


def _title(place: str, position: int, random: Random) -> str:
    style = random.random()
    if style < 0.08:
        return ""
    if style < 0.3:
        return place
    return f"{place} {position}"


@dataclass(frozen=True, slots=True)
class _Use:
    """A camera's current use: its organization, its tariff and since when."""

    organization: OrganizationRow
    tariff_id: int
    started_at: datetime


class _History:
    """Generator of what happens to cameras: tariff changes, moves, pauses and disconnects."""

    def __init__(self, random: Random, today: date, provider: DemoProvider) -> None:
        self._random = random
        self._first_day = today - timedelta(days=DAYS)
        self._tariffs: dict[int, list[int]] = {}
        for organization_id, tariff_id in provider.availability:
            self._tariffs.setdefault(organization_id, []).append(tariff_id)
        self._destinations = [
            organization
            for number, organization in enumerate(provider.organizations)
            if number not in (WITHOUT_CAMERA, WITH_ONE_CAMERA)
        ]
        self._zones = {row.id: ZoneInfo(row.time_zone) for row in provider.organizations}

    def of_camera(
        self, camera_id: int, organization: OrganizationRow, stays: bool
    ) -> list[IntervalRow]:
        """Return a camera's intervals, at least one; exactly one if the camera `stays`."""
        random = self._random
        # Use the first organization's time zone throughout, so that the instants are in order.
        zone = self._zones[organization.id]
        # A third of the cameras are in use from the beginning of the year.
        day = random.randrange(3) if random.random() < 0.33 else random.randrange(DAYS - 1)
        tariff_id = random.choice(self._available(organization, day))
        use = _Use(organization, tariff_id, self._at(day, zone))
        intervals: list[IntervalRow] = []
        days = [] if stays else self._days_of_change(day)
        for day, next_day in pairwise([*days, DAYS]):
            changed_at = self._at(day, zone)
            after = self._after(use, day, next_day, changed_at, zone)
            if after is use:
                continue
            intervals.append(_row(camera_id, use, changed_at))
            if after is None:
                return intervals
            use = after
        return [*intervals, _row(camera_id, use, None)]

    def _days_of_change(self, day: int) -> list[int]:
        """Choose the days after `day` on which something happens, in order."""
        (changes,) = self._random.choices(_CHANGES, _CHANGES_WEIGHTS)
        later = range(day + 1, DAYS)
        return sorted(self._random.sample(later, min(changes, len(later))))

    def _after(
        self, use: _Use, day: int, next_day: int, changed_at: datetime, zone: ZoneInfo
    ) -> _Use | None:
        """Return what follows `use`: None after a disconnect, `use` itself if nothing happens."""
        random = self._random
        (kind,) = random.choices(_KINDS, _KINDS_WEIGHTS)
        if kind == "disconnect" and next_day == DAYS:
            return None
        organization = use.organization
        if kind == "move":
            organization = random.choice(self._destinations)
        if kind == "pause" and next_day - day > 1:
            resumed = random.randrange(day + 1, next_day)
            available = self._available(organization, resumed)
            tariff_id = use.tariff_id if use.tariff_id in available else random.choice(available)
            return _Use(organization, tariff_id, self._at(resumed, zone))
        available = self._available(organization, day)
        if organization is use.organization:
            available = [tariff_id for tariff_id in available if tariff_id != use.tariff_id]
        return _Use(organization, random.choice(available), changed_at) if available else use

    def _available(self, organization: OrganizationRow, day: int) -> list[int]:
        """Return the tariffs that can be assigned to a camera on a day."""
        tariffs = self._tariffs[organization.id]
        if day < DAYS - ARCHIVED_DAYS_AGO:
            return tariffs
        return [tariff_id for tariff_id in tariffs if tariff_id != ARCHIVED_TARIFF]

    def _at(self, day: int, zone: ZoneInfo) -> datetime:
        """Return a random instant within the working hours of a day, in UTC."""
        seconds = self._random.randrange(8 * 3600, 18 * 3600)
        local = datetime.combine(self._first_day + timedelta(days=day), time(0), zone)
        return (local + timedelta(seconds=seconds)).astimezone(UTC)


def _row(camera_id: int, use: _Use, ended_at: datetime | None) -> IntervalRow:
    return IntervalRow(camera_id, use.organization.id, use.tariff_id, use.started_at, ended_at)
