"""The printed texts of an invoice or a credit note, in its language."""

from collections.abc import Iterator
from decimal import Decimal
from math import ceil
from typing import Any
from unicodedata import east_asian_width

from babel.numbers import format_decimal
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext, gettext_lazy, override, pgettext

from foundation.web.money import format_number_of, locale_of
from invoices.bank_accounts import BankCode, kind_of
from invoices.documents.accounting_tax import accounting_notes
from invoices.documents.document import (
    CarriedCredit,
    Document,
    DocumentLine,
    Kind,
    Party,
    Reference,
    TaxSubtotal,
)
from invoices.documents.references import References
from invoices.documents.terms import Payable, discounts_in_words
from organizations.models import TaxCategory
from rating.agreement.lines import Section
from rating.periods import Period, month_of
from tariffs.currencies import MAX_DIGITS

# The same number of decimals wherever camera-months are stated, so that they line up.
CAMERA_MONTHS = "#,##0.000000"
PIECES = "#,##0.####"
# A discounted price is exact: four decimals of a price and four of a percentage.
PRICE_DIGITS = 8
# The width of a row of the footer.
_FOOTER_POINTS = 480


def contents_of(document: Document) -> dict[str, Any]:
    """Return the texts, and lists of texts, that letter.typ and document.typ lay out."""
    with override(document.language):
        return {
            "language": document.language,
            "title": _title(document),
            "number": document.number,
            "preview": "" if document.number else gettext("Preview: not issued yet"),
            "seller": _party(document, document.seller),
            "buyer": _party(document, document.buyer),
            "buyer_label": pgettext("of an invoice", "To"),
            "facts": list(_facts(document)),
            "note": _note(document),
            "columns": _columns(document),
            "lines": [_line(document, line) for line in document.lines],
            "totals": _totals(document),
            "reasons": [tax.reason for tax in document.taxes if tax.reason],
            "rounding": _rounding(document),
            "notes": list(_notes(document)),
            "terms": list(terms_of(document)),
            **footer_texts(document.terms.footer),
            "payment": list(_payment(document)),
            "payment_label": gettext("Payment details"),
            "code_label": gettext("Scan to pay"),
            "code_alt": _code_alt(document),
            "page": gettext("Page %(page)s of %(pages)s"),
        }


def _title(document: Document) -> str:
    return gettext("Invoice") if document.kind is Kind.INVOICE else gettext("Credit note")


def _party(document: Document, party: Party) -> dict[str, Any]:
    """Return the texts of a party, between French companies with its SIREN."""
    texts = party_texts(party, document.language)
    if document.french:
        is_seller = party is document.seller
        number = document.french.seller if is_seller else document.french.buyer
        # The name of the number in every language.
        texts["lines"].append(f"SIREN: {number}")
    return texts


def party_texts(party: Party, language: str) -> dict[str, Any]:
    """Return the name of a party and the lines below it; call it in the language."""
    place = f"{party.postal_code} {party.city}".strip()
    tax_id = gettext("Tax ID: %(id)s") % {"id": party.tax_id} if party.tax_id else ""
    lines = [party.street, place, _country(party.country, language), tax_id, party.email]
    return {"name": party.name, "lines": [line for line in lines if line]}


def _country(code: str, language: str) -> str:
    name: str = locale_of(language).territories.get(code, code)
    return name


def _facts(document: Document) -> Iterator[list[str]]:
    if document.number:
        yield [gettext("Number"), document.number]
    yield [gettext("Date"), date_format(document.issued_on)]
    yield [gettext("Period"), date_range(document.period)]
    if document.due_on:
        yield [gettext("Due"), date_format(document.due_on)]
    if document.buyer_reference:
        yield [gettext("Contract"), document.buyer_reference]
    yield from _references(document.references)
    if document.organization != document.buyer.name:
        yield [gettext("Organization"), document.organization]


def _references(references: References) -> Iterator[list[str]]:
    for label, value in (
        (gettext("Your reference"), references.buyer_reference),
        (gettext("Your purchase order"), references.order),
        (gettext("Your contract"), references.contract),
        (gettext("Your project"), references.project),
    ):
        if value:
            yield [label, value]


def date_range(period: Period) -> str:
    """Return the first and the last date of a period in the current language, or its only date."""
    if period.days == 1:
        return date_format(period.start)
    return f"{date_format(period.start)} – {date_format(period.last)}"


def dates_of(period: Period) -> str:
    """Return the month if the period is a whole one, otherwise its dates."""
    if period == month_of(period.start):
        return capfirst(date_format(period.start, "F Y"))
    return date_range(period)


def _note(document: Document) -> str:
    if document.cancels:
        text = gettext("This credit note cancels invoice %(number)s dated %(date)s.")
        return text % _named(document.cancels)
    text = gettext("Corrects invoice %(number)s dated %(date)s.")
    return " ".join(text % _named(each) for each in document.corrects)


def _named(invoice: Reference) -> dict[str, str]:
    return {"number": invoice.number, "date": date_format(invoice.issued_on)}


def item_of(line: DocumentLine) -> str:
    """Return what a line charges for, in the current language."""
    item = gettext("Minimum charge") if line.section is Section.MINIMUM else line.item
    if not line.corrects:
        return item
    names = {"number": line.corrects, "tariff": item}
    return gettext("Correction of %(number)s: %(tariff)s") % names


def item_in(document: Document, line: DocumentLine, language: str) -> str:
    """Return what a line charges for, with how it comes about, and its tax if there are several."""
    parts = [item_of(line), *_explained(document, line, language)]
    if len(document.taxes) > 1:
        parts.append(_tax_name(line.tax_category, line.tax_percent, language))
    return " · ".join(parts)


def _explained(document: Document, line: DocumentLine, language: str) -> Iterator[str]:
    def money(amount: Decimal) -> str:
        return format_number_of(amount, document.currency, document.digits, language)

    if line.discount_percent and line.gross_price is not None:
        percent = format_decimal(line.discount_percent, locale=locale_of(language))
        names = {"percent": percent, "price": money(line.gross_price)}
        yield gettext("%(price)s less %(percent)s%%") % names
    if line.section is Section.MINIMUM and line.gross_price is not None:
        reached = money(line.gross_price - line.price)
        names = {"minimum": money(line.gross_price), "reached": reached}
        yield gettext("%(minimum)s agreed, %(reached)s reached") % names
    if line.days is not None and abs(line.days) != line.month_days:
        yield gettext("%(days)s of %(all)s days") % {"days": abs(line.days), "all": line.month_days}


def states_only_usage(document: Document) -> bool:
    """Return whether all lines of a document are for cameras on tariffs."""
    return all(line.section is Section.USAGE for line in document.lines)


def _columns(document: Document) -> list[str]:
    money = {"currency": document.currency}
    only_usage = states_only_usage(document)
    return [
        gettext("Tariff plan") if only_usage else gettext("Item"),
        gettext("Period"),
        gettext("Cameras"),
        gettext("Camera-months") if only_usage else gettext("Quantity"),
        (gettext("Monthly price, %(currency)s") if only_usage else gettext("Price, %(currency)s"))
        % money,
        gettext("Amount, %(currency)s") % money,
    ]


def _line(document: Document, line: DocumentLine) -> list[str]:
    money = f"#,##0.{'0' * document.digits}{'#' * (MAX_DIGITS - document.digits)}"
    price = f"#,##0.{'0' * document.digits}{'#' * (PRICE_DIGITS - document.digits)}"
    locale = locale_of(document.language)

    def formatted(number: Decimal | int, pattern: str) -> str:
        return format_decimal(number, format=pattern, locale=locale, decimal_quantization=False)

    return [
        item_in(document, line, document.language),
        dates_of(line.period),
        formatted(line.cameras, "#,##0") if line.section is Section.USAGE else "",
        formatted(line.quantity, CAMERA_MONTHS if line.is_by_month else PIECES),
        formatted(line.price, price),
        formatted(line.amount, money),
    ]


def _rounding(document: Document) -> str:
    if all(line.section is not Section.USAGE for line in document.lines):
        return ""
    return gettext(
        "Each camera’s charge is rounded separately, and each amount is "
        "the sum of the rounded charges."
    )


def _notes(document: Document) -> Iterator[str]:
    names = [_tax_name(tax.category, tax.percent, document.language) for tax in document.taxes]
    yield from accounting_notes(document.accounting_tax, names, document.language)
    if document.kind is Kind.INVOICE and not document.total:
        yield gettext("Nothing to pay")
    yield from (_carried(document, each) for each in document.carried)
    if document.french:
        yield from (text for _code, text in document.french.notes)


def _carried(document: Document, credit: CarriedCredit) -> str:
    text = gettext("%(amount)s of the credit “%(text)s” is left. It is carried over to %(date)s.")
    amount = _money(document, credit.amount)
    return text % {"text": credit.text, "amount": amount, "date": date_format(credit.day)}


def _totals(document: Document) -> list[list[str]]:
    """Return the sums with their labels. The last one is the amount to pay or credited."""
    total = [
        gettext("Total") if document.kind is Kind.INVOICE else gettext("Total credited"),
        _money(document, document.total),
    ]
    if all(tax.category is TaxCategory.NONE for tax in document.taxes):
        return [total]
    taxes = [[_tax_label(document, tax), _money(document, tax.amount)] for tax in document.taxes]
    return [[gettext("Net"), _money(document, document.net)], *taxes, total]


def _tax_label(document: Document, tax: TaxSubtotal) -> str:
    label = _tax_name(tax.category, tax.percent, document.language)
    if len(document.taxes) == 1:
        return label
    on = {"tax": label, "net": _money(document, tax.net)}
    return gettext("%(tax)s on %(net)s") % on


def _tax_name(category: TaxCategory, percent: Decimal, language: str) -> str:
    if category is TaxCategory.EXEMPT:
        return gettext("VAT (exempt)")
    if category is TaxCategory.REVERSE_CHARGE:
        return gettext("VAT (reverse charge)")
    if category is TaxCategory.INTRA_EU:
        return gettext("VAT (intra-EU supply)")
    if category is TaxCategory.EXPORT:
        return gettext("VAT (export)")
    rate = format_decimal(percent, locale=locale_of(language))
    return gettext("VAT %(rate)s%%") % {"rate": rate}


def _payment(document: Document) -> Iterator[list[str]]:
    """Yield the payment details, if there is something to pay."""
    if document.kind is not Kind.INVOICE or not document.total:
        return
    yield [gettext("Amount"), _money(document, document.total)]
    if document.due_on:
        yield [pgettext("of a payment", "Pay by"), date_format(document.due_on)]
    yield from payee_details(document)


def _code_alt(document: Document) -> str:
    """Return what a payment code is to a person who cannot see it."""
    names = {"amount": _money(document, document.total), "name": document.seller.name}
    return gettext("Payment code: %(amount)s to %(name)s, with the details stated here") % names


def footer_texts(footer: str) -> dict[str, Any]:
    """Return the lines of the provider's footer, and how many rows letter.typ keeps for them."""
    return {"footer": footer.splitlines(), "footer_rows": rows_of(footer)}


def rows_of(footer: str) -> int:
    """Return how many rows of a page the lines of a footer take, rather more than less."""
    return sum(max(1, ceil(_width_of(line) / _FOOTER_POINTS)) for line in footer.splitlines())


def _width_of(text: str) -> float:
    """Return about how many points wide a text of 8 points is."""
    return sum(
        8 if east_asian_width(each) in "WF" else 7.6 if each.isupper() else 5 for each in text
    )


def terms_of(document: Document) -> Iterator[str]:
    """Yield the lines of the payment terms in words, and then the cash discounts."""
    if document.kind is Kind.INVOICE and document.total:
        yield from filter(None, document.terms.words.splitlines())
        yield from discounts_in_words(document.terms, payable(document))


def payable(document: Document) -> Payable:
    """Return what cash discounts are taken off."""
    return Payable(
        document.issued_on, document.total, document.currency, document.digits, document.language
    )


_NAME_OF_BANK_CODE = {
    BankCode.BIC: gettext_lazy("BIC"),
    BankCode.BIK: gettext_lazy("BIK"),
    # Indian banks call it so in every language.
    BankCode.IFSC: "IFSC",
}


def payee_details(document: Document) -> Iterator[list[str]]:
    """Yield who is paid, where, and by which reference, with labels in the current language."""
    yield [pgettext("of a payment", "Payee"), document.seller.name]
    account, reference = document.account, document.payment_reference
    for label, value in (
        (pgettext("in a bank", "Account"), _in_fours(account.number)),
        (_NAME_OF_BANK_CODE[kind_of(account.bic)], account.bic),
        (gettext("Bank"), account.bank),
        (gettext("Correspondent account"), account.correspondent),
        (gettext("Reference"), reference.printed if reference else document.number),
    ):
        if value:
            yield [str(label), value]


def _in_fours(account: str) -> str:
    """Return an IBAN in groups of four characters, and any other account number unchanged."""
    compact = "".join(account.split())
    if not compact[:2].isalpha():
        return account
    return " ".join(compact[start : start + 4] for start in range(0, len(compact), 4))


def _money(document: Document, amount: Decimal) -> str:
    # With its own digits: ISO 4217 may have changed or withdrawn the currency since.
    return format_number_of(amount, document.currency, document.digits, document.language)
