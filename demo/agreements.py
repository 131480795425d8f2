"""What was agreed with organizations of the demonstration, and their partner."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from demo.provider import first_of_month
from organizations.agreement.operations import add_term
from organizations.models import (
    Discount,
    DiscountExemption,
    Fee,
    IndividualPrice,
    Minimum,
    OneOffCharge,
    Organization,
    Suspension,
)
from tariffs.models import Tariff
from tariffs.steps import Step, replace_steps
from usage.partners.operations import add_partnership

# Ids of organizations; a small demonstration does not have all of them.
_AGREED, _SUSPENDED, _PARTNER, _CUSTOMERS = 8, 9, 10, (11, 13)
_CENT = Decimal("0.01")


def agree(today: date) -> None:
    """Give an organization a term of each kind, suspend one, and make one a partner."""
    organizations = Organization.objects.in_bulk([_AGREED, _SUSPENDED, _PARTNER, *_CUSTOMERS])
    if _AGREED in organizations:
        _agree_on_everything(organizations[_AGREED], today)
    if _SUSPENDED in organizations:
        first_on = today - timedelta(days=5)
        _add(Suspension, _SUSPENDED, first_on=first_on, reason="Reminder of two invoices")
    if _PARTNER in organizations:
        _make_partner(organizations[_PARTNER], today)
    _add_volume_price(today)


def _agree_on_everything(organization: Organization, today: date) -> None:
    """Agree from the first of this month on: earlier months may be invoiced."""
    now, last = first_of_month(today, 0), first_of_month(today, 6) - timedelta(days=1)
    tariffs = [*organization.tariffs.filter(currency="EUR").order_by("pk")]
    if len(tariffs) < 2:
        return
    priced, exempt = tariffs[0], tariffs[-1]
    of = organization.pk
    _add(IndividualPrice, of, tariff=priced, valid_from=now, amount=Decimal("7.50"))
    _add(Discount, of, first_on=now, last_on=last, percent=Decimal(10))
    _add(DiscountExemption, of, tariff=exempt, first_on=now)
    _add(Fee, of, name="Mobile router", amount=Decimal(15), currency="EUR", first_on=now)
    _add(Minimum, of, amount=Decimal(60), currency="EUR", first_on=now)
    _add(
        OneOffCharge,
        of,
        text="Installation of a camera",
        day=now,
        quantity=Decimal(2),
        amount=Decimal("89.00"),
        currency="EUR",
    )
    _add(
        OneOffCharge,
        of,
        text="Outage on a weekend",
        reason="Agreed by telephone",
        day=now,
        quantity=Decimal(-1),
        amount=Decimal("25.00"),
        currency="EUR",
    )


def _add_volume_price(today: date) -> None:
    """Let a tariff cost less from next month on if an organization uses much of it."""
    tariff = Tariff.objects.filter(is_archived=False, currency="EUR").order_by("pk").first()
    if tariff is None:
        return
    next_month = first_of_month(today, 1)
    version = tariff.prices.filter(valid_from__lte=next_month).latest("valid_from")
    price, _created = tariff.prices.get_or_create(
        valid_from=next_month, defaults={"amount": version.amount}
    )
    less = ((Decimal(10), Decimal("0.9")), (Decimal(50), Decimal("0.8")))
    replace_steps(
        price, tuple(Step(bound, (price.amount * part).quantize(_CENT)) for bound, part in less)
    )


def _make_partner(partner: Organization, today: date) -> None:
    """Give a partner wholesale prices and its customers from the first of this month on."""
    now = first_of_month(today, 0)
    for tariff in Tariff.objects.filter(is_archived=False):
        price = tariff.prices.filter(valid_from__lte=now).order_by("-valid_from").first()
        if price is not None:
            amount = (price.amount * Decimal("0.7")).quantize(_CENT)
            _add(IndividualPrice, partner.pk, tariff=tariff, valid_from=now, amount=amount)
    for customer in Organization.objects.filter(pk__in=_CUSTOMERS).order_by("pk"):
        add_partnership(
            organization_id=customer.pk, partner_id=partner.pk, first_on=now, last_on=None
        )


_DEFAULTS: Mapping[Any, dict[str, Any]] = {
    Suspension: {"last_on": None, "is_charged": False},
    Discount: {"tariff": None},
    DiscountExemption: {"last_on": None},
    Fee: {"last_on": None, "in_trial": False},
    Minimum: {"last_on": None},
    OneOffCharge: {"reason": ""},
}


def _add(model: Any, organization_id: int, **fields: Any) -> None:
    fields = _DEFAULTS.get(model, {}) | fields
    add_term(model=model, organization_id=organization_id, fields=fields)
