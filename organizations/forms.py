"""Forms for an organization and for a new owner."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any, ClassVar, cast

from crispy_forms.bootstrap import FieldWithButtons
from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, Column, Field, Fieldset, Layout, Row
from django import forms
from django.db.models import Case, Q, When
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from foundation.web.fields import DateField, LineField
from organizations.models import Organization, default_time_zone
from organizations.operations import OrganizationFields, TariffInUse
from organizations.time_zones import time_zone_choices
from rating.periods import first_instant
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
            problem = "unknown"
        elif not user.is_owner:
            problem = "staff"
        elif not user.is_active:
            problem = "shut_out"
        else:
            return user
        raise forms.ValidationError(self.error_messages[problem], code=problem)


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
    trial_first_on = DateField(
        label=_("First day"),
        from_year=FIRST_YEAR,
        required=False,
        help_text=_("The trial includes both days. Leave both fields empty if there is no trial."),
    )
    trial_last_on = DateField(label=_("Last day"), from_year=FIRST_YEAR, required=False)
    contract_signed_on = DateField(label=_("Contract date"), from_year=FIRST_YEAR, required=False)

    class Meta:
        model = Organization
        fields = (
            "title",
            "owner",
            "tariffs",
            "trial_first_on",
            "trial_last_on",
            "time_zone",
            "contract_number",
            "contract_signed_on",
            "watcher_id",
        )
        field_classes: ClassVar = dict.fromkeys(
            ("title", "contract_number", "watcher_id"), LineField
        )

    def __init__(
        self,
        data: Mapping[str, Any] | None,
        *,
        instance: Organization,
        in_use: list[TariffInUse],
        today: date,
    ) -> None:
        super().__init__(data, instance=instance)
        if instance.pk:
            self.initial["owner"] = instance.owner.email
            self._explain_changes()
        else:
            self.initial["tariffs"] = Tariff.objects.available().filter(is_default=True)
        zone = cast(forms.ChoiceField, self.fields["time_zone"])
        zone.choices = time_zone_choices(default_time_zone(), instance.time_zone)
        cast(TariffsField, self.fields["tariffs"]).offer(instance, in_use, today)
        self.helper = _helper()

    def _explain_changes(self) -> None:
        recomputed = _("Changing this recalculates past charges.")
        self.fields["time_zone"].help_text = recomputed
        self.fields["trial_last_on"].help_text = recomputed
        self.fields["owner"].help_text = _(
            "Enter part of an email address or name. A former owner can still read the documents "
            "issued until the change, and nothing else."
        )

    def clean_title(self) -> str:
        """Refuse another organization's title here: the constraint does not name a field."""
        title: str = self.cleaned_data["title"]
        others = Organization.objects.exclude(pk=self.instance.pk)
        if others.filter(title__iexact=title).exists():
            raise forms.ValidationError(_("An organization with this title already exists."))
        return title

    def clean(self) -> dict[str, Any]:
        """Refuse a trial with only one date, or one that ends before it begins."""
        cleaned = super().clean() or {}
        first, last = cleaned.get("trial_first_on"), cleaned.get("trial_last_on")
        if first and last and last < first:
            self.add_error(
                "trial_last_on", _("The last day of the trial is before the first. Swap the dates.")
            )
        elif first and not last and "trial_last_on" not in self.errors:
            self.add_error(
                "trial_last_on", _("Enter the last day too, or leave both fields empty.")
            )
        elif last and not first and "trial_first_on" not in self.errors:
            self.add_error(
                "trial_first_on", _("Enter the first day too, or leave both fields empty.")
            )
        return cleaned

    @property
    def organization_fields(self) -> OrganizationFields:
        """The values of a valid form without its tariffs."""
        values = {name: self.cleaned_data[name] for name in self.fields if name != "tariffs"}
        return cast(OrganizationFields, values)

    @property
    def recomputed(self) -> Span | None:
        """The period whose charges a valid form changes; None if it does not change any."""
        if "time_zone" in self.changed_data:
            return datetime.fromtimestamp(0, UTC), None
        trial = ("trial_first_on", "trial_last_on")
        if not {*trial} & {*self.changed_data}:
            return None
        days = [values[name] for values in (self.initial, self.cleaned_data) for name in trial]
        days = [day for day in days if day is not None]
        zone = self.instance.zone
        return first_instant(min(days), zone), first_instant(max(days) + timedelta(days=1), zone)

    @property
    def chosen_tariffs(self) -> list[Tariff]:
        """The tariffs of a valid form."""
        return list(self.cleaned_data["tariffs"])


def _section(title: StrOrPromise, *fields: Any) -> Fieldset:
    return Fieldset(title, *fields, css_class="form-section")


def _helper() -> FormHelper:
    helper = FormHelper()
    helper.form_tag = False
    helper.layout = Layout(
        _section(
            _("Organization"),
            "title",
            Row(Column("time_zone", css_class="col-md"), Column("watcher_id", css_class="col-md")),
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
            ),
        ),
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
