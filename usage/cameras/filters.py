"""Filter the list of an organization's cameras."""

from typing import Any, ClassVar

import django_filters
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.access import signed_in
from foundation.lists.filters import search_filter
from organizations.models import Organization
from tariffs.models import Tariff
from usage.models import Camera, UsageInterval
from usage.querysets import UsageIntervalQuerySet

IN_USE, NOT_IN_USE, ALL = "", "ended", "all"


class CameraFilter(django_filters.FilterSet):  # type: ignore[misc]
    """Filter by search text, tariff and state; by default, show only cameras in use."""

    q = search_filter(_("Name or title"))
    tariff = django_filters.ModelChoiceFilter(
        label=_("Tariff plan"), queryset=Tariff.objects.none(), empty_label=_("All")
    )
    state = django_filters.ChoiceFilter(
        label=_("Show"),
        empty_label=_("In use"),
        choices=((NOT_IN_USE, _("No longer in use")), (ALL, _("All"))),
        method="in_state",
    )

    class Meta:
        model = UsageInterval
        fields: ClassVar[list[str]] = []

    def __init__(self, request: HttpRequest, organization: Organization) -> None:
        super().__init__(request.GET, queryset=UsageInterval.objects.all(), request=request)
        self.organization = organization
        self.filters["tariff"].queryset = _tariffs(request, organization)

    @property
    def shown(self) -> str:
        """The state of the cameras to show: `IN_USE`, `NOT_IN_USE` or `ALL`."""
        state = self.data.get("state", IN_USE)
        return state if state in (NOT_IN_USE, ALL) else IN_USE

    @property
    def rows(self) -> UsageIntervalQuerySet:
        """The results of `qs` with cameras, tariffs, and their names and titles to order by."""
        found: UsageIntervalQuerySet = self.qs
        if self.shown == IN_USE:
            found = found.with_names_in_use_by(self.organization.pk)
        else:
            found = found.with_names()
        found = found.with_title_for(self.organization.pk)
        return found.select_related("camera", "tariff")

    def search(self, uses: UsageIntervalQuerySet, name: str, text: str) -> UsageIntervalQuerySet:
        """Keep the uses of cameras whose name or title matches."""
        found = Camera.objects.search_for([self.organization.pk], text)
        return uses.filter(camera__in=found.order_by().values("pk"))

    def filter_queryset(self, queryset: UsageIntervalQuerySet) -> Any:
        """Keep one use per camera: the current one, the last one if it ended, or either."""
        self.form.cleaned_data.pop("state", None)
        pk = self.organization.pk
        match self.shown:
            case "ended":
                queryset = queryset.latest_by_camera(pk).filter(ended_at__isnull=False)
            case "all":
                queryset = queryset.latest_by_camera(pk)
            case _:
                queryset = queryset.in_use_by(pk)
        return super().filter_queryset(queryset)


def _tariffs(request: HttpRequest, organization: Organization) -> QuerySet[Tariff]:
    """Return the tariffs to choose from; for an owner, only those of the organization."""
    if not signed_in(request).is_owner:
        return Tariff.objects.all()
    used = organization.usage_intervals.order_by().values("tariff")
    return Tariff.objects.filter(Q(pk__in=organization.tariffs.values("pk")) | Q(pk__in=used))
