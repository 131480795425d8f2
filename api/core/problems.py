"""Say what is wrong, as RFC 9457 describes: one problem, with a code and a pointer for each fault.

Every answer of the API from 400 on is one of these. `code` is for programs and never changes;
`detail` is for people, in the language of `Accept-Language`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS
from django.core.serializers.json import DjangoJSONEncoder
from django.forms import BaseForm
from django.http import HttpResponse

CONTENT_TYPE = "application/problem+json"
_TYPE = "urn:problem-type:billing:"
_CAPITALS = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_WORDS = re.compile(r"\W+")


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong: where, for programs why, and for people why."""

    code: str
    detail: str
    pointer: str | None = None
    """A JSON pointer into the body; "" is all of it."""
    parameter: str | None = None
    """The name of a parameter of the query, the path or the header."""

    @property
    def content(self) -> dict[str, str]:
        """What the answer says of it."""
        place = {"pointer": self.pointer, "parameter": self.parameter}
        given = {name: value for name, value in place.items() if value is not None}
        return {**given, "code": self.code, "detail": self.detail}


@dataclass
class Problem(Exception):
    """The request is refused. `more` adds members of its own to the answer."""

    status: int
    code: str
    detail: str
    faults: Sequence[Fault] = ()
    more: Mapping[str, Any] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def response(self) -> HttpResponse:
        """The answer."""
        content = {
            "type": _TYPE + self.code,
            "title": HTTPStatus(self.status).phrase,
            "status": self.status,
            "code": self.code,
            "detail": self.detail,
            **({"errors": [each.content for each in self.faults]} if self.faults else {}),
            **self.more,
        }
        return HttpResponse(
            json.dumps(content, cls=DjangoJSONEncoder, ensure_ascii=False),
            status=self.status,
            content_type=CONTENT_TYPE,
            headers=dict(self.headers),
        )


def not_found() -> Problem:
    """Return the problem of an address that names nothing that the caller may see."""
    return Problem(404, "not_found", "There is nothing at this address that you may see.")


def wrong_values(faults: Sequence[Fault]) -> Problem:
    """Return the problem of a request with wrong values; there is at least one fault."""
    detail = faults[0].detail if len(faults) == 1 else f"{len(faults)} values are wrong."
    return Problem(422, "wrong_values", detail, faults)


def refused(refusal: Exception, names: Mapping[str, str] | None = None) -> Problem:
    """Return the problem of an operation's refusal; its code is the name of the exception's class.

    A refusal that names a field is about a value (422), any other about the state (409). `names`
    maps fields of the operation to pointers where the body calls them otherwise.
    """
    code, detail = code_of(type(refusal).__name__), str(refusal)
    name = getattr(refusal, "field", None)
    if not name:
        return Problem(409, code, detail)
    pointer = (names or {}).get(name, f"/{name}")
    return Problem(422, code, detail, [Fault(code, detail, pointer=pointer)])


def wrong_form(form: BaseForm, names: Mapping[str, str] | None = None) -> Problem:
    """Return the problem of a form that is not valid; its codes are those of its errors."""
    faults = [
        Fault(
            code=code_of(error.code or "invalid"),
            detail=" ".join(error.messages),
            pointer=_pointer(name, names or {}),
        )
        for name, errors in form.errors.as_data().items()
        for error in errors
    ]
    return wrong_values(faults)


def wrong_query(form: BaseForm) -> Problem:
    """Return the problem of a form of the query that is not valid."""
    return wrong_values(
        [
            Fault(code_of(error.code or "invalid"), " ".join(error.messages), parameter=name)
            for name, errors in form.errors.as_data().items()
            for error in errors
        ]
    )


def wrong_request(errors: Iterable[Mapping[str, Any]]) -> Problem:
    """Return the problem of what does not have the types that the OpenAPI document says."""
    faults = []
    for error in errors:
        source, *place = error["loc"]
        code, detail = code_of(error["type"]), error["msg"]
        if source == "body":
            # The first part is the name of the function's parameter, which nobody has sent.
            pointer = "".join(f"/{part}" for part in place[1:])
            faults.append(Fault(code, detail, pointer=pointer))
        else:
            faults.append(Fault(code, detail, parameter=".".join(map(str, place[-1:]))))
    return wrong_values(faults)


def code_of(name: str) -> str:
    """Return the code for the name of a class or of a form's error: `title_taken`."""
    return _WORDS.sub("_", _CAPITALS.sub("_", name)).strip("_").lower()


def _pointer(name: str, names: Mapping[str, str]) -> str:
    return "" if name == NON_FIELD_ERRORS else names.get(name, f"/{name}")
