"""The language of pages: preferred by the browser, chosen, saved."""

import re

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from accounts.models import User
from accounts.tests.factories import PASSWORD, OwnerFactory
from accounts.tests.links import deliver
from tests.mail_server import MailServer

pytestmark = pytest.mark.django_db

CHOOSE = "/accounts/language/"
SIGN_IN = "/accounts/login/"
COOKIE = settings.LANGUAGE_COOKIE_NAME


def language_of(client: Client, address: str = SIGN_IN, **headers: str) -> str:
    """Return the language that a page declares."""
    answer = client.get(address, headers=headers)
    assert answer.status_code == 200
    [language] = re.findall(r'<html lang="([^"]+)"', answer.text)
    assert answer["Content-Language"] == language
    return str(language)


def test_the_default_is_english(client: Client) -> None:
    assert language_of(client) == "en"
    assert "Sign in" in client.get(SIGN_IN).text


def test_the_language_of_the_browser_is_used(client: Client) -> None:
    assert language_of(client, **{"Accept-Language": "ru-RU,ru;q=0.9,en;q=0.5"}) == "ru"


def test_an_unsupported_language_falls_back_to_english(client: Client) -> None:
    assert language_of(client, **{"Accept-Language": "fr"}) == "en"


def test_caches_keep_languages_apart(client: Client) -> None:
    assert {"Cookie", "Accept-Language"} <= set(client.get(SIGN_IN)["Vary"].split(", "))


def test_choice_is_offered_to_everyone(client: Client, operator_client: Client) -> None:
    for page in (client.get(SIGN_IN).text, operator_client.get("/organizations/").text):
        assert f'action="{CHOOSE}"' in page
        assert re.search(r'name="language" value="ru" lang="ru">Русский<', page)
        assert re.search(r'value="en" lang="en" aria-current="true">English<', page)


def test_choice_is_saved_in_the_browser(client: Client) -> None:
    answer = client.post(
        CHOOSE, {"language": "ru"}, headers={"referer": f"http://testserver{SIGN_IN}"}
    )

    assert (answer.status_code, answer["Location"]) == (302, f"http://testserver{SIGN_IN}")
    assert int(answer.cookies[COOKIE]["max-age"]) == 365 * 24 * 60 * 60
    assert language_of(client) == "ru"
    assert language_of(client, **{"Accept-Language": "en"}) == "ru"


def test_choice_redirects_only_to_our_own_pages(client: Client) -> None:
    answer = client.post(CHOOSE, {"language": "ru"}, headers={"referer": "https://evil.example/"})

    assert answer["Location"] == "/"


def test_choice_needs_a_csrf_token() -> None:
    client = Client(enforce_csrf_checks=True)

    assert client.post(CHOOSE, {"language": "ru"}).status_code == 403
    assert language_of(client) == "en"


def test_choice_is_a_post(client: Client) -> None:
    assert client.get(CHOOSE, {"language": "ru"}).status_code == 405


def test_choice_is_saved_for_the_person(operator: User, operator_client: Client) -> None:
    operator_client.post(CHOOSE, {"language": "ru"})

    operator.refresh_from_db()
    assert operator.language == "ru"
    elsewhere = Client(headers={"Accept-Language": "en"})
    elsewhere.force_login(operator)
    assert language_of(elsewhere, "/organizations/") == "ru"


@pytest.mark.parametrize("language", ["", "de", "xx", "r" * 300])
def test_unknown_language_is_not_saved(
    operator: User, operator_client: Client, language: str
) -> None:
    answer = operator_client.post(CHOOSE, {"language": language})

    assert answer.status_code == 302
    operator.refresh_from_db()
    assert operator.language == ""
    assert language_of(operator_client, "/organizations/") == "en"


def sign_in(client: Client, user: User) -> None:
    answer = client.post(SIGN_IN, {"login": user.email, "password": PASSWORD})
    assert answer.status_code == 302


def test_choice_before_sign_in_is_saved_for_the_person(client: Client, owner: User) -> None:
    client.post(CHOOSE, {"language": "ru"})

    sign_in(client, owner)

    owner.refresh_from_db()
    assert owner.language == "ru"


def test_choice_of_the_person_overrides_that_of_a_browser(client: Client, owner: User) -> None:
    User.objects.filter(pk=owner.pk).update(language="en")
    client.post(CHOOSE, {"language": "ru"})

    sign_in(client, owner)

    owner.refresh_from_db()
    assert owner.language == "en"
    assert language_of(client, "/organizations/") == "en"


def test_preference_of_a_browser_is_not_saved(client: Client, owner: User) -> None:
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "ru"

    sign_in(client, owner)

    owner.refresh_from_db()
    assert owner.language == ""


def test_refusal_is_in_the_chosen_language(owner: User, owner_client: Client) -> None:
    User.objects.filter(pk=owner.pk).update(language="ru")

    answer = owner_client.get("/tariffs/")

    assert (answer.status_code, answer["Content-Language"]) == (403, "ru")
    assert "Нет доступа" in answer.text


@pytest.mark.parametrize(
    ("senders", "recipients", "subject"),
    [
        ("en", "", "Set your password for camera billing"),
        ("ru", "", "Задайте пароль для биллинга камер"),
        ("en", "ru", "Задайте пароль для биллинга камер"),
        ("ru", "en", "Set your password for camera billing"),
    ],
)
def test_activation_mail_is_in_the_language_of_its_recipient_or_else_its_sender(
    operator: User,
    operator_client: Client,
    smtp_server: MailServer,
    senders: str,
    recipients: str,
    subject: str,
) -> None:
    User.objects.filter(pk=operator.pk).update(language=senders)
    invited = OwnerFactory.create(password=None, language=recipients)

    answer = operator_client.post(
        reverse("accounts:resend_activation", args=[invited.pk]), follow=True
    )
    deliver()

    [mail] = smtp_server.messages
    # A long non-ASCII subject starts on a line of its own.
    assert mail["Subject"].strip() == subject
    assert answer["Content-Language"] == senders


def test_password_mail_is_in_the_language_of_its_recipient(
    client: Client, owner: User, smtp_server: MailServer
) -> None:
    User.objects.filter(pk=owner.pk).update(language="ru")

    answer = client.post("/accounts/password/reset/", {"email": owner.email}, follow=True)
    deliver()

    [mail] = smtp_server.messages
    assert mail["Subject"] == "Задайте новый пароль"
    assert answer["Content-Language"] == "en"
