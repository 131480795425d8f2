"""Test the history of a camera: who changed what on it and on its usage."""

from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from foundation.audit.history import Change
from organizations.tests.factories import OrganizationFactory
from tariffs.tests.factories import TariffFactory
from usage.cameras import operations
from usage.models import Camera, UsageInterval
from usage.tests.factories import CameraFactory, UsageIntervalFactory

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 10, 15, 12, tzinfo=UTC)


def address(camera: Camera) -> str:
    return f"/cameras/{camera.pk}/history/"


def changes_of(client: Client, camera: Camera) -> list[Change]:
    entries = client.get(address(camera)).context["entries"]
    return [change for entry in entries for change in entry.changes]


def values_of(change: Change) -> list[tuple[str, str | None, str | None]]:
    return [(field.label, field.before, field.after) for field in change.fields]


def test_shows_each_use_with_names_instead_of_ids(operator_client: Client) -> None:
    use = UsageIntervalFactory.create(
        camera__organization__title="Acme", tariff__name="Basic", started_at=NOW
    )

    created, used = changes_of(operator_client, use.camera)

    assert created.action == used.action == "insert"
    assert ("Organization", None, "Acme") in values_of(created)
    assert (used.kind, used.name) == ("Usage interval", "15 Oct 2026 12:00:00")
    assert values_of(used) == [("Organization", None, "Acme"), ("Tariff plan", None, "Basic")]


def test_shows_the_old_and_new_values_of_a_move(operator_client: Client, operator: User) -> None:
    use = UsageIntervalFactory.create(camera__organization__title="Acme")
    tariff = TariffFactory.create(name="Pro")
    globex = OrganizationFactory.create(title="Globex", tariffs=[tariff], time_zone="Europe/Berlin")
    operations.move(
        organization_id=use.organization_id,
        use_ids=[use.pk],
        destination_id=globex.pk,
        tariff_id=tariff.pk,
        at=NOW,
        now=NOW,
    )

    changes = {
        (each.kind, each.action): values_of(each)
        for each in changes_of(operator_client, use.camera)
    }

    assert changes["", "update"] == [("Organization", "Acme", "Globex")]
    assert changes["Usage interval", "update"] == [("Ended at", None, "15 Oct 2026 14:00:00")]


def test_shows_times_in_the_time_zone_of_the_organization(operator_client: Client) -> None:
    use = UsageIntervalFactory.create(
        camera__organization__time_zone="Asia/Tokyo", started_at=NOW, ended_at=None
    )

    _created, used = changes_of(operator_client, use.camera)
    page = operator_client.get(address(use.camera)).text

    assert used.name == "15 Oct 2026 21:00:00"
    assert "Time zone: Asia/Tokyo." in page


def test_shows_a_deleted_use(operator_client: Client) -> None:
    use = UsageIntervalFactory.create(tariff__name="Basic")
    UsageInterval.objects.all().delete()

    deleted = next(
        each for each in changes_of(operator_client, use.camera) if each.action == "delete"
    )

    assert ("Tariff plan", "Basic", None) in values_of(deleted)


def test_shows_nothing_about_other_cameras(operator_client: Client) -> None:
    camera = CameraFactory.create()
    UsageIntervalFactory.create(camera__name="hidden-1", tariff__name="Hidden plan")

    assert "idden" not in operator_client.get(address(camera)).text.split('id="main"')[1]


def test_the_number_of_queries_does_not_grow_with_changes(operator_client: Client) -> None:
    use = UsageIntervalFactory.create(
        started_at=datetime(2025, 1, 1, tzinfo=UTC), ended_at=datetime(2025, 1, 2, tzinfo=UTC)
    )

    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            operator_client.get(address(use.camera))
        return len(queries)

    Camera.objects.update(title="0")
    UsageInterval.objects.update(ended_at=datetime(2025, 1, 3, tzinfo=UTC))
    few = count()
    for month in range(2, 12):
        UsageIntervalFactory.create(
            camera=use.camera,
            organization=OrganizationFactory.create(),
            started_at=datetime(2025, month, 1, tzinfo=UTC),
            ended_at=datetime(2025, month, 2, tzinfo=UTC),
        )
        Camera.objects.update(title=str(month))

    assert count() == few


@pytest.mark.parametrize("role", ["operator_client", "support_client"])
def test_the_page_of_the_camera_links_to_the_history(
    role: str, request: pytest.FixtureRequest
) -> None:
    client = request.getfixturevalue(role)
    camera = UsageIntervalFactory.create().camera

    assert address(camera) in client.get(f"/cameras/{camera.pk}/").text
    assert client.get(address(camera)).status_code == 200


def test_django_admin_redirects_support_to_the_history(support_client: Client) -> None:
    use = UsageIntervalFactory.create()

    for page in (f"usageinterval/{use.pk}", f"camera/{use.camera.pk}"):
        answer = support_client.get(f"/admin/usage/{page}/history/")
        assert answer["Location"] == address(use.camera)


def test_owners_may_not_see_the_history(client: Client) -> None:
    use = UsageIntervalFactory.create()
    client.force_login(use.organization.owner)

    assert client.get(address(use.camera)).status_code == 403
    assert address(use.camera) not in client.get(f"/cameras/{use.camera.pk}/").text


def test_anonymous_users_must_sign_in(client: Client) -> None:
    assert client.get(address(CameraFactory.create()))["Location"].startswith("/accounts/login/")


def test_posting_is_not_allowed(operator_client: Client) -> None:
    assert operator_client.post(address(CameraFactory.create())).status_code == 405


def test_a_missing_camera_is_not_found(operator_client: Client) -> None:
    assert operator_client.get("/cameras/1/history/").status_code == 404
