"""Ask how recorded usage is to be corrected."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, cast

from crispy_forms.bootstrap import InlineRadios
from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div, Layout
from django import forms
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from foundation.web.fields import DateField, LineField, LocalTimeField
from organizations.models import Organization
from rating.periods import ONE_DAY
from usage.cameras.forms import (
    SecondTimeField,
    TariffField,
    is_second_of,
    offer_second,
    past_instant,
)
from usage.cameras.operations import UsageRefusal
from usage.corrections.operations import offered_tariffs
from usage.corrections.plan import Correction
from usage.models import UsageInterval

LISTED, DATES = "listed", "dates"
CHANGE, VOID = "change", "void"
KEEP, AT, OPEN = "keep", "at", "open"

# The choice by which a field is shown. Of other choices, its value means nothing.
_SHOWN_BY = {
    "first_on": ("which", DATES),
    "last_on": ("which", DATES),
    "start": ("what", CHANGE),
    "started_at": ("start", AT),
    "start_is_second": ("start", AT),
    "end": ("what", CHANGE),
    "ended_at": ("end", AT),
    "end_is_second": ("end", AT),
    "tariff": ("what", CHANGE),
}


def _choices(*choices: tuple[str, Any], label: Any) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label, choices=choices, initial=choices[0][0], widget=forms.RadioSelect
    )


class CorrectionForm(forms.Form):
    """Ask which intervals are to be corrected, how, and why.

    Local times are in the organization's time zone. If one occurs twice, the form asks which
    one is meant.
    """

    which = _choices(
        (LISTED, _("The usage listed above")),
        (DATES, _("All usage of these cameras between two dates")),
        label=_("Correct"),
    )
    first_on = DateField(label=_("First day"), from_year=1970, required=False)
    last_on = DateField(label=_("Last day"), from_year=1970, required=False)
    what = _choices(
        (CHANGE, _("Change it")), (VOID, _("Remove it: nothing is charged")), label=_("What to do")
    )
    start = _choices((KEEP, _("Unchanged")), (AT, _("At another time")), label=_("Start"))
    started_at = LocalTimeField(label=_("Started at"), required=False)
    start_is_second = SecondTimeField()
    end = _choices(
        (KEEP, _("Unchanged")),
        (AT, _("At another time")),
        (OPEN, _("Still in use")),
        label=pgettext_lazy("of usage", "End"),
    )
    ended_at = LocalTimeField(label=_("Ended at"), required=False)
    end_is_second = SecondTimeField()
    tariff = TariffField()
    moves_neighbours = forms.BooleanField(
        label=_("Move adjoining usage along"),
        required=False,
        help_text=_(
            "Usage that ends or starts exactly where this one does keeps touching it, also at "
            "another organization. Otherwise, a gap remains."
        ),
    )
    reason = LineField(
        label=_("Reason"),
        max_length=300,
        help_text=_("The history of each camera shows it."),
        error_messages={"required": _("Enter a reason.")},
    )

    def __init__(
        self,
        data: Mapping[str, Any] | None,
        *,
        organization: Organization,
        uses: Sequence[UsageInterval],
        now: datetime,
    ) -> None:
        """Show the times of the only one of `uses`, so that they can be edited."""
        self.now, self.organization, self.zone = now, organization, organization.zone_at(now)
        super().__init__(data, initial=self._times(uses[0]) if len(uses) == 1 else {})
        local = now.astimezone(self.zone)
        for name in ("started_at", "ended_at"):
            self.fields[name].help_text = gettext("Time zone: %(zone)s.") % {"zone": self.zone}
        offer_second(self, "started_at", "start_is_second", self.zone)
        offer_second(self, "ended_at", "end_is_second", self.zone)
        tariff = cast(TariffField, self.fields["tariff"])
        tariff.queryset = offered_tariffs(organization).with_prices(local.date()).order_by("name")
        tariff.required, tariff.empty_label = False, gettext("Unchanged")
        self.helper = self._helper()

    def _times(self, use: UsageInterval) -> dict[str, datetime | None]:
        return {
            name: instant and instant.astimezone(self.zone).replace(tzinfo=None)
            for name, instant in (("started_at", use.started_at), ("ended_at", use.ended_at))
        }

    def _helper(self) -> FormHelper:
        def shown(*names: str, when: str) -> Div:
            fields = [name for name in names if name in self.fields]
            return Div(*fields, css_class=f"shown-when-{when}")

        helper = FormHelper()
        helper.form_tag = False
        helper.disable_csrf = True
        helper.layout = Layout(
            Div(
                InlineRadios("which"), shown("first_on", "last_on", when="dates"), css_class="pick"
            ),
            Div(
                InlineRadios("what"),
                Div(
                    Div(
                        InlineRadios("start"),
                        shown("started_at", "start_is_second", when="at"),
                        css_class="pick",
                    ),
                    Div(
                        InlineRadios("end"),
                        shown("ended_at", "end_is_second", when="at"),
                        css_class="pick",
                    ),
                    "tariff",
                    css_class="shown-when-change",
                ),
                css_class="pick",
            ),
            "moves_neighbours",
            "reason",
        )
        return helper

    def clean(self) -> dict[str, Any]:
        """Replace local times with instants, and require what the choices ask for."""
        cleaned = super().clean() or {}
        for name in [name for name in self.fields if not self._is_shown(name)]:
            self.errors.pop(name, None)
            cleaned[name] = None
        if cleaned.get("which") == DATES:
            self._check_dates(cleaned)
        if cleaned.get("what") == CHANGE:
            self._read_instant(cleaned, "start", "started_at", "start_is_second")
            self._read_instant(cleaned, "end", "ended_at", "end_is_second")
            kept = cleaned.get("start") == cleaned.get("end") == KEEP
            if kept and not cleaned.get("tariff") and "tariff" not in self.errors:
                self.add_error(
                    None, gettext("Choose another start, another end or another tariff plan.")
                )
        return cleaned

    def _is_shown(self, name: str) -> bool:
        if name not in _SHOWN_BY:
            return True
        choice, value = _SHOWN_BY[name]
        return self.cleaned_data.get(choice) == value and self._is_shown(choice)

    def _check_dates(self, cleaned: Mapping[str, Any]) -> None:
        for name in ("first_on", "last_on"):
            if cleaned.get(name) is None and name not in self.errors:
                self.add_error(name, gettext("Enter a date."))
        first, last = cleaned.get("first_on"), cleaned.get("last_on")
        if first and last and last < first:
            self.add_error("last_on", gettext("The last day cannot be before the first."))

    def _read_instant(self, cleaned: dict[str, Any], choice: str, name: str, second: str) -> None:
        local = cleaned.get(name)
        cleaned[name] = None
        if cleaned.get(choice) != AT or name in self.errors:
            return
        if local is None:
            self.add_error(name, gettext("Enter a date and time."))
            return
        try:
            is_second = is_second_of(self, second)
            cleaned[name] = past_instant(local, self.zone, is_second=is_second, now=self.now)
        except forms.ValidationError as error:
            self.add_error(name, error)

    @property
    def dates(self) -> tuple[datetime, datetime] | None:
        """The instants `[start, end)` in which usage is to be corrected, of a valid form."""
        if self.cleaned_data["which"] != DATES:
            return None
        first: date = self.cleaned_data["first_on"]
        last: date = self.cleaned_data["last_on"]
        return self.organization.start_of(first), self.organization.start_of(last + ONE_DAY)

    @property
    def correction(self) -> Correction:
        """What a valid form asks for."""
        cleaned = self.cleaned_data
        moves = cleaned["moves_neighbours"]
        if cleaned["what"] == VOID:
            return Correction(is_void=True, moves_neighbours=moves)
        return Correction(
            started_at=cleaned["started_at"],
            ended_at=cleaned["ended_at"],
            is_open=cleaned["end"] == OPEN,
            tariff_id=cleaned["tariff"] and cleaned["tariff"].pk,
            moves_neighbours=moves,
        )

    def refuse(self, refusal: UsageRefusal) -> None:
        """Show why the correction was refused, beside the field to correct if that is visible."""
        shown = {name for name in self.fields if self._is_shown(name)}
        # A start after the end may be as wrong as the end.
        fields = [refusal.field, "started_at"] if refusal.field == "ended_at" else [refusal.field]
        self.add_error(next((name for name in fields if name in shown), None), str(refusal))
