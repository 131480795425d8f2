"""Change the provider's details."""

from __future__ import annotations

from typing import Any, NotRequired, TypedDict, Unpack

from django.db import transaction

from foundation.web.versions import refuse_overwriting
from invoices.provider.models import Logo, Provider


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
    logo: NotRequired[Logo | None]


def stored_provider_details(provider: Provider) -> dict[str, Any]:
    """Return the stored details by field name."""
    return {name: getattr(provider, name) for name in ProviderDetails.__annotations__}


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
    locked = Provider.objects.select_for_update(no_key=True)
    provider, is_new = locked.get_or_create(pk=1, defaults=fields)
    if is_new:
        return
    stored = stored_provider_details(provider)
    refuse_overwriting(shown=shown, stored=stored, given={**stored, **fields})
    for name, value in fields.items():
        setattr(provider, name, value)
    provider.save()
