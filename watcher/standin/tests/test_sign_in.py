"""Sign-in: tokens, refreshing, sessions, wrong passwords, keys and auto-login."""

import httpx
import pytest

from watcher.standin.seed import ADMINISTRATOR, SERVICE_USER
from watcher.standin.standin import StandIn
from watcher.standin.tests.callers import Callers, tokens

LINDENHOF = ("lindenhof-eg", "owner-of-lindenhof-eg")


def seen_with(standin: StandIn, access_token: str) -> int:
    """Return the status of a call with a token."""
    headers = {"Authorization": f"Bearer {access_token}"}
    return httpx.get(f"{standin.admin_base}/streams", headers=headers).status_code


def refreshed(standin: StandIn, refresh_token: str) -> httpx.Response:
    """Refresh."""
    headers = {"Authorization": f"Bearer {refresh_token}"}
    return httpx.post(f"{standin.admin_base}/login", headers=headers)


def test_an_access_token_lives_as_long_as_was_set(standin: StandIn) -> None:
    standin.sessions.access_life_seconds = 60
    found = tokens(standin.admin_base, *ADMINISTRATOR)
    standin.clock.advance(seconds=59)
    assert seen_with(standin, found["access_token"]) == 200
    standin.clock.advance(seconds=1)
    assert seen_with(standin, found["access_token"]) == 401
    new = refreshed(standin, found["refresh_token"]).json()
    assert seen_with(standin, new["access_token"]) == 200


@pytest.mark.parametrize("kind", ["absent", "kept", "new"])
def test_refreshing_gives_the_refresh_token_as_the_switch_says(standin: StandIn, kind: str) -> None:
    standin.switches.set(refresh_token=kind)
    old = tokens(standin.admin_base, *ADMINISTRATOR)["refresh_token"]
    given = refreshed(standin, old).json().get("refresh_token")
    if kind == "new":
        assert given not in {None, old}
        assert refreshed(standin, given).status_code == 200
        assert refreshed(standin, old).status_code == 401
    else:
        assert given == (None if kind == "absent" else old)
        assert refreshed(standin, old).status_code == 200


def test_a_refresh_token_works_on_sign_in_alone_and_can_expire(standin: StandIn) -> None:
    standin.sessions.refresh_life_seconds = 600
    old = tokens(standin.admin_base, *ADMINISTRATOR)["refresh_token"]
    assert seen_with(standin, old) == 401
    standin.clock.advance(seconds=600)
    assert refreshed(standin, old).status_code == 401


def test_access_tokens_expire_on_demand_and_sessions_are_revoked(standin: StandIn) -> None:
    found = tokens(standin.admin_base, *ADMINISTRATOR)
    standin.sessions.expire_access_tokens()
    assert seen_with(standin, found["access_token"]) == 401
    new = refreshed(standin, found["refresh_token"]).json()
    assert seen_with(standin, new["access_token"]) == 200
    standin.sessions.revoke_all()
    assert seen_with(standin, new["access_token"]) == 401
    assert refreshed(standin, found["refresh_token"]).status_code == 401


def test_wrong_passwords_block_the_user_for_a_time(standin: StandIn) -> None:
    def sign_in(password: str) -> int:
        address = f"{standin.client_base}/login"
        return httpx.post(address, auth=(LINDENHOF[0], password)).status_code

    standin.sessions.wrong_passwords_allowed = 3
    standin.sessions.block_seconds = 300
    assert [sign_in("wrong"), sign_in("wrong"), sign_in(LINDENHOF[1])] == [401, 401, 200]
    assert [sign_in("wrong") for _attempt in range(3)] == [401, 401, 401]
    assert sign_in(LINDENHOF[1]) == 401
    standin.clock.advance(seconds=300)
    assert sign_in(LINDENHOF[1]) == 200


def test_sessions_are_counted_and_the_oldest_is_pushed_out(standin: StandIn) -> None:
    pk = standin.state.logins[ADMINISTRATOR[0]]
    standin.users.change(pk, max_sessions=2)
    issued = [tokens(standin.admin_base, *ADMINISTRATOR)["access_token"] for _n in range(3)]
    assert [seen_with(standin, one) for one in issued] == [401, 200, 200]
    assert standin.sessions.count(ADMINISTRATOR[0]) == 2


def test_a_disabled_user_cannot_sign_in_and_its_token_ends(standin: StandIn) -> None:
    found = tokens(standin.client_base, *LINDENHOF)
    standin.users.change(standin.state.logins[LINDENHOF[0]], disabled=True)
    headers = {"Authorization": f"Bearer {found['access_token']}"}
    assert httpx.get(f"{standin.client_base}/streams", headers=headers).status_code == 401
    assert httpx.post(f"{standin.client_base}/login", auth=LINDENHOF).status_code == 401


def test_the_admin_scope_is_for_administrators(standin: StandIn) -> None:
    assert httpx.post(f"{standin.admin_base}/login", auth=LINDENHOF).status_code == 403
    assert httpx.get(f"{standin.admin_base}/streams", auth=LINDENHOF).status_code == 403
    assert httpx.get(f"{standin.admin_base}/streams", auth=ADMINISTRATOR).status_code == 200


def test_a_token_that_was_changed_does_not_count(standin: StandIn) -> None:
    token = tokens(standin.admin_base, *ADMINISTRATOR)["access_token"]
    assert seen_with(standin, token[:-2] + ("AA" if token[-2:] != "AA" else "BB")) == 401
    for wrong in ("a.b", "a.b.c", "é"):
        headers = {b"Authorization": f"Bearer {wrong}".encode()}
        answer = httpx.get(f"{standin.admin_base}/streams", headers=headers)
        assert answer.status_code == 401


def test_auto_login_works_once_and_for_15_minutes(standin: StandIn, callers: Callers) -> None:
    def made() -> str:
        answer = callers.client.post("/autologin/generate", json={"login": LINDENHOF[0]})
        token: str = answer.json()["autologin_token"]
        return token

    def used(token: str) -> httpx.Response:
        return httpx.post(f"{standin.client_base}/autologin", json={"autologin_token": token})

    by_email = callers.client.post(
        "/autologin/generate", json={"login": "lindenhof-eg@watcher.example"}
    )
    assert by_email.status_code == 200
    token = made()
    assert used(token).json().keys() == {"access_token", "refresh_token"}
    assert used(token).status_code == 401
    late = made()
    standin.clock.advance(seconds=900)
    assert used(late).status_code == 401
    assert callers.client.post("/autologin/generate", json={}).status_code == 400


def test_api_v2_knows_keys_users_and_sessions(standin: StandIn, callers: Callers) -> None:
    v2, system = standin.v2_base, standin.sessions.system_key
    service = standin.state.user_called(SERVICE_USER[0])

    def who(**headers: str) -> httpx.Response:
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        return httpx.get(f"{v2}/auth/whoami", headers=sent)

    assert who(x_vsaas_api_key=system).json()["login"] == "system"
    assert who(X_Vsaas_Apikey=system).json()["login"] == "system"
    as_owner = {"x_vsaas_api_key": system, "x_vsaas_user": LINDENHOF[0]}
    assert who(**as_owner).json()["login"] == LINDENHOF[0]
    own = {"x_vsaas_api_key": service.apikey, "x_vsaas_user": service.name}
    assert who(**own).json()["login"] == service.name
    for wrong in (own | {"x_vsaas_user": LINDENHOF[0]}, {"x_vsaas_api_key": "no"}, {}):
        assert who(**wrong).status_code == 403

    credentials = {"login": LINDENHOF[0], "password": LINDENHOF[1]}
    assert httpx.post(f"{v2}/auth/check-login", json=credentials).status_code == 200
    wrong_password = {**credentials, "password": "wrong"}
    assert httpx.post(f"{v2}/auth/check-login", json=wrong_password).status_code == 403
    session = httpx.post(f"{v2}/auth/login", json=credentials).json()["session"]
    assert who(x_vsaas_session=session).json()["login"] == LINDENHOF[0]
    standin.sessions.revoke_all()
    assert who(x_vsaas_session=session).status_code == 403

    made = callers.v2.post("/auth/generate-autologin-token", json={"login": LINDENHOF[0]}).json()
    assert made["success"] is True
    used = httpx.post(
        f"{standin.url}/vsaas/autologin", json={"autologin_token": made["autologin_token"]}
    )
    assert used.json()["login"] == LINDENHOF[0]


def test_nobody_reads_a_password(standin: StandIn, callers: Callers) -> None:
    secret = "owner-of-lindenhof-eg"
    for client, path in (
        (callers.admin, "/users"),
        (callers.client, "/access_log"),
        (callers.v2, "/users"),
    ):
        assert secret not in client.get(path).text
