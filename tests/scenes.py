"""Scenes: pages that a person reaches by doing something. `make screenshots` takes them too.

A scene is called with a page that is signed in as its person, and the product's address. It works
in any language and any number of times.
"""

import re
from collections.abc import Callable
from datetime import date, timedelta
from uuid import uuid4

from playwright.sync_api import Locator, Page, expect

# How to reach a page: its address, or a function that does what is needed.
Way = str | Callable[[Page, str], None]

HEADING = "organization,camera,title,tariff,started_at,ended_at\n"
NEW_USE = "Hansa Logistikpark Hamburg GmbH,new-01,New,Cloud 7,2026-09-01T00:00:00+02:00,\n"
WRONG_USE = "Nobody’s,gate-01,Main gate,None,2026-09-01T00:00:00+02:00,yesterday\n"


def searching(page: Page, address: str) -> None:
    """Search everything, and go to the second result."""
    page.goto(f"{address}/organizations/")
    page.keyboard.press("/")
    field = page.locator("[data-search] [role=combobox]:visible")
    field.press_sequentially("ho")
    expect(page.locator("[data-search] [role=option]:visible").nth(2)).to_be_visible()
    field.press("ArrowDown")
    field.press("ArrowDown")


def submit(page: Page) -> None:
    """Click the last main button of the page's last form."""
    page.locator("main form").last.locator("button.btn-primary, button.btn-danger").last.click()


def form_with(page: Page, name: str) -> Locator:
    """Return the form that has the named field."""
    return page.locator("main form").filter(has=page.locator(f"[name={name}]"))


def _selected(page: Page, address: str, action: str) -> None:
    page.goto(f"{address}/organizations/1/cameras/")
    for box in page.locator("[name=use]").all()[:2]:
        box.check()
    page.locator(f"#selection [formaction$='/{action}/']").click()


def change_tariff(page: Page, address: str) -> None:
    _selected(page, address, "change-tariff")
    page.locator("[name=when][value=past]").check()


def correct_usage(page: Page, address: str) -> None:
    """Correct the last use of two cameras, to the point of the preview."""
    _selected(page, address, "correct")
    page.locator("[name=start][value=at]").check()
    page.locator("[name=started_at]").fill("2026-09-16T00:00:00")
    page.locator("[name=moves_neighbours]").check()
    page.locator("[name=reason]").fill("Installed later")
    submit(page)
    expect(page.locator("[name=shown]")).to_be_attached()


def correct_form(page: Page, address: str) -> None:
    page.goto(f"{address}/cameras/1/")
    page.locator("a[href*='/correct/']").first.click()
    page.locator("[name=end][value=at]").check()
    page.locator("[name=which][value=dates]").check()


def disconnect(page: Page, address: str) -> None:
    _selected(page, address, "disconnect")


def closing(page: Page, address: str) -> None:
    """Show what closing an organization some weeks ago would change."""
    page.goto(f"{address}/organizations/1/close/")
    page.locator("[name=last_on]").fill(f"{date.today() - timedelta(days=40)}")
    submit(page)
    expect(page.locator("[name=seen]")).to_have_count(1)


def change_refused(page: Page, address: str) -> None:
    """Change all cameras to a tariff that some of them already have."""
    page.goto(f"{address}/organizations/1/cameras/change-tariff/?all=1")
    page.locator("[name=tariff]").select_option(index=1)
    submit(page)
    expect(page.locator(".alert-danger")).to_be_visible()


def connect_refused(page: Page, address: str) -> None:
    """Connect a camera that is in use elsewhere."""
    page.goto(f"{address}/organizations/1/cameras/")
    name = page.locator("#results tbody .cell-title a").first.inner_text()
    page.goto(f"{address}/organizations/4/cameras/connect/?name={name}")
    page.locator("[name=tariff]").select_option(index=1)
    submit(page)
    expect(page.locator(".alert-info")).to_be_visible()


def forgotten_fields(page: Page, address: str) -> None:
    """Submit the empty form for a new organization."""
    page.goto(f"{address}/organizations/add/")
    submit(page)
    expect(page.locator(".is-invalid").first).to_be_visible()


def owner_dialog(page: Page, address: str) -> None:
    page.goto(f"{address}/organizations/add/")
    page.locator("#add-owner-link").click()
    expect(page.locator("dialog[open]")).to_be_visible()


def owner_added(page: Page, address: str) -> None:
    owner_dialog(page, address)
    page.locator("dialog [name=email]").fill(f"{uuid4().hex[:8]}@example.org")
    page.locator("dialog .btn-primary").click()
    expect(page.locator("#owner-status .alert")).to_be_visible()


def confirm_price(page: Page, address: str) -> None:
    page.goto(f"{address}/tariffs/1/edit/")
    form = form_with(page, "amount")
    form.locator("[name=amount]").fill("77")
    form.locator("[name=valid_from]").fill("2026-01-01")
    form.locator("button").click()
    expect(page.locator("[name=confirmed]")).to_be_attached()


def confirm_withdrawal(page: Page, address: str) -> None:
    page.goto(f"{address}/tariffs/3/edit/")
    page.locator("#prices a[href*=withdraw]").first.click()


def delete_tariff(page: Page, address: str) -> None:
    """Add a tariff plan, and ask to delete it."""
    page.goto(f"{address}/tariffs/add/")
    for name, text in {"name": "Never used", "dvr_depth_days": "0", "dvr_space_gb": "0"}.items():
        page.locator(f"main [name={name}]").fill(text)
    page.locator("[name=has_anpr][value=False]").check()
    page.locator("[name=amount]").fill("5")
    page.locator("[name=currency]").select_option("EUR")
    submit(page)
    page.goto(f"{address}/tariffs/?q=Never+used")
    page.locator("#results tbody a").first.click()
    page.locator("a.btn-outline-danger").click()


def _import(page: Page, address: str, text: str) -> None:
    page.goto(f"{address}/usage/import/")
    page.locator("[type=file]").set_input_files(
        {"name": "october.csv", "mimeType": "text/csv", "buffer": (HEADING + text).encode()}
    )
    submit(page)
    page.wait_for_url(re.compile(r"/usage/import/.+/"))


def import_review(page: Page, address: str) -> None:
    _import(page, address, NEW_USE)
    expect(page.locator("main dl.datagrid")).to_be_visible()


def import_replacing(page: Page, address: str) -> None:
    """Replace what the first camera of the first organization used in two months."""
    page.goto(f"{address}/organizations/1/cameras/")
    camera = page.locator("#results tbody .cell-title a").first.inner_text()
    page.goto(f"{address}/usage/import/")
    page.locator("[name=mode][value=replace]").check()
    page.locator("[name=first_month]").fill("2026-09")
    page.locator("[name=last_month]").fill("2026-10")
    line = NEW_USE.replace("new-01,New", f"{camera},").replace(
        ",\n", ",2026-09-20T00:00:00+02:00\n"
    )
    page.locator("[type=file]").set_input_files(
        {"name": "october.csv", "mimeType": "text/csv", "buffer": (HEADING + line).encode()}
    )
    submit(page)
    expect(page.locator("[name=shown]")).to_be_attached()


def undo_import(page: Page, address: str) -> None:
    """Import a new camera, and ask to undo that."""
    _import(page, address, NEW_USE.replace("new-01", f"new-{uuid4().hex[:8]}"))
    page.locator("main form button.btn-primary").first.click()
    expect(page.locator("main .alert-success")).to_be_visible()
    page.goto(f"{address}/usage/imports/")
    page.locator("form[action*='/undo/'] button").first.click()
    expect(page.locator("[name=shown]")).to_be_attached()


def import_refused(page: Page, address: str) -> None:
    _import(page, address, WRONG_USE)
    expect(page.locator("main .alert-danger")).to_be_visible()


def invoice_in(state: str) -> Callable[[Page, str], None]:
    """Return a scene that opens the newest invoice in a state."""

    def open_it(page: Page, address: str) -> None:
        page.goto(f"{address}/invoices/?state={state}")
        page.locator("#results tbody a").first.click()
        expect(page.locator(".document-page").first).to_be_visible()
        expect(page.locator("#differences[hx-get]")).to_have_count(0)

    return open_it


def reverse_payment(page: Page, address: str) -> None:
    invoice_in("paid")(page, address)
    page.locator("#payments a[href*=reverse]").first.click()


def _import_payments(page: Page, address: str, *amounts: str) -> None:
    """Upload payments for the newest open invoice, to review them or see their errors."""
    page.goto(f"{address}/invoices/?state=open")
    number = page.locator("#results tbody a").first.inner_text()
    total = page.locator("#results tbody td.num").first.inner_text()
    currency, yesterday = re.sub("[^A-Z]", "", total), date.today() - timedelta(days=1)
    lines = "".join(f"{number},{yesterday},{each},{currency},,Statement 17\n" for each in amounts)
    page.goto(f"{address}/invoices/payments/import/")
    text = f"invoice,date,amount,currency,method,reference\n{lines}"
    page.locator("[type=file]").set_input_files(
        {"name": "november.csv", "mimeType": "text/csv", "buffer": text.encode()}
    )
    submit(page)
    page.wait_for_url(re.compile(r"/invoices/payments/import/.+/"))


def payments_review(page: Page, address: str) -> None:
    _import_payments(page, address, "1.00", "9999.00")
    expect(page.locator("main dl.datagrid")).to_be_visible()


def payments_refused(page: Page, address: str) -> None:
    _import_payments(page, address, "-1", "1.005", "ten", "2.00")
    expect(page.locator("main .alert-danger")).to_be_visible()


def _save_in_two_tabs(page: Page, address: str, path: str, field: str) -> None:
    """Save a field after another tab has saved it."""
    tabs = page, page.context.new_page()
    for tab in tabs:
        tab.goto(address + path)
    before = page.locator(f"main [name={field}]").input_value()
    for tab in reversed(tabs):
        tab.locator(f"main [name={field}]").fill(f"{before[:20]} {uuid4().hex[:4]}")
        form_with(tab, "version").locator(".btn-primary").last.click()
        tab.wait_for_load_state()
    tabs[1].close()
    expect(page.locator(".versions")).to_be_visible()


def organization_conflict(page: Page, address: str) -> None:
    _save_in_two_tabs(page, address, "/organizations/12/edit/", "contract_number")


def tariff_conflict(page: Page, address: str) -> None:
    _save_in_two_tabs(page, address, "/tariffs/2/edit/", "note")


def captured_mail(page: Page, address: str) -> None:
    page.goto(f"{address}/dev/mail/")
    page.locator("main a.action-link").first.click()


def stale_form(page: Page, address: str) -> None:
    page.goto(f"{address}/organizations/add/")
    page.context.clear_cookies(name="csrftoken")
    submit(page)


def account_menu(page: Page, address: str) -> None:
    page.goto(f"{address}/organizations/")
    page.locator("header details > summary").last.click()


def activate(page: Page, address: str) -> None:
    """Follow the link in the newest activation mail."""
    page.goto(f"{address}/dev/mail/")
    for mail in page.locator("main a.action-link").all():
        path = mail.get_attribute("href") or ""
        link = re.search(r"/accounts/activate/[^/\s\"<]+/", page.request.get(address + path).text())
        if link:
            page.goto(address + link.group())
            return


def new_password(page: Page, address: str) -> None:
    """Request a password reset and follow the link in its mail."""
    page.goto(f"{address}/accounts/password/reset/")
    page.locator("[name=email]").fill("owner@example.com")
    page.locator(".btn-primary").click()
    page.goto(f"{address}/dev/mail/")
    path = page.locator("main a.action-link").first.get_attribute("href") or ""
    link = re.search(
        r"/accounts/password/reset/key/[^/\s\"<]+/", page.request.get(address + path).text()
    )
    assert link
    page.goto(address + link.group())


def wrong_password(page: Page, address: str) -> None:
    page.goto(f"{address}/accounts/login/")
    page.locator("[name=login]").fill("nobody@example.com")
    page.locator("[name=password]").fill(uuid4().hex)
    page.locator(".btn-primary").click()


# The person, the name of the picture, and the scene.
SCENES: tuple[tuple[str, str, Way], ...] = (
    ("operator", "searching", searching),
    ("operator", "closing", closing),
    ("operator", "change-tariff", change_tariff),
    ("operator", "change-refused", change_refused),
    ("operator", "disconnect", disconnect),
    ("operator", "correct-usage", correct_usage),
    ("operator", "correct-form", correct_form),
    ("operator", "connect-refused", connect_refused),
    ("operator", "forgotten-fields", forgotten_fields),
    ("operator", "owner-dialog", owner_dialog),
    ("operator", "owner-added", owner_added),
    ("operator", "confirm-price", confirm_price),
    ("operator", "confirm-withdrawal", confirm_withdrawal),
    ("operator", "delete-tariff", delete_tariff),
    ("operator", "import-review", import_review),
    ("operator", "import-replacing", import_replacing),
    ("operator", "undo-import", undo_import),
    ("operator", "import-refused", import_refused),
    ("operator", "organization-conflict", organization_conflict),
    ("operator", "tariff-conflict", tariff_conflict),
    ("operator", "captured-mail", captured_mail),
    ("operator", "account-menu", account_menu),
    ("operator", "stale-form", stale_form),
    ("operator", "invoice-open", invoice_in("open")),
    ("operator", "invoice-part-paid", invoice_in("part_paid")),
    ("operator", "invoice-paid", invoice_in("paid")),
    ("operator", "invoice-overdue", invoice_in("overdue")),
    ("operator", "invoice-cancelled", invoice_in("cancelled")),
    ("operator", "credit-note", invoice_in("credit_note")),
    ("operator", "reverse-payment", reverse_payment),
    ("operator", "payments-review", payments_review),
    ("operator", "payments-refused", payments_refused),
    ("support", "support-invoice", invoice_in("open")),
    ("nobody", "activate", activate),
    ("nobody", "new-password", new_password),
    ("nobody", "wrong-password", wrong_password),
)
