"""Form fields that several apps use."""

from datetime import date
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.utils.functional import lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

LAST_YEAR = 2199


def _date_rule(first_year: int) -> str:
    return gettext("Enter a date between the years %(first)s and %(last)s.") % {
        "first": first_year,
        "last": LAST_YEAR,
    }


_lazy_date_rule = lazy(_date_rule, str)

_ON_ONE_LINE = RegexValidator(
    r"[\x00-\x1f\x7f-\x9f\u2028\u2029]",
    _("Enter a single line without control characters."),
    inverse_match=True,
)


class DateField(forms.DateField):
    """A date in the browser's own date input, which sends ISO 8601 in every language.

    Dates outside the years `from_year` to 2199 are typing errors, and some of them cannot be
    converted to an instant in every time zone.
    """

    def __init__(self, *, from_year: int = 2000, **kwargs: Any) -> None:
        first, last = date(from_year, 1, 1), date(LAST_YEAR, 12, 31)
        outside = _lazy_date_rule(from_year)
        super().__init__(
            error_messages={"required": _("Enter a date."), "invalid": _("Enter a date.")},
            widget=forms.DateInput(
                format="%Y-%m-%d",
                attrs={"type": "date", "min": first.isoformat(), "max": last.isoformat()},
            ),
            validators=[MinValueValidator(first, outside), MaxValueValidator(last, outside)],
            **kwargs,
        )


class LineField(forms.CharField):
    """Text on one line. Control characters, which only a forged form can send, are refused."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(validators=[_ON_ONE_LINE], **kwargs)
