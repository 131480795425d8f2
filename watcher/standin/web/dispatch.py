"""Find the function that answers a call, and turn refusals into answers."""

from typing import Any
from uuid import uuid4

from watcher.standin.state.refusals import RefusedError, missing
from watcher.standin.state.watcher import Watcher
from watcher.standin.v2 import cameras as v2_cameras
from watcher.standin.v2 import organizations as v2_organizations
from watcher.standin.v2 import sign_in as v2_sign_in
from watcher.standin.v2 import users as v2_users
from watcher.standin.v3 import memory, organizations, presets, sign_in, streams, users
from watcher.standin.web.faults import STATUSES, Fault
from watcher.standin.web.messages import Answer, Request, Route, decoded

_PARTS = (
    sign_in,
    organizations,
    users,
    presets,
    streams,
    memory,
    v2_sign_in,
    v2_organizations,
    v2_users,
    v2_cameras,
)
ROUTES: list[Route] = [route for part in _PARTS for route in part.routes.all]

_HTML = "<html><head><title>502 Bad Gateway</title></head><body>nginx</body></html>"
_V2_CODES = {400: "ValidationError", 403: "Forbidden", 404: "NotFound", 500: "ApplicationError"}


def answer_to(watcher: Watcher, request: Request) -> Answer:
    """Answer a call of either API; a refusal has changed nothing."""
    with watcher.state.lock:
        try:
            return _handled(watcher, request)
        except RefusedError as error:
            return refusal(watcher, request, error)


def _handled(watcher: Watcher, request: Request) -> Answer:
    at_path = [
        (route, found)
        for route in ROUTES
        if request.base in route.bases and (found := route.pattern.fullmatch(request.path))
    ]
    if not at_path:
        raise missing("No such path")
    for route, found in at_path:
        if route.method != request.method or route.since > watcher.switches.version:
            continue
        request.params = decoded(found.groupdict())
        if not route.open:
            authenticate = v2_sign_in if request.base in {"v2", "vsaas"} else sign_in
            request.user = authenticate.authenticate(watcher, request)
        return route.handler(watcher, request)
    status = watcher.switches.missing_operation
    raise RefusedError(status, "not_implemented", "There is no such operation")


def refusal(watcher: Watcher, request: Request, error: RefusedError) -> Answer:
    """Return the answer that refuses a call, in the words of its API."""
    if request.base in {"v2", "vsaas"}:
        return _v2_refusal(error)
    if watcher.switches.errors == "word":
        return Answer(error.status, {"error": error.code})
    shown: dict[str, Any] = {
        "id": str(uuid4()),
        "status": str(error.status),
        "code": error.code,
        "title": error.title,
    }
    if error.pointer:
        shown["source"] = {"pointer": error.pointer}
    return Answer(error.status, {"errors": [shown]})


def _v2_refusal(error: RefusedError) -> Answer:
    """Return an error of API v2, which has no 401 and no 409."""
    status = {401: 403, 405: 404, 409: 400, 501: 404}.get(error.status, error.status)
    code = error.code if error.code[:1].isupper() else _V2_CODES.get(status, "BadRequest")
    if error.status == 401:
        code = "ApikeyExpired"
    return Answer(
        status, {"error": code, "error_message": f"{error.title} {error.pointer}".strip()}
    )


def ordered_error(watcher: Watcher, request: Request, fault: Fault) -> Answer:
    """Return the error that is on order, with an HTTP status."""
    status = STATUSES[fault.kind]
    if fault.kind == "bad_gateway":
        return Answer(status, text=_HTML, content_type="text/html")
    if fault.kind == "redirected":
        return Answer(status, text="", headers={"Location": fault.location})
    answer = refusal(watcher, request, RefusedError(status, fault.kind, "Ordered by a test"))
    if fault.kind == "too_many":
        answer.status = status
    if fault.retry_after:
        answer.headers["Retry-After"] = fault.retry_after
    return answer
