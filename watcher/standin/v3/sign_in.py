"""Sign-in, the profile, and what tells of the server."""

from base64 import b64decode
from typing import Any

from watcher.standin.state.records import User
from watcher.standin.state.refusals import forbidden, invalid, missing, unauthorized
from watcher.standin.state.watcher import Watcher
from watcher.standin.v3 import shapes
from watcher.standin.v3.answers import deleted, nulls_clear
from watcher.standin.web.bodies import Field, fields_of
from watcher.standin.web.messages import Answer, Request, Routes
from watcher.standin.web.rights import check_manages

routes = Routes()

_PROFILE = {
    name: Field(name, str, "")
    for name in ("email", "fullname", "phone", "note", "locale", "password")
}


def authenticate(watcher: Watcher, request: Request) -> User:
    """Return who calls, by a token, a password or an API key.

    Raises:
        RefusedError: 401 for credentials that do not count, 403 for who may not use this scope.
    """
    user = _credentials(watcher, request)
    if request.base == "admin" and not user.administers:
        raise forbidden("This scope is for administrators")
    return user


def _credentials(watcher: Watcher, request: Request) -> User:
    key = request.headers.get("x-vsaas-api-key", "")
    by_header = watcher.switches.api_key == "header"
    if key and by_header:
        return watcher.sessions.user_of_key(key)
    scheme, _space, value = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "basic":
        return watcher.sessions.check_password(*_basic(value))
    if scheme.lower() != "bearer":
        raise unauthorized("Sign in first")
    if "." in value or by_header:
        return watcher.sessions.user_of_token(value)
    return watcher.sessions.user_of_key(value)


def _basic(value: str) -> tuple[str, str]:
    try:
        name, _colon, password = b64decode(value, validate=True).decode().partition(":")
    except ValueError as error:
        raise unauthorized("The header cannot be read") from error
    return name, password


@routes.add("POST", "/login", "client", "admin", open=True)
def login(watcher: Watcher, request: Request) -> Answer:
    """Sign in with a password, or refresh with a refresh token."""
    scheme, _space, value = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        return Answer(body=watcher.sessions.refresh(value))
    if scheme.lower() != "basic":
        raise unauthorized("Send a name and a password")
    user = watcher.sessions.check_password(*_basic(value))
    if request.base == "admin" and not user.administers:
        raise forbidden("This scope is for administrators")
    return Answer(body=watcher.sessions.tokens(watcher.sessions.open(user)))


@routes.add("GET", "/profile", "client")
def profile(watcher: Watcher, request: Request) -> Answer:
    """Show the caller."""
    return Answer(body=shapes.profile(watcher, request.caller))


@routes.add("PUT", "/profile", "client")
def change_profile(watcher: Watcher, request: Request) -> Answer:
    """Change the caller."""
    if request.caller.readonly:
        raise forbidden("You may not change your own data")
    fields: Any = fields_of(request.json_object(), _PROFILE, nulls_clear=nulls_clear(watcher))
    user = watcher.users.change(request.caller.id, by=request.login, **fields)
    return Answer(body=shapes.profile(watcher, user))


@routes.add("GET", "/profile/apikey", "client")
def own_key(watcher: Watcher, request: Request) -> Answer:
    """Show the caller's API key."""
    return Answer(body={"apikey": request.caller.apikey})


@routes.add("POST", "/profile/apikey", "client")
def new_own_key(watcher: Watcher, request: Request) -> Answer:
    """Give the caller a new API key."""
    return Answer(body={"apikey": watcher.sessions.new_key(request.caller.id)})


@routes.add("DELETE", "/profile/apikey", "client")
def no_own_key(watcher: Watcher, request: Request) -> Answer:
    """Delete the caller's API key."""
    request.caller.apikey = ""
    return deleted(watcher)


@routes.add("GET", "/users/{user_id}/apikey", "client", "admin")
def key_of_user(watcher: Watcher, request: Request) -> Answer:
    """Show a user's API key."""
    check_manages(watcher, request, request.id("user_id"))
    return Answer(body={"apikey": watcher.state.user(request.id("user_id")).apikey})


@routes.add("POST", "/users/{user_id}/apikey", "client", "admin")
def new_key_of_user(watcher: Watcher, request: Request) -> Answer:
    """Give a user a new API key."""
    check_manages(watcher, request, request.id("user_id"))
    return Answer(body={"apikey": watcher.sessions.new_key(request.id("user_id"))})


@routes.add("POST", "/autologin/generate", "client", since=26)
def make_autologin(watcher: Watcher, request: Request) -> Answer:
    """Make a token for a user's browser, valid for 15 minutes."""
    name = request.json_object().get("login")
    if not isinstance(name, str) or not name:
        raise invalid("A login is needed", "/login")
    user = _called(watcher, name)
    check_manages(watcher, request, user.id)
    return Answer(body={"autologin_token": watcher.sessions.autologin_token(user.name)})


def _called(watcher: Watcher, name: str) -> User:
    """Return the user with this address or name, as far as the switch allows either."""
    allowed = watcher.switches.autologin_login
    by_email = [one for one in watcher.state.users.values() if one.email == name]
    if by_email and allowed != "name":
        return by_email[0]
    if allowed == "email":
        raise missing("No such user")
    return watcher.state.user_called(name)


@routes.add("POST", "/autologin", "client", since=26, open=True)
def autologin(watcher: Watcher, request: Request) -> Answer:
    """Sign in with such a token, once."""
    token = request.json_object().get("autologin_token")
    user = watcher.sessions.autologin(token if isinstance(token, str) else "")
    return Answer(body=watcher.sessions.tokens(watcher.sessions.open(user)))


@routes.add("GET", "/ui_settings", "client", open=True)
def ui_settings(watcher: Watcher, request: Request) -> Answer:
    """Tell of the server without credentials; 26 names its version."""
    body: dict[str, Any] = {"locale": "en"}
    if watcher.switches.version >= 26:
        body["server_info"] = {"version": "26.02", "operator_id": "standin"}
    return Answer(body=body)


@routes.add("GET", "/monitoring/liveness", "admin", open=True)
def liveness(watcher: Watcher, request: Request) -> Answer:
    """Tell the time (ms), the version, and since when the server runs (s)."""
    if watcher.switches.liveness == "credentials":
        authenticate(watcher, request)
    body = {
        "build": 1,
        "now": watcher.clock.now_ms(),
        "server_version": f"{watcher.switches.version}.02",
        "started_at": watcher.started_at,
    }
    return Answer(body=body)


@routes.add("GET", "/system_config", "admin")
def system_config(watcher: Watcher, request: Request) -> Answer:
    """Tell for how many seconds wrong passwords block a user."""
    return Answer(body={"watcher_brute_force_timeout": watcher.sessions.block_seconds})


@routes.add("GET", "/events", "client", "admin")
def events(watcher: Watcher, request: Request) -> Answer:
    """Say that this is not implemented, as Watcher does."""
    body = {"errors": [{"status": "501", "code": "not_implemented", "title": "Not implemented"}]}
    return Answer(501, body)


@routes.add("POST", "/password_recovery", "client", open=True)
def password_recovery(watcher: Watcher, request: Request) -> Answer:
    """Succeed, whether there is such an address or not."""
    email = request.json_object().get("email")
    if not isinstance(email, str):
        raise invalid("An email is needed", "/email")
    watcher.users.recover_password(email)
    return Answer(body={})
