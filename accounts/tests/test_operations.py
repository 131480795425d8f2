"""Invite, mail the link, activate."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection
from pytest_django import Settings

from accounts import operations
from accounts.models import Role, User
from accounts.tests.factories import PASSWORD, OwnerFactory
from accounts.tests.links import aged, token_of
from tests.mail_server import MailServer, text_of


@pytest.fixture(autouse=True)
def _base_url(settings: Settings) -> None:
    settings.BASE_URL = "https://billing.example.com"


@pytest.fixture
def newcomer(db: None) -> User:
    return OwnerFactory.create(email="new@example.com", name="New Person", password=None)


class TestInviteOperation:
    def test_creates_a_user_without_a_password(self, db: None) -> None:
        user = operations.invite(email=" New@Example.COM ", name="New Person", role=Role.OWNER)

        user.refresh_from_db()
        assert user.email == "new@example.com"
        assert (user.name, user.role) == ("New Person", "owner")
        assert not user.is_activated

    def test_refuses_a_known_address_regardless_of_case(self, db: None) -> None:
        known = OwnerFactory.create(email="known@example.com")

        with pytest.raises(operations.AlreadyExists) as refusal:
            operations.invite(email="KNOWN@example.com", name="Other", role=Role.OPERATOR)

        assert refusal.value.user == known
        known.refresh_from_db()
        assert known.role == Role.OWNER


class TestSendActivation:
    def test_mails_the_link_as_text_and_html(self, newcomer: User, smtp_server: MailServer) -> None:
        operations.send_activation(user=newcomer)

        (message,) = smtp_server.messages
        text, html = text_of(message), text_of(message, "html")
        link = f"https://billing.example.com/accounts/activate/{token_of(message)}/"
        assert message["To"] == "new@example.com"
        assert message["Subject"] == "Set your password for camera billing"
        assert "Hello New Person," in text
        assert "The link works once and expires in 7 days." in text
        assert link in text.splitlines()
        assert f'href="{link}"' in html

    def test_escapes_html_in_a_name(self, smtp_server: MailServer, db: None) -> None:
        user = OwnerFactory.create(name="<b>O'Neil</b>", password=None)

        operations.send_activation(user=user)

        (message,) = smtp_server.messages
        assert "<b>O'Neil</b>" in text_of(message)
        assert "<b>" not in text_of(message, "html")

    def test_refuses_an_activated_user(self, owner: User, smtp_server: MailServer) -> None:
        with pytest.raises(operations.AlreadyActivated):
            operations.send_activation(user=owner)

        assert smtp_server.messages == []

    def test_refuses_a_user_who_may_not_sign_in(self, smtp_server: MailServer, db: None) -> None:
        user = OwnerFactory.create(password=None, is_active=False)

        with pytest.raises(operations.MayNotSignIn):
            operations.send_activation(user=user)

        assert smtp_server.messages == []

    def test_reports_that_the_mail_server_refused(
        self, newcomer: User, smtp_server: MailServer
    ) -> None:
        smtp_server.refuses = True

        with pytest.raises(operations.MailNotSent):
            operations.send_activation(user=newcomer)

    def test_reports_that_no_mail_server_answers(
        self, newcomer: User, no_smtp_server: None
    ) -> None:
        with pytest.raises(operations.MailNotSent):
            operations.send_activation(user=newcomer)


@pytest.fixture
def token(newcomer: User, smtp_server: MailServer) -> str:
    operations.send_activation(user=newcomer)
    return token_of(smtp_server.messages[0])


def look(token: str) -> User:
    return operations.invited(token=token)


def activate(token: str) -> User:
    return operations.activate(token=token, password=PASSWORD)


class TestActivate:
    def test_sets_the_password(self, newcomer: User, token: str) -> None:
        assert look(token) == newcomer

        activate(token)

        newcomer.refresh_from_db()
        assert newcomer.check_password(PASSWORD)

    @pytest.mark.parametrize("use", [look, activate])
    class TestRefusal:
        def test_of_a_used_link(self, use: Callable[[str], User], token: str) -> None:
            activate(token)

            with pytest.raises(operations.LinkUsed):
                use(token)

        def test_after_a_password_was_set_by_other_means(
            self, use: Callable[[str], User], token: str, newcomer: User
        ) -> None:
            newcomer.set_password("by forgotten password")
            newcomer.save()

            with pytest.raises(operations.LinkUsed):
                use(token)

        def test_of_an_old_link(self, use: Callable[[str], User], token: str) -> None:
            with aged(days=7, seconds=2), pytest.raises(operations.LinkExpired):
                use(token)

        def test_not_yet_on_the_last_day(self, use: Callable[[str], User], token: str) -> None:
            with aged(days=7, seconds=-2):
                assert use(token).email == "new@example.com"

        def test_of_a_forged_link(self, use: Callable[[str], User], token: str) -> None:
            for forged in ("", "x", token[:-1], token + "x", "é\0", token.swapcase()):
                with pytest.raises(operations.LinkDamaged):
                    use(forged)

        def test_once_the_address_has_changed(
            self, use: Callable[[str], User], token: str, newcomer: User
        ) -> None:
            newcomer.email = "other@example.com"
            newcomer.save()

            with pytest.raises(operations.LinkWithdrawn):
                use(token)

        def test_once_the_user_may_not_sign_in(
            self, use: Callable[[str], User], token: str, newcomer: User
        ) -> None:
            newcomer.is_active = False
            newcomer.save()

            with pytest.raises(operations.LinkWithdrawn):
                use(token)

        def test_once_the_user_is_deleted(
            self, use: Callable[[str], User], token: str, newcomer: User
        ) -> None:
            newcomer.delete()

            with pytest.raises(operations.LinkWithdrawn):
                use(token)


@pytest.mark.django_db(transaction=True)
def test_a_link_opened_many_times_at_once_works_once(smtp_server: MailServer) -> None:
    user = OwnerFactory.create(password=None)
    operations.send_activation(user=user)
    token = token_of(smtp_server.messages[0])
    together = Barrier(4)

    def race(number: int) -> bool:
        together.wait()
        try:
            operations.activate(token=token, password=f"{PASSWORD} {number}")
        except operations.LinkUsed:
            return False
        else:
            return True
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        won = list(pool.map(race, range(4)))

    assert sum(won) == 1
    user.refresh_from_db()
    assert user.check_password(f"{PASSWORD} {won.index(True)}")
