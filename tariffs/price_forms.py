"""Forms for the prices of tariff plans."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from crispy_forms.bootstrap import PrependedText
from crispy_forms.layout import Column, Row
from django import forms
from django.utils.translation import gettext_lazy as _

from foundation.web.fields import DateField
from tariffs.forms import AmountField, TariffForm, helper_with
from tariffs.models import Tariff
from tariffs.step_fields import StepsField, StepsWidget
from tariffs.steps import Steps


def _steps() -> StepsField:
    return StepsField(
        # The rows have a heading of their own.
        label="",
        help_text=_(
            "An organization that uses that many camera-months on this plan in a calendar month "
            "pays the price of the step for all of them. Below the first step, it pays the monthly "
            "price above."
        ),
    )


class NewTariffForm(TariffForm):
    """A new tariff plan with its first price and the volume steps of that."""

    amount = AmountField(label=_("Monthly price"), help_text=_("Per camera."))
    valid_from = DateField(label=_("Price applies from"))
    steps = _steps()

    def __init__(self, data: Mapping[str, Any] | None, *, today: date) -> None:
        # No ANPR option is preselected, so that the person makes a choice.
        super().__init__(data, initial={"has_anpr": None, "valid_from": today})
        self.fields["currency"].choices = [  # type: ignore[attr-defined]
            ("", _("Choose a currency")),
            *self.fields["currency"].choices[1:],  # type: ignore[attr-defined]
        ]
        price = Row(
            Column("amount", css_class="col-sm-3"),
            Column("currency", css_class="col-sm-5"),
            Column("valid_from", css_class="col-sm-4"),
        )
        self.helper = helper_with(*self.sections(price, "steps"))


class PriceForm(forms.Form):
    """A new price with its volume steps, and the date it applies from."""

    amount = AmountField(label=_("Monthly price"), help_text=_("Per camera."))
    valid_from = DateField(label=_("Applies from"))
    steps = _steps()
    confirmed = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        tariff: Tariff,
        steps: Steps = (),
        offered: Mapping[str, Any] | None = None,
    ) -> None:
        """Offer the steps of the price in force, so that a new price does not drop them.

        A link to the form can offer another price, with its steps.
        """
        initial = offered_price(offered) if offered else {}
        super().__init__(data, initial={"steps": steps} | initial)
        self.helper = helper_with(PrependedText("amount", tariff.currency), "valid_from", "steps")


def offered_price(sent: Mapping[str, Any]) -> dict[str, Any]:
    """Return the price that a link or another form has sent, as initial values; or nothing."""
    if "amount" not in sent:
        return {}
    return {"amount": sent["amount"], "steps": StepsWidget().value_from_datadict(sent, {}, "steps")}


class WithdrawForm(forms.Form):
    """The amount and steps, as shown on the page, of the price version to withdraw."""

    amount = forms.DecimalField(widget=forms.HiddenInput)
    steps = forms.CharField(widget=forms.HiddenInput, required=False)
