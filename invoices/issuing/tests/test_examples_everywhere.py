"""Test that pages, files, previews, invoices and XML state the examples of docs/pricing.md."""

import csv
import io
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import openpyxl
import pytest
from django.test import Client
from django.utils import timezone
from lxml import etree

from invoices.documents.tests.schematron import violations
from invoices.issuing import operations
from invoices.models import Invoice
from invoices.tests.factories import BilledOrganizationFactory, ProviderFactory
from organizations.models import Organization
from organizations.zone_changes import set_time_zone
from rating.tests.test_pricing_examples import (
    EXAMPLES,
    TARIFF_IDS,
    Example,
    examples,
    shown,
    terms,
    total,
)
from tariffs.models import Tariff
from tariffs.tests.factories import TariffFactory, TariffPriceFactory
from usage.models import UsageInterval
from usage.tests.factories import CameraFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def tariffs() -> dict[int, Tariff]:
    """Return the tariffs of the document, by their numbers in it."""
    names = {number: name for name, number in TARIFF_IDS.items()}
    found = {}
    for each in terms():
        tariff = TariffFactory.create(
            name=names[each.tariff_id], currency=each.currency, proration=each.unit
        )
        for valid_from, amount, _steps in each.prices:
            TariffPriceFactory.create(tariff=tariff, valid_from=valid_from, amount=amount)
        found[each.tariff_id] = tariff
    return found


def stored(example: Example, tariffs: dict[int, Tariff]) -> Organization:
    """Store the use of an example and return its organization."""
    ProviderFactory.create()
    first, *later = example.zones
    organization: Organization = BilledOrganizationFactory.create(
        time_zone=str(first.zone),
        tariffs=list(tariffs.values()),
        trial_first_on=example.trial and example.trial.start,
        trial_last_on=example.trial and example.trial.last,
    )
    for version in later:
        set_time_zone(organization, str(version.zone), version.valid_from)
        organization.save()
    uses = list(example.usages())
    cameras = {
        number: CameraFactory.create(name=f"camera-{number:02d}", organization=organization)
        for number in {use.camera_id for use in uses}
    }
    UsageInterval.objects.bulk_create(
        UsageInterval(
            camera=cameras[use.camera_id],
            organization=organization,
            tariff=tariffs[use.tariff_id],
            started_at=at(use.started_at),
            ended_at=None if use.ended_at is None else at(use.ended_at),
        )
        for use in uses
    )
    return organization


def at(instant: int) -> datetime:
    return datetime.fromtimestamp(instant, UTC)


def asked(example: Example) -> dict[str, str]:
    return {"from": f"{example.period.start}", "to": f"{example.period.last}"}


def charge_in(row: dict[str, str]) -> str:
    """Return the charge of a line of usages.csv like `shown`."""
    return f"{row['used']}, {row['trial']}, {row['billable']} -> {row['amount'] or 'unpriced'}"


def numbers_of(row: dict[str, Any]) -> list[Decimal | None]:
    texts = [row[name] for name in ("used", "trial", "billable", "billable_before", "amount")]
    return [None if text in ("", None) else Decimal(str(text)) for text in texts]


def sums_of(text: str) -> dict[str, Decimal]:
    parts = [part.split(" ") for part in text.removesuffix(", incomplete").split(", ")]
    return {currency: Decimal(number) for currency, number in parts}


ALL = [(row[0], example) for row in EXAMPLES for example in examples(row)]
# In 10 the month is not over, and 12 is incomplete.
BILLED = [(number, example) for number, example in ALL if number not in ("10", "12")]


def of_example(numbered: tuple[str, Example]) -> Any:
    number, example = numbered
    return pytest.param(example, id=f"example {number}, {example.period.start}")


@pytest.fixture
def organization(
    example: Example, tariffs: dict[int, Tariff], monkeypatch: pytest.MonkeyPatch
) -> Organization:
    """Return the organization of an example, at the instant at which it is asked."""
    monkeypatch.setattr(timezone, "now", lambda: at(example.instant(example.as_of)))
    return stored(example, tariffs)


@pytest.mark.parametrize("example", list(map(of_example, ALL)))
def test_the_page_and_the_files_state_the_charges(
    example: Example, organization: Organization, operator_client: Client
) -> None:
    expected = [shown(each) for each in example.charges()]
    sums, is_complete = sums_of(total(example.charges())), "unpriced" not in " ".join(expected)
    address = f"/organizations/{organization.pk}/usages"

    page = operator_client.get(f"{address}/", asked(example))
    rows = [shown(row.charge) for row in page.context["rows"]]
    assert rows == expected[: len(rows)]
    assert page.context["page"].paginator.count == len(expected)
    text = page.text.replace("\N{NO-BREAK SPACE}", " ")
    assert all(f"{currency} {number:,}" in text for currency, number in sums.items())
    assert ("incomplete" in text) is not is_complete

    content = operator_client.get(f"{address}.csv", asked(example)).getvalue().decode()
    lines = list(csv.DictReader(io.StringIO(content)))
    assert list(map(charge_in, lines)) == expected

    book = operator_client.get(f"{address}.xlsx", asked(example)).getvalue()
    totals, charges = openpyxl.load_workbook(io.BytesIO(book)).worksheets
    columns: Any = charges.values
    heading = next(columns)
    typed = [dict(zip(heading, row, strict=True)) for row in columns]
    assert list(map(numbers_of, typed)) == list(map(numbers_of, lines))
    values = [row[:2] for row in totals.values]
    start = values.index(("Currency", "Total charges")) + 1
    found = values[start : start + len(sums)]
    assert {str(code): Decimal(str(number)) for code, number in found} == sums


@pytest.mark.parametrize("example", list(map(of_example, BILLED)))
def test_the_preview_the_invoice_and_its_xml_state_the_totals(
    example: Example, organization: Organization, operator_client: Client
) -> None:
    sums = sums_of(total(example.charges()))
    page = operator_client.get(f"/organizations/{organization.pk}/invoices/issue/", asked(example))
    drafts = [each.draft.document for each in page.context["previews"]]
    assert {each.currency: each.net for each in drafts} == sums

    issued = operations.issue(
        organization_id=organization.pk, period=example.period, now=timezone.now(), by=None
    )
    assert {each.currency: each.net for each in issued} == sums
    for invoice in issued:
        assert lines_of(invoice) == sums[invoice.currency]
        response = operator_client.get(f"/invoices/{invoice.pk}.ubl.xml")
        # EN 16931 cannot state the tax in fils.
        assert (response.status_code == 404) is (invoice.currency == "KWD")
        if response.status_code == 404:
            continue
        assert violations(response.content) == []
        amounts = etree.fromstring(response.content).iter("{*}LineExtensionAmount")
        parts = [Decimal(each.text) for each in amounts]
        # The first is that of the document.
        assert parts[0] == sum(parts[1:]) == sums[invoice.currency]


def lines_of(invoice: Invoice) -> Decimal:
    return sum((line.amount for line in invoice.lines.all()), Decimal(0))
