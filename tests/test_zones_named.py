"""Every page that shows a time names its time zone, apart from the footer of all pages."""

import re

import pytest
from pytest_django import Settings

from tests.addresses import ROUTES, ROWS, make_world, row_of
from tests.visible import visible

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("captured_mail")]

TIME = re.compile(r"(?<![\d:])\d{1,2}:\d\d(?![\d:]*[+-])(?!\d)")
# That of the organization, or the reader's.
ZONE = re.compile(r"\b(?:UTC|Asia/Tokyo|JST)\b")


def test_pages_with_times_name_the_time_zone(settings: Settings) -> None:
    settings.TIME_ZONE = "Asia/Tokyo"
    world = make_world()
    client = world.client("operator")
    nameless = []
    for route in ROUTES:
        if ROWS[row_of(route)].get[4] != "200" or route.startswith("/admin/"):
            continue
        answer = client.get(world.fill(route))
        # Also of files, which are closed when they have been read.
        content = answer.getvalue().decode(errors="replace")
        if answer.get("Content-Type", "").startswith("text/html"):
            main = content.partition("<main")[2].partition("</main>")[0]
            text = " ".join(visible(main)[0])
            if TIME.search(text) and not ZONE.search(text):
                nameless.append(route)
    assert nameless == []
