"""The forms of a level, and of what holds for all levels."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from crispy_forms.layout import Column, Fieldset, LayoutObject, Row
from django import forms
from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.functional import lazy
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from accounts.mail_texts.kinds import check_placeholders
from foundation.web.fields import LineField
from rating.money import minor_digits
from reminders.currencies import used_currencies
from reminders.levels.operations import GeneralValues, LevelValues
from reminders.models import MAX_DAYS, MAX_SUBJECT, MAX_TEXT, ReminderSettings
from reminders.texts import REMINDER
from tariffs.forms import AmountField, helper_with
from tariffs.money import exact

_TOO_MUCH = Decimal(10**6)


def _days_rule_now(least: int) -> str:
    text = gettext("Enter a whole number from %(least)s to %(most)s.")
    return text % {"least": least, "most": MAX_DAYS}


_days_rule = lazy(_days_rule_now, str)


class DaysField(forms.IntegerField):
    """A number of days, from `least` to a year."""

    def __init__(self, *, least: int = 1, **options: Any) -> None:
        rule = _days_rule(least)
        limits = [MinValueValidator(least, rule), MaxValueValidator(MAX_DAYS, rule)]
        messages = {"required": rule, "invalid": rule}
        super().__init__(validators=limits, error_messages=messages, **options)
        self.widget = forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"})


class RateField(forms.DecimalField):
    """A percentage from 0 to 100 with up to two decimals."""

    def __init__(self, **options: Any) -> None:
        rule = _("Enter a percentage from 0 to 100 with up to 2 decimal places.")
        codes = ("required", "invalid", "max_digits", "max_decimal_places", "max_whole_digits")
        super().__init__(
            localize=True,
            max_digits=5,
            decimal_places=2,
            validators=[MinValueValidator(0, rule), MaxValueValidator(100, rule)],
            error_messages=dict.fromkeys(codes, rule),
            **options,
        )
        self.widget.attrs |= {"inputmode": "decimal", "autocomplete": "off"}


class AmountsForm(forms.Form):
    """A form with an amount for each of some currencies, in fields `<prefix>_<currency>`."""

    amounts = ""
    amount_label: Any = ""

    def add_amounts(self, currencies: list[str]) -> None:
        """Add the fields."""
        self.currencies = currencies
        for currency in currencies:
            label = self.amount_label % {"currency": currency}
            field = AmountField(label=label, below=_TOO_MUCH, required=False)
            self.fields[f"{self.amounts}_{currency}"] = field

    def clean(self) -> dict[str, Any]:
        """Refuse amounts that are finer than their currency."""
        cleaned = super().clean() or {}
        for currency in self.currencies:
            name, digits = f"{self.amounts}_{currency}", minor_digits(currency)
            amount = cleaned.get(name)
            if amount and amount != round(amount, digits):
                text = gettext("Amounts in %(currency)s have at most %(digits)s decimal places.")
                self.add_error(name, text % {"currency": currency, "digits": digits})
        return cleaned

    @property
    def cleaned_amounts(self) -> dict[str, Decimal]:
        """The amounts of a valid form by currency, without those that are empty."""
        found = {each: self.cleaned_data[f"{self.amounts}_{each}"] for each in self.currencies}
        return {currency: amount for currency, amount in found.items() if amount}

    def _amount_columns(self) -> Row:
        names = (f"{self.amounts}_{currency}" for currency in self.currencies)
        return Row(*(Column(name, css_class="col-sm-4") for name in names))


def _shown(amounts: Mapping[str, Decimal], prefix: str) -> dict[str, Decimal]:
    return {f"{prefix}_{code}": exact(amount, code) for code, amount in amounts.items()}


class GeneralForm(AmountsForm):
    """What holds for all reminders."""

    amounts = "least"
    amount_label = _("Least amount (%(currency)s)")

    is_automatic = forms.BooleanField(
        label=ReminderSettings._meta.get_field("is_automatic").verbose_name,
        help_text=ReminderSettings._meta.get_field("is_automatic").help_text,
        required=False,
    )

    def __init__(self, data: Mapping[str, Any] | None, *, stored: GeneralValues) -> None:
        initial = {"is_automatic": stored.is_automatic, **_shown(stored.least, "least")}
        super().__init__(data, initial=initial)
        self.fields["is_automatic"].label = _("Send reminders automatically")
        self.add_amounts(used_currencies(stored.least))
        self.helper = helper_with(
            "is_automatic",
            Fieldset(
                _("If less is overdue, nobody is reminded"),
                self._amount_columns(),
                css_class="form-section",
            ),
        )

    @property
    def values(self) -> GeneralValues:
        """The values of a valid form."""
        return GeneralValues(self.cleaned_data["is_automatic"], self.cleaned_amounts)


class LevelForm(AmountsForm):
    """A level with its fees and texts."""

    amounts = "fee"
    amount_label = _("Fee (%(currency)s)")

    name = LineField(
        label=pgettext_lazy("of a reminder level", "Name"),
        max_length=60,
        help_text=_("Subscribers see it."),
    )
    days = DaysField(
        label=_("Days overdue"), help_text=_("An invoice reaches the level after so many days.")
    )
    days_to_pay = DaysField(
        label=_("New payment term (days)"), help_text=_("The next level comes later than that.")
    )
    rate = RateField(label=_("Interest, % a year"), initial=0)

    def __init__(
        self, data: Mapping[str, Any] | None, *, stored: LevelValues | None = None
    ) -> None:
        super().__init__(data, initial=_initial(stored) if stored else None)
        self.add_amounts(used_currencies(stored.fees if stored else ()))
        sections: list[LayoutObject] = []
        for code, name in settings.LANGUAGES:
            self._add_texts(code)
            title = _("Mail in %(language)s") % {"language": name}
            texts = (f"subject_{code}", f"introduction_{code}")
            sections.append(Fieldset(title, *texts, css_class="form-section"))
        days = (Column("days", css_class="col-sm"), Column("days_to_pay", css_class="col-sm"))
        charges = Fieldset(_("Charges"), "rate", self._amount_columns(), css_class="form-section")
        self.helper = helper_with("name", Row(*days), charges, *sections)

    def _add_texts(self, language: str) -> None:
        self.fields[f"subject_{language}"] = LineField(
            label=_("Subject"),
            max_length=MAX_SUBJECT,
            required=False,
            widget=forms.TextInput(attrs={"lang": language}),
        )
        self.fields[f"introduction_{language}"] = forms.CharField(
            label=_("Introduction"),
            max_length=MAX_TEXT,
            required=False,
            widget=forms.Textarea(attrs={"rows": 4, "lang": language}),
            help_text=_("If you leave a field empty, the text for all reminders is used."),
        )

    def clean(self) -> dict[str, Any]:
        """Check the placeholders of the texts."""
        cleaned = super().clean()
        for name in [each for each in cleaned if each.startswith(("subject_", "introduction_"))]:
            cleaned[name] = cleaned[name].replace("\r\n", "\n")
            try:
                check_placeholders(cleaned[name], REMINDER.examples)
            except forms.ValidationError as error:
                self.add_error(name, error)
        return cleaned

    @property
    def values(self) -> LevelValues:
        """The values of a valid form."""
        given = self.cleaned_data
        return LevelValues(
            given["name"],
            given["days"],
            given["rate"],
            given["days_to_pay"],
            self.cleaned_amounts,
            {
                code: (given[f"subject_{code}"], given[f"introduction_{code}"])
                for code, _name in settings.LANGUAGES
            },
        )


def _initial(stored: LevelValues) -> dict[str, Any]:
    own = {name: getattr(stored, name) for name in ("name", "days", "days_to_pay", "rate")}
    texts = {
        f"{part}_{language}": text
        for language, pair in stored.texts.items()
        for part, text in zip(("subject", "introduction"), pair, strict=True)
    }
    return own | texts | _shown(stored.fees, "fee")
