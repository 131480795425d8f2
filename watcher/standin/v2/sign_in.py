"""Sign-in of API v2: keys, sessions and auto-login."""

from typing import Any
from urllib.parse import parse_qsl

from watcher.standin.page.client import signed_in_page
from watcher.standin.page.markup import reader_of
from watcher.standin.state.records import User
from watcher.standin.state.refusals import RefusedError, forbidden, invalid
from watcher.standin.state.watcher import Watcher
from watcher.standin.web.bodies import Field, fields_of
from watcher.standin.web.messages import Answer, Request, Routes
from watcher.standin.web.rights import check_manages

routes = Routes()

_CREDENTIALS = {"login": Field("login", str), "password": Field("password", str)}


def authenticate(watcher: Watcher, request: Request) -> User | None:
    """Return who calls; with the system key alone it is nobody, who has all rights.

    Raises:
        RefusedError: for credentials that do not count.
    """
    sessions = watcher.sessions
    key = request.headers.get("x-vsaas-api-key") or request.headers.get("x-vsaas-apikey")
    login = request.headers.get("x-vsaas-user")
    if key == sessions.system_key:
        request.has_all_rights = login is None
        return None if login is None else watcher.state.user_called(login)
    if key:
        user = sessions.user_of_key(key)
        if user.name != login:
            raise RefusedError(403, "WrongApikey", "Wrong API key")
        return user
    session = request.headers.get("x-vsaas-session")
    if session:
        return sessions.user_of_session(session)
    raise RefusedError(403, "Forbidden", "Sign in first")


def _credentials(watcher: Watcher, request: Request) -> User:
    sent = fields_of(request.json_object(), _CREDENTIALS, nulls_clear=False)
    return watcher.sessions.check_password(sent.get("login", ""), sent.get("password", ""))


def _who(user: User | None) -> dict[str, Any]:
    if user is None:
        return {"login": "system", "is_admin": True}
    return {"id": user.id, "login": user.name, "is_admin": user.administers}


@routes.add("POST", "/auth/login", "v2", open=True)
def login(watcher: Watcher, request: Request) -> Answer:
    """Sign in with a password and open a session."""
    user = _credentials(watcher, request)
    return Answer(body={"session": watcher.sessions.open(user).id, **_who(user)})


@routes.add("POST", "/auth/check-login", "v2", open=True)
def check_login(watcher: Watcher, request: Request) -> Answer:
    """Check a password without a session."""
    return Answer(body=_who(_credentials(watcher, request)))


@routes.add("GET", "/auth/whoami", "v2")
def whoami(watcher: Watcher, request: Request) -> Answer:
    """Tell who calls."""
    return Answer(body=_who(request.user))


@routes.add("POST", "/auth/generate-autologin-token", "v2")
def make_autologin(watcher: Watcher, request: Request) -> Answer:
    """Make a token for a user's browser, until an instant or for some seconds."""
    known = {
        "login": Field("login", str),
        "until": Field("valid_till", int),
        "seconds": Field("lifetime", int),
    }
    sent = fields_of(request.json_object(), known, nulls_clear=False)
    if "login" not in sent:
        raise invalid("A login is needed", "/login")
    check_manages(watcher, request, watcher.state.user_called(sent["login"]).id)
    seconds = sent.get("seconds", 900)
    if "until" in sent:
        seconds = sent["until"] - watcher.clock.now_s()
    token = watcher.sessions.autologin_token(sent["login"], seconds=seconds)
    return Answer(body={"autologin_token": token, "success": True})


@routes.add("POST", "/autologin", "vsaas", open=True)
def autologin(watcher: Watcher, request: Request) -> Answer:
    """Sign in with such a token, once; a form is answered by a page."""
    if request.headers.get("content-type", "").startswith("application/x-www-form-urlencoded"):
        return _autologin_page(watcher, request)
    token = request.json_object().get("autologin_token")
    user = _user_of(watcher, token if isinstance(token, str) else "")
    return Answer(body={"session": watcher.sessions.open(user).id, **_who(user)})


def _autologin_page(watcher: Watcher, request: Request) -> Answer:
    sent = dict(parse_qsl(request.body.decode("utf-8", "replace")))
    try:
        name = _user_of(watcher, sent.get("autologin_token", "")).name
    except RefusedError:
        name = ""
    page = signed_in_page(reader_of(request.headers), name)
    return Answer(200 if name else 403, text=page, content_type="text/html; charset=utf-8")


def _user_of(watcher: Watcher, token: str) -> User:
    user = watcher.sessions.autologin(token)
    if user.disabled:
        raise forbidden("The user is disabled")
    return user
