"""The page that an activation link opens."""

import pytest
from django.test import Client

from accounts import operations
from accounts.models import User
from accounts.tests.factories import PASSWORD, OwnerFactory
from accounts.tests.links import aged, path_in
from tests.mail_server import MailServer

TWICE = {"new_password1": PASSWORD, "new_password2": PASSWORD}


@pytest.fixture
def newcomer(db: None) -> User:
    return OwnerFactory.create(email="new@example.com", name="New Person", password=None)


@pytest.fixture
def link(newcomer: User, smtp_server: MailServer) -> str:
    operations.send_activation(user=newcomer)
    return path_in(smtp_server.messages[0])


def test_shows_whom_the_link_is_for_and_changes_nothing(
    client: Client, link: str, newcomer: User
) -> None:
    page = client.get(link)

    assert page.status_code == 200
    assert "New Person, your sign-in email is new@example.com." in page.text
    assert "no-store" in page["Cache-Control"]
    newcomer.refresh_from_db()
    assert not newcomer.is_activated


def test_sets_the_password_and_signs_in(client: Client, link: str, newcomer: User) -> None:
    answer = client.post(link, TWICE)

    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert client.session["_auth_user_id"] == str(newcomer.pk)
    newcomer.refresh_from_db()
    assert newcomer.check_password(PASSWORD)


def test_signs_in_the_newcomer_instead_of_the_previous_user(
    operator_client: Client, link: str, newcomer: User
) -> None:
    operator_client.post(link, TWICE)

    assert operator_client.session["_auth_user_id"] == str(newcomer.pk)


@pytest.mark.parametrize(
    ("first", "second", "complaint"),
    [
        (PASSWORD, "another", "The two password fields didn’t match."),
        ("new@example.com", "new@example.com", "too similar to the email address"),
        ("New Person", "New Person", "too similar to the name"),
        ("password", "password", "too common"),
        ("", "", "This field is required."),
    ],
)
def test_refuses_a_bad_password(
    client: Client, link: str, newcomer: User, first: str, second: str, complaint: str
) -> None:
    page = client.post(link, {"new_password1": first, "new_password2": second})

    assert page.status_code == 200
    assert complaint in page.text
    assert "_auth_user_id" not in client.session
    newcomer.refresh_from_db()
    assert not newcomer.is_activated


def test_a_used_link_says_so_and_offers_to_sign_in(
    client: Client, link: str, newcomer: User
) -> None:
    client.post(link, TWICE)

    for stranger in (Client(), client):
        for page in (stranger.get(link), stranger.post(link, {"new_password1": "x"})):
            assert page.status_code == 410
            assert "Your account is already activated" in page.text
            assert 'href="/accounts/login/"' in page.text
            assert 'href="/accounts/password/reset/"' in page.text
    newcomer.refresh_from_db()
    assert newcomer.check_password(PASSWORD)


def test_an_old_link_says_so(client: Client, link: str, newcomer: User) -> None:
    with aged(days=8):
        page = client.post(link, TWICE)

    assert page.status_code == 410
    assert "This link has expired" in page.text
    assert "An activation link is valid for 7 days." in page.text
    newcomer.refresh_from_db()
    assert not newcomer.is_activated


def test_a_forged_link_is_not_found(client: Client, link: str, newcomer: User) -> None:
    page = client.post(link[:-2] + "/", TWICE)

    assert page.status_code == 404
    assert "This link is incomplete" in page.text
    newcomer.refresh_from_db()
    assert not newcomer.is_activated


def test_a_link_to_an_old_address_is_gone(client: Client, link: str, newcomer: User) -> None:
    newcomer.email = "other@example.com"
    newcomer.save()

    page = client.post(link, TWICE)

    assert page.status_code == 410
    assert "This link no longer works" in page.text
    newcomer.refresh_from_db()
    assert not newcomer.is_activated


def test_refuses_other_methods(client: Client, link: str) -> None:
    assert client.put(link).status_code == 405
