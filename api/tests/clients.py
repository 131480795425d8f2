"""Call the API in tests."""

from __future__ import annotations

import json
from typing import Any
from uuid import uuid4

from django.http import HttpResponse
from django.test import Client

from accounts.models import User
from api.tests.factories import a_token


class ApiClient:
    """Sends requests with a token, without cookies."""

    def __init__(self, user: User | None, secret: str = "", **of_token: Any) -> None:
        """Create a token for the user, unless there is a secret."""
        self.secret = secret or (a_token(user, **of_token).secret if user else "")
        self._client = Client(raise_request_exception=False)

    def get(self, path: str, query: dict[str, Any] | None = None, *, headers: Any = ()) -> Any:
        """Send a GET."""
        headers = dict(headers)
        return self._client.get(f"/api/v1{path}", query, headers=self._headers(headers))

    def post(self, path: str, body: Any = None, *, key: str = "", **headers: str) -> Any:
        """Send a POST, with a new key unless there is one."""
        return self._send("post", path, body, {"Idempotency-Key": key or uuid4().hex, **headers})

    def patch(self, path: str, body: Any, *, version: str = "", **headers: str) -> Any:
        """Send a PATCH, with the version that was read."""
        return self._send(
            "patch", path, body, {**({"If-Match": version} if version else {}), **headers}
        )

    def _send(self, method: str, path: str, body: Any, headers: dict[str, str]) -> HttpResponse:
        send = getattr(self._client, method)
        answer: HttpResponse = send(
            f"/api/v1{path}",
            json.dumps({} if body is None else body),
            content_type="application/json",
            headers=self._headers(headers),
        )
        return answer

    def _headers(self, headers: dict[str, str]) -> dict[str, str]:
        own = {"Authorization": f"Bearer {self.secret}"} if self.secret else {}
        return {**own, **headers}


def codes(answer: Any) -> tuple[int, str, list[str]]:
    """Return the status of a problem, its code, and where its faults are."""
    content = answer.json()
    assert answer["Content-Type"] == "application/problem+json"
    assert content["status"] == answer.status_code
    assert content["type"] == f"urn:problem-type:billing:{content['code']}"
    assert content["title"]
    assert content["detail"]
    faults = content.get("errors", [])
    return (
        answer.status_code,
        content["code"],
        [each.get("pointer", each.get("parameter")) for each in faults],
    )
