"""Cameras of API v2: archive in days and GB, and no instants."""

import re
from secrets import token_hex
from typing import Any

from watcher.standin.state.cameras import ImportedRow
from watcher.standin.state.records import Camera
from watcher.standin.state.refusals import invalid, missing
from watcher.standin.state.watcher import Watcher
from watcher.standin.v2.arrays import array
from watcher.standin.v2.users import imported_rows
from watcher.standin.v3.streams import days_and_gigabytes
from watcher.standin.web.bodies import Field, fields_of
from watcher.standin.web.messages import Answer, Request, Routes
from watcher.standin.web.rights import check_right, organizations_seen, sees

routes = Routes()

_CAMERA = {
    "title": Field("title", str),
    "comment": Field("comment", str),
    "organization_id": Field("organization_id", int),
    "folder_id": Field("folder_id", int),
    "preset_id": Field("preset_id", int),
    "enabled": Field("enabled", bool),
    "static": Field("static", bool),
    "postal_address": Field("postal_address", str),
    "stream_url": Field("stream_url", str),
    "substream_url": Field("substream_url", str),
}
_RIGHT = "can_edit_streams"


def _shown(watcher: Watcher, one: Camera) -> dict[str, Any]:
    dvr = watcher.cameras.effective_dvr(one)
    alive = one.status == "running" and not one.disabled
    urls = (*one.inputs, None, None)
    return {
        "name": one.name,
        "title": one.title,
        "comment": one.comment,
        "organization_id": one.organization_id,
        "folder_id": one.folder_id,
        "preset_id": one.preset_id,
        "enabled": not one.disabled,
        "static": one.static,
        "dvr_depth": _whole(dvr.get("expiration", 0) / 86_400),
        "dvr_space": _whole(dvr.get("storage_limit", 0) / watcher.switches.gigabyte),
        "access": "private",
        "stream_url": urls[0],
        "substream_url": urls[1],
        "postal_address": one.postal_address,
        "coordinates": "",
        "stream_status": {
            "alive": alive,
            "bitrate": 2048 if alive else 0,
            "lifetime": max(0, watcher.clock.now_ms() - one.since) if alive else 0,
            "server": "standin",
            "source_error": "no data" if one.status == "error" else None,
        },
    }


def _whole(number: float) -> float:
    return int(number) if number.is_integer() else number


@routes.add("GET", "/cameras", "v2")
def cameras(watcher: Watcher, request: Request) -> Answer:
    """List the cameras that the caller sees, or those of an organization."""
    state = watcher.state
    seen = organizations_seen(watcher, request)
    wanted = request.query.get("organization_id")
    if wanted is not None and watcher.switches.v2_organization_filter == "applied":
        if not wanted.isdecimal():
            raise invalid("This is a number", "/organization_id")
        seen = {int(wanted)} if seen is None else {int(wanted)} & seen
    rows = (
        camera
        for camera in map(state.cameras.__getitem__, state.names)
        if seen is None or camera.organization_id in seen
    )
    return array(
        watcher,
        request,
        rows,
        lambda one: _shown(watcher, one),
        searched=("name", "title", "comment"),
    )


def _fields(watcher: Watcher, body: dict[str, Any]) -> dict[str, Any]:
    fields = fields_of(body, _CAMERA, nulls_clear=False)
    if "enabled" in fields:
        fields["disabled"] = not fields.pop("enabled")
    dvr = days_and_gigabytes(body, watcher.switches.gigabyte)
    if dvr:
        fields["dvr"] = dvr
    urls = [fields.pop(name, None) for name in ("stream_url", "substream_url")]
    if any(urls):
        fields["inputs"] = tuple(url for url in urls if url)
    return fields


def _check_owner(watcher: Watcher, request: Request, fields: dict[str, Any]) -> None:
    pk = fields.get("organization_id")
    if pk is None:
        return
    if pk not in watcher.state.organizations or not sees(watcher, request, pk):
        raise invalid("No such organization", "/organization_id")
    check_right(watcher, request, pk, _RIGHT)


def _new_name(title: str) -> str:
    """Return the title for use in addresses plus a random ending."""
    return f"{re.sub(r'[^a-z0-9]+', '-', title.lower()).strip('-') or 'camera'}-{token_hex(2)}"


@routes.add("POST", "/cameras", "v2")
def add_camera(watcher: Watcher, request: Request) -> Answer:
    """Make a camera; without a name it gets one."""
    body = request.json_object()
    fields: Any = _fields(watcher, body)
    name = body.get("name") or _new_name(fields.get("title", ""))
    if not isinstance(name, str):
        raise invalid("This is a string", "/name")
    _check_owner(watcher, request, fields)
    return Answer(body=_shown(watcher, watcher.cameras.add(name, by=request.login, **fields)))


def _asked(watcher: Watcher, request: Request) -> Camera:
    camera = watcher.state.camera(request.params["name"])
    if not sees(watcher, request, camera.organization_id):
        raise missing("No such camera")
    return camera


@routes.add("GET", "/cameras/{name+}", "v2")
def camera(watcher: Watcher, request: Request) -> Answer:
    """Show a camera."""
    return Answer(body=_shown(watcher, _asked(watcher, request)))


@routes.add("PUT", "/cameras/{name+}", "v2")
def change_camera(watcher: Watcher, request: Request) -> Answer:
    """Change what is sent of a camera."""
    one, body = _asked(watcher, request), request.json_object()
    if body.get("name", one.name) != one.name:
        raise invalid("A name never changes", "/name")
    check_right(watcher, request, one.organization_id, _RIGHT)
    fields: Any = _fields(watcher, body)
    _check_owner(watcher, request, fields)
    watcher.cameras.change(one.name, by=request.login, **fields)
    return Answer(body=_shown(watcher, one))


@routes.add("DELETE", "/cameras/{name+}", "v2")
def remove_camera(watcher: Watcher, request: Request) -> Answer:
    """Delete a camera."""
    one = _asked(watcher, request)
    check_right(watcher, request, one.organization_id, _RIGHT)
    watcher.cameras.remove(one.name, by=request.login)
    return Answer(body={"success": True})


@routes.add("POST", "/cameras/import", "v2")
@routes.add("POST", "/api/interchange/usercameras", "vsaas")
def import_cameras(watcher: Watcher, request: Request) -> Answer:
    """Make and change cameras of a CSV file or an array, all or none."""
    rows = []
    for number, sent in enumerate(imported_rows(request)):
        fields: Any = _fields(watcher, _typed(sent, number))
        name = str(sent.get("name") or "") or _new_name(fields.get("title", ""))
        known = watcher.state.cameras.get(name)
        if known is not None:
            check_right(watcher, request, known.organization_id, _RIGHT)
        _check_owner(watcher, request, fields)
        rows.append(ImportedRow(name, fields))
    made = [row.name not in watcher.state.cameras for row in rows]
    created, updated = watcher.cameras.import_rows(rows, by=request.login)
    return Answer(
        body={
            "success": True,
            "zc": created,
            "zu": updated,
            "cameras": [
                {"name": row.name, "created": new} for row, new in zip(rows, made, strict=True)
            ],
            "users": [],
        }
    )


def _typed(row: dict[str, Any], number: int) -> dict[str, Any]:
    """Turn the cells of a CSV row into numbers and booleans; an empty cell is absent."""
    typed: dict[str, Any] = {}
    for name, value in row.items():
        field = _CAMERA.get(name)
        is_number = name in {"dvr_depth", "dvr_space"} or (field and field.kind is int)
        if value in (None, ""):
            continue
        if not isinstance(value, str):
            typed[name] = value
        elif is_number:
            if not re.fullmatch(r"\d+(\.\d+)?", value):
                raise invalid("This is a number", f"/{number}/{name}")
            typed[name] = float(value) if "." in value else int(value)
        elif field and field.kind is bool:
            typed[name] = value.lower() in {"true", "1"}
        else:
            typed[name] = value
    return typed
