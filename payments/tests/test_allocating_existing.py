"""The migration that allocates payments keeps amounts, dates and states of existing ones."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection, connections
from pytest_django import DjangoDbBlocker

from invoices.issuing.operations import cancel
from invoices.tests.factories import IN_NOVEMBER, issued_invoice
from payments.tests.test_operations import pay, reverse
from tests.database import another_database
from tests.emptying import empty_tables

OUTSTANDING = "SELECT outstanding FROM invoices_openitem ORDER BY invoice_id"
REMAINING = """
    SELECT payment.currency, payment.kind, payment.amount, remaining,
        payment.organization_id = account.organization_id
    FROM payments_payment AS payment
    JOIN payments_onaccount AS account ON account.payment_id = payment.id ORDER BY id
"""
TALLIES = "SELECT state, sum(outstanding) FROM invoices_documenttally GROUP BY 1 ORDER BY 1"


@pytest.fixture
def filled_database(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[str]:
    """Give the alias of a database with payments in part, too high, reversed and of a cancelled
    invoice."""
    with django_db_blocker.unblock():
        in_part, too_high, reversed_, cancelled = (issued_invoice() for _ in range(4))
        pay(in_part, "4")
        pay(in_part, "3")
        pay(too_high, "12")
        reverse(pay(reversed_, "5"))
        pay(cancelled, "6")
        cancel(invoice_id=cancelled.pk, now=IN_NOVEMBER, by=None)
        # PostgreSQL copies only a database that nobody uses.
        connection.close()
        with another_database(connection.settings_dict["NAME"]) as alias:
            empty_tables()
            yield alias


def test_existing_payments_are_allocated_and_that_can_be_taken_back(filled_database: str) -> None:
    def migrate(to: str) -> None:
        call_command("migrate", "payments", to, database=filled_database, verbosity=0)

    def rows(sql: str) -> list[tuple[Any, ...]]:
        with connections[filled_database].cursor() as cursor:
            cursor.execute(sql)
            return list(cursor.fetchall())

    before = [rows(sql) for sql in (OUTSTANDING, REMAINING, TALLIES)]

    migrate("0003")
    assert rows(OUTSTANDING) == [
        (Decimal("3.71"),),
        (Decimal("-1.29"),),
        (Decimal("10.71"),),
        (Decimal(-6),),
    ]

    migrate("0102")
    assert [rows(sql) for sql in (OUTSTANDING, REMAINING, TALLIES)] == before
    left = [remaining for _currency, _kind, _amount, remaining, _own in before[1]]
    assert left == [0, 0, Decimal("1.29"), 0, 0, 6]
