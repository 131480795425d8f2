"""The pages of people."""

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import Role, User
from accounts.people import operations
from accounts.tests.factories import OperatorFactory, OwnerFactory, SupportFactory
from accounts.tests.links import deliver, path_in
from foundation.web.versions import version_of
from tests.mail_server import MailServer, text_of

pytestmark = pytest.mark.django_db


def listed(client: Client, **query: Any) -> list[str]:
    table = client.get("/people/", query).context["table"]
    return [row.record.email for row in table.page.object_list]


def text(client: Client, address: str) -> str:
    return re.sub(r"\s+", " ", client.get(address).text)


class TestList:
    def test_shows_colleagues_and_owners(self, operator_client: Client, operator: User) -> None:
        SupportFactory.create(email="a@example.com")
        OwnerFactory.create(email="b@example.com")

        assert listed(operator_client) == ["a@example.com", "b@example.com", operator.email]

    @pytest.mark.parametrize(
        ("query", "found"),
        [
            ({"q": "LEE"}, ["ann@example.com"]),
            ({"role": "support"}, ["sue@example.com"]),
            ({"state": "invited"}, ["new@example.com"]),
            ({"state": "blocked"}, ["out@example.com"]),
            ({"state": "active", "role": "owner"}, ["ann@example.com"]),
            ({"state": "blocked", "q": "ann"}, []),
        ],
    )
    def test_filters(
        self, operator_client: Client, query: dict[str, str], found: list[str]
    ) -> None:
        OwnerFactory.create(email="ann@example.com", name="Ann Lee")
        SupportFactory.create(email="sue@example.com")
        OwnerFactory.create(email="new@example.com", password=None)
        OwnerFactory.create(email="out@example.com", password=None, is_active=False)

        assert listed(operator_client, **query) == found

    def test_the_number_of_queries_is_constant(self, operator_client: Client) -> None:
        def count() -> int:
            with CaptureQueriesContext(connection) as queries:
                operator_client.get("/people/")
            return len(queries)

        few = count()
        OwnerFactory.create_batch(30, password=None)

        assert count() == few

    def test_has_pages(self, operator_client: Client) -> None:
        OwnerFactory.create_batch(55)

        assert len(listed(operator_client)) == 50
        assert len(listed(operator_client, page=2)) == 6

    def test_support_can_resend_but_not_invite(self, support_client: Client) -> None:
        newcomer = OwnerFactory.create(password=None)

        page = support_client.get("/people/").text

        assert f'action="/accounts/{newcomer.pk}/resend-activation/"' in page
        assert "/people/invite/" not in page


class TestInvite:
    @pytest.mark.parametrize("role", Role.values)
    def test_creates_a_user_and_mails_a_link(
        self, operator_client: Client, smtp_server: MailServer, role: str
    ) -> None:
        data = {"email": "New@Example.com", "name": "New", "role": role}

        answer = operator_client.post("/people/invite/", data)

        user = User.objects.get(email="new@example.com")
        assert answer["Location"] == f"/people/{user.pk}/"
        assert (user.name, user.role, user.is_activated) == ("New", role, False)
        deliver()
        (message,) = smtp_server.messages
        assert Client().get(path_in(message)).status_code == 200

    @pytest.mark.parametrize(
        "data",
        [
            {"email": "KNOWN@example.com", "role": "operator"},
            {"email": "known", "role": "owner"},
            {"email": "new@example.com", "role": "root"},
            {"email": "new@example.com"},
            {"email": "new@example.com", "role": "owner", "name": "a\nb"},
        ],
    )
    def test_refuses_bad_input(
        self, operator_client: Client, smtp_server: MailServer, data: dict[str, str]
    ) -> None:
        known = OwnerFactory.create(email="known@example.com")

        answer = operator_client.post("/people/invite/", data)

        assert answer.context["form"].errors
        known.refresh_from_db()
        assert known.role == Role.OWNER
        assert User.objects.count() == 2
        assert smtp_server.messages == []


class TestPerson:
    def test_can_be_renamed(self, operator_client: Client) -> None:
        ann = OwnerFactory.create(name="Ann")

        version = version_of(operations.stored_values(ann))
        data = {"name": "Anna", "role": "operator", "version": version}

        answer = operator_client.post(f"/people/{ann.pk}/", data)

        assert answer.status_code == 302
        ann.refresh_from_db()
        assert (ann.name, ann.role) == ("Anna", Role.OWNER)

    @pytest.mark.django_db(transaction=True)
    def test_history_says_who_renamed(self, operator_client: Client, operator: User) -> None:
        ann = OwnerFactory.create(name="Ann")

        version = version_of(operations.stored_values(ann))
        operator_client.post(f"/people/{ann.pk}/", {"name": "Anna", "version": version})

        entry = operator_client.get(f"/accounts/{ann.pk}/history/").context["entries"][0]
        assert entry.who == operator.email
        assert [change.after for change in entry.changes[0].fields] == ["Anna"]

    def test_a_name_that_somebody_else_gave_meanwhile_is_not_overwritten(
        self, operator_client: Client
    ) -> None:
        ann = OwnerFactory.create(name="Ann")
        version = version_of(operations.stored_values(ann))
        operations.rename(pk=ann.pk, name="Anna", shown=version)
        data = {"name": "Anne", "version": version}

        answer = operator_client.post(f"/people/{ann.pk}/", data)

        ann.refresh_from_db()
        assert ann.name == "Anna"
        assert "Nothing was saved: this has changed since you opened the form" in answer.text
        assert 'value="Anne"' in answer.text

    def test_support_sees_but_cannot_change(self, support_client: Client) -> None:
        ann = OwnerFactory.create(name="Ann")

        assert "Ann" in support_client.get(f"/people/{ann.pk}/").text
        assert support_client.post(f"/people/{ann.pk}/", {"name": "X"}).status_code == 403
        ann.refresh_from_db()
        assert ann.name == "Ann"

    def test_an_unknown_person_is_not_found(self, operator_client: Client) -> None:
        for part in ("", "address/", "block/"):
            assert operator_client.get(f"/people/0/{part}").status_code == 404
        for part in ("unblock/", "address/withdraw/", "block/"):
            assert operator_client.post(f"/people/0/{part}").status_code == 404


class TestBlock:
    def test_ends_the_sessions_at_once_and_for_good(
        self, operator_client: Client, owner_client: Client, owner: User
    ) -> None:
        assert owner_client.get("/organizations/").status_code == 200

        operator_client.post(f"/people/{owner.pk}/block/")
        assert owner_client.get("/organizations/").status_code == 302

        operator_client.post(f"/people/{owner.pk}/unblock/")
        assert owner_client.get("/organizations/").status_code == 302
        owner.refresh_from_db()
        owner_client.force_login(owner)
        assert owner_client.get("/organizations/").status_code == 200

    def test_keeps_the_sessions_of_others(
        self, operator_client: Client, support_client: Client, owner: User
    ) -> None:
        operator_client.post(f"/people/{owner.pk}/block/")

        assert support_client.get("/organizations/").status_code == 200

    def test_asks_first(self, operator_client: Client, owner: User) -> None:
        assert "Block this person?" in operator_client.get(f"/people/{owner.pk}/block/").text

        owner.refresh_from_db()
        assert owner.is_active

    def test_the_last_operator_cannot_block_themself(
        self, operator_client: Client, operator: User
    ) -> None:
        OperatorFactory.create(password=None)
        OperatorFactory.create(is_active=False)

        page = operator_client.post(f"/people/{operator.pk}/block/", follow=True).text

        assert "This is the only operator who can sign in." in page
        operator.refresh_from_db()
        assert operator.is_active

    def test_one_of_two_operators_can(self, operator_client: Client, operator: User) -> None:
        OperatorFactory.create()

        answer = operator_client.post(f"/people/{operator.pk}/block/", follow=True)

        assert answer.redirect_chain[-1][0].startswith("/accounts/login/")

    def test_the_history_shows_it(self, operator_client: Client, owner: User) -> None:
        operator_client.post(f"/people/{owner.pk}/block/")

        assert "Can sign in" in operator_client.get(f"/accounts/{owner.pk}/history/").text


class TestAddress:
    def test_changes_once_it_is_confirmed(
        self, operator_client: Client, owner: User, smtp_server: MailServer
    ) -> None:
        former = owner.email
        operator_client.post(f"/people/{owner.pk}/address/", {"email": "New@example.com"})
        deliver()
        # They are sent at once, on two connections.
        mails = {mail["To"]: mail for mail in smtp_server.messages}
        to_new, to_old = mails.pop("new@example.com"), mails.pop(former)
        assert not mails
        assert "/accounts/address/" not in text_of(to_old)

        stranger, link = Client(), path_in(to_new)
        assert "Confirm your new address" in stranger.get(link).text
        owner.refresh_from_db()
        assert owner.email == former

        assert "From now on, sign in with new@example.com." in stranger.post(link).text
        owner.refresh_from_db()
        assert owner.email == "new@example.com"
        deliver()
        assert smtp_server.messages[2]["To"] == former
        assert stranger.post(link).status_code == 410

    def test_waits_visibly_and_can_be_withdrawn(
        self, operator_client: Client, owner: User, smtp_server: MailServer
    ) -> None:
        operator_client.post(f"/people/{owner.pk}/address/", {"email": "new@example.com"})
        deliver()
        shown = "The new address new@example.com waits for confirmation."
        assert shown in text(operator_client, f"/people/{owner.pk}/")

        operator_client.post(f"/people/{owner.pk}/address/withdraw/")

        assert shown not in text(operator_client, f"/people/{owner.pk}/")
        (to_new,) = (mail for mail in smtp_server.messages if mail["To"] == "new@example.com")
        assert Client().post(path_in(to_new)).status_code == 410
        history = operator_client.get(f"/accounts/{owner.pk}/history/").text
        assert "new@example.com" in history

    def test_of_a_person_not_yet_activated_changes_at_once(
        self, operator_client: Client, smtp_server: MailServer
    ) -> None:
        newcomer = OwnerFactory.create(email="tpyo@example.com", password=None)
        operator_client.post(f"/accounts/{newcomer.pk}/resend-activation/")
        deliver()

        operator_client.post(f"/people/{newcomer.pk}/address/", {"email": "typo@example.com"})
        deliver()

        newcomer.refresh_from_db()
        assert newcomer.email == "typo@example.com"
        before, after = smtp_server.messages
        assert after["To"] == "typo@example.com"
        assert Client().get(path_in(before)).status_code == 410
        assert Client().get(path_in(after)).status_code == 200

    @pytest.mark.parametrize("email", ["", "x", "KNOWN@example.com", "own@example.com"])
    def test_refuses_bad_input(
        self, operator_client: Client, smtp_server: MailServer, email: str
    ) -> None:
        OwnerFactory.create(email="known@example.com")
        own = OwnerFactory.create(email="own@example.com")

        answer = operator_client.post(f"/people/{own.pk}/address/", {"email": email})

        assert answer.context["form"].errors
        assert smtp_server.messages == []

    def test_of_a_blocked_person_is_refused(
        self, operator_client: Client, smtp_server: MailServer
    ) -> None:
        out = OwnerFactory.create(is_active=False)

        answer = operator_client.post(f"/people/{out.pk}/address/", {"email": "new@example.com"})

        assert "This person is blocked." in answer.text
        assert smtp_server.messages == []
