"""The time zones offered in forms."""

import zoneinfo
from collections.abc import Sequence
from functools import cache, lru_cache
from importlib.resources import files


@cache
def current_time_zones() -> frozenset[str]:
    """Return the current time zones of all countries, and UTC.

    `zone.tab` is the tz database's own list for a choice: one name for each region of a country
    with the same clocks, without the hundreds of names kept only for old data (`Europe/Kiev`,
    `US/Eastern`, `EST5EDT`).
    """
    table = files("tzdata.zoneinfo").joinpath("zone.tab").read_text("ascii")
    lines = (line.split("\t") for line in table.splitlines() if not line.startswith("#"))
    return frozenset({"UTC", *(line[2] for line in lines)} & zoneinfo.available_timezones())


@lru_cache(maxsize=50)
def time_zone_choices(*kept: str) -> Sequence[tuple[str, str]]:
    """Return the zones to choose from, including `kept`, as pairs of name and label."""
    names = sorted(current_time_zones() | set(kept))
    return tuple((name, name.replace("_", " ")) for name in names)
