"""Test moving a camera to another organization, and finding that organization."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from organizations.models import Organization
from organizations.tests.factories import OrganizationFactory
from tariffs.models import Tariff
from tariffs.tests.factories import TariffFactory
from usage.models import Camera, UsageInterval
from usage.tests.factories import CameraFactory, UsageIntervalFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]

FIND = "/cameras/move/organizations/"


@pytest.fixture
def use() -> UsageInterval:
    return UsageIntervalFactory.create(
        camera__name="gate-01", camera__organization__title="Harbour", tariff__name="Basic"
    )


@pytest.fixture
def tariff() -> Tariff:
    return TariffFactory.create(name="Dock plan")


@pytest.fixture
def dock(tariff: Tariff) -> Organization:
    return OrganizationFactory.create(title="Dock & Sons", time_zone="Asia/Tokyo", tariffs=[tariff])


def address(camera: Camera, to: str | None = None) -> str:
    return reverse("usage:move", args=[camera.pk], query={"to": to} if to is not None else None)


def post(client: Client, use: UsageInterval, to: str, tariff: Tariff, **data: Any) -> Any:
    data = {"tariff": tariff.pk, "when": "now", **data}
    data["use"] = data.pop("shown", use.pk)
    return client.post(address(use.camera, to), data, follow=True)


def test_asks_for_the_destination_first(operator_client: Client, use: UsageInterval) -> None:
    page = operator_client.get(address(use.camera)).text
    assert f'data-organization-select="{FIND}"' in page
    assert "This camera is in use by Harbour on Basic." in page


def test_part_of_a_title_offers_matching_organizations(
    operator_client: Client, use: UsageInterval, dock: Organization
) -> None:
    page = operator_client.get(address(use.camera, "doc")).text
    assert 'href="?to=Dock+%26+Sons"' in page
    assert 'href="?to=Harbour"' not in operator_client.get(address(use.camera, "harb")).text


@pytest.mark.parametrize(
    ("to", "message"),
    [
        ("", "Enter part of the organization title."),
        ("nobody", "No organization title matches this text. Check the spelling."),
        ("!?", "No organization title matches this text. Check the spelling."),
        ("harbour", "The camera is already in use by this organization."),
    ],
)
def test_an_invalid_destination_is_an_error(
    operator_client: Client, use: UsageInterval, to: str, message: str
) -> None:
    answer = operator_client.get(address(use.camera, to))
    assert message in answer.context["destination_form"].errors["to"][0]


def test_a_whole_title_leads_to_the_tariffs_of_that_organization(
    operator_client: Client, use: UsageInterval, dock: Organization
) -> None:
    answer = operator_client.get(address(use.camera, "dock & sons"))
    assert answer.context["organization"] == dock
    assert "Dock plan" in answer.text
    assert "Time zone: Asia/Tokyo" in answer.text
    assert f'name="use" value="{use.pk}"' in answer.text


def test_moves_the_camera_now(
    operator_client: Client,
    use: UsageInterval,
    dock: Organization,
    tariff: Tariff,
    now: datetime,
) -> None:
    answer = post(operator_client, use, dock.title, tariff)
    assert answer.redirect_chain == [(f"/cameras/{use.camera_id}/", 302)]
    done = "“gate-01” is in use by “Dock &amp; Sons” as of 15 Oct 2026 21:00:00 (Asia/Tokyo)."
    assert done in answer.text
    moved = UsageInterval.objects.in_use().get()
    assert (moved.organization, moved.tariff, moved.started_at) == (dock, tariff, now)
    assert moved.camera.organization == dock
    use.refresh_from_db()
    assert use.ended_at == now


def test_moves_the_camera_at_a_time_in_the_zone_of_the_destination(
    operator_client: Client, use: UsageInterval, dock: Organization, tariff: Tariff
) -> None:
    past = {"when": "past", "at": "2026-06-01T00:00:00"}
    answer = post(operator_client, use, dock.title, tariff, **past)
    assert "have been recalculated" in answer.text
    moved = UsageInterval.objects.in_use().get()
    assert moved.started_at == datetime(2026, 5, 31, 15, tzinfo=UTC)


def test_a_tariff_of_only_the_former_organization_is_refused(
    operator_client: Client, use: UsageInterval, dock: Organization
) -> None:
    answer = post(operator_client, use, dock.title, use.tariff)
    assert "no longer available" in str(answer.context["form"].errors["tariff"])
    assert UsageInterval.objects.get() == use


def test_a_second_move_is_refused_with_the_current_use(
    operator_client: Client, use: UsageInterval, dock: Organization, tariff: Tariff
) -> None:
    post(operator_client, use, dock.title, tariff)
    third = OrganizationFactory.create(title="Third", tariffs=[tariff])
    answer = post(operator_client, use, third.title, tariff)
    (error,) = answer.context["form"].non_field_errors()
    assert "changed “gate-01”. It has been in use by “Dock" in error
    assert Camera.objects.get().organization == dock


def test_a_camera_not_in_use_cannot_be_moved(operator_client: Client) -> None:
    camera = CameraFactory.create()
    answer = operator_client.get(address(camera), follow=True)
    assert answer.redirect_chain == [(f"/cameras/{camera.pk}/", 302)]
    assert "no longer in use" in answer.text


@pytest.mark.parametrize("shown", ["", "x", "999999", "9" * 30])
def test_a_forged_use_is_not_found(
    operator_client: Client, use: UsageInterval, dock: Organization, tariff: Tariff, shown: str
) -> None:
    assert post(operator_client, use, dock.title, tariff, shown=shown).status_code == 404
    other = UsageIntervalFactory.create()
    assert post(operator_client, use, dock.title, tariff, shown=other.pk).status_code == 404


def test_organizations_are_found_by_parts_of_words(
    operator_client: Client, dock: Organization
) -> None:
    for text in ("doc", "SONS", "ock son"):
        answer = operator_client.get(FIND, {"q": text})
        assert answer.json() == {
            "organizations": [{"title": "Dock & Sons", "owner": dock.owner.email}]
        }
        assert "no-store" in answer.headers["Cache-Control"]
    for text in ("", "!?", "nothing"):
        assert operator_client.get(FIND, {"q": text}).json() == {"organizations": []}


def test_at_most_twenty_organizations_are_found(operator_client: Client) -> None:
    for number in reversed(range(25)):
        OrganizationFactory.create(title=f"Dock {number:02}")
    found = operator_client.get(FIND, {"q": "dock"}).json()["organizations"]
    assert [one["title"] for one in found] == [f"Dock {number:02}" for number in range(20)]


@pytest.mark.parametrize("role", ["support_client", "owner_client"])
def test_support_and_owners_may_not_move_cameras(
    role: str,
    request: pytest.FixtureRequest,
    use: UsageInterval,
    dock: Organization,
    tariff: Tariff,
) -> None:
    client = request.getfixturevalue(role)
    assert client.get(address(use.camera)).status_code == 403
    assert post(client, use, dock.title, tariff).status_code == 403
    assert client.get(FIND, {"q": "dock"}).status_code == 403
    assert UsageInterval.objects.get() == use


def test_anonymous_users_must_sign_in(client: Client, use: UsageInterval) -> None:
    for url in (address(use.camera), FIND):
        assert client.get(url).headers["Location"].startswith("/accounts/login/")


def test_other_methods_and_missing_cameras_are_errors(
    operator_client: Client, use: UsageInterval
) -> None:
    assert operator_client.put(address(use.camera)).status_code == 405
    assert operator_client.post(FIND).status_code == 405
    assert operator_client.get(f"/cameras/{use.camera_id + 999}/move/").status_code == 404
