"""The main job through the API, from a camera to the payment of its invoice."""

import json
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from accounts.tests.factories import OwnerFactory
from api.tests.clients import ApiClient, codes
from invoices.tests.factories import (
    BilledOrganizationFactory,
    BilledUseFactory,
    ProviderFactory,
    issued_invoice,
)
from organizations.members.models import MemberRole
from organizations.tests.factories import OrganizationFactory
from payments.models import Payment
from payments.tests.factories import a_payment
from tariffs.tests.factories import TariffPriceFactory
from usage.models import UsageInterval
from usage.tests.factories import UsageIntervalFactory

pytestmark = pytest.mark.django_db

OCTOBER = {"from": "2026-10-01", "to": "2026-10-31"}
NINE = {"amount": "9.00", "currency": "EUR"}


@pytest.fixture
def api(operator: User) -> ApiClient:
    return ApiClient(operator)


def items(answer: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = answer.json()["items"]
    return found


def test_from_a_camera_to_the_payment_of_its_invoice(api: ApiClient) -> None:
    ProviderFactory.create()
    tariff = api.post(
        "/tariffs",
        {"name": "Plan", "currency": "EUR", "amount": "9.00", "valid_from": "2026-01-01"},
    ).json()
    organization = BilledOrganizationFactory.create(time_zone="UTC")
    path = f"/organizations/{organization.pk}"
    api.patch(path, {"tariff_ids": [tariff["id"]]}, version=api.get(path)["ETag"])

    use = api.post(
        f"{path}/cameras",
        {"name": "gate", "title": "Gate", "tariff_id": tariff["id"], "at": "2026-10-01T00:00:00Z"},
    )
    assert use.status_code == 201, use.text
    assert use.json()["started_at"] == "2026-10-01T00:00:00Z"
    assert items(api.get(f"{path}/cameras")) == [use.json()]

    statement = api.get(f"{path}/statement", OCTOBER).json()
    assert (statement["period_from"], statement["period_to"]) == ("2026-10-01", "2026-10-31")
    assert statement["bills"] == [
        {
            "total": NINE,
            "sections": [{"section": "usage", "sum": NINE}],
            "is_complete": True,
            "unpriced": 0,
        }
    ]

    preview = api.get(f"{path}/invoices/preview", OCTOBER).json()
    assert preview["blocked_by"] == []
    (draft,) = preview["drafts"]
    assert draft["total"] == {"amount": "10.71", "currency": "EUR"}
    issued = api.post(f"{path}/invoices", {**OCTOBER, "shown": {"EUR": draft["version"]}})
    assert issued.status_code == 201, issued.text
    (invoice,) = items(issued)
    assert (invoice["net"], invoice["state"]) == (NINE, "open")
    assert invoice["lines"][0]["amount"] == NINE
    assert items(api.get("/invoices"))[0]["id"] == invoice["id"]
    document = f"/invoices/{invoice['id']}"
    assert api.get(f"{document}/pdf").content.startswith(b"%PDF")
    assert b"CrossIndustryInvoice" in api.get(f"{document}/cii").content
    assert b"<Invoice" in api.get(f"{document}/ubl").content
    again = api.post(f"{path}/invoices", OCTOBER)
    assert codes(again) == (409, "already_invoiced", [])

    paid = api.post(f"{document}/payments", {"paid_on": "2026-11-20", "amount": "10.71"})
    assert paid.status_code == 201, paid.text
    assert api.get(document).json()["outstanding"] == {"amount": "0.00", "currency": "EUR"}
    assert api.get(paid["Location"].removeprefix("/api/v1")).json() == paid.json()
    reversal = api.post(f"/payments/{paid.json()['id']}/reverse", {"reason": "Returned"})
    assert reversal.json()["amount"]["amount"] == "-10.71"
    assert api.get(document).json()["outstanding"]["amount"] == "10.71"

    credit_note = api.post(f"{document}/cancel")
    assert credit_note.status_code == 201, credit_note.text
    assert credit_note.json()["cancels_id"] == invoice["id"]
    assert api.get(document).json()["state"] == "cancelled"


class TestCameras:
    def test_are_changed_moved_and_disconnected(self, api: ApiClient) -> None:
        use, other = UsageIntervalFactory.create(), UsageIntervalFactory.create()
        path = f"/organizations/{use.organization_id}/cameras"
        use.organization.tariffs.add(other.tariff)

        changed = api.post(
            f"{path}/change-tariff", {"use_ids": [use.pk], "tariff_id": other.tariff_id}
        )
        assert changed.status_code == 200, changed.text
        assert changed.json()["number"] == 1
        (now,) = items(api.get(path))
        assert now["tariff_id"] == other.tariff_id
        destination = {"organization_id": other.organization_id, "tariff_id": other.tariff_id}
        at = {"at": now["started_at"]}
        early = api.post(f"{path}/move", {"use_ids": [now["id"]], **destination, **at})
        assert codes(early) == (422, "not_after_start", ["/at"])
        stale = api.post(f"{path}/disconnect", {"use_ids": [use.pk]})
        assert codes(stale) == (409, "camera_changed", [])
        assert UsageInterval.objects.filter(ended_at=None).count() == 2

    def test_of_several_all_change_or_none(self, api: ApiClient) -> None:
        use = UsageIntervalFactory.create()
        ended = UsageIntervalFactory.create(
            organization=use.organization,
            camera__organization=use.organization,
            ended_at=use.started_at.replace(month=2),
        )
        path = f"/organizations/{use.organization_id}/cameras/disconnect"

        answer = api.post(path, {"use_ids": [use.pk, ended.pk]})

        assert codes(answer) == (409, "some_refused", [f"/cameras/{ended.camera_id}"])
        use.refresh_from_db()
        assert use.ended_at is None

    @pytest.mark.parametrize(
        ("wrong", "pointer"),
        [
            ({"name": ""}, "/name"),
            ({"name": "a\u0000b"}, "/name"),
            ({"tariff_id": 1}, "/tariff_id"),
            ({"at": "2199-01-01T00:00:00Z"}, "/at"),
            ({"at": "2026-01-01T00:00:00"}, "/at"),
            ({"at": "2026-01-01T00:00:00.5Z"}, "/at"),
        ],
    )
    def test_with_wrong_values_are_not_connected(
        self, api: ApiClient, wrong: dict[str, Any], pointer: str
    ) -> None:
        use = UsageIntervalFactory.create(tariff__id=7_000)
        body = {"name": "gate", "tariff_id": use.tariff_id}

        answer = api.post(f"/organizations/{use.organization_id}/cameras", {**body, **wrong})

        assert (codes(answer)[0], set(codes(answer)[2])) == (422, {pointer})
        assert UsageInterval.objects.count() == 1

    def test_of_invoiced_time_change_after_the_invoices_were_seen(self, api: ApiClient) -> None:
        invoice = issued_invoice()
        path = f"/organizations/{invoice.organization_id}/cameras/disconnect"
        use = UsageInterval.objects.get()
        body = {"use_ids": [use.pk], "at": "2026-10-10T00:00:00Z"}

        refused = api.post(path, body)

        assert codes(refused) == (409, "affects_invoices", [])
        assert refused.json()["invoices"] == [invoice.number]
        assert refused.json()["changes"][0]["amount"].startswith("-")
        use.refresh_from_db()
        assert use.ended_at is None
        assert api.post(path, {**body, "agreed": refused.json()["agreed"]}).status_code == 200

    def test_show_their_uses_to_those_who_may_see_them(self, api: ApiClient) -> None:
        use = UsageIntervalFactory.create()
        path = f"/cameras/{use.camera_id}/uses"

        assert [each["id"] for each in items(api.get(path))] == [use.pk]
        assert items(ApiClient(use.organization.owner).get(path))[0]["name"] == use.camera.name
        assert codes(ApiClient(OwnerFactory.create()).get(path))[0] == 404


class TestTariffs:
    def test_are_edited_with_their_version(self, api: ApiClient) -> None:
        price = TariffPriceFactory.create()
        path = f"/tariffs/{price.tariff_id}"
        read = api.get(path)

        edited = api.patch(path, {"note": "New"}, version=read["ETag"])

        assert edited.json() == {**read.json(), "note": "New"}
        assert codes(api.patch(path, {"note": "Old"}, version=read["ETag"]))[0] == 412

    def test_get_a_price_after_its_effects_were_confirmed(self, api: ApiClient) -> None:
        path = f"/tariffs/{TariffPriceFactory.create().tariff_id}"
        steps = [{"camera_months": "100", "amount": "4.5"}]
        body = {"amount": "5", "valid_from": "2026-02-01", "steps": steps}

        refused = api.post(f"{path}/prices", body)
        assert codes(refused) == (409, "price_not_confirmed", [])
        made = api.post(f"{path}/prices", {**body, "confirmed": refused.json()["confirmed"]})

        assert made.status_code == 201, made.text
        assert made.json()["price"] == {"amount": "5.00", "currency": "EUR"}
        assert made.json()["steps"] == [
            {"camera_months": "100", "price": {"amount": "4.50", "currency": "EUR"}}
        ]
        assert api.get(path).json()["prices"][-1] == made.json()

    def test_with_wrong_values_are_not_created(self, api: ApiClient) -> None:
        body = {"name": "Plan", "currency": "EUR", "amount": "9", "valid_from": "2026-01-01"}
        for wrong, pointer in (
            ({"name": ""}, "/name"),
            ({"currency": "XXX"}, "/currency"),
            ({"amount": "-1"}, "/amount"),
            ({"dvr_depth_days": -1}, "/dvr_depth_days"),
            ({"steps": [{"camera_months": "x", "amount": "1"}]}, "/steps"),
        ):
            answer = api.post("/tariffs", {**body, **wrong})
            assert (codes(answer)[0], codes(answer)[2]) == (422, [pointer]), wrong
        assert items(api.get("/tariffs")) == []

    def test_are_not_for_owners_or_limited_tokens_to_change(self, operator: User) -> None:
        organization = OrganizationFactory.create()
        body = {"name": "Plan", "currency": "EUR", "amount": "9", "valid_from": "2026-01-01"}

        limited = ApiClient(operator, organization_ids=[organization.pk]).post("/tariffs", body)
        assert codes(limited)[:2] == (403, "token_limited")
        assert codes(ApiClient(organization.owner).get("/tariffs"))[:2] == (403, "scope_missing")


class TestStatements:
    def test_stream_their_charges(self, api: ApiClient) -> None:
        use = BilledUseFactory.create()
        path = f"/organizations/{use.organization_id}/statement"

        lines = api.get(f"{path}/charges.ndjson", OCTOBER)
        table = api.get(f"{path}/charges.csv", OCTOBER)

        assert lines["Content-Type"] == "application/x-ndjson"
        (line,) = map(json.loads, lines.getvalue().decode().splitlines())
        assert line["camera"] == use.camera.name
        assert line["amount"] == NINE
        assert use.camera.name in table.getvalue().decode()

    @pytest.mark.parametrize(
        ("query", "parameters"),
        [
            ({"from": "2026-10-31", "to": "2026-10-01"}, ["to"]),
            ({"from": "soon", "to": "2026-10-01"}, ["from"]),
            ({"since": "2026-10-01"}, ["since"]),
        ],
    )
    def test_of_wrong_periods_are_refused(
        self, api: ApiClient, query: dict[str, str], parameters: list[str]
    ) -> None:
        pk = OrganizationFactory.create().pk

        answer = api.get(f"/organizations/{pk}/statement", query)

        assert codes(answer) == (422, "wrong_values", parameters)


class TestOwners:
    def test_read_what_is_theirs(self, api: ApiClient) -> None:
        invoice = issued_invoice()
        payment = a_payment()
        owner = ApiClient(invoice.organization.owner)
        other = ApiClient(OwnerFactory.create())

        assert [each["id"] for each in items(owner.get("/invoices"))] == [invoice.pk]
        assert owner.get(f"/invoices/{invoice.pk}/pdf").status_code == 200
        assert codes(other.get(f"/invoices/{invoice.pk}"))[0] == 404
        assert codes(other.get(f"/invoices/{invoice.pk}/pdf"))[0] == 404
        assert codes(other.get(f"/payments/{payment.pk}"))[0] == 404
        assert items(other.get("/invoices")) == items(other.get("/payments")) == []
        path = f"/organizations/{invoice.organization_id}"
        assert owner.get(f"{path}/statement").status_code == 200
        assert codes(other.get(f"{path}/statement"))[0] == 404
        assert codes(owner.get(f"{path}/invoices/preview", OCTOBER))[0] == 404

    def test_who_only_read_an_organization_see_no_money(self) -> None:
        invoice, reader = issued_invoice(), OwnerFactory.create()
        invoice.organization.memberships.create(user=reader, role=MemberRole.READER)
        api = ApiClient(reader)

        assert items(api.get("/invoices")) == items(api.get("/payments")) == []
        assert items(api.get(f"/organizations/{invoice.organization_id}/cameras"))


class TestPayments:
    def test_are_refused_as_on_pages(self, api: ApiClient) -> None:
        invoice = issued_invoice()
        path, body = f"/invoices/{invoice.pk}/payments", {"paid_on": "2026-11-20", "amount": "1"}

        assert codes(api.post(path, {**body, "amount": "0"})) == (422, "not_positive", ["/amount"])
        fine = api.post(path, {**body, "amount": "1.005"})
        assert codes(fine) == (422, "too_fine", ["/amount"])
        assert api.post(path, body).status_code == 201
        assert codes(api.post(path, body)) == (422, "already_recorded", ["/again"])
        again = api.post(path, {**body, "again": True})
        assert again.status_code == 201, again.text
        assert Payment.objects.count() == 2

    def test_of_an_organization_are_left_on_account(self, api: ApiClient) -> None:
        invoice = issued_invoice()
        body = {"paid_on": "2026-11-20", "amount": "5", "currency": "EUR", "use": "nothing"}

        made = api.post(f"/organizations/{invoice.organization_id}/payments", body)

        assert made.status_code == 201, made.text
        assert made.json()["remaining"] == {"amount": "5.00", "currency": "EUR"}
        assert items(api.get("/payments", {"from": "2026-11-20"})) == [made.json()]
        assert items(api.get("/payments", {"to": "2026-11-19"})) == []


@pytest.mark.parametrize("path", ["/invoices", "/payments", "/tariffs"])
def test_lists_take_the_same_queries_for_any_number(api: ApiClient, path: str) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert items(api.get(path))
        return len(captured)

    def fill() -> None:
        a_payment(issued_invoice())

    fill()
    api.get(path)
    one = queries()
    fill()
    fill()

    assert queries() == one
