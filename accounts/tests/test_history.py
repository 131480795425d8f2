"""The history of a user."""

import pghistory
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from accounts.tests.factories import OwnerFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def ann(db: None) -> User:
    return OwnerFactory.create(email="ann@example.com", name="Ann")


def address(user: User) -> str:
    return f"/accounts/{user.pk}/history/"


def test_shows_old_and_new_values(operator_client: Client, ann: User) -> None:
    ann.email, ann.role, ann.is_active = "ann@example.org", "support", False
    ann.save()

    entries = operator_client.get(address(ann)).context["entries"]

    change = next(each for entry in entries for each in entry.changes if each.action == "update")
    assert [(each.label, each.before, each.after) for each in change.fields] == [
        ("Email address", "ann@example.com", "ann@example.org"),
        ("Role", "Owner", "Support"),
        ("Can sign in", "yes", "no"),
    ]


def test_does_not_show_passwords(operator_client: Client, ann: User) -> None:
    ann.set_password("another horse battery")
    ann.save()

    page = operator_client.get(address(ann))

    assert len(page.context["entries"]) == 1
    assert ann.password not in page.text
    assert "assword" not in page.text.split('id="main"')[1]


@pytest.mark.django_db(transaction=True)
def test_names_a_person_who_has_been_deleted(operator_client: Client, ann: User) -> None:
    deleted = OwnerFactory.create(email="gone@example.com")
    with pghistory.context(user=deleted.pk):
        User.objects.filter(pk=ann.pk).update(name="Anna")
    deleted.delete()

    assert "gone@example.com" in operator_client.get(address(ann)).text


def test_the_number_of_queries_is_constant(operator_client: Client, ann: User) -> None:
    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            operator_client.get(address(ann))
        return len(queries)

    User.objects.filter(pk=ann.pk).update(name="0")
    few = count()
    for number in range(1, 20):
        User.objects.filter(pk=ann.pk).update(name=str(number))

    assert count() == few


def test_django_admin_links_here_for_support(support_client: Client, ann: User) -> None:
    answer = support_client.get(f"/admin/accounts/user/{ann.pk}/history/", follow=True)

    assert answer.redirect_chain == [(address(ann), 302)]
    assert f"/admin/accounts/user/{ann.pk}/change/" in answer.text


def test_does_not_link_operators_to_django_admin(operator_client: Client, ann: User) -> None:
    assert "/admin/" not in operator_client.get(address(ann)).text


def test_is_closed_to_owners(client: Client, ann: User) -> None:
    client.force_login(ann)

    assert client.get(address(ann)).status_code == 403


def test_requires_sign_in(client: Client, ann: User) -> None:
    assert client.get(address(ann))["Location"].startswith("/accounts/login/")


def test_cannot_be_posted_to(operator_client: Client, ann: User) -> None:
    assert operator_client.post(address(ann)).status_code == 405


def test_an_unknown_user_is_not_found(operator_client: Client) -> None:
    assert operator_client.get("/accounts/0/history/").status_code == 404
