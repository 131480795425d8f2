"""Organizations through the API: the same operations and refusals as pages have."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from accounts.tests.factories import OwnerFactory
from api.tests.clients import ApiClient, codes
from organizations.members.models import MemberRole
from organizations.models import Organization
from organizations.tests.factories import OrganizationFactory
from tariffs.tests.factories import TariffFactory
from usage.tests.factories import UsageIntervalFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def api(operator: User) -> ApiClient:
    return ApiClient(operator)


def titles(answer: Any) -> list[str]:
    return [each["title"] for each in answer.json()["items"]]


def test_an_organization_is_created_read_and_edited(api: ApiClient, owner: User) -> None:
    tariff = TariffFactory.create()
    body = {
        "title": "Nord GmbH",
        "owner": owner.email,
        "tariff_ids": [tariff.pk],
        "time_zone": "Europe/Berlin",
        "trial_first_on": "2026-11-01",
        "trial_last_on": "2026-11-30",
    }

    made = api.post("/organizations", body)

    assert made.status_code == 201
    pk = made.json()["id"]
    assert made["Location"] == f"/api/v1/organizations/{pk}"
    read = api.get(f"/organizations/{pk}")
    assert read.json() == made.json()
    assert read["ETag"] == made["ETag"]
    assert read.json() == {
        "id": pk,
        "title": "Nord GmbH",
        "owner": {"id": owner.pk, "email": owner.email, "name": owner.name},
        "tariff_ids": [tariff.pk],
        "trial_first_on": "2026-11-01",
        "trial_last_on": "2026-11-30",
        "time_zone": "Europe/Berlin",
        "time_zone_from": None,
        "contract_number": "",
        "contract_signed_on": None,
        "contract_last_on": None,
        "watcher_id": None,
        "debtor_number": None,
        "closed_on": None,
        "closed_at": None,
        "cameras_in_use": 0,
    }

    edited = api.patch(f"/organizations/{pk}", {"title": "Süd GmbH"}, version=read["ETag"])

    assert edited.status_code == 200
    assert edited.json() == {**read.json(), "title": "Süd GmbH"}
    assert edited["ETag"] != read["ETag"]


def test_new_organizations_get_the_default_tariffs(api: ApiClient, owner: User) -> None:
    default = TariffFactory.create(is_default=True)

    made = api.post("/organizations", {"title": "Nord", "owner": owner.email})
    none = api.post("/organizations", {"title": "Süd", "owner": owner.email, "tariff_ids": []})

    assert made.json()["tariff_ids"] == [default.pk]
    assert none.json()["tariff_ids"] == []


@pytest.mark.parametrize(
    ("wrong", "pointers"),
    [
        ({"title": ""}, ["/title"]),
        ({"title": "NORD"}, ["/title"]),
        ({"owner": "nobody@example.com"}, ["/owner"]),
        ({"tariff_ids": [0]}, ["/tariff_ids"]),
        ({"tariff_ids": "all"}, ["/tariff_ids"]),
        ({"time_zone": "Mars/Olympus"}, ["/time_zone"]),
        ({"trial_first_on": "2026-11-30", "trial_last_on": "2026-11-01"}, ["/trial_last_on"]),
        ({"trial_first_on": "yesterday"}, ["/trial_first_on"]),
        ({"colour": "red"}, ["/colour"]),
    ],
)
def test_wrong_values_are_pointed_at_and_nothing_is_created(
    api: ApiClient, owner: User, wrong: dict[str, Any], pointers: list[str]
) -> None:
    OrganizationFactory.create(title="Nord", owner=owner)

    answer = api.post("/organizations", {"title": "Süd", "owner": owner.email, **wrong})

    assert codes(answer) == (422, "wrong_values", pointers)
    assert Organization.objects.count() == 1


def test_an_edit_needs_the_version_that_was_read(api: ApiClient) -> None:
    organization = OrganizationFactory.create(title="Nord")
    path = f"/organizations/{organization.pk}"
    read = api.get(path)
    api.patch(path, {"contract_number": "C-1"}, version=read["ETag"])

    stale = api.patch(path, {"title": "Süd"}, version=read["ETag"])

    assert codes(stale) == (412, "changed_meanwhile", [])
    assert stale.json()["given"] == {"title": "Süd"}
    assert stale.json()["stored"]["contract_number"] == "C-1"
    assert codes(api.patch(path, {"title": "Süd"})) == (428, "version_missing", ["If-Match"])
    again = api.patch(path, {"title": "Süd"}, version=stale["ETag"])
    assert (again.json()["title"], again.json()["contract_number"]) == ("Süd", "C-1")


def test_an_organization_is_closed_after_its_effects_were_seen(api: ApiClient) -> None:
    use = UsageIntervalFactory.create()
    path = f"/organizations/{use.organization_id}"

    unseen = api.post(f"{path}/close", {"last_on": "2026-06-30"})
    assert codes(unseen) == (409, "closing_not_seen", [])
    assert api.get(path).json()["closed_on"] is None
    seen = {"last_on": "2026-06-30", "seen": unseen.json()["seen"]}
    closed = api.post(f"{path}/close", seen)

    assert closed.status_code == 200
    assert closed.json()["closed_on"] == "2026-06-30"
    assert closed.json()["closed_at"].startswith("2026-0")
    assert titles(api.get("/organizations")) == []
    assert len(titles(api.get("/organizations", {"show": "closed"}))) == 1
    assert api.post(f"{path}/reopen").json()["closed_on"] is None


def test_owners_see_what_is_theirs_and_change_nothing(owner: User) -> None:
    own = OrganizationFactory.create(title="Own", owner=owner, watcher_id="w-1")
    read = OrganizationFactory.create(title="Read")
    read.memberships.create(user=owner, role=MemberRole.READER)
    other = OrganizationFactory.create(title="Other")
    api = ApiClient(owner)

    assert titles(api.get("/organizations", {"show": "all"})) == ["Own", "Read"]
    assert api.get(f"/organizations/{own.pk}").json()["watcher_id"] is None
    assert codes(api.get(f"/organizations/{other.pk}")) == (404, "not_found", [])
    refused = api.patch(f"/organizations/{own.pk}", {"title": "Mine"}, version="any")
    assert codes(refused)[:2] == (403, "scope_missing")


def test_a_token_for_one_organization_sees_no_other(operator: User) -> None:
    first, second = OrganizationFactory.create(), OrganizationFactory.create()
    api = ApiClient(operator, organization_ids=[first.pk])

    assert titles(api.get("/organizations")) == [first.title]
    assert codes(api.get(f"/organizations/{second.pk}"))[0] == 404
    assert codes(api.patch(f"/organizations/{second.pk}", {}, version="any"))[0] == 404
    body = {"title": "New", "owner": OwnerFactory.create().email}
    assert codes(api.post("/organizations", body))[:2] == (403, "token_limited")


def test_the_list_has_the_filters_of_the_page(api: ApiClient) -> None:
    tariff = TariffFactory.create()
    nord = OrganizationFactory.create(title="Nord", tariffs=[tariff])
    OrganizationFactory.create(title="Süd")

    assert titles(api.get("/organizations", {"q": "nor"})) == ["Nord"]
    assert titles(api.get("/organizations", {"tariff": tariff.pk})) == ["Nord"]
    assert titles(api.get("/organizations", {"owner": nord.owner.email})) == ["Nord"]
    wrong = api.get("/organizations", {"tariff": 0, "trial": "none"})
    assert codes(wrong) == (422, "wrong_values", ["tariff"])
    unknown = api.get("/organizations", {"tarif": tariff.pk})
    assert codes(unknown) == (422, "wrong_values", ["tarif"])


def test_pages_are_read_by_id_whatever_happens_between(api: ApiClient) -> None:
    rows = [OrganizationFactory.create(title=f"Title {number}") for number in range(5)]
    ids = [each.pk for each in rows]

    first = api.get("/organizations", {"limit": 2}).json()
    rows[0].delete()
    second = api.get("/organizations", {"limit": 2, "after": first["next"]}).json()
    third = api.get("/organizations", {"limit": 2, "after": second["next"]}).json()

    assert [each["id"] for page in (first, second, third) for each in page["items"]] == ids
    assert third["next"] is None
    for limit in (0, 501, "many"):
        wrong = api.get("/organizations", {"limit": limit})
        assert codes(wrong) == (422, "wrong_values", ["limit"])


def test_the_list_takes_the_same_queries_for_any_number(api: ApiClient) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            api.get("/organizations")
        return len(captured)

    UsageIntervalFactory.create()
    api.get("/organizations")
    one = queries()
    for _each in range(4):
        UsageIntervalFactory.create()
        OrganizationFactory.create(tariffs=[TariffFactory.create()])

    assert queries() == one


def test_the_history_names_the_token(api: ApiClient, operator: User, owner: User) -> None:
    pk = api.post("/organizations", {"title": "Nord", "owner": owner.email}).json()["id"]

    event = Organization.pgh_event_model.objects.get(pgh_obj=pk)  # type: ignore[attr-defined]

    assert event.pgh_context == {"user": operator.pk, "token": f"Export, {api.secret[:10]}"}
