"""The form that uploads a file to import."""

from __future__ import annotations

from typing import Any, ClassVar

from crispy_forms.helper import FormHelper
from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

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
