"""Answers of Watcher for tests of single calls; watcher/standin/ has a whole one."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import httpx

from watcher.clients.transport import Transport

Handler = Callable[[httpx.Request], httpx.Response]


class Answering:
    """Answers calls in turn, and records them and the seconds that the client would have waited."""

    def __init__(self, *answers: httpx.Response | Exception | Handler) -> None:
        self.answers = list(answers)
        self.requests: list[httpx.Request] = []
        self.waited: list[float] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        request.read()
        self.requests.append(request)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        return answer if isinstance(answer, httpx.Response) else answer(request)

    def transport(self, address: str = "https://watcher.example", **options: Any) -> Transport:
        """Return a transport to these answers that waits for nothing."""
        now = [0.0]

        def sleep(seconds: float) -> None:
            self.waited.append(seconds)
            now[0] += seconds

        options = {"sleep": sleep, "clock": lambda: now[0], **options}
        return Transport(address, handler=httpx.MockTransport(self), **options)

    @property
    def paths(self) -> list[str]:
        """Methods and paths of the calls, as they were sent."""
        return [
            f"{each.method} {each.url.raw_path.decode().partition('?')[0]}"
            for each in self.requests
        ]


def answer(content: Any = None, status: int = 200, **headers: str) -> httpx.Response:
    """Return an answer with a JSON body."""
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    return httpx.Response(status, content=json.dumps(content), headers=names)
