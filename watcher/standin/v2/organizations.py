"""Organizations, members and folders of API v2."""

from typing import Any

from watcher.standin.state.records import Folder, Organization
from watcher.standin.state.refusals import forbidden, invalid
from watcher.standin.state.watcher import Watcher
from watcher.standin.v2.arrays import array
from watcher.standin.web.bodies import Field, fields_of
from watcher.standin.web.messages import Answer, Request, Routes
from watcher.standin.web.rights import organization_asked, organizations_seen

routes = Routes()

_ORGANIZATION = {
    "title": Field("title", str),
    "note": Field("note", str),
    "owner_id": Field("owner_id", int),
    "stream_limit": Field("camera_limit", int),
    "user_limit": Field("user_limit", int),
    "dvr_limit": Field("dvr_limit", int),
}
_RIGHTS = {
    "can_view_organization_stats": "can_view_stats",
    "can_edit_organization_cameras": "can_edit_streams",
    "can_edit_organization_users": "can_edit_users",
}
_ONE = "/organizations/{organization_id}"


def _shown(watcher: Watcher, one: Organization) -> dict[str, Any]:
    return {
        "id": one.id,
        "title": one.title,
        "note": one.note,
        "owner_id": one.owner_id,
        "camera_limit": one.stream_limit,
        "user_limit": one.user_limit,
        "dvr_limit": one.dvr_limit,
        "camera_count": watcher.state.streams_in[one.id],
        "user_count": len(one.members),
        "mosaic_count": 0,
        "can_view_stats": True,
        "domain": {"id": 1, "title": "Default"},
    }


@routes.add("GET", "/organizations", "v2")
@routes.add("GET", "/domains/1/organizations", "v2")
def organizations(watcher: Watcher, request: Request) -> Answer:
    """List the organizations that the caller sees."""
    seen = organizations_seen(watcher, request)
    every = watcher.state.organizations
    rows = (every[pk] for pk in (every if seen is None else sorted(seen)))
    return array(
        watcher, request, rows, lambda one: _shown(watcher, one), searched=("title", "note")
    )


@routes.add("POST", "/organizations", "v2")
def add_organization(watcher: Watcher, request: Request) -> Answer:
    """Make an organization."""
    if not request.has_all_rights and not (request.user and request.user.administers):
        raise forbidden("Only administrators may add organizations")
    fields: Any = fields_of(request.json_object(), _ORGANIZATION, nulls_clear=False)
    one = watcher.organizations.add(by=request.login, **fields)
    return Answer(body=_shown(watcher, one))


@routes.add("GET", _ONE, "v2")
def organization(watcher: Watcher, request: Request) -> Answer:
    """Show an organization."""
    one = organization_asked(watcher, request)
    return Answer(body=_shown(watcher, watcher.state.read_organization(one.id)))


@routes.add("PUT", _ONE, "v2")
def change_organization(watcher: Watcher, request: Request) -> Answer:
    """Change what is sent of an organization."""
    one = organization_asked(watcher, request, "owner")
    fields: Any = fields_of(request.json_object(), _ORGANIZATION, nulls_clear=False)
    watcher.organizations.change(one.id, by=request.login, **fields)
    return Answer(body=_shown(watcher, one))


@routes.add("DELETE", _ONE, "v2")
def remove_organization(watcher: Watcher, request: Request) -> Answer:
    """Delete an organization; the header `force: 1` deletes its cameras too."""
    one = organization_asked(watcher, request, "owner")
    force = request.headers.get("force") == "1"
    watcher.organizations.remove(one.id, by=request.login, force=force)
    return Answer(body={"success": True})


@routes.add("GET", _ONE + "/users", "v2")
def members(watcher: Watcher, request: Request) -> Answer:
    """List the members of an organization."""
    one = organization_asked(watcher, request)
    return array(watcher, request, sorted(one.members), lambda pk: _member(one, pk))


@routes.add("POST", _ONE + "/users", "v2")
def add_member(watcher: Watcher, request: Request) -> Answer:
    """Add a member, or set the rights of one."""
    one = organization_asked(watcher, request, "can_edit_users")
    known = {"user_id": Field("user_id", int), **{k: Field(k, bool) for k in _RIGHTS}}
    sent = fields_of(request.json_object(), known, nulls_clear=False)
    if sent.get("user_id") not in watcher.state.users:
        raise invalid("No such user", "/user_id")
    rights = {ours for theirs, ours in _RIGHTS.items() if sent.get(theirs)}
    watcher.organizations.add_member(
        one.id,
        user_id=sent["user_id"],
        rights=frozenset(rights | {"can_view_streams"}),
        by=request.login,
    )
    return Answer(body=_member(one, sent["user_id"]))


def _member(one: Organization, pk: int) -> dict[str, Any]:
    rights = {theirs: ours in one.members[pk] for theirs, ours in _RIGHTS.items()}
    return {"user_id": pk, **rights, "folders_permissions": []}


# --- Folders -------------------------------------------------------------------------------------


@routes.add("GET", _ONE + "/folders", "v2")
def folders(watcher: Watcher, request: Request) -> Answer:
    """List the folders of an organization."""
    one = organization_asked(watcher, request)
    rows = (folder for folder in watcher.state.folders.values() if folder.organization_id == one.id)
    return array(watcher, request, rows, _folder, searched=("title",))


@routes.add("POST", _ONE + "/folders", "v2")
def add_folder(watcher: Watcher, request: Request) -> Answer:
    """Make a folder."""
    one = organization_asked(watcher, request, "can_edit_streams")
    known = {"title": Field("title", str), "parent_id": Field("parent_id", int)}
    sent: Any = fields_of(request.json_object(), known, nulls_clear=False)
    folder = watcher.organizations.add_folder(
        one.id, title=sent.get("title", ""), parent_id=sent.get("parent_id"), by=request.login
    )
    return Answer(body=_folder(folder))


@routes.add("GET", _ONE + "/folders/{folder_id}", "v2")
def folder(watcher: Watcher, request: Request) -> Answer:
    """Show a folder."""
    one = organization_asked(watcher, request)
    return Answer(body=_folder(watcher.organizations.folder(one.id, request.id("folder_id"))))


@routes.add("PUT", _ONE + "/folders/{folder_id}", "v2")
def change_folder(watcher: Watcher, request: Request) -> Answer:
    """Rename a folder."""
    one = organization_asked(watcher, request, "can_edit_streams")
    folder = watcher.organizations.folder(one.id, request.id("folder_id"))
    sent = fields_of(request.json_object(), {"title": Field("title", str)}, nulls_clear=False)
    folder.title = sent.get("title", folder.title)
    return Answer(body=_folder(folder))


@routes.add("DELETE", _ONE + "/folders/{folder_id}", "v2")
def remove_folder(watcher: Watcher, request: Request) -> Answer:
    """Delete a folder."""
    one = organization_asked(watcher, request, "can_edit_streams")
    watcher.organizations.remove_folder(one.id, folder_id=request.id("folder_id"), by=request.login)
    return Answer(body={"success": True})


@routes.add("POST", _ONE + "/folders/{folder_id}/users", "v2")
def add_folder_user(watcher: Watcher, request: Request) -> Answer:
    """Give a user rights in a folder."""
    one = organization_asked(watcher, request, "can_edit_users")
    folder = watcher.organizations.folder(one.id, request.id("folder_id"))
    names = ("can_view_dvr", "can_use_ptz", "can_use_actions")
    known = {"user_id": Field("user_id", int), **{name: Field(name, bool) for name in names}}
    sent = fields_of(request.json_object(), known, nulls_clear=False)
    if sent.get("user_id") not in watcher.state.users:
        raise invalid("No such user", "/user_id")
    folder.rights[sent["user_id"]] = {name: sent.get(name, False) for name in names}
    return Answer(body={"user_id": sent["user_id"], **folder.rights[sent["user_id"]]})


def _folder(one: Folder) -> dict[str, Any]:
    shown: dict[str, Any] = {"id": one.id, "title": one.title}
    return shown if one.parent_id is None else shown | {"parent_id": one.parent_id}
