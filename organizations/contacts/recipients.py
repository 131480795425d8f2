"""Who receives what by email."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence

from foundation.among import among
from organizations.contacts.models import Contact
from organizations.models import Organization


def invoice_addresses(organizations: Collection[Organization]) -> dict[int, Sequence[str]]:
    """Return the addresses that receive invoices, each once, by the id of their organization.

    The billing email comes first, then the contacts that receive invoices, by name.
    """
    found: dict[int, dict[str, str]] = defaultdict(dict)
    for each in organizations:
        if each.billing_email:
            found[each.pk][each.billing_email.lower()] = each.billing_email
    ids = [each.pk for each in organizations]
    receiving = Contact.objects.filter(among("organization", ids), receives_invoices=True)
    for pk, email in receiving.values_list("organization", "email"):
        found[pk].setdefault(email.lower(), email)
    return {pk: list(addresses.values()) for pk, addresses in found.items()}


def reminder_addresses(organizations: Collection[Organization]) -> dict[int, Sequence[str]]:
    """Return the addresses that receive payment reminders, by the id of their organization.

    They are those of the contacts that receive reminders, by name; of an organization without such
    contacts, those that receive invoices.
    """
    found: dict[int, dict[str, str]] = defaultdict(dict)
    ids = [each.pk for each in organizations]
    receiving = Contact.objects.filter(among("organization", ids), receives_reminders=True)
    for pk, email in receiving.values_list("organization", "email"):
        found[pk].setdefault(email.lower(), email)
    others = invoice_addresses([each for each in organizations if each.pk not in found])
    return others | {pk: list(addresses.values()) for pk, addresses in found.items()}
