"""The list of the cameras of all organizations."""

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from organizations.tests.factories import OrganizationFactory
from usage.cameras import list_views
from usage.models import Camera
from usage.tests.factories import UsageIntervalFactory

pytestmark = pytest.mark.django_db

PAGE = reverse("usage:all_cameras")


def names(client: Client, **query: str) -> list[str]:
    table = client.get(PAGE, query).context["table"]
    return [row.record.name for row in table.paginated_rows]


def add(*names: str) -> None:
    organization = OrganizationFactory.create()
    Camera.objects.bulk_create(
        Camera(name=name, title=f"Gäte of {name}", organization=organization) for name in names
    )


def test_cameras_of_all_organizations_are_listed_by_name(operator_client: Client) -> None:
    add("south", "west")
    add("north")

    assert names(operator_client) == ["north", "south", "west"]
    assert names(operator_client, q="out gate") == ["south"]
    assert names(operator_client, q="zzz") == []


def test_owners_see_the_cameras_of_their_organizations(owner_client: Client, owner: User) -> None:
    add("north")
    own = OrganizationFactory.create(owner=owner)
    UsageIntervalFactory.create(camera__organization=own, camera__name="south")

    assert names(owner_client) == ["south"]


def test_a_long_list_says_that_it_is_cut_and_is_not_sorted(
    operator_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(list_views, "MOST_LISTED", 2)
    add("a", "b", "c")

    assert names(operator_client, sort="-name") == ["a", "b"]
    assert "The first 2 by name are listed." in operator_client.get(PAGE).text
    assert "more than" not in operator_client.get(PAGE, {"q": "a"}).text
    add("gate-1", "gate-2", "gate-3")
    found = operator_client.get(PAGE, {"q": "gate"})
    assert "2 of them are listed, not always the first by name." in found.text
    assert len(found.context["table"].page.object_list) == 2


def test_the_number_of_queries_is_constant(
    operator_client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    add("a", "b", "c")
    operator_client.get(PAGE)

    with django_assert_num_queries(6):
        operator_client.get(PAGE)
