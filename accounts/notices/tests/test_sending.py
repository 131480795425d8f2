"""Notices: requested once, sent by a job, and marked if they cannot be sent."""

from datetime import UTC, datetime
from typing import Any

import pytest

from accounts.mail_texts.kinds import MailKind
from accounts.models import Notice
from accounts.notices.sending import Notified, notify, send_requested
from tests.mail_server import MailServer

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)
KIND = MailKind("of_a_test", "Test", "About {thing}", "Something about {thing}:", {})


@pytest.fixture(autouse=True)
def _kind(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("accounts.mail_texts.kinds.KINDS", {})
    monkeypatch.setattr("accounts.mail_texts.texts.KINDS", {KIND.key: KIND})


def asked(about: str = "thing 1", email: str = "ann@example.com", **fields: Any) -> None:
    values = {"values": {"thing": "a door"}, "path": "/doors/1/", "now": NOW, "by": None}
    notify(KIND, about=about, to=Notified(email, "en"), **{**values, **fields})


def test_a_notice_is_sent_once_with_what_was_written(
    smtp_server: MailServer, settings: Any
) -> None:
    settings.BASE_URL = "https://billing.example.com"
    asked(quoted="Line 1\n<b>Line 2</b>")
    asked()
    notice = Notice.objects.get()

    for _ in range(2):
        send_requested(notice_ids=[notice.pk], now=NOW)

    (mail,) = smtp_server.messages
    assert (mail["To"], mail["Subject"]) == ("ann@example.com", "About a door")
    text, html = (part.get_content() for part in mail.walk() if not part.is_multipart())
    assert "Something about a door:\n\nLine 1\n<b>Line 2</b>" in text.replace("\r\n", "\n")
    assert "https://billing.example.com/doors/1/" in text
    assert "&lt;b&gt;Line 2&lt;/b&gt;" in html
    notice.refresh_from_db()
    assert notice.state == "sent"


def test_each_address_and_each_thing_gets_its_own(smtp_server: MailServer) -> None:
    asked()
    asked(email="bob@example.com")
    asked(about="thing 2")
    assert Notice.objects.count() == 3


def test_nobody_is_told_without_an_address() -> None:
    asked(email="")
    assert not Notice.objects.exists()


def test_a_subject_that_a_long_name_makes_too_long_is_cut() -> None:
    asked(values={"thing": "x" * 500})
    assert len(Notice.objects.get().subject) == 400
