"""Define the form for the period of a statement."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from foundation.web.fields import DateField
from rating.periods import Period, month_of

MAX_YEARS = 5


class PeriodForm(forms.Form):
    """Ask for the first and last date of a statement: at most five years."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        super().__init__(data)
        # Named like the query parameters; `from` cannot be an attribute of the class.
        self.fields["from"] = DateField(label=_("From"))
        self.fields["to"] = DateField(label=_("To"))
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True

    @classmethod
    def asked(
        cls, query: Mapping[str, Any], today: date, *, otherwise: Period | None = None
    ) -> PeriodForm:
        """Return the form filled in from a query; without dates, with `otherwise` or this month."""
        if "from" in query or "to" in query:
            return cls(query)
        return cls(as_query(otherwise or month_of(today)))

    def clean(self) -> dict[str, Any]:
        """Refuse a period that ends before it starts, or is too long."""
        cleaned = super().clean() or {}
        first, last = cleaned.get("from"), cleaned.get("to")
        if first and last:
            if last < first:
                self.add_error("to", _("The end date is before the start date. Swap them."))
            elif last >= _years_later(first, MAX_YEARS):
                self.add_error("to", _("Choose a period of up to 5 years."))
        return cleaned

    @property
    def refusal(self) -> str:
        """What is said of an invalid form where a file was asked for."""
        errors = " ".join(str(error) for errors in self.errors.values() for error in errors)
        return gettext("This period cannot be exported. %(errors)s") % {"errors": errors}

    @property
    def period(self) -> Period:
        """The period of a valid form."""
        return Period.inclusive(self.cleaned_data["from"], self.cleaned_data["to"])


def _years_later(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:  # 29 February does not exist in that year.
        return day.replace(year=day.year + years, month=3, day=1)


def as_query(period: Period) -> dict[str, str]:
    """Return the query parameters for a period."""
    return {"from": period.start.isoformat(), "to": period.last.isoformat()}


def shortcuts(today: date) -> list[tuple[str, dict[str, str]]]:
    """Return the most common periods as pairs of name and query parameters."""
    return [
        (str(_("This month")), as_query(month_of(today))),
        (str(_("Last month")), as_query(month_of(today, months_before=1))),
        (str(_("Last 3 months")), as_query(month_of(today, months_before=3, months=3))),
    ]
