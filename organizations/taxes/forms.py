"""Forms for taxes and their rates."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any, ClassVar, cast

from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, Column, Div, Fieldset, Layout, LayoutObject, Row
from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.html import escape, format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from foundation.web.fields import DateField, LineField
from organizations.billing.provider_country import provider_country
from organizations.models import Tax, TaxCategory
from organizations.taxes.small_business import SMALL_BUSINESS, Exemption, exemption_in
from organizations.taxes.spans import BEGINNING
from organizations.taxes.vatex import vatex_codes

_HUNDREDTH = Decimal("0.01")
_RATE_RULE = _("Enter a rate above 0 and up to 100 percent.")
_REASON_FIELDS = ("exemption_text", "exemption_code")


class RateField(forms.DecimalField):
    """A tax rate in percent with two decimals, as stored."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            label=_("Tax rate, %"),
            localize=True,
            max_digits=5,
            decimal_places=2,
            validators=[
                MinValueValidator(_HUNDREDTH, _RATE_RULE),
                MaxValueValidator(100, _RATE_RULE),
            ],
            error_messages={"required": _RATE_RULE, "invalid": _RATE_RULE},
            **kwargs,
        )
        self.widget.attrs |= {"inputmode": "decimal", "autocomplete": "off"}

    def clean(self, value: Any) -> Decimal | None:
        rate = super().clean(value)
        return None if rate is None else rate.quantize(_HUNDREDTH)


def _helper(*layout: LayoutObject | str) -> FormHelper:
    helper = FormHelper()
    helper.form_tag = False
    helper.disable_csrf = True
    helper.layout = Layout(*layout)
    return helper


class TaxForm(forms.ModelForm):  # type: ignore[type-arg]
    """An existing tax without its rates. Its category was chosen when it was added."""

    # Not a field of the model's form, which would refuse a second default. The operation takes the
    # default from the other tax.
    is_default = forms.BooleanField(
        label=_("Apply to new organizations by default"), required=False
    )

    class Meta:
        model = Tax
        fields: ClassVar = ["name", "exemption_text", "exemption_code"]
        field_classes: ClassVar = dict.fromkeys(
            ("name", "exemption_text", "exemption_code"), LineField
        )
        help_texts: ClassVar = {
            "name": _("As your staff know it, for example “VAT Germany”."),
            "exemption_text": _(
                "Printed on invoices as it is. If left empty, they state “Exempt from tax” in "
                "their language."
            ),
            "exemption_code": _(
                "The code of the reason for e-invoices, for example VATEX-EU-132. May be empty."
            ),
        }
        error_messages: ClassVar = {"name": {"required": _("Enter a name.")}}

    def __init__(
        self, data: Mapping[str, Any] | None, *, instance: Tax | None = None, **kwargs: Any
    ) -> None:
        super().__init__(data, instance=instance, **kwargs)
        self.initial["is_default"] = self.instance.is_default
        reasons: tuple[str, ...] = _REASON_FIELDS
        if instance and instance.category != TaxCategory.EXEMPT:
            reasons = ()
            for name in _REASON_FIELDS:
                del self.fields[name]
        self.helper = _helper("name", *reasons, "is_default")

    def clean_name(self) -> str:
        """Refuse another tax's name here, to show the error beside the field."""
        name: str = self.cleaned_data["name"]
        if Tax.objects.filter(name__iexact=name).exclude(pk=self.instance.pk).exists():
            raise ValidationError(_("A tax with this name already exists."))
        return name

    def clean_exemption_code(self) -> str:
        """Accept only codes that e-invoices accept."""
        code: str = self.cleaned_data["exemption_code"].upper()
        if code and code not in vatex_codes():
            raise ValidationError(
                _("“%(code)s” is not in the VATEX list of EN 16931. Check the code."),
                params={"code": code},
            )
        return code

    @property
    def tax_fields(self) -> dict[str, Any]:
        """The values of a valid form; the reason is empty unless the tax is an exemption."""
        return dict.fromkeys(_REASON_FIELDS, "") | {
            name: self.cleaned_data[name]
            for name in (*TaxForm.Meta.fields, "is_default")
            if name in self.fields
        }


class NewTaxForm(TaxForm):
    """A new tax, with its first rate if it has rates."""

    percent = RateField(required=False)
    valid_from = DateField(label=_("Rate applies from"), from_year=BEGINNING.year, required=False)

    class Meta(TaxForm.Meta):
        fields: ClassVar = [*TaxForm.Meta.fields, "category"]

    def __init__(self, data: Mapping[str, Any] | None, *, today: date) -> None:
        super().__init__(data, initial={"valid_from": today})
        category = cast(forms.ChoiceField, self.fields["category"])
        self._small = exemption_in(provider_country())
        small = [(SMALL_BUSINESS, _("Small business without VAT"))] if self._small else []
        category.choices = [("", _("Choose a category")), *TaxCategory.choices, *small]
        category.help_text = _("The category cannot be changed later.")
        self.helper = _helper(
            Fieldset(_("Tax"), "name", "category", "is_default"),
            _only_while(
                TaxCategory.STANDARD,
                Row(
                    Column("percent", css_class="col-sm-4"),
                    Column("valid_from", css_class="col-sm-5"),
                ),
            ),
            _only_while(TaxCategory.EXEMPT, *_REASON_FIELDS),
            *([_only_while(SMALL_BUSINESS, _stated(self._small))] if self._small else []),
        )

    def clean(self) -> dict[str, Any]:
        """Require a rate for the standard category, and drop what other categories do not have."""
        cleaned = super().clean() or {}
        category = cleaned.get("category")
        if category == SMALL_BUSINESS and self._small:
            self._drop(cleaned, None, "percent", "valid_from")
            self._drop(cleaned, "", *_REASON_FIELDS)
            reason = dict(zip(_REASON_FIELDS, self._small, strict=True))
            return cleaned | reason | {"category": TaxCategory.EXEMPT.value}
        if category != TaxCategory.EXEMPT:
            # The page hides these fields, along with anything typed earlier.
            self._drop(cleaned, "", *_REASON_FIELDS)
        if category != TaxCategory.STANDARD:
            self._drop(cleaned, None, "percent", "valid_from")
            return cleaned
        if cleaned.get("percent") is None and "percent" not in self.errors:
            self.add_error("percent", _RATE_RULE)
        if cleaned.get("valid_from") is None and "valid_from" not in self.errors:
            self.add_error("valid_from", _("Enter a date."))
        return cleaned

    def _drop(self, cleaned: dict[str, Any], value: str | None, *names: str) -> None:
        for name in names:
            cleaned[name] = value
            self.errors.pop(name, None)


def _only_while(category: str, *fields: LayoutObject | str) -> Div:
    """Show fields only while the category is chosen."""
    return Div(*fields, data_only_while="category", data_is=str(category))


def _stated(exemption: Exemption) -> HTML:
    """Return a note of what invoices then state."""
    note = gettext("Invoices state “%(text)s”. You can change this text later.")
    shown = escape(note % {"text": exemption.text})
    return HTML("{% verbatim %}" + format_html("<p>{}</p>", shown) + "{% endverbatim %}")


class RateForm(forms.Form):
    """A new rate and the date it applies from."""

    percent = RateField()
    valid_from = DateField(label=_("Applies from"), from_year=BEGINNING.year)
    confirmed = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Mapping[str, Any] | None = None) -> None:
        super().__init__(data)
        self.helper = _helper("percent", "valid_from")


class WithdrawRateForm(forms.Form):
    """The rate, as shown on the page, to withdraw."""

    percent = forms.DecimalField(widget=forms.HiddenInput)
