"""Read-only pages of Django admin that stay fast for tables of any size."""

from typing import Any

from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import capfirst

ROWS_LISTED = 10_000


class FirstRows(Paginator):  # type: ignore[type-arg]
    """Pages of the first `ROWS_LISTED` rows: counting or skipping a million takes seconds."""

    @cached_property
    def count(self) -> int:
        """The number of rows, at most `ROWS_LISTED`."""
        rows: QuerySet[Any] = self.object_list  # type: ignore[assignment]
        return rows.order_by()[:ROWS_LISTED].count()

    @property
    def is_cut(self) -> bool:
        """Whether there may be more rows than the pages list."""
        return self.count == ROWS_LISTED


class LookupAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """A list as fast with a million rows as with ten, and read-only pages.

    `accounts.User.has_perm` refuses changes. `search_fields` only makes the search box appear: the
    queryset's `search` decides what is found, using an index.
    """

    paginator = FirstRows
    list_per_page = 50
    list_max_show_all = 50
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    history_page = ""
    """The URL name of the product's page with the history of a row; empty if there is none."""
    history_of = "pk"
    """The attribute of the row with the id of the object whose history that is."""

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        """Allow only the filters that the page itself links to.

        Django would allow filters on any column, which reveal its values piece by piece, even a
        password's hash.
        """
        return lookup in self.list_filter or lookup.endswith("__id__exact")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """Search by the queryset's own `search`; without a search term, keep everything."""
        found = queryset.search(search_term) if search_term else queryset  # type: ignore[attr-defined]
        return found, False

    # Headings are plain names: Django's own put the name into a sentence, where a language with
    # grammatical cases needs another form of it.

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Show the list."""
        title = {"title": capfirst(self.opts.verbose_name_plural)}
        return super().changelist_view(request, title | (extra_context or {}))

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Show a row."""
        title = {"title": capfirst(self.opts.verbose_name)}
        return super().change_view(request, object_id, form_url, title | (extra_context or {}))

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Redirect to the product's own history: Django admin's has only changes made there.

        A row without a history is shown itself; its page does not link to one.
        """
        row = self.get_object(request, unquote(object_id))
        if row is None:
            return super().history_view(request, object_id, extra_context)
        if not self.history_page:
            return redirect(f"admin:{self.opts.app_label}_{self.opts.model_name}_change", row.pk)
        return redirect(self.history_page, getattr(row, self.history_of))


def link_to_list(model_name: str, text: str, **filters: Any) -> SafeString:
    """Return a link to the list of `model_name` (`app_model`), restricted to `filters`."""
    address = reverse(f"admin:{model_name}_changelist", query=filters)
    return format_html('<a href="{}">{}</a>', address, text)
