"""Organizations, members, invitations and folders: the client scope only."""

from typing import Any

from watcher.standin.state.records import RIGHTS, Organization
from watcher.standin.state.refusals import forbidden, missing
from watcher.standin.state.watcher import Watcher
from watcher.standin.v3 import shapes
from watcher.standin.v3.answers import created, deleted, nulls_clear
from watcher.standin.web.bodies import Field, fields_of
from watcher.standin.web.lists import Listing, listed
from watcher.standin.web.messages import Answer, Request, Routes
from watcher.standin.web.rights import check_manages, organization_asked, organizations_seen

routes = Routes()

_ORGANIZATION = {
    "title": Field("title", str),
    "owner_id": Field("owner.id", int),
    "stream_limit": Field("limits.streams", int, None),
    "user_limit": Field("limits.users", int, None),
    "is_default": Field("is_default", bool, False),
}
_FOLDER_RIGHTS = {
    **dict.fromkeys(("can_view", "can_view_dvr", "can_use_ptz", "can_use_actions"), bool),
    "dvr_depth_limit": int,
}


def _shown(watcher: Watcher, request: Request, one: Organization) -> dict[str, Any]:
    return shapes.organization(watcher, one, request.user)


def _list(watcher: Watcher, request: Request, keys: list[int]) -> Answer:
    listing = Listing(
        "organizations",
        "id",
        keys,
        watcher.state.organization,
        lambda one: _shown(watcher, request, one),
        known_parameters=frozenset({"can_edit"}),
    )
    return Answer(body=listed(listing, request.query, watcher.switches))


@routes.add("GET", "/organizations", "client")
def organizations(watcher: Watcher, request: Request) -> Answer:
    """List the organizations that the caller sees."""
    seen = organizations_seen(watcher, request)
    keys = list(watcher.state.organizations) if seen is None else sorted(seen)
    return _list(watcher, request, keys)


@routes.add("POST", "/organizations", "client")
def add_organization(watcher: Watcher, request: Request) -> Answer:
    """Make an organization; without an owner the caller owns it."""
    fields: Any = fields_of(request.json_object(), _ORGANIZATION, nulls_clear=False)
    one = watcher.organizations.add(by=request.login, **fields)
    joins = request.caller.administers and watcher.switches.maker == "joins"
    if joins and request.caller.id not in one.members:
        watcher.organizations.add_member(one.id, user_id=request.caller.id, by=request.login)
    return created(watcher, _shown(watcher, request, one))


@routes.add("GET", "/organizations/{organization_id}", "client")
def organization(watcher: Watcher, request: Request) -> Answer:
    """Show an organization."""
    one = watcher.state.read_organization(organization_asked(watcher, request).id)
    return Answer(body=_shown(watcher, request, one))


@routes.add("PUT", "/organizations/{organization_id}", "client")
def change_organization(watcher: Watcher, request: Request) -> Answer:
    """Change what is sent of an organization."""
    one = organization_asked(watcher, request, "owner")
    fields: Any = fields_of(request.json_object(), _ORGANIZATION, nulls_clear=nulls_clear(watcher))
    watcher.organizations.change(one.id, by=request.login, **fields)
    return Answer(body=_shown(watcher, request, one))


@routes.add("DELETE", "/organizations/{organization_id}", "client")
def remove_organization(watcher: Watcher, request: Request) -> Answer:
    """Delete an organization; a switch says whether its cameras stop this."""
    watcher.organizations.remove(organization_asked(watcher, request, "owner").id, by=request.login)
    return deleted(watcher)


@routes.add("GET", "/users/{user_id}/organization", "client")
def organizations_of_user(watcher: Watcher, request: Request) -> Answer:
    """List the organizations of a user, or those where it may edit."""
    pk = request.id("user_id")
    check_manages(watcher, request, pk)
    organizations = watcher.state.organizations
    keys = sorted(watcher.state.organizations_of.get(pk, ()))
    if request.query.get("can_edit") == "true":
        keys = [one for one in keys if "can_edit_streams" in organizations[one].members[pk]]
    return _list(watcher, request, keys)


# --- Members -------------------------------------------------------------------------------------


@routes.add("GET", "/organizations/{organization_id}/users", "client")
def members(watcher: Watcher, request: Request) -> Answer:
    """List the members; their key is `users`."""
    one = organization_asked(watcher, request)
    listing = Listing(
        "users",
        "id",
        sorted(one.members),
        watcher.state.user,
        lambda user: shapes.member(watcher, one, user),
    )
    return Answer(body=listed(listing, request.query, watcher.switches))


@routes.add("GET", "/organizations/{organization_id}/users/{user_id}", "client")
def member(watcher: Watcher, request: Request) -> Answer:
    """Show a member."""
    one = organization_asked(watcher, request)
    if request.id("user_id") not in one.members:
        raise missing("No such user in this organization")
    user = watcher.state.user(request.id("user_id"))
    return Answer(body=shapes.member(watcher, one, user))


@routes.add("PUT", "/organizations/{organization_id}/users/{user_id}", "client")
def change_member(watcher: Watcher, request: Request) -> Answer:
    """Set the rights of a member; who is none becomes one."""
    one = organization_asked(watcher, request, "can_edit_users")
    user = watcher.state.user(request.id("user_id"))
    sent = _rights(request.json_object())
    held = one.members.get(user.id, frozenset())
    rights = frozenset(right for right in RIGHTS if sent.get(right, right in held))
    watcher.organizations.add_member(one.id, user_id=user.id, rights=rights, by=request.login)
    return Answer(body=shapes.member(watcher, one, user))


@routes.add("DELETE", "/organizations/{organization_id}/users/{user_id}", "client")
def remove_member(watcher: Watcher, request: Request) -> Answer:
    """Remove a member."""
    one = organization_asked(watcher, request, "can_edit_users")
    watcher.organizations.remove_member(one.id, user_id=request.id("user_id"), by=request.login)
    return deleted(watcher)


def _rights(body: dict[str, Any]) -> dict[str, bool]:
    return fields_of(body, {right: Field(right, bool) for right in RIGHTS}, nulls_clear=False)


@routes.add("POST", "/organizations/{organization_id}/invite", "client")
def invite(watcher: Watcher, request: Request) -> Answer:
    """Make an invitation; only the owner may."""
    one = organization_asked(watcher, request)
    if request.caller.id != one.owner_id:
        raise forbidden("Only the owner may invite")
    sent = request.json_object().get("permissions")
    rights = _rights(sent if isinstance(sent, dict) else {})
    key = watcher.organizations.invite(
        one.id, rights=frozenset(right for right, has in rights.items() if has)
    )
    return created(watcher, {"invite_key": key, "permissions": rights})


@routes.add("GET", "/organizations/invite/{invite_key}", "client")
def invitation(watcher: Watcher, request: Request) -> Answer:
    """Show to which organization an invitation is."""
    pk, _rights_given = watcher.organizations.invited_to(request.params["invite_key"])
    return Answer(body={"id": pk, "title": watcher.state.organization(pk).title})


@routes.add("PUT", "/organizations/invite/{invite_key}", "client")
def accept(watcher: Watcher, request: Request) -> Answer:
    """Join by an invitation."""
    watcher.organizations.accept(
        request.params["invite_key"], user_id=request.caller.id, by=request.login
    )
    return Answer(body={})


# --- Folders -------------------------------------------------------------------------------------

_FOLDERS = "/organizations/{organization_id}/folders"


@routes.add("GET", _FOLDERS, "client")
def folders(watcher: Watcher, request: Request) -> Answer:
    """List the folders of an organization."""
    one = organization_asked(watcher, request)
    keys = [pk for pk, folder in watcher.state.folders.items() if folder.organization_id == one.id]
    listing = Listing(
        "folders",
        "id",
        keys,
        lambda pk: watcher.organizations.folder(one.id, pk),
        lambda folder: shapes.folder(watcher, folder),
        needed=("id",),
    )
    return Answer(body=listed(listing, request.query, watcher.switches))


@routes.add("POST", _FOLDERS, "client")
def add_folder(watcher: Watcher, request: Request) -> Answer:
    """Make a folder."""
    one = organization_asked(watcher, request, "can_edit_streams")
    fields: Any = fields_of(
        request.json_object(),
        {"title": Field("title", str), "parent_id": Field("parent_id", int)},
        nulls_clear=False,
    )
    folder = watcher.organizations.add_folder(
        one.id,
        title=fields.get("title", ""),
        parent_id=fields.get("parent_id"),
        by=request.login,
    )
    return created(watcher, shapes.folder(watcher, folder))


@routes.add("GET", _FOLDERS + "/{folder_id}", "client")
def folder(watcher: Watcher, request: Request) -> Answer:
    """Show a folder."""
    one = watcher.organizations.folder(
        organization_asked(watcher, request).id, request.id("folder_id")
    )
    return Answer(body=shapes.folder(watcher, one))


@routes.add("PUT", _FOLDERS + "/{folder_id}", "client")
def change_folder(watcher: Watcher, request: Request) -> Answer:
    """Rename a folder."""
    organization = organization_asked(watcher, request, "can_edit_streams")
    one = watcher.organizations.folder(organization.id, request.id("folder_id"))
    fields = fields_of(request.json_object(), {"title": Field("title", str)}, nulls_clear=False)
    one.title = fields.get("title", one.title)
    return Answer(body=shapes.folder(watcher, one))


@routes.add("DELETE", _FOLDERS + "/{folder_id}", "client")
def remove_folder(watcher: Watcher, request: Request) -> Answer:
    """Delete a folder."""
    one = organization_asked(watcher, request, "can_edit_streams")
    watcher.organizations.remove_folder(one.id, folder_id=request.id("folder_id"), by=request.login)
    return deleted(watcher)


@routes.add("GET", _FOLDERS + "/{folder_id}/users", "client")
def folder_users(watcher: Watcher, request: Request) -> Answer:
    """List who has rights in a folder."""
    organization = organization_asked(watcher, request)
    one = watcher.organizations.folder(organization.id, request.id("folder_id"))
    listing = Listing(
        "users",
        "id",
        sorted(one.rights),
        watcher.state.user,
        lambda user: {"id": user.id, "name": user.name, "permissions": one.rights[user.id]},
    )
    return Answer(body=listed(listing, request.query, watcher.switches))


@routes.add("PUT", _FOLDERS + "/{folder_id}/users/{user_id}", "client")
def change_folder_user(watcher: Watcher, request: Request) -> Answer:
    """Set the rights of a user in a folder; `dvr_depth_limit` is seconds, 0 no limit."""
    organization = organization_asked(watcher, request, "can_edit_users")
    one = watcher.organizations.folder(organization.id, request.id("folder_id"))
    user = watcher.state.user(request.id("user_id"))
    known = {name: Field(name, kind) for name, kind in _FOLDER_RIGHTS.items()}
    sent = fields_of(request.json_object(), known, nulls_clear=False)
    one.rights[user.id] = {**one.rights.get(user.id, {}), **sent}
    return Answer(body={"id": user.id, "name": user.name, "permissions": one.rights[user.id]})


@routes.add("DELETE", _FOLDERS + "/{folder_id}/users/{user_id}", "client")
def remove_folder_user(watcher: Watcher, request: Request) -> Answer:
    """Take the rights of a user in a folder."""
    organization = organization_asked(watcher, request, "can_edit_users")
    one = watcher.organizations.folder(organization.id, request.id("folder_id"))
    if one.rights.pop(request.id("user_id"), None) is None:
        raise missing("No such user in this folder")
    return deleted(watcher)
