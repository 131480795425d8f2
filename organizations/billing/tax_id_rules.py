"""What tax IDs may be: by the rules of the country, and by the tax that needs one."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from organizations.models import Tax, TaxCategory
from organizations.tax_ids import checked_tax_id, eu_vat_number

# A tax ID of Russia is the INN, or INN/KPP.
_RUSSIAN = re.compile(r"([0-9]{10}|[0-9]{12})(?:\s*[/\\ ]\s*([0-9]{4}[0-9A-Z]{2}[0-9]{3}))?")


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


def check_tax_id_in(form: forms.BaseForm, name: str) -> bool:
    """Check the tax ID of a cleaned form by the rules of its `country`; return whether it is valid.

    The form then has it as it is stored, or an error in this field.
    """
    cleaned: dict[str, Any] = form.cleaned_data
    if name not in cleaned:
        return False
    try:
        cleaned[name] = checked_tax_id(cleaned[name], cleaned.get("country", ""))
    except ValidationError as error:
        form.add_error(name, error)
        return False
    return True


def russian_tax_id(tax_id: str) -> tuple[str, str] | None:
    """Return the INN and the KPP of a Russian tax ID, such as 7707083893/770701001.

    The KPP is "" if it is not stated. Anything else is None.
    """
    found = _RUSSIAN.fullmatch(tax_id.strip())
    return (found[1], found[2] or "") if found else None
