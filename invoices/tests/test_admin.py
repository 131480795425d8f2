"""Tests of looking up invoices, payments and the provider in Django admin."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from invoices.models import Invoice
from invoices.tests.factories import (
    SEPTEMBER,
    BilledUseFactory,
    ProviderFactory,
    issued_invoice,
)
from payments.models import Payment
from payments.tests.factories import a_payment

pytestmark = pytest.mark.django_db

INVOICES, PAYMENTS = "/admin/invoices/invoice/", "/admin/payments/payment/"


def rows(client: Client, address: str, **query: str | int) -> list[Any]:
    answer = client.get(address, query)
    assert answer.status_code == 200
    return list(answer.context["cl"].result_list)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("inv-2026-000001", 1),
        ("INV-2026-0", 1),
        ("1", 1),
        ("2026-000001", 1),
        ("harb 1", 1),
        ("2", 0),
        ("harb", 1),
        ("arbour", 1),
        ("rb", 0),
        ("cn-2026", 0),
        ("!", 0),
    ],
)
def test_invoices_and_payments_are_found_by_the_same_words(
    support_client: Client, text: str, found: int
) -> None:
    # Titles of other organizations have numbers.
    use = BilledUseFactory.create(camera__organization__title="Warehouse")
    a_payment(issued_invoice(use.organization))

    assert len(rows(support_client, INVOICES, q=text)) == found
    assert len(rows(support_client, PAYMENTS, q=text)) == found


def test_amounts_are_shown_with_their_currency(support_client: Client) -> None:
    payment = a_payment()

    page = support_client.get(f"{INVOICES}{payment.invoice_id}/change/").text

    for amount in ("EUR 9.00", "EUR 1.71", "EUR 10.71"):
        assert amount.replace(" ", "\N{NO-BREAK SPACE}") in page
    assert f'href="{PAYMENTS}?invoice__id__exact={payment.invoice_id}"' in page
    listed = support_client.get(PAYMENTS).text
    assert "EUR\N{NO-BREAK SPACE}5.00" in listed


def test_links_lead_from_an_organization_to_its_invoices_and_payments(
    support_client: Client,
) -> None:
    invoice = issued_invoice()
    payment = a_payment(invoice)
    issued_invoice()
    pk = invoice.organization_id

    page = support_client.get(f"/admin/organizations/organization/{pk}/change/").text

    assert f'href="{INVOICES}?organization__id__exact={pk}"' in page
    assert rows(support_client, INVOICES, organization__id__exact=pk) == [invoice]
    assert rows(support_client, PAYMENTS, invoice__id__exact=invoice.pk) == [payment]


def test_histories_are_those_of_the_web_pages(support_client: Client) -> None:
    payment = a_payment()

    for address, leads_to in (
        (f"{INVOICES}{payment.invoice_id}/history/", f"/invoices/{payment.invoice_id}/history/"),
        (f"{PAYMENTS}{payment.pk}/history/", f"/payments/{payment.pk}/history/"),
        ("/admin/invoices/provider/1/history/", "/invoices/provider/history/"),
    ):
        assert support_client.get(address).headers["Location"] == leads_to


def test_the_number_of_queries_does_not_depend_on_the_number_of_rows(
    support_client: Client,
) -> None:
    def queries(address: str) -> int:
        with CaptureQueriesContext(connection) as captured:
            rows(support_client, address)
        return len(captured)

    invoice = issued_invoice()
    a_payment(invoice)
    few = [queries(address) for address in (INVOICES, PAYMENTS)]
    issued_invoice(invoice.organization, SEPTEMBER)
    for _ in range(5):
        a_payment()

    assert [queries(address) for address in (INVOICES, PAYMENTS)] == few


@pytest.mark.parametrize(
    "address",
    [
        INVOICES,
        f"{INVOICES}?q=harb",
        f"{INVOICES}?o=0",
        f"{INVOICES}?organization__id__exact=1",
        PAYMENTS,
        f"{PAYMENTS}?q=harb",
        f"{PAYMENTS}?invoice__id__exact=1",
    ],
)
def test_lookups_use_indexes(support_client: Client, address: str) -> None:
    tables = {Invoice._meta.db_table, Payment._meta.db_table}
    with CaptureQueriesContext(connection) as captured:
        assert support_client.get(address).status_code == 200
    queries = [each["sql"] for each in captured if any(table in each["sql"] for table in tables)]
    assert queries

    with connection.cursor() as cursor:
        # PostgreSQL would scan tables as small as these.
        cursor.execute("SET LOCAL enable_seqscan = off")
        for sql in queries:
            cursor.execute(f"EXPLAIN (FORMAT JSON) {sql}")
            ((plan,),) = cursor.fetchall()
            plan = json.loads(plan) if isinstance(plan, str) else plan
            assert not set(scanned(plan[0]["Plan"])) & tables, sql


def scanned(plan: dict[str, Any]) -> Iterator[str]:
    """Yield the tables that a plan scans sequentially."""
    if plan["Node Type"] == "Seq Scan":
        yield plan["Relation Name"]
    for child in plan.get("Plans", ()):
        yield from scanned(child)


def test_the_one_provider_has_no_search(support_client: Client) -> None:
    ProviderFactory.create()

    assert 'id="searchbar"' not in support_client.get("/admin/invoices/provider/").text
