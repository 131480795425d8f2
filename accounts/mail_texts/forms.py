"""The form of the texts of a mail."""

from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.mail_texts.kinds import MailKind, check_placeholders
from accounts.mail_texts.texts import Texts, default_texts
from foundation.web.fields import LineField


class TextsForm(forms.Form):
    """Subject and introduction. What equals the default is cleaned to an empty text."""

    subject = LineField(label=_("Subject"), max_length=200, required=False)
    introduction = forms.CharField(
        label=_("Introduction"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("It follows the greeting. If you leave a field empty, the default is used."),
    )

    def __init__(self, *args: Any, kind: MailKind, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._kind, self._default = kind, default_texts(kind)
        self.helper = FormHelper()
        self.helper.form_tag = False

    def clean_subject(self) -> str:
        """Check the placeholders."""
        return self._checked("subject")

    def clean_introduction(self) -> str:
        """Check the placeholders."""
        self.cleaned_data["introduction"] = self.cleaned_data["introduction"].replace("\r\n", "\n")
        return self._checked("introduction")

    def _checked(self, name: str) -> str:
        text: str = self.cleaned_data[name]
        check_placeholders(text, self._kind.examples)
        return "" if text == getattr(self._default, name) else text

    @property
    def preview(self) -> Texts:
        """The texts of a valid form, with examples for their placeholders."""
        given = self.cleaned_data
        texts = Texts(
            given["subject"] or self._default.subject,
            given["introduction"] or self._default.introduction,
        )
        return texts.filled(self._kind.examples)
