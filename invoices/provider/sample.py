"""A sample document, which shows how documents look before the first is issued."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from django.utils.translation import get_language, gettext

from invoices.documents.document import Document, DocumentLine, Kind, Party, TaxSubtotal
from invoices.documents.style import Style
from invoices.provider.models import Provider
from invoices.provider.parties import account_of, seller_of
from organizations.models import TaxCategory
from rating.periods import month_of

_CURRENCY, _DIGITS, _PERCENT = "EUR", 2, Decimal(20)


def sample_of(provider: Provider, style: Style, today: date) -> Document:
    """Return the preview of an invoice of a provider, in the current language.

    Its customer and its amounts are made up, and it has no number.
    """
    period = month_of(today.replace(day=1) - timedelta(days=1))
    lines = tuple(
        DocumentLine(
            gettext("Sample tariff %(number)s") % {"number": number},
            *period,
            Decimal(price),
            cameras,
            Decimal(cameras),
            Decimal(price) * cameras,
            TaxCategory.STANDARD,
            _PERCENT,
        )
        for number, (price, cameras) in enumerate((("9.00", 12), ("14.90", 3), ("24.50", 1)), 1)
    )
    net = sum((line.amount for line in lines), Decimal(0))
    tax = (net * _PERCENT / 100).quantize(Decimal("0.01"))
    return Document(
        kind=Kind.INVOICE,
        number="",
        issued_on=today,
        due_on=today + timedelta(days=provider.days_to_pay),
        language=get_language() or "en",
        currency=_CURRENCY,
        digits=_DIGITS,
        period=period,
        seller=seller_of(provider),
        account=account_of(provider),
        logo=bytes(provider.logo.content) if provider.logo else b"",
        buyer=Party(gettext("Sample customer"), "", "", "", provider.country, "", ""),
        organization=gettext("Sample customer"),
        buyer_reference="",
        lines=lines,
        net=net,
        taxes=(TaxSubtotal(TaxCategory.STANDARD, _PERCENT, "", "", net, tax),),
        cancels=None,
        style=style,
    )
