"""Tests of the page that previews and issues invoices."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from invoices.models import Invoice
from invoices.provider.models import Provider
from invoices.tests.factories import (
    BilledOrganizationFactory,
    BilledUseFactory,
    ProviderFactory,
)
from organizations.models import BillingDetails, Organization
from tariffs.tests.factories import TariffFactory, TariffPriceFactory

pytestmark = pytest.mark.django_db

OCTOBER = "from=2026-10-01&to=2026-10-31"


@pytest.fixture
def provider() -> Provider:
    return ProviderFactory.create()


@pytest.fixture
def organization(provider: Provider) -> Organization:
    organization: Organization = BilledUseFactory.create().organization
    return organization


def address(organization: Organization) -> str:
    return f"/organizations/{organization.pk}/invoices/issue/"


def shown(client: Client, organization: Organization) -> dict[str, object]:
    """Open the preview; return the data that its form sends."""
    page = client.get(f"{address(organization)}?{OCTOBER}")
    return {
        "from": "2026-10-01",
        "to": "2026-10-31",
        "shown": [
            f"{draft.document.currency}:{draft.version}" for draft in page.context["drafts"].ready
        ],
    }


def test_usages_lead_to_the_preview_of_their_period(
    operator_client: Client, support_client: Client, organization: Organization
) -> None:
    usages = f"/organizations/{organization.pk}/usages/?{OCTOBER}"
    link = f"{address(organization)}?{OCTOBER}".replace("&", "&amp;")

    assert link in operator_client.get(usages).text
    assert link not in support_client.get(usages).text


def test_the_audit_records_who_issued(
    operator_client: Client, operator: User, organization: Organization
) -> None:
    operator_client.post(address(organization), shown(operator_client, organization))

    events = Invoice.pgh_event_model.objects.all()  # type: ignore[attr-defined]
    assert [each.pgh_context for each in events] == [{"user": operator.pk}]


def test_usages_offer_to_issue_only_a_period_that_is_over_in_the_organizations_time_zone(
    operator_client: Client, organization: Organization, monkeypatch: pytest.MonkeyPatch
) -> None:
    noon = datetime(2026, 10, 31, 12, tzinfo=UTC)
    monkeypatch.setattr(timezone, "now", lambda: noon)
    usages = f"/organizations/{organization.pk}/usages/?{OCTOBER}"

    here = operator_client.get(usages).text
    Organization.objects.update(time_zone="Pacific/Kiritimati")
    there = operator_client.get(usages).text

    assert ("Preview invoice" in here, "Issue invoice" in here) == (True, False)
    assert ("Preview invoice" in there, "Issue invoice" in there) == (False, True)


def test_the_preview_shows_the_document_and_issues_nothing(
    operator_client: Client, organization: Organization
) -> None:
    page = operator_client.get(f"{address(organization)}?{OCTOBER}")

    assert page.text.count("data:image/svg+xml;base64,") == 1
    assert "Issue 1 invoice" in page.text
    assert not Invoice.objects.exists()


def test_issuing_leads_to_the_invoice(operator_client: Client, organization: Organization) -> None:
    form = shown(operator_client, organization)

    answer = operator_client.post(address(organization), form)

    invoice = Invoice.objects.get()
    assert answer.url == f"/invoices/{invoice.pk}/"  # type: ignore[attr-defined]
    assert invoice.total == Decimal("10.71")


def test_a_second_click_leads_to_the_same_invoice(
    operator_client: Client, organization: Organization
) -> None:
    form = shown(operator_client, organization)
    first = operator_client.post(address(organization), form)

    second = operator_client.post(address(organization), form, follow=True)

    assert second.redirect_chain[-1][0] == first.url  # type: ignore[attr-defined]
    assert "Already invoiced: INV-2026-000001" in second.text
    assert Invoice.objects.count() == 1


def test_an_outdated_preview_is_shown_again(
    operator_client: Client, organization: Organization
) -> None:
    form = shown(operator_client, organization)
    BillingDetails.objects.update(name="Another GmbH")

    answer = operator_client.post(address(organization), form, follow=True)

    assert (
        "Usage, prices or details have changed since you opened this page. Review the new preview."
    ) in answer.text
    assert not Invoice.objects.exists()


def test_missing_details_are_listed_with_links_to_their_fields(
    operator_client: Client, organization: Organization
) -> None:
    BillingDetails.objects.update(city="")
    Provider.objects.all().update(account_number="")

    page = operator_client.get(f"{address(organization)}?{OCTOBER}")

    labels = {each.label: each.address for each in page.context["missing"]}
    version = organization.billing_details.get().pk
    assert labels["City"].startswith(
        f"/organizations/{organization.pk}/billing/?version={version}&next="
    )
    assert labels["City"].endswith("#id_city")
    assert labels["Bank account (IBAN) (provider)"].startswith("/invoices/provider/?next=")
    assert "Issue 1 invoice" not in page.text


def test_a_period_that_is_not_over_is_refused(
    operator_client: Client, organization: Organization
) -> None:
    page = operator_client.get(f"{address(organization)}?from=2199-10-01&to=2199-10-31")

    assert "The period is not over yet" in page.text


def test_one_invoice_per_currency_is_shown_and_issued(
    operator_client: Client, provider: Provider
) -> None:
    organization = BilledOrganizationFactory.create()
    yen = TariffFactory.create(currency="JPY")
    TariffPriceFactory.create(tariff=yen, amount=Decimal(1000))
    BilledUseFactory.create(camera__organization=organization)
    BilledUseFactory.create(camera__organization=organization, tariff=yen)

    form = shown(operator_client, organization)
    answer = operator_client.post(address(organization), form)

    assert answer.url == f"/organizations/{organization.pk}/invoices/"  # type: ignore[attr-defined]
    assert set(Invoice.objects.values_list("currency", flat=True)) == {"EUR", "JPY"}
    again = operator_client.post(address(organization), form, follow=True)
    assert again.redirect_chain[-1][0] == answer.url  # type: ignore[attr-defined]
    assert "Already invoiced: INV-2026-000001, INV-2026-000002." in again.text


def test_without_a_valid_period_the_user_returns_to_usages(
    operator_client: Client, organization: Organization
) -> None:
    answer = operator_client.get(f"{address(organization)}?from=2026-10-31&to=2026-10-01")

    assert answer.url == f"/organizations/{organization.pk}/usages/"  # type: ignore[attr-defined]
