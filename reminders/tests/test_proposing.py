"""Which reminders are proposed, and when."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from accounts.models import User
from invoices.issuing.operations import cancel, issue
from invoices.models import Invoice
from invoices.tests.factories import IN_NOVEMBER, SEPTEMBER, BilledUseFactory, issued_invoice
from organizations.models import Organization
from payments.models import Method, PaymentKind
from payments.operations import record_on_account, reverse_payment
from reminders import sending
from reminders.models import (
    Arrangement,
    PaymentPromise,
    Reminder,
    ReminderItem,
    ReminderSettings,
    SmallAmount,
)
from reminders.proposing import organizations_to_look_at
from reminders.tests.factories import DUE_ON, a_level, a_reminder, after, look, pay, two_levels
from tests.jobs import jobs, run_jobs

pytestmark = pytest.mark.django_db


@pytest.fixture
def invoice() -> Invoice:
    return issued_invoice()


def proposed(invoice: Invoice, days: int) -> list[tuple[str, Decimal]]:
    """Return the name of the level and the sum of what is proposed after so many days."""
    look(invoice.organization, days)
    rows = Reminder.objects.filter(state="proposed").order_by("currency")
    return [(each.level.name, each.total) for each in rows]


def on_account(organization: Organization, amount: str, **others: Any) -> None:
    record_on_account(
        organization_id=organization.pk,
        currency="EUR",
        automatically=False,
        paid_on=DUE_ON,
        amount=Decimal(amount),
        method=Method.TRANSFER,
        reference="",
        now=after(1),
        by=None,
        **others,
    )


def sent(reminder: Reminder, days: int) -> Reminder:
    """Approve and send a reminder."""
    Reminder.objects.filter(pk=reminder.pk).update(state="approved")
    sending.send(reminder_id=reminder.pk, now=after(days))
    reminder.refresh_from_db()
    assert reminder.state == "sent"
    return reminder


class TestWhen:
    def test_a_level_is_reached_after_its_days(self, invoice: Invoice) -> None:
        a_level(days=7)

        assert proposed(invoice, 6) == []
        assert proposed(invoice, 7) == [("First reminder", Decimal("10.71"))]

    def test_days_count_in_the_providers_calendar(self, invoice: Invoice, settings: Any) -> None:
        settings.TIME_ZONE = "Pacific/Kiritimati"
        a_level(days=7)

        # It is the day after there.
        assert proposed(invoice, 6) == [("First reminder", Decimal("10.71"))]

    def test_each_level_is_reached_once(self, invoice: Invoice) -> None:
        two_levels()
        sent(a_reminder(invoice), 7)

        assert proposed(invoice, 20) == []
        assert proposed(invoice, 21) == [("Last reminder", Decimal("10.71"))]
        sent(Reminder.objects.get(state="proposed"), 21)
        assert proposed(invoice, 300) == []

    def test_an_old_invoice_begins_with_the_first_level(self, invoice: Invoice) -> None:
        two_levels()

        assert proposed(invoice, 100) == [("First reminder", Decimal("10.71"))]

    def test_the_next_level_waits_for_the_new_due_date(self, invoice: Invoice) -> None:
        two_levels()
        sent(a_reminder(invoice, 18), 18)

        assert proposed(invoice, 25) == []
        assert proposed(invoice, 26) == [("Last reminder", Decimal("10.71"))]

    def test_a_skipped_level_counts_as_reached(self, invoice: Invoice, operator: User) -> None:
        two_levels()
        reminder = a_reminder(invoice)
        sending.skip(ids=[reminder.pk], reason="Called", now=after(7), by=operator)

        assert proposed(invoice, 20) == []
        assert proposed(invoice, 21) == [("Last reminder", Decimal("10.71"))]

    def test_nothing_is_proposed_without_levels(self, invoice: Invoice) -> None:
        assert proposed(invoice, 100) == []
        assert organizations_to_look_at(after(100)) == []

    def test_only_organizations_that_can_have_reminders_are_looked_at(
        self, invoice: Invoice
    ) -> None:
        issued_invoice()
        pay(Invoice.objects.latest("pk"), "10.71")
        a_level(days=7)

        assert organizations_to_look_at(after(6)) == []
        assert organizations_to_look_at(after(7)) == [invoice.organization_id]


class TestWhat:
    def test_one_reminder_has_all_overdue_invoices_at_their_levels(self, invoice: Invoice) -> None:
        first, last = two_levels()
        sent(a_reminder(invoice), 7)
        issue(organization_id=invoice.organization_id, period=SEPTEMBER, now=after(1), by=None)
        look(invoice.organization, 21)

        # The second is due 14 days later, so it is not overdue by 7 days yet.
        assert [each.level for each in Reminder.objects.get(state="proposed").items.all()] == [
            last,
            None,
        ]
        look(invoice.organization, 22)
        items = Reminder.objects.get(state="proposed").items.order_by("pk")
        assert [each.level for each in items] == [last, first]

    def test_paid_and_credited_invoices_are_left_out(self, invoice: Invoice) -> None:
        other = issued_invoice(invoice.organization, SEPTEMBER)
        third = issued_invoice()
        a_level()
        pay(invoice, "4.71")
        assert proposed(invoice, 7) == [("First reminder", Decimal("16.71"))]

        cancel(invoice_id=other.pk, now=after(1), by=None)
        assert proposed(invoice, 7) == [("First reminder", Decimal("6.00"))]
        pay(invoice, "6.00")
        assert proposed(invoice, 7) == []
        assert proposed(third, 7) == [("First reminder", Decimal("10.71"))]

    def test_credit_counts_as_paid_and_a_deposit_does_not(self, invoice: Invoice) -> None:
        a_level()
        on_account(invoice.organization, "50", kind=PaymentKind.DEPOSIT)
        on_account(invoice.organization, "4")
        assert proposed(invoice, 7) == [("First reminder", Decimal("6.71"))]

        on_account(invoice.organization, "6.71")
        assert proposed(invoice, 7) == []

    @pytest.mark.parametrize(("least", "is_worth"), [("10.71", True), ("10.72", False)])
    def test_small_amounts_are_not_reminded_of(
        self, invoice: Invoice, least: str, is_worth: bool
    ) -> None:
        a_level()
        SmallAmount.objects.create(currency="EUR", amount=Decimal(least))
        SmallAmount.objects.create(currency="USD", amount=Decimal(1000))

        assert bool(proposed(invoice, 7)) is is_worth

    def test_invoices_of_an_earlier_owner_are_left_to_people(
        self, invoice: Invoice, owner: User
    ) -> None:
        a_level()
        invoice.organization.owner = owner
        invoice.organization.save()

        assert proposed(invoice, 7) == []

    def test_charges_are_stated(self, invoice: Invoice) -> None:
        a_level(fee="5.00", rate=Decimal("36.5"))
        reminder = a_reminder(invoice, 10)

        # 10.71 x 36.5 % x 10 / 365 is 0.1071.
        assert (reminder.fee, reminder.interest) == (5, Decimal("0.11"))
        item = reminder.items.get()
        assert (item.days_overdue, item.interest_days) == (10, 10)

    def test_a_fee_is_in_the_currency_of_the_invoices(self, invoice: Invoice) -> None:
        a_level().fees.create(currency="USD", amount=5)

        assert a_reminder(invoice).fee == 0

    def test_a_closed_organization_is_charged_nothing(self, invoice: Invoice) -> None:
        Organization.objects.filter(pk=invoice.organization_id).update(
            closed_on=DUE_ON, closed_at=after(1)
        )
        a_level(fee="5.00", rate=Decimal(9))

        assert a_reminder(invoice).charges == 0

    def test_a_proposal_is_kept_up_to_date(self, invoice: Invoice) -> None:
        a_level(rate=Decimal("36.5"))
        reminder = a_reminder(invoice, 10)

        look(invoice.organization, 11)

        reminder.refresh_from_db()
        assert (reminder.as_of, reminder.interest) == (after(11).date(), Decimal("0.12"))
        assert reminder.items.get().interest_days == 11


class TestArrangements:
    def test_a_pause_holds_back_until_its_last_day(self, invoice: Invoice) -> None:
        a_level()
        a_reminder(invoice)
        Arrangement.objects.create(
            organization=invoice.organization,
            first_on=after(7).date(),
            last_on=after(10).date(),
            reason="Agreed",
        )

        assert proposed(invoice, 10) == []
        assert len(proposed(invoice, 11)) == 1

    def test_other_terms_replace_those_of_the_levels(self, invoice: Invoice) -> None:
        a_level(fee="5.00", rate=Decimal(9))
        Arrangement.objects.create(
            organization=invoice.organization,
            first_on=after(0).date(),
            last_on=after(90).date(),
            reason="Agreed",
            is_pause=False,
            extra_days=10,
            charges_fees=False,
            charges_interest=False,
        )

        assert proposed(invoice, 16) == []
        assert len(proposed(invoice, 17)) == 1
        assert Reminder.objects.get().charges == 0

    def test_a_promise_holds_back_its_currency_until_its_date(self, invoice: Invoice) -> None:
        a_level()
        dates = {"first_on": after(7).date(), "last_on": after(10).date()}
        promise = PaymentPromise.objects.create(
            organization=invoice.organization, currency="EUR", **dates
        )

        assert proposed(invoice, 10) == []
        assert len(proposed(invoice, 11)) == 1
        promise.currency = "USD"
        promise.save()
        assert len(proposed(invoice, 10)) == 1


class TestAutomatic:
    def test_reminders_are_approved_at_once(self, invoice: Invoice) -> None:
        a_level()
        ReminderSettings.objects.create(pk=1, is_automatic=True)

        (pk,) = look(invoice.organization, 7)

        assert Reminder.objects.get(pk=pk).state == "approved"

    def test_without_an_address_they_stay_proposed(self, invoice: Invoice) -> None:
        a_level()
        ReminderSettings.objects.create(pk=1, is_automatic=True)
        Organization.objects.update(billing_email="")

        assert look(invoice.organization, 7) == []
        assert Reminder.objects.get().state == "proposed"


class TestDatabase:
    def test_refuses_the_same_level_of_an_invoice_twice(self, invoice: Invoice) -> None:
        item = a_reminder(invoice).items.get()
        item.pk = None

        with pytest.raises(IntegrityError, match="reminders_level_once"):
            item.save()

    def test_refuses_two_undecided_reminders_in_a_currency(self, invoice: Invoice) -> None:
        reminder = a_reminder(invoice)
        reminder.pk = None

        with pytest.raises(IntegrityError, match="reminders_one_undecided"):
            reminder.save()

    @pytest.mark.parametrize(
        "change",
        [
            lambda reminder: reminder.delete(),
            lambda reminder: reminder.items.all().delete(),
            lambda reminder: Reminder.objects.update(total=1),
            lambda reminder: Reminder.objects.update(state="proposed", due_on=None, follow_up=""),
        ],
    )
    def test_keeps_what_was_sent(
        self, invoice: Invoice, change: Callable[[Reminder], object]
    ) -> None:
        reminder = sent(a_reminder(invoice), 7)

        with pytest.raises(DatabaseError), transaction.atomic():
            change(reminder)

        assert ReminderItem.objects.count() == 1

    def test_refuses_arrangements_that_overlap(self, invoice: Invoice) -> None:
        dates = {"first_on": date(2026, 11, 1), "last_on": date(2026, 11, 30)}
        Arrangement.objects.create(organization=invoice.organization, reason="A", **dates)

        with pytest.raises(IntegrityError, match="reminders_arrangements_apart"):
            Arrangement.objects.create(
                organization=invoice.organization,
                reason="B",
                first_on=date(2026, 11, 30),
                last_on=date(2026, 11, 30) + timedelta(days=1),
            )


def test_two_currencies_have_a_reminder_each(invoice: Invoice) -> None:
    a_level()
    BilledUseFactory.create(camera__organization=invoice.organization, tariff__currency="USD")
    issue(organization_id=invoice.organization_id, period=SEPTEMBER, now=IN_NOVEMBER, by=None)

    look(invoice.organization, 7)

    assert set(Reminder.objects.values_list("currency", flat=True)) == {"EUR", "USD"}


@pytest.mark.django_db(transaction=True)
def test_a_payment_changes_what_is_proposed_at_once() -> None:
    invoice = issued_invoice()
    reminder = a_reminder(invoice)
    pay(issued_invoice())
    assert "reminders.look_again" not in {job["task_name"] for job in jobs()}

    payment = pay(invoice)
    run_jobs("reminders")
    assert not Reminder.objects.filter(pk=reminder.pk).exists()

    a_reminder(issued_invoice(invoice.organization, SEPTEMBER))
    reverse_payment(payment_id=payment.pk, reason="Returned", now=after(8), by=None)
    run_jobs("reminders")
    assert Reminder.objects.get().items.count() == 2
