"""A real browser on a real server. Any error or warning in its console fails the test."""

import os
import shutil
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connections
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Playwright

CHROMIUMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def chromium_path() -> str | None:
    """Return the path of the machine's Chromium; None means the one that Playwright installed."""
    return os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, CHROMIUMS)), None)


@pytest.fixture(scope="session")
def browser_type_launch_args(
    browser_type_launch_args: dict[str, Any], playwright: Playwright
) -> dict[str, Any]:
    """Launch Chromium; if this process is root, without the sandbox, which root cannot use."""
    path = chromium_path()
    if not shutil.which(path or playwright.chromium.executable_path):
        pytest.fail(
            "Chromium was not found. Run `make chromium`, then run the test again.", pytrace=False
        )
    return {
        **browser_type_launch_args,
        "executable_path": path,
        "args": ["--no-sandbox"] if os.geteuid() == 0 else [],
    }


@pytest.fixture(scope="session", autouse=True)
def _leave_no_connection(playwright: Playwright) -> Iterator[None]:
    """Close database connections while Playwright's event loop is still running.

    Django keeps a thread's connections inside and outside an event loop separate. One left open
    could not be closed after the loop has ended, and the test database could not be dropped.
    """
    yield
    connections.close_all()


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    """Give all pages the size of a desktop screen."""
    return {**browser_context_args, "viewport": {"width": 1400, "height": 900}}


# Log everything that the Content-Security-Policy refuses, even if the console would not show it.
_LOG_REFUSALS = """
document.addEventListener("securitypolicyviolation", ({ effectiveDirective, blockedURI, sample }) =>
  console.error(`Content-Security-Policy: ${effectiveDirective} refused ${blockedURI} ${sample}`));
"""


class Complaints(list[str]):
    """Console errors and warnings of a context's pages, including policy violations."""

    def watch(self, context: BrowserContext) -> None:
        """Collect errors and warnings of all pages of the context."""
        context.add_init_script(_LOG_REFUSALS)
        context.on("page", self._watch_page)

    def _watch_page(self, page: Page) -> None:
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self.append(str(error)))

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.append(message.text)


@pytest.fixture
def complaints() -> Iterator[Complaints]:
    """Collect complaints; fail the test if any are left that it has not removed."""
    found = Complaints()
    yield found
    assert found == []


@pytest.fixture
def context(context: BrowserContext, complaints: Complaints) -> BrowserContext:
    """Watch the context that pytest-playwright creates for a test's `page`."""
    context.set_default_timeout(10_000)
    complaints.watch(context)
    return context


@pytest.fixture
def someone_else(
    browser: Browser, browser_context_args: dict[str, Any], complaints: Complaints
) -> Iterator[Page]:
    """Open a page in a separate browser session, as on another person's machine."""
    other = browser.new_context(**browser_context_args)
    other.set_default_timeout(10_000)
    complaints.watch(other)
    yield other.new_page()
    other.close()
