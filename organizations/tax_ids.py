"""Check tax IDs."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from stdnum.eu import vat
from stdnum.exceptions import ValidationError as InvalidNumber

# Greek VAT numbers start with EL.
_PREFIXES = {"EL", *(country.upper() for country in vat.MEMBER_STATES)}
# The prefixes of VAT numbers that differ from the country's code.
_PREFIX_OF_COUNTRY = {"GR": "EL"}


def checked_tax_id(text: str) -> str:
    """Return a tax ID as invoices show it: VAT numbers of the European Union are compacted.

    Any other text is returned unchanged.

    Raises:
        ValidationError: it begins like an EU VAT number but is not a valid one.
    """
    if text[:2].upper() not in _PREFIXES:
        return text
    try:
        return vat.validate(text)
    except InvalidNumber as error:
        raise ValidationError(
            _(
                "“%(text)s” is not a valid VAT number. Check it against the "
                "company’s documents. If it is another kind of tax ID, enter it "
                "without “%(prefix)s” at the start."
            ),
            params={"text": text, "prefix": text[:2]},
        ) from error


def vat_number(tax_id: str, country: str) -> str:
    """Return a tax ID if it is a VAT number by EN 16931, and otherwise an empty text.

    A VAT number starts with the code of its party's country (BR-CO-09).
    """
    compact = "".join(tax_id.split()).upper()
    prefix = _PREFIX_OF_COUNTRY.get(country, country)
    return compact if prefix and compact.startswith(prefix) else ""
