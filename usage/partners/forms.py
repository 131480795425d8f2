"""Forms for partnerships."""

from __future__ import annotations

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Column, Layout, Row
from django import forms
from django.forms.models import construct_instance
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation.web.fields import DateField
from organizations.models import Organization, Partnership
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


class EndForm(forms.ModelForm):  # type: ignore[type-arg]
    """The last day of a partnership."""

    last_on = DateField(
        label=gettext_lazy("Last day"),
        required=False,
        help_text=gettext_lazy("This day is included. Leave empty if the end is open."),
    )

    class Meta:
        model = Partnership
        fields = ("last_on",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False

    def _post_clean(self) -> None:
        """Leave the constraints to the operation, which refuses on the field."""
        construct_instance(self, self.instance, self._meta.fields)
