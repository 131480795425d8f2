"""axe finds no violation on any page, in light and dark, wide and on a phone."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from accounts.models import User
from accounts.tests.factories import OperatorFactory, OwnerFactory
from demo.load import load_demonstration
from demo.records import Sizes
from invoices.models import Invoice
from invoices.querysets import State
from invoices.runs import operations as runs
from invoices.runs import releasing
from invoices.tests.factories import BilledUseFactory, ProviderFactory
from organizations.models import Organization
from organizations.tests.factories import (
    BillingDetailsFactory,
    OrganizationFactory,
    PartnershipFactory,
)
from rating.periods import month_of
from reports.simulation import operations as simulations
from reports.simulation.changes import DiscountChange
from tariffs.models import Tariff
from tariffs.tests.factories import TariffFactory
from tests.addresses import PEOPLE, ROUTES, ROWS, make_world, row_of
from tests.browser.imports import check_file, confirm_import
from tests.browser.people import sign_in
from tests.jobs import run_jobs
from watcher.connection.models import DIRECTIONS
from watcher.drift.comparing import compare
from watcher.errors import UnreachableError, stored_error
from watcher.models import ConnectionState, PlatformOrganization, ReadingState, ReportState
from watcher.reading.tests.worlds import a_world, link_all
from watcher.tests.factories import PlatformPresetFactory
from watcher.tests.rows import rows_of_watcher
from watcher.writing.tests.factories import WriteRequestFactory

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("captured_mail")]

TODAY = date(2026, 10, 15)
IN_SEPTEMBER = "?from=2026-09-01&to=2026-09-30"
WRONG_FILE = b"""\
organization,camera,title,tariff,started_at,ended_at
Nobody's,gate-01,Main gate,None,2026-09-01T00:00:00+02:00,yesterday
"""


class Audit:
    """A page on which axe checks one address after another."""

    def __init__(self, page: Page, address: str) -> None:
        self.page = page
        self.found: list[str] = []
        self.address = address

    def open(self, path: str) -> None:
        """Open an address and check it."""
        self.page.goto(self.address + path)
        self.check(path)

    def check(self, name: str) -> None:
        """Check the current page as it is once its transitions have finished.

        They are brought to their end, because one inside closed details never comes to it.
        """
        self.page.evaluate(
            "document.getAnimations().forEach((animation) => {"
            " try { animation.finish() } catch { animation.cancel() } })"
        )
        for violation in Axe().run(self.page).response["violations"]:
            for node in violation["nodes"]:
                self.found.append(f"{name}: {violation['id']}: {node['html']}: {_messages(node)}")

    def is_page(self, path: str) -> bool:
        """Tell whether the address returns a page, and not a file or data."""
        answer = self.page.request.head(self.address + path)
        return answer.headers.get("content-type", "").startswith("text/html")


def _messages(node: dict[str, Any]) -> str:
    return "; ".join(check["message"] for check in node["any"] + node["all"] + node["none"])


@pytest.fixture(params=[("light", 1400), ("dark", 390)], ids=["light-wide", "dark-phone"])
def audit(
    request: pytest.FixtureRequest, browser: Browser, live_server: LiveServer
) -> Iterator[Audit]:
    """Open a page; fail the test if axe finds a violation."""
    scheme, width = request.param
    # axe is not part of the product, so the policy would refuse its script.
    context = browser.new_context(
        bypass_csp=True, color_scheme=scheme, viewport={"width": width, "height": 900}
    )
    context.set_default_timeout(10_000)
    audit = Audit(context.new_page(), live_server.url)
    yield audit
    context.close()
    assert not audit.found, "\n".join(audit.found)


@pytest.fixture
def demonstration(transactional_db: None) -> None:
    sizes = Sizes(organizations=4, cameras=40)
    load_demonstration(seed=1, today=TODAY, sizes=sizes, progress=lambda cameras: None)


@pytest.fixture
def operator(audit: Audit, live_server: LiveServer) -> User:
    """Sign an operator in to the audit's page."""
    operator = OperatorFactory.create(name="Olga Operator")
    sign_in(audit.page.context, operator, live_server.url)
    return operator


@pytest.mark.usefixtures("demonstration")
@pytest.mark.parametrize("person", ["nobody", "owner", "support", "operator"])
def test_every_page(audit: Audit, live_server: LiveServer, person: str) -> None:
    world = make_world()
    user = world.people[person]
    if user:
        sign_in(audit.page.context, user, live_server.url)
    addresses = [world.fill(route) for route in ROUTES if opens_first_to(person, row_of(route))]
    pages = [address for address in addresses if audit.is_page(address)]
    assert pages
    for address in pages:
        audit.open(address)


def opens_first_to(person: str, row: str) -> bool:
    """Tell whether the person may open it, and people who are not signed in may not.

    Pages open to everyone check the same to all, so they are checked only for "nobody".
    """
    answers = dict(zip(PEOPLE, ROWS[row].get, strict=True))
    return answers[person] == "200" and (person == "nobody" or answers["nobody"] != "200")


@pytest.mark.usefixtures("operator")
def test_empty_pages(audit: Audit) -> None:
    organization = Organization.objects.create(title="Empty", owner=OwnerFactory.create())
    audit.open(f"/organizations/{organization.pk}/usages/")
    audit.open(f"/organizations/{organization.pk}/cameras/")
    audit.open("/organizations/?q=zzzz")
    audit.open("/tariffs/")
    organization.delete()
    audit.open("/organizations/")


@pytest.mark.usefixtures("demonstration", "operator")
def test_long_lists_and_statements(audit: Audit) -> None:
    first = Organization.objects.earliest("pk")
    audit.open("/organizations/?sort=-trial")
    audit.open("/organizations/?q=a&page=2")
    audit.open("/tariffs/?sort=price_now")
    audit.open(f"/organizations/{first.pk}/cameras/")
    audit.open(f"/organizations/{first.pk}/edit/")
    audit.open(f"/tariffs/{Tariff.objects.filter(usage_intervals=None).first() or 1}/edit/")
    audit.open(f"/organizations/{first.pk}/usages/{IN_SEPTEMBER}")
    for summary in audit.page.locator(".charges summary").all()[:3]:
        summary.click()
    audit.check("open formulas")


def test_a_partner_and_a_simulation_of_one_organization(audit: Audit, operator: User) -> None:
    use = BilledUseFactory.create()
    partnership = PartnershipFactory.create(organization=use.organization)
    audit.open(f"/organizations/{partnership.partner_id}/partners/")
    simulation = simulations.ask(
        simulation_id=uuid4(),
        change=DiscountChange(None, Decimal(20)),
        period=month_of(TODAY),
        now=timezone.now(),
        by=operator,
        organization=use.organization,
    )
    run_jobs()
    audit.open(f"/simulations/{simulation.pk}/")


@pytest.mark.usefixtures("demonstration", "operator")
def test_open_menus(audit: Audit) -> None:
    audit.open("/organizations/")
    for summary in audit.page.locator("header details > summary").all():
        summary.click()
        audit.check("open menu")


@pytest.mark.usefixtures("demonstration", "operator")
def test_forms_with_errors(audit: Audit) -> None:
    page, first = audit.page, Organization.objects.earliest("pk")
    for path, button in (
        ("/organizations/add/", "Add organization"),
        ("/organizations/owners/add/", "Add owner"),
        (f"/organizations/{first.pk}/cameras/connect/", "Connect"),
        ("/tariffs/add/", "Add tariff plan"),
        ("/usage/import/", "Check file"),
        ("/organizations/import/", "Check file"),
        ("/accounts/password/change/", "Change password"),
        ("/invoices/payments/import/", "Check file"),
    ):
        audit.open(path)
        page.get_by_role("main").get_by_role("button", name=button).last.click()
        expect(page.locator(".is-invalid, [aria-invalid=true]").first).to_be_visible()
        audit.check(f"{path} with mistakes")
    audit.open(f"/organizations/{first.pk}/usages/?from=2026-09-30&to=2026-09-01")


@pytest.mark.usefixtures("operator")
def test_the_design_of_documents_while_it_is_chosen(audit: Audit) -> None:
    ProviderFactory.create()
    audit.open("/invoices/provider/design/")
    page = audit.page
    preview = page.get_by_role("region", name="Preview")
    before = preview.get_by_role("img").get_attribute("src")
    assert before

    page.get_by_label("Accent colour").fill("#8a1c1c")
    expect(preview.get_by_role("img")).not_to_have_attribute("src", before)
    audit.check("another colour")
    page.get_by_label("Text colour").fill("#ffcc00")
    expect(preview.get_by_role("status")).to_contain_text("This colour is too pale to be read")
    audit.check("a colour that is too pale")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("alert")).to_contain_text("Nothing was saved.")
    audit.check("a refused colour")
    page.get_by_label("Text colour").fill("#101010")
    expect(preview.get_by_role("img")).to_be_visible()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("The design of documents was saved.")).to_be_visible()
    audit.check("saved")


@pytest.mark.usefixtures("demonstration", "operator")
def test_invoices_in_every_state(audit: Audit) -> None:
    for state in (*State.values, "credit_note"):
        audit.open(f"/invoices/?state={state}")
        if audit.page.locator("#results tbody a").count():
            audit.page.locator("#results tbody a").first.click()
            expect(audit.page.get_by_role("img", name="Page 1")).to_be_visible()
            audit.check(f"invoice {state}")
    audit.open("/invoices/?q=zzzz")
    audit.open("/invoices/receivables/?q=zzzz")
    first = Invoice.objects.earliest("pk")
    period = f"?from={first.period.start}&to={first.period.last}"
    audit.open(f"/organizations/{first.organization_id}/invoices/issue/{period}")
    for path in ("/invoices/send/?all=1", "/invoices/pack/?all=1"):
        audit.open(path)
    runs.start(month=first.period.start, now=timezone.now(), by=None, drafts_only=True)
    run_jobs()
    audit.open(f"/invoices/runs/{first.period.start:%Y-%m}/")
    expect(audit.page.get_by_role("button", name="Withdraw the drafts")).to_be_visible()
    releasing.withdraw(month=first.period.start, now=timezone.now(), by=None)
    runs.start(month=first.period.start, now=timezone.now(), by=None)
    audit.open(f"/invoices/runs/{first.period.start:%Y-%m}/")
    run_jobs()
    audit.open(f"/invoices/runs/{first.period.start:%Y-%m}/")
    assert first.number in audit.page.inner_text("#run")
    for path, name in (
        ("/invoices/provider/", "bic"),
        (f"/invoices/{first.pk}/payments/add/", "amount"),
    ):
        audit.open(path)
        audit.page.locator(f"main [name={name}]").fill("x")
        audit.page.locator("main .btn-primary").last.click()
        expect(audit.page.locator(".is-invalid").first).to_be_visible()
        audit.check(f"{path} with mistakes")


@pytest.mark.usefixtures("demonstration", "operator")
def test_the_organization_form_in_use(audit: Audit) -> None:
    page = audit.page
    audit.open("/organizations/add/")
    page.get_by_role("combobox", name="Owner").press_sequentially("example")
    expect(page.get_by_role("option").first).to_be_visible()
    audit.check("owners found")
    page.keyboard.press("Escape")
    page.get_by_role("link", name="Add", exact=True).click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_be_visible()
    audit.check("open dialog")
    dialog.get_by_role("button", name="Add owner").click()
    expect(dialog.locator(".is-invalid")).to_be_visible()
    audit.check("open dialog with a mistake")
    dialog.get_by_label("Email address").fill("new@example.org")
    dialog.get_by_role("button", name="Add owner").click()
    expect(page.locator("#owner-status .alert")).to_be_visible()
    audit.check("owner added")


@pytest.mark.usefixtures("demonstration", "operator")
def test_prices_and_imports_to_confirm(audit: Audit) -> None:
    page, tariff = audit.page, Tariff.objects.earliest("pk")
    audit.open(f"/tariffs/{tariff.pk}/edit/")
    page.get_by_role("textbox", name="Monthly price", exact=True).fill("77")
    page.get_by_label("Applies from").fill("2026-01-01")
    page.get_by_role("button", name="Set price").click()
    expect(page.get_by_role("button", name="Set this price")).to_be_visible()
    audit.check("price to be confirmed")

    audit.open("/usage/import/")
    page.get_by_label("CSV or XLSX file").set_input_files(
        {"name": "wrong.csv", "mimeType": "text/csv", "buffer": WRONG_FILE}
    )
    check_file(page)
    expect(page.get_by_text("Nothing was imported: 1 line has errors")).to_be_visible()
    audit.check("wrong import")

    first = Organization.objects.filter(tariffs__isnull=False).earliest("pk")
    row = f"{first.title},new-1,New,{first.tariffs.first()},2026-09-01T00:00:00+02:00,\n"
    right = WRONG_FILE.splitlines(keepends=True)[0] + row.encode()
    audit.open("/usage/import/")
    page.get_by_label("CSV or XLSX file").set_input_files(
        {"name": "right.csv", "mimeType": "text/csv", "buffer": right}
    )
    page.get_by_role("button", name="Check file").click()
    expect(page.get_by_text("No worker is running.")).to_be_visible()
    audit.check("file to be checked")
    run_jobs()
    confirm_import(page)
    expect(page.get_by_text("1 interval added")).to_be_visible()
    audit.check("imported")


@pytest.mark.usefixtures("operator")
def test_an_import_of_a_file_with_other_headings(audit: Audit) -> None:
    page = audit.page
    lines = (f"Kunde,City,city,{'A very long heading ' * 9}", "Harbour Storage,Bremen,,1")
    audit.open("/organizations/import/")
    page.get_by_label("CSV or XLSX file").set_input_files(
        {"name": "a.csv", "mimeType": "text/csv", "buffer": "\n".join(lines).encode()}
    )
    check_file(page)
    expect(page.get_by_text("These headings cannot be chosen")).to_be_visible()
    audit.check("columns to be chosen")
    page.get_by_role("button", name="Check file").click()
    title = page.get_by_role("combobox", name="Title")
    expect(title).to_be_focused()
    audit.check("a column without a heading")
    title.select_option("Kunde")
    check_file(page)
    expect(page.get_by_role("link", name="Choose other headings")).to_be_visible()
    audit.check("columns as they were chosen")


@pytest.mark.usefixtures("operator")
def test_an_import_of_organizations(audit: Audit) -> None:
    page = audit.page
    known = OrganizationFactory.create(title="Harbour Storage", contract_number="C-1")
    BillingDetailsFactory.create(organization=known)
    lines = (
        "title,owner,contract_number,city,country,tags",
        'harbour storage,new@example.com,C-2,Bremen,,"key account, Hamburg"',
        f"{'Very long name of a company ' * 6},jo@example.com,,Köln,DE,",
        "Zeta,x,,,Narnia,",
    )
    audit.open("/organizations/import/")
    page.get_by_label("CSV or XLSX file").set_input_files(
        {"name": "a.csv", "mimeType": "text/csv", "buffer": "\n".join(lines).encode()}
    )
    check_file(page)
    expect(page.get_by_text("Nothing was imported: 1 line has errors")).to_be_visible()
    audit.check("wrong organizations")
    page.get_by_role("button", name="Import the 2 lines without errors").click()
    expect(page.get_by_text("Checking the file")).to_be_visible()
    run_jobs()
    page.get_by_text("Show the lines").click()
    expect(page.get_by_role("heading", name="Changed organizations")).to_be_visible()
    audit.check("organizations to be imported")
    confirm_import(page)
    expect(page.get_by_text("1 organization created, 1 organization changed")).to_be_visible()
    audit.check("organizations imported")

    page.goto(audit.address + f"/organizations/change/?organization={known.pk}")
    page.get_by_label("Tags to add").fill("pilot")
    page.get_by_label("Hamburg").check()
    page.get_by_role("button", name="Show differences").click()
    expect(page.get_by_text("key account, pilot", exact=True)).to_be_visible()
    audit.check("tags to be changed")


@pytest.mark.usefixtures("operator")
def test_watcher_before_it_is_connected(audit: Audit) -> None:
    organization = OrganizationFactory.create()
    for path in ("", "organizations/", "unlinked/?q=zzzz", "presets/", "reading/", "changes/"):
        audit.open(f"/watcher/{path}")
    for path in ("requests/", "differences/", "report/", "suspensions/"):
        audit.open(f"/watcher/{path}")
    audit.open(f"/watcher/of/{organization.pk}/")
    audit.open("/watcher/edit/")
    audit.page.get_by_role("button", name="Save").click()
    expect(audit.page.locator(".is-invalid").first).to_be_visible()
    audit.check("connection with mistakes")


@pytest.mark.usefixtures("operator")
def test_watcher_in_every_state(audit: Audit) -> None:
    page, failure = audit.page, stored_error(UnreachableError())
    now = timezone.now()
    with a_world() as world:
        for direction in DIRECTIONS:
            setattr(world.connection, direction, True)
        world.connection.save()
        link_all(world)
        world.standin.clock.run()
        linked, doubtful = world.organizations[:2]
        tenant = PlatformOrganization.objects.get(tenant_id=world.tenants[1])
        doubtful.title, doubtful.watcher_id = tenant.title, None
        doubtful.save()
        rows_of_watcher(linked)
        WriteRequestFactory.create(
            organization=linked,
            state="refused",
            failure=failure,
            settled_at=now,
            next_attempt_at=None,
        )
        compare(now=now)

        audit.open("/watcher/")
        page.get_by_role("button", name="Test the connection").click()
        expect(page.get_by_text("The connection works.")).to_be_visible()
        audit.check("tested connection")
        ConnectionState.objects.update(failure=failure, report={})
        audit.open("/watcher/")
        audit.open("/watcher/directions/")
        for path in ("organizations/", "unlinked/", "presets/", "changes/", "requests/"):
            audit.open(f"/watcher/{path}")
        for path in ("differences/", "report/", "suspensions/", "history/"):
            audit.open(f"/watcher/{path}")
        audit.open("/watcher/organizations/")
        page.get_by_label(f"Select {tenant.title}").check()
        page.get_by_role("button", name="Link selected…").click()
        expect(page.get_by_role("button", name="Link 1 organization")).to_be_visible()
        audit.check("proposals to be linked")
        PlatformPresetFactory.create(title=TariffFactory.create().name)
        audit.open("/watcher/presets/proposed/")
        expect(page.get_by_role("button", name="Link 1 preset")).to_be_visible()
        audit.open(f"/watcher/of/{linked.pk}/")
        audit.open(f"/watcher/of/{linked.pk}/message/")
        page.get_by_role("button", name="Send").click()
        expect(page.locator(".is-invalid").first).to_be_visible()
        audit.check("message with mistakes")
        audit.open("/watcher/suspensions/settings/")
        for box in page.get_by_role("main").get_by_role("checkbox").all():
            box.uncheck()
        page.get_by_role("button", name="Save").click()
        expect(page.locator(".is-invalid, .alert-danger").first).to_be_visible()
        audit.check("settings of suspensions with mistakes")
        audit.open("/watcher/reading/settings/")
        page.get_by_label("Read every").fill("0")
        page.get_by_role("button", name="Save").click()
        expect(page.locator(".is-invalid").first).to_be_visible()
        audit.check("settings of reading with mistakes")
        ReportState.objects.create(tried_at=now, failure=failure)
        audit.open("/watcher/report/")
        ReadingState.objects.update(
            failure=failure, failing_since=now, left_out=2, left_out_names=["long " * 40]
        )
        audit.open("/watcher/reading/")
        ReadingState.objects.update(failure={}, failing_since=None, vanished=12)
        audit.open("/watcher/reading/")
        audit.open("/")


@pytest.mark.usefixtures("operator")
def test_error_pages(audit: Audit, monkeypatch: pytest.MonkeyPatch, settings: Settings) -> None:
    def fail(*args: Any, **kwargs: Any) -> None:
        raise RuntimeError

    audit.open("/organizations/999999/usages/")
    audit.open("/admin/")
    audit.open("/accounts/activate/not-a-link/")
    monkeypatch.setattr("tariffs.views.render_list", fail)
    audit.open("/tariffs/")
    expect(audit.page.get_by_role("heading")).to_have_text("Something went wrong")
    audit.open("/organizations/add/")
    audit.page.context.clear_cookies(name="csrftoken")
    audit.page.get_by_role("button", name="Add organization").click()
    expect(audit.page.get_by_role("heading")).to_have_text("This form has expired")
    audit.check("stale form")


def test_a_failed_sign_in(audit: Audit) -> None:
    page = audit.page
    audit.open("/accounts/login/")
    page.get_by_label("Email address").fill("nobody@example.com")
    page.get_by_label("Password").fill("wrong")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_text("are not correct")).to_be_visible()
    audit.check("wrong password")


def test_too_many_attempts(audit: Audit) -> None:
    owner, page = OwnerFactory.create(), audit.page
    audit.open("/accounts/password/reset/")
    for _ in range(6):
        page.goto(f"{audit.address}/accounts/password/reset/")
        page.get_by_label("Email address").fill(owner.email)
        page.get_by_role("button", name="Send link").click()
    expect(page.get_by_role("heading")).to_have_text("Too many attempts")
    audit.check("too many attempts")
