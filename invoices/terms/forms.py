"""Forms of the terms and texts of documents, and of bank accounts by currency."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from crispy_forms.layout import Column, Div, Fieldset, Row
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from accounts.mail_texts.kinds import check_placeholders
from accounts.settings_pages import SettingsForm
from foundation.web.fields import LineField
from invoices.documents.contents import rows_of
from invoices.provider.account_forms import AccountFormMixin
from invoices.terms.agreed import PLACEHOLDERS
from invoices.terms.models import CurrencyAccount, DocumentTerms, OrganizationTerms
from invoices.terms.operations import OF_ACCOUNT, OF_DOCUMENTS, OF_ORGANIZATION
from tariffs.currencies import currency_choices
from tariffs.forms import helper_with

MOST_ROWS = 8
"""How many rows of a page the footer may take."""
_LANGUAGES = ("en", "ru")
_LEVELS = ("first", "second")


def _discount_rows() -> list[Row]:
    return [
        Row(
            Column(f"{level}_percent", css_class="col-sm-6"),
            Column(f"{level}_days", css_class="col-sm-6"),
        )
        for level in _LEVELS
    ]


def check_discounts(form: forms.BaseForm) -> None:
    """Require both values of a cash discount, and the shorter and higher one first."""
    given = form.cleaned_data
    for level in _LEVELS:
        names = f"{level}_percent", f"{level}_days"
        if any(name in form.errors for name in names):
            return
        values = [given.get(name) for name in names]
        for name, value in zip(names, values, strict=True):
            if value is None and values != [None, None]:
                form.add_error(name, _("Enter both, or leave both empty."))
                return
    if given.get("second_days") is None:
        return
    if given.get("first_days") is None:
        form.add_error("first_percent", _("Enter the first cash discount before the second."))
        return
    if given["second_days"] <= given["first_days"]:
        form.add_error("second_days", _("Enter more days than for the first cash discount."))
    if given["second_percent"] >= given["first_percent"] > 0:
        form.add_error("second_percent", _("Enter less than the first cash discount."))


class DocumentTermsForm(SettingsForm):
    """What all new documents state."""

    class Meta:
        model = DocumentTerms
        fields = OF_DOCUMENTS
        localized_fields = ("first_percent", "second_percent")
        widgets: ClassVar = {
            name: forms.Textarea(attrs={"rows": 3})
            for name in OF_DOCUMENTS
            if name.startswith(("payment_terms", "footer"))
        }
        help_texts: ClassVar = {
            "first_days": _("Counted from the invoice date."),
            "second_percent": _("For later payment: a lower percentage within more days."),
            **{
                f"payment_terms_{code}": _(
                    "For example: Payable by {due_date}, within {days} days. Also stated in "
                    "e-invoices."
                )
                for code in _LANGUAGES
            },
            **{
                f"footer_{code}": _("Printed at the bottom of each page of a PDF.")
                for code in _LANGUAGES
            },
        }

    def __init__(self, data: Mapping[str, Any] | None, *, instance: DocumentTerms) -> None:
        super().__init__(data, instance=instance)
        texts = ("payment_terms", "footer")
        self.helper = helper_with(
            _section(_("Cash discount"), *_discount_rows()),
            *(
                _section(label, *(f"{name}_{code}" for code in _LANGUAGES))
                for name, label in zip(texts, (_("Payment terms"), _("Footer")), strict=True)
            ),
        )

    def clean(self) -> dict[str, Any]:
        """Check the cash discounts, the placeholders, and how much room the footers take."""
        cleaned = super().clean() or {}
        check_discounts(self)
        for name in [each for each in self.fields if each.startswith(("payment_", "footer_"))]:
            if name in cleaned:
                cleaned[name] = "\n".join(cleaned[name].splitlines())
                try:
                    _check_text(name, cleaned[name])
                except ValidationError as error:
                    self.add_error(name, error)
        return cleaned


def _check_text(name: str, text: str) -> None:
    if name.startswith("payment_"):
        check_placeholders(text, PLACEHOLDERS)
    elif rows_of(text) > MOST_ROWS:
        raise ValidationError(
            ngettext(
                "The footer would take more than %(most)s row. Shorten it.",
                "The footer would take more than %(most)s rows. Shorten it.",
                MOST_ROWS,
            ),
            params={"most": MOST_ROWS},
        )


class OrganizationTermsForm(SettingsForm):
    """The payment terms of one organization."""

    has_own_discounts = forms.TypedChoiceField(
        label=_("Cash discount"),
        choices=((False, _("As set for all organizations")), (True, _("Own, or none"))),
        coerce=lambda value: value == "True",
        widget=forms.RadioSelect,
    )

    class Meta:
        model = OrganizationTerms
        fields = OF_ORGANIZATION
        localized_fields = ("first_percent", "second_percent")
        help_texts: ClassVar = {
            "first_days": _("Counted from the invoice date."),
            "second_percent": _("For later payment: a lower percentage within more days."),
        }

    def __init__(
        self, data: Mapping[str, Any] | None, *, instance: OrganizationTerms, usual_days: int
    ) -> None:
        super().__init__(data, instance=instance)
        self.fields["days_to_pay"].help_text = ngettext(
            "0 to 365, counted from the invoice date. If left empty, %(days)s day as for all "
            "organizations.",
            "0 to 365, counted from the invoice date. If left empty, %(days)s days as for all "
            "organizations.",
            usual_days,
        ) % {"days": usual_days}
        self.helper = helper_with(
            "days_to_pay",
            "has_own_discounts",
            Div(*_discount_rows(), data_only_while="has_own_discounts", data_is="True"),
        )

    def clean(self) -> dict[str, Any]:
        """Check the cash discounts, or drop them if those of all organizations apply."""
        cleaned = super().clean() or {}
        if cleaned.get("has_own_discounts"):
            check_discounts(self)
        else:
            for level in _LEVELS:
                for name in (f"{level}_percent", f"{level}_days"):
                    cleaned[name] = None
                    self.errors.pop(name, None)
        return cleaned


class AccountForm(AccountFormMixin, SettingsForm):
    """An account for invoices in one currency."""

    class Meta:
        model = CurrencyAccount
        fields = OF_ACCOUNT
        field_classes: ClassVar = dict.fromkeys(OF_ACCOUNT, LineField)
        help_texts: ClassVar = {
            "account_number": _(
                "If your country does not use IBANs, enter the account number as "
                "your bank writes it."
            ),
            "bic": _("In Russia, enter the nine-digit BIK; in India, the IFSC."),
            "correspondent_account": _(
                "Of a bank in Russia. Invoices in roubles have a payment code only with it."
            ),
        }

    def __init__(self, data: Mapping[str, Any] | None, *, instance: CurrencyAccount) -> None:
        super().__init__(data, instance=instance)
        self.helper = helper_with(
            *(name for name in self.fields if name not in OF_ACCOUNT),
            "account_number",
            Row(Column("bic", css_class="col-sm"), Column("bank", css_class="col-sm")),
            "correspondent_account",
        )

    def clean(self) -> dict[str, Any]:
        """Check the fields that depend on each other."""
        cleaned = super().clean() or {}
        self.check_account(cleaned)
        return cleaned


class NewAccountForm(AccountForm):
    """A new account, with its currency."""

    currency = forms.ChoiceField(
        label=_("Currency"), widget=forms.Select(attrs={"data-select": True})
    )
    field_order = ("currency", *OF_ACCOUNT)

    def __init__(self, data: Mapping[str, Any] | None) -> None:
        super().__init__(data, instance=CurrencyAccount())
        field = self.fields["currency"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", "—"), *currency_choices()]

    def clean_currency(self) -> str:
        """Refuse a currency that has an account."""
        currency: str = self.cleaned_data["currency"]
        if CurrencyAccount.objects.filter(currency=currency).exists():
            raise ValidationError(gettext("This currency already has an account. Change that one."))
        return currency


def _section(title: Any, *fields: Any) -> Fieldset:
    return Fieldset(title, *fields, css_class="form-section")
