"""What follows the last reminder: a proposal to suspend, and after payment one to restore."""

from datetime import date
from urllib.parse import parse_qs, urlsplit

import pytest

from foundation.web.versions import version_of
from invoices.models import Invoice
from invoices.tests.factories import issued_invoice
from organizations.agreement.operations import add_term, change_term, stored_values, withdraw_term
from organizations.models import Organization, Suspension
from payments.operations import reverse_payment
from reminders.arrangements.operations import arrange
from reminders.follow_ups import decline, suspension_address
from reminders.models import PaymentPromise, Reminder
from reminders.refusals import NotProposed
from reminders.sending import send
from reminders.tests.factories import a_level, a_reminder, after, look, pay
from usage.closing.operations import close

pytestmark = pytest.mark.django_db


@pytest.fixture
def invoice() -> Invoice:
    """Return an invoice of which the last reminder was sent; its new due date is 14 days late."""
    invoice = issued_invoice()
    a_level(days=7, days_to_pay=7)
    reminder = a_reminder(invoice)
    Reminder.objects.update(state="approved")
    send(reminder_id=reminder.pk, now=after(7))
    return invoice


def followed(invoice: Invoice, days: int) -> str:
    look(invoice.organization, days)
    return Reminder.objects.get(state="sent").follow_up


def suspend(invoice: Invoice, first_on: date) -> Suspension:
    return add_term(
        model=Suspension,
        organization_id=invoice.organization_id,
        fields={"first_on": first_on, "last_on": None, "is_charged": True, "reason": "Not paid"},
    )


def test_suspension_is_proposed_after_the_new_due_date(invoice: Invoice) -> None:
    assert followed(invoice, 14) == "waiting"
    assert followed(invoice, 15) == "suspend"


def test_payment_ends_it(invoice: Invoice) -> None:
    assert followed(invoice, 15) == "suspend"
    pay(invoice, "10.70")
    assert followed(invoice, 15) == "suspend"
    pay(invoice, "0.01")

    assert followed(invoice, 15) == "done"


def test_full_payment_after_a_suspension_proposes_restoring(invoice: Invoice) -> None:
    suspension = suspend(invoice, after(15).date())
    assert followed(invoice, 15) == "suspended"
    payment = pay(invoice)
    assert followed(invoice, 16) == "restore"
    reverse_payment(payment_id=payment.pk, reason="Returned", now=after(16), by=None)
    assert followed(invoice, 16) == "suspended"
    pay(invoice)
    assert followed(invoice, 16) == "restore"

    change_term(
        model=Suspension,
        organization_id=invoice.organization_id,
        term_id=suspension.pk,
        shown=version_of(stored_values(suspension)),
        fields={"last_on": after(17).date()},
    )
    assert followed(invoice, 16) == "done"


def test_an_operator_sees_at_once_what_a_suspension_or_a_closing_changes(invoice: Invoice) -> None:
    assert followed(invoice, 15) == "suspend"
    suspension = suspend(invoice, after(15).date())
    reminder = Reminder.objects.get()
    assert reminder.follow_up == "suspended"

    withdraw_term(
        model=Suspension,
        organization_id=invoice.organization_id,
        term_id=suspension.pk,
        shown=version_of(stored_values(suspension)),
        now=after(14),
    )
    reminder.refresh_from_db()
    assert reminder.follow_up == "done"

    Reminder.objects.update(follow_up="suspend")
    close(organization_id=invoice.organization_id, last_on=after(15).date(), now=after(15))
    reminder.refresh_from_db()
    assert reminder.follow_up == "done"


def test_an_earlier_suspension_is_not_due_to_the_reminder(invoice: Invoice) -> None:
    suspend(invoice, after(6).date())
    pay(invoice)

    assert followed(invoice, 16) == "done"


def test_nothing_is_proposed_while_payment_is_promised(invoice: Invoice) -> None:
    fields = {
        "currency": "EUR",
        "first_on": after(14).date(),
        "last_on": after(16).date(),
        "amount": None,
        "note": "",
    }
    arrange(
        model=PaymentPromise,
        organization_id=invoice.organization_id,
        fields=fields,
        now=after(14),
    )

    assert followed(invoice, 16) == "waiting"
    assert followed(invoice, 17) == "suspend"


def test_somebody_decides_against_it(invoice: Invoice) -> None:
    followed(invoice, 15)
    reminder = Reminder.objects.get()

    decline(reminder_id=reminder.pk, reason="Pays in cash")

    assert followed(invoice, 16) == "done"
    with pytest.raises(NotProposed):
        decline(reminder_id=reminder.pk, reason="Again")


def test_a_closed_organization_is_not_suspended(invoice: Invoice) -> None:
    Organization.objects.update(closed_on=after(8).date(), closed_at=after(9))

    assert followed(invoice, 15) == "done"


def test_the_form_of_the_suspension_is_filled_in(invoice: Invoice) -> None:
    address = urlsplit(suspension_address(Reminder.objects.get(), after(15)))

    assert address.path == f"/organizations/{invoice.organization_id}/terms/suspensions/add/"
    assert parse_qs(address.query) == {
        "first_on": ["2026-12-01"],
        "reason": ["Not paid after the reminder of 23 Nov 2026"],
    }
