"""Test the page of one camera."""

from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from organizations.tests.factories import OrganizationFactory
from usage.models import Camera, UsageInterval
from usage.tests.factories import CameraFactory, UsageIntervalFactory

pytestmark = pytest.mark.django_db

MAY = datetime(2026, 5, 1, tzinfo=UTC)
JUNE = datetime(2026, 6, 1, tzinfo=UTC)


def address(camera: Camera) -> str:
    return reverse("usage:camera", args=[camera.pk])


def moved_camera(owner: User | None = None) -> tuple[Camera, UsageInterval]:
    """Return a camera that moved from Harbour (Berlin, of `owner` if given) to Dock (Tokyo)."""
    former = OrganizationFactory.create(
        title="Harbour", time_zone="Europe/Berlin", **({"owner": owner} if owner else {})
    )
    now = OrganizationFactory.create(title="Dock", time_zone="Asia/Tokyo")
    camera = CameraFactory.create(name="gate-01", title="Main gate", organization=now)
    UsageIntervalFactory.create(
        camera=camera, organization=former, tariff__name="Basic", ended_at=MAY
    )
    use = UsageIntervalFactory.create(camera=camera, tariff__name="Pro", started_at=JUNE)
    return camera, use


def test_shows_each_use_in_the_time_zone_of_its_organization(operator_client: Client) -> None:
    camera, use = moved_camera()
    page = operator_client.get(address(camera)).text
    for text in ("gate-01", "Main gate", "Harbour", "Basic", "Dock", "Pro"):
        assert text in page
    for instant, zone in [
        ("1 Jan 2026 01:00:00", "Europe/Berlin"),
        ("1 May 2026 02:00:00", "Europe/Berlin"),
        ("1 Jun 2026 09:00:00", "Asia/Tokyo"),
    ]:
        assert f'{instant}</time><span class="d-block small text-secondary">{zone}' in page
    table = operator_client.get(address(camera)).context["table"]
    assert [row.record.organization.title for row in table.page.object_list] == ["Dock", "Harbour"]
    query = f"?use={use.pk}&amp;next=/cameras/{camera.pk}/"
    for action in ("change-tariff", "disconnect"):
        assert f"/organizations/{use.organization_id}/cameras/{action}/{query}" in page
    assert f"/cameras/{camera.pk}/move/" in page


def test_a_camera_not_in_use_can_be_connected_again(operator_client: Client) -> None:
    use = UsageIntervalFactory.create(camera__name="gate 01", ended_at=MAY)
    page = operator_client.get(address(use.camera)).text
    assert "not in use" in page
    assert f"/organizations/{use.organization_id}/cameras/connect/?name=gate%2001" in page
    assert "/move/" not in page


def test_a_camera_that_was_never_in_use_says_so(operator_client: Client) -> None:
    page = operator_client.get(address(CameraFactory.create())).text
    assert "This camera has never been in use" in page


def test_support_sees_the_camera_but_no_actions(support_client: Client) -> None:
    camera, _use = moved_camera()
    page = support_client.get(address(camera)).text
    assert "Dock" in page
    for hidden in ("change-tariff", "/disconnect/", "/move/"):
        assert hidden not in page


def test_an_owner_sees_only_usage_in_their_organizations(owner_client: Client, owner: User) -> None:
    camera, _use = moved_camera(owner)
    page = owner_client.get(address(camera)).text
    assert "Harbour" in page
    for hidden in ("Dock", "Pro<", "Asia/Tokyo", "change-tariff", "/move/", "Reconnect"):
        assert hidden not in page


def test_an_owner_cannot_find_cameras_of_others(owner_client: Client) -> None:
    camera, _use = moved_camera()
    assert owner_client.get(address(camera)).status_code == 404
    assert owner_client.get(f"/cameras/{camera.pk + 999}/").status_code == 404


def test_the_number_of_queries_does_not_grow_with_usage(
    operator_client: Client,
) -> None:
    camera, _use = moved_camera()
    counts = []
    for year in (1990, 2000):
        for month in range(1, 12):
            UsageIntervalFactory.create(
                camera=camera,
                started_at=datetime(year, month, 1, tzinfo=UTC),
                ended_at=datetime(year, month, 2, tzinfo=UTC),
            )
        with CaptureQueriesContext(connection) as queries:
            operator_client.get(address(camera))
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 11


def test_anonymous_users_must_sign_in(client: Client) -> None:
    camera, _use = moved_camera()
    assert client.get(address(camera)).headers["Location"].startswith("/accounts/login/")


def test_posting_is_not_allowed(operator_client: Client) -> None:
    camera, _use = moved_camera()
    assert operator_client.post(address(camera)).status_code == 405
