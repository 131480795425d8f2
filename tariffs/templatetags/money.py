"""Template tags for money."""

from decimal import Decimal

from django import template

from rating.money import Amount
from tariffs.money import format_money
from tariffs.steps import bound_text

register = template.Library()


@register.simple_tag
def money(amount: Amount | Decimal, currency: str = "") -> str:
    """Return an amount, or a number in `currency`, in the format of the active language."""
    if isinstance(amount, Amount):
        return format_money(amount.number, amount.currency)
    return format_money(amount, currency)


@register.filter
def camera_months(number: Decimal) -> str:
    """Return a number of camera-months without zeros at its end."""
    return bound_text(number)


@register.simple_tag
def signed_money(amount: Decimal, currency: str) -> str:
    """Return a difference, with a plus sign if it is positive."""
    return f"{'+' if amount > 0 else ''}{format_money(amount, currency)}"
