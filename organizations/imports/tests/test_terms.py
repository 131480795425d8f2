"""Lines of a file of organizations also add to agreements: all of the file, or nothing."""

from decimal import Decimal
from typing import Any

import pytest

from invoices.tests.factories import issued_invoice
from organizations.imports import operation
from organizations.imports.operation import import_organizations
from organizations.imports.report import OrganizationReport
from organizations.imports.tests.test_operation import content_of, counts, import_lines, refused
from organizations.models import Discount, Fee, IndividualPrice, Organization
from organizations.tests.conftest import NOW
from organizations.tests.factories import OrganizationFactory
from rating.money import Amount
from tariffs.tests.factories import TariffPriceFactory

pytestmark = pytest.mark.django_db

NEW = {"title": "Harbour", "owner": "jo@example.com", "tariffs": "Basic"}
FEE = {
    "entry": "fee",
    "first_day": "2026-12-01",
    "text": "Router",
    "amount": "5",
    "currency": "EUR",
}
PRICE = {"title": "harbour", "entry": "price", "first_day": "2026-12-01", "tariff": "Basic"}
DISCOUNT = {"title": "Harbour", "entry": "discount", "first_day": "01.12.2026", "percent": "10"}


@pytest.fixture(autouse=True)
def _basic() -> None:
    TariffPriceFactory.create(tariff__name="Basic")


def of_terms(report: OrganizationReport) -> tuple[int, int]:
    assert not report.errors
    return report.terms_added, report.terms_unchanged


@pytest.mark.parametrize("lines_a_batch", [1, 500])
def test_a_new_organization_gets_its_agreement(
    monkeypatch: pytest.MonkeyPatch, lines_a_batch: int
) -> None:
    monkeypatch.setattr(operation, "LINES_A_BATCH", lines_a_batch)
    lines = (NEW | FEE, PRICE | {"amount": "8,50"}, DISCOUNT)

    shown = import_lines(*lines, dry_run=True)
    assert not Organization.objects.exists()
    report, _owners = import_organizations(
        content_of(*lines), now=NOW, dry_run=False, shown=shown.version
    )

    assert [each.line for each in shown.terms] == [2, 3, 4]
    assert counts(shown) == counts(report) == (1, 0, 0)
    assert of_terms(shown) == of_terms(report) == (3, 0)
    organization = Organization.objects.get()
    assert Fee.objects.get(organization=organization).amount == Decimal(5)
    assert IndividualPrice.objects.get(organization=organization).amount == Decimal("8.5")
    assert Discount.objects.get(organization=organization).percent == Decimal(10)


def test_the_same_file_again_changes_nothing() -> None:
    lines = (NEW | FEE, DISCOUNT)
    import_lines(*lines)

    report = import_lines(*lines)

    assert counts(report) == (0, 0, 1)
    assert of_terms(report) == (0, 2)
    assert report.changes_nothing


def test_lines_may_only_add_to_agreements() -> None:
    organization = OrganizationFactory.create(title="Harbour", contract_number="C-1")

    report = import_lines({"title": "Harbour"} | FEE, DISCOUNT)

    assert counts(report) == (0, 0, 0)
    assert of_terms(report) == (2, 0)
    assert organization.fees.count() == 1


def test_a_term_is_of_the_organization_that_has_the_title_in_the_end() -> None:
    ids = {"w-1": "Acme", "w-2": "Zeta"}
    for watcher_id, title in ids.items():
        OrganizationFactory.create(title=title, watcher_id=watcher_id)

    import_lines(
        {"title": "Zeta", "watcher_id": "w-1"},
        {"title": "Acme", "watcher_id": "w-2"},
        {"title": "Zeta"} | FEE,
    )

    assert Fee.objects.get().organization.watcher_id == "w-1"


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ({"title": "Nobody"} | FEE, "title: Organization “Nobody” does not exist."),
        ({"title": "Harbour"} | FEE | {"amount": "x"}, "amount: “x” is not a number."),
        ({"title": "Harbour"} | FEE | {"currency": "EURO"}, "currency: "),
        (
            {"title": "Harbour"} | FEE | {"entry": ""},
            "entry: Enter what the line adds to the agreement: ",
        ),
        (DISCOUNT | {"percent": "101"}, "percent: "),
        (DISCOUNT | {"percent": "20"}, "first_day: "),
    ],
)
def test_an_error_in_a_term_refuses_the_whole_file(line: dict[str, Any], reason: str) -> None:
    ((number, found),) = refused(NEW, DISCOUNT, line)

    assert number == 4
    assert reason in found


def test_invoices_that_a_term_affects_are_named() -> None:
    invoice = issued_invoice()
    line = FEE | {"title": invoice.organization.title, "first_day": "2026-01-01"}

    report = import_lines(line, dry_run=True)

    assert [each.number for each in report.affected.documents] == [invoice.number]


def test_the_money_of_invoices_that_a_term_affects_is_stated() -> None:
    title = issued_invoice().organization.title

    report = import_lines(
        DISCOUNT | {"title": title, "first_day": "2026-10-16", "percent": "5"}, dry_run=True
    )

    assert report.affected.changes == [Amount(Decimal("-0.24"), "EUR")]
    assert not Discount.objects.exists()


def test_a_file_with_terms_that_was_changed_is_shown_again() -> None:
    shown = import_lines(NEW, DISCOUNT, dry_run=True)
    content = content_of(NEW, DISCOUNT | {"percent": "11"})

    report, _owners = import_organizations(content, now=NOW, dry_run=False, shown=shown.version)

    assert report.has_changed
    assert not Organization.objects.exists()
