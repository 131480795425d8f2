"""The API: its operations, what becomes of exceptions, and its OpenAPI document."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.db.models import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError
from ninja.openapi.schema import OpenAPISchema

from api.core.problems import Problem
from api.core.refusals import REFUSALS, problem_of
from api.core.registering import FaultOut, ProblemOut
from api.resources import cameras, invoices, organizations, payments, statements, tariffs

_DESCRIPTION = """
Send a token in each request: `Authorization: Bearer cbt_…`. Create one under *API tokens* in the
account menu.

- Money is a decimal number in a string, with its currency. Instants have an offset, dates have
  none.
- Lists are read in pages: `limit` and `after`, which is `next` of the page before.
- Every answer from 400 on is a problem (RFC 9457): `code` is for programs, `detail` for people, in
  the language of `Accept-Language`.
- Each POST needs an `Idempotency-Key`; each PATCH needs `If-Match` with the `ETag` of what was
  read.
- `RateLimit` says how many requests are left in this minute.
"""


class _Api(NinjaAPI):
    def get_openapi_schema(self, **options: Any) -> OpenAPISchema:
        """Return the document, with the schemas that only problems use."""
        document = super().get_openapi_schema(**options)
        reference = "#/components/schemas/{model}"
        for model in (ProblemOut, FaultOut):
            schema = model.model_json_schema(ref_template=reference)
            schema.pop("$defs", None)
            document["components"]["schemas"][model.__name__] = schema
        return document

    def get_openapi_operation_id(self, operation: Any) -> str:
        """Return the name of the function, by which generated clients call it."""
        name: str = operation.view_func.__name__
        return name


service = _Api(
    title="Camera billing",
    version="1",
    description=_DESCRIPTION,
    urls_namespace="api:api-v1",
    docs_url=None,
    docs_decorator=require_safe,
)
for _module, _tag in (
    (organizations, "Organizations"),
    (cameras, "Cameras"),
    (tariffs, "Tariff plans"),
    (statements, "Statements"),
    (invoices, "Invoices"),
    (payments, "Payments"),
):
    service.add_router("", _module.router, tags=[_tag])


def _refuse(request: HttpRequest, error: Exception | type[Exception]) -> HttpResponse:
    assert isinstance(error, Exception)
    problem = problem_of(error)
    assert problem is not None
    return problem.response


for _kind in (
    Problem,
    Http404,
    ObjectDoesNotExist,
    PermissionDenied,
    RequestDataTooBig,
    ValidationError,
    HttpError,
    *REFUSALS,
):
    service.add_exception_handler(_kind, _refuse)
