"""The form for an organization's billing details."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, ClassVar, cast

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Column, Fieldset, Layout, Row
from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy as _

from foundation.web.fields import LineField
from organizations.billing import BillingDetails
from organizations.models import Organization, TaxCategory
from organizations.tax_ids import checked_tax_id

_HUNDREDTH = Decimal("0.01")
_RATE_RULE = _("Enter a rate above 0 and up to 100 percent.")


class RateField(forms.DecimalField):
    """A tax rate in percent with two decimals, as stored; may be empty."""

    def __init__(self) -> None:
        super().__init__(
            label=_("Tax rate, %"),
            help_text=_("Applies to the standard rate only."),
            required=False,
            localize=True,
            max_digits=5,
            decimal_places=2,
            validators=[
                MinValueValidator(_HUNDREDTH, _RATE_RULE),
                MaxValueValidator(100, _RATE_RULE),
            ],
        )
        self.widget.attrs |= {"inputmode": "decimal", "autocomplete": "off"}

    def clean(self, value: Any) -> Decimal | None:
        rate = super().clean(value)
        return None if rate is None else rate.quantize(_HUNDREDTH)


class BillingForm(forms.ModelForm):  # type: ignore[type-arg]
    """An organization's billing details. All may stay empty until an invoice needs them."""

    tax_rate = RateField()

    class Meta:
        model = Organization
        fields = tuple(BillingDetails.__annotations__)
        field_classes: ClassVar = dict.fromkeys(
            (
                "billing_name",
                "billing_street",
                "billing_postal_code",
                "billing_city",
                "billing_tax_id",
            ),
            LineField,
        )
        widgets: ClassVar = {"billing_country": forms.Select(attrs={"data-select": True})}
        help_texts: ClassVar = {
            "billing_name": _("The name that invoices are addressed to."),
            "billing_tax_id": _("An EU VAT number starts with the country code."),
            "billing_email": _("If left empty, invoices are not sent."),
            "tax_category": _("Invoices cannot be issued until a tax is chosen."),
        }

    def __init__(self, data: Mapping[str, Any] | None, *, instance: Organization) -> None:
        super().__init__(data, instance=instance)
        category = cast(forms.ChoiceField, self.fields["tax_category"])
        category.choices = [("", _("Not chosen yet")), *TaxCategory.choices]
        self.helper = _helper()

    def clean_billing_tax_id(self) -> str:
        """Check the number if it is a VAT number of the European Union."""
        return checked_tax_id(self.cleaned_data["billing_tax_id"])

    def clean(self) -> dict[str, Any]:
        """Require a rate for the standard category, and a tax ID for a reverse charge."""
        cleaned = super().clean() or {}
        category = cleaned.get("tax_category")
        if category != TaxCategory.STANDARD:
            # The page hides the field for these categories, along with any value typed earlier.
            cleaned["tax_rate"] = None
            self.errors.pop("tax_rate", None)
        elif cleaned.get("tax_rate") is None and "tax_rate" not in self.errors:
            self.add_error("tax_rate", _RATE_RULE)
        if category == TaxCategory.REVERSE_CHARGE and cleaned.get("billing_tax_id") == "":
            self.add_error(
                "billing_tax_id",
                _("A reverse charge requires a tax ID. Enter it or choose another tax."),
            )
        return cleaned

    @property
    def billing_details(self) -> BillingDetails:
        """The billing details of a valid form."""
        return cast(BillingDetails, {name: self.cleaned_data[name] for name in self.fields})


def _helper() -> FormHelper:
    helper = FormHelper()
    helper.form_tag = False
    helper.layout = Layout(
        Fieldset(
            _("Billed to"),
            "billing_name",
            "billing_street",
            Row(
                Column("billing_postal_code", css_class="col-sm-4"),
                Column("billing_city", css_class="col-sm-8"),
            ),
            "billing_country",
            css_class="form-section",
        ),
        Fieldset(
            _("Tax"),
            "billing_tax_id",
            Row(
                Column("tax_category", css_class="col-sm"),
                Column(
                    "tax_rate",
                    css_class="col-sm",
                    data_only_while="tax_category",
                    data_is=TaxCategory.STANDARD.value,
                ),
            ),
            css_class="form-section",
        ),
        Fieldset(
            _("Delivery"),
            Row(
                Column("billing_email", css_class="col-sm"),
                Column("invoice_language", css_class="col-sm"),
            ),
            css_class="form-section",
        ),
    )
    return helper
