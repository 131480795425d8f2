"""Tests of where intra-EU supplies and exports go, which is checked before they are invoiced."""

from __future__ import annotations

import pytest
from django.test import Client

from invoices.documents import xml
from invoices.documents.issued import document_of
from invoices.issuing import refusals
from invoices.issuing.supply import wrong_deliveries
from invoices.models import Invoice
from invoices.provider.models import Provider
from invoices.tests.factories import BilledOrganizationFactory, BilledUseFactory, issued_invoice
from organizations.billing.details import details_of
from organizations.models import Organization, TaxCategory
from organizations.tax_ids import is_member_state, member_state_of
from organizations.tests.factories import a_tax

K, G = TaxCategory.INTRA_EU, TaxCategory.EXPORT
BERLIN = Provider(country="DE", tax_id="DE123456788")
# A company from Switzerland that is registered for VAT in Germany.
ZURICH = Provider(country="CH", tax_id="DE123456788")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("provider", "category", "country", "delivered", "wrong"),
    [
        (BERLIN, K, "FR", "", None),
        (BERLIN, K, "MC", "", None),
        (BERLIN, K, "DE", "", refusals.NotDeliveredToMember),
        (BERLIN, K, "DE", "FR", None),
        (BERLIN, K, "FR", "DE", refusals.NotDeliveredToMember),
        (BERLIN, K, "CH", "", refusals.NotDeliveredToMember),
        (BERLIN, K, "RE", "", refusals.NotDeliveredToMember),
        (ZURICH, K, "DE", "", refusals.NotDeliveredToMember),
        (ZURICH, K, "AT", "", None),
        (BERLIN, G, "CH", "", None),
        (BERLIN, G, "XK", "", None),
        (BERLIN, G, "FR", "", refusals.DeliveredInside),
        (BERLIN, G, "FR", "US", None),
        (BERLIN, G, "DE", "", refusals.DeliveredInside),
        (BERLIN, TaxCategory.STANDARD, "DE", "", None),
        (BERLIN, K, "", "", None),
        (Provider(), G, "FR", "", None),
    ],
)
def test_a_delivery_fits_its_tax(
    provider: Provider,
    category: TaxCategory,
    country: str,
    delivered: str,
    wrong: type[refusals.IssueRefusal] | None,
) -> None:
    organization = BilledOrganizationFactory.create(
        details__country=country, details__delivery_country=delivered
    )
    (details,) = details_of(organization.pk).versions

    found = list(wrong_deliveries(provider, details, {category}))

    assert [type(each) for each in found] == ([] if wrong is None else [wrong])


@pytest.mark.parametrize(
    ("tax_id", "country", "state"),
    [
        ("", "GR", "GR"),
        ("EL094259216", "GR", "GR"),
        ("", "MC", "FR"),
        ("FR53000002050", "RE", "FR"),
        ("", "RE", ""),
        ("", "GB", ""),
        ("DE123456788", "CH", "DE"),
        ("12/345/67890", "DE", "DE"),
        ("", "", ""),
    ],
)
def test_the_member_state_is_that_of_the_vat_number(tax_id: str, country: str, state: str) -> None:
    assert member_state_of(tax_id, country) == state


def test_northern_ireland_is_no_member_for_services() -> None:
    assert not is_member_state("XI")
    assert not is_member_state("GB")


def _organization(tax: TaxCategory, **details: str) -> Organization:
    own = {f"details__{name}": value for name, value in details.items()}
    organization: Organization = BilledOrganizationFactory.create(details__tax=a_tax(tax), **own)
    BilledUseFactory.create(camera__organization=organization)
    return organization


@pytest.mark.django_db
def test_a_wrong_delivery_is_named_with_the_field_before_issuing(operator_client: Client) -> None:
    issued_invoice()
    organization = _organization(G)

    page = operator_client.get(
        f"/organizations/{organization.pk}/invoices/issue/",
        {"from": "2026-10-01", "to": "2026-10-31"},
    )
    overview = operator_client.get(f"/organizations/{organization.pk}/")

    text = "An export leaves the European Union, but the country of delivery is Germany."
    assert text in page.text
    assert text in overview.text
    assert "#id_delivery_country" in overview.text


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("tax", "country", "number", "delivered", "stated"),
    [
        (K, "FR", "FR53000002050", "IT", "IT"),
        (K, "FR", "FR53000002050", "", "FR"),
        (G, "DE", "", "US", "US"),
    ],
)
def test_an_invoice_states_and_keeps_the_country_of_delivery(
    tax: TaxCategory, country: str, number: str, delivered: str, stated: str
) -> None:
    organization = _organization(
        tax, country=country, tax_number=number, delivery_country=delivered
    )

    invoice = issued_invoice(organization)
    organization.billing_details.update(delivery_country="JP")

    document = document_of(Invoice.objects.get(pk=invoice.pk))
    assert invoice.terms == {"delivery_country": stated}
    assert f"<ram:CountryID>{stated}</ram:CountryID>" in xml.cii(document).decode()


def test_refusals_are_recalled_with_their_country() -> None:
    for refusal in (
        refusals.NotDeliveredToMember(country="CH"),
        refusals.DeliveredInside(country="FR"),
    ):
        recalled = refusals.recall(refusal.name, refusal.details)
        assert str(recalled) == str(refusal)
