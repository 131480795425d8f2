"""Test correcting usage that has been invoiced."""

from datetime import UTC, datetime

import pytest
from django.test import Client
from django.utils import timezone

from invoices.tests.factories import IN_NOVEMBER, BilledUseFactory, issued_invoice
from usage.corrections.tests.test_correct import address, filled_in, preview
from usage.models import UsageInterval

pytestmark = pytest.mark.django_db

STARTS_LATER = {"start": "at", "started_at": "2026-10-20T00:00:00"}


@pytest.fixture(autouse=True)
def _in_november(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "now", lambda: IN_NOVEMBER)


@pytest.fixture
def use(db: None) -> UsageInterval:
    return BilledUseFactory.create(
        camera__organization__time_zone="UTC", started_at=datetime(2026, 10, 1, tzinfo=UTC)
    )


def test_the_preview_names_the_invoices_and_confirming_leaves_them(
    operator_client: Client, use: UsageInterval
) -> None:
    invoice = issued_invoice(use.organization)
    page = preview(operator_client, [use], **STARTS_LATER)
    assert invoice.number in page.text
    data = filled_in([use], **STARTS_LATER, shown=page.context["planned"].version)
    assert operator_client.post(address(use.organization), data).status_code == 302
    use.refresh_from_db()
    invoice.refresh_from_db()
    assert (use.started_at.day, invoice.net) == (20, 9)


def test_an_invoice_issued_since_the_preview_is_shown_before_anything_changes(
    operator_client: Client, use: UsageInterval
) -> None:
    shown = preview(operator_client, [use], **STARTS_LATER).context["planned"].version
    invoice = issued_invoice(use.organization)
    page = operator_client.post(
        address(use.organization), filled_in([use], **STARTS_LATER, shown=shown)
    )
    assert "have changed since you saw this page" in page.text
    assert invoice.number in page.text
    use.refresh_from_db()
    assert use.started_at.day == 1


def test_time_outside_the_change_affects_no_invoice(
    operator_client: Client, use: UsageInterval
) -> None:
    invoice = issued_invoice(use.organization)
    page = preview(operator_client, [use], end="at", ended_at="2026-11-02T00:00:00")
    assert invoice.number not in page.text
