"""The form for the tags of an organization."""

from collections.abc import Collection, Sequence
from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from organizations.tags.models import Tag
from organizations.tags.operations import names_in

MOST_TAGS = 20
"""The maximum number of tags of an organization."""
_LONGEST = Tag._meta.get_field("name").max_length or 0


class TagsForm(forms.Form):
    """The tags of an organization, as text."""

    tags = forms.CharField(
        label=_("Tags"),
        required=False,
        help_text=_("Separate tags with commas, for example: key account, Hamburg."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True

    def clean_tags(self) -> Sequence[str]:
        """Return the names of the tags.

        Raises:
            ValidationError: there are too many, or one is too long.
        """
        return checked_tags(self.cleaned_data["tags"])


def checked_tags(text: str) -> Sequence[str]:
    """Return the names of the tags in a text, separated by commas.

    Raises:
        ValidationError: there are too many, or one is too long.
    """
    names = names_in(text)
    if reason := too_many_tags(names):
        raise forms.ValidationError(reason)
    if any(len(name) > _LONGEST for name in names):
        reason = ngettext(
            "A tag can have up to %(number)s character.",
            "A tag can have up to %(number)s characters.",
            _LONGEST,
        )
        raise forms.ValidationError(reason % {"number": _LONGEST})
    return names


def too_many_tags(names: Collection[str]) -> str:
    """Return why an organization cannot have this many tags, or an empty string."""
    if len(names) <= MOST_TAGS:
        return ""
    text = ngettext(
        "An organization can have up to %(number)s tag.",
        "An organization can have up to %(number)s tags.",
        MOST_TAGS,
    )
    return text % {"number": MOST_TAGS}
