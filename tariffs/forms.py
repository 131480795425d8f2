"""Forms for tariff plans."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any, ClassVar

from crispy_forms.bootstrap import InlineRadios
from crispy_forms.helper import FormHelper
from crispy_forms.layout import Column, Fieldset, Layout, LayoutObject, Row
from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.utils.formats import number_format, sanitize_separators
from django.utils.functional import lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from foundation.web.fields import LineField
from tariffs.currencies import offered_currencies
from tariffs.models import Proration, Tariff
from tariffs.operations import TermsFixed

TERMS = ("currency", "proration")
# The smallest amount that is too large for the column of a price.
TOO_MUCH = Decimal(10**8)


def _amount_rule() -> str:
    example = number_format("9.50", use_l10n=True)
    return gettext(
        "Enter an amount of 0 or more with up to 4 decimal places and no thousands "
        "separators, for example %(example)s."
    ) % {"example": example}


AMOUNT_RULE = lazy(_amount_rule, str)()


class AmountField(forms.DecimalField):
    """An amount of money in plain digits, without a sign, an exponent or thousands separators."""

    plain = RegexValidator(r"^[0-9]+(\.[0-9]{1,4})?\Z", AMOUNT_RULE)

    def __init__(self, *, below: Decimal = TOO_MUCH, **kwargs: Any) -> None:
        super().__init__(localize=True, error_messages={"required": AMOUNT_RULE}, **kwargs)
        self.below = below
        # One digit more than any amount has, for the separator, and four decimals.
        length = len(str(below)) + 4
        self.widget.attrs.update(inputmode="decimal", autocomplete="off", maxlength=length)

    def to_python(self, value: Any) -> Any:
        text = str(sanitize_separators(value or "")).strip()
        if text:
            self.plain(text)
        amount = super().to_python(text)
        if amount is not None and amount >= self.below:
            limit = number_format(self.below, use_l10n=True, force_grouping=True)
            raise ValidationError(gettext("Enter an amount below %(limit)s.") % {"limit": limit})
        return amount


def helper_with(*layout: LayoutObject | str) -> FormHelper:
    """Return a helper that lays out fields within a form of the page."""
    helper = FormHelper()
    helper.form_tag = False
    helper.disable_csrf = True
    helper.layout = Layout(*layout)
    return helper


class TariffForm(forms.ModelForm):  # type: ignore[type-arg]
    """A tariff plan without its prices."""

    has_anpr = forms.TypedChoiceField(
        label=_("ANPR (number plate recognition)"),
        choices=((True, _("Yes")), (False, _("No"))),
        coerce=lambda value: value == "True",
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose whether the plan includes ANPR.")},
    )
    proration = forms.ChoiceField(
        label=_("Partial months are charged"),
        choices=(
            (
                Proration.SECOND,
                _("by the second: each second of use is charged as a share of the calendar month"),
            ),
            (
                Proration.DAY,
                _(
                    "by the day: nights are counted, as in a hotel, so use that starts "
                    "and ends on the same date is free"
                ),
            ),
            (
                Proration.BEGUN_DAY,
                _("by the begun day: each date on which the camera is in use is charged once"),
            ),
        ),
        initial=Proration.SECOND,
        widget=forms.RadioSelect,
        help_text=_(
            "Make the same choice for all tariff plans of an organization. A camera that changes "
            "between plans that are charged differently can pay for part of a day twice."
        ),
    )

    class Meta:
        model = Tariff
        fields: ClassVar = [
            "name",
            "note",
            "is_default",
            "dvr_depth_days",
            "dvr_space_gb",
            "has_anpr",
            "currency",
            "proration",
        ]
        field_classes: ClassVar = {"name": LineField}
        labels: ClassVar = {
            "dvr_depth_days": _("DVR depth (days)"),
            "dvr_space_gb": _("DVR space (GB)"),
        }
        help_texts: ClassVar = {
            "note": _("For internal use. Subscribers do not see it."),
            "dvr_depth_days": _("Enter 0 if there is no DVR."),
            "dvr_space_gb": _("Enter 0 if there is no DVR."),
        }
        error_messages: ClassVar = {
            "name": {"required": _("Enter a name.")},
            "dvr_depth_days": {"required": _("Enter the number of days, or 0 if there is no DVR.")},
            "dvr_space_gb": {"required": _("Enter the DVR space in GB, or 0 if there is no DVR.")},
            "currency": {"required": _("Choose a currency.")},
        }
        widgets: ClassVar = {"note": forms.Textarea(attrs={"rows": 2})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = offered_currencies(self.instance.currency)
        self.fields["currency"].choices = [("", "---------"), *offered]  # type: ignore[attr-defined]

    def clean_name(self) -> str:
        """Refuse another tariff's name here, to show the error beside the field."""
        name: str = self.cleaned_data["name"]
        if Tariff.objects.filter(name__iexact=name).exclude(pk=self.instance.pk).exists():
            raise ValidationError(_("A tariff plan with this name already exists."))
        return name

    def sections(self, *price_fields: Any) -> tuple[Fieldset, ...]:
        """Return the fields of a plan in sections, with those of its price."""
        return (
            Fieldset(_("Plan"), "name", "note", "is_default"),
            Fieldset(
                _("Services"),
                Row(Column("dvr_depth_days", css_class="col-sm-6"), Column("dvr_space_gb")),
                InlineRadios("has_anpr"),
            ),
            Fieldset(_("Pricing"), *price_fields, "proration"),
        )


class EditTariffForm(TariffForm):
    """An existing tariff plan; once a camera has used it, its currency and proration are fixed."""

    def __init__(self, data: Mapping[str, Any] | None, *, instance: Tariff, is_used: bool) -> None:
        super().__init__(data, instance=instance)
        self.helper = helper_with(*self.sections("currency"))
        if is_used:
            # A page opened before the first use may still send these fields. They stay enabled, so
            # that the operation refuses a change instead of the form dropping it silently.
            self.fix_terms(name for name in TERMS if name not in self.data)

    def fix_terms(self, names: Iterable[str] = TERMS) -> None:
        """Disable these terms and show the reason."""
        for name in names:
            self.fields[name].disabled = True
            self.fields[name].help_text = TermsFixed.reason


class DeleteForm(forms.Form):
    """The number of organizations with the tariff plan, as shown on the page."""

    organization_count = forms.IntegerField(widget=forms.HiddenInput)
