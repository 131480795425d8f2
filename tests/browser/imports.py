"""Import a file: press the button, see that a job is waited for, and have it run."""

from playwright.sync_api import Page, expect

from tests.jobs import run_jobs


def check_file(page: Page) -> None:
    """Have the chosen file checked."""
    page.get_by_role("button", name="Check file").click()
    expect(page.get_by_text("Checking the file")).to_be_visible()
    run_jobs()


def confirm_import(page: Page) -> None:
    """Have the checked file imported."""
    page.get_by_role("button", name="Import", exact=True).click()
    expect(page.get_by_text("Importing the file")).to_be_visible()
    run_jobs()
