"""Define the form for uploading a file of usage."""

from __future__ import annotations

from typing import Any

from crispy_forms.layout import Div, Layout
from django import forms
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from foundation.imports.forms import UploadForm
from foundation.web.fields import FIRST_YEAR, MonthField
from rating.periods import Period, month_of

ADD, REPLACE = "add", "replace"


class UsageImportForm(UploadForm):
    """Ask for a file of usage intervals, and whether they replace what is recorded."""

    max_megabytes = 50
    command = "import_usage"

    mode = forms.ChoiceField(
        label=_("What to do with the lines"),
        choices=(
            (ADD, _("Add them to the recorded usage")),
            (REPLACE, _("Replace the usage of these cameras in these months")),
        ),
        initial=ADD,
        widget=forms.RadioSelect,
        required=False,
    )
    first_month = MonthField(label=_("First month"), from_year=FIRST_YEAR, required=False)
    last_month = MonthField(
        label=pgettext_lazy("of several", "Last month"), from_year=FIRST_YEAR, required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["last_month"].help_text = gettext(
            "Of each camera in the file, usage by the organizations named with it is removed in "
            "these months, and the lines take its place. Lines outside these months are errors."
        )
        months = Div("first_month", "last_month", css_class="shown-when-replace")
        self.helper.layout = Layout("file", "encoding", Div("mode", months, css_class="pick"))

    def clean(self) -> dict[str, Any]:
        """Require months in order if usage is to be replaced."""
        cleaned = super().clean() or {}
        if cleaned.get("mode") != REPLACE:
            # They are hidden, and mean nothing.
            for name in ("first_month", "last_month"):
                self.errors.pop(name, None)
            return cleaned
        for name in ("first_month", "last_month"):
            if cleaned.get(name) is None and name not in self.errors:
                self.add_error(name, gettext("Enter a month, for example 2026-11."))
        first, last = cleaned.get("first_month"), cleaned.get("last_month")
        if first and last and last < first:
            self.add_error("last_month", gettext("The last month cannot be before the first."))
        return cleaned

    @property
    def months(self) -> Period | None:
        """The months in which usage is replaced, of a valid form; None if lines are added."""
        if self.cleaned_data["mode"] != REPLACE:
            return None
        last = month_of(self.cleaned_data["last_month"])
        return Period(self.cleaned_data["first_month"], last.end)
