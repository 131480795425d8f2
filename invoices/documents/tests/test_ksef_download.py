"""Tests of the XML for KSeF on the page of an invoice."""

from typing import Any

import pytest
from django.test import Client
from lxml import etree

from invoices.documents.fa3 import NAMESPACE
from invoices.documents.tests.test_fa3 import schema
from invoices.tests.factories import (
    BilledOrganizationFactory,
    BilledUseFactory,
    ProviderFactory,
    issued_invoice,
)
from organizations.tests.factories import a_tax
from tariffs.tests.factories import TariffFactory

pytestmark = pytest.mark.django_db

IN_POLAND: dict[str, Any] = {
    "name": "Strażnica sp. z o.o.",
    "country": "PL",
    "city": "Gdańsk",
    "tax_id": "PL5261040828",
}


def test_an_invoice_in_zloty_of_a_polish_seller_is_offered_as_fa3(operator_client: Client) -> None:
    ProviderFactory.create(**IN_POLAND)
    tax = a_tax(percent=23)
    organization = BilledOrganizationFactory.create(details__tax=tax)
    tariff = TariffFactory.create(currency="PLN")
    BilledUseFactory.create(camera__organization=organization, tariff=tariff)
    invoice = issued_invoice(organization)

    page = operator_client.get(f"/invoices/{invoice.pk}/")
    answer = operator_client.get(f"/invoices/{invoice.pk}.fa3.xml")

    assert f'href="/invoices/{invoice.pk}.fa3.xml"' in page.text
    assert answer["Content-Disposition"] == f'attachment; filename="{invoice.number}.fa3.xml"'
    root = etree.fromstring(answer.content)
    schema().assertValid(root)
    (number,) = root.iter(f"{{{NAMESPACE}}}P_2")
    assert number.text == invoice.number


def test_a_polish_seller_is_told_why_there_is_none(
    operator_client: Client,
) -> None:
    ProviderFactory.create(**IN_POLAND)
    invoice = issued_invoice()

    page = operator_client.get(f"/invoices/{invoice.pk}/")

    assert "There is no XML for KSeF. Polish law has no such tax rate" in page.text
    assert operator_client.get(f"/invoices/{invoice.pk}.fa3.xml").status_code == 404


def test_other_sellers_have_nothing_of_it(operator_client: Client) -> None:
    invoice = issued_invoice()

    page = operator_client.get(f"/invoices/{invoice.pk}/")

    assert "KSeF" not in page.text
    assert operator_client.get(f"/invoices/{invoice.pk}.fa3.xml").status_code == 404
