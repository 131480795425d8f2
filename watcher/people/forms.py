"""Forms for what is wanted of an organization in Watcher."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.utils.translation import gettext_lazy as _

from watcher.people.reminders import Reminder

LONGEST_TITLE = 200
LONGEST_BODY = 4_000
MOST_CAMERAS = 1_000_000


class LimitForm(forms.Form):
    """The most cameras that an organization may have in Watcher."""

    most_cameras = forms.IntegerField(
        label=_("Most cameras in Watcher"),
        required=False,
        min_value=1,
        max_value=MOST_CAMERAS,
        help_text=_("Empty: Watcher keeps its own limit, and billing does not change it."),
    )

    def __init__(self, data: Mapping[str, Any] | None, *, present: int | None) -> None:
        super().__init__(data, initial={"most_cameras": present})
        self.helper = FormHelper()
        self.helper.form_tag = False


class MessageForm(forms.Form):
    """A message to an owner."""

    title = forms.CharField(label=_("Title"), max_length=LONGEST_TITLE)
    body = forms.CharField(
        label=_("Text"), max_length=LONGEST_BODY, widget=forms.Textarea(attrs={"rows": 10})
    )

    def __init__(self, data: Mapping[str, Any] | None, *, prefilled: Reminder) -> None:
        super().__init__(data, initial={"title": prefilled.title, "body": prefilled.body})
        self.helper = FormHelper()
        self.helper.form_tag = False
