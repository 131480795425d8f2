"""The form that closes an organization."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from foundation.web.fields import DateField
from organizations.agreement.operations import open_charges_after
from organizations.models import Organization
from usage.closing.operations import ChargesAfterClosing


class ClosingForm(forms.Form):
    """Ask for the last day on which an organization is billed."""

    last_on = DateField(label=_("Last day"))

    def __init__(
        self, data: Mapping[str, Any] | None, *, organization: Organization, now: datetime
    ) -> None:
        self._organization = organization
        super().__init__(
            data, initial={"last_on": organization.closed_on or organization.date_at(now)}
        )
        self.fields["last_on"].help_text = gettext(
            "Usage up to the end of this day is billed, in the time zone %(zone)s. Nothing is "
            "billed after it."
        ) % {"zone": organization.zone_at(now)}
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True

    def clean_last_on(self) -> date:
        """Refuse a day before one-off charges that are not invoiced yet."""
        last_on: date = self.cleaned_data["last_on"]
        if charges := open_charges_after(self._organization, last_on):
            raise forms.ValidationError(str(ChargesAfterClosing(charges)))
        return last_on
