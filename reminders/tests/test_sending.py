"""Sending reminders: charges, mails, and what happens if something changes or fails meanwhile."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from accounts.mail_texts.models import MailText
from accounts.models import User
from invoices.models import Delivery, Invoice
from invoices.tests.factories import BilledUseFactory, issued_invoice
from organizations.models import BillingDetails, Contact, OneOffCharge, Organization
from organizations.tests.factories import OneOffChargeFactory
from reminders import charging, sending, tasks
from reminders.models import Level, Reminder, ReminderMail, ReminderSettings
from reminders.proposing import look_at
from reminders.refusals import NoAddress, NothingSelected, TooMuchCharged
from reminders.tests.factories import LAST, a_level, a_reminder, after, look, pay, two_levels
from tests.jobs import due_now, jobs, run_jobs
from tests.mail_server import MailServer, text_of

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def invoice() -> Invoice:
    """Return an invoice whose own mail is not sent."""
    invoice = issued_invoice()
    Delivery.objects.all().delete()
    run_jobs()
    return invoice


def approve(reminder: Reminder, operator: User) -> None:
    sending.approve(ids=[reminder.pk], now=after(10), by=operator)


def charges() -> list[tuple[str, Decimal, date]]:
    rows = OneOffCharge.objects.order_by("pk")
    return [(each.text, each.amount, each.day) for each in rows]


def large_invoice(*, quantity: int) -> Invoice:
    """Issue an invoice for so many hundreds of millions."""
    organization = BilledUseFactory.create().organization
    OneOffChargeFactory.create(
        organization=organization,
        day=date(2026, 10, 5),
        quantity=Decimal(quantity),
        amount=Decimal("99999999.99"),
    )
    return issued_invoice(organization)


class TestCharges:
    def test_interest_and_fee_are_one_off_charges(self, invoice: Invoice, operator: User) -> None:
        a_level(fee="5.00", rate=Decimal("36.5"))
        reminder = a_reminder(invoice, 10)
        approve(reminder, operator)

        sending.send(reminder_id=reminder.pk, now=after(10))

        day = after(10).date()
        assert charges() == [
            (
                "Interest on invoice INV-2026-000001: 36.5 % a year on "
                "EUR\N{NO-BREAK SPACE}10.71 for 10 days",
                Decimal("0.11"),
                day,
            ),
            ("Reminder of 26 Nov 2026: invoice INV-2026-000001", Decimal(5), day),
        ]
        reminder.refresh_from_db()
        assert reminder.fee_charge == OneOffCharge.objects.latest("pk")
        assert reminder.items.get().charge == OneOffCharge.objects.earliest("pk")

    def test_interest_is_charged_once_for_each_day(self, invoice: Invoice, operator: User) -> None:
        a_level(rate=Decimal("36.5"))
        a_level(**LAST, rate=Decimal(73))
        for days in (10, 30):
            reminder = a_reminder(invoice, days)
            approve(reminder, operator)
            sending.send(reminder_id=reminder.pk, now=after(days))

        # 20 days after the first reminder: 10.71 x 73 % x 20 / 365.
        assert [amount for _text, amount, _day in charges()] == [Decimal("0.11"), Decimal("0.43")]

    def test_a_day_that_is_invoiced_already_is_passed_over(
        self, invoice: Invoice, operator: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        a_level(fee="5.00")
        reminder = a_reminder(invoice, 10)
        approve(reminder, operator)
        until = date(2026, 12, 1)
        for place in ("reminders.charging", "organizations.agreement.operations"):
            monkeypatch.setattr(f"{place}.is_invoiced", lambda _pk, _code, day: day < until)

        sending.send(reminder_id=reminder.pk, now=after(10))

        assert [day for _text, _amount, day in charges()] == [until]

    def test_a_large_amount_is_charged_as_a_quantity(self, operator: User) -> None:
        a_level(rate=Decimal("99.99"))
        reminder = a_reminder(large_invoice(quantity=100), 30)
        approve(reminder, operator)

        sending.send(reminder_id=reminder.pk, now=after(30))

        item, charge = reminder.items.get(), OneOffCharge.objects.latest("pk")
        assert item.interest > 10**8
        assert (item.charge, charge.quantity) == (charge, Decimal(10))
        assert charge.quantity * charge.amount == item.interest

    def test_what_no_charge_can_be_is_refused(self, operator: User) -> None:
        a_level(rate=Decimal("99.99"))
        ReminderSettings.objects.create(pk=1, is_automatic=True)
        invoice = large_invoice(quantity=9_000)
        reminder = a_reminder(invoice, 30)
        assert reminder.interest > 10**10

        with pytest.raises(TooMuchCharged, match=invoice.organization.title):
            approve(reminder, operator)
        Reminder.objects.update(state="approved")
        sending.send(reminder_id=reminder.pk, now=after(30))

        assert Reminder.objects.get().state == "proposed"

    def test_texts_have_the_language_of_the_organization(
        self, invoice: Invoice, operator: User
    ) -> None:
        Organization.objects.update(invoice_language="ru")
        a_level(fee="5.00")
        reminder = a_reminder(invoice, 10)
        approve(reminder, operator)

        sending.send(reminder_id=reminder.pk, now=after(10))

        assert charges()[0][0].startswith("Напоминание")

    def test_the_numbers_of_many_invoices_are_cut(self, invoice: Invoice) -> None:
        from reminders.charging import _fee_text

        reminder = a_reminder(invoice)

        text = _fee_text(reminder, [f"INV-2026-{each:06}" for each in range(50)])

        assert len(text) <= 200
        assert text.endswith(" others")


class TestMail:
    def test_it_lists_what_is_overdue_with_the_statement_attached(
        self, invoice: Invoice, operator: User, smtp_server: MailServer
    ) -> None:
        a_level(fee="5.00")
        reminder = a_reminder(invoice, 10)
        approve(reminder, operator)

        tasks.send(reminder_ids=[reminder.pk], user_id=None)
        run_jobs()

        (mail,) = smtp_server.messages
        assert mail["To"] == "accounts@harbour.example"
        assert mail["Subject"] == "Reminder: EUR 10.71 is overdue"
        text = text_of(mail)
        assert "INV-2026-000001, due 16 Nov 2026: EUR\N{NO-BREAK SPACE}10.71" in text
        assert (
            "Fee and interest of EUR\N{NO-BREAK SPACE}5.00 are charged with the next invoice."
            in text
        )
        (attachment,) = mail.iter_attachments()
        assert str(attachment.get_filename()).startswith(f"account-{invoice.organization_id}-")
        assert attachment.get_content().startswith(b"%PDF")
        sent = ReminderMail.objects.get()
        assert (sent.state, sent.attempts) == ("sent", 1)

    def test_the_text_of_the_level_comes_before_the_general_one(
        self, invoice: Invoice, operator: User, smtp_server: MailServer
    ) -> None:
        level = a_level()
        level.texts.create(language="en", subject="{level}: {total}")
        MailText.objects.create(
            kind="reminder", language="en", subject="Unused", introduction="Pay {total}, {name}!"
        )
        reminder = a_reminder(invoice)
        approve(reminder, operator)

        run_jobs()

        (mail,) = smtp_server.messages
        assert mail["Subject"] == "First reminder: EUR 10.71"
        reminder.refresh_from_db()
        assert reminder.introduction.startswith("Pay EUR\N{NO-BREAK SPACE}10.71, ")

    def test_a_subject_that_is_filled_in_with_long_names_is_cut(
        self, invoice: Invoice, operator: User
    ) -> None:
        BillingDetails.objects.update(name="N" * 100)
        a_level().texts.create(language="en", subject="{name}" * 33)
        reminder = a_reminder(invoice)
        approve(reminder, operator)

        sending.send(reminder_id=reminder.pk, now=after(7))

        assert Reminder.objects.get().subject == "N" * 400

    def test_it_goes_to_all_who_receive_reminders_in_their_language(
        self, invoice: Invoice, operator: User, smtp_server: MailServer
    ) -> None:
        Organization.objects.update(invoice_language="ru")
        for name in ("ann", "zoe"):
            Contact.objects.create(
                organization=invoice.organization,
                name=name,
                email=f"{name}@example.com",
                receives_reminders=True,
            )
        a_level()
        reminder = a_reminder(invoice)
        approve(reminder, operator)

        run_jobs()

        assert sorted(mail["To"] for mail in smtp_server.messages) == [
            "ann@example.com",
            "zoe@example.com",
        ]
        assert all("Напоминание: просрочено" in mail["Subject"] for mail in smtp_server.messages)

    @pytest.mark.usefixtures("no_smtp_server")
    def test_it_is_tried_for_a_day(self, invoice: Invoice, operator: User) -> None:
        a_level()
        approve(a_reminder(invoice), operator)

        for _ in range(11):
            run_jobs()
            due_now()

        mail = ReminderMail.objects.get()
        assert mail.state == "failed"
        assert "Connection refused" in mail.problem
        assert [job["status"] for job in jobs()] == ["failed"]

    def test_a_long_account_begins_later(
        self, invoice: Invoice, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        from reminders import mails

        reminder = a_reminder(invoice)
        stated = mails.statement_of(reminder, date(2025, 1, 15))
        assert stated
        assert stated.period.start == date(2025, 1, 1)
        assert stated.entries == 1

        monkeypatch.setattr(mails, "MOST_PRINTED", 0)
        # The invoice is of this month.
        assert mails.statement_of(reminder, date(2025, 1, 15)) is None


class TestDecisions:
    def test_nothing_is_sent_without_an_address(self, invoice: Invoice, operator: User) -> None:
        reminder, other = a_reminder(invoice), a_reminder()
        Organization.objects.filter(pk=invoice.organization_id).update(billing_email="")

        with pytest.raises(NoAddress, match="has no email address"):
            sending.approve(ids=[reminder.pk, other.pk], now=after(7), by=operator)

        assert set(Reminder.objects.values_list("state", flat=True)) == {"proposed"}

    def test_a_decision_is_made_once(self, invoice: Invoice, operator: User) -> None:
        reminder = a_reminder(invoice)
        approve(reminder, operator)

        with pytest.raises(NothingSelected):
            approve(reminder, operator)
        with pytest.raises(NothingSelected):
            sending.skip(ids=[reminder.pk], reason="Late", now=after(7), by=operator)

    def test_what_was_paid_since_is_not_sent(self, invoice: Invoice, operator: User) -> None:
        reminder = a_reminder(invoice)
        approve(reminder, operator)
        pay(invoice)

        sending.send(reminder_id=reminder.pk, now=after(10))

        assert not Reminder.objects.exists()

    def test_what_was_paid_in_part_is_sent_with_the_rest(
        self, invoice: Invoice, operator: User
    ) -> None:
        reminder = a_reminder(invoice)
        approve(reminder, operator)
        pay(invoice, "0.71")

        sending.send(reminder_id=reminder.pk, now=after(10))

        reminder.refresh_from_db()
        assert (reminder.state, reminder.total) == ("sent", 10)

    def test_a_level_that_nobody_approved_is_proposed_again(
        self, invoice: Invoice, operator: User
    ) -> None:
        reminder = a_reminder(invoice)
        approve(reminder, operator)
        Level.objects.update(is_active=False)
        level = a_level(days=9, name="Another")

        sending.send(reminder_id=reminder.pk, now=after(10))

        reminder.refresh_from_db()
        assert (reminder.state, reminder.level, reminder.decided_by) == ("proposed", level, None)

    def test_only_the_last_level_is_followed(self, invoice: Invoice, operator: User) -> None:
        two_levels()
        found = []
        for days in (7, 21):
            reminder = a_reminder(invoice, days)
            approve(reminder, operator)
            sending.send(reminder_id=reminder.pk, now=after(days))
            reminder.refresh_from_db()
            found.append((reminder.follow_up, reminder.due_on))

        assert found == [
            ("", after(14).date()),
            ("waiting", after(31).date()),
        ]


class TestKilled:
    @pytest.mark.parametrize("place", ["charging._add", "sending.defer_mails"])
    def test_half_way_nothing_is_lost_or_sent_twice(
        self,
        invoice: Invoice,
        operator: User,
        smtp_server: MailServer,
        monkeypatch: pytest.MonkeyPatch,
        place: str,
    ) -> None:
        a_level(fee="5.00")
        reminder = a_reminder(invoice, 10)
        approve(reminder, operator)

        def die(*args: Any, **options: Any) -> None:
            raise SystemExit

        with monkeypatch.context() as patched:
            patched.setattr(f"reminders.{place}", die)
            with pytest.raises(SystemExit):
                tasks.send(reminder_ids=[reminder.pk], user_id=None)
        assert not OneOffCharge.objects.exists()
        assert not ReminderMail.objects.exists()

        for _ in range(2):
            tasks.send(reminder_ids=[reminder.pk], user_id=None)
            run_jobs()

        assert len(charges()) == 1
        assert len(smtp_server.messages) == 1

    def test_approved_ones_that_were_left_are_sent_by_the_next_look(
        self, invoice: Invoice, operator: User
    ) -> None:
        reminder = a_reminder(invoice)
        Reminder.objects.update(state="approved", decided_at=after(7), decided_by=operator)

        assert look(invoice.organization, 8) == [reminder.pk]


def test_a_job_proposes_and_sends_automatically(invoice: Invoice, smtp_server: MailServer) -> None:
    a_level()
    ReminderSettings.objects.create(pk=1, is_automatic=True)
    # The job takes the time of the clock, which is later than the due date.
    assert invoice.due_on
    days = (timezone.now().date() - invoice.due_on).days
    Level.objects.update(days=max(min(days - 1, 300), 1))

    tasks.look(timestamp=0)
    run_jobs()

    assert Reminder.objects.get().state == "sent"
    assert len(smtp_server.messages) == 1
    tasks.look(timestamp=0)
    run_jobs()
    assert len(smtp_server.messages) == 1


def test_one_that_cannot_be_sent_does_not_keep_the_others(
    invoice: Invoice, operator: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other = a_reminder(invoice), a_reminder()
    sending.approve(ids=[one.pk, other.pk], now=after(7), by=operator)
    real: Callable[..., None] = charging.charge

    def charge(reminder: Reminder, *args: Any) -> None:
        if reminder == one:
            raise RuntimeError
        real(reminder, *args)

    monkeypatch.setattr(sending, "charge", charge)
    with pytest.raises(ExceptionGroup):
        tasks.send(reminder_ids=[one.pk, other.pk], user_id=None)

    states = dict(Reminder.objects.values_list("pk", "state"))
    assert states == {one.pk: "approved", other.pk: "sent"}


def test_looking_twice_at_the_same_time_proposes_once(invoice: Invoice) -> None:
    from threading import Thread

    a_level()

    def look_once() -> None:
        try:
            look_at(organization_id=invoice.organization_id, now=after(7))
        finally:
            connection.close()

    threads = [Thread(target=look_once) for _ in range(3)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()

    assert Reminder.objects.count() == 1
