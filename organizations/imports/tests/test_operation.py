"""Tests of the import of organizations from a file."""

import csv
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from io import BytesIO, StringIO
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from openpyxl import Workbook

from accounts.models import Role, User
from accounts.tests.factories import OperatorFactory, OwnerFactory
from organizations.imports import operation
from organizations.imports.operation import import_organizations
from organizations.imports.report import OrganizationReport
from organizations.models import BillingDetails, Organization, Tag
from organizations.tests.conftest import NOW
from organizations.tests.factories import BillingDetailsFactory, OrganizationFactory, a_tax
from organizations.zone_changes import set_time_zone
from rating.periods import ZoneVersion
from tariffs.tests.factories import TariffFactory
from tariffs.tests.test_operations_concurrency import wait_until_blocked

pytestmark = pytest.mark.django_db

FULL = {
    "title": "Harbour Storage",
    "owner": "Jo@Example.com",
    "owner_name": "Jo Kühl",
    "watcher_id": "w-17",
    "tariffs": "Basic, Pro",
    "trial_first": "01.11.2026",
    "trial_last": "2026-11-14",
    "time_zone": "Europe/Berlin",
    "contract_number": "C-1",
    "contract_date": "2026-10-01",
    "tags": "key account, Hamburg",
    "legal_name": "Harbour Storage GmbH",
    "street": "5 Quay",
    "postal_code": "20457",
    "city": "Hamburg",
    "country": "Germany",
    "tax_id": "DE 987654328",
    "tax": "vat 19 %",
    "email_for_invoices": "bills@example.com",
    "invoice_language": "ru",
    "attach_charges": "yes",
    "contract_end": "2027-09-30",
}


@pytest.fixture(autouse=True)
def _named_in_the_file() -> None:
    for name in ("Basic", "Pro"):
        TariffFactory.create(name=name)
    a_tax(percent=19)


def content_of(*lines: dict[str, Any]) -> BytesIO:
    columns = list(dict.fromkeys(name for line in lines for name in line))
    text = StringIO()
    writer = csv.DictWriter(text, columns)
    writer.writeheader()
    writer.writerows(lines)
    return BytesIO(text.getvalue().encode())


def import_lines(*lines: dict[str, Any], dry_run: bool = False) -> OrganizationReport:
    return import_organizations(content_of(*lines), now=NOW, dry_run=dry_run)[0]


def refused(*lines: dict[str, Any]) -> list[tuple[int, str]]:
    """Return the errors of both a dry run and an import, which change nothing."""
    before = [list(model.objects.values()) for model in (Organization, User, BillingDetails)]
    reports = [import_lines(*lines, dry_run=dry_run) for dry_run in (True, False)]
    assert reports[0].errors == reports[1].errors
    assert before == [
        list(model.objects.values()) for model in (Organization, User, BillingDetails)
    ]
    return [(error.line, error.reason) for error in reports[0].errors]


def changes(report: OrganizationReport) -> list[tuple[str, str, str]]:
    return [tuple(each) for outcome in report.outcomes for each in outcome.differences]  # type: ignore[misc]


def counts(report: OrganizationReport) -> tuple[int, int, int]:
    assert not report.errors
    return report.created, report.changed, report.unchanged


# --- New organizations ---------------------------------------------------------------------------


def test_a_line_creates_an_organization_with_all_its_details() -> None:
    report = import_lines(FULL)

    assert counts(report) == (1, 0, 0)
    organization = Organization.objects.get()
    details = organization.billing_details.get()
    assert (organization.title, organization.watcher_id) == ("Harbour Storage", "w-17")
    owner = organization.owner
    assert (owner.email, owner.name, owner.role) == ("jo@example.com", "Jo Kühl", Role.OWNER)
    assert not owner.is_activated
    assert [each.name for each in organization.tariffs.order_by("name")] == ["Basic", "Pro"]
    assert organization.trial_first_on == date(2026, 11, 1)
    assert organization.trial_last_on == date(2026, 11, 14)
    assert organization.zones == ZoneVersion.always(ZoneInfo("Europe/Berlin"))
    assert (organization.contract_number, organization.contract_signed_on) == (
        "C-1",
        date(2026, 10, 1),
    )
    assert organization.contract_last_on == date(2027, 9, 30)
    assert sorted(tag.name for tag in organization.tags.all()) == ["Hamburg", "key account"]
    assert (details.name, details.street, details.postal_code, details.city, details.country) == (
        "Harbour Storage GmbH",
        "5 Quay",
        "20457",
        "Hamburg",
        "DE",
    )
    assert (details.valid_from, details.tax_number, str(details.tax)) == (
        None,
        "DE987654328",
        "VAT 19 %",
    )
    assert (organization.billing_email, organization.invoice_language) == (
        "bills@example.com",
        "ru",
    )
    assert organization.attach_charges


def test_a_new_organization_gets_what_add_proposes(monkeypatch: pytest.MonkeyPatch) -> None:
    TariffFactory.create(name="Usual", is_default=True)
    TariffFactory.create(name="Former", is_default=True, is_archived=True)
    tax = a_tax("AE", is_default=True)
    owner = OwnerFactory.create(email="ann@example.com", name="Ann")
    monkeypatch.setattr("organizations.imports.reading.provider_country", lambda: "AT")

    import_lines(
        {"title": "Acme", "owner": "ann@example.com", "owner_name": "Other", "tax_id": "1"}
    )

    organization = Organization.objects.get()
    assert organization.owner == owner
    assert User.objects.get().name == "Ann"
    assert [each.name for each in organization.tariffs.all()] == ["Usual"]
    assert (organization.time_zone, organization.invoice_language) == ("UTC", "en")
    assert not organization.attach_charges
    details = organization.billing_details.get()
    assert (details.tax, details.country) == (tax, "AT")


def test_one_new_owner_of_several_organizations_is_created_once() -> None:
    lines = [{"title": f"Acme {number}", "owner": "jo@example.com"} for number in range(3)]

    report = import_lines(*lines)

    assert report.invited == 1
    assert {each.owner.email for each in Organization.objects.all()} == {"jo@example.com"}


def test_names_of_tariffs_may_contain_commas() -> None:
    TariffFactory.create(name="Pro, 30 days")
    import_lines({**FULL, "tariffs": "pro, 30 days, Basic, Pro"})
    names = Organization.objects.get().tariffs.order_by("name").values_list("name", flat=True)
    assert list(names) == ["Basic", "Pro", "Pro, 30 days"]


def test_xlsx_is_read_too() -> None:
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.append(["Title", "Owner", "Contract_date", "postal_code"])
    sheet.append(["Acme", "jo@example.com", date(2026, 10, 1), 20457])
    file = BytesIO()
    book.save(file)
    file.seek(0)

    report, _ids = import_organizations(file, now=NOW, dry_run=False)

    assert counts(report) == (1, 0, 0)
    organization = Organization.objects.get()
    assert organization.contract_signed_on == date(2026, 10, 1)
    assert organization.billing_details.get().postal_code == "20457"


# --- Organizations that exist --------------------------------------------------------------------


def test_the_same_file_again_changes_nothing() -> None:
    import_lines(FULL, {"title": "Acme", "owner": "jo@example.com", "tax": ""})
    again = import_lines(FULL, {"title": "ACME".title(), "owner": "jo@example.com", "tax": ""})
    assert counts(again) == (0, 0, 2)
    assert again.changes_nothing


def test_a_changed_line_shows_its_differences_and_updates() -> None:
    import_lines(FULL)
    line = FULL | {
        "owner": "new@example.com",
        "tariffs": "Pro",
        "trial_last": "-",
        "trial_first": "-",
        "tags": "HAMBURG, New",
        "city": "Bremen",
        "tax_id": "",
        "invoice_language": "English",
        "attach_charges": "Нет",
    }

    report = import_lines(line, dry_run=True)

    assert counts(report) == (0, 1, 0)
    assert report.outcomes[0].is_invited
    expected = [
        ("owner", "jo@example.com", "new@example.com"),
        ("trial_first_on", "2026-11-01", ""),
        ("trial_last_on", "2026-11-14", ""),
        ("tariffs", "Basic, Pro", "Pro"),
        ("city", "Hamburg", "Bremen"),
        ("invoice_language", "ru", "en"),
        ("attach_charges", "yes", "no"),
        ("tags", "Hamburg, key account", "Hamburg, New"),
    ]
    assert changes(report) == expected
    assert Organization.objects.get().trial_last_on is not None

    assert changes(import_lines(line)) == expected
    organization = Organization.objects.get()
    assert organization.owner.email == "new@example.com"
    assert [str(each) for each in organization.tariffs.all()] == ["Pro"]
    assert (organization.trial_first_on, organization.invoice_language) == (None, "en")
    details = organization.billing_details.get()
    assert (details.city, details.tax_number) == ("Bremen", "DE987654328")
    assert sorted(map(str, Tag.objects.all())) == ["Hamburg", "New"]
    assert counts(import_lines(line)) == (0, 0, 1)


def test_columns_that_are_absent_or_empty_change_nothing() -> None:
    import_lines(FULL)
    before = (Organization.objects.values().get(), BillingDetails.objects.values().get())

    report = import_lines(dict.fromkeys(FULL, "") | {"title": "harbour storage"})

    assert changes(report) == [("title", "Harbour Storage", "harbour storage")]
    assert before[0] | {"title": "harbour storage"} == Organization.objects.values().get()
    assert before[1] == BillingDetails.objects.values().get()


def test_a_hyphen_removes_a_value() -> None:
    import_lines(FULL)
    names: tuple[str, ...] = (
        "watcher_id",
        "tariffs",
        "contract_number",
        "contract_date",
        "contract_end",
        "debtor_number",
        "tags",
        "legal_name",
    )
    names += ("street", "postal_code", "city", "country", "tax_id", "tax", "email_for_invoices")

    import_lines({"title": FULL["title"], **dict.fromkeys(names, "-")})

    organization, details = Organization.objects.get(), BillingDetails.objects.get()
    assert organization.watcher_id is None
    assert organization.debtor_number is None
    assert not organization.tariffs.exists()
    assert not organization.tags.exists()
    assert (organization.contract_number, organization.contract_signed_on) == ("", None)
    assert organization.contract_last_on is None
    assert (details.name, details.country, details.tax_number, details.tax) == ("", "", "", None)


def test_the_watcher_id_finds_an_organization_whose_title_changes() -> None:
    acme = OrganizationFactory.create(title="Acme", watcher_id="w-1")

    report = import_lines({"title": "Acme & Sons", "watcher_id": "w-1"})

    assert changes(report) == [("title", "Acme", "Acme & Sons")]
    assert report.outcomes[0].pk == acme.pk
    assert Organization.objects.get().title == "Acme & Sons"


def test_billing_details_that_apply_today_change() -> None:
    organization = OrganizationFactory.create(title="Acme")
    for day in (None, date(2026, 10, 1), date(2026, 11, 1)):
        BillingDetailsFactory.create(organization=organization, valid_from=day)

    import_lines({"title": "Acme", "city": "Bremen"})

    cities = BillingDetails.objects.order_by("pk").values_list("city", flat=True)
    assert list(cities) == ["Hamburg", "Bremen", "Hamburg"]


def test_a_time_zone_changes_from_a_date_on_or_from_the_beginning() -> None:
    OrganizationFactory.create(title="Acme")
    OrganizationFactory.create(title="Zeta")
    lines = (
        {"title": "Acme", "time_zone": "Asia/Tokyo", "time_zone_from": "01.12.2026"},
        {"title": "Zeta", "time_zone": "Asia/Tokyo", "time_zone_from": ""},
    )

    import_lines(*lines)

    acme, zeta = Organization.objects.order_by("title")
    assert acme.time_zone_from == date(2026, 12, 1)
    assert [each.time_zone for each in acme.earlier_time_zones.all()] == ["UTC"]
    assert zeta.zones == ZoneVersion.always(ZoneInfo("Asia/Tokyo"))
    assert counts(import_lines(*lines)) == (0, 0, 2)


def test_an_archived_plan_and_a_blocked_owner_may_stay() -> None:
    old = TariffFactory.create(name="Old", is_archived=True)
    owner = OwnerFactory.create(email="jo@example.com", is_active=False)
    OrganizationFactory.create(title="Acme", owner=owner, tariffs=[old])

    line = {"title": "Acme", "owner": "jo@example.com", "tariffs": "Old, Basic"}

    assert changes(import_lines(line)) == [("tariffs", "Old", "Basic, Old")]


def test_invoices_that_a_changed_trial_affects_are_named() -> None:
    from invoices.tests.factories import issued_invoice

    invoice = issued_invoice()
    line = {"title": invoice.organization.title, "trial_first": "2026-08-01"}

    report = import_lines({**line, "trial_last": "2026-12-31"}, dry_run=True)

    assert [each.number for each in report.affected.documents] == [invoice.number]


# --- Round trip ----------------------------------------------------------------------------------


def exported(client: Client, kind: str) -> BytesIO:
    return BytesIO(client.get(f"/organizations/details.{kind}").getvalue())


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_an_export_with_all_details_can_be_imported_unchanged(
    operator_client: Client, kind: str
) -> None:
    import_lines(FULL, {"title": "=Acme", "owner": "ann@example.com", "tags": "+1", "street": "-4"})
    moved = OrganizationFactory.create(title="Moved, Inc.")
    set_time_zone(moved, "Asia/Tokyo", date(2026, 9, 1))
    moved.save()
    for day, tax in ((None, "S"), (date(2026, 10, 1), "O"), (date(2027, 1, 1), "AE")):
        BillingDetailsFactory.create(organization=moved, valid_from=day, tax=a_tax(tax))
    OrganizationFactory.create(
        title="Old", owner__is_active=False, tariffs=[TariffFactory.create(is_archived=True)]
    )

    report, _ids = import_organizations(exported(operator_client, kind), now=NOW, dry_run=False)

    assert changes(report) == []
    assert counts(report) == (0, 0, 4)


def test_an_export_creates_the_same_organizations_in_an_empty_system(
    operator_client: Client,
) -> None:
    import_lines(FULL, {"title": "=Acme", "owner": "ann@example.com", "street": "-4"})
    file = exported(operator_client, "csv")
    content = file.getvalue()
    Organization.objects.all().delete()
    User.objects.owners().delete()

    report, _ids = import_organizations(file, now=NOW, dry_run=False)

    assert counts(report) == (2, 0, 0)
    assert exported(operator_client, "csv").getvalue() == content


# --- Errors --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"title": ""}, "title: This field is required."),
        ({"title": "x" * 201}, "title: Ensure this value has at most 200 characters"),
        ({"owner": ""}, "owner: Enter the email address of the owner of a new organization."),
        ({"owner": "-"}, "owner: This value cannot be removed."),
        ({"owner": "jo@"}, "owner: Enter a valid email address."),
        ({"owner": "boss@example.com"}, "owner: This address belongs to an operator"),
        ({"owner": "gone@example.com"}, "owner: This owner can no longer sign in."),
        ({"tariffs": "Basic, Best"}, "tariffs: Tariff plan “Best” does not exist."),
        ({"tariffs": "Old"}, "tariffs: Tariff plan “Old” is archived"),
        ({"trial_last": ""}, "trial_last: Enter the last day too"),
        ({"trial_first": "2026-12-01"}, "trial_last: The last day of the trial is before the"),
        ({"trial_first": "1/2/26"}, "trial_first: “1/2/26” is not a valid date."),
        ({"contract_date": "1901-01-01"}, "contract_date: Enter a date between the years 1970"),
        ({"debtor_number": "1" * 21}, "debtor_number: Ensure this value has at most 20"),
        ({"contract_end": "2026-09-30"}, "contract_end: The last day of the contract is before"),
        ({"time_zone": "Berlin"}, "time_zone: “Berlin” is not a valid time zone."),
        ({"tags": "x" * 41}, "tags: A tag can have up to 40 characters."),
        ({"country": "Narnia"}, "country: “Narnia” is not a country."),
        ({"tax_id": "DE123"}, "tax_id: “DE123” is not a valid VAT number."),
        ({"tax": "None"}, "tax: Tax “None” does not exist."),
        ({"tax": "reverse_charge", "tax_id": "-"}, "tax_id: A reverse charge requires a tax ID."),
        ({"email_for_invoices": "x"}, "email_for_invoices: Enter a valid email address."),
        ({"invoice_language": "de"}, "invoice_language: “de” is not a language of invoices."),
        ({"attach_charges": "x"}, "attach_charges: “x” is neither yes nor no. Enter yes or no."),
        ({"attach_charges": "-"}, "attach_charges: This value cannot be removed."),
    ],
)
def test_a_wrong_value_refuses_the_file(values: dict[str, str], reason: str) -> None:
    OperatorFactory.create(email="boss@example.com")
    OwnerFactory.create(email="gone@example.com", is_active=False)
    TariffFactory.create(name="Old", is_archived=True)
    a_tax("AE", is_default=False)
    first = {"title": "Acme", "owner": "jo@example.com"}

    ((line, found),) = refused(dict.fromkeys(FULL, "") | first, FULL | values)

    assert line == 3
    assert found.startswith(reason)


def test_all_wrong_values_of_a_line_are_named() -> None:
    ((_line, reason),) = refused(FULL | {"country": "X", "tax": "Y"})
    assert "country: " in reason
    assert "tax: " in reason


@pytest.mark.parametrize(
    "second",
    [
        {"title": "ACME"},
        {"title": "Other", "watcher_id": "w-1"},
        {"title": "Älter", "watcher_id": "w-2"},
    ],
)
def test_two_lines_cannot_be_the_same_organization(second: dict[str, str]) -> None:
    OrganizationFactory.create(title="älter", watcher_id="w-9")
    common = {"owner": "jo@example.com"}
    lines = [
        {"title": "Acme", "watcher_id": "w-1"} | common,
        {"title": "Älter", "watcher_id": "w-2"} | common,
        {"watcher_id": ""} | second | common,
    ]

    ((line, reason),) = refused(*lines)

    assert line == 4
    assert "has the same title, Watcher ID or debtor number" in reason


def test_a_title_of_another_organization_is_refused() -> None:
    OrganizationFactory.create(title="Acme", watcher_id="w-1")
    OrganizationFactory.create(title="Zeta")
    assert refused({"title": "zeta", "watcher_id": "w-1"}) == [
        (2, "title: An organization with this title already exists.")
    ]


@pytest.mark.parametrize("lines_a_batch", [1, 500])
def test_organizations_exchange_their_titles(
    monkeypatch: pytest.MonkeyPatch, lines_a_batch: int
) -> None:
    monkeypatch.setattr(operation, "LINES_A_BATCH", lines_a_batch)
    ids = ("w-1", "w-2", "w-3")
    for title, watcher_id in zip(("Acme", "Zeta", "Kühl"), ids, strict=True):
        OrganizationFactory.create(title=title, watcher_id=watcher_id)
    lines = [
        {"title": title, "watcher_id": watcher_id}
        for title, watcher_id in zip(("zeta", "KÜHL", "acme"), ids, strict=True)
    ]

    shown = import_lines(*lines, dry_run=True)
    report, _owners = import_organizations(
        content_of(*lines), now=NOW, dry_run=False, shown=shown.version
    )

    assert changes(report) == [
        ("title", "Acme", "zeta"),
        ("title", "Zeta", "KÜHL"),
        ("title", "Kühl", "acme"),
    ]
    titles = Organization.objects.order_by("watcher_id").values_list("title", flat=True)
    assert list(titles) == ["zeta", "KÜHL", "acme"]


@pytest.mark.parametrize("lines_a_batch", [1, 500])
def test_a_title_that_its_organization_keeps_cannot_be_taken(
    monkeypatch: pytest.MonkeyPatch, lines_a_batch: int
) -> None:
    monkeypatch.setattr(operation, "LINES_A_BATCH", lines_a_batch)
    OrganizationFactory.create(title="Acme", watcher_id="w-1")
    OrganizationFactory.create(title="Zeta", watcher_id="w-2")
    OrganizationFactory.create(title="Kühl", watcher_id="w-3")
    reason = "title: An organization with this title already exists."
    assert refused(
        {"title": "Zeta", "watcher_id": "w-1"},
        {"title": "Kühl", "watcher_id": "w-2"},
        {"title": "Kühl & Sons", "watcher_id": "w-9", "owner": "jo@example.com"},
    ) == [(3, reason)]


@pytest.mark.parametrize("lines_a_batch", [1, 500])
def test_a_line_cannot_mean_a_title_that_an_earlier_line_changes(
    monkeypatch: pytest.MonkeyPatch, lines_a_batch: int
) -> None:
    monkeypatch.setattr(operation, "LINES_A_BATCH", lines_a_batch)
    OrganizationFactory.create(title="Acme", watcher_id="w-1")

    ((line, reason),) = refused(
        {"title": "Acme & Sons", "watcher_id": "w-1"},
        {"title": "ACME", "owner": "jo@example.com"},
    )

    assert line == 3
    assert (
        "Line 2 has the same title, Watcher ID or debtor number, or is the same organization."
        in reason
    )


def test_a_thousand_wrong_lines_are_enough() -> None:
    report = import_lines(*({"title": f"A {n}", "owner": "x"} for n in range(1_200)))
    assert (report.error_count, len(report.errors), report.is_cut_short) == (1_000, 1_000, True)


def test_outcomes_that_were_not_shown_are_not_imported() -> None:
    import_lines(FULL)
    line = {"title": FULL["title"], "city": "Bremen"}
    shown = import_lines(line, dry_run=True).version
    BillingDetails.objects.update(city="Bonn")

    report, _ids = import_organizations(content_of(line), now=NOW, dry_run=False, shown=shown)

    assert report.has_changed
    assert report.is_refused
    assert BillingDetails.objects.get().city == "Bonn"
    report, _ids = import_organizations(
        content_of(line), now=NOW, dry_run=False, shown=report.version
    )
    assert not report.is_refused


# --- Size and concurrency ------------------------------------------------------------------------


def lines_of(number: int) -> list[dict[str, str]]:
    return [
        FULL | {"title": f"Acme {each}", "watcher_id": f"w-{each}", "owner": f"o{each}@example.com"}
        for each in range(number)
    ]


def test_several_batches_are_one_import(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = lines_of(7)
    lines[-1]["owner"] = lines[0]["owner"]
    monkeypatch.setattr(operation, "LINES_A_BATCH", 3)
    dry = import_lines(*lines, dry_run=True)

    report, ids = import_organizations(
        content_of(*lines), now=NOW, dry_run=False, shown=dry.version
    )

    assert counts(report) == counts(dry) == (7, 0, 0)
    assert len(ids) == User.objects.count() == report.invited == 6
    assert refused(*lines[:6], lines[6] | {"tax": "?"})[0][0] == 8


@pytest.mark.parametrize("dry_run", [True, False])
def test_more_lines_do_not_need_more_queries(dry_run: bool) -> None:
    def queries(lines: list[dict[str, str]]) -> int:
        with CaptureQueriesContext(connection) as captured:
            assert not import_lines(*lines, dry_run=dry_run).errors
        return len(captured)

    queries(lines_of(1))
    few = queries(lines_of(3)[1:])
    assert queries(lines_of(23)[3:]) == few


@pytest.mark.parametrize("dry_run", [True, False])
def test_more_changed_lines_do_not_need_more_queries(dry_run: bool) -> None:
    def queries(lines: list[dict[str, str]]) -> int:
        with CaptureQueriesContext(connection) as captured:
            report = import_lines(*lines, dry_run=dry_run)
        assert counts(report) == (0, len(lines), 0)
        return len(captured)

    import_lines(*lines_of(22))
    values = {"contract_number": "C-2", "city": "Kiel", "tags": "Hamburg, west", "tariffs": "Basic"}
    lines = [line | values for line in lines_of(22)]

    queries(lines[:1])  # The new tag is created.
    few = queries(lines[1:3])
    assert queries(lines[3:21]) == few


@pytest.mark.django_db(transaction=True)
def test_an_import_waits_for_an_edit_and_sees_it() -> None:
    OrganizationFactory.create(title="Acme", contract_number="C-0")
    line = {"title": "Acme", "contract_number": "C-1"}
    shown = import_lines(line, dry_run=True).version

    with ThreadPoolExecutor(1) as executor:
        with transaction.atomic():
            Organization.objects.update(contract_number="C-2")
            waiting = executor.submit(
                _in_thread,
                lambda: import_organizations(content_of(line), now=NOW, dry_run=False, shown=shown),
            )
            wait_until_blocked(waiting)
        report, _ids = waiting.result()

    assert report.has_changed
    assert Organization.objects.get().contract_number == "C-2"


def _in_thread(work: Callable[[], Any]) -> Any:
    try:
        return work()
    finally:
        connection.close()
