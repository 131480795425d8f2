"""Resending the activation mail with one click."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import SignInMail, User
from accounts.tests.factories import OwnerFactory
from accounts.tests.links import deliver, path_in
from tests.mail_server import MailServer


@pytest.fixture
def newcomer(db: None) -> User:
    return OwnerFactory.create(email="new@example.com", password=None)


def resend(client: Client, user: User, **data: str) -> str:
    """Request the mail, and return the page that follows."""
    answer = client.post(f"/accounts/{user.pk}/resend-activation/", data)
    assert answer.status_code == 302
    deliver()
    # Not "/", which would redirect again.
    return client.get("/accounts/password/change/").text


@pytest.mark.parametrize("role", ["operator_client", "support_client"])
def test_sends_a_working_link(
    role: str, newcomer: User, smtp_server: MailServer, request: pytest.FixtureRequest
) -> None:
    said = resend(request.getfixturevalue(role), newcomer)

    assert "The activation email to new@example.com is on its way." in said
    (message,) = smtp_server.messages
    assert Client().get(path_in(message)).status_code == 200


def test_reports_that_the_user_is_already_activated(
    operator_client: Client, owner: User, smtp_server: MailServer
) -> None:
    assert f"Email not sent: {owner.email} is already activated." in resend(operator_client, owner)
    assert smtp_server.messages == []


def test_reports_that_the_user_may_not_sign_in(
    operator_client: Client, smtp_server: MailServer
) -> None:
    user = OwnerFactory.create(password=None, is_active=False)

    assert f"Email not sent: {user.email} is not allowed to sign in." in resend(
        operator_client, user
    )
    assert smtp_server.messages == []


def test_limits_the_mails_of_an_hour(
    operator_client: Client, newcomer: User, smtp_server: MailServer
) -> None:
    for _ in range(3):
        resend(operator_client, newcomer)

    said = resend(operator_client, newcomer)

    assert "Email not sent: new@example.com got several in the last hour." in said
    assert len(smtp_server.messages) == 3
    SignInMail.objects.update(asked_at=timezone.now() - timedelta(hours=1))
    resend(operator_client, newcomer)
    assert len(smtp_server.messages) == 4


@pytest.mark.parametrize(
    ("wanted", "led_to"),
    [
        ("/organizations/?q=a&page=2", "/organizations/?q=a&page=2"),
        ("", "/"),
        ("https://evil.example.com/", "/"),
        ("//evil.example.com/", "/"),
        ("javascript:alert(1)", "/"),
    ],
)
def test_goes_back_to_a_page_of_ours(
    operator_client: Client, newcomer: User, smtp_server: MailServer, wanted: str, led_to: str
) -> None:
    answer = operator_client.post(f"/accounts/{newcomer.pk}/resend-activation/", {"next": wanted})

    assert answer["Location"] == led_to


def test_is_closed_to_owners(owner_client: Client, newcomer: User, smtp_server: MailServer) -> None:
    answer = owner_client.post(f"/accounts/{newcomer.pk}/resend-activation/")

    assert answer.status_code == 403
    assert smtp_server.messages == []


def test_sends_a_stranger_to_the_sign_in_page(
    client: Client, newcomer: User, smtp_server: MailServer
) -> None:
    answer = client.post(f"/accounts/{newcomer.pk}/resend-activation/")

    assert answer.status_code == 302
    assert answer["Location"].startswith("/accounts/login/?next=")
    assert smtp_server.messages == []


def test_accepts_only_post(operator_client: Client, newcomer: User) -> None:
    assert operator_client.get(f"/accounts/{newcomer.pk}/resend-activation/").status_code == 405


def test_an_unknown_user_is_not_found(operator_client: Client) -> None:
    assert operator_client.post("/accounts/999999/resend-activation/").status_code == 404
