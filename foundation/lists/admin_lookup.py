"""How Django admin shows a table: to look things up in, however many rows it has."""

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
    """Pages of the first `ROWS_LISTED` rows: to count a million, or skip them, takes seconds."""

    @cached_property
    def count(self) -> int:
        """Return how many rows there are, `ROWS_LISTED` at most."""
        rows: QuerySet[Any] = self.object_list  # type: ignore[assignment]
        return rows.order_by()[:ROWS_LISTED].count()

    @property
    def is_cut(self) -> bool:
        """Whether there may be more rows than the pages show."""
        return self.count == ROWS_LISTED


class LookupAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """A list as fast with a million rows as with ten, and pages that nobody can change.

    `accounts.User.has_perm` is what refuses changes. `search_fields` only make the search box
    appear: what is found is up to the queryset's `search`, which an index answers.
    """

    paginator = FirstRows
    list_per_page = 50
    list_max_show_all = 50
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    history_page = ""
    """The page of the product that shows the history of a row."""
    history_of = "pk"
    """Whose history that is: the attribute of the row that holds the id."""

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        """Allow in the address what the page itself links to, and no other question.

        Django lets any column be asked about, piece by piece: even a password's hash.
        """
        return lookup in self.list_filter or lookup.endswith("__id__exact")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """Ask the queryset; without words to search for, keep everything."""
        found = queryset.search(search_term) if search_term else queryset  # type: ignore[attr-defined]
        return found, False

    # Headings name what there is: those of Django's own put the name into a sentence, where a
    # language with cases wants another form of it.

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
        """Show the product's own history: Django admin's holds only what is done there."""
        row = self.get_object(request, unquote(object_id))
        if row is None:
            return super().history_view(request, object_id, extra_context)
        return redirect(self.history_page, getattr(row, self.history_of))


def link_to_list(model_name: str, text: str, **filters: Any) -> SafeString:
    """Return a link to the list of `app_model`, kept to the rows that `filters` name."""
    address = reverse(f"admin:{model_name}_changelist", query=filters)
    return format_html('<a href="{}">{}</a>', address, text)
