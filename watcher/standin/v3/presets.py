"""Presets, and which organizations may use them."""

from typing import Any

from watcher.standin.state.records import Dvr, Preset
from watcher.standin.state.refusals import forbidden, invalid
from watcher.standin.state.watcher import Watcher
from watcher.standin.v3 import shapes
from watcher.standin.v3.answers import created, deleted, nulls_clear
from watcher.standin.web.bodies import Field, dvr_of, fields_of, vision_of
from watcher.standin.web.lists import Listing, listed
from watcher.standin.web.messages import Answer, Request, Routes
from watcher.standin.web.rights import check_sees

routes = Routes()

_PRESET = {
    "title": Field("title", str),
    "is_adjustable": Field("is_adjustable", bool, False),
    "is_default": Field("is_default", bool, False),
}


def _shown(watcher: Watcher, request: Request, one: Preset) -> dict[str, Any]:
    return shapes.preset(watcher, one, admin=request.base == "admin")


@routes.add("GET", "/presets", "client", "admin")
def presets(watcher: Watcher, request: Request) -> Answer:
    """List the presets that are not deleted, or those that an organization may use."""
    state = watcher.state
    keys = [one.id for one in state.presets.values() if one.deleted_at is None]
    wanted = request.query.get("organization_id")
    if wanted is not None:
        if not wanted.isdecimal():
            raise invalid("An id is a number", "/organization_id")
        check_sees(watcher, request, int(wanted))
        own = state.organization(int(wanted)).preset_ids
        keys = [pk for pk in keys if pk in own or state.presets[pk].is_default]
    listing = Listing(
        "presets",
        "id",
        keys,
        state.preset,
        lambda one: _shown(watcher, request, one),
        needed=("id", "title"),
        known_parameters=frozenset({"organization_id"}),
    )
    return Answer(body=listed(listing, request.query, watcher.switches))


@routes.add("GET", "/presets/{id}", "client", "admin")
def preset(watcher: Watcher, request: Request) -> Answer:
    """Show a preset."""
    return Answer(body=_shown(watcher, request, watcher.presets.get(request.id("id"))))


def _fields(watcher: Watcher, request: Request) -> dict[str, Any]:
    """Return what a body sets, refusing a caller who does not administer Watcher."""
    if not request.caller.administers:
        raise forbidden("Only administrators may change presets")
    body, clears = request.json_object(), nulls_clear(watcher)
    known = dict(_PRESET)
    if watcher.switches.version >= 26:
        known["billing_external_id"] = Field("billing_external_id", str, "")
        if request.base == "admin":
            known["external_id"] = Field("external_id", str, "")
    fields = fields_of(body, known, nulls_clear=clears)
    if body.get("dvr") is not None:
        fields["dvr"] = dvr_of(body["dvr"])
    elif "dvr" in body and clears:
        fields["dvr"] = Dvr()
    if body.get("vision") is not None:
        alg = vision_of(body["vision"])
        if alg is not None or watcher.switches.empty_vision_in_put == "clears":
            fields["vision_alg"] = alg
    elif "vision" in body and clears:
        fields["vision_alg"] = None
    return fields


def add_preset(watcher: Watcher, request: Request) -> Answer:
    """Make a preset."""
    fields: Any = _fields(watcher, request)
    one = watcher.presets.add(by=request.login, **fields)
    return created(watcher, _shown(watcher, request, one))


def change_preset(watcher: Watcher, request: Request) -> Answer:
    """Change what is sent of a preset; parts of `dvr` that are not sent stay."""
    one = watcher.presets.get(request.id("id"))
    fields: Any = _fields(watcher, request)
    if fields.get("dvr"):
        fields["dvr"] = Dvr(**{**one.dvr, **fields["dvr"]})
    watcher.presets.change(one.id, by=request.login, **fields)
    return Answer(body=_shown(watcher, request, one))


routes.add("POST", "/presets", "admin")(add_preset)
routes.add("POST", "/presets", "client", since=26)(add_preset)
routes.add("PUT", "/presets/{id}", "admin")(change_preset)
routes.add("PUT", "/presets/{id}", "client", since=26)(change_preset)


@routes.add("DELETE", "/presets/{id}", "client", "admin", since=26)
def remove_preset(watcher: Watcher, request: Request) -> Answer:
    """Delete a preset from the lists; cameras and organizations keep it."""
    if not request.caller.administers:
        raise forbidden("Only administrators may delete presets")
    watcher.presets.remove(request.id("id"), by=request.login)
    return deleted(watcher)


@routes.add("PUT", "/organizations/{organization_id}/presets", "client", "admin")
def assign(watcher: Watcher, request: Request) -> Answer:
    """Let an organization use one more preset."""
    pk = request.id("organization_id")
    check_sees(watcher, request, pk)
    if not request.caller.administers:
        raise forbidden("Only administrators may assign presets")
    fields = fields_of(
        request.json_object(), {"preset_id": Field("preset_id", int)}, nulls_clear=False
    )
    if "preset_id" not in fields:
        raise invalid("A preset is needed", "/preset_id")
    watcher.organizations.assign_preset(pk, preset_id=fields["preset_id"], by=request.login)
    return Answer(body=_shown(watcher, request, watcher.presets.get(fields["preset_id"])))


@routes.add("DELETE", "/organizations/{organization_id}/presets/{preset_id}", "client", "admin")
def unassign(watcher: Watcher, request: Request) -> Answer:
    """Take a preset from an organization; a switch says what cameras that use it do to this."""
    pk = request.id("organization_id")
    check_sees(watcher, request, pk)
    if not request.caller.administers:
        raise forbidden("Only administrators may unassign presets")
    watcher.organizations.unassign_preset(pk, preset_id=request.id("preset_id"), by=request.login)
    return deleted(watcher)
