"""Test example 38 of docs/pricing.md everywhere: Tokyo, from 1 November New York.

October lasts 13 hours longer, until it is November in New York.
"""

import csv
import io
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from importlib import import_module
from types import SimpleNamespace

import openpyxl
import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.utils import timezone

from invoices.issuing import operations
from invoices.issuing.refusals import PeriodNotOver
from invoices.models import Invoice
from invoices.tests.factories import BilledUseFactory, ProviderFactory
from organizations.models import Organization
from organizations.zone_changes import set_time_zone
from rating.periods import Period
from tariffs.affected_invoices import AffectedInvoices
from usage.models import UsageInterval

pytestmark = pytest.mark.django_db

NOVEMBER = date(2026, 11, 1)
BOTH = {"from": "2026-10-01", "to": "2026-11-30"}
STARTS = datetime(2026, 9, 30, 15, tzinfo=UTC)
CHANGE = datetime(2026, 11, 1, 4, tzinfo=UTC)
ENDS = datetime(2026, 12, 1, 5, tzinfo=UTC)
NOW = datetime(2026, 12, 3, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _now(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "now", lambda: NOW)


@pytest.fixture
def organization() -> Organization:
    ProviderFactory.create()
    use: UsageInterval = BilledUseFactory.create(camera__organization__time_zone="Asia/Tokyo")
    set_time_zone(use.organization, "America/New_York", NOVEMBER)
    use.organization.save()
    return use.organization


def issue(organization: Organization, period: Period, now: datetime = NOW) -> Invoice:
    (invoice,) = operations.issue(organization_id=organization.pk, period=period, now=now, by=None)
    return invoice


def address(organization: Organization, page: str) -> str:
    return f"/organizations/{organization.pk}/{page}"


def test_the_page_shows_each_charge_in_the_time_zone_of_its_dates(
    operator_client: Client, organization: Organization
) -> None:
    response = operator_client.get(address(organization, "usages/"), BOTH)
    text = response.text.replace("\N{NO-BREAK SPACE}", " ")
    assert "All times are in Asia/Tokyo, from 1 Nov 2026 America/New_York." in text
    rows = response.context["rows"]
    assert [(row.charge.used, row.charge.rate.month_length) for row in rows] == [
        (2725200, 2725200),
        (2595600, 2595600),
    ]
    for shown in ("1 Oct 2026 00:00:00", "1 Nov 2026 00:00:00", "1 Dec 2026 00:00:00"):
        assert shown in text
    assert "EUR 18.00" in text


def test_both_files_have_the_charges(operator_client: Client, organization: Organization) -> None:
    content = operator_client.get(address(organization, "usages.csv"), BOTH).getvalue().decode()
    expected = [
        ("2026-10-01T00:00:00+09:00", "2026-11-01T00:00:00-04:00", "2725200", "9.00"),
        ("2026-11-01T00:00:00-04:00", "2026-12-01T00:00:00-05:00", "2595600", "9.00"),
    ]
    rows = list(csv.DictReader(io.StringIO(content)))
    assert [(row["from"], row["to"], row["used"], row["amount"]) for row in rows] == expected

    book = operator_client.get(address(organization, "usages.xlsx"), BOTH).getvalue()
    totals, charges = openpyxl.load_workbook(io.BytesIO(book)).worksheets
    assert ("Time zone", "Asia/Tokyo, from 1 Nov 2026 America/New_York") in [
        row[:2] for row in totals.values
    ]
    heading, *cells = charges.values
    used = [dict(zip(heading, row, strict=True))["used"] for row in cells]
    assert used == [2725200, 2595600]


def test_invoices_state_the_amounts_and_cover_every_second_once(
    operator_client: Client, organization: Organization
) -> None:
    page = operator_client.get(address(organization, "invoices/issue/"), BOTH)
    (preview,) = page.context["previews"]
    assert preview.draft.document.net == Decimal("18.00")

    october = issue(organization, Period(date(2026, 10, 1), NOVEMBER))
    november = issue(organization, Period(NOVEMBER, date(2026, 12, 1)))
    assert [each.net for each in (october, november)] == [Decimal("9.00")] * 2
    assert (october.starts_at, october.ends_at) == (STARTS, CHANGE)
    assert (november.starts_at, november.ends_at) == (CHANGE, ENDS)
    xml = operator_client.get(f"/invoices/{november.pk}.ubl.xml").content
    assert b'<cbc:LineExtensionAmount currencyID="EUR">9.00<' in xml


def test_the_month_is_not_over_before_it_is_in_the_time_zone_in_force(
    organization: Organization,
) -> None:
    october = Period(date(2026, 10, 1), NOVEMBER)
    with pytest.raises(PeriodNotOver):
        issue(organization, october, datetime(2026, 11, 1, 3, 59, 59, tzinfo=UTC))
    assert issue(organization, october, CHANGE)


def test_a_document_keeps_the_instants_that_it_covers(
    operator_client: Client, organization: Organization
) -> None:
    invoice = issue(organization, Period(NOVEMBER, date(2026, 12, 1)))
    set_time_zone(organization, "UTC", None)
    organization.save()
    credit_note = operations.cancel(invoice_id=invoice.pk, now=NOW, by=None)
    invoice.refresh_from_db()
    for each in (invoice, credit_note):
        assert (each.starts_at, each.ends_at) == (CHANGE, ENDS)


def test_warnings_go_by_the_instants_of_the_invoices(organization: Organization) -> None:
    invoice = issue(organization, Period(date(2026, 10, 1), NOVEMBER))
    set_time_zone(organization, "UTC", None)
    organization.save()
    hour = timedelta(hours=1)
    for span, is_affected in [
        ((CHANGE - hour, None), True),
        ((CHANGE, None), False),
        ((STARTS - hour, STARTS), False),
        ((STARTS - hour, STARTS + hour), True),
    ]:
        found = AffectedInvoices.by_change(usage={organization.pk: span}).documents
        assert [each.number for each in found] == ([invoice.number] if is_affected else [])


def test_the_migration_computes_the_instants_of_existing_documents() -> None:
    ProviderFactory.create()
    organization = BilledUseFactory.create(
        camera__organization__time_zone="Asia/Tokyo"
    ).organization
    invoice = issue(organization, Period(date(2026, 10, 1), NOVEMBER))
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE invoices_invoice DISABLE TRIGGER USER")
        cursor.execute(
            "UPDATE invoices_invoice SET starts_at = '1970-01-01Z', ends_at = '1971-01-01Z'"
        )

    migration = import_module("invoices.migrations.0011_instants")
    migration.fill(None, SimpleNamespace(connection=connection))

    invoice.refresh_from_db()
    event = Invoice.pgh_event_model.objects.get(pgh_obj_id=invoice.pk)  # type: ignore[attr-defined]
    for each in (invoice, event):
        assert (each.starts_at, each.ends_at) == (STARTS, datetime(2026, 10, 31, 15, tzinfo=UTC))
    with pytest.raises(DatabaseError, match="Cannot update"), transaction.atomic():
        Invoice.objects.update(number="x")
