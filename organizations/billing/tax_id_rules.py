"""The tax ID that a tax needs."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from organizations.models import Tax, TaxCategory
from organizations.tax_ids import eu_vat_number


def wrong_tax_id(tax: Tax, number: str, country: str) -> Promise | None:
    """Return why an organization with this tax ID cannot be billed with the tax, if so."""
    if tax.category == TaxCategory.REVERSE_CHARGE and not number:
        return _("A reverse charge requires a tax ID. Enter it or choose another tax.")
    if tax.category == TaxCategory.INTRA_EU and country and not eu_vat_number(number, country):
        return _(
            "An intra-EU supply requires a VAT number of a member state. Enter it or choose "
            "another tax."
        )
    return None
