"""The billing details of an organization."""

from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError
from django.test import Client
from django.utils.translation import override

from accounts.models import User
from accounts.tests.factories import OwnerFactory
from foundation.web.versions import EditedByOthers, version_of
from organizations.billing import BillingDetails, missing_billing_details, stored_billing_details
from organizations.billing_operations import change_billing_details
from organizations.models import Organization, TaxCategory
from organizations.tests.factories import OrganizationFactory

pytestmark = pytest.mark.django_db

DETAILS: BillingDetails = {
    "billing_name": "Harbour Storage GmbH",
    "billing_street": "5 Quay",
    "billing_postal_code": "20457",
    "billing_city": "Hamburg",
    "billing_country": "DE",
    "billing_tax_id": "DE123456788",
    "billing_email": "accounts@harbour.example",
    "tax_category": TaxCategory.STANDARD,
    "tax_rate": Decimal("19.00"),
    "invoice_language": "ru",
}


@pytest.fixture
def harbour(db: None) -> Organization:
    return OrganizationFactory.create(title="Harbour")


def address(organization: Organization) -> str:
    return f"/organizations/{organization.pk}/billing/"


def entries(**fields: Any) -> dict[str, Any]:
    """Return the values that the browser sends from a freshly opened page of Harbour."""
    shown = version_of(stored_billing_details(Organization.objects.get(title="Harbour")))
    return {**DETAILS, "tax_rate": "19", "version": shown, **fields}


def stored() -> dict[str, Any]:
    return stored_billing_details(Organization.objects.get(title="Harbour"))


def refused(client: Client, organization: Organization, **fields: Any) -> dict[str, list[str]]:
    """Save values that must be refused; return the errors by field."""
    before = stored()
    answer = client.post(address(organization), entries(**fields))
    assert answer.status_code == 200
    assert stored() == before
    errors: dict[str, list[str]] = answer.context["form"].errors
    return errors


# --- Changes -------------------------------------------------------------------------------------


def test_changes_the_billing_details(operator_client: Client, harbour: Organization) -> None:
    answer = operator_client.post(address(harbour), entries(), follow=True)

    assert stored() == DETAILS
    assert answer.redirect_chain == [("/organizations/", 302)]
    assert "The billing details of Harbour were saved." in answer.text


def test_shows_what_is_stored(operator_client: Client) -> None:
    organization = OrganizationFactory.create(**DETAILS)

    page = operator_client.get(address(organization)).text

    for value in ("Harbour Storage GmbH", "5 Quay", "20457", "Hamburg", "DE123456788", "19.00"):
        assert f'value="{value}"' in page
    assert '<option value="DE" selected>Germany</option>' in page


def test_missing_details_may_stay_empty(operator_client: Client, harbour: Organization) -> None:
    nothing = dict.fromkeys(BillingDetails.__annotations__, "") | {"invoice_language": "en"}

    answer = operator_client.post(address(harbour), entries(**nothing))

    assert answer.status_code == 302


def test_redirects_to_the_page_it_was_opened_from(
    operator_client: Client, harbour: Organization
) -> None:
    back = f"/organizations/{harbour.pk}/usages/?from=2026-10-01&to=2026-10-31"

    shown = operator_client.get(address(harbour), {"next": back})
    answer = operator_client.post(address(harbour), entries(next=back))

    assert shown.context["way_back"] == back
    assert answer.headers["Location"] == back


def test_names_the_details_that_invoices_still_need(
    operator_client: Client, harbour: Organization
) -> None:
    page = operator_client.get(address(harbour)).text

    assert "To issue invoices, fill in these details first:" in page
    assert '<a class="alert-link" href="#id_billing_city">City</a>' in page
    assert "#id_billing_tax_id" not in page


# --- Tax -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("category", [each for each in TaxCategory.values if each != "S"])
@pytest.mark.parametrize("rate", ["19", "-1", "much"])
def test_a_rate_left_in_the_hidden_field_is_dropped(
    operator_client: Client, harbour: Organization, category: str, rate: str
) -> None:
    operator_client.post(address(harbour), entries(tax_category=category, tax_rate=rate))

    assert (stored()["tax_category"], stored()["tax_rate"]) == (category, None)


@pytest.mark.parametrize("rate", ["", "0", "-1", "100.01", "0.001", "NaN", "much"])
def test_the_standard_category_needs_a_rate(
    operator_client: Client, harbour: Organization, rate: str
) -> None:
    assert list(refused(operator_client, harbour, tax_rate=rate)) == ["tax_rate"]


def test_a_rate_uses_the_number_format_of_the_language(
    operator_client: Client, harbour: Organization, operator: User
) -> None:
    User.objects.filter(pk=operator.pk).update(language="ru")

    operator_client.post(address(harbour), entries(tax_rate="7,7"))

    assert stored()["tax_rate"] == Decimal("7.70")


def test_a_reverse_charge_needs_a_tax_id(operator_client: Client, harbour: Organization) -> None:
    errors = refused(operator_client, harbour, tax_category="AE", billing_tax_id="")

    assert list(errors) == ["billing_tax_id"]
    assert (
        "A reverse charge requires a tax ID. Enter it or choose another tax."
        in errors["billing_tax_id"][0]
    )


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("de 123 456 788", "DE123456788"),
        ("EL 123456783", "EL123456783"),
        ("IE6388047V", "IE6388047V"),
        ("12-3456789", "12-3456789"),
        ("ИНН 7707083893", "ИНН 7707083893"),
        ("29ABCDE1234F1Z5", "29ABCDE1234F1Z5"),
        ("CHE-123.456.788 MWST", "CHE-123.456.788 MWST"),
    ],
)
def test_tax_ids_that_are_accepted(
    operator_client: Client, harbour: Organization, typed: str, kept: str
) -> None:
    operator_client.post(address(harbour), entries(billing_tax_id=typed))

    assert stored()["billing_tax_id"] == kept


@pytest.mark.parametrize("typed", ["DE123456789", "FR1", "de", "XI12"])
def test_invalid_vat_numbers_are_refused(
    operator_client: Client, harbour: Organization, typed: str
) -> None:
    errors = refused(operator_client, harbour, billing_tax_id=typed)

    assert f"“{typed}” is not a valid VAT number." in errors["billing_tax_id"][0]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("billing_country", "XX"),
        ("billing_email", "nowhere"),
        ("billing_city", "Ham\nburg"),
        ("tax_category", "?"),
        ("invoice_language", "xx"),
    ],
)
def test_invalid_values_are_refused(
    operator_client: Client, harbour: Organization, field: str, value: str
) -> None:
    assert list(refused(operator_client, harbour, **{field: value})) == [field]


def test_the_database_refuses_a_rate_outside_the_standard_category(harbour: Organization) -> None:
    with pytest.raises(IntegrityError, match="organizations_tax_rate_of_standard"):
        Organization.objects.update(tax_category=TaxCategory.ZERO, tax_rate=19)


# --- Permissions ---------------------------------------------------------------------------------


def test_support_may_read_but_not_change(support_client: Client, harbour: Organization) -> None:
    Organization.objects.update(**DETAILS)

    page = support_client.get(address(harbour)).text
    answer = support_client.post(address(harbour), entries(billing_city="Bremen"))

    assert "Hamburg" in page
    assert "Germany" in page
    assert "Standard rate" in page
    assert "Save" not in page
    assert answer.status_code == 403
    assert stored()["billing_city"] == "Hamburg"


def test_an_owner_may_read_their_own(client: Client, harbour: Organization) -> None:
    Organization.objects.update(**DETAILS)
    client.force_login(harbour.owner)

    page = client.get(address(harbour)).text

    assert "Hamburg" in page
    assert "To issue invoices, fill in these details first:" not in page
    assert client.post(address(harbour), entries()).status_code == 403


def test_another_owner_cannot_see_that_it_exists(client: Client, harbour: Organization) -> None:
    client.force_login(OwnerFactory.create())

    assert client.get(address(harbour)).status_code == 404


# --- Simultaneous edits --------------------------------------------------------------------------


def test_changes_made_by_another_since_are_shown(
    operator_client: Client, harbour: Organization
) -> None:
    opened = entries()
    Organization.objects.update(billing_country="FR", tax_category="S", tax_rate=20)

    answer = operator_client.post(address(harbour), opened)
    conflict = answer.context["conflict"]

    assert [(each.label, each.typed, each.stored) for each in conflict.differences] == [
        ("Country", "Germany", "France"),
        ("Tax rate, %", "19.00", "20.00"),
    ]
    assert stored()["billing_country"] == "FR"
    again = operator_client.post(address(harbour), opened | {"version": conflict.version})
    assert again.status_code == 302
    assert stored() == DETAILS


def test_the_same_form_sent_twice_is_not_a_conflict(
    operator_client: Client, harbour: Organization
) -> None:
    opened = entries()

    for _ in range(2):
        assert operator_client.post(address(harbour), opened).status_code == 302


def test_the_operation_changes_nothing_else(harbour: Organization) -> None:
    shown = version_of(stored())
    Organization.objects.update(title="Harbour", contract_number="K-1")

    change_billing_details(pk=harbour.pk, shown=shown, **DETAILS)

    harbour.refresh_from_db()
    assert (harbour.contract_number, harbour.billing_city) == ("K-1", "Hamburg")
    bremen: BillingDetails = {**DETAILS, "billing_city": "Bremen"}
    with pytest.raises(EditedByOthers):
        change_billing_details(pk=harbour.pk, shown=shown, **bremen)


# --- Missing details, and history ----------------------------------------------------------------


def test_required_details() -> None:
    organization = Organization(**DETAILS)
    assert missing_billing_details(organization) == []

    organization.billing_postal_code = organization.billing_email = ""
    organization.billing_tax_id = organization.billing_street = ""
    organization.tax_category = TaxCategory.REVERSE_CHARGE
    assert missing_billing_details(organization) == ["billing_street", "billing_tax_id"]

    assert missing_billing_details(Organization()) == [
        "billing_name",
        "billing_street",
        "billing_city",
        "billing_country",
        "tax_category",
    ]


@pytest.mark.parametrize(("language", "country"), [("en", "Germany"), ("ru", "Германия")])
@pytest.mark.django_db(transaction=True)
def test_history_shows_details_in_words(
    operator_client: Client, harbour: Organization, language: str, country: str
) -> None:
    operator_client.post(address(harbour), entries())
    operator_client.cookies["django_language"] = language

    answer = operator_client.get(f"/organizations/{harbour.pk}/history/")

    shown = {
        field.name: (field.before, field.after)
        for change in answer.context["entries"][0].changes
        for field in change.fields
    }
    assert shown["billing_country"] == (None, country)
    assert shown["invoice_language"] == ("English", "Русский")
    with override(language):
        assert shown["tax_category"] == (None, str(TaxCategory.STANDARD.label))
