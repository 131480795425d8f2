"""The version is stated once, printed by `manage.py version`, and shown below each page."""

import os
import re
import subprocess
import sys

import pytest
from django.conf import settings
from django.test import Client

from billing_admin.version import version


def test_command_prints_it_without_any_settings() -> None:
    printed = subprocess.run(
        [sys.executable, "manage.py", "version"],
        cwd=settings.BASE_DIR,
        env={"PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        check=True,
    )

    assert printed.stdout == f"{version()}\n"
    assert printed.stderr == ""


def test_it_is_the_latest_release_in_the_changelog() -> None:
    headings = re.findall(r"^## (.+)$", (settings.BASE_DIR / "CHANGELOG.md").read_text(), re.M)

    assert headings[:2] == ["Unreleased", version()]


@pytest.mark.django_db
def test_pages_show_it_to_people_who_are_signed_in(owner_client: Client, client: Client) -> None:
    footer = re.compile(rf"<footer [^>]*>Camera billing {re.escape(version())} · <a ")

    assert footer.search(owner_client.get("/", follow=True).text)
    assert "<footer" not in client.get("/accounts/login/").text


@pytest.mark.django_db
def test_a_page_with_a_single_card_does_not_show_it(owner_client: Client) -> None:
    assert "<footer" not in owner_client.get("/no/such/page/").text
