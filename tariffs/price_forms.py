"""Forms for the prices of tariff plans."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from crispy_forms.bootstrap import PrependedText
from django import forms
from django.utils.translation import gettext_lazy as _

from foundation.web.fields import DateField
from tariffs.forms import AmountField, helper_with
from tariffs.models import Tariff
from tariffs.step_fields import StepsField, StepsWidget
from tariffs.steps import Steps


class PriceForm(forms.Form):
    """A new price with its volume steps, and the date it applies from."""

    amount = AmountField(label=_("Monthly price"), help_text=_("Per camera."))
    valid_from = DateField(label=_("Applies from"))
    steps = StepsField(
        # The rows have a heading of their own.
        label="",
        help_text=_(
            "An organization that uses that many camera-months on this plan in a calendar month "
            "pays the price of the step for all of them. Below the first step, it pays the monthly "
            "price above."
        ),
    )
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
