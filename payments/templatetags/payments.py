"""Template tags that show payments and balances."""

from collections.abc import Sequence
from datetime import date

from django import template
from django.utils import timezone

from accounts.models import User
from invoices.models import Invoice
from organizations.models import Organization
from payments.access import InvoicePayments, payments_of
from payments.balances import Balance, balances_of
from payments.discounts import TakenDiscount, taken_discounts
from tariffs.provider_calendar import provider_date

register = template.Library()


@register.simple_tag(name="payments_of")
def payments_of_invoice(invoice: Invoice, user: User) -> InvoicePayments:
    """Return the newest payments of an invoice that a user can see, ordered by date."""
    return payments_of(invoice, user)


@register.simple_tag
def discount_taken(invoice: Invoice) -> TakenDiscount | None:
    """Return the cash discount that is exactly what is outstanding of an invoice, or None."""
    return next(iter(taken_discounts([invoice.pk])), None) if invoice.terms else None


@register.simple_tag(name="balances_of")
def balances_of_organization(organization: Organization) -> Sequence[Balance]:
    """Return today's balance of an organization in each currency."""
    today: date = provider_date(timezone.now())
    return balances_of(organization, today)
