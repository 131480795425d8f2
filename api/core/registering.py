"""Register operations with what all of them have: scope, problems, and headers.

`reads`, `posts` and `edits` are decorators of view functions.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any

from ninja import Router, Schema
from pydantic import Field

from api.core import repetition, versions
from api.core.callers import BearerToken
from api.core.problems import CONTENT_TYPE
from api.tokens.scopes import READ, WRITE

View = Callable[..., Any]
Register = Callable[[View], View]


class FaultOut(Schema):
    """One thing that is wrong."""

    code: str
    detail: str
    pointer: str | None = None
    parameter: str | None = None


class ProblemOut(Schema):
    """Why a request was refused (RFC 9457)."""

    type: str
    title: str
    status: int
    code: str
    detail: str
    errors: Annotated[list[FaultOut], Field(default_factory=list)]


_PROBLEM = {"content": {CONTENT_TYPE: {"schema": {"$ref": "#/components/schemas/ProblemOut"}}}}


def reads(router: Router, path: str, kind: str, **options: Any) -> Register:
    """Register a GET that needs the scope to read a kind."""
    extra = _extra({"401": "Unauthorized", "403": "Forbidden", "404": "Not found"}, options)
    return router.get(path, auth=BearerToken(kind, READ), openapi_extra=extra, **options)


def posts(
    router: Router, path: str, kind: str, *, verb: str = WRITE, status: int = 201, **options: Any
) -> Register:
    """Register a POST that needs a scope of a kind and an `Idempotency-Key`."""
    said = {
        "400": "Bad request",
        "401": "Unauthorized",
        "403": "Forbidden",
        "404": "Not found",
        "409": "Refused",
    }
    header = _header(
        repetition.HEADER, "The same for a repeated request; answers are kept for 24 hours."
    )
    extra = _extra(said, options, header)
    options["response"] = {status: options["response"]}

    def register(view: View) -> View:
        guarded = repetition.once(view)
        return router.post(path, auth=BearerToken(kind, verb), openapi_extra=extra, **options)(
            guarded
        )

    return register


def edits(router: Router, path: str, kind: str, **options: Any) -> Register:
    """Register a PATCH that needs the scope to write a kind and `If-Match`."""
    said = {
        "401": "Unauthorized",
        "403": "Forbidden",
        "404": "Not found",
        "409": "Refused",
        "412": "Changed meanwhile",
        "428": "Version missing",
    }
    header = _header(versions.HEADER, "The ETag of what you have read.")
    extra = _extra(said, options, header)

    def register(view: View) -> View:
        guarded = versions.edit(view)
        return router.patch(path, auth=BearerToken(kind, WRITE), openapi_extra=extra, **options)(
            guarded
        )

    return register


def _header(name: str, description: str) -> dict[str, Any]:
    schema = {"type": "string"}
    return {
        "in": "header",
        "name": name,
        "required": True,
        "schema": schema,
        "description": description,
    }


def _extra(said: dict[str, str], options: dict[str, Any], *headers: Any) -> dict[str, Any]:
    every = {
        **said,
        "422": "Wrong values",
        "429": "Too many requests",
    }
    responses = {int(status): {"description": text, **_PROBLEM} for status, text in every.items()}
    extra: dict[str, Any] = {"responses": responses, **options.pop("openapi_extra", {})}
    if headers:
        extra["parameters"] = list(headers)
    return extra
