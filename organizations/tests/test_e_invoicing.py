"""Tests of what billing details say about electronic invoices: profiles, ids, references."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from organizations.billing.details import details_of
from organizations.billing.forms import BillingForm
from organizations.billing.identifiers import (
    checked_buyer_reference,
    checked_identifier,
    endpoint_schemes,
    legal_schemes,
)
from organizations.billing.profiles import BuyerKind, Profile, proposed_profile
from organizations.models import BillingDetails, Organization
from organizations.tests.factories import BillingDetailsFactory, OrganizationFactory


@pytest.mark.parametrize(
    ("country", "kind", "profile"),
    [
        ("DE", BuyerKind.PUBLIC, Profile.XRECHNUNG_CII),
        ("DE", BuyerKind.COMPANY, Profile.FACTUR_X),
        ("FR", BuyerKind.PUBLIC, Profile.FACTUR_X),
        ("FR", BuyerKind.COMPANY, Profile.FACTUR_X),
        ("BE", BuyerKind.COMPANY, Profile.PEPPOL),
        ("AT", BuyerKind.PUBLIC, Profile.PEPPOL),
        ("AT", BuyerKind.COMPANY, Profile.EN16931),
        ("BE", BuyerKind.PERSON, Profile.EN16931),
        ("DE", BuyerKind.UNKNOWN, Profile.EN16931),
        ("US", BuyerKind.PUBLIC, Profile.EN16931),
        ("", BuyerKind.PUBLIC, Profile.EN16931),
    ],
)
def test_a_profile_is_proposed_by_country_and_kind(
    country: str, kind: BuyerKind, profile: Profile
) -> None:
    assert proposed_profile(country, kind) is profile


@pytest.mark.parametrize(
    ("scheme", "text", "stated"),
    [
        ("0204", "04011000-1234512345-06", "04011000-1234512345-06"),
        ("0208", "0403.170.701", "0403170701"),
        ("0088", "7300010000001", "7300010000001"),
        ("9930", "de 136 695 976", "DE136695976"),
        ("9933", "EL094259216", "EL094259216"),
        ("9944", "NL004495445B01", "NL004495445B01"),
        ("9957", "FR40303265045", "FR40303265045"),
        ("0002", "732 829 320", "732829320"),
        ("0009", "732 829 320 00074", "73282932000074"),
        ("0225", "732829320_SERVICE", "732829320_SERVICE"),
        ("0184", "DK13585628", "DK13585628"),
        ("0192", "988 077 917", "988077917"),
        ("0106", "12345678", "12345678"),
        ("0221", "T7000012050002", "T7000012050002"),
        ("EM", "invoices@example.org", "invoices@example.org"),
        # Without rules that are known, the code list alone decides.
        ("0215", "anything 1", "anything 1"),
    ],
)
def test_identifiers_are_stated_by_the_rules_of_their_scheme(
    scheme: str, text: str, stated: str
) -> None:
    assert checked_identifier(scheme, text) == stated


@pytest.mark.parametrize(
    ("scheme", "text"),
    [
        ("0204", "04011000-1234512345-07"),
        ("0208", "0403170702"),
        ("0088", "7300010000002"),
        ("0088", "73513537"),
        ("9930", "DE136695975"),
        ("9930", "136695976"),
        ("9933", "GR094259216"),
        ("0002", "732829321"),
        ("0225", "732829321"),
        ("0184", "13585629"),
        ("0192", "988077918"),
        ("0106", "1234567"),
        ("0221", "7000012050002"),
        ("EM", "nobody"),
    ],
)
def test_identifiers_with_wrong_check_digits_are_refused(scheme: str, text: str) -> None:
    with pytest.raises(ValidationError, match=f"scheme {scheme}"):
        checked_identifier(scheme, text)


def test_a_leitweg_id_as_a_reference_must_have_its_check_digits() -> None:
    assert checked_buyer_reference("991-03730-19") == "991-03730-19"
    assert checked_buyer_reference("Room 12") == "Room 12"
    with pytest.raises(ValidationError, match="Leitweg-ID"):
        checked_buyer_reference("991-03730-18")


def test_legal_ids_have_schemes_of_iso_6523() -> None:
    legal, all_of_them = dict(legal_schemes()), dict(endpoint_schemes())

    assert {"0002", "0106", "0184"} < {*legal}
    assert {"9930", "EM"} < {*all_of_them} - {*legal}


def form_for(**fields: str) -> BillingForm:
    organization = Organization(title="Harbour")
    data = {"country": "DE", "invoice_language": "en", **fields}
    return BillingForm(data, organization=organization, version=None)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"endpoint": "x"}, "endpoint_scheme"),
        ({"endpoint_scheme": "0204"}, "endpoint"),
        ({"endpoint_scheme": "0204", "endpoint": "991-03730-18"}, "endpoint"),
        ({"legal_scheme": "0002"}, "legal_id"),
        ({"legal_scheme": "0002", "legal_id": "732829321"}, "legal_id"),
        ({"profile": "xrechnung-ubl", "buyer_reference": "991-03730-18"}, "buyer_reference"),
    ],
)
def test_the_form_refuses_wrong_identifiers(fields: dict[str, str], field: str) -> None:
    form = form_for(**fields)

    assert not form.is_valid()
    assert {*form.errors} == {field}


@pytest.mark.django_db
def test_the_form_stores_identifiers_as_they_are_stated_and_the_proposed_profile() -> None:
    form = form_for(
        country="BE", buyer_kind="company", endpoint_scheme="0208", endpoint="0403.170.701"
    )

    assert form.is_valid(), form.errors
    assert form.billing_fields["profile"] == Profile.PEPPOL
    assert form.billing_fields["endpoint"] == "0403170701"


@pytest.mark.django_db
def test_a_chosen_profile_stays() -> None:
    form = form_for(country="BE", buyer_kind="company", profile="en16931")

    assert form.is_valid(), form.errors
    assert form.billing_fields["profile"] == Profile.EN16931


@pytest.mark.django_db
def test_details_are_read_with_what_electronic_invoices_state() -> None:
    values: dict[str, Any] = {
        "profile": "peppol",
        "endpoint": "0403170701",
        "endpoint_scheme": "0208",
        "legal_id": "0403170701",
        "legal_scheme": "0208",
        "buyer_reference": "B",
        "order_reference": "O",
        "contract_reference": "C",
        "project_reference": "P",
    }
    details = BillingDetailsFactory.create(**values)

    (read,) = details_of(details.organization_id).versions

    assert {name: getattr(read, name) for name in values} == values
    assert read.tax is not None


@pytest.mark.django_db
@pytest.mark.parametrize(
    "values",
    [
        {"endpoint": "x"},
        {"endpoint_scheme": "0204"},
        {"legal_scheme": "0002"},
        {"profile": "unknown"},
    ],
)
def test_the_database_refuses_details_that_do_not_belong_together(values: dict[str, str]) -> None:
    organization = OrganizationFactory.create()

    with pytest.raises(IntegrityError), transaction.atomic():
        BillingDetails.objects.create(organization=organization, **values)
