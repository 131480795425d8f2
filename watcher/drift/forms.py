"""The form with which differences are ignored."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from watcher.drift.operations import LONGEST_REASON


class ReasonForm(forms.Form):
    """Say why differences are ignored."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=LONGEST_REASON,
        error_messages={"required": _("Say why these differences are ignored.")},
    )
