"""How many rows and which columns a list shows is chosen in its address, and remembered."""

import pytest
from django.test import Client

from organizations.models import Organization
from organizations.tests.factories import OrganizationFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def organizations() -> None:
    owner = OrganizationFactory.create().owner
    hotels = [Organization(title=f"Hotel {index}", owner=owner) for index in range(59)]
    Organization.objects.bulk_create(hotels)


@pytest.mark.parametrize(("rows", "shown"), [("25", 25), ("100", 60), ("7", 50), ("", 50)])
def test_the_number_of_rows_is_remembered(
    operator_client: Client, organizations: None, rows: str, shown: int
) -> None:
    operator_client.get(f"/organizations/?q=&rows={rows}&page=2")

    page = operator_client.get("/organizations/")
    assert len(page.context["table"].page) == shown
    chosen = 100 if shown == 60 else shown
    assert f'<span aria-current="true" class="fw-bold">{chosen}</span>' in page.text


def test_a_choice_leads_to_the_list_as_it_was_searched(operator_client: Client) -> None:
    page = operator_client.get("/organizations/?q=hotel&sort=-title&page=2&rows=100")

    assert page.status_code == 302
    assert page["Location"] == "/organizations/?q=hotel&sort=-title"


def test_columns_are_hidden_in_one_list(operator_client: Client, organizations: None) -> None:
    operator_client.get("/organizations/?column=none&column=owner&column=unknown")

    table = operator_client.get("/organizations/").context["table"]
    assert [column.name for column in table.columns] == ["select", "title", "owner", "actions"]
    other = operator_client.get("/tariffs/").context["table"].choices
    assert all(column.visible for column in other.columns)


def test_all_columns_can_be_shown_again(operator_client: Client, organizations: None) -> None:
    operator_client.get("/organizations/?column=none")
    names = [
        column.name
        for column in operator_client.get("/organizations/").context["table"].choices.columns
    ]

    operator_client.get("/organizations/", {"column": names})

    table = operator_client.get("/organizations/").context["table"]
    assert {column.name for column in table.columns} == {"select", "title", *names, "actions"}


def test_an_invented_cookie_hides_nothing_else(
    operator_client: Client, organizations: None
) -> None:
    operator_client.cookies["hidden-OrganizationTable"] = "title.actions.x.owner"
    operator_client.cookies["rows"] = "1000000"

    table = operator_client.get("/organizations/").context["table"]

    assert [column.name for column in table.columns][:3] == ["select", "title", "tariffs"]
    assert len(table.page) == 50
