"""What all operations share: tokens, problems, repetition, rates, and what a browser cannot do."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Event
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone
from django.utils.translation import override
from pytest_django import Settings

from accounts.models import User
from accounts.tests.factories import OperatorFactory, OwnerFactory, SupportFactory
from api.core import rates, repetition
from api.models import RequestCount, StoredAnswer, Token
from api.tasks import forget_old_answers
from api.tests.clients import ApiClient, codes
from api.tests.factories import a_token
from api.tokens.operations import revoke_token
from organizations import operations
from organizations.models import Organization
from organizations.tests.factories import OrganizationFactory

pytestmark = pytest.mark.django_db


class TestWhoCalls:
    def test_is_asked_for_a_token(self) -> None:
        answer = ApiClient(None).get("/organizations")

        assert codes(answer) == (401, "token_missing", [])
        assert answer["WWW-Authenticate"] == 'Bearer realm="billing"'

    def test_is_refused_with_a_wrong_or_revoked_token(self, operator: User) -> None:
        new = a_token(operator)
        revoke_token(pk=new.token.pk, now=timezone.now())

        for secret in (new.secret, "cbt_wrong", "\x00"):
            answer = ApiClient(None, secret).get("/organizations")
            assert codes(answer)[:2] == (401, "token_refused")

    def test_is_refused_from_another_address(self, operator: User) -> None:
        answer = ApiClient(operator, addresses=["192.0.2.0/24"]).get("/organizations")

        assert codes(answer)[:2] == (403, "address_refused")
        assert ApiClient(operator, addresses=["127.0.0.0/8"]).get("/organizations")

    def test_needs_the_scope(self, operator: User) -> None:
        reader = ApiClient(operator, scopes=["organizations:read"])
        writer = ApiClient(operator, scopes=["organizations:write"])

        assert reader.get("/organizations").status_code == 200
        refused = reader.post("/organizations", {"title": "Nord"})
        assert codes(refused)[:2] == (403, "scope_missing")
        assert 'scope="organizations:write"' in refused["WWW-Authenticate"]
        # Who may write may also read.
        assert writer.get("/organizations").status_code == 200

    def test_loses_what_the_role_no_longer_allows(self, operator: User) -> None:
        api = ApiClient(operator)
        User.objects.filter(pk=operator.pk).update(role="support")

        assert api.get("/organizations").status_code == 200
        assert codes(api.post("/organizations", {}))[:2] == (403, "scope_missing")

    def test_is_not_found_out_from_a_cookie(self, operator_client: Client) -> None:
        answer = operator_client.get("/api/v1/organizations")

        assert codes(answer)[:2] == (401, "token_missing")
        assert not answer.cookies

    def test_is_named_with_the_time_of_the_last_use(self, operator: User) -> None:
        ApiClient(operator).get("/organizations")

        token = Token.objects.get()
        assert token.last_used_at is not None
        assert token.last_used_from == "127.0.0.1"


class TestProblems:
    def test_of_unknown_addresses_and_methods(self, operator: User) -> None:
        api = ApiClient(operator)

        assert codes(api.get("/nothing")) == (404, "not_found", [])
        wrong = api.post("/organizations/1")
        assert codes(wrong) == (405, "method_not_allowed", [])
        assert set(wrong["Allow"].split(", ")) == {"GET", "PATCH"}

    def test_of_wrong_bodies(self, operator: User, settings: Settings) -> None:
        secret = a_token(operator).secret
        client = Client(headers={"Authorization": f"Bearer {secret}", "Idempotency-Key": "1"})
        address = "/api/v1/organizations"

        unreadable = client.post(address, "{", content_type="application/json")
        assert codes(unreadable) == (400, "unreadable_body", [])
        assert codes(client.post(address, {"title": "Nord"})) == (415, "wrong_content_type", [])
        settings.API_MOST_BYTES = 10
        large = client.post(address, "{" + " " * 10 + "}", content_type="application/json")
        assert codes(large) == (413, "body_too_large", [])

    def test_of_our_own_faults(self, operator: User, monkeypatch: pytest.MonkeyPatch) -> None:
        def fail(**_values: Any) -> None:
            Organization.objects.update(title="Changed")
            raise RuntimeError("secret text")

        monkeypatch.setattr(operations, "create_organization", fail)
        organization = OrganizationFactory.create(title="Nord")
        body = {"title": "Süd", "owner": OwnerFactory.create().email}

        answer = ApiClient(operator).post("/organizations", body, key="1")

        assert codes(answer) == (500, "failed", [])
        assert "secret" not in answer.text
        organization.refresh_from_db()
        assert organization.title == "Nord"
        # So the request can be sent again.
        assert not StoredAnswer.objects.exists()

    def test_are_in_the_language_of_the_caller(self, operator: User) -> None:
        organization = OrganizationFactory.create(title="Nord")
        body = {"title": "Nord", "owner": organization.owner.email}

        answer = ApiClient(operator).post("/organizations", body, **{"Accept-Language": "ru"})

        with override("ru"):
            refusal = str(operations.TitleTaken())
        with override("en"):
            assert refusal != str(operations.TitleTaken())
        assert answer.json()["errors"][0]["detail"] == refusal

    def test_have_the_id_of_the_request(self) -> None:
        answer = ApiClient(None).get(
            "/organizations", headers={"X-Request-ID": "sent-by-the-caller"}
        )

        assert answer["X-Request-ID"] == "sent-by-the-caller"


class TestRepetition:
    @pytest.fixture
    def body(self) -> dict[str, Any]:
        return {"title": "Nord", "owner": OwnerFactory.create().email}

    def test_gets_the_first_answer(self, operator: User, body: dict[str, Any]) -> None:
        api = ApiClient(operator)

        first = api.post("/organizations", body, key="a")
        second = api.post("/organizations", body, key="a")

        assert Organization.objects.count() == 1
        assert (second.status_code, second.json()) == (201, first.json())
        assert second["Location"] == first["Location"]
        assert second["ETag"] == first["ETag"]
        assert second["Idempotency-Replayed"] == "true"
        assert "Idempotency-Replayed" not in first

    def test_of_a_refused_request_is_refused_too(
        self, operator: User, body: dict[str, Any]
    ) -> None:
        api = ApiClient(operator)
        taken = OrganizationFactory.create(title="Nord")

        first = api.post("/organizations", body, key="a")
        taken.delete()
        second = api.post("/organizations", body, key="a")

        assert first.status_code == second.status_code == 422
        assert first.json() == second.json()
        assert api.post("/organizations", body, key="b").status_code == 201

    def test_with_another_body_is_refused(self, operator: User, body: dict[str, Any]) -> None:
        api = ApiClient(operator)
        api.post("/organizations", body, key="a")

        answer = api.post("/organizations", {**body, "title": "Süd"}, key="a")

        assert codes(answer) == (422, "idempotency_key_reused", ["Idempotency-Key"])
        # Keys of different tokens do not meet.
        assert ApiClient(operator).post("/organizations", {**body, "title": "Süd"}, key="a")

    @pytest.mark.parametrize("key", ["", "x" * 256, "ключ"])
    def test_needs_a_key(self, operator: User, body: dict[str, Any], key: str) -> None:
        api = ApiClient(operator)
        headers = {"Idempotency-Key": key}

        answer = api.post("/organizations", body, **headers)

        assert codes(answer)[0] == 400
        assert codes(answer)[2] == ["Idempotency-Key"]
        assert not Organization.objects.exists()

    def test_is_possible_for_a_day(self, operator: User, body: dict[str, Any]) -> None:
        api = ApiClient(operator)
        api.post("/organizations", body, key="a")
        StoredAnswer.objects.update(stored_at=timezone.now() - repetition.KEPT_FOR)

        answer = api.post("/organizations", {**body, "title": "Süd"}, key="a")

        assert answer.status_code == 201

    def test_is_forgotten_by_a_job(self, operator: User, body: dict[str, Any]) -> None:
        api = ApiClient(operator)
        api.post("/organizations", body, key="old")
        StoredAnswer.objects.update(stored_at=timezone.now() - repetition.KEPT_FOR)
        api.post("/organizations", {**body, "title": "Süd"}, key="new")

        forget_old_answers(timestamp=0)

        assert [each.key for each in StoredAnswer.objects.all()] == ["new"]


@pytest.mark.django_db(transaction=True)
def test_of_two_requests_at_once_one_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    api = ApiClient(OperatorFactory.create())
    body = {"title": "Nord", "owner": OwnerFactory.create().email}
    entered, may_go_on = Event(), Event()
    create = operations.create_organization

    def slowly(**values: Any) -> Organization:
        entered.set()
        assert may_go_on.wait(timeout=60)
        return create(**values)

    monkeypatch.setattr(operations, "create_organization", slowly)

    def send() -> Any:
        try:
            return api.post("/organizations", body, key="a")
        finally:
            connection.close()

    with ThreadPoolExecutor() as pool:
        first = pool.submit(send)
        assert entered.wait(timeout=60)
        meanwhile = send()
        may_go_on.set()
        answer = first.result()

    assert codes(meanwhile) == (409, "request_in_progress", [])
    assert meanwhile["Retry-After"] == "1"
    assert answer.status_code == 201
    assert send().json() == answer.json()
    assert Organization.objects.count() == 1


class TestRates:
    def test_are_stated_and_kept(
        self, operator: User, settings: Settings, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        settings.API_REQUESTS_A_MINUTE = 2
        # So long that the test does not see the next one.
        monkeypatch.setattr(rates, "WINDOW_SECONDS", 10**9)
        api, other = ApiClient(operator), ApiClient(operator)

        answers = [api.get("/organizations") for _each in range(3)]

        assert [each.status_code for each in answers] == [200, 200, 429]
        assert answers[0]["RateLimit-Policy"] == f'"default";q=2;w={10**9}'
        assert [each["RateLimit"].partition(";t=")[0] for each in answers] == [
            '"default";r=1',
            '"default";r=0',
            '"default";r=0',
        ]
        assert codes(answers[2]) == (429, "too_many_requests", [])
        assert int(answers[2]["Retry-After"]) > 0
        assert other.get("/organizations").status_code == 200

    def test_begin_again_with_the_next_minute_in_the_same_row(
        self, operator: User, settings: Settings
    ) -> None:
        settings.API_REQUESTS_A_MINUTE = 1
        token, now = a_token(operator).token, timezone.now()

        rates.count_request(token, now)
        later = rates.count_request(token, now + timedelta(minutes=1))

        assert later.remaining == 0
        assert RequestCount.objects.count() == 1

    def test_are_counted_in_a_table_that_is_not_logged(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT relpersistence FROM pg_class WHERE oid = 'api_requestcount'::regclass"
            )
            assert cursor.fetchone() == ("u",)


@pytest.mark.parametrize("factory", [OwnerFactory, SupportFactory])
def test_others_than_operators_change_nothing(factory: Any) -> None:
    answer = ApiClient(factory.create()).post("/organizations", {"title": "Nord"})

    assert codes(answer)[:2] == (403, "scope_missing")
