"""Terms are exported, and imported from a file: all or nothing, as often as one likes."""

import csv
import io
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.translation import override

from foundation.imports.models import UploadedFile
from invoices.tests.factories import issued_invoice
from organizations.agreement.imports.columns import COLUMNS, FIELDS
from organizations.agreement.imports.operation import TermReport, import_terms
from organizations.agreement.imports.views import done_text
from organizations.agreement.kinds import KINDS
from organizations.agreement.operations import stored_values
from organizations.models import Discount, Fee, OneOffCharge, Organization
from organizations.tests.factories import (
    DiscountExemptionFactory,
    DiscountFactory,
    FeeFactory,
    IndividualPriceFactory,
    MinimumFactory,
    OneOffChargeFactory,
    OrganizationFactory,
    SuspensionFactory,
)
from rating.money import Amount
from tariffs.tests.factories import TariffPriceFactory
from tests.jobs import run_jobs

pytestmark = pytest.mark.django_db

FEE = {
    **{"organization": "Harbour", "entry": "fee", "first_day": "2026-09-01", "text": "Router"},
    **{"amount": "5.00", "currency": "EUR"},
}


@pytest.fixture
def harbour() -> Organization:
    tariff = TariffPriceFactory.create(tariff__name="Basic").tariff
    return OrganizationFactory.create(title="Harbour", tariffs=[tariff])


def content(*lines: dict[str, str]) -> bytes:
    file = io.StringIO()
    writer = csv.DictWriter(file, COLUMNS)
    writer.writeheader()
    writer.writerows(lines)
    return file.getvalue().encode()


def run(*lines: dict[str, str], dry_run: bool = False) -> TermReport:
    return import_terms(io.BytesIO(content(*lines)), dry_run=dry_run)


def of_each_kind(organization: Organization) -> None:
    """Create terms of each kind."""
    own: dict[str, Any] = {"organization": organization}
    tariff = organization.tariffs.get()
    SuspensionFactory.create(**own, last_on=date(2026, 9, 30), is_charged=True, reason="=1+1")
    IndividualPriceFactory.create(**own, tariff=tariff, amount=Decimal("8.1234"))
    IndividualPriceFactory.create(**own, tariff=tariff, valid_from=date(2026, 10, 1), amount=None)
    DiscountFactory.create(**own, percent=Decimal("12.5"))
    DiscountFactory.create(**own, tariff=tariff, last_on=date(2026, 9, 30))
    DiscountExemptionFactory.create(**own, tariff=tariff)
    FeeFactory.create(**own, name="Router", in_trial=True)
    OneOffChargeFactory.create(**own, text="Cable", quantity=Decimal("-1.25"))
    MinimumFactory.create(**own, amount=Decimal("1234.5"))


def stored(organization: Organization) -> list[Any]:
    return [
        stored_values(term)
        for kind in KINDS
        for term in kind.model.objects.filter(organization=organization).order_by("pk")
    ]


@pytest.mark.parametrize("language", ["en", "ru"])
def test_what_is_exported_can_be_imported(
    operator_client: Client, harbour: Organization, language: str
) -> None:
    of_each_kind(harbour)
    before = stored(harbour)
    exported = operator_client.get(reverse("organizations:terms_csv")).getvalue()

    with override(language):
        again = import_terms(io.BytesIO(exported), dry_run=False)
        for kind in KINDS:
            kind.model.objects.all().delete()
        report = import_terms(io.BytesIO(exported), dry_run=False)

    assert (again.added, again.unchanged) == (0, len(before))
    assert (report.added, report.error_count) == (len(before), 0)
    assert stored(harbour) == before


@pytest.mark.parametrize("line", [FEE, {**FEE, "entry": "one_off", "quantity": "1"}])
def test_equal_charges_are_all_added_but_only_once(
    operator_client: Client, harbour: Organization, line: dict[str, str]
) -> None:
    first = run(line, line)
    exported = operator_client.get(reverse("organizations:terms_csv")).getvalue()
    again = import_terms(io.BytesIO(exported), dry_run=False)
    one_more = run(line, line, line)

    counted = [(each.added, each.unchanged) for each in (first, again, one_more)]
    assert counted == [(2, 0), (0, 2), (1, 2)]
    assert len(stored(harbour)) == 3


def test_each_field_of_a_term_has_a_column() -> None:
    for kind in KINDS:
        assert {*FIELDS[kind.model].values()} == {*kind.form.base_fields}
        assert {*FIELDS[kind.model]} <= {*COLUMNS}


def test_a_dry_run_changes_nothing(harbour: Organization) -> None:
    report = run(FEE, dry_run=True)

    assert (report.added, report.is_refused) == (1, False)
    assert report.outcomes[0].title == "Harbour"
    assert "Router" in report.outcomes[0].term
    assert not Fee.objects.exists()


def test_titles_and_tariffs_are_found_whatever_their_case(harbour: Organization) -> None:
    line = {
        **{"organization": "HARBOUR", "entry": "Discount", "tariff": "basic"},
        **{"first_day": "01.09.2026", "percent": "12,5"},
    }

    assert run(line).added == 1
    assert Discount.objects.get().percent == Decimal("12.50")


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"organization": "Nobody"}, "organization: Organization “Nobody” does not exist."),
        ({"entry": "bribe"}, "entry: “bribe” is not an entry. Use one of these: suspension, "),
        ({"tariff": "Basic"}, "tariff: Leave this cell empty for the entry “fee”."),
        ({"first_day": ""}, "first_day: Enter a date."),
        ({"first_day": "9/1/26"}, "first_day: “9/1/26” is not a valid date."),
        ({"last_day": "2026-08-31"}, "last_day: The last day is before the first."),
        ({"amount": "1,234"}, "amount: “1,234” is not a number."),
        ({"amount": "-5"}, "amount: Enter an amount of 0 or more"),
        ({"amount": "5.005"}, "amount: Amounts in EUR have at most 2 decimal places."),
        ({"currency": "XXX"}, "currency: Select a valid choice."),
        ({"text": ""}, "text: This field is required."),
        ({"charged": "maybe"}, "charged: “maybe” is neither yes nor no."),
        ({"entry": "exemption"}, "text: Leave this cell empty"),
    ],
)
def test_one_wrong_line_refuses_the_file(
    harbour: Organization, changed: dict[str, str], reason: str
) -> None:
    report = run(FEE, {**FEE, **changed})

    ((line, said),) = [(each.line, each.reason) for each in report.errors]
    assert line == 3
    assert said.startswith(reason)
    assert not Fee.objects.exists()


def test_lines_are_checked_against_each_other(harbour: Organization) -> None:
    line = {**FEE, "entry": "minimum", "text": ""}

    report = run(line, {**line, "amount": "6"})

    assert [each.line for each in report.errors] == [3]
    assert "first_day: These dates overlap" in report.errors[0].reason


def test_invoices_that_are_affected_are_named(harbour: Organization) -> None:
    organization = issued_invoice().organization
    line = {"organization": organization.title, "entry": "discount", "percent": "5"}

    report = run({**line, "first_day": "2026-10-16"}, dry_run=True)

    assert report.affected.number == 1
    assert report.affected.changes == [Amount(Decimal("-0.24"), "EUR")]
    assert not Discount.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_the_preview_states_by_how_much_the_charges_change(operator_client: Client) -> None:
    organization = issued_invoice().organization
    line = {**FEE, "organization": organization.title, "first_day": "2026-10-01"}
    file = SimpleUploadedFile("terms.csv", content({**line, "last_day": "2026-10-31"}))

    address = operator_client.post(reverse("organizations:import_terms"), {"file": file}).url  # type: ignore[attr-defined]
    run_jobs()

    assert "+EUR\N{NO-BREAK SPACE}5.00" in operator_client.get(address).text


def test_a_dry_run_of_the_command_states_it_too(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    organization = issued_invoice().organization
    line = {**FEE, "organization": organization.title, "first_day": "2026-10-01"}
    file = tmp_path / "terms.csv"
    file.write_bytes(content({**line, "last_day": "2026-10-31"}))

    call_command("import_terms", str(file), dry_run=True, verbosity=0)

    assert "Difference before tax: +EUR\N{NO-BREAK SPACE}5.00\n" in capsys.readouterr().out


def test_the_number_of_queries_does_not_depend_on_the_number_of_invoices() -> None:
    def queries(number: int) -> int:
        titles = [issued_invoice().organization.title for _ in range(number)]
        line = {"entry": "discount", "percent": "5", "first_day": "2026-10-16"}
        report = run(*({**line, "organization": title} for title in titles), dry_run=True)
        assert report.affected.measure is not None
        with CaptureQueriesContext(connection) as captured:
            report.affected.measure()
        return len(captured)

    assert queries(1) == queries(5)


def test_a_one_off_charge_of_an_invoiced_date_is_refused() -> None:
    organization = issued_invoice().organization
    line = {**FEE, "organization": organization.title, "entry": "one_off", "quantity": "1"}

    report = run({**line, "first_day": "2026-10-16"})

    assert report.errors[0].reason.startswith("first_day: 16 Oct 2026 has already been invoiced")
    assert not OneOffCharge.objects.exists()


def test_a_one_off_charge_after_the_closing_is_refused(harbour: Organization) -> None:
    closed_at = datetime(2026, 9, 16, tzinfo=UTC)
    Organization.objects.update(closed_on=date(2026, 9, 15), closed_at=closed_at)
    line = {**FEE, "entry": "one_off", "quantity": "1"}

    report = run({**line, "first_day": "2026-09-15"}, {**line, "first_day": "2026-09-16"})

    assert [each.line for each in report.errors] == [3]
    assert report.errors[0].reason.startswith("first_day: The organization is closed after 15 Sep")


def test_the_command_imports_a_file(
    harbour: Organization, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "terms.csv"
    file.write_bytes(content(FEE))

    call_command("import_terms", str(file), verbosity=0)

    assert "Entries added: 1" in capsys.readouterr().out
    assert Fee.objects.get().organization == harbour
    file.write_bytes(content({**FEE, "amount": ""}))
    with pytest.raises(CommandError):
        call_command("import_terms", str(file), verbosity=0)


def test_large_numbers_of_entries_are_grouped() -> None:
    report = TermReport(lines=10_000, dry_run=False, added=10_000)

    assert done_text(report) == "Import complete: 10,000 entries were added."


@pytest.mark.django_db(transaction=True)
def test_a_file_is_reviewed_and_confirmed_in_the_browser(operator_client: Client) -> None:
    OrganizationFactory.create(title="Harbour")
    file = SimpleUploadedFile("a.csv", content(FEE))
    answer = operator_client.post(reverse("organizations:import_terms"), {"file": file})
    review = answer.headers["Location"]
    run_jobs()

    page = operator_client.get(review)
    assert "Router" in page.text
    assert not Fee.objects.exists()
    operator_client.post(review, {"shown": page.context["report"].version})
    run_jobs()

    assert "1 entry was added" in operator_client.get(review).text
    assert Fee.objects.get().name == "Router"


@pytest.mark.django_db(transaction=True)
def test_what_has_changed_since_it_was_shown_is_shown_again(operator_client: Client) -> None:
    harbour = OrganizationFactory.create(title="Harbour")
    other = {**FEE, "text": "Storage"}
    file = SimpleUploadedFile("a.csv", content(FEE, other))
    answer = operator_client.post(reverse("organizations:import_terms"), {"file": file})
    review = answer.headers["Location"]
    run_jobs()
    shown = operator_client.get(review).context["report"].version
    FeeFactory.create(organization=harbour, name="Router")

    operator_client.post(review, {"shown": shown})
    run_jobs()

    assert UploadedFile.objects.get().state == "checked"
    assert operator_client.get(review).context["report"].added == 1
    assert Fee.objects.count() == 1
