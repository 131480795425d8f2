"""Forms for partnerships."""

from __future__ import annotations

from datetime import date
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Column, Layout, Row
from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation.web.fields import DateField
from organizations.models import Organization
from usage.cameras.forms import OrganizationTitleField


class PartnershipForm(forms.Form):
    """A partner, found by its title, and the dates on which it is billed."""

    to = OrganizationTitleField(label=gettext_lazy("Partner"))
    first_on = DateField(label=gettext_lazy("First day"))
    last_on = DateField(label=gettext_lazy("Last day"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.layout = Layout("to", Row(Column("first_on"), Column("last_on")))

    def clean_to(self) -> Organization:
        """Find the organization by its whole title."""
        found = Organization.objects.filter(title__iexact=self.cleaned_data["to"]).first()
        if found is None:
            raise forms.ValidationError(
                _("No organization has this title. Choose one of those that are suggested.")
            )
        return found

    def clean(self) -> dict[str, Any]:
        """Refuse dates in the wrong order."""
        cleaned = super().clean() or {}
        first, last = cleaned.get("first_on"), cleaned.get("last_on")
        if first and last and last < first:
            self.add_error("last_on", _("The last day cannot be before the first."))
        return cleaned


class EndForm(forms.Form):
    """The last day of a partnership; `shown` is the one that was on the page."""

    last_on = DateField(label=gettext_lazy("Last day"))
    shown = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False

    def clean_shown(self) -> date | None:
        """Return the date that was shown, or None."""
        text = self.cleaned_data["shown"]
        try:
            return date.fromisoformat(text) if text else None
        except ValueError:
            raise forms.ValidationError(_("Open the page again.")) from None
