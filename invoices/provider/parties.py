"""The details of the provider and the organization, as documents state them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeVar

from django.db import DEFAULT_DB_ALIAS, models
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from foundation.fast_sql import compiled_once
from foundation.web.brand import Brand
from invoices.documents.document import Account, Party
from invoices.documents.printing import picture_for_mail
from invoices.documents.profile_rules import missing_of_buyer, missing_of_seller, rules_of
from invoices.documents.references import NO_REFERENCES, References
from invoices.documents.style import Style
from invoices.provider.logos import is_svg
from invoices.provider.models import Design, Provider
from organizations.billing.details import DetailsByDate, DetailsVersion
from organizations.billing.profiles import Profile
from organizations.models import BillingDetails, Organization, TaxCategory
from organizations.tax_ids import vat_number
from rating.periods import Period

Made = TypeVar("Made", bound=models.Model)

# The number of columns of the provider, which those of its design follow.
_WIDTH = len(Provider._meta.concrete_fields)
_OF_PROVIDER = ("name", "street", "city", "country", "tax_id", "email", "account_number")
# Documents with these taxes must state the provider's VAT number (EN 16931, BR-IC-02, BR-G-02).
_FROM_VAT_PAYERS = (TaxCategory.INTRA_EU, TaxCategory.EXPORT)
_FORMER_NAMES = {"billing_tax_id": "tax_number", "tax_category": "tax"}


@compiled_once
def stored_providers() -> models.QuerySet[Provider]:
    """Return the stored provider. There is none until its details have been entered."""
    return Provider.objects.all()


@compiled_once
def stored_with_designs() -> models.QuerySet[Provider]:
    """Return the stored provider with its design of documents, as columns of one row."""
    return Provider.objects.select_related("design")


def provider_details() -> Provider:
    """Return the provider, without details if none have been entered yet."""
    for row in stored_with_designs.rows():
        provider, design = _made_of(Provider, row), _made_of(Design, row[_WIDTH:])
        # What reading it by itself would keep.
        provider._state.fields_cache["design"] = design if design.pk else None
        return provider
    return Provider(pk=1)


def _made_of(model: type[Made], row: Sequence[Any]) -> Made:
    names = [field.attname for field in model._meta.concrete_fields]
    return model.from_db(DEFAULT_DB_ALIAS, names, row[: len(names)])


def style_of(provider: Provider) -> Style:
    """Return how the provider's documents look if they are issued now."""
    return design_of(provider).style


def design_of(provider: Provider) -> Design:
    """Return the provider's design of documents, or the original one if none was chosen."""
    try:
        return provider.design
    except Design.DoesNotExist:
        return Design(provider=provider)


def provider_brand() -> Brand:
    """Return what pages and emails show of the provider."""
    provider = provider_details()
    return Brand(
        name=provider.name,
        header=provider.product_name,
        email=provider.email,
        logo=lambda: _logo_for_mail(provider),
    )


def _logo_for_mail(provider: Provider) -> bytes | None:
    """Return the logo as a PNG or JPEG image."""
    if provider.logo is None:
        return None
    content = bytes(provider.logo.content)
    return picture_for_mail(content) if is_svg(content) else content


def empty_details(provider: Provider) -> list[str]:
    """Return the names of the provider's fields that every document needs and that are empty."""
    return [name for name in _OF_PROVIDER if not getattr(provider, name)]


def country_of_provider() -> str:
    """Return the code of the provider's country, or an empty text if it is not known yet."""
    return provider_details().country


def suspended_are_charged() -> bool:
    """Return whether the provider charges suspended organizations unless decided otherwise."""
    return provider_details().charges_suspended


def credit_is_used() -> bool:
    """Return whether what is left of payments pays the next invoice of an organization."""
    return provider_details().uses_credit


def missing_details(provider: Provider, details: DetailsByDate, period: Period) -> list[str]:
    """Return what documents for a period lack, for example `provider.name` or `organization.city`.

    The organization's details are those that apply on the last date of the period; they must
    suffice for all of its taxes.
    """
    missing = [f"provider.{name}" for name in empty_details(provider)]
    categories = {span.terms.category for span in details.tax_spans(period) if span.terms}
    has_vat_number = vat_number(provider.tax_id, provider.country)
    if provider.tax_id and not has_vat_number and not categories.isdisjoint(_FROM_VAT_PAYERS):
        missing.append("provider.vat_number")
    of_organization = details.on(period.last).missing_beside(categories)
    return [*missing, *(f"organization.{name}" for name in of_organization)]


def missing_for_profile(
    provider: Provider,
    organization: Organization,
    stated: DetailsVersion,
    own: References = NO_REFERENCES,
) -> list[str]:
    """Return what the profile of an organization requires of its documents and is missing.

    The names are as those of `missing_details`, which finds what all documents need. `own` are the
    references of a single document.
    """
    profile = Profile(stated.profile)
    if not rules_of(profile).is_strict:
        return []
    seller, buyer = seller_of(provider), buyer_of(organization, stated)
    of_buyer = missing_of_buyer(profile, buyer, seller.country)
    references = references_of(stated).with_own(own)
    # A purchase order is enough for Peppol (PEPPOL-EN16931-R003).
    if not references.buyer_reference and not (profile is Profile.PEPPOL and references.order):
        of_buyer.append("buyer_reference")
    return [
        *(f"provider.{name}" for name in missing_of_seller(profile, seller)),
        *(f"organization.{name}" for name in of_buyer),
    ]


def field_of(key: str) -> str:
    """Return the name of the field in which one of `missing_details` is entered."""
    owner, _dot, name = key.partition(".")
    if name == "vat_number":
        return "tax_id" if owner == "provider" else "tax_number"
    # Runs before billing details had dates stored these names.
    return _FORMER_NAMES.get(name, name.removeprefix("billing_"))


def label_of(key: str) -> str:
    """Return the label of one of `missing_details`, marked if it belongs to the provider."""
    owner, _dot, name = key.partition(".")
    model: type[models.Model] = Provider if owner == "provider" else BillingDetails
    label = str(capfirst(model._meta.get_field(field_of(key)).verbose_name))  # type: ignore[union-attr]
    if name == "vat_number":
        label = _("VAT number")
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
        legal_id=provider.legal_id,
        legal_scheme=provider.legal_scheme,
        endpoint=provider.endpoint,
        endpoint_scheme=provider.endpoint_scheme,
        contact_name=provider.contact_name,
        contact_phone=provider.contact_phone,
    )


def account_of(provider: Provider) -> Account:
    """Return the account for payments."""
    return Account(
        number=provider.account_number,
        bic=provider.bic,
        bank=provider.bank,
        correspondent=provider.correspondent_account,
    )


def buyer_of(organization: Organization, details: DetailsVersion) -> Party:
    """Return the organization's details as documents state them.

    The title replaces a missing legal name.
    """
    return Party(
        name=details.name or organization.title,
        street=details.street,
        postal_code=details.postal_code,
        city=details.city,
        country=details.country,
        tax_id=details.tax_number,
        email=organization.billing_email,
        legal_id=details.legal_id,
        legal_scheme=details.legal_scheme,
        endpoint=details.endpoint,
        endpoint_scheme=details.endpoint_scheme,
    )


def references_of(details: DetailsVersion) -> References:
    """Return the organization's references as documents state them."""
    return References(
        order=details.order_reference,
        buyer_reference=details.buyer_reference,
        contract=details.contract_reference,
        project=details.project_reference,
    )
