"""Where intra-EU supplies and exports go: what documents state of it, and what it must be.

An intra-EU supply goes to another member state than the one whose VAT number the provider has
(Directive 2006/112/EC, article 138), an export out of the Union (article 146). Documents of both
state the country of delivery (EN 16931, BT-80; BR-IC-12 demands it of intra-EU supplies).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from invoices.documents.document import TaxSubtotal
from invoices.issuing.refusals import DeliveredInside, IssueRefusal, NotDeliveredToMember
from invoices.provider.models import Provider
from organizations.billing.details import DetailsVersion
from organizations.models import TaxCategory
from organizations.tax_ids import is_member_state, member_state_of

STATED_FOR = (TaxCategory.INTRA_EU, TaxCategory.EXPORT)


def delivery_country(details: DetailsVersion, taxes: Iterable[TaxSubtotal]) -> str:
    """Return the country of delivery that a document with these taxes states, or ""."""
    return details.delivered_to if any(tax.category in STATED_FOR for tax in taxes) else ""


def wrong_deliveries(
    provider: Provider, details: DetailsVersion, categories: Collection[TaxCategory]
) -> Iterator[IssueRefusal]:
    """Yield why a delivery does not fit the categories of its taxes.

    Yield nothing while the provider's or the organization's country is missing.
    """
    country = details.delivered_to
    if not country or not provider.country:
        return
    if TaxCategory.INTRA_EU in categories:
        seller = member_state_of(provider.tax_id, provider.country)
        if not is_member_state(country) or member_state_of("", country) == seller:
            yield NotDeliveredToMember(country=country)
    if TaxCategory.EXPORT in categories and is_member_state(country):
        yield DeliveredInside(country=country)
