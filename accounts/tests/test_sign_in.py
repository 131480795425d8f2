"""Sign in and out."""

import pytest
from django.test import Client
from pytest_django import Settings

from accounts.models import User
from accounts.tests.factories import PASSWORD, OwnerFactory

SIGN_IN = "/accounts/login/"


def credentials(email: str, password: str = PASSWORD) -> dict[str, str]:
    return {"login": email, "password": password}


def is_signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def test_signs_in_by_email_regardless_of_case(client: Client, db: None) -> None:
    OwnerFactory.create(email="owner@example.com")

    answer = client.post(SIGN_IN, credentials("Owner@EXAMPLE.com"))

    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert is_signed_in(client)


@pytest.mark.parametrize(
    ("email", "password"),
    [("owner@example.com", "wrong"), ("nobody@example.com", PASSWORD)],
)
def test_gives_the_same_answer_for_a_wrong_password_and_an_unknown_address(
    client: Client, db: None, email: str, password: str
) -> None:
    OwnerFactory.create(email="owner@example.com")

    page = client.post(SIGN_IN, credentials(email, password))

    assert page.status_code == 200
    assert "The email address and/or password you specified are not correct." in page.text
    assert not is_signed_in(client)


def test_a_user_who_is_not_activated_cannot_sign_in(client: Client, db: None) -> None:
    user = OwnerFactory.create(password=None)

    for password in ("", "!", user.password):
        client.post(SIGN_IN, credentials(user.email, password))

        assert not is_signed_in(client)


def test_a_deactivated_user_is_informed(client: Client, db: None) -> None:
    user = OwnerFactory.create(is_active=False)

    page = client.post(SIGN_IN, credentials(user.email), follow=True)

    assert "Your account is inactive" in page.text
    assert not is_signed_in(client)


def test_a_user_deactivated_while_signed_in_is_signed_out(
    owner_client: Client, owner: User
) -> None:
    owner.is_active = False
    owner.save()

    answer = owner_client.get("/accounts/password/change/")

    assert answer["Location"].startswith(SIGN_IN)


def test_continues_to_the_requested_page(client: Client, owner: User) -> None:
    closed = client.get("/accounts/password/change/")
    form = client.get(closed["Location"])
    assert 'name="next" value="/accounts/password/change/"' in form.text

    answer = client.post(closed["Location"], credentials(owner.email))

    assert answer["Location"] == "/accounts/password/change/"


@pytest.mark.parametrize("address", ["https://evil.example.com/", "//evil.example.com", "\\\\evil"])
def test_does_not_redirect_to_another_site(client: Client, owner: User, address: str) -> None:
    answer = client.post(SIGN_IN, {**credentials(owner.email), "next": address})

    assert answer["Location"] == "/"


def test_redirects_a_person_who_is_already_signed_in(owner_client: Client) -> None:
    assert owner_client.get(SIGN_IN)["Location"] == "/"


def test_limits_guesses_of_a_password(client: Client, owner: User) -> None:
    for _ in range(5):
        client.post(SIGN_IN, credentials(owner.email, "wrong"))

    page = client.post(SIGN_IN, credentials(owner.email))

    assert "Too many failed login attempts. Try again later." in page.text
    assert not is_signed_in(client)


def test_limits_attempts_with_a_page_of_ours(client: Client, db: None) -> None:
    for _ in range(30):
        client.post(SIGN_IN)

    page = client.post(SIGN_IN)

    assert page.status_code == 429
    assert "Too many attempts" in page.text
    assert "Wait a few minutes" in page.text


def test_signs_out(owner_client: Client) -> None:
    page = owner_client.post("/accounts/logout/", follow=True)

    assert page.redirect_chain == [(SIGN_IN, 302)]
    assert "You are signed out." in page.text
    assert not is_signed_in(owner_client)


def test_signs_out_only_by_post(owner_client: Client) -> None:
    assert owner_client.get("/accounts/logout/").status_code == 405
    assert is_signed_in(owner_client)


def test_signing_out_twice_shows_the_sign_in_page(client: Client) -> None:
    assert client.post("/accounts/logout/")["Location"] == SIGN_IN


@pytest.mark.parametrize(
    "path", ["signup/", "email/", "password/set/", "confirm-email/", "reauthenticate/"]
)
def test_nobody_can_sign_up_or_change_their_address(owner_client: Client, path: str) -> None:
    assert owner_client.get(f"/accounts/{path}").status_code == 404


def test_behind_a_proxy_each_visitor_has_attempts_of_their_own(
    client: Client, db: None, settings: Settings
) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    for _ in range(30):
        client.post(SIGN_IN, headers={"x-forwarded-for": "198.51.100.1"})

    assert client.post(SIGN_IN, headers={"x-forwarded-for": "198.51.100.1"}).status_code == 429
    assert client.post(SIGN_IN, headers={"x-forwarded-for": "198.51.100.2"}).status_code == 200
