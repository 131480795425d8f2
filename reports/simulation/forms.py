"""Forms that ask for simulations."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from crispy_forms.bootstrap import AppendedText, PrependedText
from crispy_forms.helper import FormHelper
from crispy_forms.layout import Column, Layout, LayoutObject, Row
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from foundation.web.fields import MonthField
from organizations.agreement.forms import PercentField
from organizations.models import Organization
from rating.periods import Period, month_of
from reports.simulation.changes import (
    Change,
    DiscountChange,
    IndividualPriceChange,
    ListPriceChange,
)
from tariffs.forms import AmountField
from tariffs.models import Tariff
from tariffs.provider_calendar import provider_date
from tariffs.step_fields import StepsField

_MONTHS = (1, 3)


def _months() -> list[tuple[int, str]]:
    return [(number, ngettext("%d month", "%d months", number) % number) for number in _MONTHS]


class MonthsForm(forms.Form):
    """The months that are computed again: some that are over, up to the one that is named."""

    id = forms.UUIDField(widget=forms.HiddenInput)
    month = MonthField(label=pgettext_lazy("of several", "Last month"))
    months = forms.TypedChoiceField(
        label=gettext_lazy("Months"), choices=_months, coerce=int, initial=1
    )

    def __init__(self, *args: Any, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._this_month = month_of(provider_date(now)).start
        if not self.is_bound:
            last = month_of(self._this_month, months_before=1).start
            self.fields["month"].initial = last
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.layout = Layout("id", *self.asked(), Row(Column("month"), Column("months")))

    def asked(self) -> list[LayoutObject | str]:
        """Return the fields of the change."""
        return []

    def clean_month(self) -> date:
        """Refuse a month that is not over: its usage is not complete."""
        month: date = self.cleaned_data["month"]
        if month >= self._this_month:
            raise ValidationError(_("Choose a month that is over. Its usage is complete."))
        return month

    @property
    def period(self) -> Period:
        """The months that are computed."""
        months = self.cleaned_data["months"]
        return month_of(self.cleaned_data["month"], months_before=months - 1, months=months)


class PriceForm(MonthsForm):
    """Another price of a tariff plan."""

    amount = AmountField(label=gettext_lazy("Monthly price"), help_text=gettext_lazy("Per camera."))
    steps = StepsField(label="")
    field_order = ("id", "amount", "steps", "month", "months")

    def __init__(self, *args: Any, tariff: Tariff, **kwargs: Any) -> None:
        self._tariff = tariff
        super().__init__(*args, **kwargs)

    def asked(self) -> list[LayoutObject | str]:
        """Return the price with its currency."""
        return [PrependedText("amount", self._tariff.currency), "steps"]

    @property
    def change(self) -> Change:
        """The change that is simulated."""
        steps = tuple((each.camera_months, each.amount) for each in self.cleaned_data["steps"])
        return ListPriceChange(self._tariff.pk, self.cleaned_data["amount"], steps)


class TermForm(MonthsForm):
    """An individual price or a discount of an organization."""

    PRICE, DISCOUNT = "price", "discount"
    kind = forms.ChoiceField(
        label=gettext_lazy("Simulate"),
        choices=[
            (PRICE, gettext_lazy("Individual price")),
            (DISCOUNT, gettext_lazy("Discount")),
        ],
        initial=PRICE,
    )
    tariff = forms.ModelChoiceField(
        Tariff.objects.none(),
        label=gettext_lazy("Tariff plan"),
        required=False,
        empty_label=gettext_lazy("All tariff plans"),
        help_text=gettext_lazy("An individual price needs one; a discount can be on all."),
    )
    amount = AmountField(
        label=gettext_lazy("Monthly price"),
        required=False,
        help_text=gettext_lazy("Per camera. Leave it empty for the list price."),
    )
    percent = PercentField(
        label=gettext_lazy("Discount"),
        required=False,
        help_text=gettext_lazy("0 is no discount."),
    )
    field_order = ("id", "kind", "tariff", "amount", "percent", "month", "months")

    def __init__(self, *args: Any, organization: Organization, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        tariffs = Tariff.objects.order_by("name")
        self.fields["tariff"].queryset = tariffs  # type: ignore[attr-defined]

    def asked(self) -> list[LayoutObject | str]:
        """Return the kind with its values."""
        return [
            Row(Column("kind"), Column("tariff")),
            Row(Column("amount"), Column(AppendedText("percent", "%"))),
        ]

    def clean(self) -> dict[str, Any]:
        """Ask for what the kind needs."""
        cleaned = super().clean() or {}
        kind = cleaned.get("kind")
        if kind == self.PRICE and not cleaned.get("tariff") and "tariff" in cleaned:
            self.add_error("tariff", _("Choose the tariff plan that has the price."))
        if kind == self.DISCOUNT and "percent" in cleaned and cleaned["percent"] is None:
            self.add_error("percent", PercentField.rule)
        return cleaned

    @property
    def change(self) -> Change:
        """The change that is simulated."""
        tariff: Tariff | None = self.cleaned_data["tariff"]
        if self.cleaned_data["kind"] == self.PRICE:
            assert tariff is not None
            return IndividualPriceChange(tariff.pk, self.cleaned_data["amount"])
        percent: Decimal = self.cleaned_data["percent"]
        return DiscountChange(tariff.pk if tariff else None, percent)


class ForecastForm(forms.Form):
    """Asks for a forecast; its id makes a request that arrives twice one forecast."""

    id = forms.UUIDField(widget=forms.HiddenInput)
