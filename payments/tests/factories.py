"""Factories of payments."""

from decimal import Decimal

from invoices.models import Invoice
from invoices.tests.factories import IN_NOVEMBER, issued_invoice
from organizations.models import Organization
from payments.models import Method, Payment, PaymentKind
from payments.operations import record_on_account, record_payment


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


def a_deposit(organization: Organization) -> Payment:
    """Record a deposit of EUR 50.00."""
    return record_on_account(
        organization_id=organization.pk,
        currency="EUR",
        automatically=False,
        kind=PaymentKind.DEPOSIT,
        paid_on=IN_NOVEMBER.date(),
        amount=Decimal(50),
        method=Method.TRANSFER,
        reference="RF18",
        now=IN_NOVEMBER,
        by=None,
    )
