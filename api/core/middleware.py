"""Keep requests to the API apart from those to pages: no cookies in, and only problems out."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase

from api.core.problems import CONTENT_TYPE, Problem

ROOT = "/api/v1/"

_SAID = {
    400: ("bad_request", "The request is not valid HTTP for this host."),
    403: ("not_allowed", "You may not do this."),
    404: ("not_found", "There is nothing at this address."),
    405: (
        "method_not_allowed",
        "This address does not have this method; Allow lists those it has.",
    ),
    500: ("failed", "The server failed. Nothing was changed. The log has the id of the request."),
}


class ApiRequests:
    """Drop cookies, refuse large bodies, state rates, and turn error pages into problems."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not request.path_info.startswith(ROOT):
            return self.get_response(request)
        # A browser adds them by itself, so they must not decide who may call.
        request.META.pop("HTTP_COOKIE", None)
        if problem := _too_large(request):
            return problem.response
        response = self.get_response(request)
        if response.status_code in _SAID and response["Content-Type"] != CONTENT_TYPE:
            response = _as_problem(response)
        if (rate := getattr(request, "rate", None)) and "RateLimit" not in response:
            rate.write(response.headers)
        return response


def _too_large(request: HttpRequest) -> Problem | None:
    length = request.headers.get("Content-Length", "")
    if not length.isdecimal() or int(length) <= settings.API_MOST_BYTES:
        return None
    limit = settings.API_MOST_BYTES
    return Problem(413, "body_too_large", f"The body may have up to {limit} bytes. Send less.")


def _as_problem(response: HttpResponseBase) -> HttpResponse:
    code, detail = _SAID[response.status_code]
    kept = {name: response[name] for name in ("Allow", "Retry-After") if name in response}
    return Problem(response.status_code, code, detail, headers=kept).response
