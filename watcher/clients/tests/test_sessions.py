"""Sign-in: one session, one refresh after a 401, and never a second wrong password."""

from __future__ import annotations

from base64 import b64decode

import httpx
import pytest

from watcher.clients.credentials import Credentials, Tokens
from watcher.clients.sessions import BearerSession, InMemory
from watcher.clients.tests.answering import Answering, answer
from watcher.clients.v2_session import V2Session
from watcher.errors import (
    NoRightError,
    SessionEndedError,
    UnexpectedAnswerError,
    UnreachableError,
    WrongCredentialsError,
    WrongKeyError,
)

PASSWORD = Credentials("password", "billing", "pässwörd")
EXPIRED = answer(status=401)
TOKENS = answer({"access_token": "new", "refresh_token": "again"})


def session(server: Answering, store: InMemory) -> BearerSession:
    return BearerSession(server.transport(), "/base", PASSWORD, store)


def called(session: BearerSession | V2Session) -> object:
    return session.signed_in(
        lambda headers: session.transport.call("GET", "/base/x", headers=headers).object
    )


def authorizations(server: Answering) -> list[str]:
    return [each.headers.get("Authorization", "") for each in server.requests]


def test_the_first_call_signs_in_with_the_password_once() -> None:
    server, store = Answering(TOKENS, answer({"id": 1})), InMemory()
    signed_in = session(server, store)

    assert called(signed_in) == called(signed_in) == {"id": 1}

    assert server.paths == ["POST /base/login", "GET /base/x", "GET /base/x"]
    kind, _space, value = authorizations(server)[0].partition(" ")
    assert (kind, b64decode(value).decode()) == ("Basic", "billing:pässwörd")
    assert server.requests[0].content == b""
    assert authorizations(server)[1:] == ["Bearer new"] * 2
    assert store.tokens == Tokens("new", "again")


def test_an_expired_token_is_refreshed_once_and_the_call_repeated_once() -> None:
    refreshed = answer({"access_token": "new"})
    server = Answering(EXPIRED, refreshed, answer({"id": 1}))
    store = InMemory(Tokens("old", "again"))

    assert called(session(server, store)) == {"id": 1}

    assert authorizations(server) == ["Bearer old", "Bearer again", "Bearer new"]
    # The answer had no refresh token, so the old one stays.
    assert store.tokens == Tokens("new", "again")


@pytest.mark.parametrize("status", [401, 403])
def test_a_refused_refresh_leads_to_one_sign_in_with_the_password(status: int) -> None:
    server = Answering(EXPIRED, answer(status=status), TOKENS, answer({"id": 1}))

    assert called(session(server, InMemory(Tokens("old", "ended")))) == {"id": 1}

    assert [each.split()[0] for each in authorizations(server)] == [
        "Bearer",
        "Bearer",
        "Basic",
        "Bearer",
    ]


def test_a_wrong_password_is_never_tried_again() -> None:
    server, store = Answering(answer(status=401)), InMemory()

    for _number in range(3):
        with pytest.raises(WrongCredentialsError):
            called(session(server, store))

    assert server.paths == ["POST /base/login"]


def test_a_right_password_without_a_right_is_not_a_wrong_one() -> None:
    server, store = Answering(answer(status=403), TOKENS, answer({"id": 1})), InMemory()

    with pytest.raises(NoRightError):
        called(session(server, store))

    assert not store.refused
    assert called(session(server, store)) == {"id": 1}


def test_a_new_session_that_is_refused_as_well_ends_the_matter() -> None:
    server = Answering(EXPIRED, TOKENS, EXPIRED)

    with pytest.raises(SessionEndedError):
        called(session(server, InMemory(Tokens("old", "again"))))

    assert len(server.requests) == 3


def test_tokens_that_another_process_has_renewed_are_used() -> None:
    store = InMemory(Tokens("old", "again"))

    def expire(_request: httpx.Request) -> httpx.Response:
        store.tokens = Tokens("of another process", "again")
        return EXPIRED

    server = Answering(expire, answer({"id": 1}))

    assert called(session(server, store)) == {"id": 1}

    assert authorizations(server) == ["Bearer old", "Bearer of another process"]


def test_watcher_being_away_is_no_refusal_of_the_password() -> None:
    server, store = Answering(httpx.ConnectError("away"), TOKENS, answer({"id": 1})), InMemory()

    with pytest.raises(UnreachableError):
        called(session(server, store))

    assert called(session(server, store)) == {"id": 1}


def test_a_refresh_that_fails_otherwise_does_not_cost_a_session() -> None:
    server = Answering(EXPIRED, answer(status=503))

    with pytest.raises(Exception, match="503"):
        called(session(server, InMemory(Tokens("old", "again"))))

    assert len(server.requests) == 2


def test_an_answer_to_the_sign_in_without_a_token_is_none_of_watcher() -> None:
    with pytest.raises(UnexpectedAnswerError):
        called(session(Answering(answer({"hello": 1})), InMemory()))


def test_a_repr_shows_no_secret() -> None:
    shown = repr(session(Answering(TOKENS), InMemory(Tokens("secret-access", "secret-refresh"))))

    assert "billing" in shown
    assert "secret-" not in shown
    assert "pässwörd" not in shown


# --- API v2 --------------------------------------------------------------------------------------


def v2(server: Answering, credentials: Credentials, store: InMemory | None = None) -> V2Session:
    return V2Session(server.transport(), "/base", credentials, store or InMemory())


def test_keys_are_sent_with_each_call() -> None:
    server = Answering(answer({}))

    called(v2(server, Credentials("system_key", "", "k1")))
    called(v2(server, Credentials("user_key", "ann", "k2")))

    sent = [
        (each.headers["x-vsaas-api-key"], each.headers.get("x-vsaas-user"))
        for each in server.requests
    ]
    assert sent == [("k1", None), ("k2", "ann")]


def test_a_forbidden_call_with_a_good_key_is_told_from_a_wrong_key() -> None:
    forbidden = answer({"error_message": "Forbidden"}, 403)
    key = Credentials("system_key", "", "k1")

    with pytest.raises(NoRightError):
        called(v2(Answering(forbidden, answer({"login": "admin"})), key))
    with pytest.raises(WrongKeyError):
        called(v2(Answering(forbidden, forbidden), key))


def test_a_v2_session_that_was_pushed_out_is_renewed_once() -> None:
    forbidden = answer(status=403)
    login = answer({"session": "s2", "login": "billing"})
    server = Answering(forbidden, forbidden, login, answer({"id": 1}))
    store = InMemory(Tokens("s1"))

    assert called(v2(server, PASSWORD, store)) == {"id": 1}

    assert server.paths == [
        "GET /base/x",
        "GET /base/auth/whoami",
        "POST /base/auth/login",
        "GET /base/x",
    ]
    assert server.requests[-1].headers["x-vsaas-session"] == "s2"


def test_a_wrong_v2_password_is_never_tried_again() -> None:
    server, store = Answering(answer(status=403)), InMemory()

    for _number in range(3):
        with pytest.raises(WrongCredentialsError):
            called(v2(server, PASSWORD, store))

    assert server.paths == ["POST /base/auth/login"]
