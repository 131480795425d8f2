"""Test that lists and searches use indexes, regardless of the size of the tables."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django import DjangoDbBlocker

from accounts.models import User
from benchmarks import data
from foundation.lists.pages import ROWS_A_PAGE
from organizations.models import Organization
from tests.emptying import empty_tables
from usage.models import Camera, UsageInterval
from usage.statements import usage_query
from usage.statements.statement import statement_for

pytestmark = pytest.mark.django_db

# Organizations are excluded: the pages of their list need a count, which reads all of them.
LARGE = {model._meta.db_table for model in (User, Camera, UsageInterval)}


@pytest.fixture(scope="module")
def organization(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[Organization]:
    """Fill tables until PostgreSQL prefers an index, and update its statistics.

    All tests of this module share the rows; each test rolls back its own changes.
    """
    with django_db_blocker.unblock():
        organizations = data.add_provider(owners=5_000, organizations=1_000)
        data.add_cameras(1, 20_000, organizations)
        with connection.cursor() as cursor:
            # Index-only scans need this. It cannot run in a transaction.
            cursor.execute("VACUUM (ANALYZE)")
    yield organizations[0]
    with django_db_blocker.unblock():
        empty_tables()


def plan_of(sql: str, parameters: Any = None, options: str = "") -> dict[str, Any]:
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (FORMAT JSON{options}) {sql}", parameters)
        ((answer,),) = cursor.fetchall()
    plan: dict[str, Any] = (json.loads(answer) if isinstance(answer, str) else answer)[0]["Plan"]
    return plan


def nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for child in plan.get("Plans", ()):
        yield from nodes(child)


def scanned(plan: dict[str, Any]) -> set[str]:
    """Return the large tables that a plan reads completely."""
    return {
        node["Relation Name"]
        for node in nodes(plan)
        if node["Node Type"] == "Seq Scan" and node["Relation Name"] in LARGE
    }


def test_pages_scan_no_large_table(operator_client: Client, organization: Organization) -> None:
    # Check that `scanned` notices a scan.
    assert scanned(plan_of("SELECT FROM usage_camera WHERE title = 'Gate'")) == {"usage_camera"}
    cameras = reverse("usage:cameras", args=[organization.pk])
    organizations, owners = reverse("organizations:list"), reverse("organizations:find_owners")
    addresses = [
        *(f"{organizations}{query}" for query in ("", "?page=15", "?sort=-title")),
        *(f"{organizations}?q={text}" for text in ("hotel+42", "anna.adler35@")),
        f"{owners}?q=greta.evans34",
        *(f"{cameras}{query}" for query in ("", "?q=yard+1701", "?state=all")),
    ]
    found = []
    for address in addresses:
        with CaptureQueriesContext(connection) as captured:
            assert operator_client.get(address).status_code == 200
        read = [each["sql"] for each in captured if each["sql"].startswith("SELECT")]
        assert any(table in sql for sql in read for table in LARGE)
        found += [(address, sql, tables) for sql in read if (tables := scanned(plan_of(sql)))]
    assert found == []


def test_a_page_counts_only_the_cameras_of_its_own_organizations(
    operator_client: Client, organization: Organization
) -> None:
    with CaptureQueriesContext(connection) as captured:
        operator_client.get(reverse("organizations:list"), {"page": "15"})
    (sql,) = (each["sql"] for each in captured if '"cameras_in_use"' in each["sql"])
    counted = [
        node["Actual Loops"]
        for node in nodes(plan_of(sql, options=", ANALYZE"))
        if node.get("Parent Relationship") == "SubPlan"
    ]
    assert counted == [ROWS_A_PAGE]


def test_a_statement_reads_one_index_in_order(organization: Organization) -> None:
    statement = statement_for(organization=organization, period=data.MONTH, as_of=data.AS_OF)
    plan = plan_of(*usage_query.usages.sql(statement.organization.pk, *statement.read_between))
    assert [node["Node Type"] for node in nodes(plan)] == ["Index Only Scan"]
    assert plan["Index Name"] == "usage_interval_statement"


def test_camera_names_are_merged_into_a_statement(organization: Organization) -> None:
    statement = statement_for(organization=organization, period=data.MONTH, as_of=data.AS_OF)
    plan = plan_of(
        *usage_query.named_usages.sql(statement.organization.pk, *statement.read_between)
    )
    assert scanned(plan) == set()
    assert plan["Node Type"] == "Merge Join"
