"""The form that uploads a file to import."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Column, Layout, Row
from django import forms
from django.utils.text import Truncator
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from foundation.imports.columns import Columns, usable
from foundation.imports.encodings import Encoding


class UploadForm(forms.Form):
    """A file of up to `max_megabytes`; the management command `command` imports larger ones."""

    max_megabytes: ClassVar[int]
    command: ClassVar[str]

    file = forms.FileField(
        label=_("CSV or XLSX file"),
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,.tsv,.txt,.xlsx,text/csv"}),
    )
    encoding = forms.ChoiceField(
        label=_("Encoding of a CSV file"),
        choices=Encoding.choices,
        initial=Encoding.UTF_8,
        required=False,
        help_text=_(
            "Excel saves “CSV UTF-8” in UTF-8, and “CSV” in the Windows encoding of your country. "
            "It does not matter for XLSX."
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        text = gettext("Up to %(size)s MB. For larger files, use manage.py %(command)s.")
        self.fields["file"].help_text = text % self._limits
        self.helper = FormHelper()
        self.helper.form_tag = False

    def clean_file(self) -> Any:
        """Refuse a file that is too large to read within a request."""
        file = self.cleaned_data["file"]
        if file.size > self.max_megabytes * 1_000_000:
            text = gettext(
                "The file is larger than %(size)s MB. Split it, or use manage.py %(command)s."
            )
            raise forms.ValidationError(text % self._limits)
        return file

    def clean_encoding(self) -> Encoding:
        """Return the encoding; UTF-8 if none was given."""
        return Encoding(self.cleaned_data["encoding"] or Encoding.UTF_8)

    @property
    def _limits(self) -> dict[str, Any]:
        return {"size": self.max_megabytes, "command": self.command}


class ColumnsForm(forms.Form):
    """What a file calls our columns: which of its headings, if any, is which column."""

    def __init__(
        self, *args: Any, columns: Columns, found: Sequence[str], chosen: Mapping[str, str]
    ) -> None:
        super().__init__(*args)
        self._columns, self._headings = columns, usable(found)
        self.repeated = sorted({each for each in found if each and each not in self._headings})
        names = [heading.lower() for heading in self._headings]
        headings = [(str(at), _short(each)) for at, each in enumerate(self._headings)]
        proposed = chosen or {
            column: heading.lower() for column, heading in columns.proposed(self._headings).items()
        }
        for column in columns.labels:
            is_required = column in columns.required
            none = _("Choose a heading") if is_required else _("Not in the file")
            heading = proposed.get(column)
            self.fields[column] = forms.ChoiceField(
                label=columns.label(column),
                choices=[("", none), *headings],
                required=is_required,
                error_messages={"required": _("Choose the heading of this column.")},
                initial=str(names.index(heading)) if heading in names else "",
            )
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.layout = Layout(
            Row(*(Column(name, css_class="col-sm-6 col-xl-4") for name in columns.labels))
        )

    def clean(self) -> dict[str, Any]:
        """Refuse a heading that was chosen for two columns."""
        cleaned = super().clean() or {}
        first: dict[str, str] = {}
        for column in self._columns.labels:
            at = cleaned.get(column)
            if at and first.setdefault(at, column) != column:
                text = gettext("This heading is already chosen for %(column)s. Choose another.")
                label = self.fields[first[at]].label
                self.add_error(column, text % {"column": label})
        return cleaned

    @property
    def headings(self) -> dict[str, str]:
        """The headings of a valid form, in lower case, by column."""
        chosen = {column: self.cleaned_data[column] for column in self._columns.labels}
        return {column: self._headings[int(at)].lower() for column, at in chosen.items() if at}


def _short(heading: str) -> str:
    return Truncator(heading).chars(80)
