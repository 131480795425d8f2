"""Tests of the columns of an import that say how electronic invoices are stated."""

from typing import Any

import pytest

from organizations.imports.tests.test_operation import counts, import_lines, refused
from organizations.models import BillingDetails
from organizations.tests.factories import a_tax

pytestmark = pytest.mark.django_db

BELGIAN = {
    "title": "Harbour Storage",
    "owner": "jo@example.com",
    "country": "BE",
    "buyer_kind": "company",
    "electronic_address": "0403.170.701",
    # As a spreadsheet leaves it.
    "electronic_address_scheme": "208",
    "legal_id": "403170701",
    "buyer_reference": "B-1",
    "purchase_order": "PO-1",
    "buyers_contract": "K-1",
    "project": "Quay",
}


@pytest.fixture(autouse=True)
def _a_tax() -> None:
    a_tax(percent=19)


def stored() -> BillingDetails:
    return BillingDetails.objects.get()


def test_a_new_organization_gets_the_proposed_profile() -> None:
    assert counts(import_lines(BELGIAN)) == (1, 0, 0)

    details = stored()
    assert (details.buyer_kind, details.profile) == ("company", "peppol")
    assert (details.endpoint_scheme, details.endpoint) == ("0208", "0403170701")
    assert (details.legal_scheme, details.legal_id) == ("", "403170701")
    assert details.buyer_reference == "B-1"
    assert details.order_reference == "PO-1"
    assert details.contract_reference == "K-1"
    assert details.project_reference == "Quay"
    # The same file again changes nothing.
    assert counts(import_lines(BELGIAN)) == (0, 0, 1)


def test_a_chosen_profile_is_kept_and_can_be_changed_by_name() -> None:
    import_lines(BELGIAN | {"e_invoice_form": "EN 16931"})
    assert stored().profile == "en16931"

    line = {"title": "Harbour Storage", "e_invoice_form": "xrechnung 3.0 (ubl)"}
    assert counts(import_lines(line)) == (0, 1, 0)
    assert stored().profile == "xrechnung-ubl"


def test_hyphens_remove_references_and_identifiers() -> None:
    import_lines(BELGIAN)

    names = ("electronic_address", "electronic_address_scheme", "purchase_order", "buyer_kind")
    import_lines({"title": "Harbour Storage", **dict.fromkeys(names, "-")})

    details = stored()
    assert (details.endpoint, details.endpoint_scheme) == ("", "")
    assert (details.order_reference, details.buyer_kind) == ("", "")
    assert details.project_reference == "Quay"


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"e_invoice_form": "paper"}, "e_invoice_form: “paper” cannot be chosen here."),
        ({"electronic_address_scheme": "1234"}, "electronic_address_scheme: “1234” cannot"),
        ({"electronic_address": "0403170702"}, "electronic_address: “0403170702” is not a valid"),
        ({"electronic_address_scheme": ""}, "electronic_address_scheme: Choose the scheme"),
        (
            {"e_invoice_form": "xrechnung-cii", "buyer_reference": "991-03730-18"},
            "buyer_reference: “991-03730-18” is not a valid Leitweg-ID",
        ),
    ],
)
def test_a_wrong_value_refuses_the_file(values: dict[str, Any], reason: str) -> None:
    ((line, text),) = refused(BELGIAN | values)

    assert line == 2
    assert text.startswith(reason)
