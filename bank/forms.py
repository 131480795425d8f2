"""Forms of bank accounts, uploads, and what becomes of a line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, ClassVar

from crispy_forms.layout import Column, Row
from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from bank.models import MAX_ACCOUNT, BankAccount, CsvLayout
from bank.posting import Part
from bank.reading.csv_columns import COLUMNS, LABELS, DateOrder, DecimalMark, label_of
from bank.reading.values import account_number
from bank.refusals import NotInFull
from foundation.imports.encodings import Encoding
from foundation.imports.forms import ColumnsForm
from foundation.web.fields import LineField
from organizations.models import Organization
from tariffs.currencies import offered_currencies
from tariffs.forms import AmountField, helper_with
from tariffs.money import exact
from usage.cameras.forms import OrganizationTitleField

MOST_MEGABYTES = 20
MOST_PARTS = 6
"""How many organizations a line can be split among on its page."""

_TOO_MUCH = Decimal(10**14)


class AccountForm(forms.ModelForm):  # type: ignore[type-arg]
    """A bank account. Its number and currency stay once it has statements."""

    number = LineField(
        label=_("Account number"),
        max_length=MAX_ACCOUNT + 10,
        help_text=_("The IBAN, or the number as the bank’s files state it."),
    )
    currency = forms.ChoiceField(
        label=_("Currency"), widget=forms.Select(attrs={"data-select": True})
    )

    class Meta:
        model = BankAccount
        fields: ClassVar[list[str]] = ["title", "number", "currency", "posts_certain"]

    def __init__(self, data: Mapping[str, Any] | None, *, instance: BankAccount) -> None:
        super().__init__(data, instance=instance)
        self.fields["currency"].choices = offered_currencies(instance.currency)  # type: ignore[attr-defined]
        if instance.pk and instance.statements.exists():
            for name in ("number", "currency"):
                self.fields[name].disabled = True
        self.helper = helper_with(*self.fields)

    def clean_number(self) -> str:
        """Return the number without spaces, in capital letters."""
        number = account_number(self.cleaned_data["number"])
        if len(number) > MAX_ACCOUNT:
            raise forms.ValidationError(
                gettext("Enter at most %(number)s characters.") % {"number": MAX_ACCOUNT}
            )
        return number


class UploadForm(forms.Form):
    """A file of a bank. Only a CSV file does not say which account and which encoding it has."""

    file = forms.FileField(
        label=_("File from the bank"),
        help_text=_("camt.053 or camt.054, MT940, OFX, 1CClientBankExchange or CSV, up to 20 MB."),
    )
    account = forms.ModelChoiceField(
        label=_("Account of a CSV file"),
        queryset=BankAccount.objects.all(),
        required=False,
        empty_label=_("Not a CSV file"),
        help_text=_("Other files state their account."),
    )
    encoding = forms.ChoiceField(
        label=_("Encoding of a CSV file"),
        choices=Encoding.choices,
        initial=Encoding.UTF_8,
        required=False,
    )

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        files: MultiValueDict[str, UploadedFile[Any]] | None = None,
    ) -> None:
        super().__init__(data, files)
        self.helper = helper_with(*self.fields)

    def clean_file(self) -> Any:
        """Refuse a file that is too large to read within a request."""
        file = self.cleaned_data["file"]
        if file.size > MOST_MEGABYTES * 1_000_000:
            raise forms.ValidationError(
                gettext("The file is larger than %(size)s MB. Download fewer days at once.")
                % {"size": MOST_MEGABYTES}
            )
        return file


class CsvColumnsForm(ColumnsForm):
    """What the columns of an account's CSV files mean, and how they write numbers and dates."""

    def __init__(
        self, data: Mapping[str, Any] | None, *, found: Sequence[str], layout: CsvLayout | None
    ) -> None:
        super().__init__(
            data, columns=COLUMNS, found=found, chosen=layout.headings if layout else {}
        )
        self.fields["decimal_mark"] = forms.ChoiceField(
            label=_("Amounts are written like"),
            choices=[("", _("Choose one")), *DecimalMark.choices],
            initial=layout.decimal_mark if layout else "",
        )
        self.fields["date_order"] = forms.ChoiceField(
            label=_("Dates are written like"),
            choices=[("", _("Choose one")), *DateOrder.choices],
            initial=layout.date_order if layout else "",
        )
        # Banks never call them by our names.
        for name in LABELS:
            self.fields[name].label = label_of(name)
        for name, text in _COLUMN_HELP.items():
            self.fields[name].help_text = text
        written = Row(*(Column(name, css_class="col-sm-6") for name in _WRITTEN))
        self.helper = helper_with(written, self.helper.layout)

    def clean(self) -> dict[str, Any]:
        """Require either the signed amount, or what goes out and what comes in."""
        cleaned = super().clean()
        amount, out, received = (cleaned.get(each) for each in ("amount", "debit", "credit"))
        if amount and (out or received):
            self.add_error("amount", _("Choose either this or money out and money in."))
        elif not amount and not (out and received):
            self.add_error("amount", _("Choose this, or both money out and money in."))
        return cleaned


_WRITTEN = ("decimal_mark", "date_order")
_COLUMN_HELP = {
    "amount": _("With a minus if the money leaves the account."),
    "debit": _("With or without a minus."),
    "balance": _("Each balance is checked against the one before and the amount."),
}


class PartsForm(forms.Form):
    """The organizations whose money a line is, and how much of it is whose."""

    def __init__(self, data: Mapping[str, Any] | None, *, left: Decimal, currency: str) -> None:
        super().__init__(data, initial={"amount_1": exact(left, currency)})
        self._left, self._currency = left, currency
        rows = []
        for number in range(1, MOST_PARTS + 1):
            names = (f"organization_{number}", f"amount_{number}")
            self.fields[names[0]] = OrganizationTitleField(
                label=_("Organization"), required=number == 1
            )
            self.fields[names[1]] = AmountField(
                label=_("Amount (%(currency)s)") % {"currency": currency},
                below=_TOO_MUCH,
                required=number == 1,
            )
            rows.append(
                Row(
                    Column(names[0], css_class="col-sm-8"),
                    Column(names[1], css_class="col-sm-4"),
                )
            )
        self.first, self.more = helper_with(rows[0]), helper_with(*rows[1:])
        self.parts: list[Part] = []

    @property
    def is_split(self) -> bool:
        """Whether more than the first part was entered."""
        return any(self.data.get(f"organization_{n}") for n in range(2, MOST_PARTS + 1))

    def clean(self) -> dict[str, Any]:
        """Find the organizations by their titles; the parts must come to what is left."""
        cleaned = super().clean() or {}
        for number in range(1, MOST_PARTS + 1):
            names = (f"organization_{number}", f"amount_{number}")
            title, amount = (cleaned.get(each) for each in names)
            if not title and amount is None:
                continue
            if not title or amount is None:
                for name, value in zip(names, (title, amount), strict=True):
                    if not value and name not in self.errors:
                        self.add_error(name, _("Enter both, or leave both empty."))
                continue
            found = Organization.objects.filter(title__iexact=title.strip()).first()
            if found is None:
                self.add_error(
                    names[0], _("No organization has this title. Choose one of the list.")
                )
                continue
            self.parts.append(Part(found.pk, amount))
        total = sum((each.amount for each in self.parts), Decimal(0))
        if not self.errors and total != self._left:
            refusal = NotInFull(parts=total, amount=self._left, currency=self._currency)
            self.add_error("amount_1", str(refusal))
        return cleaned


class IgnoreForm(forms.Form):
    """Why a line is put aside."""

    reason = LineField(
        label=_("Reason"),
        max_length=200,
        help_text=_("For example: bank fees, a transfer between our own accounts."),
    )

    def __init__(self, data: Mapping[str, Any] | None = None) -> None:
        super().__init__(data)
        self.helper = helper_with(*self.fields)
