"""Batches: what they collect, once; what becomes of it; and what a bank takes back."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from accounts.tests.factories import OwnerFactory
from bank.posting import take_back
from bank.proposing import post_certain, propose, taken_back
from bank.tests.factories import a_line
from debits import collecting, operations, recording, refusals
from debits.models import Collection, DebitBatch
from debits.tests.factories import (
    COLLECTED_ON,
    NOW,
    ON_THE_DAY,
    a_batch,
    a_mandate,
    a_stored_batch,
    an_invoice_with_mandate,
    debit_settings,
)
from debits.tests.test_file import texts
from invoices.models import Invoice, OpenItem
from invoices.tests.factories import SEPTEMBER, BilledUseFactory, issued_invoice
from payments.models import Method, OnAccount, Payment
from payments.operations import record_payment, reverse_payment, undo_allocation
from payments.payouts import write_off
from tariffs.tests.factories import TariffFactory, TariffPriceFactory

pytestmark = pytest.mark.django_db

BY: dict[str, Any] = {"now": ON_THE_DAY, "by": None}


def paid_by_transfer(invoice: Invoice, now: datetime) -> Payment:
    return record_payment(
        invoice_id=invoice.pk,
        paid_on=now.date(),
        amount=invoice.total,
        method=Method.TRANSFER,
        reference="",
        now=now,
        by=None,
    )


def make(invoice: Invoice, **fields: Any) -> DebitBatch:
    items = collecting.due(COLLECTED_ON, [invoice.pk])
    values: dict[str, Any] = {
        "collected_on": COLLECTED_ON,
        "invoice_ids": [invoice.pk],
        "shown": {each.item.pk: each.version for each in items},
        "request": uuid4(),
        "now": NOW,
        "by": None,
        **fields,
    }
    return operations.make_batch(**values)


def outstanding(invoice: Invoice) -> Decimal:
    found: Decimal = OpenItem.objects.get(pk=invoice.pk).outstanding
    return found


class TestWhatIsDue:
    def test_invoices_in_euro_that_are_due_with_a_mandate(self) -> None:
        invoice = an_invoice_with_mandate()
        issued_invoice(BilledUseFactory.create().organization)
        dollar = TariffFactory.create(currency="USD")
        TariffPriceFactory.create(tariff=dollar)
        other = issued_invoice(BilledUseFactory.create(tariff=dollar).organization)
        a_mandate(other.organization, "M-2")

        assert [each.item.pk for each in collecting.due(COLLECTED_ON)] == [invoice.pk]
        due_on = invoice.due_on
        assert due_on is not None
        assert collecting.due(due_on - timedelta(days=1)) == []

    def test_what_an_earlier_owner_owes_is_left_to_people(self) -> None:
        organization = an_invoice_with_mandate().organization
        organization.owner = OwnerFactory.create()
        organization.save()
        assert collecting.due(COLLECTED_ON) == []

    def test_what_is_paid_is_not_collected(self) -> None:
        invoice = an_invoice_with_mandate()
        record_payment(
            invoice_id=invoice.pk,
            paid_on=NOW.date(),
            amount=Decimal("10.00"),
            method=Method.TRANSFER,
            reference="",
            now=NOW,
            by=None,
        )
        assert [each.amount for each in collecting.due(COLLECTED_ON)] == [Decimal("0.71")]

    def test_failed_and_ended_mandates_are_not_used(self) -> None:
        invoice = an_invoice_with_mandate()
        mandate = invoice.organization.mandates.get()
        mandate.failed_at = NOW
        mandate.save()
        assert collecting.due(COLLECTED_ON) == []
        operations.use_again(mandate_id=mandate.pk)
        assert collecting.due(COLLECTED_ON)
        operations.end_mandate(mandate_id=mandate.pk, now=NOW)
        assert collecting.due(COLLECTED_ON) == []

    def test_a_mandate_lapses_36_months_after_its_last_use(self) -> None:
        invoice = an_invoice_with_mandate("M-7")
        mandate = invoice.organization.mandates.get()
        mandate.signed_on = date(2023, 11, 20)
        mandate.save()
        assert collecting.due(COLLECTED_ON)
        mandate.signed_on = date(2023, 11, 19)
        mandate.save()
        (left_out,) = collecting.collectable(COLLECTED_ON).left_out
        assert "36 months" in left_out.reason

        earlier = a_stored_batch()
        earlier.collections.update(mandate=mandate, is_pending=False)
        assert [each.item.pk for each in collecting.due(COLLECTED_ON)].count(invoice.pk) == 1


class TestMaking:
    def test_the_file_collects_each_invoice_by_its_number(self) -> None:
        debit_settings()
        first = an_invoice_with_mandate()
        second = issued_invoice(first.organization, SEPTEMBER)
        batch = a_batch()

        content = bytes(batch.content)
        assert sorted(texts(content, "EndToEndId")) == sorted([first.number, second.number])
        assert texts(content, "CtrlSum")[0] == "21.42"
        assert (batch.number, batch.total) == (2, Decimal("21.42"))
        # A mandate is used for the first time once.
        assert sorted(batch.collections.values_list("sequence", flat=True)) == ["FRST", "RCUR"]

    def test_an_invoice_is_collected_once(self) -> None:
        invoice = an_invoice_with_mandate()
        batch = a_batch()

        assert collecting.due(COLLECTED_ON) == []
        with pytest.raises(refusals.Changed):
            make(invoice)
        with pytest.raises(IntegrityError), transaction.atomic():
            Collection.objects.create(
                batch=batch,
                invoice=invoice,
                mandate=invoice.organization.mandates.get(),
                amount=1,
                sequence="RCUR",
            )

    def test_a_repeated_request_makes_one_file(self) -> None:
        debit_settings()
        invoice, request = an_invoice_with_mandate(), uuid4()
        first = make(invoice, request=request)
        assert make(invoice, request=request) == first
        assert DebitBatch.objects.count() == 1

    def test_a_repeated_request_for_something_else_makes_nothing(self) -> None:
        debit_settings()
        invoice, other = an_invoice_with_mandate(), an_invoice_with_mandate("M-2")
        request = uuid4()
        make(invoice, request=request)

        later = COLLECTED_ON + timedelta(days=7)
        for changed in ({"invoice_ids": [other.pk]}, {"collected_on": later}):
            with pytest.raises(refusals.Changed):
                make(invoice, request=request, **changed)

        assert DebitBatch.objects.count() == 1

    def test_amounts_that_changed_are_shown_again(self) -> None:
        debit_settings()
        invoice = an_invoice_with_mandate()
        shown = {each.item.pk: each.version for each in collecting.due(COLLECTED_ON)}
        record_payment(
            invoice_id=invoice.pk,
            paid_on=NOW.date(),
            amount=Decimal(1),
            method=Method.TRANSFER,
            reference="",
            now=NOW,
            by=None,
        )
        with pytest.raises(refusals.Changed):
            make(invoice, shown=shown)

    @pytest.mark.parametrize(
        ("day", "refusal"),
        [
            (date(2026, 11, 18), refusals.TooEarly),
            (date(2026, 11, 21), refusals.NotABankingDay),
        ],
    )
    def test_banks_need_the_file_in_time(
        self, day: date, refusal: type[refusals.DebitRefusal]
    ) -> None:
        debit_settings()
        with pytest.raises(refusal):
            make(an_invoice_with_mandate(), collected_on=day)

    def test_without_settings_or_invoices_nothing_is_made(self) -> None:
        invoice = an_invoice_with_mandate()
        with pytest.raises(refusals.NoSettings):
            make(invoice)
        debit_settings()
        with pytest.raises(refusals.NothingToCollect):
            make(invoice, invoice_ids=[], shown={})


class TestCollecting:
    def test_payments_are_recorded_once_on_the_collection_date(self) -> None:
        invoice = an_invoice_with_mandate()
        batch = a_batch()
        with pytest.raises(refusals.NotCollectedYet):
            recording.record_collected(batch_id=batch.pk, now=NOW, by=None)

        recording.record_collected(batch_id=batch.pk, **BY)

        payment = Payment.objects.get()
        assert (payment.invoice, payment.amount) == (invoice, Decimal("10.71"))
        assert (payment.method, payment.paid_on) == (Method.DIRECT_DEBIT, COLLECTED_ON)
        assert outstanding(invoice) == 0
        with pytest.raises(refusals.NotToBeSent):
            recording.record_collected(batch_id=batch.pk, **BY)

    def test_a_write_off_of_the_same_amount_is_not_the_money(self) -> None:
        invoice = an_invoice_with_mandate()
        batch = a_batch()
        write_off(invoice_id=invoice.pk, amount=invoice.total, reason="Given up", **BY)

        recording.record_collected(batch_id=batch.pk, **BY)

        payment = batch.collections.get().payment
        assert payment is not None
        assert OnAccount.objects.get(pk=payment.pk).remaining == invoice.total

    def test_a_withdrawn_batch_lets_its_invoices_be_collected(self) -> None:
        an_invoice_with_mandate()
        batch = a_batch()
        operations.withdraw(batch_id=batch.pk, **BY)

        again = a_batch()
        # The bank has never seen the first one.
        assert again.collections.get().sequence == "FRST"
        with pytest.raises(refusals.NotToBeSent):
            operations.withdraw(batch_id=batch.pk, **BY)


class TestReturns:
    def test_a_reversal_marks_collection_and_mandate_with_its_reason(self) -> None:
        invoice = an_invoice_with_mandate()
        recording.record_collected(batch_id=a_batch().pk, **BY)

        reverse_payment(payment_id=Payment.objects.get().pk, reason="AM04", **BY)

        mandate = invoice.organization.mandates.get()
        assert (mandate.failed_at, mandate.failure) == (ON_THE_DAY, "AM04")
        assert Collection.objects.get().returned_at == ON_THE_DAY
        assert outstanding(invoice) == Decimal("10.71")
        assert collecting.due(COLLECTED_ON) == []
        operations.use_again(mandate_id=mandate.pk)
        assert [each.item.pk for each in collecting.due(COLLECTED_ON)] == [invoice.pk]

    def test_a_statement_takes_back_what_a_batch_recorded(self) -> None:
        invoice = an_invoice_with_mandate()
        recording.record_collected(batch_id=a_batch().pk, **BY)
        line = a_line("10.71", end_to_end=invoice.number, mark="DBIT")

        (proposed,) = taken_back(line)
        take_back(line_id=line.pk, payment_id=proposed.pk, **BY)

        assert invoice.organization.mandates.get().failed_at == ON_THE_DAY

    def test_a_return_of_what_the_statement_recorded_marks_the_mandate(self) -> None:
        invoice = an_invoice_with_mandate()
        a_batch()
        line = a_line("10.71", end_to_end=invoice.number)
        propose(currency="EUR")
        post_certain(line_id=line.pk, now=ON_THE_DAY)
        back = a_line("10.71", end_to_end=invoice.number, mark="DBIT")
        (proposed,) = taken_back(back)
        take_back(line_id=back.pk, payment_id=proposed.pk, **BY)

        assert invoice.organization.mandates.get().failed_at == ON_THE_DAY
        collection = Collection.objects.get()
        assert (collection.returned_at, collection.is_pending) == (ON_THE_DAY, False)

    def test_other_reversals_mark_nothing(self) -> None:
        invoice = an_invoice_with_mandate()
        payment = record_payment(
            invoice_id=invoice.pk,
            paid_on=NOW.date(),
            amount=Decimal(5),
            method=Method.TRANSFER,
            reference="",
            now=NOW,
            by=None,
        )
        a_batch()
        reverse_payment(payment_id=payment.pk, reason="", **BY)
        assert invoice.organization.mandates.get().is_used

    def test_a_reversal_by_hand_leaves_a_pending_collection(self) -> None:
        """A payment of the same amount by another way says nothing of what is at the bank."""
        invoice = an_invoice_with_mandate()
        batch = a_batch()
        payment = paid_by_transfer(invoice, now=NOW)

        reverse_payment(payment_id=payment.pk, reason="Wrong invoice", **BY)

        assert batch.collections.get().is_pending
        assert invoice.organization.mandates.get().is_used

    def test_a_payment_from_before_the_batch_is_not_its_collection(self) -> None:
        invoice = an_invoice_with_mandate()
        early = paid_by_transfer(invoice, now=NOW - timedelta(days=1))
        undo_allocation(payment_id=early.pk, invoice_id=invoice.pk, **BY)
        batch = a_batch()
        meanwhile = paid_by_transfer(invoice, now=ON_THE_DAY)
        recording.record_collected(batch_id=batch.pk, **BY)
        assert batch.collections.get().payment is None

        reverse_payment(payment_id=early.pk, reason="Wrong", **BY)
        assert invoice.organization.mandates.get().is_used
        reverse_payment(payment_id=meanwhile.pk, reason="AM04", **BY)
        assert invoice.organization.mandates.get().failure == "AM04"


class TestMandates:
    def test_an_organization_has_one(self) -> None:
        organization = an_invoice_with_mandate().organization
        with pytest.raises(refusals.HasMandate):
            a_mandate(organization, "M-2")
        operations.end_mandate(mandate_id=organization.mandates.get().pk, now=NOW)
        a_mandate(organization, "M-2")

    def test_one_in_use_at_the_bank_stays(self) -> None:
        mandate = an_invoice_with_mandate().organization.mandates.get()
        a_batch()
        with pytest.raises(refusals.InUse):
            operations.end_mandate(mandate_id=mandate.pk, now=NOW)

    def test_an_ended_one_is_not_used_again(self) -> None:
        mandate = an_invoice_with_mandate().organization.mandates.get()
        operations.end_mandate(mandate_id=mandate.pk, now=NOW)
        with pytest.raises(refusals.Ended):
            operations.use_again(mandate_id=mandate.pk)
