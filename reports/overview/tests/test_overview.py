"""The overview of an organization, its header and its tabs."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.tests.factories import OwnerFactory
from invoices.tests.factories import SEPTEMBER, BilledUseFactory, ProviderFactory, issued_invoice
from organizations.models import Organization
from organizations.tests.factories import FeeFactory, MinimumFactory, OrganizationFactory
from payments.tests.factories import a_payment
from reports.overview import monthly_costs as costs
from usage.models import UsageInterval

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 2, 12, tzinfo=UTC)
TABS = (
    "Overview",
    "Usages",
    "Cameras",
    "Invoices",
    "Payments",
    "Billing details",
    "History",
)


@pytest.fixture
def use() -> UsageInterval:
    ProviderFactory.create()
    use: UsageInterval = BilledUseFactory.create(
        tariff__name="Cloud 7",
        camera__organization__contract_number="K-17",
        camera__organization__owner=OwnerFactory.create(email="ann@example.com"),
    )
    return use


@pytest.fixture
def organization(use: UsageInterval) -> Organization:
    return use.organization


def address(organization: Organization) -> str:
    return reverse("reports:overview", args=[organization.pk])


def test_shows_invoices_costs_and_cameras(
    operator_client: Client, organization: Organization
) -> None:
    invoice = issued_invoice(organization)

    page = operator_client.get(address(organization)).text

    for text in (invoice.number, "Cloud 7", "K-17", "ann@example.com", "EUR\xa010.71"):
        assert text in page


def test_months_show_what_is_invoiced_and_price_the_others(organization: Organization) -> None:
    issued_invoice(organization)
    issued_invoice(organization, SEPTEMBER)

    found = costs.monthly_costs(organization.owner, organization, NOW)

    (euros,) = found.currencies
    shown = {each.month: (each.net, each.is_invoiced) for each in euros.months}
    assert shown[date(2026, 10, 1)] == (Decimal(9), True)
    assert shown[date(2026, 8, 1)] == (Decimal(9), False)
    assert shown[date(2026, 11, 1)][1] is False
    assert len(shown) == 11


def test_a_month_shows_what_was_invoiced_after_its_charges_changed(
    organization: Organization, use: UsageInterval
) -> None:
    issued_invoice(organization)
    use.tariff.prices.update(amount=Decimal(20))

    found = costs.monthly_costs(organization.owner, organization, NOW)

    shown = {each.month: each.net for each in found.currencies[0].months}
    assert shown[date(2026, 10, 1)] == Decimal(9)
    assert shown[date(2026, 9, 1)] == Decimal(20)


def test_costs_have_what_was_agreed_besides_cameras(organization: Organization) -> None:
    FeeFactory.create(organization=organization)
    MinimumFactory.create(organization=organization, first_on=date(2026, 10, 1))

    (found,) = costs.monthly_costs(organization.owner, organization, NOW).currencies

    nets = {each.month.month: each.net for each in found.months}
    assert (nets[8], nets[9], nets[10]) == (Decimal(9), Decimal(14), Decimal(30))


def test_very_many_cameras_are_not_priced(
    organization: Organization, monkeypatch: pytest.MonkeyPatch
) -> None:
    issued_invoice(organization)
    monkeypatch.setattr(costs, "MOST_PRICED", 0)

    found = costs.monthly_costs(organization.owner, organization, NOW)

    assert [each.month for each in found.currencies[0].months] == [date(2026, 10, 1)]
    assert date(2026, 11, 1) in found.not_priced
    assert date(2026, 10, 1) not in found.not_priced


def test_the_number_of_queries_does_not_grow(
    operator_client: Client, organization: Organization
) -> None:
    issued_invoice(organization)
    operator_client.get(address(organization))
    with CaptureQueriesContext(connection) as few:
        operator_client.get(address(organization))
    issued_invoice(organization, SEPTEMBER)
    for _ in range(2):
        BilledUseFactory.create(camera__organization=organization)

    with CaptureQueriesContext(connection) as many:
        operator_client.get(address(organization))

    assert len(many) == len(few)


@pytest.mark.parametrize(
    "name",
    [
        "reports:overview",
        "usage:usages",
        "usage:cameras",
        "invoices:of_organization",
        "payments:of_organization",
        "organizations:billing",
        "organizations:history",
    ],
)
def test_every_page_has_the_tabs_in_one_order(
    operator_client: Client, organization: Organization, name: str
) -> None:
    here = reverse(name, args=[organization.pk])

    page = operator_client.get(here).text

    tabs = page[page.index("section-nav") :]
    links = [tabs.index(f">{tab}</a></li>") for tab in TABS]
    assert links == sorted(links)
    assert page.count(f'href="{here}" aria-current="page"') == 1


@pytest.mark.parametrize(
    ("name", "tab"),
    [
        ("organizations:add_contact", "Overview"),
        ("usage:add_partnership", "Partner"),
        ("usage:customers", "Partner"),
    ],
)
def test_pages_that_a_tab_leads_to_mark_it(
    operator_client: Client, organization: Organization, name: str, tab: str
) -> None:
    page = operator_client.get(reverse(name, args=[organization.pk])).text

    assert f'aria-current="page">{tab}</a></li>' in page


def test_owners_have_the_same_tabs_without_what_is_not_theirs(organization: Organization) -> None:
    client = Client()
    client.force_login(organization.owner)
    organization.billing_details.update(city="")

    page = client.get(address(organization)).text

    assert ">Billing details</a></li>" in page
    assert ">History</a></li>" not in page
    assert "Missing for invoices" not in page


def test_the_header_links_to_what_is_missing_for_invoices(
    operator_client: Client, organization: Organization
) -> None:
    organization.billing_details.update(city="")
    (details,) = organization.billing_details.all()

    page = operator_client.get(address(organization)).text

    assert f"/organizations/{organization.pk}/billing/?version={details.pk}&amp;next=" in page
    assert "#id_city" in page


def test_the_header_shows_the_balance_and_links_to_the_account(
    operator_client: Client, organization: Organization
) -> None:
    issued_invoice(organization)

    page = operator_client.get(reverse("usage:cameras", args=[organization.pk])).text

    balance = page.partition("<dt>Balance due</dt>")[2].partition("</dd>")[0]
    assert f'href="{reverse("payments:account", args=[organization.pk])}">EUR\xa010.71<' in balance


def test_tabs_keep_the_period_and_the_search_of_the_list(
    operator_client: Client, organization: Organization
) -> None:
    listed = operator_client.get("/organizations/", {"q": organization.title[:5]}).text
    query = "from=2026-10-01&amp;to=2026-10-31&amp;list=q%3DOrg"

    page = operator_client.get(
        address(organization), {"from": "2026-10-01", "to": "2026-10-31", "list": "q=Org"}
    ).text

    for page_of in ("", "cameras/", "usages/"):
        assert f'href="/organizations/{organization.pk}/{page_of}?list=q%3D' in listed
    assert f"&amp;list=q%3D{organization.title[:5]}" in listed
    assert f'href="/organizations/{organization.pk}/cameras/?{query}"' in page
    assert 'href="/organizations/?q=Org"' in page


def test_tabs_keep_a_period_only_as_a_whole(
    operator_client: Client, organization: Organization
) -> None:
    page = operator_client.get(address(organization), {"from": "2026-10-01", "list": "q=Org"}).text

    assert f'href="/organizations/{organization.pk}/usages/?list=q%3DOrg"' in page


def test_searching_in_a_tab_keeps_the_way_back(
    operator_client: Client, organization: Organization
) -> None:
    page = operator_client.get(
        reverse("usage:cameras", args=[organization.pk]), {"list": "q=Org", "q": "gate"}
    ).text

    assert '<input type="hidden" name="list" value="q=Org">' in page


def test_payments_of_an_organization(operator_client: Client, organization: Organization) -> None:
    other, own = issued_invoice(), issued_invoice(organization)
    for invoice in (other, own):
        a_payment(invoice)

    page = operator_client.get(reverse("payments:of_organization", args=[organization.pk])).text

    assert "RF18" in page
    assert "EUR\xa05.00" in page
    assert page.count(own.number) == 2
    assert other.number not in page


def test_an_owner_sees_no_payments_from_before(organization: Organization) -> None:
    a_payment(issued_invoice(organization))
    organization.owner = OwnerFactory.create()
    organization.save()
    client = Client()
    client.force_login(organization.owner)

    page = client.get(reverse("payments:of_organization", args=[organization.pk])).text

    assert "RF18" not in page


def test_an_organization_without_anything(operator_client: Client) -> None:
    page = operator_client.get(address(OrganizationFactory.create())).text

    assert "No invoices yet" in page
    assert "No cameras are in use." in page
