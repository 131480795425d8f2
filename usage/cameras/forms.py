"""Define the forms for connecting, changing, moving and disconnecting cameras."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, tzinfo
from typing import Any, cast

from crispy_forms.bootstrap import InlineRadios
from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div, Layout
from django import forms
from django.urls import reverse_lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from foundation.web.fields import LAST_YEAR, LineField, LocalTimeField
from foundation.web.local_times import SkippedTimeError, instant_at, is_doubled, shown_instant
from organizations.models import Organization
from tariffs.models import Tariff
from tariffs.money import format_money
from usage.cameras.operations import InFuture, NotInFuture, UsageRefusal
from usage.models import Camera

NOW, PAST, FUTURE = "now", "past", "future"


def entered_instant(local: datetime, zone: tzinfo, *, is_second: bool) -> datetime:
    """Return the instant of a local time that was entered.

    Raises:
        ValidationError: the time does not exist in the zone.
    """
    try:
        return instant_at(local, zone, is_second=is_second)
    except SkippedTimeError:
        raise forms.ValidationError(
            _(
                "This time does not exist in %(zone)s because the clocks went "
                "forward. Choose an earlier or later time."
            ),
            params={"zone": str(zone)},
        ) from None
    except OverflowError:
        return datetime.max.replace(tzinfo=UTC)


def past_instant(local: datetime, zone: tzinfo, *, is_second: bool, now: datetime) -> datetime:
    """Return the instant of a local time that was entered; it may not be after `now`.

    Raises:
        ValidationError: the time does not exist in the zone, or is in the future.
    """
    instant = entered_instant(local, zone, is_second=is_second)
    if instant > now:
        raise forms.ValidationError(str(InFuture()))
    return instant


def future_instant(local: datetime, zone: tzinfo, *, is_second: bool, now: datetime) -> datetime:
    """Return the instant of a local time that was entered; it must be after `now`.

    Raises:
        ValidationError: the time does not exist in the zone, is not in the future, or is too far.
    """
    if local.year > LAST_YEAR:
        raise forms.ValidationError(_("This date is after 2199. Correct the year."))
    instant = entered_instant(local, zone, is_second=is_second)
    if instant <= now:
        raise forms.ValidationError(str(NotInFuture()))
    return instant


class SecondTimeField(forms.TypedChoiceField):
    """Ask which instant is meant, if a local time occurs twice. Cleans to whether it is the second.

    A form keeps the field only while the time in another field needs it; see `offer_second`.
    """

    def __init__(self) -> None:
        super().__init__(
            label=_("This time occurs twice, because the clocks go back. Which one is meant?"),
            choices=(("first", _("The first one")), ("second", _("The second one"))),
            coerce=lambda value: value == "second",
            empty_value=None,
            required=False,
            widget=forms.RadioSelect,
        )


def offer_second(form: forms.Form, name: str, second: str, zone: tzinfo) -> None:
    """Remove the field `second` of a form unless the time typed in the field `name` is doubled."""
    try:
        local = form.fields[name].clean(form.data.get(name)) if form.is_bound else None
    except forms.ValidationError:
        local = None
    if local is None or not is_doubled(local, zone):
        del form.fields[second]


def is_second_of(form: forms.Form, second: str) -> bool:
    """Return whether the second of two instants is meant.

    Raises:
        ValidationError: the time is doubled, and neither was chosen.
    """
    is_second: bool | None = form.cleaned_data.get(second)
    if second in form.fields and is_second is None:
        raise forms.ValidationError(_("This time occurs twice. Choose below which one is meant."))
    return bool(is_second)


class TariffField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """Offer the tariffs available to an organization, with their current prices."""

    def __init__(self) -> None:
        super().__init__(
            queryset=Tariff.objects.none(),
            label=_("Tariff plan"),
            empty_label=_("Choose a tariff plan"),
            error_messages={
                "required": _("Choose a tariff plan."),
                "invalid_choice": _("This tariff plan is no longer available. Choose another."),
            },
        )

    def offer(self, organization: Organization, today: date) -> None:
        """Set the choices to the tariffs available to an organization, with prices on `today`."""
        self.queryset = organization.tariffs.available().with_prices(today).order_by("name")

    def label_from_instance(self, tariff: Any) -> str:
        """Return the tariff's name with its monthly price."""
        if tariff.price_now is None:
            return gettext("%(tariff)s: no price yet") % {"tariff": tariff.name}
        lowest = tariff.price_now_lowest
        if lowest is not None and lowest < tariff.price_now:
            text, price = gettext("%(tariff)s: by volume from %(price)s per month"), lowest
        else:
            text, price = gettext("%(tariff)s: %(price)s per month"), tariff.price_now
        return text % {"tariff": tariff.name, "price": format_money(price, tariff.currency)}


class ChangeForm(forms.Form):
    """Ask when a change takes effect: now, or at another time in an organization's time zone.

    `now` is in whole seconds. If a local time occurs twice, the form asks which one is meant.
    """

    when = forms.ChoiceField(
        label=_("When"),
        choices=((NOW, _("Now")), (PAST, _("In the past")), (FUTURE, _("In the future"))),
        initial=NOW,
        widget=forms.RadioSelect,
    )
    at = LocalTimeField(label=_("Date and time"), required=False)
    is_second = SecondTimeField()

    def __init__(
        self,
        data: Mapping[str, Any] | None,
        *,
        organization: Organization,
        now: datetime,
        initial: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(data, initial=dict(initial or {}))
        self.now = now
        self.zone = organization.zone_at(now)
        local = now.astimezone(self.zone)
        at = self.fields["at"]
        at.help_text = gettext("Time zone: %(zone)s, where it is now %(now)s.") % {
            "zone": self.zone,
            "now": shown_instant(now, self.zone),
        }
        at.help_text += " " + gettext("Charges from a past time on will be recalculated.")
        offer_second(self, "at", "is_second", self.zone)
        if "tariff" in self.fields:
            cast(TariffField, self.fields["tariff"]).offer(organization, local.date())
        self.helper = self._helper()

    def _helper(self) -> FormHelper:
        past = [name for name in ("at", "is_second") if name in self.fields]
        first = [name for name in self.fields if name not in ("when", *past)]
        helper = FormHelper()
        helper.form_tag = False
        helper.disable_csrf = True
        when = Div(InlineRadios("when"), Div(*past, css_class="when-past"), css_class="when")
        helper.layout = Layout(*first, when)
        return helper

    def clean(self) -> dict[str, Any]:
        """Replace the local time with the instant of the change."""
        cleaned = super().clean() or {}
        if cleaned.get("when") in (PAST, FUTURE) and "at" not in self.errors:
            try:
                cleaned["at"] = self._instant(cleaned)
            except forms.ValidationError as error:
                self.add_error("at", error)
        else:
            cleaned["at"] = self.now
        return cleaned

    def _instant(self, cleaned: Mapping[str, Any]) -> datetime:
        local = cleaned["at"]
        if local is None:
            raise forms.ValidationError(_("Enter a date and time, or choose Now."))
        is_second = is_second_of(self, "is_second")
        instant_of = future_instant if cleaned["when"] == FUTURE else past_instant
        return instant_of(local, self.zone, is_second=is_second, now=self.now)

    def refuse(self, refusal: UsageRefusal) -> None:
        """Show why a change was refused, beside the field to correct if that is visible."""
        field = refusal.field if refusal.field in self.fields else None
        if field == "at" and self.cleaned_data["when"] == NOW:
            field = None
        self.add_error(field, str(refusal))

    @property
    def at_instant(self) -> datetime:
        """The instant of a valid form, in UTC."""
        return cast(datetime, self.cleaned_data["at"]).astimezone(UTC)

    @property
    def is_past(self) -> bool:
        """Whether a valid form changes charges for past time."""
        return self.at_instant < self.now

    @property
    def is_future(self) -> bool:
        """Whether a valid form plans a change."""
        return self.at_instant > self.now

    @property
    def terms(self) -> dict[str, Any]:
        """The arguments for an operation from a valid form."""
        terms = {"at": self.at_instant, "now": self.now}
        if "tariff" in self.fields:
            terms["tariff_id"] = self.cleaned_data["tariff"].pk
        return terms


class CameraTariffForm(ChangeForm):
    """Ask for another tariff, and when it starts."""

    tariff = TariffField()


class ConnectForm(ChangeForm):
    """Ask for the camera to connect, its tariff, and when it starts."""

    name = LineField(
        label=_("Stream name"),
        max_length=Camera._meta.get_field("name").max_length,
        help_text=_("The stream name in Watcher. A new name creates a new camera."),
        error_messages={"required": _("Enter the stream name.")},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    title = LineField(
        label=_("Title"),
        max_length=Camera._meta.get_field("title").max_length,
        required=False,
        help_text=_(
            "A readable name for the camera. Leave empty to keep the title of an existing camera."
        ),
    )
    tariff = TariffField()

    @property
    def terms(self) -> dict[str, Any]:
        """The arguments for `connect` from a valid form."""
        return super().terms | {name: self.cleaned_data[name] for name in ("name", "title")}


class TitleForm(forms.ModelForm):  # type: ignore[type-arg]
    """Ask for the title of a camera."""

    title = LineField(
        label=_("Title"),
        max_length=Camera._meta.get_field("title").max_length,
        required=False,
        help_text=_("A readable name for the camera, or empty. Issued invoices keep the old one."),
    )

    class Meta:
        model = Camera
        fields = ("title",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True


class OrganizationTitleField(forms.CharField):
    """The title of an organization, with suggestions of those that have what was typed."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            help_text=_("Enter part of the title."),
            error_messages={"required": _("Enter part of the organization title.")},
            widget=forms.TextInput(
                attrs={
                    "data-organization-select": reverse_lazy("usage:find_organizations"),
                    "data-none-found": _("No organization found"),
                    "autocomplete": "off",
                }
            ),
            **kwargs,
        )


class DestinationForm(forms.Form):
    """Ask for the organization that a camera moves to, by its title, with suggestions."""

    to = OrganizationTitleField(label=_("Organization"))

    def __init__(self, data: Mapping[str, Any] | None) -> None:
        super().__init__(data)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True
