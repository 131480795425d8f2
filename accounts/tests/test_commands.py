"""Users created from the command line."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from pytest_django import Settings

from accounts.models import User
from accounts.tests.factories import PASSWORD, OperatorFactory, OwnerFactory
from accounts.tests.links import path_in
from tests.mail_server import MailServer, text_of


@pytest.fixture(autouse=True)
def _base_url(settings: Settings) -> None:
    settings.BASE_URL = "https://billing.example.com"


def invite(email: str, role: str = "support", name: str = "") -> str:
    said = StringIO()
    call_command("invite", email, "--role", role, "--name", name, stdout=said)
    return said.getvalue()


class TestInvite:
    def test_creates_a_colleague_and_mails_a_working_link(
        self, smtp_server: MailServer, db: None
    ) -> None:
        said = invite("Colleague@Example.com", name="A Colleague")

        assert "colleague@example.com has been invited as support" in said
        user = User.objects.get(email="colleague@example.com")
        assert (user.role, user.name, user.is_activated) == ("support", "A Colleague", False)
        (message,) = smtp_server.messages
        assert "https://billing.example.com/accounts/activate/" in text_of(message)
        assert Client().get(path_in(message)).status_code == 200

    def test_run_again_sends_the_mail_again(self, smtp_server: MailServer, db: None) -> None:
        smtp_server.refuses = True
        with pytest.raises(CommandError, match=r"451.*Run this command again"):
            invite("colleague@example.com")

        smtp_server.refuses = False
        invite("colleague@example.com")

        assert len(smtp_server.messages) == 1
        assert User.objects.count() == 1

    def test_refuses_an_activated_user(self, smtp_server: MailServer, db: None) -> None:
        OperatorFactory.create(email="colleague@example.com")

        with pytest.raises(CommandError, match="is already activated"):
            invite("colleague@example.com", role="operator")

    def test_does_not_change_a_role(self, smtp_server: MailServer, db: None) -> None:
        OwnerFactory.create(email="colleague@example.com", password=None)

        with pytest.raises(CommandError, match="already exists with the role owner"):
            invite("colleague@example.com", role="operator")

        assert User.objects.get().role == "owner"
        assert smtp_server.messages == []

    def test_sends_nothing_to_a_user_who_may_not_sign_in(
        self, smtp_server: MailServer, db: None
    ) -> None:
        OwnerFactory.create(email="colleague@example.com", password=None, is_active=False)

        with pytest.raises(CommandError, match="not allowed to sign in"):
            invite("colleague@example.com", role="owner")

    def test_refuses_an_invalid_address(self, db: None) -> None:
        with pytest.raises(CommandError, match="valid email"):
            invite("colleague")

        assert not User.objects.exists()

    def test_refuses_an_unknown_role(self, db: None) -> None:
        with pytest.raises(CommandError, match="invalid choice: 'boss'"):
            invite("colleague@example.com", role="boss")

    def test_requires_the_base_url_before_it_does_anything(
        self, db: None, settings: Settings
    ) -> None:
        settings.BASE_URL = ""

        with pytest.raises(CommandError, match="Set BASE_URL"):
            invite("colleague@example.com")

        assert not User.objects.exists()


class TestCreateSuperuser:
    def test_asks_for_an_email_and_creates_an_operator(
        self, monkeypatch: pytest.MonkeyPatch, db: None
    ) -> None:
        asked = []

        def answer(question: str) -> str:
            asked.append(question)
            return "First@Example.com"

        class Terminal(StringIO):
            def isatty(self) -> bool:
                return True

        monkeypatch.setattr("builtins.input", answer)
        monkeypatch.setattr("getpass.getpass", lambda *prompt: PASSWORD)
        call_command("createsuperuser", stdin=Terminal(), stdout=StringIO())

        assert asked == ["Email address: "]
        user = User.objects.get()
        assert (user.email, user.role) == ("first@example.com", "operator")
        assert user.check_password(PASSWORD)

    def test_takes_the_answers_from_the_environment(
        self, monkeypatch: pytest.MonkeyPatch, db: None
    ) -> None:
        monkeypatch.setenv("DJANGO_SUPERUSER_EMAIL", "first@example.com")
        monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", PASSWORD)

        call_command("createsuperuser", "--noinput", stdout=StringIO())

        client = Client()
        client.post("/accounts/login/", {"login": "first@example.com", "password": PASSWORD})
        assert client.get("/accounts/password/change/").status_code == 200
        assert client.get("/admin/", follow=True).status_code == 403
