"""Documents for tests."""

from dataclasses import replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from invoices.documents.accounting_tax import AccountingTax, AppliedRate
from invoices.documents.document import (
    Account,
    Document,
    DocumentLine,
    Kind,
    Party,
    Reference,
    TaxSubtotal,
)
from organizations.models import TaxCategory
from rating.periods import Period, month_of

OCTOBER = Period(date(2026, 10, 1), date(2026, 11, 1))
NUMBER = "INV-2026-000123"

PERCENTS = {TaxCategory.STANDARD: Decimal("19.00")}
_CODES = {
    TaxCategory.REVERSE_CHARGE: "VATEX-EU-AE",
    TaxCategory.NONE: "VATEX-EU-O",
    TaxCategory.INTRA_EU: "VATEX-EU-IC",
    TaxCategory.EXPORT: "VATEX-EU-G",
}
_REASONS = {
    TaxCategory.EXEMPT: "Exempt under Article 132 of Directive 2006/112/EC",
    TaxCategory.REVERSE_CHARGE: "Reverse charge",
    TaxCategory.NONE: "Not subject to VAT",
    TaxCategory.INTRA_EU: "Intra-EU supply, exempt from VAT",
    TaxCategory.EXPORT: "Export, exempt from VAT",
}


def line(
    tariff: str = "Basic", amount: str = "31.66", month: date = OCTOBER.start, digits: int = 2
) -> DocumentLine:
    """Return a line whose default amount is slightly more than its quantity times its price."""
    return DocumentLine(
        tariff,
        *month_of(month),
        Decimal("9.0000"),
        12,
        Decimal("3.516129"),
        rounded(amount, digits),
        TaxCategory.STANDARD,
        PERCENTS[TaxCategory.STANDARD],
    )


def subtotal(category: TaxCategory, percent: Decimal, net: Decimal, digits: int = 2) -> TaxSubtotal:
    """Return the tax on a sum of lines."""
    return TaxSubtotal(
        category,
        percent,
        _REASONS.get(category, ""),
        _CODES.get(category, ""),
        net,
        rounded(net * percent / 100, digits),
    )


def rounded(amount: Decimal | str, digits: int) -> Decimal:
    return Decimal(amount).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)


def an_invoice(
    *,
    category: TaxCategory = TaxCategory.STANDARD,
    currency: str = "EUR",
    digits: int = 2,
    language: str = "en",
    lines: tuple[DocumentLine, ...] | None = None,
) -> Document:
    """Return an invoice from a German provider to a French organization, by default two lines."""
    lines = lines or (
        line(digits=digits),
        replace(
            line("Pro", "14.9", digits=digits),
            price=Decimal("14.9"),
            cameras=1,
            quantity=Decimal(1),
        ),
    )
    percent = PERCENTS.get(category, Decimal(0))
    lines = tuple(replace(each, tax_category=category, tax_percent=percent) for each in lines)
    net = sum((each.amount for each in lines), Decimal(0))
    return Document(
        kind=Kind.INVOICE,
        number=NUMBER,
        issued_on=date(2026, 11, 3),
        due_on=date(2026, 11, 17),
        language=language,
        currency=currency,
        digits=digits,
        period=OCTOBER,
        seller=Party(
            "Watchful GmbH",
            "Hafenstraße 1",
            "10115",
            "Berlin",
            "DE",
            "DE123456789",
            "billing@watchful.example",
        ),
        account=Account("DE02 1203 0000 0000 2020 51", "BYLADEM1001", "Demo Bank"),
        logo=b"",
        buyer=Party(
            "Hôtel du Phare SARL",
            "1 rue de la Mer",
            "13001",
            "Marseille",
            "FR",
            "FR12345678901",
            "compta@phare.example",
        ),
        organization="Hotel Lighthouse",
        buyer_reference="C-77",
        lines=lines,
        net=net,
        taxes=(subtotal(category, percent, net, digits),),
        cancels=None,
    )


def as_credit_note(invoice: Document) -> Document:
    """Return the credit note that cancels an invoice."""
    return replace(
        invoice,
        kind=Kind.CREDIT_NOTE,
        number="CN-2026-000007",
        issued_on=date(2026, 11, 20),
        due_on=None,
        cancels=Reference(invoice.number, invoice.issued_on),
    )


def correction_line(
    amount: str, quantity: str, *, corrects: str = "INV-2026-000045", percent: str = "19.00"
) -> DocumentLine:
    """Return a line that corrects an invoice for September."""
    return replace(
        line(amount=amount, month=date(2026, 9, 1)),
        quantity=Decimal(quantity),
        tax_percent=Decimal(percent),
        corrects=corrects,
    )


def with_lines(document: Document, *lines: DocumentLine, category: TaxCategory) -> Document:
    """Return a document with these lines at rates of one category of tax."""
    nets: dict[Decimal, Decimal] = {}
    for each in lines:
        nets[each.tax_percent] = nets.get(each.tax_percent, Decimal(0)) + each.amount
    return replace(
        document,
        lines=tuple(replace(each, tax_category=category) for each in lines),
        net=sum(nets.values(), Decimal(0)),
        taxes=tuple(subtotal(category, percent, net) for percent, net in sorted(nets.items())),
        corrects=tuple(
            Reference(number, date(2026, 10, 3))
            for number in sorted({each.corrects for each in lines} - {""})
        ),
    )


def every_correction(category: TaxCategory = TaxCategory.STANDARD) -> dict[str, Document]:
    """Return a document of each kind that corrects invoices, by name."""
    percent = str(PERCENTS.get(category, "0"))
    more = correction_line("21.60", "2.4", percent=percent)
    less = correction_line("-9.10", "-1.010000", percent=percent)
    invoice = an_invoice(category=category)
    supplement = with_lines(invoice, more, less, category=category)
    partial = replace(
        with_lines(invoice, more, less, category=category),
        kind=Kind.CREDIT_NOTE,
        number="CN-2026-000008",
        due_on=None,
    )
    other = replace(less, corrects="INV-2026-000046")
    with_next = with_lines(invoice, *invoice.lines, more, other, category=category)
    return {"supplementary": supplement, "credit note": partial, "with the next": with_next}


def as_preview(document: Document) -> Document:
    """Return the preview of a document, which has no number."""
    return replace(document, number="")


def to(document: Document, **details: str) -> Document:
    """Return a document with some of its buyer's details replaced."""
    return replace(document, buyer=replace(document.buyer, **details))


def with_accounting_tax(
    document: Document, currency: str = "EUR", rate: AppliedRate | None = None
) -> Document:
    """Return a document that also states its taxes in another currency."""
    rate = rate or AppliedRate(
        currency, document.currency, Decimal("1.0812"), date(2026, 10, 30), "European Central Bank"
    )
    taxes = [tax.amount for tax in document.taxes]
    return replace(document, accounting_tax=AccountingTax.of(currency, rate, taxes))
