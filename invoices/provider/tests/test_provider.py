"""Tests of the provider's details."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any, cast

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connections, transaction
from django.test import Client

from accounts.tests.factories import OwnerFactory
from foundation.web.versions import EditedByOthers, version_of
from invoices.documents.tests.pictures import png, svg
from invoices.issuing import operations
from invoices.provider.logos import checked_logo
from invoices.provider.models import Logo, Provider
from invoices.provider.operations import ProviderDetails, change_provider, stored_provider_details
from invoices.provider.parties import provider_details
from invoices.tests.factories import IN_NOVEMBER, ProviderFactory, issued_invoice
from organizations.models import BillingDetails
from tariffs.tests.test_operations_concurrency import wait_until_blocked

pytestmark = pytest.mark.django_db

ADDRESS = "/invoices/provider/"
DETAILS: dict[str, Any] = {
    "name": "Watchful Ltd",
    "street": "1 Harbour Road",
    "postal_code": "10115",
    "city": "Berlin",
    "country": "DE",
    "tax_id": "DE123456788",
    "email": "billing@watchful.example",
    "account_number": "DE02120300000000202051",
    "bic": "BYLADEM1001",
    "bank": "Demo Bank",
    "correspondent_account": "",
    "invoice_prefix": "INV",
    "credit_note_prefix": "CN",
    "days_to_pay": 14,
    "product_name": "",
    "charges_suspended": False,
    "uses_credit": False,
    "accounting_currency": "EUR",
    "rate_date": "issued",
    "rate_days": 7,
}


def stored() -> dict[str, Any]:
    return stored_provider_details(provider_details())


def entries(**fields: Any) -> dict[str, Any]:
    """Return the form data that a browser sends for a page opened now."""
    return {**DETAILS, "version": version_of(stored()), **fields}


def file(content: bytes, name: str = "logo.png") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def refused(client: Client, **fields: Any) -> dict[str, list[str]]:
    """Submit invalid values and check that nothing changes; return the errors by field."""
    before = stored()
    answer = client.post(ADDRESS, entries(**fields))
    assert answer.status_code == 200
    assert stored() == before
    errors: dict[str, list[str]] = answer.context["form"].errors
    return errors


# --- Changing the details ------------------------------------------------------------------------


def test_the_first_save_creates_the_provider(operator_client: Client) -> None:
    operator_client.get(ADDRESS)
    assert not Provider.objects.exists()

    answer = operator_client.post(ADDRESS, entries(), follow=True)

    assert stored() == {**DETAILS, "logo": None}
    assert answer.redirect_chain == [(ADDRESS, 302)]
    assert "The provider details were saved." in answer.text
    assert Provider.objects.get().pk == 1


def test_the_page_shows_and_changes_the_stored_details(operator_client: Client) -> None:
    ProviderFactory.create(**DETAILS)

    page = operator_client.get(ADDRESS).text
    operator_client.post(ADDRESS, entries(city="Potsdam", days_to_pay="0"))

    for value in ("Watchful Ltd", "DE123456788", "DE02120300000000202051", "INV", "14"):
        assert f'value="{value}"' in page
    assert '<option value="DE" selected>Germany</option>' in page
    assert stored() == {**DETAILS, "city": "Potsdam", "days_to_pay": 0, "logo": None}


def test_saving_returns_to_the_page_that_linked_here(operator_client: Client) -> None:
    back = "/organizations/1/invoices/issue/?from=2026-10-01&to=2026-10-31"

    answer = operator_client.post(ADDRESS, entries(next=back))

    assert answer.headers["Location"] == back


@pytest.mark.parametrize(
    ("field", "typed", "saved"),
    [
        ("account_number", "de02 1203 0000 0000 2020 51", "DE02120300000000202051"),
        ("account_number", "40817810099910004312", "40817810099910004312"),
        ("account_number", "12-3456789", "12-3456789"),
        ("account_number", "12-34-56 12345678", "12-34-56 12345678"),
        ("bic", "byladem1001", "BYLADEM1001"),
        ("bic", "", ""),
        ("tax_id", "DE 123 456 788", "DE123456788"),
        ("tax_id", "7707083893", "7707083893"),
        ("invoice_prefix", "r/26", "R/26"),
        ("days_to_pay", "365", 365),
    ],
)
def test_valid_values_are_saved(
    operator_client: Client, field: str, typed: str, saved: object
) -> None:
    operator_client.post(ADDRESS, entries(**{field: typed}))

    assert stored()[field] == saved


def test_invoices_and_credit_notes_cannot_use_the_same_prefix(operator_client: Client) -> None:
    ProviderFactory.create(**DETAILS)
    invoice = issued_invoice()

    errors = refused(operator_client, invoice_prefix="RE", credit_note_prefix="INV")
    assert (
        "The other kind of document already uses this prefix. Choose another."
        in errors["credit_note_prefix"][0]
    )

    operations.cancel(invoice_id=invoice.pk, now=IN_NOVEMBER, by=None)
    errors = refused(operator_client, invoice_prefix="CN", credit_note_prefix="INV")
    assert {*errors} == {"invoice_prefix", "credit_note_prefix"}

    operator_client.post(ADDRESS, entries(invoice_prefix="INV-2026", credit_note_prefix="C"))
    assert stored()["invoice_prefix"] == "INV-2026"


@pytest.mark.parametrize(
    ("account", "bik"),
    [
        # The examples in the rule of the Bank of Russia.
        ("40602810700000000025", "049805746"),
        ("30101810800000000746", "049805000"),
        ("40702810900000002851", "044030827"),
    ],
)
def test_a_russian_account_is_saved_with_its_bik(
    operator_client: Client, account: str, bik: str
) -> None:
    operator_client.post(ADDRESS, entries(account_number=account, bic=bik))

    assert (stored()["account_number"], stored()["bic"]) == (account, bik)


@pytest.mark.parametrize(
    ("account", "bik"),
    [
        ("40602810700000000026", "049805746"),
        ("40602810700000000025", "049805747"),
        ("4060281070000000002", "049805746"),
        ("DE02120300000000202051", "049805746"),
    ],
)
def test_an_account_that_does_not_match_the_bik_is_refused(
    operator_client: Client, account: str, bik: str
) -> None:
    errors = refused(operator_client, account_number=account, bic=bik)

    assert (
        "This account number does not match the BIK. It must have 20 digits. Check both numbers."
    ) in errors["account_number"][0]


RUSSIAN = {"account_number": "40602810700000000025", "bic": "049805746"}


def test_the_correspondent_account_of_a_russian_bank_is_saved(operator_client: Client) -> None:
    correspondent = "30101810800000000746"

    operator_client.post(ADDRESS, entries(**RUSSIAN, correspondent_account=correspondent))

    assert stored()["correspondent_account"] == correspondent


@pytest.mark.parametrize(
    ("correspondent", "bank"),
    [
        # A wrong digit, another bank, too short, and not one at the central bank.
        ("30101810600000000746", RUSSIAN),
        ("30101810400000000225", RUSSIAN),
        ("3010181080000000746", RUSSIAN),
        ("40602810700000000746", RUSSIAN),
        ("30101810800000000746", {}),
    ],
)
def test_a_correspondent_account_of_another_bank_is_refused(
    operator_client: Client, correspondent: str, bank: dict[str, str]
) -> None:
    errors = refused(operator_client, **bank, correspondent_account=correspondent)

    assert "This is not the correspondent account" in errors["correspondent_account"][0]


@pytest.mark.parametrize(
    ("field", "typed", "message"),
    [
        ("name", "", "required"),
        ("account_number", "DE02120300000000202052", "This IBAN is not valid."),
        ("account_number", "XX02120300000000202051", "This IBAN is not valid."),
        ("account_number", "DE0212030000000020205", "This IBAN is not valid."),
        ("account_number", "see below", "This IBAN is not valid."),
        (
            "account_number",
            "1/",
            (
                "Enter an IBAN or, if your bank does not use IBANs, the digits of "
                "the account number."
            ),
        ),
        (
            "account_number",
            "٣٤٥",
            (
                "Enter an IBAN or, if your bank does not use IBANs, the digits of "
                "the account number."
            ),
        ),
        (
            "bic",
            "BYLADE",
            (
                "This BIC is not valid. A BIC has 8 or 11 letters and digits, for "
                "example BYLADEM1001. A Russian BIK has 9 digits."
            ),
        ),
        (
            "bic",
            "12345678",
            (
                "This BIC is not valid. A BIC has 8 or 11 letters and digits, for "
                "example BYLADEM1001. A Russian BIK has 9 digits."
            ),
        ),
        (
            "bic",
            "04980574",
            (
                "This BIC is not valid. A BIC has 8 or 11 letters and digits, for "
                "example BYLADEM1001. A Russian BIK has 9 digits."
            ),
        ),
        (
            "tax_id",
            "DE123456789",
            (
                "” is not a valid VAT number. Check it against the company’s "
                "documents. If it is another kind of tax ID, enter it without “"
            ),
        ),
        ("country", "XX", "valid choice"),
        ("email", "nowhere", "valid email"),
        ("invoice_prefix", "RE 1", "Use only A–Z, 0–9, / and -, and start with a letter or digit."),
        ("invoice_prefix", "-1", "Use only A–Z, 0–9, / and -, and start with a letter or digit."),
        ("credit_note_prefix", "inv", "different prefixes"),
        ("days_to_pay", "366", "365"),
        ("days_to_pay", "-1", "0"),
        ("city", "Ber\nlin", "Enter a single line without control characters."),
    ],
)
def test_invalid_values_are_refused(
    operator_client: Client, field: str, typed: str, message: str
) -> None:
    errors = refused(operator_client, **{field: typed})

    assert list(errors) == [field]
    assert message in errors[field][0]


# --- The logo ------------------------------------------------------------------------------------


def test_a_logo_is_stored_once_and_shown(operator_client: Client, owner_client: Client) -> None:
    for city in ("Berlin", "Potsdam"):
        operator_client.post(ADDRESS, entries(city=city, logo=file(png(40, 20))))

    page, picture = operator_client.get(ADDRESS).text, owner_client.get(f"{ADDRESS}logo/")

    assert Logo.objects.count() == 1
    assert f'src="{ADDRESS}logo/"' in page
    assert (picture.content, picture["Content-Type"]) == (png(40, 20), "image/png")
    assert picture["X-Content-Type-Options"] == "nosniff"
    assert "default-src 'none'" in picture["Content-Security-Policy"]
    assert "script-src" not in picture["Content-Security-Policy"]


def test_saving_without_a_file_does_not_change_the_logo(operator_client: Client) -> None:
    operator_client.post(ADDRESS, entries(logo=file(png(40, 20))))

    operator_client.post(ADDRESS, entries(city="Potsdam"))

    assert stored()["logo"] == Logo.objects.get()


def test_a_logo_is_removed(operator_client: Client) -> None:
    assert 'name="remove_logo"' not in operator_client.get(ADDRESS).text
    operator_client.post(ADDRESS, entries(logo=file(svg(""), "logo.svg")))
    assert 'name="remove_logo"' in operator_client.get(ADDRESS).text

    operator_client.post(ADDRESS, entries(remove_logo="on"))

    assert stored()["logo"] is None
    assert operator_client.get(f"{ADDRESS}logo/").status_code == 404


def test_a_file_that_is_not_an_image_is_refused(operator_client: Client) -> None:
    errors = refused(operator_client, logo=file(b"no picture"))

    assert errors == {"logo": ["Choose a PNG, JPEG or SVG image."]}
    assert not Logo.objects.exists()


# --- Access --------------------------------------------------------------------------------------


def test_support_can_only_read(support_client: Client) -> None:
    ProviderFactory.create(logo=Logo.objects.create(pk="a" * 64, content=svg("")))

    page = support_client.get(ADDRESS).text

    for text in ("Watchful Ltd", "Germany", "DE02120300000000202051", f'src="{ADDRESS}logo/"'):
        assert text in page
    assert "Save" not in page
    assert support_client.post(ADDRESS, entries(city="Potsdam")).status_code == 403
    assert stored()["city"] == "Berlin"


def test_support_can_open_the_page_before_anything_is_stored(support_client: Client) -> None:
    assert support_client.get(ADDRESS).status_code == 200
    assert support_client.get(f"{ADDRESS}history/").status_code == 404


def test_owners_cannot_see_the_provider(owner_client: Client) -> None:
    assert owner_client.get(ADDRESS).status_code == 403
    assert owner_client.get(f"{ADDRESS}history/").status_code == 403


# --- Concurrent changes --------------------------------------------------------------------------


def test_a_conflict_with_another_persons_changes_is_shown(operator_client: Client) -> None:
    ProviderFactory.create(**DETAILS)
    opened = entries(logo=file(png(40, 20)))
    other = Logo.objects.create(pk="a" * 64, content=svg(""))
    Provider.objects.update(country="FR", logo=other)

    answer = operator_client.post(ADDRESS, opened)

    own = checked_logo(png(40, 20))
    conflict = answer.context["conflict"]
    assert [(each.label, each.typed, each.stored) for each in conflict.differences] == [
        ("Country", "Germany", "France"),
        ("Logo", f"image {own.pk[:8]}", "image aaaaaaaa"),
    ]
    assert stored()["logo"] == other


def test_another_persons_new_logo_does_not_conflict_with_other_fields(
    operator_client: Client,
) -> None:
    ProviderFactory.create(**DETAILS)
    opened = entries(city="Potsdam")
    logo = Logo.objects.create(pk="a" * 64, content=svg(""))
    Provider.objects.update(logo=logo)

    assert operator_client.post(ADDRESS, opened).status_code == 302
    assert (stored()["city"], stored()["logo"]) == ("Potsdam", logo)


@pytest.mark.django_db(transaction=True)
def test_the_second_of_two_concurrent_first_saves_is_refused() -> None:
    shown = version_of(stored())

    def save(city: str) -> None:
        try:
            change_provider(shown=shown, **cast(ProviderDetails, {**DETAILS, "city": city}))
        finally:
            if city == "Potsdam":
                connections.close_all()

    with ThreadPoolExecutor(1) as background:
        with transaction.atomic():
            save("Berlin")
            later = background.submit(save, "Potsdam")
            wait_until_blocked(later)
        with pytest.raises(EditedByOthers):
            later.result()

    assert Provider.objects.get().city == "Berlin"


# --- History -------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_the_history_shows_the_changes(operator_client: Client) -> None:
    operator_client.post(ADDRESS, entries(logo=file(png(40, 20))))
    operator_client.post(ADDRESS, entries(country="FR", remove_logo="on"))

    answer = operator_client.get(f"{ADDRESS}history/")

    newest = answer.context["entries"][0]
    assert [(each.label, each.before, each.after) for each in newest.changes[0].fields] == [
        ("Country", "Germany", "France"),
        ("Logo", f"image {Logo.objects.get().pk[:8]}", None),
    ]
    assert f'href="{ADDRESS}history/"' in operator_client.get(ADDRESS).text


# --- New organizations ---------------------------------------------------------------------------


def test_a_new_organization_is_billed_in_the_country_of_the_provider(
    operator_client: Client,
) -> None:
    ProviderFactory.create(country="AT")
    owner = OwnerFactory.create()

    answer = operator_client.post(
        "/organizations/add/",
        {"title": "New", "owner": owner.email, "time_zone": "UTC"},
        follow=True,
    )

    (details,) = BillingDetails.objects.all()
    assert (details.country, details.tax) == ("AT", None)
    assert answer.context["form"].initial["country"] == "AT"


def test_without_a_provider_nothing_is_known_about_a_new_organization(
    operator_client: Client,
) -> None:
    owner = OwnerFactory.create()

    operator_client.post(
        "/organizations/add/", {"title": "New", "owner": owner.email, "time_zone": "UTC"}
    )

    assert not BillingDetails.objects.exists()
