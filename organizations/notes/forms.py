"""The form for a note."""

from typing import Any

from crispy_forms.helper import FormHelper
from django import forms

from organizations.notes.models import Note


class NoteForm(forms.ModelForm):  # type: ignore[type-arg]
    """The text of a note, and whether it is pinned."""

    class Meta:
        model = Note
        fields = ("text", "is_pinned")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].widget = forms.Textarea(attrs={"rows": 4})
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True
