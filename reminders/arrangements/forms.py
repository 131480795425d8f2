"""The forms of an arrangement and of a promise."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, ClassVar

from crispy_forms.layout import Column, LayoutObject, Row
from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from foundation.web.fields import DateField, LineField
from rating.money import minor_digits
from reminders.arrangements.operations import FIELDS
from reminders.currencies import owed_first, used_currencies
from reminders.levels.forms import DaysField
from reminders.models import Arrangement, PaymentPromise
from tariffs.forms import AmountField, helper_with
from tariffs.money import exact

_TOO_MUCH = Decimal(10**12)


class _DatedForm(forms.ModelForm):  # type: ignore[type-arg]
    """Something with a first and a last day, both included."""

    def __init__(self, data: Mapping[str, Any] | None, *, instance: Any) -> None:
        super().__init__(data, instance=instance)
        self.helper = helper_with(*self.layout())

    def layout(self) -> list[LayoutObject | str]:
        """Return the fields as they are laid out."""
        raise NotImplementedError

    def _post_clean(self) -> None:
        """Leave the constraints to the operation, which names the other row."""

    def clean(self) -> dict[str, Any]:
        """Refuse a last day before the first."""
        cleaned = super().clean() or {}
        first, last = cleaned.get("first_on"), cleaned.get("last_on")
        if first and last and last < first:
            self.add_error("last_on", _("The last day is before the first. Correct one of them."))
        return cleaned


class ArrangementForm(_DatedForm):
    """Days without reminders, or with other terms."""

    first_on = DateField(label=_("First day"))
    last_on = DateField(label=_("Last day"), help_text=_("This day is included."))
    is_pause = forms.TypedChoiceField(
        label=_("On these days"),
        choices=((True, _("no reminders at all")), (False, _("reminders with other terms"))),
        coerce=lambda value: value == "True",
        widget=forms.RadioSelect,
    )
    extra_days = DaysField(
        label=_("More days before each level"),
        least=0,
        help_text=_("The next three only matter if reminders are sent."),
    )

    class Meta:
        model = Arrangement
        fields = FIELDS[Arrangement]
        field_classes: ClassVar = {"reason": LineField}
        error_messages: ClassVar = {"reason": {"required": _("Enter a reason.")}}

    def layout(self) -> list[LayoutObject | str]:
        """Lay the dates out beside each other."""
        dates = (Column("first_on", css_class="col-sm"), Column("last_on", css_class="col-sm"))
        return [
            Row(*dates),
            "reason",
            "is_pause",
            "extra_days",
            "charges_fees",
            "charges_interest",
        ]


class PromiseForm(_DatedForm):
    """A promise to pay."""

    currency = forms.ChoiceField(label=_("Currency"), choices=[])
    amount = AmountField(
        label=_("Amount"),
        below=_TOO_MUCH,
        required=False,
        help_text=_("Leave it empty if everything that is overdue was promised."),
    )
    first_on = DateField(label=_("Promised on"))
    last_on = DateField(
        label=_("Promised until"), help_text=_("No reminder is sent up to this day.")
    )

    class Meta:
        model = PaymentPromise
        fields = FIELDS[PaymentPromise]
        field_classes: ClassVar = {"note": LineField}

    def __init__(self, data: Mapping[str, Any] | None, *, instance: PaymentPromise) -> None:
        super().__init__(data, instance=instance)
        codes = used_currencies({instance.currency} - {""})
        self.fields["currency"].choices = [(each, each) for each in codes]  # type: ignore[attr-defined]
        if not instance.currency:
            self.initial["currency"] = owed_first(instance.organization)
        if instance.amount is not None:
            self.initial["amount"] = exact(instance.amount, instance.currency)

    def layout(self) -> list[LayoutObject | str]:
        """Lay the amount out beside its currency."""
        money = (Column("amount", css_class="col-sm-7"), Column("currency", css_class="col-sm-5"))
        dates = (Column("first_on", css_class="col-sm"), Column("last_on", css_class="col-sm"))
        return [Row(*money), Row(*dates), "note"]

    def clean(self) -> dict[str, Any]:
        """Refuse an amount of 0, and one that is finer than its currency."""
        cleaned = super().clean()
        amount, currency = cleaned.get("amount"), cleaned.get("currency")
        if amount is not None and currency:
            digits = minor_digits(currency)
            if not amount:
                self.add_error("amount", _("Enter an amount above 0, or leave it empty."))
            elif amount != round(amount, digits):
                text = gettext("Amounts in %(currency)s have at most %(digits)s decimal places.")
                self.add_error("amount", text % {"currency": currency, "digits": digits})
        return cleaned
