"""Take screenshots of all pages of the demonstration: `make screenshots`.

Each page is taken in light and dark, wide and on a phone, in English and Russian. Names of pictures
in ARGS limit it to those.

This starts its own copy of the product with the demonstration, in a temporary folder in var/. All
pictures are saved in var/screenshots/, and those of the README in docs/screenshots/ too.
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
from datetime import date, timedelta
from itertools import product
from pathlib import Path

from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.browser.conftest import chromium_path
from tests.scenes import SCENES, Way

ROOT = Path(__file__).resolve().parent.parent
ALL = ROOT / "var" / "screenshots"
SHOWN = ROOT / "docs" / "screenshots"
SCREENS = {"wide": (1400, 900), "phone": (390, 844)}
SIGN_INS = {
    "operator": ("operator@example.com", "demo-operator-42"),
    "support": ("support@example.com", "demo-support-42"),
    "owner": ("owner@example.com", "demo-owner-42"),
}
# The browser's locale, and the label of a period in that language.
LANGUAGES = {"en": ("en-GB", "Last month"), "ru": ("ru-RU", "Прошлый месяц")}


def _months_ago(months: int) -> date:
    """Return the first date of the month `months` before this one."""
    index = date.today().year * 12 + date.today().month - 1 - months
    return date(index // 12, index % 12 + 1, 1)


BEFORE_LAST_MONTH = f"?from={_months_ago(2)}&to={_months_ago(1) - timedelta(days=1)}"
# The person, the name of the picture, and the address.
PAGES: tuple[tuple[str, str, Way], ...] = (
    ("operator", "home", "/"),
    ("operator", "search", "/search/?q=ho"),
    ("operator", "search-empty", "/search/"),
    ("operator", "search-none", "/search/?q=zzzz"),
    ("operator", "organizations", "/organizations/"),
    ("operator", "nothing-found", "/organizations/?q=zzzz"),
    ("operator", "overview", "/organizations/1/"),
    ("operator", "overview-new", "/organizations/2/"),
    ("operator", "overview-two-currencies", "/organizations/9/"),
    ("operator", "agreement", "/organizations/1/agreement/"),
    ("operator", "suspend", "/organizations/1/terms/suspensions/add/"),
    ("operator", "add-one-off-charge", "/organizations/1/terms/one-off-charges/add/"),
    ("operator", "import-agreements", "/organizations/terms/import/"),
    ("operator", "payments-of-one", "/organizations/1/payments/"),
    ("operator", "account", "/organizations/1/account/"),
    ("operator", "notes", "/organizations/1/notes/"),
    ("operator", "tags", "/organizations/1/tags/"),
    ("operator", "add-contact", "/organizations/1/contacts/add/"),
    ("operator", "add-organization", "/organizations/add/"),
    ("operator", "change-organizations", "/organizations/change/?organization=1&organization=2"),
    ("operator", "edit-organization", "/organizations/1/edit/"),
    ("operator", "billing", "/organizations/1/billing/"),
    ("operator", "billing-later", "/organizations/11/billing/"),
    ("operator", "billing-missing", "/organizations/9/billing/"),
    ("operator", "edit-moved-organization", "/organizations/3/edit/"),
    ("operator", "closed-organizations", "/organizations/?show=closed"),
    ("operator", "close-organization", "/organizations/1/close/"),
    ("operator", "reopen-organization", "/organizations/12/reopen/"),
    ("operator", "undeletable-organization", "/organizations/1/delete/"),
    ("operator", "delete-organization", "/organizations/2/delete/"),
    ("operator", "add-owner", "/organizations/owners/add/"),
    ("operator", "usages", "/organizations/1/usages/"),
    ("operator", "usages-two-currencies", "/organizations/9/usages/?from=2025-11-01&to=2026-10-31"),
    ("operator", "usages-in-trial", "/organizations/7/usages/?from=2026-08-01&to=2026-10-31"),
    ("operator", "usages-closed", "/organizations/12/usages/?from=2025-10-01&to=2026-11-30"),
    ("operator", "wrong-period", "/organizations/1/usages/?from=2026-09-30&to=2026-09-01"),
    ("operator", "nothing-used", "/organizations/2/usages/"),
    ("operator", "history", "/organizations/1/history/"),
    ("operator", "cameras", "/organizations/1/cameras/"),
    ("operator", "cameras-all", "/organizations/1/cameras/?state=all"),
    ("operator", "no-cameras", "/organizations/2/cameras/"),
    ("operator", "connect-camera", "/organizations/1/cameras/connect/"),
    ("operator", "all-cameras", "/cameras/"),
    ("operator", "camera", "/cameras/1/"),
    ("operator", "planned-changes", "/cameras/planned/"),
    ("operator", "camera-title", "/cameras/1/title/"),
    ("operator", "camera-history", "/cameras/1/history/"),
    ("operator", "move-camera", "/cameras/1/move/"),
    ("operator", "move-camera-found", "/cameras/1/move/?to=a"),
    ("operator", "move-camera-there", "/cameras/1/move/?to=Thornbury+Hotels+Ltd"),
    ("operator", "invoices", "/invoices/"),
    ("operator", "invoice", "/invoices/1/"),
    ("operator", "invoice-charges", "/invoices/1/charges/"),
    ("operator", "invoice-now", "/invoices/1/differences/"),
    ("operator", "invoices-that-differ", "/invoices/?differs=yes"),
    ("operator", "settle-differences", "/invoices/settle/?all=1&differs=yes"),
    ("operator", "late-usage", "/invoices/late-usage/"),
    ("operator", "invoice-history", "/invoices/1/history/"),
    ("operator", "cancel-invoice", "/invoices/1/cancel/"),
    ("operator", "add-payment", "/invoices/1/payments/add/"),
    ("operator", "invoices-of-one", "/organizations/1/invoices/"),
    ("operator", "issue", f"/organizations/1/invoices/issue/{BEFORE_LAST_MONTH}"),
    ("operator", "issue-missing", f"/organizations/9/invoices/issue/{BEFORE_LAST_MONTH}"),
    ("operator", "invoice-runs", "/invoices/runs/"),
    ("operator", "invoice-run", f"/invoices/runs/{_months_ago(1):%Y-%m}/"),
    ("operator", "invoice-run-to-come", f"/invoices/runs/{_months_ago(2):%Y-%m}/"),
    ("operator", "payments", "/payments/"),
    ("operator", "payment", "/payments/1/"),
    ("operator", "payment-on-account", "/organizations/1/payments/add/"),
    ("operator", "write-off", "/invoices/1/payments/write-off/"),
    ("operator", "receivables", "/invoices/receivables/"),
    ("operator", "import-payments", "/invoices/payments/import/"),
    ("operator", "provider", "/invoices/provider/"),
    ("operator", "mail-texts", "/mail-texts/"),
    ("operator", "mail-text", "/mail-texts/invoice/ru/"),
    ("operator", "provider-history", "/invoices/provider/history/"),
    ("operator", "tariffs", "/tariffs/"),
    ("operator", "add-tariff", "/tariffs/add/"),
    ("operator", "edit-tariff", "/tariffs/1/edit/"),
    ("operator", "new-price", "/tariffs/1/prices/add/"),
    ("operator", "undeletable-tariff", "/tariffs/1/delete/"),
    ("operator", "tariff-history", "/tariffs/1/history/"),
    ("operator", "taxes", "/taxes/"),
    ("operator", "people", "/people/"),
    ("operator", "organization-people", "/organizations/1/people/"),
    ("operator", "person", "/people/10/"),
    ("operator", "person-invite", "/people/invite/"),
    ("operator", "person-address", "/people/10/address/"),
    ("operator", "person-block", "/people/10/block/"),
    ("operator", "add-tax", "/taxes/add/"),
    ("operator", "edit-tax", "/taxes/1/edit/"),
    ("operator", "edit-exemption", "/taxes/3/edit/"),
    ("operator", "new-rate", "/taxes/1/percents/add/"),
    ("operator", "delete-tax", "/taxes/1/delete/"),
    ("operator", "tax-history", "/taxes/1/history/"),
    ("operator", "user-history", "/accounts/3/history/"),
    ("operator", "watcher", "/watcher/"),
    ("operator", "watcher-directions", "/watcher/directions/"),
    ("operator", "watcher-edit", "/watcher/edit/"),
    ("operator", "watcher-history", "/watcher/history/"),
    ("operator", "watcher-organizations", "/watcher/organizations/"),
    ("operator", "watcher-unlinked", "/watcher/unlinked/"),
    ("operator", "watcher-presets", "/watcher/presets/"),
    ("operator", "watcher-preset", "/watcher/presets/1/"),
    ("operator", "watcher-reading", "/watcher/reading/"),
    ("operator", "watcher-reading-settings", "/watcher/reading/settings/"),
    ("operator", "watcher-changes", "/watcher/changes/"),
    ("operator", "watcher-requests", "/watcher/requests/?state=all"),
    ("operator", "watcher-differences", "/watcher/differences/"),
    ("operator", "watcher-report", "/watcher/report/"),
    ("operator", "watcher-suspensions", "/watcher/suspensions/"),
    ("operator", "watcher-suspension-settings", "/watcher/suspensions/settings/"),
    ("operator", "watcher-of-one", "/watcher/of/1/"),
    ("operator", "watcher-message", "/watcher/of/1/message/"),
    ("operator", "import", "/usage/import/"),
    ("operator", "past-imports", "/usage/imports/"),
    ("operator", "change-password", "/accounts/password/change/"),
    ("operator", "captured-mails", "/dev/mail/"),
    ("operator", "not-found", "/organizations/999999/usages/"),
    ("support", "support-organizations", "/organizations/"),
    ("support", "support-billing", "/organizations/9/billing/"),
    ("support", "support-invoices", "/invoices/"),
    ("support", "support-run", f"/invoices/runs/{_months_ago(1):%Y-%m}/?state=refused"),
    ("support", "support-provider", "/invoices/provider/"),
    ("support", "support-tariffs", "/tariffs/"),
    ("support", "support-taxes", "/taxes/"),
    ("support", "support-camera", "/cameras/1/"),
    ("support", "desk", "/admin/"),
    ("support", "desk-app", "/admin/usage/"),
    ("support", "desk-users", "/admin/accounts/user/"),
    ("support", "desk-user", "/admin/accounts/user/4/change/"),
    ("support", "desk-tariffs", "/admin/tariffs/tariff/"),
    ("support", "desk-tariff", "/admin/tariffs/tariff/1/change/"),
    ("support", "desk-organizations", "/admin/organizations/organization/"),
    ("support", "desk-organization", "/admin/organizations/organization/1/change/"),
    ("support", "desk-tax", "/admin/organizations/tax/1/change/"),
    ("support", "desk-cameras", "/admin/usage/camera/"),
    ("support", "desk-camera", "/admin/usage/camera/1/change/"),
    ("owner", "my-organizations", "/organizations/"),
    ("owner", "my-overview", "/organizations/1/"),
    ("owner", "my-usages", "/organizations/1/usages/"),
    ("owner", "my-agreement", "/organizations/1/agreement/"),
    ("owner", "my-billing", "/organizations/1/billing/"),
    ("owner", "my-invoices", "/invoices/"),
    ("owner", "my-invoice", "/invoices/1/"),
    ("owner", "my-charges", "/invoices/1/charges/"),
    ("owner", "my-balance", "/organizations/1/invoices/"),
    ("owner", "my-cameras", "/organizations/1/cameras/"),
    ("owner", "my-camera", "/cameras/1/"),
    ("owner", "refused", "/tariffs/"),
    ("nobody", "sign-in", "/accounts/login/"),
    ("nobody", "forgotten", "/accounts/password/reset/"),
    ("nobody", "forgotten-sent", "/accounts/password/reset/done/"),
    ("nobody", "old-password-link", "/accounts/password/reset/key/1-x/"),
    ("nobody", "damaged-link", "/accounts/activate/not-a-link/"),
    ("nobody", "shut-out", "/accounts/inactive/"),
)
# The pictures that the README shows, and their names there.
README = {
    "usages-light-wide-en": "usages-light",
    "organizations-dark-wide-en": "organizations-dark",
    "invoice-light-wide-en": "invoice-light",
    "usages-light-phone-en": "usages-phone",
}


@contextmanager
def running_copy() -> Iterator[str]:
    """Run the product with the demonstration; yield its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    (ROOT / "var").mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=ROOT / "var", prefix="screenshots-") as var:
        environment = {**os.environ, "PORT": str(port), "VAR_DIR": var}
        environment.pop("DATABASE_URL", None)
        program = subprocess.Popen(
            [sys.executable, "-m", "local_run"],
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
            issue_last_month(environment)
            yield f"http://127.0.0.1:{port}"
        finally:
            program.send_signal(signal.SIGTERM)
            program.wait(timeout=30)


def issue_last_month(environment: dict[str, str]) -> None:
    """Issue last month's invoices; some organizations are blocked by missing details."""
    manage = [sys.executable, "-m", "local_run", "manage"]
    run = [*manage, "invoice_run", f"{_months_ago(1):%Y-%m}", "--verbosity=0"]
    subprocess.run(run, cwd=ROOT, env=environment, stderr=subprocess.DEVNULL, check=False)


def sign_in(page: Page, address: str, who: str) -> None:
    """Sign in with one of the demonstration's sign-ins."""
    email, password = SIGN_INS[who]
    page.goto(f"{address}/accounts/login/")
    page.locator("[name=login]").fill(email)
    page.locator("[name=password]").fill(password)
    page.locator("[name=password]").press("Enter")
    page.wait_for_url(lambda url: "/accounts/login/" not in url)


def take(browser: Browser, address: str, look: tuple[str, str, str], names: list[str]) -> None:
    """Take pages in one colour scheme, on one screen, in one language.

    `look` names the three. If `names` is not empty, take only these pictures.
    """
    scheme, screen, language = look
    width, height = SCREENS[screen]
    locale, last_month = LANGUAGES[language]
    for who in ("operator", "support", "owner", "nobody"):
        context = browser.new_context(
            viewport={"width": width, "height": height},
            color_scheme="dark" if scheme == "dark" else "light",
            locale=locale,
        )
        page = context.new_page()
        if who in SIGN_INS:
            sign_in(page, address, who)
        for by, name, way in (*PAGES, *SCENES):
            if by != who or (names and name not in names):
                continue
            if isinstance(way, str):
                page.goto(address + way)
            else:
                way(page, address)
            if name in ("usages", "my-usages"):
                page.get_by_role("link", name=last_month).click()
            # An invoice loads its recalculation after the page.
            expect(page.locator("#differences[hx-get]")).to_have_count(0)
            picture = f"{name}-{scheme}-{screen}-{language}"
            page.screenshot(path=ALL / f"{picture}.png", full_page=picture not in README)
            if scroll_width(page) > width:
                print(f"{name} ({language}) is wider than the screen ({width} pixels).")
            print(".", end="", flush=True)
        context.close()


def scroll_width(page: Page) -> int:
    """Return the width of the page; if it exceeds the screen, the page scrolls sideways."""
    found = page.evaluate("document.documentElement.scrollWidth")
    assert isinstance(found, int)
    return found


def main(*names: str) -> None:
    """Take all pictures, or those with some names."""
    for folder in (ALL, SHOWN):
        folder.mkdir(parents=True, exist_ok=True)
    arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
    with running_copy() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=arguments)
        for look in product(("light", "dark"), SCREENS, LANGUAGES):
            take(browser, address, look, list(names))
        browser.close()
    if not names:
        for source, target in README.items():
            shutil.copyfile(ALL / f"{source}.png", SHOWN / f"{target}.png")
    print(f"\n{len(list(ALL.glob('*.png')))} pictures in {ALL.relative_to(ROOT)}")


if __name__ == "__main__":
    main(*sys.argv[1:])
