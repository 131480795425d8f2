"""Factory of payments."""

from decimal import Decimal

from invoices.models import Invoice
from invoices.tests.factories import IN_NOVEMBER, issued_invoice
from payments.models import Method, Payment
from payments.operations import record_payment


def a_payment(invoice: Invoice | None = None) -> Payment:
    """Record a payment of EUR 5.00, by default for a new invoice."""
    return record_payment(
        invoice_id=(invoice or issued_invoice()).pk,
        paid_on=IN_NOVEMBER.date(),
        amount=Decimal(5),
        method=Method.TRANSFER,
        reference="RF18",
        now=IN_NOVEMBER,
        by=None,
    )
