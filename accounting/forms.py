"""Forms of the accounting settings, of revenue accounts, and of reopening the books."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from crispy_forms.layout import HTML, Column, Row
from django import forms
from django.utils.translation import gettext, pgettext
from django.utils.translation import gettext_lazy as _

from accounting.debtors import same_debtor
from accounting.journal import stored_settings
from accounting.models import AccountingSettings, RevenueAccount, is_number
from accounting.operations import DATEV, DATEV_NUMBERS, MONEY, SETTINGS
from accounts.settings_pages import SettingsForm
from foundation.web.fields import LineField
from tariffs.forms import helper_with


class AccountingForm(SettingsForm):
    """The accounts of money, and what DATEV is told. Whatever is not known can stay empty."""

    class Meta:
        model = AccountingSettings
        fields = SETTINGS
        help_texts: ClassVar = {
            "first_debtor": _(
                "Organizations without a debtor number of their own are numbered from here on, in "
                "the order in which they were added. Do not change it once the numbers are in use."
            ),
        }

    def __init__(self, data: Mapping[str, Any] | None, *, instance: AccountingSettings) -> None:
        super().__init__(data, instance=instance)
        self.helper = helper_with(
            _heading(pgettext("of accounting", "Accounts")),
            Row(*(Column(name, css_class="col-6 col-md-3") for name in MONEY)),
            "first_debtor",
            _heading("DATEV"),
            Row(*(Column(name, css_class="col-md-6") for name in DATEV)),
        )

    def clean(self) -> dict[str, Any]:
        """Refuse accounts that are not DATEV's beside the numbers that DATEV gave."""
        cleaned = super().clean() or self.cleaned_data
        if all(cleaned.get(name) is None for name in DATEV_NUMBERS):
            return cleaned
        for name in MONEY:
            if (account := cleaned.get(name)) and not is_number(account):
                self.add_error(name, _only_digits())
        others = [each for each in RevenueAccount.objects.all() if not is_number(each.account)]
        if others:
            name = next(each for each in DATEV_NUMBERS if cleaned.get(each) is not None)
            text = _(
                "DATEV takes only digits in accounts. Correct those of these taxes first: "
                "%(names)s."
            )
            named = ", ".join(f"{each.tax} ({each.account})" for each in others)
            self.add_error(name, text % {"names": named})
        return cleaned

    def clean_first_debtor(self) -> int:
        """Refuse a first number with which two organizations would have the same number."""
        first: int = self.cleaned_data["first_debtor"]
        if same := same_debtor(first):
            raise forms.ValidationError(
                _(
                    "Counted from here on, %(counted)s would have the number %(number)s, which is "
                    "given to %(given)s. Enter another first number."
                )
                % {"counted": same.counted_for, "number": same.number, "given": same.given_to}
            )
        return first


def _only_digits() -> str:
    return gettext(
        "DATEV takes only digits in accounts. Correct this, or remove DATEV’s consultant and "
        "client number."
    )


def _heading(text: str) -> HTML:
    return HTML(f"<h2>{text}</h2>")


class RevenueAccountForm(forms.ModelForm):  # type: ignore[type-arg]
    """The account of what is charged with a tax."""

    class Meta:
        model = RevenueAccount
        fields: ClassVar[list[str]] = ["category", "percent", "account", "tax_key"]

    def __init__(
        self,
        data: Mapping[str, Any] | None,
        *,
        instance: RevenueAccount,
        initial: Mapping[str, str],
    ) -> None:
        super().__init__(data, instance=instance, initial=dict(initial))
        self.fields["tax_key"].widget.attrs["inputmode"] = "numeric"
        self.helper = helper_with(
            Row(*(Column(name, css_class="col-md-6") for name in self.Meta.fields[:2])),
            Row(*(Column(name, css_class="col-md-6") for name in self.Meta.fields[2:])),
        )

    def clean_account(self) -> str:
        """Refuse an account that is not DATEV's if the provider has DATEV's numbers."""
        account: str = self.cleaned_data["account"]
        if stored_settings().is_for_datev and not is_number(account):
            raise forms.ValidationError(_only_digits())
        return account


class ReopenForm(forms.Form):
    """Why closed months are reopened."""

    reason = LineField(label=_("Reason"), max_length=200)

    def __init__(self, data: Mapping[str, Any] | None = None) -> None:
        super().__init__(data)
        self.helper = helper_with("reason")
