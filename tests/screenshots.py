"""`make screenshots`: every page of the demonstration as a person sees it.

In light and dark, wide and on a phone, in English and Russian.

Starts a copy of the product of its own, with the demonstration provider, under a folder of its own
in var/. All pictures go to var/screenshots/; those of the README to docs/screenshots/ as well.
"""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import product
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser.conftest import chromium_path

ROOT = Path(__file__).resolve().parent.parent
ALL = ROOT / "var" / "screenshots"
SHOWN = ROOT / "docs" / "screenshots"
SCREENS = {"wide": (1400, 900), "phone": (390, 844)}
SIGN_INS = {
    "operator": ("operator@example.com", "demo-operator-42"),
    "owner": ("owner@example.com", "demo-owner-42"),
}
# What a browser asks for, and what the product then calls a period.
LANGUAGES = {"en": ("en-GB", "Last month"), "ru": ("ru-RU", "Прошлый месяц")}
# Who sees a page, its name, its address.
PAGES = (
    ("operator", "organizations", "/organizations/"),
    ("operator", "nothing-found", "/organizations/?q=zzzz"),
    ("operator", "add-organization", "/organizations/add/"),
    ("operator", "edit-organization", "/organizations/1/edit/"),
    ("operator", "usages", "/organizations/1/usages/"),
    ("operator", "wrong-period", "/organizations/1/usages/?from=2026-09-30&to=2026-09-01"),
    ("operator", "history", "/organizations/1/history/"),
    ("operator", "cameras", "/organizations/1/cameras/"),
    ("operator", "connect-camera", "/organizations/1/cameras/connect/"),
    ("operator", "camera", "/cameras/1/"),
    ("operator", "move-camera", "/cameras/1/move/"),
    ("operator", "tariffs", "/tariffs/"),
    ("operator", "add-tariff", "/tariffs/add/"),
    ("operator", "edit-tariff", "/tariffs/1/edit/"),
    ("operator", "import", "/usage/import/"),
    ("operator", "not-found", "/organizations/999999/usages/"),
    ("owner", "my-organizations", "/organizations/"),
    ("owner", "my-usages", "/organizations/1/usages/"),
    ("owner", "refused", "/tariffs/"),
)
# What the README shows, from all pictures.
README = {
    "usages-light-wide-en": "usages-light",
    "organizations-dark-wide-en": "organizations-dark",
    "usages-light-phone-en": "usages-phone",
}


@contextmanager
def running_copy() -> Iterator[str]:
    """Run the product with the demonstration provider; yield its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    (ROOT / "var").mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=ROOT / "var", prefix="screenshots-") as var:
        environment = {**os.environ, "LOCAL": "1", "PORT": str(port), "VAR_DIR": var}
        environment.pop("DATABASE_URL", None)
        program = subprocess.Popen(
            [sys.executable, "-m", "billing_admin.run"],
            cwd=ROOT,
            env=environment,
            stdout=subprocess.PIPE,
            text=True,
        )
        try:
            assert program.stdout is not None
            for line in program.stdout:
                if f"http://127.0.0.1:{port}" in line:
                    break
            else:
                raise SystemExit("The product did not start.")
            yield f"http://127.0.0.1:{port}"
        finally:
            program.send_signal(signal.SIGTERM)
            program.wait(timeout=30)


def sign_in(page: Page, address: str, who: str) -> None:
    """Sign in with one of the demonstration's sign-ins."""
    email, password = SIGN_INS[who]
    page.goto(f"{address}/accounts/login/")
    page.locator("[name=login]").fill(email)
    page.locator("[name=password]").fill(password)
    page.locator("[name=password]").press("Enter")
    page.wait_for_url("**/organizations/")


def take(browser: Browser, address: str, scheme: str, screen: str, language: str) -> None:
    """Take every page in one colour scheme on one screen in one language."""
    width, height = SCREENS[screen]
    locale, last_month = LANGUAGES[language]
    for who in ("nobody", *SIGN_INS):
        context = browser.new_context(
            viewport={"width": width, "height": height},
            color_scheme="dark" if scheme == "dark" else "light",
            locale=locale,
        )
        page = context.new_page()
        pages = [(name, path) for by, name, path in PAGES if by == who]
        if who == "nobody":
            pages = [("sign-in", "/accounts/login/"), ("forgotten", "/accounts/password/reset/")]
        else:
            sign_in(page, address, who)
        for name, path in pages:
            page.goto(address + path)
            if name in ("usages", "my-usages"):
                page.get_by_role("link", name=last_month).click()
            picture = ALL / f"{name}-{scheme}-{screen}-{language}.png"
            page.screenshot(path=picture, full_page=screen == "phone" and "usages" not in name)
            if scroll_width(page) > width:
                print(f"{name} ({language}) is wider than the screen of {width} pixels.")
            print(".", end="", flush=True)
        context.close()


def scroll_width(page: Page) -> int:
    """Return how wide the page is; wider than the screen means that it scrolls sideways."""
    found = page.evaluate("document.documentElement.scrollWidth")
    assert isinstance(found, int)
    return found


def main() -> None:
    """Take all pictures anew."""
    for folder in (ALL, SHOWN):
        folder.mkdir(parents=True, exist_ok=True)
    arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
    with running_copy() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=arguments)
        for scheme, screen, language in product(("light", "dark"), SCREENS, LANGUAGES):
            take(browser, address, scheme, screen, language)
        browser.close()
    for source, target in README.items():
        shutil.copyfile(ALL / f"{source}.png", SHOWN / f"{target}.png")
    print(f"\n{len(list(ALL.glob('*.png')))} pictures in {ALL.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
