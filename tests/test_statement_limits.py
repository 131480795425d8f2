"""Time limits of statements, by the kind of work, and what people see when one is reached."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import pytest
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.test import Client
from django.urls import include, path
from pytest_django import Settings

from billing_admin.urls import urlpatterns as ours
from foundation.lists.exports import export_response
from foundation.statement_limits import Work, limit_statements, statements_of
from local_run.tests.helpers import CLONE, wait_until

handler500 = "billing_admin.errors.failed"


def limit() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SHOW statement_timeout")
        return str(cursor.fetchone()[0])


def slow(request: HttpRequest) -> HttpResponse:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_sleep(60)")
    return HttpResponse()


def current(request: HttpRequest) -> HttpResponse:
    return HttpResponse(limit())


def _limits() -> Iterator[list[str]]:
    yield [limit()]


def _slow_rows() -> Iterator[list[str]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_sleep(60)")
    yield []


def export(request: HttpRequest, kind: str) -> HttpResponseBase:
    return export_response(kind, "limits", ["limit"], _limits())


def slow_export(request: HttpRequest, kind: str) -> HttpResponseBase:
    return export_response(kind, "limits", [], _slow_rows())


urlpatterns = [
    path("slow/", slow),
    path("current/", current),
    path("export/<kind>/", export),
    path("slow-export/<kind>/", slow_export),
    path("", include(ours)),
]

pytestmark = [pytest.mark.urls(__name__), pytest.mark.django_db(transaction=True)]


@pytest.fixture
def process(settings: Settings) -> Iterator[Callable[[Work], None]]:
    """Return a function that makes this process do a kind of work."""
    settings.STATEMENT_SECONDS = {"pages": 0.2, "exports": 0.4, "jobs": 2, "imports": 3}

    def become(work: Work) -> None:
        limit_statements(work)
        connection.close()

    yield become
    become(Work.COMMANDS)


def test_a_command_has_no_limit(process: Callable[[Work], None]) -> None:
    connection.close()
    assert limit() == "0"
    with statements_of(Work.IMPORTS):
        assert limit() == "0"


def test_postgresql_notices_when_a_client_is_gone() -> None:
    connection.close()
    with connection.cursor() as cursor:
        cursor.execute("SHOW client_connection_check_interval")
        assert cursor.fetchone() == ("5s",)


_SLEEP = """
import django
django.setup()
from django.db import connection
connection.cursor().execute("SELECT pg_sleep(300)")
"""


def test_the_statement_of_a_killed_process_ends() -> None:
    url = urlsplit(os.environ["DATABASE_URL"])
    url = url._replace(path=f"/{connection.settings_dict['NAME']}")
    environment = {"DATABASE_URL": url.geturl(), "CLIENT_CHECK_SECONDS": "1"}
    process = subprocess.Popen(
        [sys.executable, "-c", _SLEEP], cwd=CLONE, env={**os.environ, **environment}
    )
    sleeping = (
        "SELECT count(*) FROM pg_stat_activity"
        " WHERE datname = current_database() AND query = 'SELECT pg_sleep(300)'"
    )

    def is_sleeping() -> bool:
        with connection.cursor() as cursor:
            cursor.execute(sleeping)
            return bool(cursor.fetchone()[0])

    wait_until(is_sleeping)
    process.kill()
    process.wait()

    wait_until(lambda: not is_sleeping())


def test_a_job_has_its_limit_and_an_import_a_higher_one(process: Callable[[Work], None]) -> None:
    process(Work.JOBS)
    assert limit() == "2s"
    with statements_of(Work.IMPORTS):
        assert limit() == "3s"
    assert limit() == "2s"


@pytest.mark.parametrize("address", ["/slow/", "/slow-export/csv/", "/slow-export/xlsx/"])
def test_a_page_and_an_export_that_take_too_long_say_what_to_do(
    owner_client: Client, process: Callable[[Work], None], address: str
) -> None:
    process(Work.PAGES)
    owner_client.raise_request_exception = False

    page = owner_client.get(address)

    assert (page.status_code, page["Retry-After"]) == (503, "60")
    assert "This took too long" in page.text
    assert "a shorter period" in page.text


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_an_export_may_take_longer_than_the_page_after_it(
    owner_client: Client, process: Callable[[Work], None], kind: str
) -> None:
    process(Work.PAGES)
    exported = owner_client.get(f"/export/{kind}/")
    content = exported.getvalue() if hasattr(exported, "getvalue") else b""

    assert kind != "csv" or b"400ms" in content
    assert owner_client.get("/current/").text == "200ms"
