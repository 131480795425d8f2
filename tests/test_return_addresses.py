"""Every page that reads `next` redirects only to paths within the site."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from accounts.tests.factories import OwnerFactory
from accounts.tests.test_sign_in import credentials
from foundation.tests.test_return_addresses import NOT_OURS, OURS
from foundation.web.versions import version_of
from invoices.provider.operations import stored_provider_details
from invoices.provider.parties import provider_details
from invoices.provider.tests.test_provider import DETAILS as PROVIDER
from invoices.tests.factories import ProviderFactory
from organizations.billing.operations import stored_billing_details
from organizations.models import Organization
from organizations.operations import stored_values
from organizations.tests.factories import OrganizationFactory
from organizations.tests.test_billing import ADDRESS, DELIVERY
from tariffs.tests.factories import TariffFactory
from tests.mail_server import MailServer
from usage.tests.factories import UsageIntervalFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def organization() -> Organization:
    return OrganizationFactory.create(title="Harbour", tariffs=[TariffFactory.create()])


SendRequest = Callable[[Client, Organization, str], Any]


def edit(client: Client, organization: Organization, wanted: str) -> Any:
    organization.refresh_from_db()
    entries = {
        "title": "Harbour",
        "owner": organization.owner.email,
        "time_zone": "UTC",
        "version": version_of(stored_values(organization)),
    }
    address = reverse("organizations:edit", args=[organization.pk])
    return client.post(address, {**entries, "next": wanted})


def billing(client: Client, organization: Organization, wanted: str) -> Any:
    organization.refresh_from_db()
    shown = version_of(stored_billing_details(organization, None))
    entries = {**ADDRESS, **DELIVERY, "version": shown, "next": wanted}
    return client.post(reverse("organizations:billing", args=[organization.pk]), entries)


def provider(client: Client, _organization: Organization, wanted: str) -> Any:
    ProviderFactory.create()
    shown = version_of(stored_provider_details(provider_details()))
    entries = {**PROVIDER, "version": shown, "next": wanted}
    return client.post(reverse("invoices:provider"), entries)


def resend(client: Client, _organization: Organization, wanted: str) -> Any:
    newcomer = OwnerFactory.create()
    return client.post(reverse("accounts:resend_activation", args=[newcomer.pk]), {"next": wanted})


def connect(client: Client, organization: Organization, wanted: str) -> Any:
    tariff = organization.tariffs.get()
    entries = {"name": "gate", "tariff": tariff.pk, "when": "now", "next": wanted}
    return client.post(reverse("usage:connect", args=[organization.pk]), entries)


def select_none(client: Client, organization: Organization, wanted: str) -> Any:
    address = reverse("usage:change_tariff", args=[organization.pk])
    return client.get(address, {"next": wanted})


def disconnect(client: Client, organization: Organization, wanted: str) -> Any:
    use = UsageIntervalFactory.create(camera__organization=organization)
    address = reverse("usage:disconnect", args=[organization.pk])
    return client.post(address, {"uses": str(use.pk), "when": "now", "next": wanted})


def language(client: Client, _organization: Organization, wanted: str) -> Any:
    return client.post(reverse("accounts:language"), {"language": "en", "next": wanted})


def sign_in(client: Client, organization: Organization, wanted: str) -> Any:
    client.logout()
    entries = credentials(organization.owner.email)
    return client.post(reverse("account_login"), {**entries, "next": wanted})


def sign_in_again(client: Client, _organization: Organization, wanted: str) -> Any:
    return client.get(reverse("account_login"), {"next": wanted})


def sign_out(client: Client, _organization: Organization, wanted: str) -> Any:
    return client.post(reverse("account_logout"), {"next": wanted})


PAGES: list[tuple[SendRequest, str]] = [
    (edit, "/organizations/"),
    (billing, "/organizations/{pk}/"),
    (provider, "/invoices/provider/"),
    (resend, "/"),
    (connect, "/organizations/{pk}/cameras/"),
    (select_none, "/organizations/{pk}/cameras/"),
    (disconnect, "/organizations/{pk}/cameras/"),
    (language, "/"),
    (sign_in, "/"),
    (sign_in_again, "/"),
    (sign_out, "/accounts/login/"),
]


@pytest.mark.parametrize(("send", "otherwise"), PAGES, ids=[send.__name__ for send, _ in PAGES])
@pytest.mark.parametrize("wanted", [OURS, *NOT_OURS.values()], ids=["ours", *NOT_OURS])
def test_a_page_redirects_only_within_the_site(
    send: SendRequest,
    otherwise: str,
    wanted: str,
    operator_client: Client,
    organization: Organization,
    smtp_server: MailServer,
) -> None:
    response = send(operator_client, organization, wanted)

    expected = wanted if wanted == OURS else otherwise.format(pk=organization.pk)
    assert (response.status_code, response.headers["Location"]) == (302, expected)


@pytest.mark.parametrize("wanted", NOT_OURS.values(), ids=NOT_OURS)
def test_a_form_links_back_only_within_the_site(
    wanted: str, operator_client: Client, organization: Organization
) -> None:
    for name in ("organizations:edit", "organizations:billing", "usage:connect"):
        shown = operator_client.get(reverse(name, args=[organization.pk]), {"next": wanted})
        assert shown.context["way_back"].startswith("/organizations/")
    shown = operator_client.get(reverse("invoices:provider"), {"next": wanted})
    assert shown.context["way_back"] == "/invoices/provider/"


@pytest.mark.parametrize("wanted", [OURS, *NOT_OURS.values()], ids=["ours", *NOT_OURS])
def test_the_admin_site_redirects_signed_out_people_to_the_sign_in_page(
    wanted: str, client: Client, operator: User
) -> None:
    response = client.get(reverse("admin:login"), {"next": wanted})

    sign_in_page = urlsplit(response.headers["Location"])
    assert (sign_in_page.netloc, sign_in_page.path) == ("", "/accounts/login/")
    signed_in = client.post(response.headers["Location"], credentials(operator.email))
    assert signed_in.headers["Location"] == (OURS if wanted == OURS else reverse("admin:index"))
