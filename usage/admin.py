"""Show cameras and their usage intervals to support staff in Django admin."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from foundation.lists.admin_lookup import LookupAdmin, link_to_list
from usage.models import Camera, UsageInterval


@admin.register(Camera)
class CameraAdmin(LookupAdmin):
    """Find a camera."""

    history_page = "usage:camera_history"
    list_display = ("name", "title", "organization")
    list_select_related = ("organization",)
    search_fields = ("name", "title")
    search_help_text = _("Search by name or title.")
    sortable_by = ("name",)
    raw_id_fields = ("organization",)
    readonly_fields = ("usage",)

    @admin.display(description=_("usage intervals"))
    def usage(self, camera: Camera) -> SafeString:
        """Return a link to the intervals, because a camera may have any number of them."""
        return link_to_list(
            "usage_usageinterval", gettext("View usage intervals"), camera__id__exact=camera.pk
        )


@admin.register(UsageInterval)
class UsageIntervalAdmin(LookupAdmin):
    """Find a usage interval by its camera."""

    history_page = "usage:camera_history"
    history_of = "camera_id"
    list_display = ("camera", "organization", "tariff", "started_at", "ended_at")
    list_select_related = ("camera", "organization", "tariff")
    search_fields = ("camera",)
    search_help_text = _("Search by camera name or title.")
    # Ordering by camera would sort the whole table by camera name.
    ordering = ("-pk",)
    sortable_by = ()
    raw_id_fields = ("camera", "organization", "tariff")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[UsageInterval], search_term: str
    ) -> tuple[QuerySet[UsageInterval], bool]:
        """Find the cameras, then their intervals."""
        if search_term:
            cameras = Camera.objects.search(search_term).values("pk")
            queryset = queryset.filter(camera__in=cameras)
        return queryset, False
