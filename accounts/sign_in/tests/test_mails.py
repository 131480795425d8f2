"""Mails about signing in: requested by pages, sent by jobs."""

import re
import smtplib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from accounts.models import SignInMail, User
from accounts.sign_in.mails import TooManyMails, remove_old, request_mail, send_requested
from accounts.sign_in.models import SignInMailKind
from accounts.tests.factories import OwnerFactory
from accounts.tests.links import deliver
from tests.jobs import due_now, run_jobs
from tests.mail_server import MailServer, text_of

FORGOTTEN = "/accounts/password/reset/"
NOW = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)


@contextmanager
def connections_to_mail_servers(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Count the connections to mail servers that begin in the block."""
    begun: list[str] = []
    connect = smtplib.SMTP.connect

    def counted(self: smtplib.SMTP, *args: Any, **kwargs: Any) -> Any:
        begun.append("connect")
        return connect(self, *args, **kwargs)

    with monkeypatch.context() as patched:
        patched.setattr(smtplib.SMTP, "connect", counted)
        yield begun


def statements(client: Client, email: str) -> list[str]:
    """Return the verb and table of each statement of a request for a new password."""
    with CaptureQueriesContext(connection) as captured:
        client.post(FORGOTTEN, {"email": email})
    return [" ".join(re.split(r"[\s(]", query["sql"])[:3]) for query in captured]


@pytest.mark.usefixtures("smtp_server")
def test_a_request_does_the_same_for_a_known_and_an_unknown_address(
    owner: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    OwnerFactory.create(email="shut-out@example.com", is_active=False)
    statements(Client(), "first@example.com")

    with connections_to_mail_servers(monkeypatch) as begun:
        known = statements(Client(), owner.email)
        unknown = statements(Client(), "nobody@example.com")
        blocked = statements(Client(), "shut-out@example.com")
    assert known == unknown == blocked
    assert begun == []

    with connections_to_mail_servers(monkeypatch) as begun:
        deliver()
    assert begun == ["connect"]


@pytest.mark.parametrize("request_", ["activation", "address"])
def test_no_page_waits_for_a_mail_server(
    request_: str, operator_client: Client, smtp_server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    newcomer, member = OwnerFactory.create(password=None), OwnerFactory.create()
    addresses = {
        "activation": (f"/accounts/{newcomer.pk}/resend-activation/", {}),
        "address": (f"/people/{member.pk}/address/", {"email": "new@example.com"}),
    }

    with connections_to_mail_servers(monkeypatch) as begun:
        operator_client.post(*addresses[request_])

    assert begun == []
    deliver()
    assert smtp_server.messages


@pytest.mark.django_db(transaction=True)
def test_a_job_sends_the_mail_and_tries_again(smtp_server: MailServer) -> None:
    owner = OwnerFactory.create()
    Client().post(FORGOTTEN, {"email": owner.email})
    smtp_server.refuses = True
    run_jobs("mail")
    assert smtp_server.messages == []

    smtp_server.refuses = False
    due_now()
    run_jobs("mail")

    (mail,) = smtp_server.messages
    assert mail["To"] == owner.email
    assert SignInMail.objects.get().state == "sent"


@pytest.mark.django_db(transaction=True)
def test_many_requests_at_once_send_no_more_than_the_limit() -> None:
    owner = OwnerFactory.create(password=None)

    def ask(_number: int) -> bool:
        try:
            request_mail(
                SignInMailKind.ACTIVATION, email=owner.email, person=owner, now=NOW, by=None
            )
        except TooManyMails:
            return False
        else:
            return True
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        accepted = list(pool.map(ask, range(6)))

    assert sum(accepted) == SignInMail.objects.count() == 3


@pytest.mark.django_db
def test_an_address_is_not_flooded_with_password_mails(smtp_server: MailServer) -> None:
    owner = OwnerFactory.create()
    for number in range(7):
        page = Client(REMOTE_ADDR=f"198.51.100.{number}").post(FORGOTTEN, {"email": owner.email})
        assert page.status_code in (302, 429)

    deliver()

    assert len(smtp_server.messages) == 5


@pytest.mark.django_db
def test_a_link_does_not_name_the_host_of_the_request(
    client: Client, smtp_server: MailServer, settings: Settings
) -> None:
    settings.BASE_URL = "https://billing.example.com"
    settings.ALLOWED_HOSTS = ["*"]
    owner = OwnerFactory.create()

    client.post(FORGOTTEN, {"email": owner.email}, headers={"host": "evil.example"})
    deliver()

    (mail,) = smtp_server.messages
    for kind in ("plain", "html"):
        assert "https://billing.example.com/accounts/password/reset/key/" in text_of(mail, kind)
        assert "evil.example" not in text_of(mail, kind)


@pytest.mark.django_db
def test_links_that_nobody_needs_any_more_are_not_sent(smtp_server: MailServer) -> None:
    activated = OwnerFactory.create(password=None)
    request_mail(
        SignInMailKind.ACTIVATION, email=activated.email, person=activated, now=NOW, by=None
    )
    activated.set_password("something else entirely")
    activated.save()

    deliver()

    assert smtp_server.messages == []
    assert not SignInMail.objects.exists()


@pytest.mark.django_db
def test_a_mail_is_sent_once(smtp_server: MailServer) -> None:
    owner = OwnerFactory.create()
    mail = request_mail(
        SignInMailKind.PASSWORD_RESET, email=owner.email, person=None, now=NOW, by=None
    )

    for _ in range(2):
        send_requested(mail_ids=[mail.pk], now=NOW)

    assert len(smtp_server.messages) == 1


@pytest.mark.django_db
def test_old_mails_are_deleted() -> None:
    for days in (29, 31):
        request_mail(
            SignInMailKind.PASSWORD_RESET,
            email=f"{days}@example.com",
            person=None,
            now=NOW - timedelta(days=days),
            by=None,
        )

    remove_old(now=NOW)

    assert SignInMail.objects.get().email == "29@example.com"


def test_home_and_a_page_show_what_could_not_be_sent(operator_client: Client, owner: User) -> None:
    mail = request_mail(
        SignInMailKind.ADDRESS_CHANGED, email=owner.email, person=owner, now=NOW, by=None
    )
    SignInMail.objects.filter(pk=mail.pk).update(
        state="failed", tried_at=timezone.now(), problem="550 No such mailbox"
    )

    assert "1 email about signing in could not be sent" in operator_client.get("/").text
    page = operator_client.get(reverse("accounts:failed_notices")).text
    assert "550 No such mailbox" in page
    assert f'href="/people/{owner.pk}/"' in page
