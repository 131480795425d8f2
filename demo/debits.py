"""Who collects in the demonstration, and the mandates of some of its customers."""

from __future__ import annotations

from datetime import date

from debits.models import DebitSettings, Mandate
from invoices.models import OpenItem

_IBAN = "DE75512108001245126199"
_MANDATES = 3


def add_mandates(signed_on: date) -> None:
    """Enter who collects, and mandates of organizations that owe something in euro."""
    DebitSettings.objects.create(creditor_id="DE98ZZZ09999999999", iban=_IBAN)
    owing = OpenItem.objects.filter(currency="EUR", outstanding__gt=0).select_related(
        "organization"
    )
    organizations = {item.organization_id: item.organization for item in owing.order_by("pk")}
    Mandate.objects.bulk_create(
        Mandate(
            organization=each,
            reference=f"M-{each.pk:06}",
            signed_on=signed_on,
            holder=each.title[:70],
            iban="DE02120300000000202051",
        )
        for each in list(organizations.values())[:_MANDATES]
    )
