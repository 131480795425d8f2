"""People who use the pages while something fails: readers, and one who records payments."""

from __future__ import annotations

import itertools
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from http.cookiejar import CookieJar
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, HTTPRedirectHandler, build_opener

# Longer than nginx needs to give up a web host, shorter than anyone waits.
_PATIENCE_SECONDS = 20
_PAUSE_SECONDS = 0.1


class _NoRedirects(HTTPRedirectHandler):
    def redirect_request(self, *arguments: Any) -> None:
        return None


class Browser:
    """Someone who is signed in."""

    def __init__(self, address: str, email: str, password: str) -> None:
        self._address = address
        self._cookies = CookieJar()
        self._opener = build_opener(HTTPCookieProcessor(self._cookies), _NoRedirects())
        self.get("/accounts/login/")
        status = self.post("/accounts/login/", {"login": email, "password": password})
        if status != 302:
            raise RuntimeError(f"Signing in was answered with {status}.")

    def get(self, path: str) -> int:
        """Request a page; return the status, or 0 if there was no answer."""
        return self._request(path, None)

    def post(self, path: str, fields: Mapping[str, str]) -> int:
        """Send a form; return the status, or 0 if there was no answer."""
        token = next((each.value for each in self._cookies if each.name == "csrftoken"), "")
        data = urlencode({**fields, "csrfmiddlewaretoken": token or ""}).encode()
        return self._request(path, data)

    def _request(self, path: str, data: bytes | None) -> int:
        try:
            url = f"{self._address}{path}"
            with self._opener.open(url, data, timeout=_PATIENCE_SECONDS) as answer:
                answer.read()
                return int(answer.status)
        except HTTPError as refused:
            refused.close()
            return refused.code
        except OSError:
            return 0


class Requests:
    """The outcome of requests, counted by threads."""

    def __init__(self) -> None:
        self.answered = 0
        self.failed: list[int] = []
        self.longest_gap = 0.0
        self._last = time.monotonic()
        self._lock = threading.Lock()

    def count(self, status: int) -> None:
        """Count a request; a status of 0 or from 500 on is a failure."""
        with self._lock:
            if not 0 < status < 500:
                self.failed.append(status)
                return
            self.answered += 1
            now = time.monotonic()
            self.longest_gap = max(self.longest_gap, now - self._last)
            self._last = now


class Load:
    """What readers and the bookkeeper have requested."""

    def __init__(self) -> None:
        self.pages = Requests()
        self.payments = Requests()
        # The references of payments, by whether the bookkeeper was told that they are recorded.
        self.recorded: list[str] = []
        self.uncertain: list[str] = []


def readable_pages(organizations: Sequence[int], month: date) -> list[str]:
    """Return the addresses of the pages that readers request."""
    last = f"?from={month:%Y-%m}-01&to={month:%Y-%m}-28"
    return [
        "/organizations/",
        *(f"/organizations/{pk}/usages/{last}" for pk in organizations),
        "/invoices/",
        "/invoices/receivables/",
        "/invoices/runs/",
        f"/invoices/runs/{month:%Y-%m}/",
    ]


@contextmanager
def browsing(
    browsers: Sequence[Browser], pages: Sequence[str], *, invoice: int, today: date
) -> Iterator[Load]:
    """Have all browsers but the last read pages, and the last record payments of an invoice."""
    load, end = Load(), threading.Event()
    *readers, bookkeeper = browsers
    tasks: list[Callable[[], None]] = [
        _reading(browser, [*pages[number:], *pages[:number]], load, end)
        for number, browser in enumerate(readers)
    ]
    tasks.append(_paying(bookkeeper, invoice, today, load, end))
    threads = [threading.Thread(target=task, daemon=True) for task in tasks]
    for thread in threads:
        thread.start()
    try:
        yield load
    finally:
        end.set()
        for thread in threads:
            thread.join(2 * _PATIENCE_SECONDS)


def _reading(
    browser: Browser, pages: Sequence[str], load: Load, end: threading.Event
) -> Callable[[], None]:
    def read() -> None:
        for page in itertools.cycle(pages):
            if end.wait(_PAUSE_SECONDS):
                return
            load.pages.count(browser.get(page))

    return read


def _paying(
    browser: Browser, invoice: int, today: date, load: Load, end: threading.Event
) -> Callable[[], None]:
    start = time.time_ns()

    def pay() -> None:
        for number in itertools.count():
            if end.wait(2 * _PAUSE_SECONDS):
                return
            reference = f"cluster {start} {number}"
            fields = {"amount": "0.01", "paid_on": today.isoformat(), "method": "transfer"}
            path = f"/invoices/{invoice}/payments/add/"
            status = browser.post(path, {**fields, "reference": reference})
            load.payments.count(status)
            (load.recorded if status == 302 else load.uncertain).append(reference)

    return pay
