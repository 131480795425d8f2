"""The Add button beside Owner: in a dialog, and on a separate page."""

import json
from typing import Any

import pytest
from django.test import Client

from accounts.models import Role, User
from accounts.tests.factories import OwnerFactory
from accounts.tests.links import deliver, path_in
from tests.mail_server import MailServer

pytestmark = pytest.mark.django_db

ADDRESS = "/organizations/owners/add/"
DIALOG: dict[str, Any] = {"headers": {"HX-Request": "true"}}
NEW = {"email": "Ann@Example.com", "name": "Ann Lee"}


def test_the_dialog_asks_for_address_and_name(operator_client: Client) -> None:
    answer = operator_client.get(ADDRESS, **DIALOG)

    assert 'name="email"' in answer.text
    assert 'name="name"' in answer.text
    assert "<html" not in answer.text


def test_the_page_asks_for_address_and_name(operator_client: Client) -> None:
    answer = operator_client.get(ADDRESS)

    assert 'name="email"' in answer.text
    assert "<html" in answer.text


def test_starts_with_the_address_typed_so_far(operator_client: Client) -> None:
    answer = operator_client.get(ADDRESS, {"owner": "ann@example.com"}, **DIALOG)

    assert 'value="ann@example.com"' in answer.text


def test_does_not_start_with_the_address_of_an_existing_owner(operator_client: Client) -> None:
    OwnerFactory.create(email="ann@example.com")

    answer = operator_client.get(ADDRESS, {"owner": "ann@example.com"}, **DIALOG)

    assert "ann@example.com" not in answer.text


def test_the_dialog_creates_mails_and_selects_the_owner(
    operator_client: Client, smtp_server: MailServer
) -> None:
    answer = operator_client.post(ADDRESS, NEW, **DIALOG)

    owner = User.objects.get(email="ann@example.com")
    assert (owner.name, owner.role, owner.is_activated) == ("Ann Lee", Role.OWNER, False)
    assert json.loads(answer.headers["HX-Trigger"]) == {
        "owner-added": {"email": "ann@example.com", "name": "Ann Lee", "activated": False}
    }
    assert answer.headers["HX-Retarget"] == "#owner-status"
    assert "ann@example.com was added and will get the activation email in a moment." in answer.text
    deliver()
    (message,) = smtp_server.messages
    assert Client().get(path_in(message)).status_code == 200


def test_the_page_creates_the_owner_and_shows_what_to_type(
    operator_client: Client, smtp_server: MailServer
) -> None:
    answer = operator_client.post(ADDRESS, NEW)

    assert User.objects.filter(email="ann@example.com", role=Role.OWNER).exists()
    assert "In the form, enter ann@example.com as the owner." in answer.text
    deliver()
    assert len(smtp_server.messages) == 1


def test_an_existing_owner_is_selected(operator_client: Client, smtp_server: MailServer) -> None:
    OwnerFactory.create(email="ann@example.com", name="Ann")

    answer = operator_client.post(ADDRESS, NEW, **DIALOG)

    assert "ann@example.com is already an owner. No email was sent." in answer.text
    assert json.loads(answer.headers["HX-Trigger"])["owner-added"]["name"] == "Ann"
    assert smtp_server.messages == []
    assert "resend-activation" not in answer.text


def test_the_mail_can_be_resent_to_an_owner_who_is_not_activated(operator_client: Client) -> None:
    newcomer = OwnerFactory.create(email="ann@example.com", password=None)

    answer = operator_client.post(ADDRESS, NEW, **DIALOG)

    assert f"/accounts/{newcomer.pk}/resend-activation/" in answer.text


@pytest.mark.parametrize("role", ["operator", "support"])
def test_staff_cannot_become_owners(
    role: str, operator_client: Client, request: pytest.FixtureRequest
) -> None:
    staff = request.getfixturevalue(role)

    answer = operator_client.post(ADDRESS, {"email": staff.email, "name": ""}, **DIALOG)

    assert (
        "This address belongs to an operator or support user, not an owner. Enter another address."
    ) in answer.text
    assert "HX-Trigger" not in answer.headers


def test_an_owner_who_may_not_sign_in_is_refused(operator_client: Client) -> None:
    OwnerFactory.create(email="ann@example.com", is_active=False)

    answer = operator_client.post(ADDRESS, NEW, **DIALOG)

    assert "This owner can no longer sign in. Enter another address." in answer.text


@pytest.mark.parametrize(
    ("email", "name"),
    [
        ("", "Ann"),
        ("ann", "Ann"),
        ("ann@example.com", "x" * 151),
        ("ann@example.com", "Ann\nLee"),
    ],
)
def test_bad_input_is_shown_again(operator_client: Client, email: str, name: str) -> None:
    answer = operator_client.post(ADDRESS, {"email": email, "name": name}, **DIALOG)

    assert "is-invalid" in answer.text
    assert f'value="{name}"' in answer.text
    assert not User.objects.owners().exists()


@pytest.mark.parametrize("role", ["support_client", "owner_client"])
def test_only_operators_may_add_owners(role: str, request: pytest.FixtureRequest) -> None:
    client = request.getfixturevalue(role)

    assert client.get(ADDRESS).status_code == 403
    assert client.post(ADDRESS, NEW).status_code == 403
    assert not User.objects.filter(email="ann@example.com").exists()


def test_requires_sign_in(client: Client) -> None:
    assert client.post(ADDRESS, NEW).headers["Location"].startswith("/accounts/login/")
    assert not User.objects.exists()


def test_refuses_the_delete_method(operator_client: Client) -> None:
    assert operator_client.delete(ADDRESS).status_code == 405
