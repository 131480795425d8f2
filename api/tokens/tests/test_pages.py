"""Pages of tokens: list, create, show once, revoke."""

import re
from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from accounts.tests.factories import OwnerFactory
from api.models import Token, TokenKind
from api.tests.factories import a_token
from api.tokens.operations import revoke_token, token_of
from organizations.tests.factories import OrganizationFactory

pytestmark = pytest.mark.django_db
FIELDS = {"name": "ERP", "scopes": ["organizations:read"]}
SECRET = re.compile(r"cbt_[\w-]{43}")


def test_a_secret_is_shown_once(operator_client: Client, operator: User) -> None:
    page = operator_client.post("/api/tokens/add/", {**FIELDS, "kind": "machine"})

    (secret,) = SECRET.findall(page.text)
    token = token_of(secret, now=datetime.now(UTC))
    assert token == Token.objects.get()
    assert (token.user, token.kind, token.scopes) == (
        operator,
        TokenKind.MACHINE,
        ["organizations:read"],
    )
    assert page["Cache-Control"] == "private, no-store"
    for address in ("/api/tokens/", f"/api/tokens/{token.pk}/"):
        assert not SECRET.search(operator_client.get(address).text)


def test_an_owner_is_offered_only_what_owners_may_read(owner_client: Client) -> None:
    page = owner_client.get("/api/tokens/add/")

    assert 'value="invoices:read"' in page.text
    assert ":write" not in page.text
    assert 'name="kind"' not in page.text
    refused = owner_client.post("/api/tokens/add/", {**FIELDS, "scopes": ["tariffs:read"]})
    assert not Token.objects.exists()
    assert "Nothing was saved" in refused.text


def test_a_token_is_limited_to_titles_networks_and_days(
    operator_client: Client, operator: User
) -> None:
    nord = OrganizationFactory.create(title="Nord GmbH")
    limits = {
        "organizations": " nord gmbh \n\n",
        "addresses": "192.0.2.7\n198.51.100.0/24",
        "expires_on": "2199-01-31",
    }

    operator_client.post("/api/tokens/add/", {**FIELDS, "kind": "person", **limits})

    token = Token.objects.get()
    assert list(token.organizations.all()) == [nord]
    assert not token.for_all
    assert token.addresses == ["192.0.2.7/32", "198.51.100.0/24"]
    assert token.expires_at == datetime(2199, 2, 1, tzinfo=UTC)
    shown = operator_client.get(f"/api/tokens/{token.pk}/").text
    assert "Nord GmbH" in shown
    assert "198.51.100.0/24" in shown


@pytest.mark.parametrize(
    ("wrong", "text"),
    [
        ({"organizations": "Nobody"}, "There is no organization with this title: Nobody."),
        ({"addresses": "192.0.2.7/8"}, "“192.0.2.7/8” is neither an IP address nor a network."),
        ({"expires_on": "2020-01-01"}, "This day is over. Choose a later one."),
        ({"scopes": []}, "Choose at least one."),
        ({"addresses": "192.0.2.7\n" * 101}, "These are more than 100 lines. Enter fewer."),
    ],
)
def test_a_mistake_is_named_and_nothing_is_created(
    operator_client: Client, wrong: dict[str, object], text: str
) -> None:
    page = operator_client.post("/api/tokens/add/", {**FIELDS, "kind": "person", **wrong})

    assert text in page.text
    assert not Token.objects.exists()


def test_operators_see_all_tokens_and_others_their_own(
    operator_client: Client, support_client: Client, owner_client: Client, owner: User
) -> None:
    a_token(owner)
    other = a_token(OwnerFactory.create(email="else@example.com")).token

    def shown(client: Client) -> int:
        return client.get("/api/tokens/").text.count("cbt_")

    assert [shown(each) for each in (operator_client, owner_client, support_client)] == [2, 1, 0]
    assert operator_client.get("/api/tokens/?q=else@").text.count("cbt_") == 1
    assert owner_client.get(f"/api/tokens/{other.pk}/").status_code == 404
    assert owner_client.post(f"/api/tokens/{other.pk}/revoke/").status_code == 404


def test_a_token_is_revoked_after_a_question(owner_client: Client, owner: User) -> None:
    new = a_token(owner)
    address = f"/api/tokens/{new.token.pk}/revoke/"

    assert "Revoke this token?" in owner_client.get(address).text
    assert token_of(new.secret, now=datetime.now(UTC)) is not None
    answer = owner_client.post(address, follow=True)

    assert "The token “Export” is revoked." in answer.text
    assert token_of(new.secret, now=datetime.now(UTC)) is None
    assert owner_client.get("/api/tokens/?state=revoked").text.count("cbt_") == 1
    assert owner_client.get("/api/tokens/?state=active").text.count("cbt_") == 0


def test_the_history_names_who_revoked(operator_client: Client, operator: User) -> None:
    new = a_token(operator)

    operator_client.post(f"/api/tokens/{new.token.pk}/revoke/")

    event = Token.pgh_event_model.objects.get(pgh_label="update")  # type: ignore[attr-defined]
    assert event.pgh_context == {"user": operator.pk}


def test_the_list_takes_the_same_queries_for_any_number(
    operator_client: Client, operator: User
) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            operator_client.get("/api/tokens/")
        return len(captured)

    a_token(operator)
    one = queries()
    for _each in range(4):
        revoke_token(pk=a_token(OwnerFactory.create()).token.pk, now=datetime.now(UTC))

    assert queries() == one
