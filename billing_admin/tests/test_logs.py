"""Logs: one line per request, without personal data."""

import io
import json
import logging
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, connection
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import include, path
from pytest_django import Settings

from accounts.mail import MailNotSent
from accounts.models import User
from accounts.operations import send_activation
from accounts.tests.factories import PASSWORD, OwnerFactory
from billing_admin.logs import JsonFormatter, RequestId, RequestLog
from billing_admin.urls import urlpatterns as ours
from organizations.tests.factories import OrganizationFactory

ROOT = Path(__file__).resolve().parents[2]


def failing(request: HttpRequest, name: str) -> HttpResponse:
    try:
        OwnerFactory.create(email=User.objects.get().email)
    except IntegrityError as error:
        raise RuntimeError(f"ann@example.com failed as {name}") from error
    return HttpResponse()


def talking(request: HttpRequest, name: str) -> HttpResponse:
    logging.getLogger("usage.anything").warning("Mail to %s from 10.1.2.3 failed", name)
    return HttpResponse("ok")


def streaming(request: HttpRequest) -> StreamingHttpResponse:
    return StreamingHttpResponse(chunk for chunk in (b"four", b"more"))


def breaking(request: HttpRequest) -> StreamingHttpResponse:
    def chunks() -> Iterator[bytes]:
        yield b"four"
        raise Http404("ann@example.com")

    return StreamingHttpResponse(chunks())


urlpatterns = [
    path("failing/<str:name>/", failing),
    path("talking/<str:name>/", talking),
    path("streaming/", streaming),
    path("breaking/", breaking),
    path("", include(ours)),
]

pytestmark = [pytest.mark.urls(__name__), pytest.mark.django_db]


class Lines:
    """Captures log lines in the format of production."""

    def __init__(self) -> None:
        self._stream = io.StringIO()
        self.handler = logging.StreamHandler(self._stream)
        self.handler.addFilter(RequestId())
        self.handler.setFormatter(JsonFormatter())

    @property
    def text(self) -> str:
        return self._stream.getvalue()

    def all(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.text.splitlines()]

    def requests(self) -> list[dict[str, Any]]:
        return [line for line in self.all() if line["logger"] == "billing_admin.requests"]


@pytest.fixture
def lines() -> Iterator[Lines]:
    lines = Lines()
    root, requests = logging.getLogger(), logging.getLogger("billing_admin.requests")
    level = requests.level
    requests.setLevel(logging.INFO)
    root.addHandler(lines.handler)
    yield lines
    root.removeHandler(lines.handler)
    requests.setLevel(level)


def test_a_request_is_one_line(owner_client: Client, owner: User, lines: Lines) -> None:
    organization = OrganizationFactory.create(owner=owner)

    page = owner_client.get(f"/organizations/{organization.pk}/usages/?q=ann@example.com")

    (line,) = lines.all()
    assert line.pop("time").endswith("+00:00")
    assert line.pop("duration_ms") > 0
    assert line == {
        "level": "INFO",
        "logger": "billing_admin.requests",
        "message": "request",
        "request_id": page["X-Request-ID"],
        "method": "GET",
        "route": "organizations/<int:pk>/usages/",
        "status": 200,
        "bytes": len(page.content),
        "user_id": owner.pk,
        "organization_id": organization.pk,
    }


def test_a_signed_out_request_has_no_user_id(client: Client, lines: Lines) -> None:
    client.get("/tariffs/")

    (line,) = lines.requests()
    assert (line["route"], line["status"], line["user_id"]) == ("tariffs/", 302, None)
    assert "organization_id" not in line


def test_typed_text_is_never_logged(client: Client, owner: User, lines: Lines) -> None:
    client.post("/accounts/login/?next=/ann/", {"login": owner.email, "password": "wrong"})
    client.get("/accounts/activate/ann-token/")
    client.get(f"/no/such/page/{owner.email}/?name={owner.name}", REMOTE_ADDR="10.1.2.3")
    client.post("/accounts/login/", {"login": owner.email, "password": PASSWORD})

    assert [line["user_id"] for line in lines.requests()] == [None, None, None, owner.pk]
    assert [line["route"] for line in lines.requests()] == [
        "accounts/login/",
        "accounts/activate/<str:token>/",
        None,
        "accounts/login/",
    ]
    for personal in (owner.email, owner.name, "ann", "10.1.2.3"):
        assert personal not in lines.text


@pytest.mark.parametrize("given", ["0123456789abcdef", "a-b.c_d-1234"])
def test_the_proxys_request_id_is_kept(client: Client, lines: Lines, given: str) -> None:
    page = client.get("/", headers={"X-Request-ID": given})

    assert page["X-Request-ID"] == given
    assert lines.requests()[0]["request_id"] == given


@pytest.mark.parametrize("given", ["short", "x" * 65, "ann@example.com", "12345678\x85", ""])
def test_a_malformed_request_id_is_replaced(client: Client, given: str) -> None:
    first, second = (client.get("/", headers={"X-Request-ID": given}) for _ in range(2))

    assert len(first["X-Request-ID"]) == 32
    assert first["X-Request-ID"] not in (given, second["X-Request-ID"])


def test_lines_logged_during_a_request_have_its_id(client: Client, lines: Lines) -> None:
    client.force_login(OwnerFactory.create())
    page = client.get("/talking/ann@example.com/")
    logging.getLogger("usage.anything").warning("between two requests")

    during, _, between = lines.all()
    assert during["request_id"] == page["X-Request-ID"]
    assert during["message"] == "Mail to [address] from [address] failed"
    assert between["request_id"] == "-"


def test_an_error_is_logged_without_its_text(
    owner_client: Client, owner: User, lines: Lines
) -> None:
    owner_client.raise_request_exception = False

    page = owner_client.get("/failing/ann/?q=secret")

    fault, request = lines.all()
    assert (fault["level"], request["status"]) == ("ERROR", 500)
    assert fault["request_id"] == request["request_id"] == page["X-Request-ID"]
    assert fault["message"] == "Internal Server Error: /failing/<str:name>/"
    ours, djangos, databases = fault["exceptions"]
    assert ours["type"] == "RuntimeError"
    assert ours["frames"][-1].startswith("billing_admin/tests/test_logs.py:")
    assert ours["frames"][-1].endswith(" failing")
    assert djangos["type"] == "django.db.utils.IntegrityError"
    assert databases["type"] == "psycopg.errors.UniqueViolation"
    assert databases["code"] == "23505"
    for personal in (owner.email, "ann", "secret"):
        assert personal not in lines.text


def test_a_stream_is_logged_when_it_ends(owner_client: Client, lines: Lines) -> None:
    page = owner_client.get("/streaming/")
    assert lines.requests() == []

    assert page.getvalue() == b"fourmore"
    (line,) = lines.requests()
    assert (line["status"], line["bytes"]) == (200, 8)
    assert line["request_id"] == page["X-Request-ID"]


def test_a_stream_not_read_to_its_end_is_logged(owner: User, lines: Lines) -> None:
    request = RequestFactory().get("/streaming/")
    response = RequestLog(streaming)(request)

    next(iter(response))
    response.close()

    (line,) = lines.requests()
    assert line["bytes"] == 4


def test_a_failed_stream_is_logged_as_an_error(owner_client: Client, lines: Lines) -> None:
    page = owner_client.get("/breaking/")
    with pytest.raises(Http404):
        page.getvalue()
    page.close()

    (line,) = lines.requests()
    assert (line["level"], line["bytes"]) == ("ERROR", 4)
    assert line["exceptions"][0]["type"] == "django.http.response.Http404"
    assert "ann@example.com" not in lines.text


def test_health_checks_are_logged_only_for_debugging(client: Client, lines: Lines) -> None:
    with CaptureQueriesContext(connection) as queries:
        client.get("/healthz")
    assert lines.all() == []
    assert len(queries) == 1

    logging.getLogger("billing_admin.requests").setLevel(logging.DEBUG)
    client.get("/healthz")
    assert lines.requests()[0]["level"] == "DEBUG"


def test_static_files_are_logged_as_such(client: Client, lines: Lines) -> None:
    page = client.get("/static/js/site.js")

    (line,) = lines.requests()
    assert (line["route"], line["status"]) == ("static/", 200)
    assert line["bytes"] == len(page.getvalue())


@pytest.mark.parametrize(
    ("message", "args", "logged"),
    [
        ("Worker %d of %s", (3, "web"), "Worker 3 of web"),
        ("Error handling request %s", ("/a/?q=ann",), "Error handling request [address]"),
        ("Bad origin - https://ann.example/x?y.", (), "Bad origin - [address]"),
        (
            "From ip=2001:db8::1 and ::1 at 12:30:45",
            (),
            "From ip=[address] and [address] at 12:30:45",
        ),
        ("To <ann@example.com>, 'bob@x.example'", (), "To <[address]>, '[address]'"),
        ("Failed: %s", (ValueError("ann"),), "Failed: ValueError"),
        (ValueError("ann"), (), "ValueError"),
        ("%(count)s left", ({"count": 2},), "2 left"),
        ("100% of 3/4", (), "100% of 3/4"),
    ],
)
def test_addresses_are_removed_from_messages(
    message: Any, args: tuple[Any, ...], logged: str
) -> None:
    record = logging.LogRecord("any", logging.INFO, __file__, 1, message, args, None)

    assert json.loads(JsonFormatter().format(record))["message"] == logged


@pytest.mark.usefixtures("no_smtp_server")
def test_a_failed_mail_is_logged_without_its_address(
    db: None, lines: Lines, settings: Settings
) -> None:
    invited = OwnerFactory.create(email="vera@harbour.example", password=None)
    with pytest.raises(MailNotSent):
        send_activation(user=invited)

    logged = [line["message"] for line in lines.all() if line["logger"].startswith("accounts")]
    assert logged == [
        f"The mail activation to user {invited.pk} was not sent: ConnectionRefusedError",
    ]
    assert "harbour.example" not in lines.text


_PRODUCTION = """
import logging
from django.test import Client
import billing_admin.wsgi

client = Client(raise_request_exception=False, headers={"host": "billing.example"})
client.get("/organizations/?q=ann", secure=True, headers={"X-Request-ID": "0123456789abcdef"})
client.get("/healthz")
sign_in = {"login": "ann@example.com", "password": "ann"}
client.post("/accounts/login/", sign_in, secure=True)
logging.getLogger("gunicorn.error").error("Booting worker with pid: %d", 7)
"""


def test_production_writes_json_and_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "static").mkdir()
    environment = {
        "PATH": os.environ["PATH"],
        "SECRET_KEY": "only-for-tests-" + "x1y2z3" * 8,
        "ALLOWED_HOSTS": "billing.example",
        "DATABASE_URL": "postgres://nobody@127.0.0.1:1/nothing",
        "DJANGO_SETTINGS_MODULE": "billing_admin.settings",
        "STATIC_ROOT": str(tmp_path / "static"),
    }

    done = subprocess.run(
        [sys.executable, "-c", _PRODUCTION],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )

    lines = [json.loads(line) for line in done.stderr.splitlines()]
    assert [(line["logger"], line["level"], line["message"]) for line in lines] == [
        ("billing_admin.requests", "INFO", "request"),
        ("django.request", "ERROR", "Service Unavailable: /healthz"),
        ("django.request", "ERROR", "Service Unavailable: /accounts/login/"),
        ("billing_admin.requests", "INFO", "request"),
        ("gunicorn.error", "ERROR", "Booting worker with pid: 7"),
    ]
    assert lines[0]["request_id"] == "0123456789abcdef"
    assert lines[2]["request_id"] == lines[3]["request_id"] != "-"
    assert lines[2]["exceptions"][0]["type"] == "django.db.utils.OperationalError"
    assert "ann" not in done.stderr
    assert done.stdout == ""
