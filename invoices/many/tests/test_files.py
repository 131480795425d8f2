"""Tests of packing many documents into a zip file: whole or not there, and only for its owner."""

import csv
import io
import tracemalloc
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4
from zipfile import ZipFile

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from invoices.documents import archive
from invoices.issuing import operations
from invoices.many import files
from invoices.many.models import DocumentFile, DocumentFilePart
from invoices.models import Invoice, StoredDocument
from invoices.tests.factories import (
    IN_NOVEMBER,
    SEPTEMBER,
    BilledOrganizationFactory,
    BilledUseFactory,
    ProviderFactory,
    issued_invoice,
)
from local_run.tests.helpers import wait_until
from organizations.models import Organization
from tariffs.tests.factories import TariffFactory, TariffPriceFactory
from tests.fixtures import StartWorker
from tests.jobs import due_now, run_jobs

pytestmark = pytest.mark.django_db(transaction=True)


def customer(title: str, **fields: Any) -> Organization:
    organization = BilledOrganizationFactory.create(title=title, billing_email="", **fields)
    BilledUseFactory.create(camera__organization=organization)
    return organization


def asked(client: Client, query: str = "all=1") -> str:
    """Request a file; return the address of its page."""
    page = client.get(f"/invoices/pack/?{query}")
    made = client.post(f"/invoices/pack/?{query}", {"id": page.context["id"]})
    return str(made["Location"])


def content_of(client: Client, address: str) -> ZipFile:
    answer: Any = client.get(f"{address.rstrip('/')}.zip")
    content = b"".join(answer.streaming_content)
    assert len(content) == int(answer["Content-Length"])
    return ZipFile(io.BytesIO(content))


def index_of(packed: ZipFile) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(packed.read("index.csv").decode(), newline="")))


def test_a_file_holds_the_stored_pdf_the_xml_and_an_index(operator_client: Client) -> None:
    first = issued_invoice(customer("Harbour"))
    dinar = TariffFactory.create(currency="KWD")
    TariffPriceFactory.create(tariff=dinar, amount=Decimal("1.071"))
    second = BilledOrganizationFactory.create(title="Kuwait", billing_email="")
    BilledUseFactory.create(camera__organization=second, tariff=dinar)
    fine = issued_invoice(second)
    credit_note = operations.cancel(invoice_id=first.pk, now=IN_NOVEMBER, by=None)
    stored = archive.keep_pdf(first)

    address = asked(operator_client)
    assert "0 of 3 documents packed" in operator_client.get(address).text
    run_jobs()

    assert "The file with 3 documents is ready" in operator_client.get(address).text
    packed = content_of(operator_client, address)
    assert packed.testzip() is None
    with_xml = [first.number, credit_note.number]
    names = [f"{each.number}.pdf" for each in (first, fine, credit_note)]
    assert sorted(packed.namelist()) == sorted(
        [*names, *(f"{number}.xml" for number in with_xml), "index.csv"]
    )
    assert packed.read(f"{first.number}.pdf") == stored
    assert (
        packed.read(f"{first.number}.xml")
        == operator_client.get(f"/invoices/{first.pk}.xml").content
    )
    rows = index_of(packed)
    assert [row["number"] for row in rows] == [first.number, fine.number, credit_note.number]
    assert [row["xml"] for row in rows] == [f"{first.number}.xml", "", f"{credit_note.number}.xml"]
    assert [row["total"] for row in rows] == ["10.71", "1.274", "-10.71"]
    assert StoredDocument.objects.count() == 3


def test_documents_whose_numbers_differ_in_a_slash_have_files_of_their_own(
    operator_client: Client,
) -> None:
    ProviderFactory.create(invoice_prefix="A/B", credit_note_prefix="A-B")
    invoice = issued_invoice(customer("Harbour"))
    operations.cancel(invoice_id=invoice.pk, now=IN_NOVEMBER, by=None)

    address = asked(operator_client)
    run_jobs()

    packed = content_of(operator_client, address)
    names = packed.namelist()
    assert len(set(names)) == len(names) == 5
    rows = index_of(packed)
    assert [row["pdf"] for row in rows] == ["A-B-2026-000001.pdf", "A-B-2026-000001-2.pdf"]
    assert packed.read(rows[0]["pdf"]) == archive.keep_pdf(invoice)


def test_only_selected_documents_are_packed(operator_client: Client) -> None:
    first, second = issued_invoice(customer("First")), issued_invoice(customer("Second"))

    address = asked(operator_client, f"invoice={second.pk}")
    run_jobs()

    rows = index_of(content_of(operator_client, address))
    assert [row["number"] for row in rows] == [second.number]
    assert first.number not in content_of(operator_client, address).namelist()


class TestWhoMaySee:
    def test_owners_pack_only_their_own_documents(self, owner_client: Client, owner: User) -> None:
        own = issued_invoice(customer("Own", owner=owner))
        other = issued_invoice(customer("Other"))

        address = asked(owner_client, f"invoice={own.pk}&invoice={other.pk}")
        run_jobs()

        rows = index_of(content_of(owner_client, address))
        assert [row["number"] for row in rows] == [own.number]
        page = owner_client.get(f"/invoices/pack/?invoice={other.pk}", follow=True)
        assert "Select at least one invoice." in page.text

    def test_nobody_else_sees_the_file(
        self, owner_client: Client, operator_client: Client, owner: User
    ) -> None:
        issued_invoice(customer("Own", owner=owner))
        address = asked(owner_client)
        run_jobs()

        assert operator_client.get(address).status_code == 404
        assert operator_client.get(f"{address.rstrip('/')}.zip").status_code == 404

    def test_who_may_no_longer_see_a_document_cannot_download_it(
        self, owner_client: Client, owner: User
    ) -> None:
        organization = customer("Shared")
        organization.memberships.create(user=owner, role="owner")
        issued_invoice(organization)
        address = asked(owner_client)
        run_jobs()
        assert content_of(owner_client, address).namelist()

        organization.memberships.all().delete()

        assert owner_client.get(f"{address.rstrip('/')}.zip").status_code == 404


def test_a_document_whose_pdf_cannot_be_made_is_named(
    operator_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    good, bad = issued_invoice(customer("Good")), issued_invoice(customer("Bad"))

    def keep(invoice: Invoice) -> bytes:
        if invoice == bad:
            raise ValueError
        return archive.keep_pdf(invoice)

    monkeypatch.setattr(files, "keep_pdf", keep)
    address = asked(operator_client)
    run_jobs()

    assert "The PDF of 1 document could not be made." in operator_client.get(address).text
    rows = index_of(content_of(operator_client, address))
    assert [row["pdf"] for row in rows] == [f"{good.number}.pdf", ""]


def test_a_file_that_cannot_be_made_says_so(
    operator_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    issued_invoice(customer("Good"))

    def fail(*_arguments: object, **_options: object) -> None:
        raise ValueError

    monkeypatch.setattr(files, "export_rows", fail)
    address = asked(operator_client)
    for _ in range(3):
        run_jobs()
        due_now()

    assert "The file could not be made." in operator_client.get(address).text
    assert operator_client.get(f"{address.rstrip('/')}.zip").status_code == 404


def test_a_request_that_arrives_twice_makes_one_file(operator: User) -> None:
    one, file_id = issued_invoice(customer("One")), uuid4()

    for _ in range(2):
        files.ask(file_id=file_id, invoice_ids=[one.pk], now=IN_NOVEMBER, by=operator)
    run_jobs()
    files.make(file_id=str(file_id), today=IN_NOVEMBER.date())

    assert DocumentFile.objects.get().state == "ready"
    assert DocumentFilePart.objects.count() == 1


def test_a_file_is_whole_although_its_worker_was_killed(
    operator: User, operator_client: Client, start_worker: StartWorker
) -> None:
    organization = customer("Harbour")
    BilledUseFactory.create_batch(20, camera__organization=organization)
    issued = [issued_invoice(organization), issued_invoice(organization, SEPTEMBER)]
    for _ in range(20):
        operations.cancel(invoice_id=issued[-1].pk, now=IN_NOVEMBER, by=None)
        issued.append(issued_invoice(organization, SEPTEMBER))
    address = asked(operator_client)

    worker = start_worker()
    wait_until(lambda: StoredDocument.objects.count() > 3, 90)
    worker.kill()
    assert DocumentFile.objects.get().state == "waiting"
    assert not DocumentFilePart.objects.exists()
    start_worker()
    wait_until(lambda: DocumentFile.objects.get().state == "ready", 90)

    packed = content_of(operator_client, address)
    assert packed.testzip() is None
    assert len(index_of(packed)) == Invoice.objects.count() == 42


def test_memory_does_not_grow_with_the_number_of_documents(
    operator: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    organization = customer("Harbour")
    issued = [issued_invoice(organization)]
    for _ in range(11):
        operations.cancel(invoice_id=issued[-1].pk, now=IN_NOVEMBER, by=None)
        issued.append(issued_invoice(organization))
    size = 2_000_000
    large = [StoredDocument(invoice=each, pdf=bytes(size)) for each in Invoice.objects.all()]
    StoredDocument.objects.bulk_create(large)
    del large
    monkeypatch.setattr(files, "_DOCUMENTS_AT_ONCE", 2)
    file_id, ids = uuid4(), list(Invoice.objects.values_list("pk", flat=True))
    files.ask(file_id=file_id, invoice_ids=ids, now=IN_NOVEMBER, by=operator)

    tracemalloc.start()
    files.make(file_id=str(file_id), today=IN_NOVEMBER.date())
    made = tracemalloc.get_traced_memory()[1]
    tracemalloc.reset_peak()
    file = DocumentFile.objects.get()
    for _part in files.parts_of(file):
        pass
    read = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert file.size > len(ids) * size
    assert made < 8 * 2 * size
    assert read < 8 * files.PART_BYTES + made / 4


def test_files_are_deleted_after_a_day(operator: User) -> None:
    one = issued_invoice(customer("One"))
    now = timezone.now()
    old, new = uuid4(), uuid4()
    files.ask(file_id=old, invoice_ids=[one.pk], now=now - timedelta(hours=25), by=operator)
    files.ask(file_id=new, invoice_ids=[one.pk], now=now - timedelta(hours=23), by=operator)

    files.delete_old(now)
    run_jobs()

    assert DocumentFile.objects.get().pk == new
    assert DocumentFilePart.objects.get().file_id == new
