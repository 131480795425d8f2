"""The forms of a question and of an answer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from crispy_forms.bootstrap import PrependedText
from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from invoices.models import Invoice, InvoiceLine
from rating.money import minor_digits
from reminders.models import MAX_TEXT
from reminders.questions.amounts import with_tax
from tariffs.forms import AmountField, helper_with
from tariffs.money import exact, format_money

MOST_LINES = 500
"""The number of lines among which one can be chosen; the whole invoice can always be."""


class LineField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A line of an invoice."""

    def label_from_instance(self, obj: Any) -> str:
        """Return what the line is about, and its amount with tax, which can be disputed."""
        amount = format_money(with_tax(obj, self.currency), self.currency)
        return f"{obj.position}. {obj.item or '–'}: {amount}"

    currency = ""


class TextForm(forms.Form):
    """A message."""

    text = forms.CharField(
        label=_("Message"),
        max_length=MAX_TEXT,
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": _("Write what this is about.")},
    )

    def __init__(self, data: Mapping[str, Any] | None) -> None:
        super().__init__(data)
        self.helper = helper_with("text")


class QuestionForm(TextForm):
    """A question about an invoice: the line, the amount in dispute, and why."""

    line = LineField(
        label=_("Line"),
        queryset=InvoiceLine.objects.none(),
        required=False,
        empty_label=_("The whole invoice"),
    )
    amount = AmountField(
        label=_("Disputed amount"),
        help_text=_("With tax. No reminder is sent about it while the question is open."),
    )

    def __init__(self, data: Mapping[str, Any] | None, *, invoice: Invoice) -> None:
        super().__init__(data)
        lines = self.fields["line"]
        assert isinstance(lines, LineField)
        lines.currency = self.currency = invoice.currency
        first = invoice.lines.order_by("position").values("pk")[:MOST_LINES]
        lines.queryset = InvoiceLine.objects.filter(pk__in=first).order_by("position")
        self.initial["amount"] = exact(invoice.total, invoice.currency)
        self.helper = helper_with("line", PrependedText("amount", invoice.currency), "text")

    def clean(self) -> dict[str, Any]:
        """Refuse an amount of 0, and one that is finer than the currency."""
        cleaned = super().clean() or {}
        amount, digits = cleaned.get("amount"), minor_digits(self.currency)
        if amount is not None and not amount:
            self.add_error("amount", _("Enter an amount above 0."))
        elif amount and amount != round(amount, digits):
            text = gettext("Amounts in %(currency)s have at most %(digits)s decimal places.")
            self.add_error("amount", text % {"currency": self.currency, "digits": digits})
        return cleaned
