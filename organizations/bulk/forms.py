"""The form that changes many organizations."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any, cast

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Column, Fieldset, Layout, Row
from django import forms
from django.conf import settings
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from foundation.web.fields import DateField
from foundation.web.time_zones import time_zone_choices
from organizations.bulk.operations import Changes, Trial, Zone
from organizations.forms import FIRST_YEAR
from organizations.models import Tag, Tax
from organizations.tags.forms import checked_tags
from organizations.tags.operations import as_stored
from tariffs.models import Tariff

_KEEP = _("Keep as it is")
_SET, _NONE = "set", "none"


class BulkForm(forms.Form):
    """What to change of each organization; what is left empty stays as it is."""

    added_tariffs = forms.ModelMultipleChoiceField(
        Tariff.objects.available().order_by("name"),
        label=_("Make available"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    removed_tariffs = forms.ModelMultipleChoiceField(
        Tariff.objects.order_by("name"),
        label=_("No longer available"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Cameras that use a plan keep it, but it can no longer be assigned."),
    )
    tax = forms.ModelChoiceField(
        Tax.objects.all(),
        label=_("Tax"),
        required=False,
        empty_label=_KEEP,
        help_text=_("In the billing details that apply today. Issued invoices do not change."),
    )
    invoice_language = forms.ChoiceField(
        label=_("Invoice language"), choices=[("", _KEEP), *settings.LANGUAGES], required=False
    )
    trial = forms.ChoiceField(
        label=_("Trial"),
        choices=(("", _KEEP), (_SET, _("From the first to the last day")), (_NONE, _("No trial"))),
        required=False,
    )
    trial_first_on = DateField(label=_("First day"), from_year=FIRST_YEAR, required=False)
    trial_last_on = DateField(label=_("Last day"), from_year=FIRST_YEAR, required=False)

    added_tags = forms.CharField(
        label=_("Tags to add"),
        required=False,
        help_text=_("Separate tags with commas, for example: key account, Hamburg."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    removed_tags = forms.ModelMultipleChoiceField(
        Tag.objects.none(),
        label=_("Tags to remove"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    time_zone = forms.ChoiceField(
        label=_("Time zone"), required=False, widget=forms.Select(attrs={"data-select": True})
    )
    time_zone_from = DateField(
        label=_("Applies from"),
        from_year=FIRST_YEAR,
        required=False,
        help_text=_("Leave empty to correct the time zone from the beginning."),
    )

    def __init__(self, *args: Any, ids: Collection[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        held = Tag.objects.filter(taggings__organization__in=ids).distinct()
        cast(Any, self.fields["removed_tags"]).queryset = held
        if not held.exists():
            del self.fields["removed_tags"]
        cast(forms.ChoiceField, self.fields["time_zone"]).choices = [
            ("", _KEEP),
            *time_zone_choices(),
        ]
        tags = [name for name in ("added_tags", "removed_tags") if name in self.fields]
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.layout = Layout(
            _section(_("Tariff plans"), _row("added_tariffs", "removed_tariffs")),
            _section(_("Billing"), _row("tax", "invoice_language")),
            _section(_("Time zone"), _row("time_zone", "time_zone_from")),
            _section(_("Trial"), _row("trial", "trial_first_on", "trial_last_on")),
            _section(_("Tags"), _row(*tags)),
        )

    def clean_added_tags(self) -> Sequence[str]:
        """Return the names of the tags to add."""
        return as_stored(checked_tags(self.cleaned_data["added_tags"]))

    def clean(self) -> dict[str, Any]:
        """Require a change, and a whole trial if there is to be one."""
        cleaned = super().clean() or {}
        first, last = cleaned.get("trial_first_on"), cleaned.get("trial_last_on")
        if {*cleaned.get("added_tariffs", ())} & {*cleaned.get("removed_tariffs", ())}:
            self.add_error("removed_tariffs", gettext("A plan cannot be both added and removed."))
        added = {name.casefold() for name in cleaned.get("added_tags", ())}
        if added & {tag.name.casefold() for tag in cleaned.get("removed_tags", ())}:
            self.add_error("removed_tags", gettext("A tag cannot be both added and removed."))
        if cleaned.get("trial") == _SET:
            for name in ("trial_first_on", "trial_last_on"):
                if not cleaned.get(name) and name not in self.errors:
                    self.add_error(name, gettext("Enter the first and the last day of the trial."))
            if first and last and last < first:
                text = gettext("The last day of the trial is before the first. Swap the dates.")
                self.add_error("trial_last_on", text)
        elif first or last:
            text = gettext("Choose here that there is to be a trial, or leave its days empty.")
            self.add_error("trial", text)
        if cleaned.get("time_zone_from") and not cleaned.get("time_zone"):
            self.add_error("time_zone", gettext("Choose a time zone, or leave its date empty."))
        if not self.errors and self.changes == Changes():
            raise forms.ValidationError(gettext("Choose what to change."))
        return cleaned

    @property
    def changes(self) -> Changes:
        """The changes of a valid form."""
        values = self.cleaned_data
        trial = zone = None
        if values["time_zone"]:
            zone = Zone(values["time_zone"], values["time_zone_from"])
        if values["trial"]:
            trial = Trial(values["trial_first_on"], values["trial_last_on"])
        return Changes(
            added_tariffs=tuple(values["added_tariffs"]),
            removed_tariffs=tuple(values["removed_tariffs"]),
            tax=values["tax"],
            trial=trial,
            zone=zone,
            invoice_language=values["invoice_language"],
            added_tags=tuple(values["added_tags"]),
            removed_tags=tuple(tag.name for tag in values.get("removed_tags", ())),
        )


def _section(title: Any, *fields: Any) -> Fieldset:
    return Fieldset(title, *fields, css_class="form-section")


def _row(*names: str) -> Row:
    return Row(*(Column(name, css_class="col-sm") for name in names))
