"""The forms of a new billing address, and of the reason to refuse one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, cast

from crispy_forms.layout import Column, Row
from django import forms
from django.utils.translation import gettext_lazy as _

from foundation.web.fields import LineField
from organizations.addresses.models import MAX_REASON, AddressRequest
from organizations.addresses.operations import NAMES, AddressFields
from organizations.billing.tax_id_rules import check_tax_id_in
from tariffs.forms import helper_with


class AddressForm(forms.ModelForm):  # type: ignore[type-arg]
    """A name, an address and a tax ID for invoices."""

    class Meta:
        model = AddressRequest
        fields = NAMES
        field_classes: ClassVar = dict.fromkeys(
            ("name", "street", "postal_code", "city", "tax_number"), LineField
        )
        widgets: ClassVar = {"country": forms.Select(attrs={"data-select": True})}
        help_texts: ClassVar = {
            "name": _("The name that invoices are addressed to."),
            "tax_number": _("An EU VAT number starts with the country code."),
        }

    def __init__(self, data: Mapping[str, Any] | None, *, initial: AddressFields) -> None:
        super().__init__(data, initial=dict(initial))
        self.helper = helper_with(
            "name",
            "street",
            Row(Column("postal_code", css_class="col-sm-4"), Column("city", css_class="col-sm-8")),
            "country",
            "tax_number",
        )

    def clean(self) -> dict[str, Any]:
        """Check the tax ID by the rules of the country."""
        cleaned = super().clean() or {}
        check_tax_id_in(self, "tax_number")
        return cleaned

    @property
    def address(self) -> AddressFields:
        """The values of a valid form."""
        return cast(AddressFields, {name: self.cleaned_data[name] for name in NAMES})


class RefusalForm(forms.Form):
    """Why an address is refused."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=MAX_REASON,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The owner reads it, and gets it by email."),
        error_messages={"required": _("Enter a reason, so that the owner knows what to change.")},
    )

    def __init__(self, data: Mapping[str, Any] | None) -> None:
        super().__init__(data)
        self.helper = helper_with("reason")
