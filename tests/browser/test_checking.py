"""A document is checked: uploaded, followed until a job has examined it, checked by other rules."""

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, FilePayload, Page, expect
from pytest_django.live_server_helper import LiveServer

from accounts.models import User
from accounts.tests.factories import SupportFactory
from invoices.checking.tests.files import zipped
from invoices.documents import xml
from invoices.documents.tests.documents import an_invoice
from tests.browser.people import sign_in
from tests.jobs import run_jobs

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(params=[("light", 1400), ("dark", 390)], ids=["light-wide", "dark-phone"])
def page(request: pytest.FixtureRequest, browser: Browser) -> Iterator[Page]:
    scheme, width = request.param
    # axe is not part of the product, so the policy would refuse its script.
    context = browser.new_context(
        bypass_csp=True, color_scheme=scheme, viewport={"width": width, "height": 900}
    )
    context.set_default_timeout(10_000)
    yield context.new_page()
    context.close()


@pytest.fixture
def support(page: Page, live_server: LiveServer) -> User:
    support = SupportFactory.create()
    sign_in(page.context, support, live_server.url)
    return support


def a_file(name: str, content: bytes) -> FilePayload:
    return {"name": name, "mimeType": "application/xml", "buffer": content}


def check_page(page: Page) -> None:
    """Expect no violation of accessibility, and nothing that is wider than the window."""
    page.evaluate("document.getAnimations().forEach((each) => each.finish())")
    violations = Axe().run(page).response["violations"]
    assert not [node["html"] for each in violations for node in each["nodes"]]
    too_wide = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
    assert not page.evaluate(too_wide)


@pytest.mark.usefixtures("support")
def test_a_document_is_uploaded_checked_and_checked_by_other_rules(
    page: Page, live_server: LiveServer
) -> None:
    page.goto(f"{live_server.url}/invoices/")
    page.get_by_role("link", name="Check a document").click()
    wrong = xml.ubl(an_invoice()).replace(b"55.41", b"55.42")
    page.get_by_label("Electronic invoice").set_input_files(a_file("wrong.xml", wrong))
    page.get_by_role("button", name="Check").click()
    expect(page.get_by_text("The document is being checked.").first).to_be_visible()

    run_jobs()

    expect(page.get_by_text("The document breaks 1 rule.")).to_be_visible()
    expect(page.get_by_text("BR-CO-15", exact=True)).to_be_visible()
    expect(page.get_by_text("Hôtel du Phare SARL")).to_be_visible()
    check_page(page)

    page.get_by_label("Rules").select_option("XRechnung 3.0")
    page.get_by_role("button", name="Check").click()
    expect(page.get_by_text("The document is being checked.").first).to_be_visible()
    run_jobs()
    expect(page.get_by_text("Checked as XRechnung 3.0, in the syntax UBL.")).to_be_visible()
    expect(page.get_by_text("BR-DE-2", exact=True)).to_be_visible()


@pytest.mark.usefixtures("support")
def test_a_file_that_is_no_invoice_says_so(page: Page, live_server: LiveServer) -> None:
    page.goto(f"{live_server.url}/invoices/check/")
    page.get_by_label("Electronic invoice").set_input_files(a_file("invoice.xml", zipped()))
    page.get_by_role("button", name="Check").click()

    run_jobs()

    expect(page.get_by_text("The file is an archive, whatever its name says.")).to_be_visible()
    check_page(page)
