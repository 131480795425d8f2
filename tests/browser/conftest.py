"""A real browser against a real server. Whatever the browser complains of fails the test."""

import os
import shutil
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connections
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Playwright

CHROMIUMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def chromium_path() -> str | None:
    """Return the Chromium of this machine; None: the one that Playwright has installed."""
    return os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, CHROMIUMS)), None)


@pytest.fixture(scope="session")
def browser_type_launch_args(
    browser_type_launch_args: dict[str, Any], playwright: Playwright
) -> dict[str, Any]:
    """Launch the machine's Chromium, as root without its sandbox, which root cannot have."""
    path = chromium_path()
    if not shutil.which(path or playwright.chromium.executable_path):
        pytest.fail(
            "There is no Chromium: run `make chromium`, then the test again.", pytrace=False
        )
    return {
        **browser_type_launch_args,
        "executable_path": path,
        "args": ["--no-sandbox"] if os.geteuid() == 0 else [],
    }


@pytest.fixture(scope="session", autouse=True)
def _leave_no_connection(playwright: Playwright) -> Iterator[None]:
    """Close what tests have opened beside Playwright's event loop, while that still runs.

    Django keeps connections of a thread in and out of an event loop apart; one left open would
    be out of reach afterwards, and the test database could not be dropped.
    """
    yield
    connections.close_all()


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    """Give every page an operator's screen."""
    return {**browser_context_args, "viewport": {"width": 1400, "height": 900}}


# The browser tells a page of what the policy has refused: also where the console would not say.
_TELL_REFUSALS = """
document.addEventListener("securitypolicyviolation", ({ effectiveDirective, blockedURI, sample }) =>
  console.error(`Content-Security-Policy: ${effectiveDirective} refused ${blockedURI} ${sample}`));
"""


class Complaints(list[str]):
    """What the console has said of a context's pages, Content-Security-Policy included."""

    def watch(self, context: BrowserContext) -> None:
        """Collect errors and warnings of every page of the context."""
        context.add_init_script(_TELL_REFUSALS)
        context.on("page", self._watch_page)

    def _watch_page(self, page: Page) -> None:
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self.append(str(error)))

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.append(message.text)


@pytest.fixture
def complaints() -> Iterator[Complaints]:
    """Collect complaints, and fail the test for any that it has not taken out."""
    found = Complaints()
    yield found
    assert found == []


@pytest.fixture
def context(context: BrowserContext, complaints: Complaints) -> BrowserContext:
    """Watch the context that pytest-playwright makes for a test's `page`."""
    context.set_default_timeout(10_000)
    complaints.watch(context)
    return context


@pytest.fixture
def someone_else(
    browser: Browser, browser_context_args: dict[str, Any], complaints: Complaints
) -> Iterator[Page]:
    """Open a page in a browser session of its own, as on another person's machine."""
    other = browser.new_context(**browser_context_args)
    other.set_default_timeout(10_000)
    complaints.watch(other)
    yield other.new_page()
    other.close()
