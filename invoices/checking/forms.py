"""Forms that upload a document to check, and that choose other rules for it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from invoices.checking.operations import MOST_MEGABYTES
from invoices.checking.words import PROFILES
from tariffs.forms import helper_with


class CheckForm(forms.Form):
    """An electronic invoice, and the profile whose rules it is checked by."""

    id = forms.UUIDField(widget=forms.HiddenInput, required=False)
    file = forms.FileField(
        label=_("Electronic invoice"),
        widget=forms.FileInput(attrs={"accept": ".xml,.pdf"}),
        help_text=_("XML in CII, UBL or FA(3), or a PDF with such XML attached, up to 10 MB."),
    )
    profile = forms.ChoiceField(
        label=_("Rules"),
        choices=[("", _("Those that the document names")), *PROFILES.items()],
        required=False,
    )

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        files: MultiValueDict[str, UploadedFile[Any]] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(data, files, **kwargs)
        self.helper = helper_with(*self.fields)

    def clean_file(self) -> Any:
        """Refuse a file that is too large to be checked."""
        file = self.cleaned_data["file"]
        if file.size > MOST_MEGABYTES * 1_000_000:
            text = gettext("The file is larger than %(size)s MB. Choose a smaller one.")
            raise forms.ValidationError(text % {"size": MOST_MEGABYTES})
        return file
