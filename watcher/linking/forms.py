"""Forms that choose what is linked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.utils.translation import gettext_lazy as _

from organizations.models import Organization
from tariffs.models import Tariff
from usage.cameras.forms import OrganizationTitleField


class OrganizationForm(forms.Form):
    """Choose an organization by its title."""

    title = OrganizationTitleField(label=_("Organization here"))

    def __init__(self, data: Mapping[str, Any] | None = None) -> None:
        super().__init__(data)
        self.helper = FormHelper()
        self.helper.form_tag = False

    def clean_title(self) -> Organization:
        """Return the organization of this title, whatever its case."""
        found = Organization.objects.filter(title__iexact=self.cleaned_data["title"].strip())
        if organization := found.first():
            return organization
        raise forms.ValidationError(_("No organization has this title. Choose one of the list."))


class TariffForm(forms.Form):
    """Choose the tariff that a preset means."""

    tariff = forms.ModelChoiceField(
        queryset=Tariff.objects.filter(is_archived=False),
        label=_("Tariff plan"),
        required=False,
        empty_label=_("None: cameras with this preset are held back"),
        widget=forms.Select(attrs={"data-select": True}),
    )

    def __init__(self, data: Mapping[str, Any] | None = None, *, present: int | None) -> None:
        super().__init__(data, initial={"tariff": present})
        self.helper = FormHelper()
        self.helper.form_tag = False
