"""Forms of mandates, of who collects, and of a collection's date."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, ClassVar

from crispy_forms.layout import Column, Row
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from stdnum import iban
from stdnum.eu import at_02
from stdnum.exceptions import ValidationError as InvalidNumber

from accounts.settings_pages import SettingsForm
from debits.models import MAX_REASON, DebitSettings, Mandate
from debits.operations import MANDATE, SETTINGS
from foundation.web.fields import DateField, LineField
from invoices.bank_accounts import BankCode, checked_bic, kind_of
from tariffs.forms import helper_with

_LONGEST_TYPED = 50
# Where accounts can be debited by SEPA (EPC 409-09). Inside the European Economic Area banks go by
# the IBAN; outside it they need the BIC, too.
_INSIDE = frozenset(
    (
        *("AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE"),
        *("IS", "IT", "LI", "LT", "LU", "LV", "MT", "NL", "NO", "PL", "PT", "RO", "SE", "SI", "SK"),
    )
)
_OUTSIDE = frozenset(("AD", "AL", "CH", "GB", "GI", "MC", "MD", "ME", "MK", "RS", "SM", "VA"))


def _checked_iban(text: str) -> str:
    try:
        checked: str = iban.validate(text)
    except InvalidNumber as error:
        raise ValidationError(gettext("This IBAN is not valid. Check each character.")) from error
    return checked


def _checked_bic(text: str) -> str:
    if not text:
        return ""
    checked = checked_bic(text)
    if kind_of(checked) is not BankCode.BIC:
        raise ValidationError(gettext("Enter a BIC, or leave it empty."))
    return checked


class DebitSettingsForm(SettingsForm):
    """Who collects, and to which account."""

    creditor_id = LineField(
        label=_("Creditor identifier"),
        max_length=_LONGEST_TYPED,
        help_text=_("Your central bank gave it to you, for example DE98ZZZ09999999999."),
    )
    iban = LineField(label=_("IBAN"), max_length=_LONGEST_TYPED)
    bic = LineField(label=_("BIC"), max_length=_LONGEST_TYPED, required=False)

    class Meta:
        model = DebitSettings
        fields = SETTINGS

    def __init__(self, data: Mapping[str, Any] | None, *, instance: DebitSettings) -> None:
        super().__init__(data, instance=instance)
        self.helper = helper_with(
            "creditor_id",
            Row(*(Column(name, css_class="col-md-6") for name in ("iban", "bic"))),
            "scheme",
            Row(*(Column(name, css_class="col-md-6") for name in ("lead_days", "notice_days"))),
        )

    def clean_creditor_id(self) -> str:
        """Return the identifier without spaces."""
        try:
            checked: str = at_02.validate(self.cleaned_data["creditor_id"].upper())
        except InvalidNumber as error:
            raise ValidationError(
                gettext("This creditor identifier is not valid. Check each character.")
            ) from error
        return checked

    def clean_iban(self) -> str:
        """Return the IBAN without spaces."""
        return _checked_iban(self.cleaned_data["iban"])

    def clean_bic(self) -> str:
        """Return the BIC in capital letters, or ""."""
        return _checked_bic(self.cleaned_data["bic"])


class MandateForm(forms.ModelForm):  # type: ignore[type-arg]
    """The mandate of an organization."""

    reference = LineField(label=_("Mandate reference"), max_length=35)
    holder = LineField(label=_("Account holder"), max_length=70)
    iban = LineField(label=_("IBAN"), max_length=_LONGEST_TYPED)
    bic = LineField(label=_("BIC"), max_length=_LONGEST_TYPED, required=False)
    signed_on = DateField(label=_("Signed on"))

    class Meta:
        model = Mandate
        fields: ClassVar[tuple[str, ...]] = MANDATE

    def __init__(self, data: Mapping[str, Any] | None, *, today: date, **initial: str) -> None:
        super().__init__(data, initial=initial)
        self._today = today
        self.helper = helper_with(
            Row(*(Column(name, css_class="col-md-6") for name in MANDATE[:2])),
            "holder",
            Row(*(Column(name, css_class="col-md-6") for name in MANDATE[3:])),
        )

    def clean_iban(self) -> str:
        """Return the IBAN without spaces."""
        return _checked_iban(self.cleaned_data["iban"])

    def clean_bic(self) -> str:
        """Return the BIC in capital letters, or ""."""
        return _checked_bic(self.cleaned_data["bic"])

    def clean(self) -> dict[str, Any]:
        """Refuse accounts that cannot be debited, and those that cannot be found without a BIC."""
        cleaned: dict[str, Any] = super().clean() or {}
        country = cleaned.get("iban", "")[:2]
        if country and country not in _INSIDE | _OUTSIDE:
            self.add_error(
                "iban",
                gettext("Banks of this country take no SEPA direct debits. Use another account."),
            )
        if country in _OUTSIDE and not cleaned.get("bic", " "):
            self.add_error(
                "bic", gettext("Enter the BIC. Banks outside the European Economic Area need it.")
            )
        return cleaned

    def clean_signed_on(self) -> date:
        """Refuse a date in the future."""
        signed_on: date = self.cleaned_data["signed_on"]
        if signed_on > self._today:
            raise ValidationError(
                gettext("The date is in the future. Enter today’s date or an earlier one.")
            )
        return signed_on


class CollectionForm(forms.Form):
    """The date on which the bank is to collect."""

    on = DateField(label=_("Collection date"))


class NotCollectedForm(forms.Form):
    """Why the bank did not collect something."""

    reason = LineField(
        label=_("Reason"),
        max_length=MAX_REASON,
        help_text=_("What the bank states, for example AC04, account closed."),
    )

    def __init__(self, data: Mapping[str, Any] | None = None) -> None:
        super().__init__(data)
        self.helper = helper_with("reason")
