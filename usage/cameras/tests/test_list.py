"""Test the list of an organization's cameras."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from organizations.models import Organization
from organizations.tests.factories import OrganizationFactory
from tariffs.tests.factories import TariffFactory
from usage.models import UsageInterval
from usage.tests.factories import CameraFactory, UsageIntervalFactory

pytestmark = pytest.mark.django_db

MAY = datetime(2026, 5, 1, tzinfo=UTC)
JUNE = datetime(2026, 6, 1, tzinfo=UTC)


@pytest.fixture
def organization() -> Organization:
    return OrganizationFactory.create(title="Harbour", time_zone="Europe/Berlin")


def use(organization: Organization, name: str, title: str = "", **fields: Any) -> UsageInterval:
    return UsageIntervalFactory.create(
        camera__organization=organization, camera__name=name, camera__title=title, **fields
    )


def moved_on(past: UsageInterval) -> UsageInterval:
    """Move the camera of an ended use to another organization, which uses it since June."""
    past.camera.organization = OrganizationFactory.create()
    past.camera.save()
    return UsageIntervalFactory.create(camera=past.camera, started_at=JUNE)


def address(organization: Organization) -> str:
    return reverse("usage:cameras", args=[organization.pk])


def names(client: Client, organization: Organization, **query: Any) -> list[str]:
    table = client.get(address(organization), query).context["table"]
    return [row.record.camera.name for row in table.page.object_list]


def test_shows_all_fields_of_a_camera(operator_client: Client, organization: Organization) -> None:
    interval = use(organization, "gate-01", "Main gate", tariff__name="Basic", started_at=JUNE)
    page = operator_client.get(address(organization)).text
    for text in ("gate-01", "Main gate", "Basic", "All times are in Europe/Berlin"):
        assert text in page
    assert '<time datetime="2026-06-01T02:00:00+02:00">1 Jun 2026 02:00:00</time>' in page
    assert f'href="/cameras/{interval.camera_id}/"' in page


def test_shows_only_cameras_in_use_here_by_default(
    operator_client: Client, organization: Organization
) -> None:
    use(organization, "here")
    again = use(organization, "here-again", ended_at=MAY)
    UsageIntervalFactory.create(camera=again.camera, started_at=JUNE)
    use(organization, "ended", ended_at=JUNE)
    twice = use(organization, "ended-twice", ended_at=MAY)
    UsageIntervalFactory.create(
        camera=twice.camera, started_at=MAY, ended_at=JUNE, tariff__name="Later"
    )
    moved_on(use(organization, "moved", ended_at=MAY))
    use(OrganizationFactory.create(), "elsewhere")

    ended = ["ended", "ended-twice", "moved"]
    in_use = ["here", "here-again"]
    assert names(operator_client, organization) == in_use
    assert names(operator_client, organization, state="nonsense") == in_use
    assert names(operator_client, organization, state="ended") == ended
    assert names(operator_client, organization, state="all") == sorted(ended + in_use)
    page = operator_client.get(address(organization), {"state": "ended"}).text
    assert "Later" in page
    assert "1 Jun 2026 02:00:00" in page


@pytest.mark.parametrize("query", ["gat", "GATE 01", "main", "tor gate"])
@pytest.mark.parametrize("state", ["", "all"])
def test_finds_cameras_by_name_or_title(
    operator_client: Client, organization: Organization, query: str, state: str
) -> None:
    use(organization, "gate-01", "Main Tor")
    use(organization, "yard-02", "Yard")
    assert names(operator_client, organization, q=query, state=state) == ["gate-01"]


def test_filters_cameras_by_tariff(operator_client: Client, organization: Organization) -> None:
    basic = use(organization, "basic").tariff
    use(organization, "pro")
    assert names(operator_client, organization, tariff=basic.pk) == ["basic"]


@pytest.mark.parametrize("has_others", [False, True])
def test_staff_find_a_camera_whose_usage_was_all_removed(
    operator_client: Client, support_client: Client, organization: Organization, has_others: bool
) -> None:
    voided = CameraFactory.create(name="gate-09", organization=organization)
    CameraFactory.create(name="elsewhere")
    if has_others:
        use(organization, "gate-01")

    for client in (operator_client, support_client):
        page = client.get(address(organization), {"state": "all"})
        assert list(page.context["unused"]) == [voided]
        assert f'href="/cameras/{voided.pk}/"' in page.text
        shown = client.get(address(organization)).context["unused"]
        assert list(shown) == ([] if has_others else [voided])


def test_an_owner_does_not_see_cameras_without_usage(owner_client: Client, owner: User) -> None:
    organization = OrganizationFactory.create(owner=owner)
    CameraFactory.create(name="gate-09", organization=organization)

    page = owner_client.get(address(organization), {"state": "all"})

    assert "gate-09" not in page.text


@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        ("", ["a", "b", "c"]),
        ("-name", ["c", "b", "a"]),
        ("title", ["c", "a", "b"]),
        ("-title", ["b", "a", "c"]),
        ("tariff", ["b", "c", "a"]),
        ("since", ["c", "b", "a"]),
        ("-since", ["a", "b", "c"]),
        ("nonsense", ["a", "b", "c"]),
    ],
)
@pytest.mark.parametrize("state", ["", "all"])
def test_sorts_cameras(
    operator_client: Client, organization: Organization, state: str, sort: str, expected: list[str]
) -> None:
    third, first, second = (TariffFactory.create(name=name) for name in ("T3", "T1", "T2"))
    use(organization, "a", "Y", tariff=third, started_at=JUNE)
    use(organization, "b", "Z", tariff=first, started_at=MAY)
    use(organization, "c", "X", tariff=second)
    assert names(operator_client, organization, sort=sort, state=state) == expected


def test_shows_fifty_cameras_per_page(operator_client: Client, organization: Organization) -> None:
    for number in range(51):
        use(organization, f"camera-{number:02}")
    assert len(names(operator_client, organization)) == 50
    for number in (2, 999):
        assert names(operator_client, organization, page=number) == ["camera-50"]
    page = operator_client.get(address(organization)).text
    assert "1–50 of 51" in page
    assert "All 51 on all pages" in page


@pytest.mark.parametrize("query", [{"tariff": "x"}, {"tariff": "999"}, {"page": "x"}])
def test_ignores_invalid_query_parameters(
    operator_client: Client, organization: Organization, query: dict[str, str]
) -> None:
    use(organization, "gate-01")
    assert names(operator_client, organization, **query) == ["gate-01"]


@pytest.mark.parametrize("state", ["", "ended", "all"])
def test_the_number_of_queries_does_not_grow_with_cameras(
    operator_client: Client, organization: Organization, state: str
) -> None:
    counts = []
    for number in (1, 30):
        for _ in range(number):
            UsageIntervalFactory.create(camera__organization=organization)
            UsageIntervalFactory.create(camera__organization=organization, ended_at=MAY)
        with CaptureQueriesContext(connection) as queries:
            operator_client.get(address(organization), {"state": state})
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 21


def test_operators_see_actions(operator_client: Client, organization: Organization) -> None:
    interval = use(organization, "gate-01")
    page = operator_client.get(address(organization)).text
    assert f'/organizations/{organization.pk}/cameras/connect/"' in page
    assert f'name="use" value="{interval.pk}"' in page
    assert "Change tariff" in page
    every = operator_client.get(address(organization), {"state": "all"}).text
    assert "/cameras/correct/" in every
    assert "/cameras/disconnect/" not in every


def test_support_sees_cameras_but_no_actions(
    support_client: Client, organization: Organization
) -> None:
    use(organization, "gate-01")
    page = support_client.get(address(organization)).text
    assert "gate-01" in page
    for hidden in ('name="use"', "/connect/", "Change tariff", "Disconnect", "/edit/"):
        assert hidden not in page


def test_an_owner_sees_their_cameras_but_no_actions(owner_client: Client, owner: User) -> None:
    own = OrganizationFactory.create(owner=owner, tariffs=[TariffFactory.create(name="Offered")])
    use(own, "gate-01", tariff__name="Used")
    TariffFactory.create(name="Secret plan")
    page = owner_client.get(address(own)).text
    for shown in ("gate-01", "Used", "Offered", "My organizations"):
        assert shown in page
    for hidden in ('name="use"', "/connect/", "Change tariff", "Disconnect", "Secret plan"):
        assert hidden not in page


def test_an_owner_cannot_find_organizations_of_others(
    owner_client: Client, organization: Organization
) -> None:
    assert owner_client.get(address(organization)).status_code == 404
    missing = reverse("usage:cameras", args=[organization.pk + 999])
    assert owner_client.get(missing).status_code == 404


def test_an_organization_without_cameras_says_so(
    operator_client: Client, support_client: Client, organization: Organization
) -> None:
    CameraFactory.create(organization=organization)
    page = operator_client.get(address(organization)).text
    assert "No cameras yet" in page
    assert "/cameras/connect/" in page
    assert "/cameras/connect/" not in support_client.get(address(organization)).text


def test_names_and_titles_are_escaped(operator_client: Client, organization: Organization) -> None:
    use(organization, "<script>alert(1)</script>", "<b>bold</b>")
    page = operator_client.get(address(organization)).text
    assert "<script>alert" not in page
    assert "<b>bold" not in page


def test_anonymous_users_must_sign_in(client: Client, organization: Organization) -> None:
    location = client.get(address(organization)).headers["Location"]
    assert location == f"/accounts/login/?next={address(organization)}"


def test_posting_is_not_allowed(operator_client: Client, organization: Organization) -> None:
    assert operator_client.post(address(organization)).status_code == 405
