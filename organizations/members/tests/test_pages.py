"""Owners and readers of an organization beside the owner of its contract."""

import re
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from accounts.tests.factories import OperatorFactory, OwnerFactory
from invoices.tests.factories import BilledUseFactory, issued_invoice
from organizations.members.models import MemberRole, Membership
from organizations.models import Organization
from organizations.tests.factories import OrganizationFactory
from payments.tests.factories import a_payment

pytestmark = pytest.mark.django_db


@pytest.fixture
def acme(db: None) -> Organization:
    return OrganizationFactory.create(title="Acme", owner__email="ann@example.com")


def address(organization: Organization) -> str:
    return f"/organizations/{organization.pk}/people/"


def join(organization: Organization, user: User, role: str = "reader") -> None:
    Membership.objects.create(organization=organization, user=user, role=role)


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


class TestGiveAccess:
    def test_adds_a_reader(self, operator_client: Client, acme: Organization) -> None:
        bob = OwnerFactory.create(email="bob@example.com")
        assert signed_in(bob).get(address(acme)).status_code == 404

        data = {"user": "BOB@example.com", "role": "reader"}
        page = operator_client.post(address(acme), data, follow=True).text

        assert "bob@example.com now has access." in page
        assert signed_in(bob).get(address(acme)).status_code == 200

    def test_changes_a_role(self, operator_client: Client, acme: Organization) -> None:
        bob = OwnerFactory.create()
        join(acme, bob)

        operator_client.post(address(acme), {"user": bob.email, "role": "owner"})

        assert acme.memberships.get().role == MemberRole.OWNER

    @pytest.mark.parametrize(
        "data",
        [
            {"user": "ann@example.com", "role": "reader"},
            {"user": "staff@example.com", "role": "reader"},
            {"user": "out@example.com", "role": "reader"},
            {"user": "nobody@example.com", "role": "reader"},
            {"user": "bob@example.com", "role": "operator"},
            {"user": "bob@example.com"},
        ],
    )
    def test_refuses_bad_input(
        self, operator_client: Client, acme: Organization, data: dict[str, str]
    ) -> None:
        OwnerFactory.create(email="bob@example.com")
        OwnerFactory.create(email="out@example.com", is_active=False)
        OperatorFactory.create(email="staff@example.com")

        answer = operator_client.post(address(acme), data)

        assert answer.context["form"].errors
        assert not Membership.objects.exists()

    def test_can_be_taken_away(self, operator_client: Client, acme: Organization) -> None:
        bob = OwnerFactory.create()
        join(acme, bob)

        operator_client.post(f"{address(acme)}{bob.pk}/remove/")

        assert signed_in(bob).get(address(acme)).status_code == 404
        history = operator_client.get(f"/organizations/{acme.pk}/history/").text
        assert bob.email in history

    @pytest.mark.parametrize("role", MemberRole.values)
    def test_members_cannot_give_or_take_access(self, acme: Organization, role: str) -> None:
        bob, eve = OwnerFactory.create(), OwnerFactory.create()
        join(acme, bob, role)
        client = signed_in(bob)

        data = {"user": eve.email, "role": "owner"}
        assert client.post(address(acme), data).status_code == 403
        assert client.post(f"{address(acme)}{bob.pk}/remove/").status_code == 403
        assert client.get(f"/organizations/{acme.pk}/edit/").status_code == 403
        assert acme.memberships.get().user == bob


class TestWhoSeesWhom:
    def seen_by(self, user: User, acme: Organization) -> set[str]:
        members = signed_in(user).get(address(acme)).context["members"]
        return {each.user.email for each in members}

    def test_owners_see_everybody_and_readers_themselves(self, acme: Organization) -> None:
        bob, eve = OwnerFactory.create(email="b@x.test"), OwnerFactory.create(email="e@x.test")
        join(acme, bob, "owner")
        join(acme, eve)

        assert self.seen_by(acme.owner, acme) == {"b@x.test", "e@x.test"}
        assert self.seen_by(bob, acme) == {"b@x.test", "e@x.test"}
        assert self.seen_by(eve, acme) == {"e@x.test"}

    def test_the_number_of_queries_is_constant(
        self, operator_client: Client, acme: Organization
    ) -> None:
        def count() -> int:
            with CaptureQueriesContext(connection) as queries:
                operator_client.get(address(acme))
            return len(queries)

        join(acme, OwnerFactory.create())
        few = count()
        for _ in range(9):
            join(acme, OwnerFactory.create())

        assert count() == few


class TestWhatMembersSee:
    owed = "Balance due"
    invoiced = ("/invoices/", "/payments/", "Billing details", "You owe", "Recent invoices", owed)

    @pytest.fixture
    def world(self, db: None) -> dict[str, Any]:
        interval = BilledUseFactory.create(organization__owner__email="ann@example.com")
        invoice = issued_invoice(interval.organization)
        return {"interval": interval, "invoice": invoice, "acme": interval.organization}

    def usage_pages(self, world: dict[str, Any]) -> list[str]:
        of = f"/organizations/{world['acme'].pk}"
        return [
            f"{of}/",
            f"{of}/usages/?from=2026-10-01&to=2026-10-31",
            f"{of}/usages.csv",
            f"{of}/cameras/",
            f"/cameras/{world['interval'].camera_id}/",
        ]

    def pages(self, world: dict[str, Any]) -> list[str]:
        of, pk = f"/organizations/{world['acme'].pk}", world["invoice"].pk
        return [
            *self.usage_pages(world),
            f"{of}/invoices/",
            f"{of}/billing/",
            f"/invoices/{pk}/",
            f"/invoices/{pk}.pdf",
        ]

    def test_owners_see_what_the_owner_of_the_contract_sees(self, world: dict[str, Any]) -> None:
        bob = OwnerFactory.create()
        client = signed_in(bob)
        for page in self.pages(world):
            assert client.get(page).status_code == 404, page

        join(world["acme"], bob, "owner")

        for page in self.pages(world):
            answer = client.get(page)
            assert answer.status_code == 200, page
            answer.getvalue()
        assert world["invoice"].number in client.get("/invoices/").text
        assert world["acme"].title in client.get("/organizations/").text
        assert self.owed in client.get(f"/organizations/{world['acme'].pk}/").text

    def test_readers_see_usage_without_documents_and_what_is_owed(
        self, world: dict[str, Any]
    ) -> None:
        bob = OwnerFactory.create()
        join(world["acme"], bob)
        client = signed_in(bob)

        for page in [*self.usage_pages(world), address(world["acme"])]:
            answer = client.get(page)
            assert answer.status_code == 200, page
            main = answer.getvalue().decode().rpartition("<main")[2]
            assert world["invoice"].number not in main, page
            assert [text for text in self.invoiced if text in main] == [], page
        assert "Cost by month" not in client.get(self.usage_pages(world)[0]).text
        assert "10.71" not in client.get(self.usage_pages(world)[0]).text
        overview = f"/organizations/{world['acme'].pk}/"
        assert "email for invoices" not in client.get(overview).text
        bob.memberships.update(role="owner")
        assert "email for invoices" in client.get(overview).text

    def test_lists_and_the_search_find_no_documents_for_readers(
        self, world: dict[str, Any]
    ) -> None:
        bob, number = OwnerFactory.create(), world["invoice"].number
        a_payment(world["invoice"])
        join(world["acme"], bob)
        client = signed_in(bob)
        lists = ("/invoices/", "/invoices/export.csv", "/payments/", f"/search/?q={number}")

        for page in lists:
            text = client.get(page).getvalue().decode()
            assert re.search(rf"{number}[<,]", text) is None, page

        bob.memberships.update(role="owner")
        for page in lists:
            text = client.get(page).getvalue().decode()
            assert re.search(rf"{number}[<,]", text), page

    def test_only_people_who_may_have_invoices_have_them_in_the_menu(
        self, world: dict[str, Any], operator_client: Client
    ) -> None:
        bob, acme = OwnerFactory.create(), world["acme"]

        def menu(client: Client, page: str = "/organizations/") -> bool:
            return 'href="/invoices/"' in client.get(page).text.partition("<main")[0]

        join(acme, bob)
        for page in ("/organizations/", "/invoices/", "/payments/"):
            assert not menu(signed_in(bob), page)
        for page in ("/invoices/", "/payments/"):
            assert "are only for their owners." in signed_in(bob).get(page).text
        assert menu(operator_client)
        assert menu(signed_in(acme.owner))
        bob.memberships.update(role="owner")
        assert menu(signed_in(bob))
        assert "are only for their owners." not in signed_in(bob).get("/payments/").text
        bob.memberships.update(role="reader")
        new = OrganizationFactory.create(owner=bob)
        assert menu(signed_in(bob))
        new.delete()
        assert not menu(signed_in(bob))
        former = acme.owner
        Organization.objects.filter(pk=acme.pk).update(owner=OwnerFactory.create())
        assert menu(signed_in(former))

    def test_somebody_is_an_owner_of_one_organization_and_a_reader_of_another(
        self, world: dict[str, Any]
    ) -> None:
        bob = OwnerFactory.create()
        join(world["acme"], bob)
        join(OrganizationFactory.create(owner=world["acme"].owner), bob, "owner")

        client = signed_in(bob)
        assert client.get(f"/invoices/{world['invoice'].pk}/").status_code == 404
        assert client.get(f"/organizations/{world['acme'].pk}/invoices/").status_code == 403

    def test_documents_of_a_former_owner_stay_theirs(self, world: dict[str, Any]) -> None:
        bob, acme = OwnerFactory.create(), world["acme"]
        join(acme, bob, "owner")
        former = acme.owner
        Organization.objects.filter(pk=acme.pk).update(owner=OwnerFactory.create())

        page = f"/invoices/{world['invoice'].pk}/"
        assert signed_in(bob).get(page).status_code == 404
        assert signed_in(former).get(page).status_code == 200

    def test_nothing_of_other_organizations(self, world: dict[str, Any]) -> None:
        bob = OwnerFactory.create()
        join(OrganizationFactory.create(owner=world["acme"].owner), bob)

        for page in self.pages(world):
            assert signed_in(bob).get(page).status_code == 404, page


class TestDatabase:
    def test_refuses_a_member_twice(self, acme: Organization) -> None:
        bob = OwnerFactory.create()
        join(acme, bob)

        with pytest.raises(DatabaseError, match="organizations_member_once"), transaction.atomic():
            join(acme, bob, "owner")

    def test_refuses_the_owner_of_the_contract(self, acme: Organization) -> None:
        with pytest.raises(DatabaseError, match="owns the contract"), transaction.atomic():
            join(acme, acme.owner)

    def test_refuses_staff(self, acme: Organization) -> None:
        with pytest.raises(DatabaseError, match="is staff"), transaction.atomic():
            join(acme, OperatorFactory.create())

    def test_refuses_an_unknown_role(self, acme: Organization) -> None:
        bob = OwnerFactory.create()

        with pytest.raises(DatabaseError, match="role_known"), transaction.atomic():
            join(acme, bob, "x")

    def test_a_member_who_becomes_the_owner_is_no_longer_a_member(self, acme: Organization) -> None:
        bob = OwnerFactory.create()
        join(acme, bob)

        Organization.objects.filter(pk=acme.pk).update(owner=bob)

        assert not Membership.objects.exists()
        assert signed_in(bob).get(address(acme)).status_code == 200
