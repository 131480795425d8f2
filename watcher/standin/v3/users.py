"""Users and messages."""

from typing import Any

from watcher.standin.state.records import User
from watcher.standin.state.refusals import forbidden, invalid, missing
from watcher.standin.state.watcher import Watcher
from watcher.standin.v3 import shapes
from watcher.standin.v3.answers import created, deleted, nulls_clear
from watcher.standin.web.bodies import Field, fields_of
from watcher.standin.web.lists import Listing, listed
from watcher.standin.web.messages import Answer, Request, Routes
from watcher.standin.web.rights import (
    check_manages,
    check_right,
    manages_users,
    organizations_seen,
    sees,
)

routes = Routes()

_USER = {
    "name": Field("name", str),
    "password": Field("password", str),
    "email": Field("email", str, ""),
    "fullname": Field("fullname", str, ""),
    "phone": Field("phone", str, ""),
    "note": Field("note", str, ""),
    "locale": Field("locale", str, "en"),
    "disabled": Field("disabled", bool, False),
    "access_level": Field("access_level", str),
    "readonly": Field("readonly", bool, False),
    "max_sessions": Field("max_sessions", int, None),
}
_MESSAGE = {
    "user_id": Field("user_id", int),
    "title": Field("title", str),
    "body": Field("body", str),
    "type": Field("type", str),
    "is_dashboard": Field("is_dashboard", bool),
    "is_push": Field("is_push", bool),
}


def _fields(watcher: Watcher, request: Request) -> dict[str, Any]:
    known = dict(_USER)
    if watcher.switches.version >= 26:
        known["external_id"] = Field("external_id", str, "")
    body = request.json_object()
    fields = fields_of(body, known, nulls_clear=nulls_clear(watcher))
    if {"external_id", "access_level"} & fields.keys() and not request.caller.administers:
        raise forbidden("Only administrators may set this")
    return fields


@routes.add("GET", "/users", "client", "admin")
def users(watcher: Watcher, request: Request) -> Answer:
    """List users; their key is `users_list`."""
    state = watcher.state
    wanted = request.query.get("organization_id")
    if wanted is not None and not wanted.isdecimal():
        raise invalid("An id is a number", "/organization_id")
    seen = organizations_seen(watcher, request)

    def visible(one: User) -> bool:
        joined = state.organizations_of.get(one.id, set())
        if wanted is not None and int(wanted) not in joined:
            return False
        return seen is None or manages_users(watcher, request, one.id)

    listing = Listing(
        "users_list",
        "id",
        list(state.users),
        state.user,
        lambda one: shapes.user(watcher, one),
        visible if wanted is not None or seen is not None else None,
        known_parameters=frozenset({"organization_id"}),
    )
    return Answer(body=listed(listing, request.query, watcher.switches))


@routes.add("POST", "/users", "client", "admin")
def add_user(watcher: Watcher, request: Request) -> Answer:
    """Make a user in an organization, or in the default one of the scope."""
    fields: Any = _fields(watcher, request)
    joins = fields_of(
        request.json_object(), {"pk": Field("organization_id", int)}, nulls_clear=False
    )
    pk = joins.get("pk") or _first_organization(watcher, request)
    if pk is not None:
        if pk not in watcher.state.organizations or not sees(watcher, request, pk):
            raise invalid("No such organization", "/organization_id")
        check_right(watcher, request, pk, "can_edit_users")
    user = watcher.users.add(by=request.login, **fields)
    if pk is not None:
        watcher.organizations.add_member(
            pk, user_id=user.id, rights=frozenset({"can_view_streams"}), by=request.login
        )
    return created(watcher, shapes.user(watcher, user))


def _first_organization(watcher: Watcher, request: Request) -> int | None:
    """Return the default organization, or in the client scope the first with users to manage."""
    organizations = watcher.state.organizations
    if request.base == "admin":
        default = [one.id for one in organizations.values() if one.is_default]
        return default[0] if default else None
    caller = request.caller
    for pk in sorted(watcher.state.organizations_of.get(caller.id, ())):
        if "can_edit_users" in organizations[pk].members[caller.id]:
            return pk
    raise forbidden("You need the right can_edit_users")


@routes.add("GET", "/users/{user_id}", "client", "admin")
def user(watcher: Watcher, request: Request) -> Answer:
    """Show a user."""
    check_manages(watcher, request, request.id("user_id"))
    return Answer(body=shapes.user(watcher, watcher.state.read_user(request.id("user_id"))))


@routes.add("PUT", "/users/{user_id}", "client", "admin")
def change_user(watcher: Watcher, request: Request) -> Answer:
    """Change what is sent of a user."""
    check_manages(watcher, request, request.id("user_id"))
    fields: Any = _fields(watcher, request)
    changed = watcher.users.change(request.id("user_id"), by=request.login, **fields)
    return Answer(body=shapes.user(watcher, changed))


@routes.add("DELETE", "/users/{user_id}", "client", "admin")
def remove_user(watcher: Watcher, request: Request) -> Answer:
    """Delete a user."""
    check_manages(watcher, request, request.id("user_id"))
    watcher.users.remove(request.id("user_id"), by=request.login)
    return deleted(watcher)


@routes.add("GET", "/messages", "client")
def messages(watcher: Watcher, request: Request) -> Answer:
    """List the messages to the caller and from the caller."""
    state, pk = watcher.state, request.caller.id
    shows_sent = watcher.switches.sent_messages == "shown"
    listing = Listing(
        "messages",
        "id",
        list(state.messages),
        watcher.users.message,
        lambda one: shapes.message(watcher, one),
        lambda one: pk == one.user_id or (pk == one.sender_id and shows_sent),
    )
    return Answer(body=listed(listing, request.query, watcher.switches))


@routes.add("POST", "/messages", "client")
def send(watcher: Watcher, request: Request) -> Answer:
    """Send a message; no phone is registered, so `devices` is 0."""
    fields = fields_of(request.json_object(), _MESSAGE, nulls_clear=False)
    for needed in ("user_id", "title", "body"):
        if needed not in fields:
            raise invalid("This is needed", f"/{needed}")
    check_manages(watcher, request, fields["user_id"])
    message = watcher.users.send(sender_id=request.caller.id, **fields)
    return created(watcher, {**shapes.message(watcher, message), "devices": 0})


@routes.add("GET", "/messages/{message_id}", "client")
def message(watcher: Watcher, request: Request) -> Answer:
    """Show a message."""
    return Answer(body=shapes.message(watcher, _message(watcher, request)))


@routes.add("PUT", "/messages/{message_id}", "client")
def change_message(watcher: Watcher, request: Request) -> Answer:
    """Mark a message as read."""
    one = _message(watcher, request)
    fields = fields_of(
        request.json_object(), {"was_read": Field("was_read", bool)}, nulls_clear=False
    )
    one.was_read = fields.get("was_read", one.was_read)
    return Answer(body=shapes.message(watcher, one))


@routes.add("DELETE", "/messages/{message_id}", "client")
def remove_message(watcher: Watcher, request: Request) -> Answer:
    """Delete a message."""
    del watcher.state.messages[_message(watcher, request).id]
    return deleted(watcher)


def _message(watcher: Watcher, request: Request) -> Any:
    one = watcher.users.message(request.id("message_id"))
    if request.caller.id not in {one.user_id, one.sender_id}:
        raise missing("No such message")
    return one
