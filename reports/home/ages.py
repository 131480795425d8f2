"""Receivables by age, as Home draws them: those of the page of receivables."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from invoices.listing.models import DocumentTally
from usage.statements.drawings.scale import percent


class AgeBar(NamedTuple):
    """What is owed of one age. `width` is its share of all that is owed in the currency."""

    name: str
    amount: Decimal
    width: str
    colour: int


class CurrencyAges(NamedTuple):
    """What is owed in a currency, by age."""

    currency: str
    bars: list[AgeBar]


def receivables_by_age(today: date) -> list[CurrencyAges]:
    """Return what is owed in each currency; credit is left out."""
    rows = DocumentTally.objects.owed_by_age(today)
    found = [CurrencyAges(row["currency"], _bars(row)) for row in rows]
    return [each for each in found if each.bars]


def _bars(row: dict[str, Any]) -> list[AgeBar]:
    names = {
        "not_due": _("Not yet due"),
        "late_30": _("1–30 days"),
        "late_60": _("31–60 days"),
        "late_90": _("61–90 days"),
        "later": _("Over 90 days"),
    }
    total = sum((row[age] for age in names), Decimal(0))
    return [
        AgeBar(name, row[age], percent(float(100 * row[age] / total)), 1 if age == "not_due" else 2)
        for age, name in names.items()
        if total
    ]
