"""Forms for recording and reversing payments."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from crispy_forms.bootstrap import PrependedText
from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout
from django import forms
from django.utils.translation import gettext_lazy as _

from foundation.web.fields import DateField, LineField
from payments.models import MAX_REFERENCE, Method
from tariffs.forms import AmountField

TOO_MUCH = Decimal(10**12)


def _helper(*layout: Any) -> FormHelper:
    helper = FormHelper()
    helper.form_tag = False
    helper.disable_csrf = True
    helper.layout = Layout(*layout)
    return helper


class PaymentForm(forms.Form):
    """A received payment. `shown` is the outstanding amount that the page showed."""

    amount = AmountField(label=_("Amount"), below=TOO_MUCH)
    paid_on = DateField(label=_("Date"), help_text=_("When the payment was received."))
    method = forms.ChoiceField(label=_("Method"), choices=Method)
    reference = LineField(
        label=_("Reference"),
        required=False,
        max_length=MAX_REFERENCE,
        help_text=_(
            "Copy it from the bank statement or receipt so that the payment can be found later."
        ),
    )
    shown = forms.DecimalField(required=False)

    def __init__(
        self, data: Mapping[str, Any] | None, *, currency: str, outstanding: Decimal, today: date
    ) -> None:
        owed = outstanding if outstanding > 0 else None
        super().__init__(
            data, initial={"amount": owed, "paid_on": today, "method": Method.TRANSFER}
        )
        self.helper = _helper(PrependedText("amount", currency), "paid_on", "method", "reference")


class ReversalForm(forms.Form):
    """The reason for reversing a payment."""

    reason = LineField(
        label=_("Reason"),
        required=False,
        max_length=MAX_REFERENCE,
        help_text=_("Your colleagues and the subscriber will see this next to the reversal."),
    )

    def __init__(self, data: Mapping[str, Any] | None) -> None:
        super().__init__(data)
        self.helper = _helper("reason")
