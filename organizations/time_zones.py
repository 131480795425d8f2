"""The time zones offered in forms."""

import zoneinfo
from functools import cache
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


def time_zone_choices(*kept: str) -> list[tuple[str, str]]:
    """Return the zones to choose from, including `kept`, as pairs of name and label."""
    return [(name, name.replace("_", " ")) for name in sorted(current_time_zones() | set(kept))]
