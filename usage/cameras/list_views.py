"""The list of the cameras of all organizations."""

from __future__ import annotations

from typing import Any, ClassVar

import django_filters
import django_tables2 as tables
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from accounts.access import signed_in
from foundation.among import among
from foundation.lists.filters import search_filter
from foundation.lists.pages import CellColumn, ListTable, render_list
from usage.models import Camera
from usage.querysets import CameraQuerySet

MOST_LISTED = 1_000
"""A longer list shows the first ones by name, and a search any so many of those that it finds: to
count and to sort a million takes seconds."""


class AllCamerasFilter(django_filters.FilterSet):  # type: ignore[misc]
    """Search cameras by name or title."""

    q = search_filter(_("Name or title"))

    class Meta:
        model = Camera
        fields: ClassVar[list[str]] = []

    def search(self, cameras: CameraQuerySet, name: str, text: str) -> CameraQuerySet:
        """Keep some cameras that the user may see and the text finds; all, unless they are many."""
        found = Camera.objects.some_of(signed_in(self.request), text, MOST_LISTED + 1)
        # Asked once, and not again to count and to sort.
        return cameras.filter(among("pk", (each["pk"] for each in found)))


class AllCamerasTable(ListTable):
    """Cameras `as_seen_by` a user."""

    name = CellColumn(
        template_name="usage/_name_cell.html",
        attrs={"td": {"class": "cell-title"}},
    )
    title = tables.Column(
        accessor="seen_title", verbose_name=_("Title"), order_by=("seen_title", "name"), default=""
    )
    organization = tables.Column(
        accessor="seen_organization",
        verbose_name=_("Organization"),
        order_by=("seen_organization", "name"),
        default="",
    )

    class Meta:
        model = Camera
        fields = ("name", "title", "organization")
        order_by_field = "sort"
        empty_text = _("No cameras found")


@require_safe
def all_cameras(request: HttpRequest) -> HttpResponse:
    """List the cameras that the user may see, by name."""
    user = signed_in(request)
    visible = Camera.objects.visible_to(user).as_seen_by(user).order_by("name")
    filterset = AllCamerasFilter(request.GET, queryset=visible, request=request)
    found = filterset.qs.order_by().values("pk")[: MOST_LISTED + 1].count()
    is_cut = found > MOST_LISTED
    context: dict[str, Any] = {
        "more_than": MOST_LISTED if is_cut else None,
        "is_search": bool(filterset.form.is_valid() and filterset.form.cleaned_data.get("q")),
    }
    return render_list(
        request,
        "usage/all_cameras.html",
        table=AllCamerasTable(filterset.qs, orderable=not is_cut),
        filterset=filterset,
        total=min(found, MOST_LISTED),
        **context,
    )
