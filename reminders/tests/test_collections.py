"""What is being collected is not reminded of, and what is in dispute is not collected."""

from datetime import date
from decimal import Decimal
from uuid import uuid4

import pytest
from django.test import Client

from debits import collecting, operations, recording
from debits.models import DebitBatch
from debits.refusals import Changed
from debits.tests.factories import (
    COLLECTED_ON,
    ON_THE_DAY,
    a_batch,
    a_mandate,
    debit_settings,
)
from invoices.models import Invoice
from invoices.tests.factories import SEPTEMBER, issued_invoice
from organizations.agreement.operations import add_term
from organizations.models import Suspension
from reminders.models import Question, Reminder
from reminders.sending import send
from reminders.shown import reminders_of
from reminders.tests.factories import a_level, a_reminder, after, look

pytestmark = pytest.mark.django_db


@pytest.fixture
def invoice() -> Invoice:
    """Return an invoice for EUR 10.71 of an organization with a mandate, due on 16 November."""
    invoice = issued_invoice()
    a_mandate(invoice.organization)
    return invoice


def dispute(invoice: Invoice, amount: str) -> Question:
    return Question.objects.create(
        invoice=invoice, amount=Decimal(amount), asked_at=after(1), asked_by=invoice.owner
    )


def not_collected(batch: DebitBatch) -> None:
    collection = batch.collections.get()
    recording.not_collected(collection_id=collection.pk, reason="AC04", now=ON_THE_DAY, by=None)


class TestReminders:
    def test_what_is_being_collected_is_left_out(self, invoice: Invoice) -> None:
        a_level()
        batch = a_batch()
        look(invoice.organization, 7)
        assert not Reminder.objects.exists()

        not_collected(batch)
        look(invoice.organization, 7)
        assert Reminder.objects.get().total == Decimal("10.71")

    def test_what_another_invoice_leaves_open_is_reminded_of(self, invoice: Invoice) -> None:
        other = issued_invoice(invoice.organization, SEPTEMBER)
        a_level()
        a_batch(invoice)
        look(invoice.organization, 7)
        assert [each.invoice for each in Reminder.objects.get().items.all()] == [other]

    def test_a_proposal_goes_once_the_file_is_made(self, invoice: Invoice) -> None:
        reminder = a_reminder(invoice)
        a_batch()
        look(invoice.organization, 7)
        assert not Reminder.objects.filter(pk=reminder.pk).exists()

    def test_what_is_left_of_a_collected_invoice_is_reminded_of(self, invoice: Invoice) -> None:
        question = dispute(invoice, "4.00")
        a_level()
        batch = a_batch()
        assert batch.total == Decimal("6.71")
        look(invoice.organization, 7)
        assert not Reminder.objects.exists()

        question.state = "closed"
        question.save()
        look(invoice.organization, 7)
        assert Reminder.objects.get().total == 4

    def test_the_tab_states_the_date_of_the_collection(
        self, invoice: Invoice, operator_client: Client
    ) -> None:
        a_level()
        a_batch()
        shown = reminders_of(invoice.organization, invoice.owner, after(8)).next_steps
        assert shown == ()
        page = operator_client.get(f"/organizations/{invoice.organization_id}/payments/")
        assert "EUR: collected on 20 Nov 2026" in page.text
        assert "First reminder" not in page.text

    def test_no_suspension_is_proposed_meanwhile(self, invoice: Invoice) -> None:
        a_level(days_to_pay=7)
        reminder = a_reminder(invoice)
        Reminder.objects.update(state="approved")
        send(reminder_id=reminder.pk, now=after(7))
        batch = a_batch()
        look(invoice.organization, 15)
        reminder.refresh_from_db()
        assert reminder.follow_up == "waiting"

        not_collected(batch)
        look(invoice.organization, 15)
        reminder.refresh_from_db()
        assert reminder.follow_up == "suspend"

    def test_restoring_waits_until_the_money_is_there(self, invoice: Invoice) -> None:
        a_level(days_to_pay=7)
        reminder = a_reminder(invoice)
        Reminder.objects.update(state="approved")
        send(reminder_id=reminder.pk, now=after(7))
        add_term(
            model=Suspension,
            organization_id=invoice.organization_id,
            fields={
                "first_on": after(8).date(),
                "last_on": None,
                "is_charged": True,
                "reason": "Not paid",
            },
        )
        batch = a_batch()
        look(invoice.organization, 9)
        reminder.refresh_from_db()
        assert reminder.follow_up == "suspended"

        recording.record_collected(batch_id=batch.pk, now=ON_THE_DAY, by=None)
        look(invoice.organization, 9)
        reminder.refresh_from_db()
        assert reminder.follow_up == "restore"


class TestDisputes:
    def test_what_is_in_dispute_is_not_collected(
        self, invoice: Invoice, operator_client: Client
    ) -> None:
        debit_settings()
        dispute(invoice, "4.00")
        (due,) = collecting.due(COLLECTED_ON)
        assert (due.amount, due.disputed) == (Decimal("6.71"), Decimal(4))
        page = operator_client.get("/debits/make/")
        assert "without EUR\N{NO-BREAK SPACE}4.00 in dispute" in page.text

    def test_what_is_wholly_in_dispute_is_named_and_left_out(
        self, invoice: Invoice, operator_client: Client
    ) -> None:
        debit_settings()
        dispute(invoice, "10.00")
        dispute(invoice, "5.00")
        found = collecting.collectable(COLLECTED_ON)
        assert found.due == []
        assert [each.item.pk for each in found.left_out] == [invoice.pk]
        page = operator_client.get("/debits/make/")
        assert "All of it is in dispute." in page.text
        assert invoice.number in page.text

    def test_a_question_after_the_preview_makes_people_look_again(self, invoice: Invoice) -> None:
        debit_settings()
        (due,) = collecting.due(COLLECTED_ON)
        dispute(invoice, "4.00")
        with pytest.raises(Changed):
            operations.make_batch(
                collected_on=date(2026, 11, 20),
                invoice_ids=[invoice.pk],
                shown={invoice.pk: due.version},
                request=uuid4(),
                now=after(1),
                by=None,
            )
