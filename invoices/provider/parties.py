"""The details of the provider and the organization, as documents state them."""

from __future__ import annotations

from django.db import models
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from foundation.fast_sql import compiled_once
from invoices.documents.document import Account, Party
from invoices.provider.models import Provider
from organizations.billing import missing_billing_details
from organizations.models import Organization

_OF_PROVIDER = ("name", "street", "city", "country", "tax_id", "email", "account_number")


@compiled_once
def stored_providers() -> models.QuerySet[Provider]:
    """Return the stored provider. There is none until its details have been entered."""
    return Provider.objects.all()


def provider_details() -> Provider:
    """Return the provider, without details if none have been entered yet."""
    stored = stored_providers.objects()
    return stored[0] if stored else Provider(pk=1)


def missing_details(provider: Provider, organization: Organization) -> list[str]:
    """Return the missing details, for example `provider.name` or `organization.billing_name`."""
    return [
        *(f"provider.{name}" for name in _OF_PROVIDER if not getattr(provider, name)),
        *(f"organization.{name}" for name in missing_billing_details(organization)),
    ]


def label_of(key: str) -> str:
    """Return the label of one of `missing_details`, marked if it belongs to the provider."""
    owner, _dot, name = key.partition(".")
    model: type[models.Model] = Provider if owner == "provider" else Organization
    field = model._meta.get_field(name)
    label = str(capfirst(field.verbose_name))  # type: ignore[union-attr]
    return _("%(detail)s (provider)") % {"detail": label} if owner == "provider" else label


def seller_of(provider: Provider) -> Party:
    """Return the provider's details as documents state them."""
    return Party(
        name=provider.name,
        street=provider.street,
        postal_code=provider.postal_code,
        city=provider.city,
        country=provider.country,
        tax_id=provider.tax_id,
        email=provider.email,
    )


def account_of(provider: Provider) -> Account:
    """Return the account for payments."""
    return Account(number=provider.account_number, bic=provider.bic, bank=provider.bank)


def buyer_of(organization: Organization) -> Party:
    """Return the organization's details as documents state them.

    The title replaces a missing legal name.
    """
    return Party(
        name=organization.billing_name or organization.title,
        street=organization.billing_street,
        postal_code=organization.billing_postal_code,
        city=organization.billing_city,
        country=organization.billing_country,
        tax_id=organization.billing_tax_id,
        email=organization.billing_email,
    )
