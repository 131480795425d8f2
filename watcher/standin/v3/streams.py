"""Cameras, which API v3 calls streams."""

import csv
import io
from typing import Any

from watcher.standin.state.cameras import DEFAULTS, ImportedRow
from watcher.standin.state.records import Camera
from watcher.standin.state.refusals import invalid, missing
from watcher.standin.state.watcher import Watcher
from watcher.standin.v3 import shapes
from watcher.standin.v3.answers import deleted, nulls_clear
from watcher.standin.web.bodies import Field, dvr_of, fields_of, vision_of
from watcher.standin.web.lists import Listing, listed
from watcher.standin.web.messages import Answer, Request, Routes
from watcher.standin.web.rights import check_right, organizations_seen, sees

routes = Routes()

_STREAM = {
    "title": Field("title", str, ""),
    "comment": Field("comment", str, ""),
    "postal_address": Field("postal_address", str, ""),
    "disabled": Field("disabled", bool, False),
    "static": Field("static", bool, True),
    "folder_id": Field("folder_id", int, None),
}
_OBJECTS = {
    "organization_id": Field("organization.id", int),
    "preset_id": Field("preset.id", int),
}
_FIELDS = {
    "organization_id": Field("organization_id", int),
    "preset_id": Field("preset_id", int),
}
_RIGHT = "can_edit_streams"


def _shown(watcher: Watcher, request: Request, camera: Camera) -> dict[str, Any]:
    return shapes.Streams(watcher, admin=request.base == "admin").show(camera)


@routes.add("GET", "/streams", "client", "admin")
def streams(watcher: Watcher, request: Request) -> Answer:
    """List cameras: all, or those of the organizations that the caller sees."""
    state = watcher.state
    seen = organizations_seen(watcher, request)
    count = len(state.names) if seen is None else sum(state.streams_in.get(pk, 0) for pk in seen)

    def visible(camera: Camera) -> bool:
        return seen is None or camera.organization_id in seen

    # A filter or an order by a field needs the field, whether it is selected or not.
    is_simple = request.query.keys() <= {"select", "limit", "cursor"} | (
        {"sort"} if request.query.get("sort") in {"name", "-name"} else set()
    )
    selected = request.query.get("select", "") if is_simple else ""
    wanted = frozenset(path.partition(".")[0] for path in selected.split(",")) if selected else None
    shape = shapes.Streams(watcher, admin=request.base == "admin", wanted=wanted)

    listing = Listing(
        "streams",
        "name",
        state.names,
        state.cameras.__getitem__,
        shape.show,
        None if seen is None else visible,
        _found,
        count,
        needed=("name",),
        known_parameters=frozenset({"preferred_zones", "required_zones"}),
    )
    return Answer(body=listed(listing, request.query, watcher.switches))


def _found(camera: Camera, text: str) -> bool:
    return any(text in part.lower() for part in (camera.name, camera.title, *camera.inputs))


def _name(watcher: Watcher, request: Request) -> str:
    """Return the name on the path; a switch says how its slashes are to be written."""
    name = request.params["name"]
    written_plain = name.count("/") == request.path.removeprefix("/streams/").count("/")
    wanted = watcher.switches.slash_in_names
    if "/" in name and wanted != "both" and written_plain != (wanted == "plain"):
        raise missing("No such stream")
    return name


@routes.add("GET", "/streams/{name+}", "client", "admin")
def stream(watcher: Watcher, request: Request) -> Answer:
    """Show a camera."""
    camera = watcher.state.read_camera(_name(watcher, request))
    if not sees(watcher, request, camera.organization_id):
        raise missing("No such stream")
    return Answer(body=_shown(watcher, request, camera))


@routes.add("PUT", "/streams/{name+}", "client", "admin")
def put_stream(watcher: Watcher, request: Request) -> Answer:
    """Make the camera if the name is new, else change what is sent."""
    name, body = _name(watcher, request), request.json_object()
    if body.get("name", name) != name:
        raise invalid("A name never changes", "/name")
    fields: Any = _fields(watcher, body)
    if body.get("$reset") is True:
        fields = {**DEFAULTS, **fields}
    camera = watcher.state.cameras.get(name)
    if camera is None:
        if "organization_id" not in fields:
            fields["organization_id"] = _first_organization(watcher, request)
        _check_owner(watcher, request, fields["organization_id"])
        camera = watcher.cameras.add(name, by=request.login, **fields)
    else:
        check_right(watcher, request, camera.organization_id, _RIGHT)
        if fields.get("organization_id", camera.organization_id) != camera.organization_id:
            check_right(watcher, request, camera.organization_id, "owner")
            _check_owner(watcher, request, fields["organization_id"])
        watcher.cameras.change(name, by=request.login, **fields)
    return Answer(body=_shown(watcher, request, camera))


@routes.add("DELETE", "/streams/{name+}", "client", "admin")
def remove_stream(watcher: Watcher, request: Request) -> Answer:
    """Delete a camera."""
    camera = watcher.state.camera(_name(watcher, request))
    if not sees(watcher, request, camera.organization_id):
        raise missing("No such stream")
    check_right(watcher, request, camera.organization_id, _RIGHT)
    watcher.cameras.remove(camera.name, by=request.login)
    return deleted(watcher)


def _fields(watcher: Watcher, body: dict[str, Any]) -> dict[str, Any]:
    clears, references = nulls_clear(watcher), watcher.switches.references
    fields = fields_of(body, _STREAM, nulls_clear=clears)
    if references != "objects":
        fields |= fields_of(body, _FIELDS, nulls_clear=False)
    if references != "fields":
        fields |= fields_of(body, _OBJECTS, nulls_clear=False)
    for name, key, read in (("dvr", "dvr", dvr_of), ("vision_alg", "vision", vision_of)):
        if body.get(key) is not None:
            fields[name] = read(body[key])
        elif key in body and clears:
            fields[name] = None
    if body.get("inputs") is not None:
        fields["inputs"] = _inputs(body["inputs"])
    return fields


def _inputs(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise invalid("This is an array", "/inputs")
    for number, one in enumerate(value):
        if not isinstance(one, dict) or not isinstance(one.get("url"), str):
            raise invalid("An input has a url", f"/inputs/{number}/url")
    return tuple(one["url"] for one in value)


def _first_organization(watcher: Watcher, request: Request) -> int:
    seen = organizations_seen(watcher, request)
    for one in watcher.state.organizations.values():
        if one.is_default if seen is None else one.id in seen:
            return one.id
    raise invalid("An organization is needed", "/organization/id")


def _check_owner(watcher: Watcher, request: Request, organization_id: int) -> None:
    """Refuse an organization that the caller does not see, or where it may not edit."""
    if organization_id not in watcher.state.organizations or not sees(
        watcher, request, organization_id
    ):
        raise invalid("No such organization", "/organization/id")
    check_right(watcher, request, organization_id, _RIGHT)


@routes.add("POST", "/streams/multiedit", "client", "admin")
def multiedit(watcher: Watcher, request: Request) -> Answer:
    """Change preset and archive of several cameras, all or none."""
    sent = request.json_object().get("streams")
    if not isinstance(sent, list):
        raise invalid("This is an array", "/streams")
    rows = []
    for number, one in enumerate(sent):
        if not isinstance(one, dict) or not isinstance(one.get("name"), str):
            raise invalid("A name is needed", f"/streams/{number}/name")
        fields: Any = fields_of(one, {"preset_id": Field("preset_id", int)}, nulls_clear=False)
        if one.get("dvr") is not None:
            fields["dvr"] = dvr_of(one["dvr"], f"/streams/{number}/dvr")
        camera = watcher.state.cameras.get(one["name"])
        if camera is not None:
            if not sees(watcher, request, camera.organization_id):
                raise invalid("No such stream", f"/streams/{number}/name")
            check_right(watcher, request, camera.organization_id, _RIGHT)
        rows.append(ImportedRow(one["name"], fields))
    watcher.cameras.edit_many(rows, by=request.login)
    return Answer(body={})


# --- Import and agents ---------------------------------------------------------------------------


@routes.add("POST", "/streams/import", "client")
def import_streams(watcher: Watcher, request: Request) -> Answer:
    """Make and change the cameras of a CSV file, all or none."""
    rows = []
    for number, one in enumerate(_imported(watcher, request)):
        fields = _imported_fields(one, number)
        known = watcher.state.cameras.get(one.get("name") or "")
        if known is not None:
            if not sees(watcher, request, known.organization_id):
                raise invalid("The name is taken", f"/{number}/name")
            check_right(watcher, request, known.organization_id, _RIGHT)
        elif "organization_id" not in fields:
            fields["organization_id"] = _first_organization(watcher, request)
        if "organization_id" in fields:
            _check_owner(watcher, request, fields["organization_id"])
        rows.append(ImportedRow(one.get("name") or "", fields))
    created, updated = watcher.cameras.import_rows(rows, by=request.login)
    return Answer(body={"created": created, "updated": updated})


def _imported(watcher: Watcher, request: Request) -> list[dict[str, str]]:
    if request.headers.get("content-type", "").startswith("application/json"):
        if watcher.switches.import_json == "refused":
            raise invalid("Send a CSV file", "")
        sent = request.json()
        if not isinstance(sent, list) or not all(isinstance(one, dict) for one in sent):
            raise invalid("This is an array of objects", "")
        return [{k: "" if v is None else str(v) for k, v in one.items()} for one in sent]
    text = request.body.decode("utf-8-sig", "replace")
    return [
        {k: v for k, v in row.items() if isinstance(k, str) and isinstance(v, str)}
        for row in csv.DictReader(io.StringIO(text))
    ]


def _imported_fields(row: dict[str, str], number: int) -> Any:
    """Return what a row sets; an empty cell sets nothing.

    Raises:
        RefusedError: with a pointer to a cell that cannot be read.
    """
    cells = {name: text for name, text in row.items() if text}
    fields: dict[str, Any] = {k: cells[k] for k in ("title", "comment") if k in cells}
    for name in {"static", "disabled"} & cells.keys():
        if cells[name].lower() not in {"true", "false"}:
            raise invalid("This is true or false", f"/{number}/{name}")
        fields[name] = cells[name].lower() == "true"
    numbers = {}
    for name, text in cells.items():
        if name.startswith("dvr_") or name in {"organization_id", "nvr_id"}:
            if not text.isdecimal():
                raise invalid("This is a number", f"/{number}/{name}")
            numbers[name] = int(text)
    dvr = {name.removeprefix("dvr_"): n for name, n in numbers.items() if name[:4] == "dvr_"}
    if dvr:
        fields["dvr"] = dvr_of(dvr, f"/{number}/dvr")
    if "vision_alg" in cells:
        fields["vision_alg"] = vision_of({"alg": cells["vision_alg"]})
    inputs = tuple(cells[one] for one in ("inputs_0_url", "inputs_1_url") if one in cells)
    if inputs:
        fields["inputs"] = inputs
    return fields | {k: numbers[k] for k in ("organization_id", "nvr_id") if k in numbers}


@routes.add("POST", "/agent_activation_token", "client")
def agent_activation_token(watcher: Watcher, request: Request) -> Answer:
    """Make a token with which a phone adds a camera; the units are days and GB, as in v2."""
    known = {
        **_FIELDS,
        "title": Field("title", str),
        "comment": Field("comment", str),
        "folder_id": Field("folder_id", int),
        "static": Field("static", bool),
        "enabled": Field("enabled", bool),
    }
    body = request.json_object()
    fields: Any = fields_of(body, known, nulls_clear=False)
    fields["disabled"] = not fields.pop("enabled", True)
    _check_owner(
        watcher,
        request,
        fields.setdefault("organization_id", _first_organization(watcher, request)),
    )
    fields["dvr"] = days_and_gigabytes(body, watcher.switches.gigabyte)
    token = watcher.cameras.prepare_agent(by=request.login, **fields)
    return Answer(body={"token": token})


def days_and_gigabytes(body: dict[str, Any], gigabyte: int) -> Any:
    """Return archive settings of `dvr_depth` in days and `dvr_space` in GB, or None.

    Raises:
        RefusedError: for what is not a number of at least 0.
    """
    dvr = {}
    for name, ours, unit in (
        ("dvr_depth", "expiration", 86_400),
        ("dvr_space", "storage_limit", gigabyte),
    ):
        value = body.get(name)
        if value is None:
            continue
        if isinstance(value, bool) or not isinstance(value, int | float) or value < 0:
            raise invalid("This is a number of at least 0", f"/{name}")
        dvr[ours] = round(value * unit)
    return dvr or None
