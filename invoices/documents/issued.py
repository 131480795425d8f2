"""Read issued invoices as documents."""

from __future__ import annotations

from decimal import Decimal

from invoices.documents.document import Account, Document, DocumentLine, Kind, Party, Reference, Tax
from invoices.models import Invoice
from organizations.models import TaxCategory


def document_of(invoice: Invoice) -> Document:
    """Return the document of an issued invoice or credit note."""
    cancels = invoice.cancels

    def exact(amount: Decimal) -> Decimal:
        return amount.quantize(Decimal(1).scaleb(-invoice.digits))

    return Document(
        kind=Kind(invoice.kind),
        number=invoice.number,
        issued_on=invoice.issued_on,
        due_on=invoice.due_on,
        language=invoice.language,
        currency=invoice.currency,
        digits=invoice.digits,
        period=invoice.period,
        seller=Party(**invoice.seller),
        account=Account(**invoice.account),
        logo=bytes(invoice.logo.content) if invoice.logo else b"",
        buyer=Party(**invoice.buyer),
        organization=invoice.organization_title,
        buyer_reference=invoice.buyer_reference,
        lines=tuple(
            DocumentLine(
                tariff=line.tariff,
                month=line.month,
                monthly_price=line.monthly_price,
                cameras=line.cameras,
                camera_months=line.camera_months,
                amount=exact(line.amount),
            )
            for line in invoice.lines.all()
        ),
        net=exact(invoice.net),
        tax=Tax(
            TaxCategory(invoice.tax_category),
            invoice.tax_rate,
            invoice.tax_reason,
            exact(invoice.tax_amount),
        ),
        cancels=Reference(cancels.number, cancels.issued_on) if cancels else None,
    )
