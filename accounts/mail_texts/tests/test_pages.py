"""Editing the texts of emails."""

from collections.abc import Mapping
from typing import Any

import pytest
from django.test import Client

from accounts.mail_texts.models import MailText
from accounts.models import User
from accounts.tests.factories import OwnerFactory
from accounts.tests.links import deliver, path_in
from tests.mail_server import MailServer, text_of

pytestmark = pytest.mark.django_db

ACTIVATION = "/mail-texts/activation/en/"
TEXTS = {
    "subject": "Welcome, {name}",
    "introduction": "Your cameras, {email}.\n\n<b>Open</b> this:",
}


def save(client: Client, texts: Mapping[str, str], address: str = ACTIVATION) -> Any:
    """Send the form of somebody who sees the present texts."""
    version = client.get(address).context["version"]
    return client.post(address, {**texts, "version": version})


def invite(client: Client, language: str = "") -> User:
    user = OwnerFactory.create(
        email="ann@example.com", name="Ann <Lee>", password=None, language=language
    )
    client.post(f"/accounts/{user.pk}/resend-activation/")
    deliver()
    return user


def test_edited_texts_are_sent(operator_client: Client, smtp_server: MailServer) -> None:
    assert save(operator_client, TEXTS).status_code == 302

    invite(operator_client)

    (mail,) = smtp_server.messages
    assert mail["Subject"] == "Welcome, Ann <Lee>"
    text = text_of(mail).replace("\r\n", "\n")
    assert "Your cameras, ann@example.com.\n\n<b>Open</b> this:" in text
    html = text_of(mail, "html")
    assert "&lt;b&gt;Open&lt;/b&gt;" in html
    assert "<b>" not in html
    assert Client().get(path_in(mail)).status_code == 200


def test_only_in_their_language(operator_client: Client, smtp_server: MailServer) -> None:
    save(operator_client, TEXTS)

    invite(operator_client, language="ru")

    (mail,) = smtp_server.messages
    assert mail["Subject"].strip() == "Задайте пароль для биллинга камер"


def test_an_empty_field_means_the_default(operator_client: Client, smtp_server: MailServer) -> None:
    save(operator_client, TEXTS)
    save(operator_client, {"subject": "", "introduction": ""})

    invite(operator_client)

    (mail,) = smtp_server.messages
    assert mail["Subject"] == "Set your password for camera billing"


def test_the_default_is_shown_and_not_stored(operator_client: Client) -> None:
    form = operator_client.get(ACTIVATION).context["form"]
    assert form.initial["subject"] == "Set your password for camera billing"

    save(operator_client, form.initial)

    assert (MailText.objects.get().subject, MailText.objects.get().introduction) == ("", "")


@pytest.mark.parametrize(
    "text", ["{nmae}", "{name", "name}", "{}", "{{name}}", "{name.__class__}", "{name!r}", "{0}"]
)
@pytest.mark.parametrize("field", ["subject", "introduction"])
def test_wrong_placeholders_are_refused(operator_client: Client, field: str, text: str) -> None:
    answer = save(operator_client, {**TEXTS, field: text})

    assert list(answer.context["form"].errors) == [field]
    assert not MailText.objects.exists()


def test_a_line_break_in_the_subject_is_refused(operator_client: Client) -> None:
    answer = save(operator_client, {**TEXTS, "subject": "a\nBcc: eve@example.com"})

    assert "subject" in answer.context["form"].errors


def test_the_preview_shows_examples_and_saves_nothing(operator_client: Client) -> None:
    answer = save(operator_client, {**TEXTS, "preview": "1"})

    assert "Welcome, Ann Lee" in answer.text
    assert "&lt;b&gt;Open&lt;/b&gt;" in answer.text
    assert not MailText.objects.exists()


def test_support_sees_but_cannot_change(support_client: Client) -> None:
    assert "Set your password for camera billing" in support_client.get(ACTIVATION).text
    assert support_client.post(ACTIVATION, TEXTS).status_code == 403
    assert not MailText.objects.exists()


@pytest.mark.parametrize("address", ["/mail-texts/other/en/", "/mail-texts/activation/de/"])
def test_unknown_texts_are_not_found(operator_client: Client, address: str) -> None:
    assert operator_client.get(address).status_code == 404
    assert operator_client.post(address, TEXTS).status_code == 404


def test_the_list_marks_what_was_edited(operator_client: Client) -> None:
    assert "edited" not in operator_client.get("/mail-texts/").text

    save(operator_client, TEXTS)

    assert operator_client.get("/mail-texts/").text.count("edited") == 1


def test_what_somebody_else_saved_meanwhile_is_not_overwritten(operator_client: Client) -> None:
    version = operator_client.get(ACTIVATION).context["version"]
    save(operator_client, TEXTS)
    later = {**TEXTS, "subject": "Hello, {name}", "version": version}

    answer = operator_client.post(ACTIVATION, later)

    assert MailText.objects.get().subject == TEXTS["subject"]
    (contested,) = answer.context["conflict"].differences
    assert (contested.typed, contested.stored) == ("Hello, {name}", TEXTS["subject"])
    operator_client.post(ACTIVATION, {**later, "version": answer.context["version"]})
    assert MailText.objects.get().subject == "Hello, {name}"


def test_a_form_without_a_version_is_a_conflict(operator_client: Client) -> None:
    answer = operator_client.post(ACTIVATION, TEXTS)

    assert "Nothing was saved" in answer.text
    assert not MailText.objects.exists()
