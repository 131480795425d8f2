"""Change the provider's details, and how documents look."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NotRequired, TypedDict, Unpack

from django.db import transaction

from foundation.web.one_row import change_row, values_of
from foundation.web.versions import refuse_overwriting
from invoices.provider.models import Design, Logo, Provider


class ProviderDetails(TypedDict):
    """The provider's details that a person can edit. Without the key `logo`, it does not change."""

    name: str
    street: str
    postal_code: str
    city: str
    country: str
    tax_id: str
    email: str
    account_number: str
    bic: str
    bank: str
    correspondent_account: str
    invoice_prefix: str
    credit_note_prefix: str
    days_to_pay: int
    product_name: str
    charges_suspended: bool
    uses_credit: bool
    accounting_currency: str
    rate_date: str
    rate_days: int
    logo: NotRequired[Logo | None]


class EInvoicing(TypedDict):
    """What electronic invoices state of the provider besides its other details."""

    contact_name: str
    contact_phone: str
    endpoint: str
    endpoint_scheme: str
    legal_id: str
    legal_scheme: str


def stored_provider_details(provider: Provider) -> dict[str, Any]:
    """Return the stored details by field name."""
    return {name: getattr(provider, name) for name in ProviderDetails.__annotations__}


def stored_e_invoicing(provider: Provider) -> dict[str, Any]:
    """Return what is stored for electronic invoices, by field name."""
    return values_of(provider, EInvoicing.__annotations__)


@transaction.atomic
def change_e_invoicing(*, shown: str, **fields: Unpack[EInvoicing]) -> None:
    """Change what future electronic invoices state of the provider.

    `shown` is the version (`foundation.web.versions`) of the `stored_e_invoicing` that the person
    saw.

    Raises:
        EditedByOthers: a detail differs both from the shown value and from the new value.
    """
    _change(fields, shown, stored_e_invoicing)


@transaction.atomic
def change_provider(*, shown: str, **fields: Unpack[ProviderDetails]) -> None:
    """Change the details that future documents state. Issued documents do not change.

    `shown` is the version (`foundation.web.versions`) of the `stored_provider_details` that the
    person saw, or of those of `Provider(pk=1)` if nothing was stored. A logo that is chosen again
    is not stored twice.

    Raises:
        EditedByOthers: a detail differs both from the shown value and from the new value.
    """
    if logo := fields.get("logo"):
        Logo.objects.get_or_create(pk=logo.pk, defaults={"content": logo.content})
    _change(fields, shown, stored_provider_details)


def _change(
    fields: Mapping[str, Any], shown: str, stored_of: Callable[[Provider], dict[str, Any]]
) -> None:
    locked = Provider.objects.select_for_update(no_key=True)
    provider, is_new = locked.get_or_create(pk=1, defaults=fields)
    if is_new:
        return
    stored = stored_of(provider)
    refuse_overwriting(shown=shown, stored=stored, given={**stored, **fields})
    for name, value in fields.items():
        setattr(provider, name, value)
    provider.save()


class DesignChoices(TypedDict):
    """What can be chosen of how documents look."""

    logo: str
    accent: str
    ink: str
    font: str
    footer: str
    numbers_pages: bool


def stored_design(design: Design) -> dict[str, Any]:
    """Return the stored choices by field name."""
    return values_of(design, DesignChoices.__annotations__)


def change_design(*, shown: str, **choices: Unpack[DesignChoices]) -> None:
    """Change how future documents look. The provider must be stored.

    `shown` is the version (`foundation.web.versions`) of the `stored_design` that the person saw,
    or of that of `Design()` if nothing was stored.

    Raises:
        EditedByOthers: a choice differs both from the shown one and from the new one.
    """
    change_row(Design, shown=shown, settings=choices)
