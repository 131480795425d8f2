"""The steps from an empty installation to the first invoice."""

from __future__ import annotations

from typing import NamedTuple

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from invoices.models import Invoice
from invoices.provider.parties import empty_details, provider_details
from organizations.models import Organization, Tax
from tariffs.models import Tariff
from usage.models import UsageInterval


class Step(NamedTuple):
    """One step: what to do, why, where, and whether it is done."""

    title: str
    hint: str
    address: str
    is_done: bool


def steps_for(user: User) -> list[Step]:
    """Return the steps in order, or none once there is an invoice.

    Support staff are led to lists, because only operators may add something.
    """
    if Invoice.objects.exists():
        return []
    adds = user.is_operator
    organization = Organization.objects.order_by("pk").first()
    return [
        Step(
            _("Provider details"),
            _("Your name, address, tax ID and bank account, as invoices state them."),
            reverse("invoices:provider"),
            not empty_details(provider_details()),
        ),
        Step(
            _("Tax"),
            _("The tax that your organizations are charged, with its rate."),
            reverse("taxes:add" if adds else "taxes:list"),
            Tax.objects.exists(),
        ),
        Step(
            _("Tariff plan"),
            _("What a camera costs a month."),
            reverse("tariffs:add" if adds else "tariffs:list"),
            Tariff.objects.filter(prices__isnull=False).exists(),
        ),
        Step(
            _("Organization"),
            _("A subscriber’s contract, with its owner, tariff plans and billing details."),
            reverse("organizations:add" if adds else "organizations:list"),
            organization is not None,
        ),
        Step(
            _("Cameras"),
            _("Connect them one by one, or import the usage of many at once."),
            _cameras_address(organization, adds=adds),
            UsageInterval.objects.exists(),
        ),
        Step(
            _("First invoice"),
            _("Run a month that is over. The preview says what is still missing."),
            reverse("invoices:runs"),
            False,
        ),
    ]


def _cameras_address(organization: Organization | None, *, adds: bool) -> str:
    """Return the address at which the first cameras come into use."""
    if not adds:
        return reverse("organizations:list")
    if organization is None:
        return reverse("usage:import")
    return reverse("usage:connect", args=[organization.pk])
