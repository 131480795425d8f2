"""Template filters that show documents."""

from base64 import b64encode
from decimal import Decimal

from babel.numbers import format_decimal
from django import template
from django.conf import settings
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from foundation.web.money import format_number_of, locale_of
from invoices.documents import contents
from invoices.documents.accounting_tax import rate_note
from invoices.documents.document import Document, DocumentLine
from rating.periods import Period

register = template.Library()


@register.filter
def dates(period: Period) -> str:
    """Return a whole month by its name, and another period by its first and last date."""
    return contents.dates_of(period)


@register.simple_tag
def item(document: Document, line: DocumentLine) -> str:
    """Return what a line charges for, how it comes about, and its tax if there are several."""
    return contents.item_in(document, line, get_language() or settings.LANGUAGE_CODE)


@register.filter
def pieces(quantity: Decimal) -> str:
    """Return a number of pieces with up to four decimal places."""
    locale = locale_of(get_language() or settings.LANGUAGE_CODE)
    return format_decimal(quantity, format=contents.PIECES, locale=locale)


@register.simple_tag
def accounting_rate(document: Document) -> str:
    """Return the exchange rate of a document that states its tax in another currency."""
    tax = document.accounting_tax
    return rate_note(tax, get_language() or settings.LANGUAGE_CODE) if tax else ""


@register.simple_tag
def accounting_amount(document: Document) -> str:
    """Return the tax of a document in the accounting currency."""
    tax = document.accounting_tax
    return format_number_of(tax.amount, tax.currency, tax.digits) if tax else ""


@register.simple_tag
def only_usage(document: Document) -> bool:
    """Return whether all lines of a document are for cameras on tariffs."""
    return contents.states_only_usage(document)


@register.filter
def as_picture(svg: bytes) -> SafeString:
    """Return an SVG as a data URL, which the content security policy allows for images."""
    return mark_safe(f"data:image/svg+xml;base64,{b64encode(svg).decode()}")
