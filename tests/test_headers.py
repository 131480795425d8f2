"""The headers of every response."""

import pytest
from django.conf import settings
from django.test import Client

from accounts.models import User
from accounts.tests.factories import PASSWORD

pytestmark = pytest.mark.django_db

# A page of the user's own, a redirect, the sign-in page, a refusal, a missing page, and a response
# that is not a page.
ADDRESSES = ["/organizations/", "/", "/accounts/login/", "/tariffs/", "/no/such/page/", "/healthz"]
STATIC_FILES = ["/static/css/site.css", "/static/js/theme.js"]


@pytest.mark.parametrize("address", [*ADDRESSES, *STATIC_FILES])
@pytest.mark.parametrize(
    ("header", "value"),
    [
        ("Content-Security-Policy", "default-src 'self'"),
        ("Cross-Origin-Opener-Policy", "same-origin"),
        ("Permissions-Policy", "camera=(), geolocation=(), microphone=()"),
        ("Referrer-Policy", "same-origin"),
        ("X-Content-Type-Options", "nosniff"),
        ("X-Frame-Options", "DENY"),
    ],
)
def test_every_response_has_security_headers(
    owner_client: Client, address: str, header: str, value: str
) -> None:
    answer = owner_client.get(address)
    answer.close()

    assert value in answer[header]


@pytest.mark.parametrize("address", ADDRESSES)
def test_no_cache_stores_a_response(owner_client: Client, address: str) -> None:
    kept = owner_client.get(address)["Cache-Control"].split(", ")

    assert "private" in kept
    assert "no-store" in kept


def test_the_policy_allows_nothing_inline(client: Client) -> None:
    policy = client.get("/accounts/login/")["Content-Security-Policy"]

    assert sorted(policy.split("; ")) == [
        "base-uri 'none'",
        "default-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "img-src 'self' data:",
        "object-src 'none'",
    ]


def test_scripts_and_other_sites_cannot_use_the_cookies(client: Client, owner: User) -> None:
    client.get("/accounts/login/")
    client.post("/accounts/login/", {"login": owner.email, "password": PASSWORD})

    cookies = [client.cookies[settings.SESSION_COOKIE_NAME], client.cookies["csrftoken"]]
    assert [cookie["httponly"] for cookie in cookies] == [True, True]
    assert [cookie["samesite"] for cookie in cookies] == ["Lax", "Lax"]
