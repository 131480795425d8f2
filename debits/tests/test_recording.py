"""What a bank credits: each collection, or the sum of a batch or of a part of its file; once."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from uuid import uuid5

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bank import posting
from bank.models import BankLine, LineState
from bank.proposing import post_certain, propose, taken_back
from bank.reading.tests.files import camt, entry, statement
from bank.tasks import match
from bank.tests.factories import a_line, an_account, upload
from debits import recording, refusals
from debits.models import Collection, DebitBatch
from debits.tests.factories import (
    COLLECTED_ON,
    NOW,
    ON_THE_DAY,
    a_batch,
    an_invoice_with_mandate,
)
from invoices.issuing.operations import cancel
from invoices.models import Invoice, OpenItem
from invoices.tests.factories import SEPTEMBER, issued_invoice
from payments.books import BooksClosed, close_books
from payments.models import Allocation, Method, OnAccount, Payment
from payments.operations import record_payment, reverse_payment

pytestmark = pytest.mark.django_db

NOTHING = Decimal(0)
BY: dict[str, Any] = {"now": ON_THE_DAY, "by": None}
DAY = f"<BookgDt><Dt>{COLLECTED_ON}</Dt></BookgDt>"


def outstanding(invoice: Invoice) -> Decimal:
    found: Decimal = OpenItem.objects.get(pk=invoice.pk).outstanding
    return found


def a_sum(value: str, ids: str = "", *, day: str = DAY) -> BankLine:
    """Store a line that a bank booked without details; `ids` are those of its batch."""
    booked = entry(value, booked=day).replace(
        "</Ntry>", f"<NtryDtls><Btch>{ids}</Btch></NtryDtls></Ntry>"
    )
    return upload(camt(statement(booked))).statements.get().lines.get()


def two_parts() -> tuple[DebitBatch, Invoice, Invoice]:
    """Make a batch whose file has two parts: a first collection, and another with its mandate."""
    first = an_invoice_with_mandate()
    second = issued_invoice(first.organization, SEPTEMBER)
    return a_batch(), first, second


@pytest.fixture(autouse=True)
def account() -> None:
    an_account(posts_certain=True)


class TestSums:
    def test_a_sum_that_names_the_batch_records_it(self) -> None:
        invoices = [an_invoice_with_mandate(f"M-{number}") for number in (1, 2, 3)]
        batch = a_batch()
        line = a_sum("32.13", f"<MsgId>{batch.message_id}</MsgId>")

        match(currency="EUR")

        line.refresh_from_db()
        batch.refresh_from_db()
        assert (line.state, batch.state) == (LineState.POSTED, DebitBatch.State.COLLECTED)
        assert {outstanding(each) for each in invoices} == {Decimal(0)}
        payments = Payment.objects.filter(bank_posting__line=line)
        assert {(each.method, each.paid_on, each.amount) for each in payments} == {
            (Method.DIRECT_DEBIT, COLLECTED_ON, Decimal("10.71"))
        }
        assert {each.reference for each in payments} == {each.number for each in invoices}
        assert batch.collections.filter(payment__in=payments).count() == 3

    def test_each_part_of_a_file_is_credited_by_itself(self) -> None:
        batch, first, second = two_parts()
        blocks = dict(batch.collections.values_list("invoice", "block"))
        assert len({*blocks.values()}) == 2

        a_sum("10.71", f"<PmtInfId>{blocks[second.pk]}</PmtInfId>")
        match(currency="EUR")

        assert (outstanding(first), outstanding(second)) == (Decimal("10.71"), NOTHING)
        batch.refresh_from_db()
        assert batch.state == DebitBatch.State.MADE
        # Only one part is left, so the id of the message is enough.
        a_sum("10.71", f"<MsgId>{batch.message_id}</MsgId>", day=DAY.replace("20<", "23<"))
        match(currency="EUR")
        batch.refresh_from_db()
        assert (outstanding(first), batch.state) == (NOTHING, DebitBatch.State.COLLECTED)

    def test_equal_parts_that_are_not_told_apart_are_left_to_people(self) -> None:
        batch, _first, _second = two_parts()
        line = a_sum("10.71", f"<MsgId>{batch.message_id}</MsgId>")

        match(currency="EUR")

        assert len(posting.sums_of(line)) == 2
        assert BankLine.objects.open().count() == 1

    def test_all_parts_can_be_credited_at_once(self) -> None:
        batch, first, second = two_parts()
        a_sum("21.42", f"<MsgId>{batch.message_id}</MsgId>")
        match(currency="EUR")
        assert outstanding(first) == outstanding(second) == 0

    def test_a_sum_without_a_name_is_proposed_and_not_certain(
        self, operator_client: Client
    ) -> None:
        invoice = an_invoice_with_mandate()
        batch = a_batch()
        line = a_sum("10.71")
        match(currency="EUR")
        assert BankLine.objects.open().exists()

        (row,) = operator_client.get("/bank/").context["table"].data
        assert row.has_proposal
        page = operator_client.get(f"/bank/lines/{line.pk}/")
        (found,) = page.context["sums"]
        assert (found.batch, found.is_certain) == (batch, False)
        sent = {"batch": batch.pk, "block": found.block}
        page = operator_client.post(f"/bank/lines/{line.pk}/record-batch/", sent, follow=True)
        assert "The payments were recorded." in page.text
        assert outstanding(invoice) == 0
        page = operator_client.post(f"/bank/lines/{line.pk}/record-batch/", sent, follow=True)
        assert "This proposal is outdated." in page.text
        assert Payment.objects.count() == 1

    def test_one_of_other_days_is_not_proposed(self) -> None:
        an_invoice_with_mandate()
        a_batch()
        assert posting.sums_of(a_sum("10.71", day=DAY.replace("20<", "09<"))) == []

    def test_a_bank_that_collected_less_states_another_sum(self, operator_client: Client) -> None:
        kept, refused = an_invoice_with_mandate("M-1"), an_invoice_with_mandate("M-2")
        batch = a_batch()
        line = a_sum("10.71", f"<MsgId>{batch.message_id}</MsgId>")
        match(currency="EUR")
        page = operator_client.get(f"/bank/lines/{line.pk}/")
        assert [each.is_exact for each in page.context["sums"]] == [False]
        assert "The bank booked another sum." in page.text

        collection = batch.collections.get(invoice=refused)
        address = f"/debits/collections/{collection.pk}/"
        operator_client.post(address, {"reason": "AC04"})
        match(currency="EUR")

        line.refresh_from_db()
        batch.refresh_from_db()
        assert (line.state, batch.state) == (LineState.POSTED, DebitBatch.State.COLLECTED)
        assert (outstanding(kept), outstanding(refused)) == (NOTHING, Decimal("10.71"))
        collection.refresh_from_db()
        assert (collection.payment, collection.reason) == (None, "AC04")
        assert refused.organization.mandates.get().failure == "AC04"
        page = operator_client.post(address, {"reason": "AC04"}, follow=True)
        assert "Nothing was changed." in page.text

    def test_another_sum_is_shown_beside_what_the_bank_names(self) -> None:
        batch, _first, second = two_parts()
        block = batch.collections.get(invoice=second).block
        whole = a_sum("30.00", f"<MsgId>{batch.message_id}</MsgId>")
        part = a_sum("31.00", f"<PmtInfId>{block}</PmtInfId>")
        assert [(each.block, each.number) for each in posting.sums_of(whole)] == [("", 2)]
        assert [(each.block, each.number) for each in posting.sums_of(part)] == [(block, 1)]

    def test_undoing_the_line_expects_the_money_again(self) -> None:
        invoice = an_invoice_with_mandate()
        batch = a_batch()
        line = a_sum("10.71", f"<MsgId>{batch.message_id}</MsgId>")
        match(currency="EUR")

        posting.undo(line_id=line.pk, **BY)

        batch.refresh_from_db()
        collection = batch.collections.get()
        assert (batch.state, collection.is_pending) == (DebitBatch.State.MADE, True)
        assert invoice.organization.mandates.get().is_used
        assert outstanding(invoice) == Decimal("10.71")
        match(currency="EUR")
        assert outstanding(invoice) == 0
        collection.refresh_from_db()
        assert collection.payment == Payment.objects.get(reverses=None, reversal=None)

    def test_what_was_collected_teaches_nothing_about_accounts(self) -> None:
        an_invoice_with_mandate()
        batch = a_batch()
        line = a_sum("10.71", f"<MsgId>{batch.message_id}</MsgId>")
        BankLine.objects.filter(pk=line.pk).update(other_account="DE02120300000000202051")
        match(currency="EUR")
        other = a_line("3.00", account="DE02120300000000202051")
        match(currency="EUR")
        assert not other.proposals.exists()


class TestApart:
    def test_a_line_that_states_the_collection_records_it(self) -> None:
        invoice = an_invoice_with_mandate()
        batch = a_batch()
        line = a_line("10.71", end_to_end=invoice.number)
        propose(currency="EUR")
        post_certain(line_id=line.pk, now=ON_THE_DAY)

        payment = Payment.objects.get()
        collection = batch.collections.get()
        assert (collection.payment, collection.is_pending) == (payment, False)
        assert payment.method == Method.DIRECT_DEBIT
        batch.refresh_from_db()
        assert batch.state == DebitBatch.State.COLLECTED
        # The sum of the batch has nothing left to record.
        assert posting.sums_of(a_sum("10.71", f"<MsgId>{batch.message_id}</MsgId>")) == []

    def test_what_somebody_else_paid_is_not_recorded_by_hand(self) -> None:
        invoice = an_invoice_with_mandate()
        batch = a_batch()
        line = a_line("10.71", text=invoice.number)
        propose(currency="EUR")
        post_certain(line_id=line.pk, now=ON_THE_DAY)

        recording.record_collected(batch_id=batch.pk, **BY)

        assert Payment.objects.count() == 1
        assert not Collection.objects.filter(is_pending=True).exists()


class TestOnce:
    def test_the_database_refuses_a_second_payment_of_a_collection(self) -> None:
        an_invoice_with_mandate()
        batch = a_batch()
        recording.record_collected(batch_id=batch.pk, **BY)
        collection, payment = batch.collections.get(), Payment.objects.get()
        assert payment.request == uuid5(batch.request, str(collection.pk))

        pending = pytest.raises(IntegrityError, match="debits_pending_until_recorded")
        with pending, transaction.atomic():
            batch.collections.update(is_pending=True)
        values = {
            each.attname: getattr(payment, each.attname)
            for each in Payment._meta.concrete_fields
            if each.attname != "id"
        }
        with pytest.raises(IntegrityError, match="request"), transaction.atomic():
            Payment.objects.create(**values)

    def test_a_line_of_a_recorded_batch_is_refused(self) -> None:
        an_invoice_with_mandate()
        batch = a_batch()
        line = a_sum("10.71", f"<MsgId>{batch.message_id}</MsgId>")
        recording.record_collected(batch_id=batch.pk, **BY)
        with pytest.raises(refusals.NotToBeSent):
            posting.post_batch(line_id=line.pk, batch_id=batch.pk, block="", **BY)

    def test_another_sum_is_refused(self) -> None:
        an_invoice_with_mandate()
        batch = a_batch()
        line = a_sum("10.70", f"<MsgId>{batch.message_id}</MsgId>")
        with pytest.raises(refusals.AnotherSum):
            posting.post_batch(line_id=line.pk, batch_id=batch.pk, block="", **BY)


class TestWhatCannotBePaid:
    def test_money_for_a_cancelled_invoice_stays_on_account(self) -> None:
        invoice = an_invoice_with_mandate()
        batch = a_batch()
        cancel(invoice_id=invoice.pk, now=NOW, by=None)
        a_sum("10.71", f"<MsgId>{batch.message_id}</MsgId>")
        match(currency="EUR")

        payment = Payment.objects.get()
        assert (payment.invoice, payment.organization) == (None, invoice.organization)
        assert OnAccount.objects.get().remaining == Decimal("10.71")

    def test_by_hand_too(self) -> None:
        cancelled, credited = an_invoice_with_mandate("M-1"), an_invoice_with_mandate("M-2")
        batch = a_batch()
        cancel(invoice_id=cancelled.pk, now=NOW, by=None)
        record_payment(
            invoice_id=credited.pk,
            paid_on=NOW.date(),
            amount=Decimal(5),
            method=Method.TRANSFER,
            reference="",
            now=ON_THE_DAY,
            by=None,
        )

        recording.record_collected(batch_id=batch.pk, **BY)

        assert batch.collections.filter(payment__isnull=False).count() == 2
        assert outstanding(credited) == 0
        assert {each.remaining for each in OnAccount.objects.credit()} == {
            Decimal("10.71"),
            Decimal(5),
        }

    def test_what_was_paid_meanwhile_stays_on_account(self) -> None:
        invoice = an_invoice_with_mandate()
        batch = a_batch()
        line = a_line("10.00", text=invoice.number)
        posting.post(
            line_id=line.pk,
            parts=[posting.Part(invoice.organization_id, Decimal(10))],
            now=NOW,
            by=None,
        )
        a_sum("10.71", f"<MsgId>{batch.message_id}</MsgId>")
        match(currency="EUR")
        assert outstanding(invoice) == 0
        assert OnAccount.objects.get(payment__amount=Decimal("10.71")).remaining == 10

    def test_a_closed_month_is_refused(self, operator_client: Client) -> None:
        an_invoice_with_mandate()
        batch = a_batch()
        close_books(month=COLLECTED_ON, now=datetime(2026, 12, 2, tzinfo=UTC), by=None)
        later = datetime(2026, 12, 3, tzinfo=UTC)
        with pytest.raises(BooksClosed):
            recording.record_collected(batch_id=batch.pk, now=later, by=None)
        page = operator_client.post(f"/debits/{batch.pk}/collected/", follow=True)
        assert "The books are closed" in page.text
        assert not Payment.objects.exists()


class TestReturns:
    def test_a_part_of_a_sum_is_taken_back_with_its_reason(self) -> None:
        back, kept = an_invoice_with_mandate("M-1"), an_invoice_with_mandate("M-2")
        batch = a_batch()
        line = a_sum("21.42", f"<MsgId>{batch.message_id}</MsgId>")
        match(currency="EUR")
        returned = a_line("10.71", end_to_end=back.number, mark="DBIT")

        (payment,) = taken_back(returned)
        posting.take_back(line_id=returned.pk, payment_id=payment.pk, **BY)

        line.refresh_from_db()
        assert line.state == LineState.POSTED
        assert (outstanding(back), outstanding(kept)) == (Decimal("10.71"), NOTHING)
        assert batch.collections.get(invoice=back).returned_at == ON_THE_DAY
        assert not back.organization.mandates.get().is_used
        assert kept.organization.mandates.get().is_used

    def test_a_reversal_by_hand_opens_the_line_for_its_part(self) -> None:
        an_invoice_with_mandate("M-1")
        an_invoice_with_mandate("M-2")
        batch = a_batch()
        line = a_sum("21.42", f"<MsgId>{batch.message_id}</MsgId>")
        match(currency="EUR")
        payment = Payment.objects.earliest("pk")

        reverse_payment(payment_id=payment.pk, reason="Wrong", **BY)

        line.refresh_from_db()
        assert (line.state, posting.left_of(line)) == (LineState.OPEN, Decimal("10.71"))
        assert batch.collections.get(payment=payment).reason == "Wrong"

    def test_what_was_refused_does_not_count_as_the_first_collection(self) -> None:
        invoice = an_invoice_with_mandate()
        collection = a_batch().collections.get()
        recording.not_collected(collection_id=collection.pk, reason="AC04", **BY)
        mandate = invoice.organization.mandates.get()
        mandate.failed_at, mandate.failure = None, ""
        mandate.save()
        assert a_batch().collections.get().sequence == "FRST"


def test_the_number_of_queries_does_not_grow_with_the_batch() -> None:
    counts: list[int] = []
    for number in (1, 4):
        for each in range(number):
            an_invoice_with_mandate(f"M-{number}-{each}")
        batch = a_batch()
        with CaptureQueriesContext(connection) as queries:
            recording.record_collected(batch_id=batch.pk, **BY)
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert Allocation.objects.count() == 5
