"""Record and reverse payments of invoices.

Each operation first locks the invoice's organization, as issuing and cancelling do. If two people
record, reverse or cancel at the same time, the second therefore sees what the first did.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, ClassVar

from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from invoices.issuing.refusals import IssueRefusal
from invoices.models import Invoice
from organizations.models import Organization
from payments.models import Payment
from tariffs.money import format_money
from tariffs.provider_calendar import provider_date

# Some customers pay before they are billed. An earlier date than this has a mistyped year.
_LONGEST_BEFORE = timedelta(days=366)


class PaymentRefusal(IssueRefusal):
    """A refusal to record or reverse a payment. `field` is the form field to correct, if any."""

    field: ClassVar[str | None] = None


class NotPositive(PaymentRefusal):
    """The amount is not above 0."""

    field = "amount"

    def __str__(self) -> str:
        return _("Enter an amount above 0. To undo a payment, reverse it.")


class TooFine(PaymentRefusal):
    """The amount has more decimals than the currency's minor unit."""

    field = "amount"

    def __init__(self, *, currency: str, digits: int) -> None:
        super().__init__(currency=currency, digits=digits)

    def __str__(self) -> str:
        return ngettext(
            "An amount in %(currency)s can have at most %(digits)s decimal place. "
            "Correct the amount.",
            "An amount in %(currency)s can have at most %(digits)s decimal places. "
            "Correct the amount.",
            self.details["digits"],
        ) % {**self.details}


class PaidInFuture(PaymentRefusal):
    """The date is after today in the provider's time zone."""

    field = "paid_on"

    def __str__(self) -> str:
        return _("The date is in the future. Enter today’s date or an earlier one.")


class PaidTooEarly(PaymentRefusal):
    """The date is more than a year before the invoice."""

    field = "paid_on"

    def __init__(self, *, issued_on: date) -> None:
        super().__init__(issued_on=issued_on)
        self.issued_on = issued_on

    def __str__(self) -> str:
        return _(
            "The date is more than a year before the invoice date (%(date)s). Correct the year."
        ) % {"date": date_format(self.issued_on)}


class CreditNoteNotPaid(PaymentRefusal):
    """The document is a credit note."""

    def __str__(self) -> str:
        return _("A credit note cannot be paid. Record the payment on the invoice it belongs to.")


class CancelledNotPaid(PaymentRefusal):
    """The invoice has a credit note."""

    def __init__(self, *, credit_note: str) -> None:
        super().__init__(credit_note=credit_note)

    def __str__(self) -> str:
        return _(
            "This invoice was cancelled by credit note %(credit_note)s. Record the "
            "payment on the invoice that replaces it."
        ) % {**self.details}


class OutstandingChanged(PaymentRefusal):
    """The outstanding amount differs from the amount that the person was shown."""

    def __init__(self, *, outstanding: Decimal, currency: str) -> None:
        super().__init__(outstanding=str(outstanding), currency=currency)
        self.outstanding = outstanding
        self.currency = currency

    def __str__(self) -> str:
        return _(
            "The payments on this invoice have changed since you opened this page: "
            "%(amount)s is now outstanding. Before you record your payment, check "
            "that it is not already there."
        ) % {"amount": format_money(self.outstanding, self.currency)}


class AlreadyReversed(PaymentRefusal):
    """The payment already has a reversal."""

    def __str__(self) -> str:
        return _("This payment has already been reversed.")


class IsReversal(PaymentRefusal):
    """The payment is itself a reversal."""

    def __str__(self) -> str:
        return _("A reversal cannot be reversed. Record the payment again.")


@transaction.atomic
def record_payment(
    *,
    invoice_id: int,
    paid_on: date,
    amount: Decimal,
    method: str,
    reference: str,
    now: datetime,
    by: User | None,
    shown: Decimal | None = None,
) -> Payment:
    """Record that `amount` was received for an invoice.

    It may be less than, equal to or more than the outstanding amount. `shown` is the outstanding
    amount that the person saw. It prevents a second click from recording the payment twice.

    Raises:
        Invoice.DoesNotExist: there is no such invoice.
        CreditNoteNotPaid, CancelledNotPaid: the document does not take payments.
        NotPositive, TooFine, PaidInFuture, PaidTooEarly: the amount or the date is not valid.
        OutstandingChanged: the outstanding amount differs from `shown`.
    """
    invoice = _locked(invoice_id, now)
    check_payment(invoice=invoice, paid_on=paid_on, amount=amount, now=now)
    if shown is not None and shown != invoice.outstanding:
        raise OutstandingChanged(outstanding=invoice.outstanding, currency=invoice.currency)
    return Payment.objects.create(
        invoice=invoice,
        paid_on=paid_on,
        amount=amount,
        method=method,
        reference=reference,
        recorded_at=now,
        recorded_by=by,
    )


@transaction.atomic
def reverse_payment(*, payment_id: int, reason: str, now: datetime, by: User | None) -> Payment:
    """Reverse a payment; return the reversal.

    The reversal has the negated amount and today's date, and `reason` as its reference. A payment
    of a cancelled invoice can also be reversed, to record that the money was paid back.

    Raises:
        Payment.DoesNotExist: there is no such payment.
        IsReversal, AlreadyReversed: the payment cannot be reversed.
    """
    invoice_id = Payment.objects.values_list("invoice_id", flat=True).get(pk=payment_id)
    _locked(invoice_id, now)
    payment = Payment.objects.select_related("reversal").get(pk=payment_id)
    check_can_be_reversed(payment)
    return Payment.objects.create(
        invoice_id=invoice_id,
        paid_on=provider_date(now),
        amount=-payment.amount,
        method=payment.method,
        reference=reason,
        reverses=payment,
        recorded_at=now,
        recorded_by=by,
    )


def check_can_be_reversed(payment: Payment) -> None:
    """Check that a payment can be reversed. It must be read with its `reversal`.

    Raises:
        IsReversal, AlreadyReversed: the payment cannot be reversed.
    """
    if payment.reverses_id is not None:
        raise IsReversal
    if hasattr(payment, "reversal"):
        raise AlreadyReversed


def check_payment(*, invoice: Invoice, paid_on: date, amount: Decimal, now: datetime) -> None:
    """Check a payment of `invoice`, which must be read with its `credit_note`.

    Raises:
        CreditNoteNotPaid, CancelledNotPaid, NotPositive, TooFine, PaidInFuture, PaidTooEarly: as
            for `record_payment`.
    """
    check_takes_payments(invoice)
    if amount <= 0:
        raise NotPositive
    if amount != amount.quantize(Decimal(1).scaleb(-invoice.digits)):
        raise TooFine(currency=invoice.currency, digits=invoice.digits)
    if paid_on > provider_date(now):
        raise PaidInFuture
    if paid_on < invoice.issued_on - _LONGEST_BEFORE:
        raise PaidTooEarly(issued_on=invoice.issued_on)


def check_takes_payments(invoice: Invoice) -> None:
    """Check that a document takes payments. It must be read with its `credit_note`.

    Raises:
        CreditNoteNotPaid, CancelledNotPaid: the document does not take payments.
    """
    if invoice.is_credit_note:
        raise CreditNoteNotPaid
    if hasattr(invoice, "credit_note"):
        raise CancelledNotPaid(credit_note=invoice.credit_note.number)


def _locked(invoice_id: int, now: datetime) -> Any:
    """Lock an invoice's organization; return the invoice with its open item after the lock."""
    # The invoice itself never changes, so it needs no lock.
    organization_id = Invoice.objects.values_list("organization_id", flat=True).get(pk=invoice_id)
    Organization.objects.select_for_update(no_key=True).get(pk=organization_id)
    invoices = Invoice.objects.with_open_item(provider_date(now)).select_related("credit_note")
    return invoices.get(pk=invoice_id)
