"""Read cells that files of organizations and files of terms both have."""

from __future__ import annotations

from datetime import date

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from foundation.imports.values import date_from

# Characters quoted from a wrong cell.
MOST_SHOWN = 100
# What spreadsheets make of a boolean too, in the languages of the pages.
_YES_OR_NO = {
    **dict.fromkeys(("yes", "true", "1", "да", "истина"), True),
    **dict.fromkeys(("no", "false", "0", "нет", "ложь"), False),
}


def yes_or_no(text: str) -> bool:
    """Return what a cell answers.

    Raises:
        ValidationError: neither.
    """
    if text.casefold() not in _YES_OR_NO:
        raise ValidationError(
            _("“%(text)s” is neither yes nor no. Enter yes or no.") % {"text": text[:MOST_SHOWN]}
        )
    return _YES_OR_NO[text.casefold()]


def date_in(text: str) -> date:
    """Return the date in a cell.

    Raises:
        ValidationError: there is none.
    """
    day = date_from(text)
    if day is None:
        raise ValidationError(
            _("“%(text)s” is not a valid date. Use the format 2026-11-02 or 02.11.2026.")
            % {"text": text[:MOST_SHOWN]}
        )
    return day
