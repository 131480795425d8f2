"""Tests of the tax of a small business without VAT, one choice among the categories."""

from __future__ import annotations

import pytest
from django.test import Client

from invoices.tests.factories import ProviderFactory
from organizations.countries import country_codes
from organizations.models import Tax
from organizations.taxes.small_business import exemption_in
from organizations.taxes.vatex import vatex_codes

NEW = {"name": "No VAT", "category": "small", "percent": "19", "valid_from": "2026-01-01"}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("country", "text", "code"),
    [
        ("DE", "Steuerfrei als Kleinunternehmer gemäß § 19 UStG", ""),
        ("AT", "Umsatzsteuerfrei gemäß § 6 Abs. 1 Z 27 UStG (Kleinunternehmerregelung)", ""),
        ("FR", "TVA non applicable, art. 293 B du CGI", "VATEX-FR-FRANCHISE"),
    ],
)
def test_the_choice_is_an_exemption_with_the_text_of_the_law(
    operator_client: Client, country: str, text: str, code: str
) -> None:
    ProviderFactory.create(country=country)

    page = operator_client.get("/taxes/add/").text
    operator_client.post("/taxes/add/", NEW)

    assert "Small business without VAT" in page
    assert text in page
    tax = Tax.objects.get()
    assert (tax.category, tax.exemption_text, tax.exemption_code) == ("E", text, code)
    assert not tax.percents.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("country", ["ES", "US", "RU"])
def test_it_is_not_offered_where_the_law_has_none(operator_client: Client, country: str) -> None:
    ProviderFactory.create(country=country)

    page = operator_client.get("/taxes/add/")
    answer = operator_client.post("/taxes/add/", NEW)

    assert "Small business" not in page.text
    assert "category" in answer.context["form"].errors
    assert not Tax.objects.exists()


def test_texts_fit_into_a_tax_and_codes_into_the_list() -> None:
    exemptions = list(filter(None, map(exemption_in, country_codes())))

    longest = Tax._meta.get_field("exemption_text").max_length
    assert longest is not None
    assert len({each.text for each in exemptions}) > 10
    assert all(0 < len(each.text) <= longest for each in exemptions)
    assert {each.code for each in exemptions} - {""} <= vatex_codes()
