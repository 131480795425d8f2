"""The time zones offered in forms."""

import zoneinfo

import pytest

from foundation.web.time_zones import current_time_zones, time_zone_choices


def test_there_is_utc_and_a_zone_for_every_country() -> None:
    zones = current_time_zones()

    assert {"UTC", "Europe/Berlin", "Europe/Kyiv", "Asia/Kolkata", "America/New_York"} <= zones
    assert 400 < len(zones) < 500
    assert zones <= zoneinfo.available_timezones()


@pytest.mark.parametrize("name", ["Europe/Kiev", "US/Eastern", "EST5EDT", "Etc/GMT+5", "Zulu"])
def test_old_names_are_not_offered(name: str) -> None:
    assert name in zoneinfo.available_timezones()
    assert name not in current_time_zones()


def test_a_stored_old_name_is_offered() -> None:
    assert ("US/Eastern", "US/Eastern") in time_zone_choices("US/Eastern")


def test_labels_are_readable() -> None:
    assert ("America/New_York", "America/New York") in time_zone_choices()
