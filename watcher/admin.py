"""Changes that are requested in Watcher, in Django admin, for support staff."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from foundation.lists.admin_lookup import LookupAdmin
from watcher.models import WriteRequest
from watcher.writing.shown import label_of


@admin.register(WriteRequest)
class WriteRequestAdmin(LookupAdmin):
    """Find a requested change by what it is about."""

    history_page = "watcher:request_history"
    list_display = ("about", "change", "organization", "state", "requested_at", "requested_by")
    list_select_related = ("organization", "requested_by")
    list_filter = ("state",)
    search_fields = ("about",)
    search_help_text = _("Search by the name of what is changed.")
    sortable_by = ()
    exclude = ("kind", "subject", "wanted", "shown", "found")
    readonly_fields = ("change",)
    raw_id_fields = ("organization", "tariff", "camera", "requested_by", "decided_by")

    @admin.display(description=_("change"))
    def change(self, request: WriteRequest) -> str:
        """Return what kind of change it is."""
        return label_of(request)
