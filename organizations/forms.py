"""Forms for an organization and for a new owner."""

from __future__ import annotations

from collections.abc import Mapping
from copy import copy
from datetime import date
from itertools import pairwise
from typing import TYPE_CHECKING, Any, ClassVar, cast

from crispy_forms.bootstrap import FieldWithButtons
from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, Column, Field, Fieldset, Layout, Row
from django import forms
from django.db.models import Case, Q, When
from django.urls import reverse_lazy
from django.utils.formats import date_format
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from foundation.web.fields import DateField, LineField
from foundation.web.time_zones import time_zone_choices
from organizations.debtors import taken_debtors, taken_text
from organizations.models import Organization, default_time_zone
from organizations.operations import OrganizationFields, TariffInUse
from organizations.zone_changes import recomputed_by
from rating.periods import ONE_DAY
from tariffs.affected_invoices import Span
from tariffs.models import Tariff

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

# Earlier than any contract.
FIRST_YEAR = 1970


class OwnerField(forms.EmailField):
    """An owner's address, looked up on the server during typing; its clean value is the owner."""

    default_error_messages: ClassVar[dict[str, Any]] = {
        "unknown": _(
            "No owner has this address. To add a new owner, click “Add” next to the field."
        ),
        "staff": _(
            "This address belongs to an operator or support user, not an "
            "owner. Enter an owner’s address."
        ),
        "shut_out": _("This owner can no longer sign in. Enter another owner’s address."),
    }

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.widget.attrs |= {
            "data-owner-select": reverse_lazy("organizations:find_owners"),
            "data-none-found": _("No owner found"),
            "data-not-activated": _("not yet activated"),
            "autocomplete": "off",
        }

    def clean(self, value: Any) -> Any:
        """Return the active owner with this address, regardless of case.

        Raises:
            ValidationError: the address is not valid, is unknown, or does not belong to an active
                owner.
        """
        email = super().clean(value)
        user = User.objects.filter(email=User.objects.normalize_email(email)).first()
        if user is None:
            raise forms.ValidationError(self.error_messages["unknown"], code="unknown")
        return self.checked(user)

    @classmethod
    def checked(cls, user: User) -> User:
        """Return a user who can become the owner of an organization.

        Raises:
            ValidationError: they are staff, or are blocked.
        """
        if not user.is_owner:
            raise forms.ValidationError(cls.default_error_messages["staff"], code="staff")
        if not user.is_active:
            raise forms.ValidationError(cls.default_error_messages["shut_out"], code="shut_out")
        return user


class TariffsField(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]
    """Tariffs as checkboxes, rendered by templates/organizations/_tariffs.html."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(queryset=Tariff.objects.available(), required=False, **kwargs)

    def offer(self, organization: Organization, in_use: list[TariffInUse], today: date) -> None:
        """Offer tariffs that are not archived, and those already available to `organization`."""
        offered = Q(is_archived=False)
        if organization.pk:
            offered |= Q(pk__in=organization.tariffs.values("pk"))
        counts = [When(pk=use.tariff.pk, then=use.camera_count) for use in in_use]
        self.queryset = (
            Tariff.objects.filter(offered)
            .with_prices(today)
            .annotate(camera_count=Case(*counts, default=0))
            .order_by("name")
        )


class OrganizationForm(forms.ModelForm):  # type: ignore[type-arg]
    """The editable values of an organization."""

    owner = OwnerField(label=_("Owner"), help_text=_("Enter part of an email address or name."))
    tariffs = TariffsField(label=_("Tariff plans"))
    time_zone = forms.ChoiceField(
        label=_("Time zone"), widget=forms.Select(attrs={"data-select": True})
    )
    time_zone_from = DateField(
        label=_("Applies from"),
        from_year=FIRST_YEAR,
        required=False,
        help_text=_(
            "The first day in this time zone, if you change it. Leave empty to correct it from the "
            "beginning."
        ),
    )
    # What the field was when the page was made: a proposal may be another one by now.
    shown_zone_from = forms.DateField(required=False, widget=forms.HiddenInput)
    trial_first_on = DateField(
        label=_("First day"),
        from_year=FIRST_YEAR,
        required=False,
        help_text=_("The trial includes both days. Leave both fields empty if there is no trial."),
    )
    trial_last_on = DateField(label=_("Last day"), from_year=FIRST_YEAR, required=False)
    contract_signed_on = DateField(label=_("Contract date"), from_year=FIRST_YEAR, required=False)
    contract_last_on = DateField(
        label=_("Last day of the contract"),
        from_year=FIRST_YEAR,
        required=False,
        help_text=_("Nothing is closed or charged differently because of it."),
    )

    class Meta:
        model = Organization
        fields = (
            "title",
            "owner",
            "tariffs",
            "trial_first_on",
            "trial_last_on",
            "time_zone",
            "time_zone_from",
            "contract_number",
            "contract_signed_on",
            "contract_last_on",
            "watcher_id",
            "debtor_number",
        )
        field_classes: ClassVar = dict.fromkeys(
            ("title", "contract_number", "watcher_id", "debtor_number"), LineField
        )
        help_texts: ClassVar = {
            "debtor_number": _(
                "What your accounting program calls this organization. Leave it empty to have a "
                "number counted."
            ),
        }

    def __init__(
        self,
        data: Mapping[str, Any] | None,
        *,
        instance: Organization,
        in_use: list[TariffInUse],
        today: date,
        zone_from: date | None = None,
    ) -> None:
        """Fill in the stored values. `zone_from` is proposed for a change of the time zone."""
        super().__init__(data, instance=instance)
        # Validation writes the given values into the instance.
        self._stored = copy(instance)
        if instance.pk:
            self.initial["owner"] = instance.owner.email
            stored_from = instance.time_zone_from
            if stored_from is None or stored_from <= today:
                self.initial["time_zone_from"] = zone_from
            self.initial["shown_zone_from"] = self.initial["time_zone_from"]
            self._explain_changes()
        else:
            self.initial["tariffs"] = Tariff.objects.available().filter(is_default=True)
            del self.fields["time_zone_from"], self.fields["shown_zone_from"]
        zone = cast(forms.ChoiceField, self.fields["time_zone"])
        zone.choices = time_zone_choices(default_time_zone(), instance.time_zone)
        cast(TariffsField, self.fields["tariffs"]).offer(instance, in_use, today)
        self.helper = _helper("time_zone_from" in self.fields)

    def _explain_changes(self) -> None:
        recomputed = _("Changing this recalculates past charges.")
        self.fields["time_zone"].help_text = self._earlier_time_zones() or recomputed
        self.fields["trial_last_on"].help_text = recomputed
        self.fields["owner"].help_text = _(
            "Enter part of an email address or name. A former owner can still read the documents "
            "issued until the change, and nothing else."
        )

    def _earlier_time_zones(self) -> str:
        """Return a text that names the time zones before the last one; "" if there are none."""
        ends = pairwise(self.instance.zones)
        texts = [
            gettext("%(zone)s until %(date)s")
            % {"zone": before.zone, "date": date_format(after.valid_from - ONE_DAY)}
            for before, after in ends
        ]
        if not texts:
            return ""
        since = gettext("then %(zone)s") % {"zone": self.instance.zones[-1].zone}
        return f"{', '.join([*texts, since])}."

    def clean_title(self) -> str:
        """Refuse another organization's title here: the constraint does not name a field."""
        title: str = self.cleaned_data["title"]
        others = Organization.objects.exclude(pk=self.instance.pk)
        if others.filter(title__iexact=title).exists():
            raise forms.ValidationError(_("An organization with this title already exists."))
        return title

    def clean_debtor_number(self) -> str | None:
        """Refuse a number that another organization has, given or counted."""
        number: str | None = self.cleaned_data["debtor_number"]
        other = taken_debtors([number]).get(number) if number else None
        if number and other and other.pk != self.instance.pk:
            raise forms.ValidationError(taken_text(number, other))
        return number

    def clean(self) -> dict[str, Any]:
        """Refuse a trial with only one date, and what ends before it begins."""
        cleaned = super().clean() or {}
        wrong = wrong_trial(cleaned.get("trial_first_on"), cleaned.get("trial_last_on"))
        if wrong and wrong[0] not in self.errors:
            self.add_error(*wrong)
        signed, ended = cleaned.get("contract_signed_on"), cleaned.get("contract_last_on")
        if reason := wrong_contract(signed, ended):
            self.add_error("contract_last_on", reason)
        cleaned["time_zone_from"] = self._zone_from(cleaned)
        return cleaned

    def _zone_from(self, cleaned: Mapping[str, Any]) -> date | None:
        """Return the date from which the time zone applies.

        Unless the time zone is changed, the proposed date means nothing.
        """
        stored, given = self._stored, cleaned.get("time_zone_from")
        shown = self.initial.get("time_zone_from")
        if "shown_zone_from" in self.data:
            shown = cleaned.get("shown_zone_from")
        if "time_zone" not in self.changed_data and given == shown:
            return stored.time_zone_from
        if stored.time_zone_from is None and cleaned.get("time_zone") == stored.time_zone:
            return None
        return given

    @property
    def organization_fields(self) -> OrganizationFields:
        """The values of a valid form without its tariffs."""
        values = {name: self.cleaned_data[name] for name in OrganizationFields.__annotations__}
        return cast(OrganizationFields, values)

    @property
    def recomputed_by_zone(self) -> Span | None:
        """The time whose charges change with the time zone of a valid form, if any."""
        values = self.cleaned_data
        return recomputed_by(self._stored, values["time_zone"], values["time_zone_from"])

    @property
    def recomputed_by_trial(self) -> Span | None:
        """The time whose charges change with the trial of a valid form, if any."""
        trial = ("trial_first_on", "trial_last_on")
        if not {*trial} & {*self.changed_data}:
            return None
        days = [values[name] for values in (self.initial, self.cleaned_data) for name in trial]
        days = [day for day in days if day is not None]
        start_of = self._stored.start_of
        return start_of(min(days)), start_of(max(days) + ONE_DAY)

    @property
    def chosen_tariffs(self) -> list[Tariff]:
        """The tariffs of a valid form."""
        return list(self.cleaned_data["tariffs"])


def wrong_trial(first: date | None, last: date | None) -> tuple[str, str] | None:
    """Return the field of a trial that is wrong, and why; None if it can be stored."""
    if first and last and last < first:
        return "trial_last_on", gettext(
            "The last day of the trial is before the first. Swap the dates."
        )
    if first and not last:
        return "trial_last_on", gettext("Enter the last day too, or leave both fields empty.")
    if last and not first:
        return "trial_first_on", gettext("Enter the first day too, or leave both fields empty.")
    return None


def wrong_contract(signed: date | None, last: date | None) -> str:
    """Return why the last day of a contract is wrong; "" if it can be stored."""
    if signed and last and last < signed:
        return gettext(
            "The last day of the contract is before the contract date. Correct one of them."
        )
    return ""


def _section(title: StrOrPromise, *fields: Any) -> Fieldset:
    return Fieldset(title, *fields, css_class="form-section")


def _time_zone_row() -> Row:
    return Row(
        Column("time_zone", css_class="col-md"),
        Column("time_zone_from", "shown_zone_from", css_class="col-md"),
    )


def _helper(has_zone_from: bool) -> FormHelper:
    helper = FormHelper()
    helper.form_tag = False
    helper.layout = Layout(
        _section(
            _("Organization"),
            "title",
            _time_zone_row() if has_zone_from else "time_zone",
            "watcher_id",
        ),
        _section(
            _("Owner"),
            FieldWithButtons("owner", HTML("{% include 'organizations/_add_owner_link.html' %}")),
            HTML("<div id='owner-status' aria-live='polite'></div>"),
        ),
        _section(_("Tariff plans"), Field("tariffs", template="organizations/_tariffs.html")),
        _section(
            _("Trial"),
            Row(
                Column("trial_first_on", css_class="col-sm"),
                Column("trial_last_on", css_class="col-sm"),
            ),
        ),
        _section(
            _("Contract"),
            Row(
                Column("contract_number", css_class="col-sm"),
                Column("contract_signed_on", css_class="col-sm"),
                Column("contract_last_on", css_class="col-sm"),
            ),
        ),
        _section(pgettext_lazy("of an organization", "Accounting"), "debtor_number"),
    )
    return helper


class NewOwnerForm(forms.Form):
    """The address and name of an owner to invite."""

    email = forms.EmailField(
        label=_("Email address"), widget=forms.EmailInput(attrs={"autofocus": True})
    )
    name = LineField(label=_("Name"), max_length=150, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False
