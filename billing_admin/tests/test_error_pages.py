"""Error pages."""

import psycopg
import pytest
from django.core.exceptions import SuspiciousOperation
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import include, path

from accounts.models import User
from accounts.tests.factories import PASSWORD
from billing_admin.urls import urlpatterns as ours
from foundation.outages import is_outage


def broken(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("the secret reason")


def suspicious(request: HttpRequest) -> HttpResponse:
    raise SuspiciousOperation("the secret reason")


handler500 = "billing_admin.errors.failed"
urlpatterns = [path("broken/", broken), path("suspicious/", suspicious), path("", include(ours))]

pytestmark = [pytest.mark.urls(__name__), pytest.mark.django_db]


@pytest.mark.parametrize(("client_name", "has_menu"), [("client", False), ("owner_client", True)])
def test_not_found(client_name: str, has_menu: bool, request: pytest.FixtureRequest) -> None:
    page = request.getfixturevalue(client_name).get("/no/such/page/")

    assert page.status_code == 404
    assert "Page not found" in page.text
    assert 'href="/"' in page.text
    assert ('href="/organizations/"' in page.text) is has_menu


def test_forbidden_names_who_is_signed_in(owner_client: Client, owner: User) -> None:
    page = owner_client.get("/admin/", follow=True)

    assert page.status_code == 403
    assert "Access denied" in page.text
    assert f"You are signed in as {owner.email} (Owner)" in page.text


def test_a_stale_form(owner: User) -> None:
    page = Client(enforce_csrf_checks=True).post(
        "/accounts/login/", {"login": owner.email, "password": PASSWORD}
    )

    assert page.status_code == 403
    assert "This form has expired" in page.text


def test_a_bad_request(owner_client: Client) -> None:
    page = owner_client.get("/suspicious/")

    assert page.status_code == 400
    assert "Bad request" in page.text
    assert "the secret reason" not in page.text


def test_an_internal_error(owner_client: Client) -> None:
    owner_client.raise_request_exception = False

    page = owner_client.get("/broken/")

    assert page.status_code == 500
    assert "Something went wrong" in page.text
    assert "the secret reason" not in page.text


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("path", ["/organizations/", "/invoices/", "/accounts/password/change/"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_the_database_is_away(
    owner_client: Client, unreachable_database: None, path: str, method: str
) -> None:
    owner_client.raise_request_exception = False

    page = getattr(owner_client, method)(path)

    assert (page.status_code, page["Retry-After"]) == (503, "10")
    assert "Temporarily unavailable" in page.text


@pytest.mark.parametrize(
    ("code", "is_away"), [("57P01", True), ("53300", True), ("57014", False), ("40P01", False)]
)
def test_an_error_of_a_statement_does_not_mean_that_the_database_is_away(
    code: str, is_away: bool
) -> None:
    error = OperationalError()
    error.__cause__ = psycopg.errors.lookup(code)()

    assert is_outage(error) is is_away
