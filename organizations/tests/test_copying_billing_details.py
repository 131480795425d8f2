"""The migration that gives billing details and taxes their own tables carries everything over."""

from typing import Any

from django.core.management import call_command
from django.db import connections

from tests.test_migrations import empty_database  # noqa: F401 a fixture

ORGANIZATION = """
    INSERT INTO organizations_organization (
        id, title, owner_id, time_zone, contract_number, billing_name, billing_city,
        billing_country, tax_category, tax_rate
    ) VALUES (%s, %s, 1, 'UTC', '', %s, %s, %s, %s, %s)
"""
DETAILS = """
    SELECT organization_id, details.valid_from, details.name, city, country, tax.name, percent
    FROM organizations_billingdetails AS details
    LEFT JOIN organizations_tax AS tax ON tax.id = tax_id
    LEFT JOIN organizations_taxpercent AS percent ON percent.tax_id = tax.id
    ORDER BY 1
"""
EVENTS = """
    SELECT pgh_obj_id = id, organization_id, pgh_label, pgh_context->>'user', event.city, (
        SELECT name FROM organizations_taxevent AS tax
        WHERE tax.pgh_obj_id = event.tax_id ORDER BY pgh_id LIMIT 1
    )
    FROM organizations_billingdetailsevent AS event ORDER BY pgh_id
"""
FORMER = """
    SELECT id, billing_name, billing_city, billing_country, tax_category, tax_rate
    FROM organizations_organization ORDER BY id
"""


def migrate(alias: str, to: str) -> None:
    call_command("migrate", "organizations", to, database=alias, verbosity=0, interactive=False)


def run(alias: str, sql: str, *values: Any) -> list[tuple[Any, ...]]:
    with connections[alias].cursor() as cursor:
        cursor.execute(sql, values or None)
        return list(cursor.fetchall()) if cursor.description else []


def test_details_taxes_and_history_are_copied_and_can_be_taken_back(
    empty_database: str,  # noqa: F811
) -> None:
    alias = empty_database
    migrate(alias, "0001")
    run(
        alias,
        "INSERT INTO accounts_user (id, email, name, password, is_active, role, language,"
        " date_joined) VALUES (1, 'o@example.org', '', '', true, 'owner', '', now())",
    )
    run(alias, ORGANIZATION, 1, "Nothing", "", "", "", "", None)
    run(alias, ORGANIZATION, 2, "Complete", "Harbour", "Kiel", "DE", "S", 7)
    run(alias, ORGANIZATION, 3, "Abroad", "Phare", "", "FR", "AE", None)
    run(alias, "SET pghistory.context_metadata = '{\"user\": 5}'")
    run(alias, "UPDATE organizations_organization SET tax_rate = 19, title = 'Full' WHERE id = 2")
    run(alias, "UPDATE organizations_organization SET title = 'Other' WHERE id = 2")
    run(alias, "UPDATE organizations_organization SET billing_city = 'Bremen' WHERE id = 2")
    run(alias, "RESET pghistory.context_metadata")
    before = run(alias, FORMER)

    migrate(alias, "0004")

    assert run(alias, DETAILS) == [
        (2, None, "Harbour", "Bremen", "DE", "VAT 19 %", 19),
        (3, None, "Phare", "", "FR", "Reverse charge", None),
    ]
    assert run(alias, EVENTS) == [
        (True, 2, "insert", None, "Kiel", "VAT 7 %"),
        (True, 3, "insert", None, "", "Reverse charge"),
        (True, 2, "update", "5", "Kiel", "VAT 19 %"),
        (True, 2, "update", "5", "Bremen", "VAT 19 %"),
    ]
    assert run(alias, "SELECT name FROM organizations_tax ORDER BY id") == [
        ("VAT 19 %",),
        ("Reverse charge",),
    ]

    migrate(alias, "0001")

    assert run(alias, FORMER) == before
