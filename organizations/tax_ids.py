"""Check tax IDs."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from stdnum.eu import vat
from stdnum.exceptions import ValidationError as InvalidNumber

# Greek VAT numbers start with EL.
_PREFIXES = {"EL", *(country.upper() for country in vat.MEMBER_STATES)}


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
