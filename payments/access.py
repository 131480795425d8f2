"""The payments that a page shows."""

from collections.abc import Sequence

from invoices.models import Invoice
from payments.models import Payment


def payments_of(invoice: Invoice) -> Sequence[Payment]:
    """Return an invoice's payments by date, each with its reversal and the user who recorded it."""
    payments = Payment.objects.filter(invoice=invoice)
    return list(payments.select_related("reversal", "recorded_by"))
