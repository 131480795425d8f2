"""What forms of the provider's bank accounts have in common."""

from __future__ import annotations

from typing import Any

from django import forms

from invoices.bank_accounts import (
    check_correspondent_account,
    check_russian_account,
    checked_account,
    checked_bic,
    is_bik,
)


class AccountFormMixin:
    """Checks the fields `account_number`, `bic` and `correspondent_account` of a form."""

    cleaned_data: dict[str, Any]

    def clean_account_number(self) -> str:
        """Check the account number as far as its format is known."""
        return checked_account(self.cleaned_data["account_number"])

    def clean_bic(self) -> str:
        """Check the BIC unless it is empty."""
        number: str = self.cleaned_data["bic"]
        return checked_bic(number) if number else ""

    def check_account(self, cleaned: dict[str, Any]) -> None:
        """Refuse an account number, or a correspondent account, that does not match the BIK."""
        account, bank = cleaned.get("account_number"), cleaned.get("bic")
        if account and bank and is_bik(bank):
            try:
                check_russian_account(account, bank)
            except forms.ValidationError as error:
                self.add_error("account_number", error)  # type: ignore[attr-defined]
        if correspondent := cleaned.get("correspondent_account"):
            try:
                check_correspondent_account(correspondent, bank or "")
            except forms.ValidationError as error:
                self.add_error("correspondent_account", error)  # type: ignore[attr-defined]
