"""Money in templates."""

from decimal import Decimal

from django import template

from tariffs.money import format_money

register = template.Library()


@register.simple_tag
def money(amount: Decimal, currency: str) -> str:
    """Return `amount` with the currency's code, as the active language writes it."""
    return format_money(amount, currency)
