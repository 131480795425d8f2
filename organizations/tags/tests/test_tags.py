"""The tags of organizations."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from foundation.web.versions import version_of
from organizations.models import Organization, Tag
from organizations.tags.operations import names_in, set_tags, stored_values
from organizations.tests.factories import OrganizationFactory
from organizations.tests.test_export import csv_rows
from organizations.tests.test_list import titles
from tariffs.tests.test_operations_concurrency import wait_until_blocked

pytestmark = pytest.mark.django_db


@pytest.fixture
def organization() -> Organization:
    return OrganizationFactory.create(title="Harbour")


def tags_of(organization: Organization) -> list[str]:
    return list(organization.tags.values_list("name", flat=True))


def address(organization: Organization) -> str:
    return reverse("organizations:edit_tags", args=[organization.pk])


def typed(organization: Organization, tags: str) -> dict[str, str]:
    """Return the form as it is sent by somebody who sees the present tags."""
    return {"tags": tags, "version": version_of(stored_values(organization))}


def test_tags_are_typed_with_commas() -> None:
    assert names_in(" key  account, Hamburg,,key account ,") == ["key account", "Hamburg"]


def test_an_organization_is_given_tags(operator_client: Client, organization: Organization) -> None:
    answer = operator_client.post(
        address(organization), typed(organization, "key account, Hamburg"), follow=True
    )

    assert tags_of(organization) == ["Hamburg", "key account"]
    assert f'/organizations/?tag={Tag.objects.get(name="Hamburg").pk}"' in answer.text
    assert operator_client.get(address(organization)).context["form"].initial == {
        "tags": "Hamburg, key account"
    }


def test_what_another_tab_saved_meanwhile_is_not_overwritten(
    operator_client: Client, organization: Organization
) -> None:
    in_one_tab, in_another = typed(organization, "Hamburg"), typed(organization, "key account")
    operator_client.post(address(organization), in_one_tab)

    answer = operator_client.post(address(organization), in_another)

    assert tags_of(organization) == ["Hamburg"]
    (contested,) = answer.context["conflict"].differences
    assert (contested.typed, contested.stored) == ("key account", "Hamburg")
    assert "Nothing was saved" in answer.text
    confirmed = {**in_another, "version": answer.context["version"]}
    operator_client.post(address(organization), confirmed)
    assert tags_of(organization) == ["key account"]


def test_the_same_tags_can_be_sent_twice(
    operator_client: Client, organization: Organization
) -> None:
    sent = typed(organization, "Hamburg")
    operator_client.post(address(organization), sent)

    assert operator_client.post(address(organization), sent).status_code == 302


def test_a_tag_in_another_case_is_the_same_tag(organization: Organization) -> None:
    other = OrganizationFactory.create()
    set_tags(organization_id=organization.pk, names=["Hamburg"])

    set_tags(organization_id=other.pk, names=["HAMBURG"])

    assert tags_of(other) == ["Hamburg"]
    assert Tag.objects.count() == 1


def test_a_tag_that_nobody_has_is_deleted(organization: Organization) -> None:
    other = OrganizationFactory.create()
    set_tags(organization_id=organization.pk, names=["Hamburg", "key account"])
    set_tags(organization_id=other.pk, names=["key account"])

    set_tags(organization_id=organization.pk, names=[])

    assert tags_of(other) == ["key account"]
    assert list(Tag.objects.values_list("name", flat=True)) == ["key account"]


@pytest.mark.parametrize(
    ("tags", "reason"),
    [
        (",".join(map(str, range(21))), "An organization can have up to 20 tags."),
        ("x" * 41, "A tag can have up to 40 characters."),
    ],
)
def test_too_many_or_too_long_tags_are_refused(
    operator_client: Client, organization: Organization, tags: str, reason: str
) -> None:
    answer = operator_client.post(address(organization), typed(organization, tags))

    assert answer.context["form"].errors["tags"] == [reason]
    assert not Tag.objects.exists()


def test_the_database_refuses_a_second_tag_of_a_name() -> None:
    Tag.objects.create(name="Hamburg")

    with pytest.raises(IntegrityError, match="organizations_tag_name_unique"):
        Tag.objects.create(name="hamburg")


@pytest.mark.django_db(transaction=True)
def test_a_tag_that_is_being_deleted_is_created_again_for_its_next_organization(
    background: ThreadPoolExecutor, organization: Organization
) -> None:
    other = OrganizationFactory.create()
    set_tags(organization_id=organization.pk, names=["Hamburg"])
    with transaction.atomic():
        set_tags(organization_id=organization.pk, names=[])
        giving = background.submit(set_tags, organization_id=other.pk, names=["Hamburg"])
        wait_until_blocked(giving)

    giving.result()
    assert tags_of(other) == ["Hamburg"]


def test_the_list_shows_and_filters_by_tags(
    operator_client: Client, organization: Organization
) -> None:
    OrganizationFactory.create(title="Dock")
    set_tags(organization_id=organization.pk, names=["Hamburg"])
    tag = Tag.objects.get()

    assert titles(operator_client) == ["Dock", "Harbour"]
    assert titles(operator_client, tag=tag.pk) == ["Harbour"]
    assert "Hamburg</span>" in operator_client.get("/organizations/").text


def test_staff_export_tags(operator_client: Client, organization: Organization) -> None:
    set_tags(organization_id=organization.pk, names=["key account", "Hamburg"])

    (row,) = csv_rows(operator_client)

    assert row["tags"] == "Hamburg, key account"


def test_owners_do_not_see_tags(organization: Organization) -> None:
    set_tags(organization_id=organization.pk, names=["Slow payer"])
    client = Client()
    client.force_login(organization.owner)

    (row,) = csv_rows(client)

    assert "tags" not in row
    assert "Slow payer" not in client.get("/organizations/").text
    overview = reverse("reports:overview", args=[organization.pk])
    assert "Slow payer" not in client.get(overview).text


def test_the_number_of_queries_does_not_grow_with_tags(
    operator_client: Client, organization: Organization
) -> None:
    set_tags(organization_id=organization.pk, names=["Hamburg"])
    operator_client.get("/organizations/")
    with CaptureQueriesContext(connection) as few:
        operator_client.get("/organizations/")
    for number in range(3):
        other = OrganizationFactory.create()
        with transaction.atomic():
            set_tags(organization_id=other.pk, names=["Hamburg", f"{number}"])

    with CaptureQueriesContext(connection) as many:
        operator_client.get("/organizations/")

    assert len(many) == len(few)


@pytest.mark.django_db(transaction=True)
def test_the_history_shows_tags(operator_client: Client, organization: Organization) -> None:
    operator_client.post(address(organization), typed(organization, "Hamburg"))
    operator_client.post(address(organization), typed(organization, ""))

    page = operator_client.get(reverse("organizations:history", args=[organization.pk])).text

    assert page.count("Tag of an organization:</span> Hamburg") == 2
