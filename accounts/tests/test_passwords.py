"""Resetting a forgotten password and changing one's own."""

import re

import pytest
from allauth.account.models import EmailAddress
from django.test import Client

from accounts.models import User
from accounts.tests.factories import PASSWORD, OwnerFactory
from accounts.tests.links import deliver, path_in
from tests.mail_server import MailServer, text_of

FORGOTTEN = "/accounts/password/reset/"
CHANGE = "/accounts/password/change/"
NEW = "another good secret"


def ask(client: Client, email: str) -> str:
    """Request a link, and return the page that follows, without its random token."""
    page = client.post(FORGOTTEN, {"email": email}, follow=True).text
    deliver()
    return re.sub(r'("X-CSRFToken": |csrfmiddlewaretoken" value=)"\w*"', "", page)


def choose(client: Client, link: str, first: str = NEW, second: str = NEW) -> str:
    """Open a link, choose a password, and return the page that follows."""
    form = client.get(link)
    assert form.status_code == 302, form.text
    answer = client.post(form["Location"], {"password1": first, "password2": second})
    return answer["Location"] if answer.status_code == 302 else answer.text


def test_a_link_by_mail_sets_a_password_and_signs_in(
    client: Client, owner: User, smtp_server: MailServer
) -> None:
    assert "Check your email" in ask(client, owner.email.upper())
    (message,) = smtp_server.messages
    assert message["To"] == owner.email
    assert message["Subject"] == "Choose a new password"
    assert owner.name in text_of(message)

    assert choose(client, path_in(message)) == "/"

    assert client.session["_auth_user_id"] == str(owner.pk)
    owner.refresh_from_db()
    assert owner.check_password(NEW)


def test_a_link_works_once(client: Client, owner: User, smtp_server: MailServer) -> None:
    ask(client, owner.email)
    link = path_in(smtp_server.messages[0])
    choose(client, link)

    page = Client().get(link)

    assert "This link no longer works" in page.text
    assert f'href="{FORGOTTEN}"' in page.text


def test_a_link_to_an_old_address_does_not_work(
    client: Client, owner: User, smtp_server: MailServer
) -> None:
    ask(client, owner.email)
    owner.email = "other@example.com"
    owner.save()

    assert "This link no longer works" in client.get(path_in(smtp_server.messages[0])).text


def test_an_address_is_stored_in_one_place(
    client: Client, owner: User, smtp_server: MailServer
) -> None:
    ask(client, owner.email)
    choose(client, path_in(smtp_server.messages[0]))

    assert not EmailAddress.objects.exists()


def test_refuses_a_bad_password(client: Client, owner: User, smtp_server: MailServer) -> None:
    ask(client, owner.email)
    link = path_in(smtp_server.messages[0])

    assert "You must type the same password each time." in choose(client, link, NEW, "other")
    assert "too common" in choose(client, link, "password", "password")
    owner.refresh_from_db()
    assert owner.check_password(PASSWORD)


def test_setting_a_password_activates_the_user(
    client: Client, smtp_server: MailServer, db: None
) -> None:
    newcomer = OwnerFactory.create(password=None)
    ask(client, newcomer.email)

    choose(client, path_in(smtp_server.messages[0]))

    newcomer.refresh_from_db()
    assert newcomer.is_activated
    assert client.session["_auth_user_id"] == str(newcomer.pk)


@pytest.mark.parametrize("email", ["nobody@example.com", "shut-out@example.com"])
def test_does_not_reveal_who_has_an_account(
    client: Client, owner: User, smtp_server: MailServer, email: str
) -> None:
    OwnerFactory.create(email="shut-out@example.com", is_active=False)

    assert ask(Client(), email) == ask(Client(), owner.email)
    assert [message["To"] for message in smtp_server.messages] == [owner.email]


def test_limits_the_number_of_requests(
    client: Client, owner: User, smtp_server: MailServer
) -> None:
    for _ in range(5):
        ask(client, owner.email)

    assert client.post(FORGOTTEN, {"email": owner.email}).status_code == 429
    assert len(smtp_server.messages) == 5


def test_changing_it_keeps_the_person_signed_in(owner_client: Client, owner: User) -> None:
    answer = owner_client.post(
        CHANGE, {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW}
    )

    assert answer["Location"] == "/"
    assert "Your new password is set." in owner_client.get(CHANGE).text
    owner.refresh_from_db()
    assert owner.check_password(NEW)


def test_changing_it_requires_the_current_one(owner_client: Client, owner: User) -> None:
    page = owner_client.post(CHANGE, {"oldpassword": "wrong", "password1": NEW, "password2": NEW})

    assert "Please type your current password." in page.text
    owner.refresh_from_db()
    assert owner.check_password(PASSWORD)


def test_changing_it_requires_sign_in(client: Client, db: None) -> None:
    assert client.get(CHANGE)["Location"] == f"/accounts/login/?next={CHANGE}"
