"""The search in the header reads indexes, never whole tables, whatever is typed."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from invoices.models import Invoice
from organizations.models import Organization
from payments.tests.factories import a_payment
from reports.search.kinds import groups_for

pytestmark = pytest.mark.django_db

TABLES = (
    "usage_camera|organizations_searchtext|organizations_organization|accounts_user"
    "|invoices_invoice|invoices_billedname|payments_payment"
)
ROWS = 8_000


@pytest.fixture
def many(operator: User) -> User:
    """So many rows of everything that PostgreSQL prefers indexes; return an operator."""
    payment = a_payment()
    organization = payment.organization_id
    with connection.cursor() as cursor:
        for statement in (
            "INSERT INTO accounts_user (password, email, name, role, is_active, date_joined)"
            " SELECT '!', 'anna' || n || '@example.com', 'Anna ' || n, 'owner', true, now()"
            " FROM generate_series(1, %(rows)s) AS n",
            "INSERT INTO organizations_organization"
            " (title, owner_id, time_zone, contract_number, billing_email, invoice_language)"
            " SELECT 'Hotel ' || n, (SELECT max(id) FROM accounts_user), 'UTC', 'C-' || n, '', 'en'"
            " FROM generate_series(1, %(rows)s) AS n",
            "INSERT INTO usage_camera (name, title, organization_id)"
            " SELECT 'cam-' || n, 'Gate ' || n, %(organization)s"
            " FROM generate_series(1, %(rows)s) AS n",
            "INSERT INTO invoices_invoice SELECT (jsonb_populate_record(one, jsonb_build_object("
            "'id', 10000 + n, 'number', 'INV-2025-' || lpad(n::text, 6, '0'),"
            " 'organization_id', owned.id, 'organization_title', title,"
            " 'net', n, 'tax_amount', 0, 'total', n"
            "))).* FROM invoices_invoice AS one, generate_series(1, %(rows)s) AS n"
            " JOIN organizations_organization AS owned ON title = 'Hotel ' || n",
            "INSERT INTO payments_payment"
            " (organization_id, owner_id, currency, kind, invoice_id, paid_on, amount, method,"
            " reference, recorded_at)"
            " SELECT organization_id, owner_id, currency, 'payment', 10000 + n, '2026-01-01', n,"
            " 'transfer', 'RF ' || n, now()"
            " FROM generate_series(1, %(rows)s) AS n JOIN invoices_invoice ON id = 10000 + n",
        ):
            cursor.execute(statement, {"rows": ROWS, "organization": organization})
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        # What was added last is read from end to end, unless it has been sorted in.
        cursor.execute(
            "SELECT gin_clean_pending_list(pg_class.oid)"
            " FROM pg_class JOIN pg_am ON pg_am.oid = relam WHERE amname = 'gin'"
        )
        cursor.execute("ANALYZE")
    return operator


def plans(user: User, text: str) -> str:
    with CaptureQueriesContext(connection) as queries:
        groups_for(user, text)
    read = []
    with connection.cursor() as cursor:
        for query in queries.captured_queries:
            cursor.execute(f"EXPLAIN {query['sql']}")
            read += [line for (line,) in cursor.fetchall()]
    return "\n".join(read)


def test_indexes_are_read(many: User) -> None:
    for text in (
        "hotel 1999",
        "ate 1999",
        "anna1999@example",
        "INV-2025-001999",
        "1999,00",
        "1,999",
    ):
        assert not re.findall(rf"Seq Scan on (?:{TABLES}).*", plans(many, text)), text


def test_words_that_everything_has_are_counted_only_so_far(many: User) -> None:
    groups = {group.kind: group for group in groups_for(many, "1")}

    # Of payments, those with this amount or invoice: no reference of the latest has such a word.
    assert {kind for kind, group in groups.items() if len(group.results) < 5} == {"payments"}
    assert groups["payments"].is_latest
    for text in ("hotel", "gate", "c", "anna", "inv", "rf"):
        for group in groups_for(many, text):
            assert (group.is_cut, group.counted) == (True, 200), (text, group.kind)
    assert Organization.objects.count() == Invoice.objects.count() == ROWS + 1
