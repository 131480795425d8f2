"""Forms of exchange rates."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any, ClassVar

import django_filters
from crispy_forms.layout import Column, Row
from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.core.validators import RegexValidator
from django.db.models import Q
from django.utils.datastructures import MultiValueDict
from django.utils.formats import number_format
from django.utils.functional import lazy
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from foundation.lists.filters import search_filter
from foundation.web.fields import DateField, LineField
from invoices.rates.models import PLACES, ExchangeRate, ExchangeRateQuerySet
from tariffs.currencies import offered_currencies
from tariffs.forms import AmountField, helper_with

MOST_KILOBYTES = 1_000


def _rate_rule() -> str:
    example = number_format("1.0812", use_l10n=True)
    return gettext(
        "Enter a rate above 0 with up to 10 decimal places and no thousands separators, for "
        "example %(example)s."
    ) % {"example": example}


class RateField(AmountField):
    """An exchange rate in plain digits."""

    plain = RegexValidator(rf"^[0-9]+(\.[0-9]{{1,{PLACES}}})?\Z", lazy(_rate_rule, str)())

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.widget.attrs["maxlength"] += PLACES
        self.error_messages["required"] = lazy(_rate_rule, str)()

    def clean(self, value: Any) -> Any:
        rate: Decimal | None = super().clean(value)
        if rate is not None and not rate:
            raise forms.ValidationError(_rate_rule())
        return rate


class RateForm(forms.Form):
    """What one unit of a currency costs in another on a date."""

    base = forms.ChoiceField(
        label=_("One unit of"), widget=forms.Select(attrs={"data-select": True})
    )
    rate = RateField(label=_("costs"))
    currency = forms.ChoiceField(
        label=pgettext_lazy("of an exchange rate", "units of"),
        widget=forms.Select(attrs={"data-select": True}),
    )
    day = DateField(label=_("Date"))
    source = LineField(
        label=_("Source"),
        max_length=100,
        help_text=_("Invoices state it, for example “Deutsche Bundesbank”."),
    )

    def __init__(self, data: Mapping[str, Any] | None, *, accounting: str, today: date) -> None:
        super().__init__(data, initial={"base": accounting, "day": today})
        self._accounting, self._today = accounting, today
        choices = [("", ""), *offered_currencies()]
        for name in ("base", "currency"):
            self.fields[name].choices = choices  # type: ignore[attr-defined]
        self.helper = helper_with(
            Row(
                Column("base", css_class="col-sm"),
                Column("rate", css_class="col-sm"),
                Column("currency", css_class="col-sm"),
            ),
            Row(Column("day", css_class="col-sm-4"), Column("source", css_class="col-sm-8")),
        )

    def clean_day(self) -> date:
        """Refuse a date that is still to come."""
        day: date = self.cleaned_data["day"]
        if day > self._today:
            raise forms.ValidationError(
                gettext("Nobody has published a rate of a date to come. Enter today or earlier.")
            )
        return day

    def clean(self) -> dict[str, Any]:
        """Check that there are two currencies, and that documents can use the rate."""
        cleaned = super().clean() or {}
        base, currency = cleaned.get("base"), cleaned.get("currency")
        if base and base == currency:
            self.add_error("currency", gettext("Choose two different currencies."))
        elif base and currency and self._accounting and self._accounting not in (base, currency):
            text = gettext(
                "One of the currencies must be %(currency)s, in which tax is accounted for."
            )
            self.add_error("currency", text % {"currency": self._accounting})
        return cleaned


class UploadForm(forms.Form):
    """A file of the European Central Bank."""

    file = forms.FileField(
        label=_("File of the European Central Bank"),
        help_text=_("eurofxref-daily.xml, or eurofxref-hist-90d.xml with the last 90 days."),
        widget=forms.FileInput(attrs={"accept": ".xml"}),
    )

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        files: MultiValueDict[str, UploadedFile[Any]] | None = None,
    ) -> None:
        super().__init__(data, files)
        self.helper = helper_with("file")

    def clean_file(self) -> Any:
        """Refuse a file that is too large to be one of 90 days."""
        file = self.cleaned_data["file"]
        if file.size > MOST_KILOBYTES * 1_000:
            raise forms.ValidationError(
                gettext("The file is larger than %(size)s kB. Download that of the last 90 days.")
                % {"size": number_format(MOST_KILOBYTES, use_l10n=True, force_grouping=True)}
            )
        return file


class RateFilter(django_filters.FilterSet):  # type: ignore[misc]
    """Search rates by the code of a currency."""

    q = search_filter(_("Currency, for example USD"))

    class Meta:
        model = ExchangeRate
        fields: ClassVar[list[str]] = []

    def search(self, rates: ExchangeRateQuerySet, name: str, text: str) -> ExchangeRateQuerySet:
        """Keep rates of a currency."""
        code = text.strip().upper()
        return rates.filter(Q(base=code) | Q(currency=code))
