"""Debtor numbers: the given ones, the counted ones, and that no two are the same."""

from concurrent.futures import ThreadPoolExecutor
from io import BytesIO

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from accounting.journal import accounts, bookings
from accounting.models import AccountingSettings
from accounting.operations import stored_values
from accounting.tests.factories import all_accounts
from accounting.tests.test_datev import NOVEMBER as DATEV_OF_NOVEMBER
from accounting.tests.test_datev import read
from accounting.tests.test_journal import NOVEMBER, exported
from foundation.web.versions import version_of
from invoices.tests.factories import IN_NOVEMBER, issued_invoice
from organizations.imports.operation import import_organizations
from organizations.models import Organization
from organizations.operations import stored_values as values_of_organization
from organizations.tests.factories import OrganizationFactory
from payments.tests.factories import a_payment
from tariffs.tests.test_operations_concurrency import wait_until_blocked

pytestmark = pytest.mark.django_db
TWICE = "counted for organization"


def counted(organization: Organization) -> str:
    return str(AccountingSettings().debtor(organization.pk))


def edited(client: Client, organization: Organization, number: str) -> str:
    """Give a number on the page of an organization; return what the form says against it."""
    organization.refresh_from_db()
    values = values_of_organization(organization)
    data = {
        "title": organization.title,
        "owner": organization.owner.email,
        "time_zone": organization.time_zone,
        "debtor_number": number,
        "version": version_of(values),
    }
    answer = client.post(f"/organizations/{organization.pk}/edit/", data)
    return "" if answer.status_code == 302 else str(answer.context["form"].errors)


def imported(*lines: str) -> list[str]:
    content = "\n".join(("title,owner,debtor_number", *lines)).encode()
    report, _owners = import_organizations(BytesIO(content), now=IN_NOVEMBER, dry_run=False)
    return [str(error) for error in report.errors]


def test_a_given_number_is_booked_everywhere(operator_client: Client) -> None:
    all_accounts()
    payment = a_payment(issued_invoice())
    assert edited(operator_client, payment.organization, "69999") == ""

    assert {each.debtor for each in bookings(NOVEMBER, accounts())} == {"69999"}
    assert {row["debtor"] for row in exported(operator_client)} == {"69999"}
    _header, rows = read(operator_client)
    assert {row["Konto"] for row in rows} == {"69999"}
    page = operator_client.get(f"/organizations/{payment.organization_id}/billing/")
    assert "69999" in page.text


def test_a_number_is_refused_that_another_organization_has(operator_client: Client) -> None:
    first, second, third = OrganizationFactory.create_batch(3)

    assert edited(operator_client, first, "A-001") == ""
    assert first.title in edited(operator_client, second, "A-001")
    assert "is counted" in edited(operator_client, second, counted(third))
    # One's own counted number can be given, and so can that of an organization with another one.
    assert edited(operator_client, second, counted(second)) == ""
    assert edited(operator_client, third, counted(first)) == ""
    assert "two organizations" in edited(operator_client, first, "")


def test_a_first_number_is_refused_that_counts_a_given_one(operator_client: Client) -> None:
    given, other = OrganizationFactory.create_batch(2)
    Organization.objects.filter(pk=given.pk).update(debtor_number="500000")
    first = 500_000 - other.pk + 1
    values = {"first_debtor": str(first), "account_digits": "5", "year_begins": "1"}
    version = version_of(stored_values(None))

    page = operator_client.post("/accounting/settings/", {**values, "version": version})
    assert other.title in str(page.context["form"].errors["first_debtor"])
    assert not AccountingSettings.objects.exists()


def test_the_database_refuses_the_same_number_in_all_directions() -> None:
    given, other = OrganizationFactory.create_batch(2)
    of_given = Organization.objects.filter(pk=given.pk)

    with pytest.raises(IntegrityError, match=TWICE), transaction.atomic():
        of_given.update(debtor_number=counted(other))
    of_given.update(debtor_number="500000")
    with pytest.raises(IntegrityError, match=TWICE), transaction.atomic():
        AccountingSettings.objects.create(first_debtor=500_000 - other.pk + 1)
    of_given.update(debtor_number=str(10_000 + other.pk + 999))
    with pytest.raises(IntegrityError, match=TWICE), transaction.atomic():
        OrganizationFactory.create(pk=other.pk + 1_000)
    with pytest.raises(IntegrityError, match="debtor_unique"), transaction.atomic():
        Organization.objects.filter(pk=other.pk).update(debtor_number=str(10_999 + other.pk))


def test_zeros_in_front_and_letters_make_another_number() -> None:
    given, other = OrganizationFactory.create_batch(2)
    for number in (f"0{counted(other)}", f"{counted(other)} ", "00-001", "9" * 20, "Ж-1"):
        Organization.objects.filter(pk=given.pk).update(debtor_number=number)


def test_an_import_gives_exchanges_and_removes_numbers() -> None:
    first, second = OrganizationFactory.create_batch(2)
    assert imported(f"{first.title},,A-1", f"{second.title},,A-2") == []
    assert imported(f"{first.title},,A-2", f"{second.title},,A-1") == []
    first.refresh_from_db()
    assert first.debtor_number == "A-2"
    assert imported(f"{first.title},,-") == []
    first.refresh_from_db()
    assert first.debtor_number is None


def test_an_import_refuses_a_number_that_another_organization_has() -> None:
    first, second, third = OrganizationFactory.create_batch(3)
    Organization.objects.filter(pk=first.pk).update(debtor_number="A-1")

    (error,) = imported(f"{second.title},,A-1")
    assert f"debtor_number: {first.title} has the debtor number A-1" in error
    (error,) = imported(f"{second.title},,{counted(third)}")
    assert "is counted" in error
    (error,) = imported(f"{second.title},,A-2", f"{third.title},,A-2")
    assert "debtor number" in error


@pytest.mark.parametrize("number", ["700001", "1234", "12-45", "Ж-1"])
def test_numbers_that_datev_does_not_take_are_named(operator_client: Client, number: str) -> None:
    all_accounts()
    invoice = issued_invoice()
    Organization.objects.filter(pk=invoice.organization_id).update(debtor_number=number)
    elsewhere = OrganizationFactory.create(debtor_number="X")

    answer = operator_client.get(DATEV_OF_NOVEMBER)
    assert answer.status_code == 400
    assert f"{invoice.organization.title} ({number})" in answer.text
    assert elsewhere.title not in answer.text


@pytest.mark.django_db(transaction=True)
def test_who_gives_a_number_waits_for_who_adds_an_organization(
    background: ThreadPoolExecutor,
) -> None:
    given = OrganizationFactory.create()

    def give(number: str) -> None:
        Organization.objects.filter(pk=given.pk).update(debtor_number=number)

    with transaction.atomic():
        added = OrganizationFactory.create(owner=given.owner)
        later = background.submit(give, counted(added))
        wait_until_blocked(later)
    with pytest.raises(IntegrityError, match=TWICE):
        later.result()
