"""Test that a document belongs to who owned the organization when it was issued."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client

import invoices.migrations
from accounts.models import User
from accounts.tests.factories import OwnerFactory
from foundation.audit.sql_files import read_sql
from invoices.issuing import operations
from invoices.models import Invoice
from invoices.sending import deliveries
from invoices.tests.factories import (
    IN_NOVEMBER,
    OCTOBER,
    SEPTEMBER,
    BilledUseFactory,
    issued_invoice,
)
from organizations.models import Organization

pytestmark = pytest.mark.django_db

PARTS = ("", ".pdf", ".xml", ".ubl.xml", "/charges/", "/charges.csv")


@pytest.fixture
def organization(owner: User) -> Organization:
    """Return an organization of the owner that owes EUR 9.00 a month."""
    return BilledUseFactory.create(
        camera__organization__owner=owner, camera__organization__title="Harbour"
    ).organization


@pytest.fixture
def new_owner_client() -> Client:
    client = Client()
    client.force_login(OwnerFactory.create())
    return client


def hand_over(organization: Organization, client: Client) -> None:
    """Make the person signed in with a client the owner, and rename the organization."""
    organization.owner_id = int(client.session["_auth_user_id"])
    organization.title = "Dock"
    organization.save()


def statuses(client: Client, invoice: Invoice) -> set[int]:
    addresses = [f"/invoices/{invoice.pk}{part or '/'}" for part in PARTS]
    return {client.get(address).status_code for address in addresses}


def listed(client: Client, address: str = "/invoices/") -> list[str]:
    table = client.get(address).context["table"]
    return [row.record.number for row in table.page.object_list]


def test_each_owner_reads_the_documents_of_their_time(
    organization: Organization, owner_client: Client, new_owner_client: Client
) -> None:
    before = issued_invoice(organization, SEPTEMBER)
    hand_over(organization, new_owner_client)
    after = issued_invoice(organization, OCTOBER)

    assert statuses(owner_client, before) == {200}
    assert statuses(owner_client, after) == {404}
    assert statuses(new_owner_client, before) == {404}
    assert statuses(new_owner_client, after) == {200}
    assert listed(owner_client) == [before.number]
    assert listed(new_owner_client) == [after.number]
    of_organization = f"/organizations/{organization.pk}/invoices/"
    assert listed(new_owner_client, of_organization) == [after.number]
    export = owner_client.get("/invoices/export.csv").getvalue().decode()
    assert before.number in export
    assert after.number not in export


def test_a_new_owner_sees_the_balance_before_the_first_document(
    organization: Organization, new_owner_client: Client
) -> None:
    invoice = issued_invoice(organization, SEPTEMBER)
    hand_over(organization, new_owner_client)

    page = new_owner_client.get(f"/organizations/{organization.pk}/invoices/").text

    assert "EUR\N{NO-BREAK SPACE}10.71" in page
    assert "No invoices yet" in page
    assert invoice.number not in page


def test_staff_read_all_documents(
    organization: Organization, support_client: Client, new_owner_client: Client
) -> None:
    before = issued_invoice(organization, SEPTEMBER)
    hand_over(organization, new_owner_client)
    assert statuses(support_client, before) == {200}


def test_a_former_owner_reads_nothing_else(
    organization: Organization, owner_client: Client, new_owner_client: Client
) -> None:
    issued_invoice(organization, SEPTEMBER)
    camera = organization.cameras.get()
    hand_over(organization, new_owner_client)
    for part in ("usages/", "usages.csv", "cameras/", "billing/", "invoices/"):
        assert owner_client.get(f"/organizations/{organization.pk}/{part}").status_code == 404
    assert owner_client.get(f"/cameras/{camera.pk}/").status_code == 404


def test_the_page_of_a_former_owner_shows_and_links_nothing_of_later(
    organization: Organization, owner_client: Client, new_owner_client: Client
) -> None:
    invoice = issued_invoice(organization, SEPTEMBER)
    hand_over(organization, new_owner_client)
    deliveries.ask(invoice=invoice, emails=["later@example.com"], now=IN_NOVEMBER, by=None)
    credit_note = operations.cancel(invoice_id=invoice.pk, now=IN_NOVEMBER, by=None)

    page = owner_client.get(f"/invoices/{invoice.pk}/").text
    assert "Harbour" in page
    assert "Dock" not in page
    assert "later@example.com" not in page
    assert f"/organizations/{organization.pk}/" not in page
    assert credit_note.number in page
    assert f"/invoices/{credit_note.pk}/" not in page

    page = new_owner_client.get(f"/invoices/{credit_note.pk}/").text
    assert invoice.number in page
    assert f'"/invoices/{invoice.pk}/"' not in page
    assert f"/organizations/{organization.pk}/invoices/" in page


def test_a_credit_note_belongs_to_the_owner_when_it_was_issued(
    organization: Organization, owner_client: Client, new_owner_client: Client
) -> None:
    invoice = issued_invoice(organization, SEPTEMBER)
    hand_over(organization, new_owner_client)
    credit_note = operations.cancel(invoice_id=invoice.pk, now=IN_NOVEMBER, by=None)
    assert owner_client.get(f"/invoices/{credit_note.pk}/").status_code == 404
    assert new_owner_client.get(f"/invoices/{credit_note.pk}/").status_code == 200
    page = owner_client.get(f"/invoices/{invoice.pk}/").text
    assert "was cancelled by credit note" in page


def test_a_new_owner_without_documents_sees_that_there_are_none(
    organization: Organization, new_owner_client: Client
) -> None:
    issued_invoice(organization, SEPTEMBER)
    hand_over(organization, new_owner_client)
    page = new_owner_client.get(f"/organizations/{organization.pk}/invoices/").text
    assert "No invoices yet" in page


def run(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)


@pytest.mark.parametrize(
    ("changed_at", "is_of_first"),
    [
        (IN_NOVEMBER + timedelta(days=1), True),
        (IN_NOVEMBER - timedelta(days=1), False),
        (IN_NOVEMBER, False),
    ],
)
def test_the_migration_finds_owners_in_the_history(
    organization: Organization,
    new_owner_client: Client,
    changed_at: datetime,
    is_of_first: bool,
) -> None:
    invoice = issued_invoice(organization, SEPTEMBER)
    first = organization.owner_id
    hand_over(organization, new_owner_client)
    second = organization.owner_id
    run("SET CONSTRAINTS ALL IMMEDIATE")
    # Date the history, and forget the owners.
    for table in ("organizations_organizationevent", "invoices_invoice"):
        run(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    run("UPDATE organizations_organizationevent SET pgh_created_at = '2026-01-01Z'")
    run(
        f"UPDATE organizations_organizationevent SET pgh_created_at = '{changed_at}'"
        f" WHERE owner_id = {second}"
    )
    run(f"UPDATE invoices_invoice SET owner_id = {OwnerFactory.create().pk}")
    run("SET CONSTRAINTS ALL IMMEDIATE")

    package = Path(invoices.migrations.__file__ or "").parent / "0010_owner.py"
    run(read_sql(str(package), "0010_owner_of_issued.sql"))

    invoice.refresh_from_db()
    assert invoice.owner_id == (first if is_of_first else second)
    event = Invoice.pgh_event_model.objects.get(pgh_obj_id=invoice.pk)  # type: ignore[attr-defined]
    assert event.owner_id == invoice.owner_id
