"""Filters of the list of organizations."""

from datetime import datetime
from typing import Any, ClassVar

import django_filters
from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from accounts.access import signed_in
from accounts.models import User
from foundation.lists.filters import search_filter
from organizations.models import Organization, Tag
from organizations.querysets import OrganizationQuerySet
from tariffs.models import Tariff

TRIAL_STATES = (
    ("none", _("None")),
    ("from", _("Upcoming")),
    ("until", _("In progress")),
    ("ended", _("Ended")),
    ("ending", _("Ends within 14 days")),
)


def _tariffs(request: HttpRequest) -> QuerySet[Tariff]:
    """Return all tariffs, or for an owner the tariffs of their organizations."""
    user = signed_in(request)
    if not user.is_owner:
        return Tariff.objects.all()
    return Tariff.objects.filter(pk__in=Organization.objects.visible_to(user).values("tariffs"))


SEARCHED = _("Title, owner, contract, legal name or tax ID")
"""What the field that searches organizations says to staff, on every list."""
SEARCHED_IN_SHORT = _("Title, owner…")

# Which organizations to show: those that are not closed unless asked for others.
OPEN, CLOSED, ALL = "", "closed", "all"
SUSPENDED, SUSPENSION_PLANNED = "suspended", "suspension_planned"


class OrganizationFilter(django_filters.FilterSet):  # type: ignore[misc]
    """Search, and the filters for everyone. `now` decides the state of trials."""

    q = search_filter(_("Title, contract, legal name or tax ID"), _("Title, contract…"))
    tariff = django_filters.ModelChoiceFilter(
        label=_("Tariff plan"), field_name="tariffs", queryset=_tariffs, empty_label=_("All")
    )
    trial = django_filters.ChoiceFilter(
        label=_("Trial"), method="filter_trial", choices=TRIAL_STATES, empty_label=_("All")
    )
    show = django_filters.ChoiceFilter(
        label=_("Show"),
        empty_label=_("Not closed"),
        choices=(
            (SUSPENDED, _("Suspended")),
            (SUSPENSION_PLANNED, _("Suspension planned")),
            (CLOSED, _("Closed")),
            (ALL, _("All")),
        ),
    )

    class Meta:
        model = Organization
        fields: ClassVar[list[str]] = []

    def __init__(self, *args: Any, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.now = now

    def filter_queryset(self, queryset: OrganizationQuerySet) -> Any:
        """Hide closed organizations unless they are asked for."""
        match self.form.cleaned_data.pop("show", OPEN):
            case "suspended":
                queryset = queryset.open(self.now).suspended(self.now)
            case "suspension_planned":
                queryset = queryset.open(self.now).suspension_planned(self.now)
            case "closed":
                queryset = queryset.closed(self.now)
            case "all":
                pass
            case _:
                queryset = queryset.open(self.now)
        return super().filter_queryset(queryset)

    def search(
        self, organizations: OrganizationQuerySet, name: str, text: str
    ) -> OrganizationQuerySet:
        """Keep organizations found by what the user may see of them."""
        return organizations.search_by(signed_in(self.request), text)

    def filter_trial(
        self, organizations: OrganizationQuerySet, name: str, state: str
    ) -> OrganizationQuerySet:
        """Keep organizations whose trial is in this state now."""
        return organizations.in_trial_state(state, self.now)


class StaffOrganizationFilter(OrganizationFilter):
    """The filters for staff, who see all organizations: also by owner.

    `owner_state` has no field in the form: Home links to it.
    """

    q = search_filter(SEARCHED, SEARCHED_IN_SHORT)
    owner = django_filters.CharFilter(
        label=_("Owner"),
        method="filter_owner",
        widget=forms.TextInput(
            attrs={
                "type": "search",
                "placeholder": _("Email"),
                "autocomplete": "off",
                "data-owner-select": reverse_lazy("organizations:find_owners"),
                "data-none-found": _("No owner found"),
                "data-not-activated": _("not yet activated"),
            }
        ),
    )

    tag = django_filters.ModelChoiceFilter(
        label=_("Tag"),
        field_name="tags",
        queryset=Tag.objects.all(),
        empty_label=_("All"),
    )

    owner_state = django_filters.ChoiceFilter(
        method="filter_owner_state",
        choices=[("not_activated", _("not yet activated"))],
        widget=forms.HiddenInput,
    )

    def filter_owner_state(
        self, organizations: OrganizationQuerySet, name: str, state: str
    ) -> OrganizationQuerySet:
        """Keep organizations whose owner has not activated the account."""
        return organizations.owner_not_activated()

    def filter_owner(
        self, organizations: OrganizationQuerySet, name: str, text: str
    ) -> OrganizationQuerySet:
        """Keep organizations of the person with this address, or else of those that text finds.

        A person has the organizations whose contract they own and those that they are a member of.
        """
        email = User.objects.normalize_email(text)
        one = User.objects.filter(email=email)
        owners = one if one.exists() else User.objects.search(text)
        people, every = owners.order_by().values("pk"), Organization.objects.order_by()
        own, joined = every.filter(owner__in=people), every.filter(memberships__user__in=people)
        return organizations.filter(pk__in=own.values("pk").union(joined.values("pk")))


def filter_for(
    request: HttpRequest, organizations: OrganizationQuerySet, now: datetime
) -> OrganizationFilter:
    """Return the filter of `organizations` for the user's role."""
    kind = OrganizationFilter if signed_in(request).is_owner else StaffOrganizationFilter
    return kind(request.GET, queryset=organizations, request=request, now=now)
