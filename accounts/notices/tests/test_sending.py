"""Notices: requested once, sent by a job, and marked if they cannot be sent."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.mail_texts.kinds import MailKind
from accounts.models import Notice
from accounts.notices.sending import Notified, give_up, notify, send_requested
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


def test_home_leads_to_what_could_not_be_sent_lately(operator_client: Client) -> None:
    asked()
    asked(about="thing 2", values={"thing": "a window"})
    send_job = Notice.objects.order_by("pk")
    give_up(notice_ids=[each.pk for each in send_job], error=OSError("550 No such mailbox"))
    now = timezone.now()
    Notice.objects.filter(about="thing 1").update(tried_at=now)
    Notice.objects.filter(about="thing 2").update(tried_at=now - timedelta(days=8))

    home = operator_client.get("/").text
    assert "1 notice could not be sent by email" in home
    assert "/accounts/notices/" in home
    page = operator_client.get("/accounts/notices/").text
    assert "550 No such mailbox" in page
    assert "About a door" in page
    assert "a window" not in page


def test_a_job_gives_up_in_the_end(no_smtp_server: None) -> None:
    asked()
    notice = Notice.objects.get()
    for _ in range(2):
        with pytest.raises(OSError, match=r"refused|Errno"):
            send_requested(notice_ids=[notice.pk], now=NOW)
    notice.refresh_from_db()
    assert (notice.state, notice.attempts) == ("waiting", 2)
    give_up(notice_ids=[notice.pk], error=OSError("away"))
    notice.refresh_from_db()
    assert notice.state == "failed"
    assert notice.problem
