"""Read issued invoices as documents."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from django.db.models import Prefetch, prefetch_related_objects

from invoices.documents import accounting_tax
from invoices.documents.document import (
    Account,
    CarriedCredit,
    Document,
    DocumentLine,
    Kind,
    Party,
    Reference,
    TaxSubtotal,
)
from invoices.documents.french import French
from invoices.documents.references import References
from invoices.documents.style import Style
from invoices.documents.terms import Terms
from invoices.models import Correction, Invoice, InvoiceLine
from invoices.paying.references import PaymentReference, reference_for
from organizations.billing.profiles import Profile
from organizations.models import TaxCategory
from rating.agreement.lines import Section


def read_parts(invoices: Sequence[Invoice]) -> None:
    """Read what the documents of invoices state from other tables, unless it was read already.

    The number of queries does not depend on the number of invoices.
    """
    corrections = Prefetch("corrections", Correction.objects.named())
    prefetch_related_objects(
        invoices, "logo", "cancels", "lines", "taxes", "carried_credits", corrections
    )


def document_of(invoice: Invoice) -> Document:
    """Return the document of an issued invoice or credit note."""
    read_parts([invoice])
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
        lines=tuple(line_of(line, invoice.digits) for line in invoice.lines.all()),
        net=exact(invoice.net),
        taxes=tuple(
            TaxSubtotal(
                category=TaxCategory(tax.category),
                percent=tax.percent,
                reason=tax.reason,
                reason_code=tax.reason_code,
                net=exact(tax.net),
                amount=exact(tax.amount),
            )
            for tax in invoice.taxes.all()
        ),
        cancels=reference_to(cancels) if cancels else None,
        corrects=tuple(reference_to(each.corrects) for each in invoice.corrections.all()),
        carried=tuple(
            CarriedCredit(each.text, each.day, exact(each.amount))
            for each in invoice.carried_credits.all()
        ),
        payment_reference=_payment_reference(invoice),
        profile=Profile(invoice.profile),
        references=References(**invoice.references),
        french=French(**invoice.french) if invoice.french else None,
        style=Style.of(invoice.style),
        terms=Terms.of(invoice.terms),
        accounting_tax=accounting_tax.restored(invoice.accounting_tax),
    )


def _payment_reference(invoice: Invoice) -> PaymentReference | None:
    if invoice.is_credit_note:
        return None
    account = invoice.account["number"]
    return reference_for(number=invoice.number, key=invoice.pk, account=account)


def line_of(line: InvoiceLine, digits: int) -> DocumentLine:
    """Return a stored line of a document whose amounts have `digits` decimal places."""
    return DocumentLine(
        item=line.item,
        period_from=line.period_from,
        period_until=line.period_until,
        price=line.price,
        cameras=line.cameras,
        quantity=line.quantity,
        amount=line.amount.quantize(Decimal(1).scaleb(-digits)),
        tax_category=TaxCategory(line.tax_category),
        tax_percent=line.tax_percent,
        corrects=line.corrects,
        section=Section(line.section),
        gross_price=line.gross_price,
        days=line.days,
    )


def reference_to(invoice: Invoice) -> Reference:
    """Return a reference to an issued invoice."""
    return Reference(invoice.number, invoice.issued_on)
