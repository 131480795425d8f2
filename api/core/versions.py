"""Change only what the caller has seen: `If-Match` is the `ETag` of an answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from pydantic import BaseModel

from api.core.problems import Fault, Problem
from foundation.web.versions import version_of

HEADER = "If-Match"

View = Callable[..., HttpResponse]


def edit(view: View) -> View:
    """Require a version, and run the view in one transaction."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.headers.get(HEADER):
            detail = f"Send the ETag of what you have read in {HEADER}."
            fault = Fault("version_missing", detail, parameter=HEADER)
            raise Problem(428, "version_missing", detail, [fault])
        with transaction.atomic():
            return view(request, *args, **kwargs)

    return guarded


def seen_version(
    request: HttpRequest, *, stored: Mapping[str, Any], shown: BaseModel, given: BaseModel
) -> str:
    """Return the version of the stored values, which are locked, if the caller has seen it.

    Raises:
        Problem: they have seen another one; the answer has both versions.
    """
    version = version_of(stored)
    given_versions = [each.strip() for each in request.headers[HEADER].split(",")]
    if f'"{version}"' in given_versions or given_versions == ["*"]:
        return version
    raise Problem(
        412,
        "changed_meanwhile",
        "Somebody has changed this since you read it. Compare, and send the request again "
        "with the new ETag.",
        more={
            "given": given.model_dump(mode="json", exclude_unset=True),
            "stored": shown.model_dump(mode="json"),
        },
        headers={"ETag": f'"{version}"'},
    )
