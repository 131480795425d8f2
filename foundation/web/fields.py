"""Form fields that several apps use."""

import re
from datetime import date, datetime
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.utils import formats
from django.utils.functional import lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from foundation.web.local_times import shown_date

FIRST_YEAR, LAST_YEAR = 1970, 2199


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
    """A date, typed as the reader's language writes it or in ISO 8601; the field shows the format.

    The browser's own date input would use the language of the browser, not that of the page.
    Dates outside the years `from_year` to 2199 are typing errors, and some of them cannot be
    converted to an instant in every time zone.
    """

    def __init__(self, *, from_year: int = 2000, **kwargs: Any) -> None:
        first, last = date(from_year, 1, 1), date(LAST_YEAR, 12, 31)
        outside = _lazy_date_rule(from_year)
        super().__init__(
            error_messages={
                "required": _("Enter a date."),
                "invalid": _("Enter a date, for example 2026-11-29."),
            },
            widget=forms.DateInput(
                attrs={
                    "placeholder": _("yyyy-mm-dd"),
                    "autocomplete": "off",
                    # How the calendar of static/js/site.js writes a date.
                    "data-date": _("Y-m-d"),
                    "data-typed": True,
                    "data-min": first.isoformat(),
                    "data-max": last.isoformat(),
                },
            ),
            validators=[MinValueValidator(first, outside), MaxValueValidator(last, outside)],
            **kwargs,
        )

    def prepare_value(self, value: Any) -> Any:
        """Return the date of a text that was sent, so that an ISO 8601 one is shown as typed."""
        try:
            return self.to_python(value)
        except forms.ValidationError:
            return value


class _MonthInput(forms.DateInput):
    """A text field that shows a month as the reader's language writes it."""

    def format_value(self, value: Any) -> str | None:
        """Return the month of a date, or the text that was typed."""
        if isinstance(value, date):
            return shown_date(value, gettext("Y-m"))
        return super().format_value(value)


class MonthField(forms.DateField):
    """A month, typed as 2026-10 or 10.2026; the field shows what the reader's language uses.

    Both are understood in every language, because an address that contains one can be sent to
    somebody else. Cleans to the first date of the month.
    """

    def __init__(self, *, from_year: int = 2000, **kwargs: Any) -> None:
        first, last = date(from_year, 1, 1), date(LAST_YEAR, 12, 31)
        outside = _lazy_date_rule(from_year)
        attrs = {"placeholder": _("yyyy-mm"), "autocomplete": "off", "data-typed": True}
        super().__init__(
            input_formats=["%Y-%m", "%m.%Y"],
            widget=_MonthInput(attrs=attrs),
            error_messages={
                "required": _("Enter a month, for example 2026-11."),
                "invalid": _("Enter a month, for example 2026-11."),
            },
            validators=[MinValueValidator(first, outside), MaxValueValidator(last, outside)],
            **kwargs,
        )

    def prepare_value(self, value: Any) -> Any:
        """Return the month of a text that was sent, so that it is shown in the reader's format."""
        try:
            return self.to_python(value)
        except forms.ValidationError:
            return value


class LocalTimeField(forms.Field):
    """A local date and time, typed as the reader's language writes it or in ISO 8601.

    Cleans to a naive datetime in a year from `FIRST_YEAR`, or to None.
    """

    _iso = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d)?(\.0+)?", re.ASCII)

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.DateTimeInput(
            attrs={"placeholder": _("yyyy-mm-dd hh:mm:ss"), "autocomplete": "off"}
        )
        super().__init__(widget=widget, **kwargs)

    def to_python(self, value: Any) -> datetime | None:
        """Return the local time of a text without an offset."""
        text = str(value or "").strip()
        if not text:
            return None
        local = self._read(text)
        if local is None:
            raise forms.ValidationError(
                _("Enter a date and time, for example 2026-09-01 08:30:00.")
            )
        if local.year < FIRST_YEAR:
            raise forms.ValidationError(_("This date is before 1970. Correct the year."))
        return local

    def prepare_value(self, value: Any) -> Any:
        """Return the time of a text that was sent, so that an ISO 8601 one is shown as typed."""
        return (self._read(value.strip()) or value) if isinstance(value, str) else value

    def _read(self, text: str) -> datetime | None:
        if self._iso.fullmatch(text):
            try:
                return datetime.fromisoformat(text.partition(".")[0])
            except ValueError:
                return None
        for pattern in formats.get_format("DATETIME_INPUT_FORMATS"):
            try:
                return datetime.strptime(text, pattern)
            except ValueError:
                continue
        return None


class LineField(forms.CharField):
    """Text on one line. Control characters, which only a forged form can send, are refused."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(validators=[_ON_ONE_LINE], **kwargs)
