"""Test that the page and the files state the examples of agreements in docs/pricing.md."""

import csv
import gzip
import io
from decimal import Decimal
from fractions import Fraction

import openpyxl
import pytest
from django.test import Client
from django.utils import timezone

from organizations.tests.factories import OrganizationFactory
from rating.agreement.lines import Section
from rating.money import to_places
from rating.tests.test_agreement_examples import EXAMPLES, money, shown, shown_charge
from usage.statements.freezing import freeze
from usage.statements.sections import NAMES
from usage.statements.statement import statement_for
from usage.statements.tests.agreed_examples import Asked, stored

pytestmark = pytest.mark.django_db

EACH = pytest.mark.parametrize("row", EXAMPLES, ids=lambda row: f"example {row[0]}")


@pytest.fixture
def asked(row: list[str], monkeypatch: pytest.MonkeyPatch) -> Asked:
    """Store an example, and set the present to the instant at which it is asked."""
    found = stored(row, OrganizationFactory.create())
    monkeypatch.setattr(timezone, "now", lambda: found.now)
    return found


def address(asked: Asked, suffix: str = "/") -> str:
    first, last = asked.example.period.start, asked.example.period.last
    return f"/organizations/{asked.organization.pk}/usages{suffix}?from={first}&to={last}"


def text_of(page: object) -> str:
    text: str = page.text  # type: ignore[attr-defined]
    return text.replace("\N{NO-BREAK SPACE}", " ")


@EACH
def test_the_page_states_the_bill(row: list[str], asked: Asked, operator_client: Client) -> None:
    page = operator_client.get(address(asked))

    (bill,) = page.context["bills"]
    charges = [shown_charge(each.charge) for each in page.context["rows"]]
    lines = [line for line in bill.lines if line.section is not Section.USAGE]
    assert "; ".join([*charges, *filter(None, map(shown, lines))]) == row[5]
    text = text_of(page)
    assert f'total-amount">{row[6]}</p>' in text
    for line in lines:
        assert f'<td class="num" data-label="Amount">{_euros(line.minor)}</td>' in text
    assert "What is charged, EUR" in text or not lines
    assert "incomplete" not in text


def _euros(minor: int) -> str:
    return f"{'-' if minor < 0 else ''}EUR {abs(money(minor))}"


# What a page says of how prices and amounts come about, by example.
FORMULAS = {
    "22": ["1 Oct 2026 – 20 Oct 2026: individual price EUR 12.00", "EUR 16.90 × 950,400 s"],
    "23": [
        "list price EUR 9.00, less 10%: EUR 8.10",
        "list price EUR 14.90, less 12.5%: EUR 13.0375",
    ],
    "24": ["2,592,000 s − 259,200 s − 777,600 s = 1,555,200 s", "suspended: 9 days"],
    "25": ["EUR 20.00 × 22 days ÷ 30 days → EUR 14.67", "8 days are free: trial or suspension"],
    "26": ["3 × EUR 49.90 → EUR 149.70", "1 × EUR 10.005 → EUR 10.01"],
    "27": [
        "EUR 30.00 × 20 days ÷ 30 days → EUR 20.00 − EUR 8.67 = EUR 11.33",
        "cameras and fees come to EUR 8.67",
    ],
    "28": ["list price EUR 8.00 from 2 camera-months, as 2.5 are used", "from 3: EUR 7.00"],
    "29": ["list price EUR 9.00 from 0 camera-months, as 1.999999 are used"],
    "33": ["EUR 11.00 are left. An invoice carries them over to 1 Oct 2026."],
    "35": ["individual price EUR 12.00, less 10%: EUR 10.80"],
    "37": ["from 2: EUR 8.00", "from 2: EUR 9.00"],
}


@pytest.mark.parametrize(
    "row", [row for row in EXAMPLES if row[0] in FORMULAS], ids=lambda row: f"example {row[0]}"
)
def test_the_page_states_how_it_comes_about(
    row: list[str], asked: Asked, operator_client: Client
) -> None:
    text = text_of(operator_client.get(address(asked)))

    assert [each for each in FORMULAS[row[0]] if each not in text] == []


def test_a_fee_for_the_rest_of_a_month_states_what_was_charged_before(
    operator_client: Client,
) -> None:
    (row,) = (row for row in EXAMPLES if row[0] == "34")
    asked = stored(row, OrganizationFactory.create())
    rest = f"/organizations/{asked.organization.pk}/usages/?from=2026-09-21&to=2026-09-30"

    page = operator_client.get(rest)

    formula = "EUR 30.00 × 20 days ÷ 30 days → EUR 20.00 − EUR 10.00 = EUR 10.00"
    assert formula in text_of(page)
    assert [each.total.number for each in page.context["bills"]] == [Decimal(10)]


def charge_in(row: dict[str, str]) -> str:
    """Return a line of usages.csv for a camera like `shown_charge`."""
    numbers = [row[name] for name in ("used", "trial", "suspended", "billable")]
    return f"{', '.join(numbers)} at {row['price']} -> {row['amount']}"


def line_in(row: dict[str, str]) -> str:
    """Return another line of usages.csv like `shown`."""
    match row["section"]:
        case "fees":
            return (
                f"{row['text']} {row['billable']} of {row['month_length']} days -> {row['amount']}"
            )
        case "one_off":
            return f"{row['quantity']} x {row['text']} -> {row['amount']}"
        case "minimum":
            exact = Fraction(row["price"]) * int(row["billable"]) / int(row["month_length"])
            start = f"minimum {to_places(exact, 2)} for {row['billable']} days"
            return f"{start}, reached {row['reached']} -> {row['amount']}"
    available = to_places(-Fraction(row["quantity"]) * Fraction(row["price"]), 2)
    left = available + Decimal(row["amount"])
    on = " on 2026-10-01" if left else ""
    return f"{row['text']} {available}, deducted -> {row['amount']}, left {left}{on}"


def lines_of(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode(), newline="")))


def assert_states(lines: list[dict[str, str]], row: list[str]) -> None:
    """Check that lines explain a bill, and that their amounts add up to its total."""
    texts = [charge_in(each) if each["section"] == "usage" else line_in(each) for each in lines]
    assert "; ".join(texts) == row[5]
    assert f"EUR {sum(Decimal(each['amount']) for each in lines)}" == row[6]


@EACH
def test_usages_csv_states_the_bill(row: list[str], asked: Asked, operator_client: Client) -> None:
    lines = lines_of(operator_client.get(address(asked, ".csv")).getvalue())

    assert_states(lines, row)
    for line in lines:
        if line["gross_price"]:
            taken = Decimal(line["gross_price"]) * (100 - Decimal(line["discount_percent"])) / 100
            assert Decimal(line["price"]) == taken
        if line["camera_months"]:
            assert line["price_source"] == "volume"


@EACH
def test_frozen_charges_state_the_bill(row: list[str], asked: Asked) -> None:
    statement = statement_for(
        organization=asked.organization, period=asked.example.period, as_of=asked.now
    )

    (frozen,) = freeze(statement).values()

    assert_states(lines_of(gzip.decompress(frozen.content)), row)


@EACH
def test_usages_xlsx_states_the_bill(row: list[str], asked: Asked, operator_client: Client) -> None:
    content = operator_client.get(address(asked, ".xlsx")).getvalue()

    totals, charges = openpyxl.load_workbook(io.BytesIO(content)).worksheets
    heading, *rows = charges.values
    place = heading.index("amount")
    amounts = [Decimal(str(each[place])) for each in rows]
    assert f"EUR {sum(amounts):.2f}" == row[6]
    lines = lines_of(operator_client.get(address(asked, ".csv")).getvalue())
    assert amounts == [Decimal(each["amount"]) for each in lines]
    texts = [list(each) for each in totals.values]
    sums = {each[0]: each[1] for each in texts}
    assert f"EUR {sums['EUR']:.2f}" == row[6]
    sections = {str(NAMES[Section(each["section"])]) for each in lines}
    assert sections <= {*sums, "Cameras"}


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        ("23", {("8.10", "9.00", "10", "", ""), ("13.0375", "14.90", "12.5", "", "")}),
        ("28", {("8.00", "", "", "volume", "2.5")}),
        ("29", {("9.00", "", "", "volume", "1.999999")}),
        ("35", {("10.80", "12.00", "10", "individual", "")}),
    ],
)
def test_usages_csv_states_how_prices_come_about(
    number: str, expected: set[tuple[str, ...]], operator_client: Client
) -> None:
    (row,) = (row for row in EXAMPLES if row[0] == number)
    asked = stored(row, OrganizationFactory.create())

    lines = lines_of(operator_client.get(address(asked, ".csv")).getvalue())

    names = ("price", "gross_price", "discount_percent", "price_source", "camera_months")
    assert expected <= {tuple(line[name] for name in names) for line in lines}
