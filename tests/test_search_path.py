"""Functions in the database find their tables, whatever search path the connection has."""

import pytest
from django.core.management import call_command
from django.db import connection

from foundation.search_path import functions_without_one
from organizations.models import Organization
from organizations.tests.factories import OrganizationFactory
from tests.jobs import note
from usage.tests.factories import UsageIntervalFactory

pytestmark = pytest.mark.django_db


def execute(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def settings_of(function: str) -> list[str] | None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT proconfig FROM pg_proc WHERE proname = %s", [function])
        settings: list[str] | None
        ((settings,),) = cursor.fetchall()
    return settings


def test_every_function_has_one() -> None:
    assert functions_without_one("default") == []


@pytest.mark.parametrize(
    "function", ["usage_refuse_camera_without_payer", "procrastinate_fetch_job_v2"]
)
def test_it_is_the_schema_of_the_tables(function: str) -> None:
    assert "search_path=public, pg_temp" in (settings_of(function) or ())


def test_functions_of_later_migrations_get_one() -> None:
    body = "RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'"
    execute(f"CREATE FUNCTION later() {body}")
    execute(f"CREATE OR REPLACE FUNCTION invoices_recheck_issued() {body}")
    assert functions_without_one("default") == ["invoices_recheck_issued()", "later()"]

    call_command("migrate", verbosity=0)

    assert functions_without_one("default") == []


def test_immutable_functions_in_sql_can_still_be_inlined() -> None:
    assert settings_of("invoices_affected_until") is None


def test_triggers_find_their_tables_without_a_search_path() -> None:
    organization = OrganizationFactory.create(title="Before")
    UsageIntervalFactory.create(organization=organization, camera__organization=organization)
    note.defer(path="/nowhere", word="never")
    execute("SET CONSTRAINTS ALL IMMEDIATE")

    execute("SET LOCAL search_path = ''")
    execute("UPDATE public.organizations_organization SET title = 'After'")
    execute("UPDATE public.usage_usageinterval SET ended_at = started_at + interval '1 day'")
    execute("DELETE FROM public.usage_usageinterval")
    execute("DELETE FROM public.procrastinate_jobs")
    execute("SET LOCAL search_path = public")

    events = Organization.pgh_event_model.objects  # type: ignore[attr-defined]
    assert list(events.order_by("pgh_id").values_list("pgh_label", "title")) == [
        ("insert", "Before"),
        ("update", "After"),
    ]
