"""Refusals to record, allocate, pay out or reverse payments. Their texts say what to do."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import ClassVar

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from invoices.issuing.refusals import IssueRefusal
from tariffs.money import format_money


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


class PaidBackTooEarly(PaymentRefusal):
    """The date of a refund is before that of its payment."""

    field = "paid_on"

    def __init__(self, *, paid_on: date) -> None:
        super().__init__(paid_on=paid_on)
        self.paid_on = paid_on

    def __str__(self) -> str:
        return _("The payment was received on %(date)s. Enter this date or a later one.") % {
            "date": date_format(self.paid_on)
        }


class AlreadyRecorded(PaymentRefusal):
    """An equal payment is recorded and not reversed."""

    field = "again"

    def __str__(self) -> str:
        return _(
            "A payment of this amount, date and reference is already recorded. If there were two "
            "payments, confirm that this is another one."
        )


class RequestUsed(PaymentRefusal):
    """A form that recorded a payment was sent again with other values."""

    def __init__(self, *, amount: Decimal, currency: str) -> None:
        super().__init__(amount=amount, currency=currency)
        self.amount, self.currency = amount, currency

    def __str__(self) -> str:
        return _(
            "%(amount)s was recorded with this form before. Nothing else was recorded. If this is "
            "another payment, send the form once more; if the first was wrong, reverse it."
        ) % {"amount": format_money(self.amount, self.currency)}


class WasPaidOut(PaymentRefusal):
    """A part of the payment was refunded, transferred or taken back."""

    def __str__(self) -> str:
        return _(
            "Some of this payment has been refunded, transferred or taken back. Reverse that first."
        )


class TakenBack(PaymentRefusal):
    """It took back a write-off when the invoice was credited."""

    def __str__(self) -> str:
        return _("This belongs to a credit note and cannot be reversed.")


class TooMuchAllocated(PaymentRefusal):
    """More is allocated or paid out than is left of the payment."""

    field = "amount"

    def __init__(self, *, remaining: Decimal, currency: str) -> None:
        super().__init__(remaining=str(remaining), currency=currency)
        self.remaining = remaining
        self.currency = currency

    def __str__(self) -> str:
        return _("Only %(amount)s of this payment is left. Enter this amount or less.") % {
            "amount": format_money(self.remaining, self.currency)
        }


class TooMuchForInvoice(PaymentRefusal):
    """More is allocated or written off than is outstanding."""

    field = "amount"

    def __init__(self, *, number: str, outstanding: Decimal, currency: str) -> None:
        super().__init__(number=number, outstanding=str(outstanding), currency=currency)
        self.outstanding = outstanding
        self.currency = currency

    def __str__(self) -> str:
        return _("Only %(amount)s of %(number)s is outstanding. Enter this amount or less.") % {
            "amount": format_money(self.outstanding, self.currency),
            "number": self.details["number"],
        }


class NotAllocated(PaymentRefusal):
    """Nothing of the payment is allocated to the invoice."""

    def __str__(self) -> str:
        return _("This payment no longer pays the invoice. Nothing was changed.")


class NothingToAllocate(PaymentRefusal):
    """No amount was entered."""

    def __str__(self) -> str:
        return _("Enter an amount for at least one invoice.")


class NotAnIncoming(PaymentRefusal):
    """What is allocated, refunded or transferred is no payment with something left."""

    def __str__(self) -> str:
        return _("Nothing of this payment can be used.")


class WriteOffStays(PaymentRefusal):
    """A write-off is allocated to one invoice as long as it is not reversed."""

    def __str__(self) -> str:
        return _("A write-off cannot be moved. Reverse it instead.")


class OtherOwner(PaymentRefusal):
    """The organization that would receive a transfer has another owner."""

    field = "to"

    def __str__(self) -> str:
        return _("Choose another organization of the same owner.")


class ReasonMissing(PaymentRefusal):
    """A refund has no reference, or a write-off no reason."""

    field = "reference"

    def __str__(self) -> str:
        return _("Enter a reference or reason so that others can understand this later.")
