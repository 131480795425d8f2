"""What tokens can be created, and which secrets work."""

from datetime import UTC, datetime, timedelta
from hashlib import sha256

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from accounts.tests.factories import OperatorFactory, OwnerFactory, SupportFactory
from api.models import Token, TokenKind
from api.tests.factories import CREATED_AT, a_token
from api.tokens import operations
from api.tokens.scopes import SCOPES, allowed_scopes
from organizations.tests.factories import OrganizationFactory

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)


def test_of_a_secret_only_its_digest_is_stored() -> None:
    new = a_token(OperatorFactory.create())

    with connection.cursor() as cursor:
        cursor.execute("SELECT to_jsonb(t)::text FROM api_token t")
        ((row,),) = cursor.fetchall()
        cursor.execute("SELECT to_jsonb(e)::text FROM api_tokenevent e")
        ((event,),) = cursor.fetchall()

    assert new.secret.startswith("cbt_")
    assert len(new.secret) == 47
    assert sha256(new.secret.encode()).hexdigest() in row
    assert new.secret not in row + event
    assert new.secret.removeprefix(new.token.hint) not in row + event


def test_a_secret_finds_its_token_and_another_does_not() -> None:
    new, _other = a_token(OperatorFactory.create()), a_token(OperatorFactory.create())

    assert operations.token_of(new.secret, now=NOW) == new.token
    assert operations.token_of(new.secret + "a", now=NOW) is None
    assert operations.token_of(new.token.hint, now=NOW) is None


def test_a_token_expires_at_its_instant() -> None:
    new = a_token(OperatorFactory.create(), expires_at=NOW)

    assert operations.token_of(new.secret, now=NOW - timedelta(seconds=1)) == new.token
    assert operations.token_of(new.secret, now=NOW) is None
    assert new.token.state(NOW) == "expired"


def test_a_revoked_token_stays_revoked_since_it_was() -> None:
    new = a_token(OperatorFactory.create())

    operations.revoke_token(pk=new.token.pk, now=NOW)
    operations.revoke_token(pk=new.token.pk, now=NOW + timedelta(days=1))

    assert operations.token_of(new.secret, now=NOW) is None
    assert Token.objects.get().revoked_at == NOW


@pytest.mark.parametrize(("kind", "works"), [(TokenKind.PERSON, False), (TokenKind.MACHINE, True)])
def test_the_token_of_a_machine_outlives_the_block_of_its_person(kind: str, works: bool) -> None:
    operator = OperatorFactory.create()
    new = a_token(operator, kind=kind)

    User.objects.filter(pk=operator.pk).update(is_active=False)

    assert (operations.token_of(new.secret, now=NOW) is not None) is works


@pytest.mark.parametrize("factory", [OwnerFactory, SupportFactory])
def test_only_operators_may_write_or_have_tokens_for_machines(factory: type) -> None:
    user = factory.create()  # type: ignore[attr-defined]

    assert all(scope.endswith(":read") for scope in allowed_scopes(user))
    with pytest.raises(operations.NotForRole):
        a_token(user, scopes=["organizations:write"])
    with pytest.raises(operations.NotForRole):
        a_token(user, kind=TokenKind.MACHINE)
    assert set(allowed_scopes(OperatorFactory.create())) == set(SCOPES)


def test_a_token_needs_scopes_that_exist() -> None:
    operator = OperatorFactory.create()

    with pytest.raises(operations.NotForRole):
        a_token(operator, scopes=["everything:write"])
    with pytest.raises(IntegrityError, match="api_token_has_scopes"), transaction.atomic():
        Token.objects.create(
            user=operator,
            name="None",
            kind=TokenKind.PERSON,
            digest=b"0" * 32,
            hint="cbt_000000",
            scopes=[],
            for_all=True,
            created_at=NOW,
        )


def test_an_owner_cannot_choose_the_organization_of_another() -> None:
    own, other = OrganizationFactory.create(), OrganizationFactory.create()

    new = a_token(own.owner, organization_ids=[own.pk])

    assert list(new.token.organizations.all()) == [own]
    for ids in ([other.pk], [own.pk, other.pk], []):
        with pytest.raises(operations.OrganizationNotSeen):
            a_token(own.owner, organization_ids=ids)


def test_a_token_that_has_expired_cannot_be_created() -> None:
    with pytest.raises(operations.ExpiresInPast):
        a_token(OperatorFactory.create(), expires_at=CREATED_AT)


def test_a_person_has_no_more_active_tokens_than_the_maximum(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(operations, "MOST_ACTIVE", 1)
    operator = OperatorFactory.create()
    first = a_token(operator)

    with pytest.raises(operations.TooManyTokens, match="1 active"):
        a_token(operator)
    operations.revoke_token(pk=first.token.pk, now=NOW)

    assert a_token(operator).token.pk != first.token.pk


@pytest.mark.parametrize(
    ("address", "is_allowed"),
    [
        ("192.0.2.7", True),
        ("192.0.2.8", False),
        ("198.51.100.200", True),
        ("::ffff:198.51.100.200", True),
        ("2001:db8::1", True),
        ("2001:db9::1", False),
    ],
)
def test_a_token_works_only_from_its_addresses(address: str, is_allowed: bool) -> None:
    networks = ["192.0.2.7", "198.51.100.0/24", "2001:db8::/32"]
    new = a_token(OperatorFactory.create(), addresses=networks)

    assert new.token.addresses == ["192.0.2.7/32", "198.51.100.0/24", "2001:db8::/32"]
    assert operations.is_allowed_from(new.token, address) is is_allowed
    assert operations.is_allowed_from(a_token(OperatorFactory.create()).token, address)


def test_the_last_use_is_written_at_most_once_a_minute() -> None:
    new = a_token(OperatorFactory.create())

    def use(after: int) -> int:
        token = operations.token_of(new.secret, now=NOW)
        assert token is not None
        with CaptureQueriesContext(connection) as queries:
            now = NOW + timedelta(seconds=after)
            operations.note_use(token, address="192.0.2.7", now=now)
        return len(queries)

    assert [use(0), use(30), use(59), use(60)] == [1, 0, 0, 1]
    stored = Token.objects.get()
    assert stored.last_used_at == NOW + timedelta(seconds=60)
    assert stored.last_used_from == "192.0.2.7"
    # It is not a change that the history shows.
    assert Token.pgh_event_model.objects.count() == 1  # type: ignore[attr-defined]
