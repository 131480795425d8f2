"""Forms for terms, one for each kind."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from decimal import Decimal
from typing import Any, ClassVar, cast

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Column, Layout, LayoutObject, Row
from django import forms
from django.core.validators import MaxValueValidator, RegexValidator
from django.db.models import Q
from django.forms.models import construct_instance
from django.utils.formats import number_format, sanitize_separators
from django.utils.functional import lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from foundation.lists.exports import trimmed
from foundation.web.fields import DateField, LineField
from organizations.agreement.models import (
    Discount,
    DiscountExemption,
    Fee,
    IndividualPrice,
    Minimum,
    OneOffCharge,
    Suspension,
)
from organizations.agreement.operations import FIELDS
from organizations.models import Organization
from rating.money import minor_digits
from tariffs.currencies import offered_currencies
from tariffs.forms import TOO_MUCH, AmountField
from tariffs.models import Tariff

_PERCENT_RULE = _("Enter a percentage from 0 to 100 with up to 2 decimal places.")


def _quantity_rule() -> str:
    return gettext(
        "Enter a quantity other than 0 with up to 4 decimal places, for example %(example)s."
    ) % {"example": number_format("1.5", use_l10n=True)}


_QUANTITY_RULE = lazy(_quantity_rule, str)()


class TariffField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A tariff with its currency."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(queryset=Tariff.objects.none(), label=_("Tariff plan"), **kwargs)
        self.widget.attrs["data-select"] = True

    def label_from_instance(self, obj: Any) -> str:
        """Return the name and currency of a tariff."""
        return f"{obj.name} ({obj.currency})"

    def offer(self, organization: Organization, chosen: int | None) -> None:
        """Offer tariffs that are not archived, the organization's, and the one chosen so far."""
        own = Q(pk__in=organization.tariffs.values("pk")) | Q(pk=chosen)
        self.queryset = Tariff.objects.filter(Q(is_archived=False) | own).order_by("name")


class PercentField(forms.DecimalField):
    """A percentage from 0 to 100 in plain digits, with two decimals as stored."""

    rule = _PERCENT_RULE
    plain = RegexValidator(r"^[0-9]{1,3}(\.[0-9]{1,2})?\Z", rule)

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            localize=True,
            max_digits=5,
            decimal_places=2,
            validators=[MaxValueValidator(100, _PERCENT_RULE)],
            error_messages=dict.fromkeys(
                ("required", "invalid", "max_digits", "max_decimal_places", "max_whole_digits"),
                _PERCENT_RULE,
            ),
            **kwargs,
        )
        self.widget.attrs |= {"inputmode": "decimal", "autocomplete": "off"}

    def to_python(self, value: Any) -> Any:
        """Return the percentage of a text in plain digits."""
        text = str(sanitize_separators(value or "")).strip()
        if text:
            self.plain(text)
        return super().to_python(text)


class QuantityField(forms.DecimalField):
    """A quantity in plain digits; below 0 for a credit."""

    plain = RegexValidator(r"^[-\N{MINUS SIGN}]?[0-9]{1,8}(\.[0-9]{1,4})?\Z", _QUANTITY_RULE)

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(localize=True, error_messages={"required": _QUANTITY_RULE}, **kwargs)
        self.widget.attrs |= {"inputmode": "text", "autocomplete": "off", "maxlength": 14}

    def to_python(self, value: Any) -> Any:
        """Return the quantity of a text."""
        text = str(sanitize_separators(value or "")).strip()
        if text:
            self.plain(text)
        quantity = super().to_python(text.replace("\N{MINUS SIGN}", "-"))
        if quantity is not None and not quantity:
            raise forms.ValidationError(_QUANTITY_RULE)
        return quantity


class TermForm(forms.ModelForm):  # type: ignore[type-arg]
    """A term of an organization. `only` names the fields that the form has, instead of all."""

    in_minor_units = True
    """Whether the amount has no more decimals than its currency."""

    def __init__(
        self,
        data: Mapping[str, Any] | None,
        *,
        organization: Organization,
        instance: Any,
        only: Collection[str] = (),
    ) -> None:
        super().__init__(data, instance=instance)
        for name, value in self.initial.items():
            if isinstance(value, Decimal):
                self.initial[name] = trimmed(value, 2)
        if "tariff" in self.fields:
            cast(TariffField, self.fields["tariff"]).offer(organization, instance.tariff_id)
        if "currency" in self.fields:
            self._offer_currencies(organization)
        if only:
            for name in {*self.fields} - {*only}:
                del self.fields[name]
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True
        self.helper.layout = Layout(*(only or self._layout()))

    def _layout(self) -> list[LayoutObject | str]:
        return list(self.fields)

    def _offer_currencies(self, organization: Organization) -> None:
        """Propose the currency of the organization's tariffs, and list theirs first."""
        own = organization.tariffs.order_by("currency").values_list("currency", flat=True)
        currencies = list(own.distinct())
        field = cast(forms.ChoiceField, self.fields["currency"])
        field.choices = [
            ("", _("Choose a currency")),
            *sorted(
                offered_currencies(self.instance.currency),
                key=lambda choice: choice[0] not in currencies,
            ),
        ]
        if len(currencies) == 1 and not self.instance.pk:
            self.initial["currency"] = currencies[0]

    def _post_clean(self) -> None:
        """Write the values into the instance.

        The constraints are left to the operation, which names the term that one is about.
        """
        construct_instance(self, self.instance, self._meta.fields)

    def clean(self) -> dict[str, Any]:
        """Refuse a term that ends before it begins, and an amount finer than its currency."""
        cleaned = super().clean() or {}
        first = cleaned.get("first_on", getattr(self.instance, "first_on", None))
        last = cleaned.get("last_on")
        if first and last and last < first:
            self.add_error("last_on", _("The last day is before the first. Correct one of them."))
        amount, currency = cleaned.get("amount"), cleaned.get("currency")
        if self.in_minor_units and amount is not None and currency:
            digits = minor_digits(currency)
            if amount != round(amount, digits):
                self.add_error("amount", _too_fine(currency, digits))
        for name, value in cleaned.items():
            if isinstance(value, Decimal):
                # As it is stored, to compare it with what others have stored.
                places = self._meta.model._meta.get_field(name).decimal_places
                cleaned[name] = value.quantize(Decimal(1).scaleb(-places))
        return cleaned

    @property
    def term_fields(self) -> dict[str, Any]:
        """The values of a valid form, by field name."""
        return {name: self.cleaned_data[name] for name in self.fields}


def _too_fine(currency: str, digits: int) -> str:
    example = number_format(Decimal(9).quantize(Decimal(1).scaleb(-digits)), use_l10n=True)
    return gettext(
        "Amounts in %(currency)s have at most %(digits)s decimal places. Enter an amount like "
        "%(example)s."
    ) % {"currency": currency, "digits": digits, "example": example}


def _first_on() -> DateField:
    return DateField(label=_("First day"))


def _last_on() -> DateField:
    return DateField(
        label=_("Last day"),
        required=False,
        help_text=_("This day is included. Leave empty if the end is open."),
    )


def _dates() -> Row:
    return Row(Column("first_on", css_class="col-sm"), Column("last_on", css_class="col-sm"))


def _money() -> Row:
    return Row(Column("amount", css_class="col-sm-5"), Column("currency", css_class="col-sm-7"))


class IndividualPriceForm(TermForm):
    """An individual price of a tariff, or the return to its list price."""

    tariff = TariffField()
    amount = AmountField(
        label=_("Monthly price"),
        required=False,
        help_text=_("Per camera. Leave empty to return to the list price."),
    )
    valid_from = DateField(label=_("Applies from"))

    class Meta:
        model = IndividualPrice
        fields = FIELDS[IndividualPrice]

    def _layout(self) -> list[LayoutObject | str]:
        return ["tariff", "amount", "valid_from"]


class DiscountForm(TermForm):
    """A discount on one tariff or on all."""

    tariff = TariffField(
        required=False,
        empty_label=_("All tariff plans"),
        help_text=_(
            "If a discount on one plan and one on all plans apply, the higher percentage counts."
        ),
    )
    percent = PercentField(label=_("Discount, %"))
    first_on = _first_on()
    last_on = _last_on()

    class Meta:
        model = Discount
        fields = FIELDS[Discount]

    def _layout(self) -> list[LayoutObject | str]:
        return ["tariff", "percent", _dates()]


class DiscountExemptionForm(TermForm):
    """Dates on which the discount on all tariffs does not apply to one."""

    tariff = TariffField(
        help_text=_("The discount on all tariff plans does not apply to this one on these days.")
    )
    first_on = _first_on()
    last_on = _last_on()

    class Meta:
        model = DiscountExemption
        fields = FIELDS[DiscountExemption]

    def _layout(self) -> list[LayoutObject | str]:
        return ["tariff", _dates()]


class FeeForm(TermForm):
    """An amount per month."""

    amount = AmountField(label=_("Amount per month"))
    first_on = _first_on()
    last_on = _last_on()

    class Meta:
        model = Fee
        fields = FIELDS[Fee]
        field_classes: ClassVar = {"name": LineField}
        help_texts: ClassVar = {
            "name": _("Stated on invoices."),
            "in_trial": _("Days in a suspension without charges are free in any case."),
        }

    def _layout(self) -> list[LayoutObject | str]:
        return ["name", _money(), _dates(), "in_trial"]


class OneOffChargeForm(TermForm):
    """A one-off charge, or a credit."""

    in_minor_units = False
    quantity = QuantityField(
        label=_("Quantity"), help_text=_("Enter a quantity below 0 for a credit, for example -1.")
    )
    amount = AmountField(label=_("Amount each"))
    day = DateField(
        label=_("Date"), help_text=_("The charge is invoiced with the period of this date.")
    )

    class Meta:
        model = OneOffCharge
        fields = FIELDS[OneOffCharge]
        field_classes: ClassVar = {"text": LineField, "reason": LineField}
        help_texts: ClassVar = {
            "text": _("Stated on invoices."),
            "reason": _("Required for a credit. The subscriber does not see it."),
        }

    def _layout(self) -> list[LayoutObject | str]:
        amounts = Row(
            Column("quantity", css_class="col-sm-3"),
            Column("amount", css_class="col-sm-4"),
            Column("currency", css_class="col-sm-5"),
        )
        return ["text", amounts, "day", "reason"]

    def clean(self) -> dict[str, Any]:
        """Require a reason for a credit, and refuse a total that is too large."""
        cleaned = super().clean()
        quantity, amount = cleaned.get("quantity"), cleaned.get("amount")
        if quantity and quantity < 0 and not cleaned.get("reason") and "reason" not in self.errors:
            self.add_error("reason", _("Enter why the credit is given."))
        if quantity and amount and abs(quantity) * amount >= TOO_MUCH:
            limit = number_format(TOO_MUCH, use_l10n=True, force_grouping=True)
            text = gettext("Quantity times amount must be below %(limit)s. Correct one of them.")
            self.add_error("quantity", text % {"limit": limit})
        return cleaned


class MinimumForm(TermForm):
    """The least that is charged per month in a currency."""

    amount = AmountField(
        label=_("Amount per month"),
        help_text=_("What cameras and fees in this currency fall short of it is charged."),
    )
    first_on = _first_on()
    last_on = _last_on()

    class Meta:
        model = Minimum
        fields = FIELDS[Minimum]

    def _layout(self) -> list[LayoutObject | str]:
        return [_money(), _dates()]


class SuspensionForm(TermForm):
    """Dates in which the organization is suspended."""

    first_on = _first_on()
    last_on = _last_on()

    class Meta:
        model = Suspension
        fields = FIELDS[Suspension]
        field_classes: ClassVar = {"reason": LineField}
        help_texts: ClassVar = {
            "reason": _("The subscriber sees it."),
            "is_charged": _(
                "If not, cameras and fees cost nothing on these days, and the minimum does not "
                "count them. Cameras stay connected in any case."
            ),
        }
        error_messages: ClassVar = {"reason": {"required": _("Enter a reason.")}}

    def _layout(self) -> list[LayoutObject | str]:
        return [_dates(), "reason", "is_charged"]
