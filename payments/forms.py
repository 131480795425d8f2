"""Forms for recording, allocating, paying out and reversing payments."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import uuid4

from crispy_forms.bootstrap import PrependedText
from django import forms
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from foundation.web.fields import DateField, LineField
from organizations.models import Organization
from organizations.querysets import OrganizationQuerySet
from payments.allocating import OpenAmount
from payments.models import MAX_REFERENCE, Method
from payments.refusals import AlreadyRecorded, PaymentRefusal, RequestUsed, TooMuchForInvoice
from tariffs.forms import AmountField, helper_with

TOO_MUCH = Decimal(10**12)


class Use(TextChoices):
    """What happens to a payment that names no invoice by itself."""

    OLDEST = "oldest", _("Pay the invoices that the reference names, then those due first")
    NOTHING = "nothing", _("Leave it on account, as an advance payment")
    DEPOSIT = "deposit", _("Keep it as a deposit, which is not used for invoices automatically")


class MoneyForm(forms.Form):
    """An amount in a currency. `request` tells a second click from a second payment."""

    amount = AmountField(label=_("Amount"), below=TOO_MUCH)
    request = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(
        self,
        data: Mapping[str, Any] | None,
        *,
        currency: str,
        proposed: Decimal | None,
        **initial: Any,
    ) -> None:
        super().__init__(data, initial={"amount": proposed, "request": uuid4(), **initial})
        others = [name for name in self.fields if name not in self.not_laid_out]
        money = {"amount", "bank_fee"} if currency else set()
        self.helper = helper_with(
            *(PrependedText(name, currency) if name in money else name for name in others)
        )

    not_laid_out: tuple[str, ...] = ()

    def refuse(self, refusal: PaymentRefusal) -> None:
        """Show a refusal on its field; ask about a payment that equals another one.

        A form that was used before is ready for another payment then.
        """
        if isinstance(refusal, AlreadyRecorded):
            self.helper.layout.append("again")
        if isinstance(refusal, RequestUsed):
            self.data = {**dict(self.data.items()), "request": str(uuid4())}
        field = refusal.field if refusal.field in self.fields else None
        self.add_error(field, str(refusal))


class ReceivedForm(MoneyForm):
    """A received payment."""

    paid_on = DateField(label=_("Date"), help_text=_("When the payment was received."))
    method = forms.ChoiceField(label=_("Method"), choices=Method, initial=Method.TRANSFER)
    reference = LineField(
        label=_("Reference"),
        required=False,
        max_length=MAX_REFERENCE,
        help_text=_(
            "Copy it from the bank statement or receipt so that the payment can be found later."
        ),
    )
    bank_fee = AmountField(
        label=_("Bank fee"),
        below=TOO_MUCH,
        required=False,
        help_text=_("What a bank kept of the payment. It counts as paid too."),
    )
    again = forms.BooleanField(
        label=_("This is another payment of the same amount, date and reference"), required=False
    )

    not_laid_out: tuple[str, ...] = ("again", "shown")


class PaymentForm(ReceivedForm):
    """A received payment of an invoice. `shown` is the outstanding amount that the page showed."""

    shown = forms.DecimalField(required=False)

    def __init__(
        self, data: Mapping[str, Any] | None, *, currency: str, outstanding: Decimal, today: date
    ) -> None:
        owed = outstanding if outstanding > 0 else None
        super().__init__(data, currency=currency, proposed=owed, paid_on=today)


class OnAccountForm(ReceivedForm):
    """A received payment of an organization, in one of some currencies."""

    currency = forms.ChoiceField(label=_("Currency"), choices=[])
    use = forms.ChoiceField(
        label=_("Use"), choices=Use, widget=forms.RadioSelect, initial=Use.OLDEST
    )

    field_order = ("currency", "amount", "paid_on", "method", "reference", "bank_fee", "use")

    def __init__(
        self, data: Mapping[str, Any] | None, *, currencies: Sequence[str], today: date
    ) -> None:
        super().__init__(data, currency="", proposed=None, paid_on=today)
        field = self.fields["currency"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(each, each) for each in currencies]


class RefundForm(MoneyForm):
    """An amount that was paid back."""

    paid_on = DateField(label=_("Date"), help_text=_("When the money was paid back."))
    method = forms.ChoiceField(label=_("Method"), choices=Method, initial=Method.TRANSFER)
    reference = LineField(
        label=_("Reference"),
        max_length=MAX_REFERENCE,
        help_text=_("Copy it from the bank statement so that the refund can be found later."),
    )


class TransferForm(MoneyForm):
    """An amount that another organization of the same owner gets."""

    to = forms.ModelChoiceField(
        label=_("Organization"), queryset=Organization.objects.none(), empty_label=None
    )
    reference = LineField(label=_("Reference"), required=False, max_length=MAX_REFERENCE)

    def __init__(
        self,
        data: Mapping[str, Any] | None,
        *,
        currency: str,
        proposed: Decimal,
        others: OrganizationQuerySet,
    ) -> None:
        super().__init__(data, currency=currency, proposed=proposed)
        field = self.fields["to"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = others


class WriteOffForm(MoneyForm):
    """An amount that will not be paid, and why."""

    reason = LineField(
        label=_("Reason"),
        max_length=MAX_REFERENCE,
        help_text=_("Your colleagues and the subscriber will see this next to the write-off."),
    )


class AllocationForm(forms.Form):
    """How much of a payment pays each of some open items; nothing where a field is empty."""

    def __init__(
        self,
        data: Mapping[str, Any] | None,
        *,
        items: Sequence[OpenAmount],
        proposed: Mapping[int, Decimal],
    ) -> None:
        super().__init__(data)
        self.items = items
        for item in items:
            field = AmountField(
                label=item.number,
                below=TOO_MUCH,
                required=False,
                initial=proposed.get(item.invoice_id),
            )
            field.widget.attrs["class"] = "form-control text-end"
            self.fields[self._name(item)] = field

    @staticmethod
    def _name(item: OpenAmount) -> str:
        return f"invoice-{item.invoice_id}"

    @property
    def rows(self) -> list[tuple[OpenAmount, forms.BoundField]]:
        """Each open item with its field."""
        return [(item, self[self._name(item)]) for item in self.items]

    @property
    def parts(self) -> dict[int, Decimal]:
        """The amounts that were entered, by the id of the invoice."""
        return {
            item.invoice_id: amount
            for item in self.items
            if (amount := self.cleaned_data.get(self._name(item)))
        }

    def clean(self) -> None:
        """Check each amount against what is outstanding."""
        for item in self.items:
            amount = self.cleaned_data.get(self._name(item))
            if amount and amount > item.outstanding:
                refusal = TooMuchForInvoice(
                    number=item.number, outstanding=item.outstanding, currency=item.currency
                )
                self.add_error(self._name(item), str(refusal))


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
        self.helper = helper_with("reason")
