"""Pages that show mail captured in files."""

import importlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.mail import EmailMultiAlternatives, get_connection, send_mail
from django.test import Client
from django.urls import clear_url_caches
from pytest_django import Settings

from accounts import operations
from accounts.models import User
from accounts.tests.factories import OwnerFactory
from billing_admin import urls
from local_run import captured_mail

# Each page names the provider.
pytestmark = pytest.mark.django_db


def _reload_addresses() -> None:
    importlib.reload(urls)
    clear_url_caches()


@pytest.fixture
def folder(settings: Settings, tmp_path: Path) -> Iterator[Path]:
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = str(tmp_path / "mail")
    shown = settings.SHOW_CAPTURED_MAIL
    settings.SHOW_CAPTURED_MAIL = True
    _reload_addresses()
    yield tmp_path / "mail"
    settings.SHOW_CAPTURED_MAIL = shown
    _reload_addresses()


def send(subject: str, body: str = "Hello.") -> None:
    send_mail(subject, body, "billing@example.com", ["owner@example.com"])


def test_lists_mails_newest_first(client: Client, folder: Path) -> None:
    send("First")
    send("Second <b>")
    with get_connection() as connection:
        connection.send_messages(
            [
                EmailMultiAlternatives(subject, "Hi.", "a@example.com", ["b@example.com"])
                for subject in ("Third, привет", "Fourth")
            ]
        )

    page = client.get("/dev/mail/")

    assert page.status_code == 200
    places = [
        page.text.index(f">{subject}</a>")
        for subject in ("Fourth", "Third, привет", "Second &lt;b&gt;", "First")
    ]
    assert places == sorted(places)
    assert "owner@example.com" in page.text
    assert "billing@example.com" in page.text


def test_shows_a_mail_whose_link_works(
    client: Client, folder: Path, db: None, settings: Settings
) -> None:
    settings.BASE_URL = "http://testserver"
    user: User = OwnerFactory.create(name="<i>Ann</i>", password=None)
    operations.send_activation(user=user)
    (captured,) = client.get("/dev/mail/").context["mails"]

    page = client.get(f"/dev/mail/{captured.name}/0/")

    assert page.status_code == 200
    assert "Hello &lt;i&gt;Ann&lt;/i&gt;," in page.text
    link = page.text.split('<a href="http://testserver')[1].split('"')[0]
    assert client.get(link).status_code == 200


@pytest.mark.parametrize(
    "path", ["nothing.log/0/", "../settings.py/0/", "..%2Fsecret.log/0/", "%2E%2E/0/"]
)
def test_opens_only_captured_mail(client: Client, folder: Path, path: str) -> None:
    send("First")
    (folder.parent / "secret.log").write_bytes(b"From: a\n\nsecret\n" + b"-" * 79 + b"\n")

    assert client.get(f"/dev/mail/{path}").status_code == 404


def test_a_mail_number_past_the_end_is_not_found(client: Client, folder: Path) -> None:
    send("First")
    (captured,) = client.get("/dev/mail/").context["mails"]

    assert client.get(f"/dev/mail/{captured.name}/0/").status_code == 200
    assert client.get(f"/dev/mail/{captured.name}/1/").status_code == 404


def test_omits_a_mail_that_is_still_being_written(client: Client, folder: Path) -> None:
    send("First")
    (file,) = folder.iterdir()
    file.write_bytes(file.read_bytes() + b"Subject: Second\n\nHal")

    assert [mail.subject for mail in client.get("/dev/mail/").context["mails"]] == ["First"]


def test_shows_only_the_newest_files(
    client: Client, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(captured_mail, "FILES_SHOWN", 2)
    for subject in ("First", "Second", "Third"):
        send(subject)
        # Emails sent within one second might be written to one file.
        next(folder.glob("20*.log")).rename(folder / f"{subject}.log")

    mails = client.get("/dev/mail/").context["mails"]

    assert [mail.subject for mail in mails] == ["Third", "Second"]


def test_says_that_there_is_no_mail_yet(client: Client, folder: Path) -> None:
    assert "No mail yet" in client.get("/dev/mail/").text


def test_refuses_post(client: Client, folder: Path) -> None:
    assert client.post("/dev/mail/").status_code == 405


def test_the_pages_do_not_exist_if_mail_is_sent(
    client: Client, folder: Path, settings: Settings
) -> None:
    send("First")
    (file,) = folder.iterdir()
    settings.SHOW_CAPTURED_MAIL = False
    _reload_addresses()

    assert client.get("/dev/mail/").status_code == 404
    assert client.get(f"/dev/mail/{file.name}/0/").status_code == 404
