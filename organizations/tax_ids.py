"""Tax ids: those that can be checked are."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from stdnum.eu import vat
from stdnum.exceptions import ValidationError as InvalidNumber

# Greece writes EL in its numbers.
_PREFIXES = {"EL", *(country.upper() for country in vat.MEMBER_STATES)}


def checked_tax_id(text: str) -> str:
    """Return a tax id as documents state it: a VAT number of the European Union is compacted.

    Any other text is taken as it is.

    Raises:
        ValidationError: it begins as such a VAT number, and is none.
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
