"""Test that a former payer does not see the title that a camera has at its present organization."""

from datetime import UTC, date, datetime
from io import BytesIO

import pytest
from django.test import Client
from openpyxl import load_workbook

from accounts.models import User
from organizations.models import Organization
from organizations.tests.factories import OrganizationFactory
from rating.periods import Period
from tariffs.tests.factories import TariffPriceFactory
from usage.models import Camera
from usage.statements.freezing import freeze, lines_of
from usage.statements.statement import statement_for
from usage.tests.factories import CameraFactory, UsageIntervalFactory

pytestmark = pytest.mark.django_db

SEPTEMBER = {"from": "2026-09-01", "to": "2026-09-30"}
MOVED_AT = datetime(2026, 9, 16, tzinfo=UTC)
TITLE = "Vault door"


@pytest.fixture
def former(owner: User) -> Organization:
    """Return the owner's organization, which used camera gate-01 before another one got it."""
    former = OrganizationFactory.create(owner=owner)
    camera = CameraFactory.create(
        name="gate-01", title=TITLE, organization=OrganizationFactory.create()
    )
    tariff = TariffPriceFactory.create().tariff
    UsageIntervalFactory.create(
        camera=camera, organization=former, tariff=tariff, ended_at=MOVED_AT
    )
    UsageIntervalFactory.create(camera=camera, tariff=tariff, started_at=MOVED_AT)
    return former


def present_organization() -> Organization:
    return Camera.objects.get(name="gate-01").organization


@pytest.mark.parametrize(
    "address", ["usages/", "usages.csv", "cameras/?state=all", "cameras/export.csv?state=all"]
)
@pytest.mark.parametrize("is_owner", [True, False])
def test_an_organization_that_no_longer_has_the_camera_does_not_show_its_title(
    former: Organization,
    owner_client: Client,
    operator_client: Client,
    address: str,
    is_owner: bool,
) -> None:
    client = owner_client if is_owner else operator_client
    query = {} if "?" in address else SEPTEMBER
    response = client.get(f"/organizations/{former.pk}/{address}", query)
    page = response.getvalue().decode()
    assert "gate-01" in page
    assert TITLE not in page

    there = f"/organizations/{present_organization().pk}/{address}"
    assert TITLE in operator_client.get(there, query).getvalue().decode()


def test_the_workbook_does_not_show_the_title(former: Organization, owner_client: Client) -> None:
    content = owner_client.get(f"/organizations/{former.pk}/usages.xlsx", SEPTEMBER).getvalue()
    rows = list(load_workbook(BytesIO(content)).worksheets[1].values)
    assert [row[1:3] for row in rows[1:]] == [("gate-01", None)]


def test_charges_are_frozen_without_the_title(former: Organization) -> None:
    period = Period(date(2026, 9, 1), date(2026, 10, 1))
    as_of = datetime(2026, 10, 2, tzinfo=UTC)

    def titles(organization: Organization) -> list[str]:
        statement = statement_for(organization=organization, period=period, as_of=as_of)
        return [row[2] for row in lines_of(freeze(statement)["EUR"].content)]

    assert titles(former) == [""]
    assert titles(present_organization()) == [TITLE]


def test_the_page_of_the_camera_shows_its_title_only_to_its_present_owner_and_to_staff(
    former: Organization, owner_client: Client, support_client: Client
) -> None:
    camera = present_organization().cameras.get()
    assert TITLE not in owner_client.get(f"/cameras/{camera.pk}/").text
    assert TITLE in support_client.get(f"/cameras/{camera.pk}/").text

    camera.organization.owner = former.owner
    camera.organization.save()
    assert TITLE in owner_client.get(f"/cameras/{camera.pk}/").text


@pytest.mark.parametrize(("q", "number"), [("gate", 1), ("vault", 0), ("gate vault", 0)])
def test_a_search_by_title_does_not_find_it(
    former: Organization, owner_client: Client, q: str, number: int
) -> None:
    usages = owner_client.get(f"/organizations/{former.pk}/usages/", {**SEPTEMBER, "q": q})
    assert len(usages.context["rows"]) == number
    cameras = owner_client.get(f"/organizations/{former.pk}/cameras/", {"state": "all", "q": q})
    assert len(cameras.context["table"].rows) == number


def test_titles_of_cameras_of_others_do_not_decide_the_order(
    former: Organization, owner_client: Client
) -> None:
    UsageIntervalFactory.create(
        camera__organization=former, camera__name="a", camera__title="Z", ended_at=MOVED_AT
    )
    response = owner_client.get(
        f"/organizations/{former.pk}/cameras/", {"state": "all", "sort": "title"}
    )
    names = [row.record.camera.name for row in response.context["table"].page.object_list]
    assert names == ["gate-01", "a"]
