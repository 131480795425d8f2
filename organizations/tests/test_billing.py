"""The billing details of an organization."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db import IntegrityError
from django.test import Client

from accounts.models import User
from accounts.tests.factories import OwnerFactory
from foundation.web.versions import EditedByOthers, version_of
from organizations.billing.details import (
    BillingFields,
    DeliveryFields,
    EInvoiceFields,
    details_of,
    details_of_all,
)
from organizations.billing.operations import (
    DateTaken,
    DetailsGone,
    DetailsInForce,
    change_billing_details,
    stored_billing_details,
    withdraw_billing_details,
)
from organizations.models import BillingDetails, Organization
from organizations.tests.factories import BillingDetailsFactory, OrganizationFactory, a_tax

pytestmark = pytest.mark.django_db

ADDRESS: dict[str, str] = {
    "name": "Harbour Storage GmbH",
    "street": "5 Quay",
    "postal_code": "20457",
    "city": "Hamburg",
    "country": "DE",
    "tax_number": "DE123456788",
    "delivery_country": "",
}
# What details say about electronic invoices unless something is chosen.
PLAIN: EInvoiceFields = {
    "buyer_kind": "",
    "profile": "en16931",
    "endpoint": "",
    "endpoint_scheme": "",
    "legal_id": "",
    "legal_scheme": "",
    "buyer_reference": "",
    "order_reference": "",
    "contract_reference": "",
    "project_reference": "",
}
DELIVERY: DeliveryFields = {
    "billing_email": "accounts@harbour.example",
    "invoice_language": "ru",
    "attach_charges": True,
}
NOVEMBER = date(2026, 11, 1)
IN_OCTOBER = datetime(2026, 10, 20, 12, tzinfo=UTC)


@pytest.fixture
def harbour(db: None) -> Organization:
    return OrganizationFactory.create(title="Harbour")


def fields(**changed: Any) -> BillingFields:
    return {**PLAIN, **ADDRESS, "tax": a_tax(), **changed}  # type: ignore[typeddict-item]


def address(organization: Organization) -> str:
    return f"/organizations/{organization.pk}/billing/"


def entries(version: BillingDetails | None = None, **changed: Any) -> dict[str, Any]:
    """Return the values that the browser sends from a freshly opened page of Harbour."""
    harbour = Organization.objects.get(title="Harbour")
    first = version or harbour.billing_details.first()
    shown = version_of(stored_billing_details(harbour, first))
    return {
        **ADDRESS,
        **DELIVERY,
        "tax": a_tax().pk,
        "valid_from": (first and first.valid_from) or "",
        "details": first.pk if first else "",
        "version": shown,
        **changed,
    }


def stored() -> list[dict[str, Any]]:
    """Return the stored versions of Harbour, each with how its documents are sent."""
    harbour = Organization.objects.get(title="Harbour")
    versions = harbour.billing_details.select_related("tax")
    return [stored_billing_details(harbour, each) for each in versions]


def refused(client: Client, organization: Organization, **changed: Any) -> dict[str, list[str]]:
    """Save values that must be refused; return the errors by field."""
    before = stored()
    answer = client.post(address(organization), entries(**changed))
    assert answer.status_code == 200
    assert stored() == before
    errors: dict[str, list[str]] = answer.context["form"].errors
    return errors


# --- Changes -------------------------------------------------------------------------------------


def test_changes_the_billing_details(operator_client: Client, harbour: Organization) -> None:
    answer = operator_client.post(address(harbour), entries(), follow=True)

    assert stored() == [{**fields(), **DELIVERY}]
    assert answer.redirect_chain == [(f"/organizations/{harbour.pk}/", 302)]
    assert "The billing details of Harbour were saved." in answer.text


def test_shows_what_is_stored(operator_client: Client, harbour: Organization) -> None:
    BillingDetailsFactory.create(organization=harbour, **fields())

    page = operator_client.get(address(harbour)).text

    for value in ("Harbour Storage GmbH", "5 Quay", "20457", "Hamburg", "DE123456788"):
        assert f'value="{value}"' in page
    assert '<option value="DE" selected>Germany</option>' in page
    assert "selected>VAT 19 %</option>" in page


def test_missing_details_may_stay_empty(operator_client: Client, harbour: Organization) -> None:
    nothing = dict.fromkeys([*ADDRESS, "tax", "billing_email"], "")

    answer = operator_client.post(address(harbour), entries() | nothing)

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
    assert '<a class="alert-link" href="#id_city">City</a>' in page
    assert "#id_tax_number" not in page


# --- Dates ---------------------------------------------------------------------------------------


def test_another_date_adds_a_version_and_keeps_the_earlier_one(
    operator_client: Client, harbour: Organization
) -> None:
    first = BillingDetailsFactory.create(organization=harbour, **fields())

    operator_client.post(address(harbour), entries(first, city="Bremen", valid_from="2026-11-01"))

    read = details_of(harbour.pk)
    assert [(each.valid_from, each.city) for each in read.versions] == [
        (None, "Hamburg"),
        (NOVEMBER, "Bremen"),
    ]
    assert read.on(date(2026, 10, 31)).city == "Hamburg"
    assert read.on(NOVEMBER).city == "Bremen"


def test_the_same_date_corrects_a_version(operator_client: Client, harbour: Organization) -> None:
    BillingDetailsFactory.create(organization=harbour, **fields())
    later = BillingDetailsFactory.create(organization=harbour, valid_from=NOVEMBER, **fields())

    answer = operator_client.post(
        f"{address(harbour)}?version={later.pk}", entries(later, city="Bremen")
    )

    assert answer.status_code == 302
    assert [each["city"] for each in stored()] == ["Hamburg", "Bremen"]


def test_the_date_of_other_details_is_refused_on_its_field(
    operator_client: Client, harbour: Organization
) -> None:
    BillingDetailsFactory.create(organization=harbour, **fields())
    BillingDetailsFactory.create(organization=harbour, valid_from=NOVEMBER, **fields(city="Kiel"))

    errors = refused(operator_client, harbour, city="Bremen", valid_from="2026-11-01")

    assert list(errors) == ["valid_from"]
    assert errors["valid_from"] == [str(DateTaken.reason)]


def test_all_versions_are_listed_and_can_be_opened(
    operator_client: Client, harbour: Organization, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: IN_OCTOBER)
    days = [None, date(2026, 10, 1), NOVEMBER]
    made = [
        BillingDetailsFactory.create(organization=harbour, valid_from=day, **fields(city=f"C{n}"))
        for n, day in enumerate(days)
    ]

    page = operator_client.get(address(harbour))
    first = operator_client.get(address(harbour), {"version": made[0].pk})

    assert [(each.row.city, each.state) for each in page.context["versions"]] == [
        ("C2", "later"),
        ("C1", "now"),
        ("C0", "past"),
    ]
    assert page.context["form"].initial["city"] == "C1"
    assert first.context["form"].initial["city"] == "C0"
    assert page.text.count("Withdraw") == 1
    assert operator_client.get(address(harbour), {"version": 0}).status_code == 404


def test_details_that_do_not_apply_yet_can_be_withdrawn(
    operator_client: Client, harbour: Organization, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: IN_OCTOBER)
    first = BillingDetailsFactory.create(organization=harbour, **fields())
    later = BillingDetailsFactory.create(organization=harbour, valid_from=NOVEMBER, **fields())
    withdraw = f"{address(harbour)}{later.pk}/withdraw/"

    question = operator_client.get(withdraw)
    answer = operator_client.post(withdraw, follow=True)

    assert "Withdraw these billing details?" in question.text
    assert "The billing details have been withdrawn." in answer.text
    assert list(harbour.billing_details.all()) == [first]
    kept = operator_client.post(f"{address(harbour)}{first.pk}/withdraw/", follow=True)
    assert str(DetailsInForce.reason) in kept.text
    with pytest.raises(DetailsGone):
        withdraw_billing_details(pk=harbour.pk, version_id=later.pk, now=IN_OCTOBER)


def test_details_withdrawn_meanwhile_are_not_saved(
    operator_client: Client, harbour: Organization
) -> None:
    later = BillingDetailsFactory.create(organization=harbour, valid_from=NOVEMBER, **fields())
    opened = entries(later, city="Bremen")
    later.delete()

    answer = operator_client.post(address(harbour), opened, follow=True)

    assert str(DetailsGone.reason) in answer.text
    assert stored() == []


def test_the_database_refuses_two_versions_of_a_date(harbour: Organization) -> None:
    BillingDetailsFactory.create(organization=harbour)

    with pytest.raises(IntegrityError, match="organizations_billing_one_a_date"):
        BillingDetailsFactory.create(organization=harbour)


def test_a_new_organization_gets_the_default_tax(operator_client: Client) -> None:
    tax = a_tax(is_default=True)
    owner = OwnerFactory.create()

    operator_client.post(
        "/organizations/add/", {"title": "New", "owner": owner.email, "time_zone": "UTC"}
    )

    (details,) = Organization.objects.get(title="New").billing_details.all()
    assert (details.tax, details.valid_from, details.name) == (tax, None, "")


# --- Tax -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("category", "number", "message"),
    [
        ("AE", "", "A reverse charge requires a tax ID."),
        ("K", "", "An intra-EU supply requires a VAT number"),
        ("K", "12-3456789", "An intra-EU supply requires a VAT number"),
    ],
)
def test_some_taxes_need_a_tax_id(
    operator_client: Client, harbour: Organization, category: str, number: str, message: str
) -> None:
    errors = refused(operator_client, harbour, tax=a_tax(category).pk, tax_number=number)

    assert list(errors) == ["tax_number"]
    assert message in errors["tax_number"][0]


def test_a_deleted_tax_is_refused_on_its_field(
    operator_client: Client, harbour: Organization
) -> None:
    assert list(refused(operator_client, harbour, tax=0)) == ["tax"]


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
    operator_client.post(address(harbour), entries(tax_number=typed))

    assert stored()[0]["tax_number"] == kept


@pytest.mark.parametrize("typed", ["DE123456789", "FR1", "de", "XI12"])
def test_invalid_vat_numbers_are_refused(
    operator_client: Client, harbour: Organization, typed: str
) -> None:
    errors = refused(operator_client, harbour, tax_number=typed)

    assert f"“{typed}” is not a valid VAT number." in errors["tax_number"][0]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("country", "XX"),
        ("billing_email", "nowhere"),
        ("city", "Ham\nburg"),
        ("invoice_language", "xx"),
        ("valid_from", "1926-11-01"),
        ("valid_from", "soon"),
    ],
)
def test_invalid_values_are_refused(
    operator_client: Client, harbour: Organization, field: str, value: str
) -> None:
    assert list(refused(operator_client, harbour, **{field: value})) == [field]


# --- Permissions ---------------------------------------------------------------------------------


def test_support_may_read_but_not_change(support_client: Client, harbour: Organization) -> None:
    BillingDetailsFactory.create(organization=harbour, **fields())

    page = support_client.get(address(harbour)).text
    answer = support_client.post(address(harbour), entries(city="Bremen"))

    assert "Hamburg" in page
    assert "Germany" in page
    assert "VAT 19 %" in page
    assert "Save" not in page
    assert answer.status_code == 403
    assert stored()[0]["city"] == "Hamburg"


def test_an_owner_may_read_their_own(client: Client, harbour: Organization) -> None:
    BillingDetailsFactory.create(organization=harbour, **fields(street=""))
    BillingDetailsFactory.create(organization=harbour, valid_from=NOVEMBER, **fields(city="Kiel"))
    client.force_login(harbour.owner)

    page = client.get(address(harbour)).text

    assert "Hamburg" in page
    assert "To issue invoices, fill in these details first:" not in page
    assert "Withdraw" not in page
    assert client.post(address(harbour), entries()).status_code == 403


def test_another_owner_cannot_see_that_it_exists(client: Client, harbour: Organization) -> None:
    client.force_login(OwnerFactory.create())

    assert client.get(address(harbour)).status_code == 404


def test_details_of_another_organization_are_not_there(
    operator_client: Client, harbour: Organization
) -> None:
    other = BillingDetailsFactory.create(valid_from=date(2199, 1, 1))

    assert operator_client.get(address(harbour), {"version": other.pk}).status_code == 404
    assert operator_client.get(f"{address(harbour)}{other.pk}/withdraw/").status_code == 404


# --- Simultaneous edits --------------------------------------------------------------------------


def test_changes_made_by_another_since_are_shown(
    operator_client: Client, harbour: Organization
) -> None:
    BillingDetailsFactory.create(organization=harbour, **fields())
    Organization.objects.update(**DELIVERY)
    opened = entries()
    BillingDetails.objects.update(country="FR", tax=a_tax(percent=20))
    Organization.objects.update(invoice_language="en")

    answer = operator_client.post(address(harbour), opened)
    conflict = answer.context["conflict"]

    assert [(each.label, each.typed, each.stored) for each in conflict.differences] == [
        ("Country", "Germany", "France"),
        ("Tax", "VAT 19 %", "VAT 20 %"),
        ("Invoice language", "Русский", "English"),
    ]
    assert stored()[0]["country"] == "FR"
    again = operator_client.post(address(harbour), opened | {"version": conflict.version})
    assert again.status_code == 302
    assert stored() == [{**fields(), **DELIVERY}]


def test_a_first_version_stored_meanwhile_is_not_overwritten(
    operator_client: Client, harbour: Organization
) -> None:
    opened = entries()
    BillingDetailsFactory.create(organization=harbour, **fields(city="Kiel"))

    answer = operator_client.post(address(harbour), opened)

    assert [each.stored for each in answer.context["conflict"].differences] == ["Kiel"]
    assert [each["city"] for each in stored()] == ["Kiel"]


@pytest.mark.parametrize("day", ["", "2026-11-01"])
def test_the_same_form_sent_twice_is_not_a_conflict(
    operator_client: Client, harbour: Organization, day: str
) -> None:
    BillingDetailsFactory.create(organization=harbour, **fields())
    opened = entries(valid_from=day, city="Bremen")

    for _ in range(2):
        assert operator_client.post(address(harbour), opened).status_code == 302


def test_the_operation_changes_nothing_else(harbour: Organization) -> None:
    shown = version_of(stored_billing_details(harbour, None))
    Organization.objects.update(contract_number="K-1")
    values: dict[str, Any] = {
        "pk": harbour.pk,
        "version_id": None,
        "valid_from": None,
        "shown": shown,
        "delivery": DELIVERY,
    }

    change_billing_details(**values, **fields())

    harbour.refresh_from_db()
    assert (harbour.contract_number, stored()[0]["city"]) == ("K-1", "Hamburg")
    with pytest.raises(EditedByOthers):
        change_billing_details(**values, **fields(city="Bremen"))


# --- Reading, and history ------------------------------------------------------------------------


def test_required_details(harbour: Organization) -> None:
    def missing(**changed: Any) -> list[str]:
        BillingDetails.objects.all().delete()
        BillingDetailsFactory.create(organization=harbour, **fields(**changed))
        return details_of(harbour.pk).on(NOVEMBER).missing

    assert missing() == []
    assert missing(postal_code="", tax_number="") == []
    assert missing(street="", tax_number="", tax=a_tax("AE")) == ["street", "tax_number"]
    assert missing(tax_number="12-3456789", tax=a_tax("K")) == ["vat_number"]
    assert missing(tax_number="FR12345678901", tax=a_tax("K")) == []
    assert missing(tax_number="de 123456788", tax=a_tax("K")) == []
    assert missing(name="", street="", city="", country="", tax=None) == [
        "name",
        "street",
        "city",
        "country",
        "tax",
    ]


def test_all_at_once_reads_the_same_with_one_query(
    django_assert_num_queries: Any, harbour: Organization
) -> None:
    other, without = OrganizationFactory.create_batch(2)
    BillingDetailsFactory.create(organization=harbour, **fields())
    BillingDetailsFactory.create(organization=harbour, valid_from=NOVEMBER, tax=None)
    BillingDetailsFactory.create(organization=other, tax=a_tax("E", exemption_text="Art. 132"))
    a_tax().percents.create(percent=16, valid_from=date(2020, 7, 1))
    organizations = [harbour, other, without]

    with django_assert_num_queries(1):
        read = details_of_all(organizations)

    assert [read[each.pk] for each in organizations] == [details_of(o.pk) for o in organizations]
    assert [len(read[each.pk].versions) for each in organizations] == [2, 1, 0]


@pytest.mark.parametrize(("language", "country"), [("en", "Germany"), ("ru", "Германия")])
@pytest.mark.django_db(transaction=True)
def test_history_shows_details_in_words(
    operator_client: Client, harbour: Organization, operator: User, language: str, country: str
) -> None:
    operator_client.post(address(harbour), entries())
    operator_client.cookies["django_language"] = language

    answer = operator_client.get(f"/organizations/{harbour.pk}/history/")

    changes = answer.context["entries"][0].changes
    shown = {field.name: (field.before, field.after) for each in changes for field in each.fields}
    assert shown["country"] == (None, country)
    assert shown["invoice_language"] == ("English", "Русский")
    assert shown["attach_charges"] == (("no", "yes") if language == "en" else ("нет", "да"))
    assert shown["tax"] == (None, "VAT 19 %")
