"""Users of API v2."""

import csv
import io
from typing import Any

from watcher.standin.state.records import User
from watcher.standin.state.refusals import RefusedError, forbidden, invalid
from watcher.standin.state.watcher import Watcher
from watcher.standin.v2.arrays import array
from watcher.standin.web.bodies import Field, fields_of
from watcher.standin.web.messages import Answer, Request, Routes
from watcher.standin.web.rights import check_manages, check_right, manages_users

routes = Routes()

_USER = {
    "name": Field("login", str),
    "fullname": Field("name", str),
    "note": Field("note", str),
    "email": Field("notification_email", str),
    "phone": Field("phone", str),
    "external_id": Field("external_id", str),
    "max_sessions": Field("max_sessions", int),
    "password": Field("password", str),
}


def _shown(one: User) -> dict[str, Any]:
    return {
        "id": one.id,
        "login": one.name,
        "name": one.fullname,
        "enabled": not one.disabled,
        "is_admin": one.administers,
        "note": one.note,
        "notification_email": one.email,
        "phone": one.phone,
        "external_id": one.external_id,
        "max_sessions": one.max_sessions,
    }


def _fields(request: Request) -> Any:
    body = request.json_object()
    flags = {"enabled": Field("enabled", bool), "is_admin": Field("is_admin", bool)}
    fields = fields_of(body, {**_USER, **flags}, nulls_clear=False)
    if "enabled" in fields:
        fields["disabled"] = not fields.pop("enabled")
    if "is_admin" in fields:
        if not request.has_all_rights and not (request.user and request.user.administers):
            raise forbidden("Only administrators may set this")
        fields["access_level"] = "admin" if fields.pop("is_admin") else "generic"
    return fields


@routes.add("GET", "/users", "v2")
def users(watcher: Watcher, request: Request) -> Answer:
    """List the users whom the caller may change."""
    rows = (one for pk, one in watcher.state.users.items() if manages_users(watcher, request, pk))
    return array(watcher, request, rows, _shown, searched=("login", "name", "note"))


@routes.add("POST", "/users", "v2")
def add_user(watcher: Watcher, request: Request) -> Answer:
    """Make a user, in an organization if one is sent."""
    fields = _fields(request)
    joins = fields_of(
        request.json_object(), {"pk": Field("organization_id", int)}, nulls_clear=False
    )
    pk = joins.get("pk")
    if pk is not None:
        check_right(watcher, request, pk, "can_edit_users")
    elif not request.has_all_rights and not (request.user and request.user.administers):
        raise forbidden("Only administrators may add users to no organization")
    user = watcher.users.add(by=request.login, **fields)
    if pk is not None:
        watcher.organizations.add_member(
            pk, user_id=user.id, rights=frozenset({"can_view_streams"}), by=request.login
        )
    return Answer(body=_shown(user))


@routes.add("GET", "/users/{user_id}", "v2")
def user(watcher: Watcher, request: Request) -> Answer:
    """Show a user with the organizations."""
    pk = request.id("user_id")
    check_manages(watcher, request, pk)
    state = watcher.state
    joined = [state.organizations[one] for one in sorted(state.organizations_of.get(pk, ()))]
    organizations = [{"id": one.id, "title": one.title} for one in joined]
    return Answer(body={**_shown(state.read_user(pk)), "organizations": organizations})


@routes.add("PUT", "/users/{user_id}", "v2")
def change_user(watcher: Watcher, request: Request) -> Answer:
    """Change what is sent of a user."""
    check_manages(watcher, request, request.id("user_id"))
    fields = _fields(request)
    return Answer(
        body=_shown(watcher.users.change(request.id("user_id"), by=request.login, **fields))
    )


@routes.add("DELETE", "/users/{user_id}", "v2")
def remove_user(watcher: Watcher, request: Request) -> Answer:
    """Delete a user."""
    check_manages(watcher, request, request.id("user_id"))
    watcher.users.remove(request.id("user_id"), by=request.login)
    return Answer(body={"success": True})


@routes.add("POST", "/users/import", "v2")
def import_users(watcher: Watcher, request: Request) -> Answer:
    """Make and change users of a CSV file or an array; errors are by the number of the row."""
    if not request.has_all_rights and not (request.user and request.user.administers):
        raise forbidden("Only administrators may import users")
    created, updated, errors = 0, 0, {}
    for number, row in enumerate(imported_rows(request)):
        try:
            known = watcher.state.logins.get(str(row.get("login") or ""))
            fields = _imported_fields(row)
            if known is None:
                watcher.users.add(by=request.login, **fields)
                created += 1
            else:
                watcher.users.change(known, by=request.login, **fields)
                updated += 1
        except RefusedError as error:
            errors[str(number)] = f"{error.title} {error.pointer}"
    return Answer(body={"created": created, "updated": updated, "deleted": 0, "errors": errors})


def _imported_fields(row: dict[str, Any]) -> Any:
    fields: dict[str, Any] = {
        ours: str(row[theirs])
        for theirs, ours in (
            ("login", "name"),
            ("email", "email"),
            ("password", "password"),
            ("note", "note"),
        )
        if row.get(theirs)
    }
    for name, ours in (("is_active", "disabled"), ("is_admin", "access_level")):
        value = str(row.get(name, "")).lower()
        if not value:
            continue
        if value not in {"true", "false", "1", "0"}:
            raise invalid("This is true or false", f"/{name}")
        yes = value in {"true", "1"}
        fields[ours] = not yes if ours == "disabled" else ("admin" if yes else "generic")
    return fields


def imported_rows(request: Request) -> list[dict[str, Any]]:
    """Return the rows of a CSV file or a JSON array.

    Raises:
        RefusedError: for JSON that is not an array of objects.
    """
    if request.headers.get("content-type", "").startswith("application/json"):
        sent = request.json()
        if not isinstance(sent, list) or not all(isinstance(one, dict) for one in sent):
            raise invalid("This is an array of objects", "")
        return sent
    text = request.body.decode("utf-8-sig", "replace")
    return [
        {name: value for name, value in row.items() if isinstance(name, str)}
        for row in csv.DictReader(io.StringIO(text))
    ]
