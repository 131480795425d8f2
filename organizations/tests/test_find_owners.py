"""Looking up owners during typing."""

import pytest
from django.test import Client

from accounts.tests.factories import OperatorFactory, OwnerFactory, SupportFactory

pytestmark = pytest.mark.django_db

ADDRESS = "/organizations/owners/"


def found(client: Client, text: str) -> list[str]:
    return [owner["email"] for owner in client.get(ADDRESS, {"q": text}).json()["owners"]]


@pytest.mark.parametrize("text", ["ann", "ANN@EX", "lee", "ann lee", "Ли", "example.com", "ample"])
def test_finds_by_parts_of_words(operator_client: Client, text: str) -> None:
    OwnerFactory.create(email="ann@example.com", name="Ann Lee Ли")
    OwnerFactory.create(email="bob@firm.test", name="Bob Ray")

    assert found(operator_client, text) == ["ann@example.com"]


def test_returns_name_and_activation(operator_client: Client) -> None:
    OwnerFactory.create(email="ann@example.com", name="Ann")
    OwnerFactory.create(email="anna@example.com", name="", password=None)

    assert operator_client.get(ADDRESS, {"q": "ann"}).json() == {
        "owners": [
            {"email": "ann@example.com", "name": "Ann", "activated": True},
            {"email": "anna@example.com", "name": "", "activated": False},
        ]
    }


@pytest.mark.parametrize("text", ["", " ", "@", "!?", "nobody"])
def test_finds_nobody(operator_client: Client, text: str) -> None:
    OwnerFactory.create()

    assert found(operator_client, text) == []


def test_the_text_is_optional(operator_client: Client) -> None:
    assert operator_client.get(ADDRESS).json() == {"owners": []}


def test_finds_only_owners_who_may_sign_in(operator_client: Client) -> None:
    OperatorFactory.create(email="ann@one.test")
    SupportFactory.create(email="ann@two.test")
    OwnerFactory.create(email="ann@three.test", is_active=False)
    OwnerFactory.create(email="ann@four.test")

    assert found(operator_client, "ann") == ["ann@four.test"]


def test_returns_at_most_twenty_sorted_by_address(operator_client: Client) -> None:
    for number in reversed(range(25)):
        OwnerFactory.create(email=f"ann{number:02}@example.com")

    assert found(operator_client, "ann") == [f"ann{number:02}@example.com" for number in range(20)]


def test_is_not_cached_by_browsers(operator_client: Client) -> None:
    answer = operator_client.get(ADDRESS, {"q": "ann"})

    assert "no-store" in answer.headers["Cache-Control"]


def test_support_filters_its_list_by_owner(support_client: Client) -> None:
    OwnerFactory.create(email="ann@example.com")

    assert found(support_client, "ann") == ["ann@example.com"]


def test_is_closed_to_owners(owner_client: Client) -> None:
    assert owner_client.get(ADDRESS, {"q": "ann"}).status_code == 403


def test_requires_sign_in(client: Client) -> None:
    assert client.get(ADDRESS).status_code == 302


def test_cannot_be_posted_to(operator_client: Client) -> None:
    assert operator_client.post(ADDRESS).status_code == 405
