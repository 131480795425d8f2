"""Template tags for money."""

from decimal import Decimal

from django import template

from rating.money import Amount
from tariffs.money import format_money

register = template.Library()


@register.simple_tag
def money(amount: Amount | Decimal, currency: str = "") -> str:
    """Return an amount, or a number in `currency`, in the format of the active language."""
    if isinstance(amount, Amount):
        return format_money(amount.number, amount.currency)
    return format_money(amount, currency)
