"""Whatever is sent to a form of a term is refused on its field, or stored; nothing else happens."""

from typing import Any

import pytest
from django.test import Client

from organizations.agreement.imports.columns import ENTRIES
from organizations.agreement.imports.columns import FIELDS as COLUMNS_OF
from organizations.agreement.kinds import KINDS, Kind
from organizations.agreement.operations import FIELDS
from organizations.agreement.tests.test_imports import run
from organizations.agreement.tests.test_pages import EVERY, adding, changing, given, page
from organizations.models import OneOffCharge, Organization
from organizations.tests.factories import FeeFactory, OrganizationFactory
from tariffs.models import Tariff
from tariffs.tests.factories import TariffPriceFactory

pytestmark = pytest.mark.django_db

NUMBERS = (
    *("NaN", "-NaN", "sNaN", "Infinity", "-Infinity", "1e400", "1E1", "0x10", "--1", "1_000"),
    *("99999999999999999999", "9" * 5_000, "0.00001", "1,2,3", "\N{ARABIC-INDIC DIGIT FIVE}"),
    *("1\x002", " ", "-"),
)
NEGATIVE = ("-0.01", "-1")
DAYS = ("0001-01-01", "9999-12-31", "1999-12-31", "2200-01-01", "2026-02-30", "NaN", "0", "x\x00")
IDS = ("0", "-1", "99999999999999999999", "NaN", "x", "1\x00")
CURRENCIES = ("", "XXX", "EURO", "eur", "E\x00R")
TEXTS = ("", "x\x00", "two\nlines", "x" * 300)


def wrong(kind: Kind) -> list[tuple[str, str]]:
    """Return wrong values of each field."""
    found: list[tuple[str, str]] = []
    for name in FIELDS[kind.model]:
        match name:
            case "amount" | "percent" | "quantity":
                signed = () if name == "quantity" else NEGATIVE
                values: tuple[str, ...] = (*NUMBERS, *signed)
                if name != "amount" or kind.slug != "prices":
                    values = (*values, "")
                if name == "percent":
                    values = (*values, "100.01", "12.345")
                if name == "quantity":
                    values = (*values, "0", "123456789")
            case "tariff":
                values = IDS
            case "first_on" | "day" | "valid_from":
                values = (*DAYS, "")
            case "last_on":
                values = (*DAYS, "2026-08-31")
            case "currency":
                values = CURRENCIES
            case "name" | "text" | "reason":
                values = TEXTS
            case _:
                continue
        # Spaces alone are an empty price, which means the list price.
        optional = {" "} if (kind.slug, name) == ("prices", "amount") else set()
        found += [(name, value) for value in values if value not in optional]
    return found


@pytest.fixture
def tariff() -> Tariff:
    tariff: Tariff = TariffPriceFactory.create(tariff__name="Basic").tariff
    return tariff


@pytest.fixture
def organization(tariff: Tariff) -> Organization:
    organization: Organization = OrganizationFactory.create(title="Harbour", tariffs=[tariff])
    return organization


@EVERY
def test_wrong_values_are_refused_on_their_field(
    operator_client: Client, organization: Organization, tariff: Tariff, kind: Kind
) -> None:
    for name, value in wrong(kind):
        answer: Any = operator_client.post(
            adding(kind, organization), given(kind, tariff, **{name: value})
        )

        assert answer.status_code == 200, (name, value)
        assert name in answer.context["form"].errors, (name, value)
    assert not kind.model.objects.exists()


@EVERY
def test_a_change_to_wrong_values_is_refused(
    operator_client: Client, organization: Organization, tariff: Tariff, kind: Kind
) -> None:
    operator_client.post(adding(kind, organization), given(kind, tariff))
    term = kind.model.objects.get()
    address, sent = page("edit", kind, term), changing(kind, term)
    for name, value in wrong(kind):
        answer: Any = operator_client.post(address, sent | {name: value})

        assert name in answer.context["form"].errors, (name, value)


@EVERY
def test_the_import_refuses_wrong_values_by_line_and_column(
    organization: Organization, tariff: Tariff, kind: Kind
) -> None:
    columns = {name: column for column, name in COLUMNS_OF[kind.model].items()}
    right = {columns[name]: value for name, value in given(kind, tariff).items()}
    if "tariff" in right:
        right["tariff"] = "Basic"
    for name in ("is_charged", "in_trial"):
        if name in columns:
            right[columns[name]] = "yes"
    line = {"organization": "Harbour", "entry": ENTRIES[kind.model], **right}
    for name, value in wrong(kind):
        # A cell is text, so a tariff is a name, and a currency may be small.
        if "\x00" in value or value in ("eur", "two\nlines"):
            continue
        report = run({**line, columns[name]: value})

        assert report.error_count == 1, (name, value)
        assert columns[name] in report.errors[0].reason, (name, value)
    assert not kind.model.objects.exists()


@pytest.mark.parametrize("currency", ["JPY", "KWD", "EUR"])
@pytest.mark.parametrize("slug", ["fees", "minimums"])
def test_more_decimals_than_the_currency_has_are_refused(
    operator_client: Client, organization: Organization, tariff: Tariff, slug: str, currency: str
) -> None:
    kind = next(kind for kind in KINDS if kind.slug == slug)
    FeeFactory.create(organization=organization, currency=currency, amount=1)
    amount = {"JPY": "1.5", "KWD": "1.0005", "EUR": "1.005"}[currency]

    answer: Any = operator_client.post(
        adding(kind, organization), given(kind, tariff, currency=currency, amount=amount)
    )

    assert list(answer.context["form"].errors) == ["amount"]


def test_a_total_that_is_too_large_is_refused(
    operator_client: Client, organization: Organization, tariff: Tariff
) -> None:
    kind = next(kind for kind in KINDS if kind.slug == "one-off-charges")
    given_values = given(kind, tariff, quantity="99999999", amount="99999999")

    answer: Any = operator_client.post(adding(kind, organization), given_values)

    assert answer.status_code == 200
    assert not OneOffCharge.objects.exists()
