"""Load the web server with the Organizations and Usages pages of the demonstration.

Takes `{"seconds": 20, "connections": 50}`. Returns requests a second and the 99th percentile in
milliseconds, for both pages in equal parts; the processor time of a request in the web processes,
which other load on the machine affects least; and the memory of a web process in megabytes.

The server is gunicorn as `make run` starts it, on a free port.
"""

from __future__ import annotations

import asyncio
import json
import os
import socket
import subprocess
import sys
from contextlib import closing, suppress
from statistics import quantiles
from time import perf_counter
from typing import Any

import psutil

from local_run.environment import fill_environment, var_dir

os.environ |= {"DJANGO_SETTINGS_MODULE": "billing_admin.settings", "LOG_FORMAT": "json"}
fill_environment(var_dir(), 8000)

import django  # noqa: E402

django.setup()

from django.conf import settings  # noqa: E402
from django.db import connections  # noqa: E402
from django.db.models import Count  # noqa: E402
from django.test import Client  # noqa: E402

from accounts.models import User  # noqa: E402
from demo.sign_ins import SIGN_INS  # noqa: E402
from local_run.preparation import collect_static  # noqa: E402
from local_run.supervisor import _children  # noqa: E402
from organizations.models import Organization  # noqa: E402


class UnexpectedAnswerError(Exception):
    """A page answered with an unexpected status."""


def main(seconds: float = 20, connections: int = 50) -> dict[str, float]:
    """Start the server, load it, and stop it."""
    collect_static(var_dir() / "static.stamp")
    requests = _requests()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = _children(port)[0].command
    server = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    try:
        asyncio.run(_load(port, requests, 3, connections))
        workers = psutil.Process(server.pid).children()
        before = _processor_seconds(workers)
        times = asyncio.run(_load(port, requests, seconds, connections))
        used = _processor_seconds(workers) - before
        memory = max(each.memory_full_info().uss for each in workers)
    finally:
        server.terminate()
        server.wait(30)
    return {
        "requests a second": len(times) / seconds,
        "p50 ms": quantiles(times, n=100)[49] * 1000,
        "p99 ms": quantiles(times, n=100)[98] * 1000,
        "processor ms": used / len(times) * 1000,
        "memory MB": memory / 1e6,
    }


def _processor_seconds(processes: list[psutil.Process]) -> float:
    return sum(sum(each.cpu_times()[:2]) for each in processes)


def _requests() -> list[bytes]:
    client = Client()
    client.force_login(User.objects.get(email=SIGN_INS[0][1]))
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    organization = Organization.objects.annotate(n=Count("cameras")).order_by("-n", "pk")[0]
    connections.close_all()
    return [
        f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept-Encoding: gzip\r\n"
        f"Cookie: {settings.SESSION_COOKIE_NAME}={session}\r\n\r\n".encode()
        for path in ("/organizations/", f"/organizations/{organization.pk}/usages/")
    ]


async def _load(port: int, requests: list[bytes], seconds: float, number: int) -> list[float]:
    """Return the times of the requests that were answered within `seconds`."""
    times: list[float] = []
    end = perf_counter() + seconds
    async with asyncio.TaskGroup() as group:
        for index in range(number):
            group.create_task(_visit(port, requests, index, end, times))
    return times


async def _visit(
    port: int, requests: list[bytes], index: int, end: float, times: list[float]
) -> None:
    """Request pages until the end, on one connection as long as the server keeps it open."""
    while perf_counter() < end:
        try:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            await asyncio.sleep(0.1)  # The server is starting.
            continue
        with closing(writer), suppress(OSError, asyncio.IncompleteReadError):
            while perf_counter() < end:
                begin = perf_counter()
                writer.write(requests[index % len(requests)])
                await _answer(reader)
                index += 1
                if perf_counter() < end:
                    times.append(perf_counter() - begin)


async def _answer(reader: asyncio.StreamReader) -> None:
    """Read the answer. Raises: IncompleteReadError, if the server has closed the connection."""
    head = (await reader.readuntil(b"\r\n\r\n")).lower()
    if not head.startswith(b"http/1.1 200"):
        raise UnexpectedAnswerError(head)
    await reader.readexactly(int(head.split(b"content-length:")[1].split(b"\r\n")[0]))


if __name__ == "__main__":
    arguments: dict[str, Any] = json.loads(sys.argv[1])
    print(json.dumps(main(**arguments)))
