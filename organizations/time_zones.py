"""The time zones that people choose from."""

import zoneinfo
from functools import cache
from importlib.resources import files


@cache
def current_time_zones() -> frozenset[str]:
    """Return the zones of today's countries, and UTC.

    `zone.tab` is the tz database's own list for choosing: one name for each region of a country
    whose clocks agree, and none of the hundreds that are kept only for old data (`Europe/Kiev`,
    `US/Eastern`, `EST5EDT`).
    """
    table = files("tzdata.zoneinfo").joinpath("zone.tab").read_text("ascii")
    lines = (line.split("\t") for line in table.splitlines() if not line.startswith("#"))
    return frozenset({"UTC", *(line[2] for line in lines)} & zoneinfo.available_timezones())


def time_zone_choices(*kept: str) -> list[tuple[str, str]]:
    """Return the zones to choose from with what people read, those in `kept` among them."""
    return [(name, name.replace("_", " ")) for name in sorted(current_time_zones() | set(kept))]
