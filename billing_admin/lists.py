"""List pages: a queryset, its filter and its table, declared; drawn here in one way."""

from functools import partial
from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template import Context
from django.template.loader import get_template
from django.urls import reverse
from django.utils.safestring import SafeString
from django_filters import FilterSet
from django_tables2 import RequestConfig, Table, TemplateColumn

from billing_admin.exports import EXPORT_KINDS

ROWS_A_PAGE = 50


class CellColumn(TemplateColumn):  # type: ignore[misc]
    """A cell drawn by a template, in the context of its page.

    django_tables2 would make a context anew for each cell.
    """

    def render(
        self, record: Any, table: Table, value: Any, bound_column: Any, **kwargs: Any
    ) -> SafeString:
        """Render the template with the record."""
        own = self.get_context_data(
            record=record, table=table, value=value, bound_column=bound_column, **kwargs
        )
        context = getattr(table, "context", Context())
        with context.update(own):
            template = get_template(self.template_name).template  # type: ignore[attr-defined]
            drawn: SafeString = template.render(context)
        return drawn


class _Counted(Paginator):  # type: ignore[type-arg]
    """Pages of rows that have been counted."""

    def __init__(self, *args: Any, total: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.count = total


def render_list(
    request: HttpRequest,
    template: str,
    *,
    table: Table,
    filterset: FilterSet,
    total: int | None = None,
    export: str = "",
    export_of: int | None = None,
    **context: Any,
) -> HttpResponse:
    """Render `template` with a page of the table, sorted as the address says.

    A page number that is no number or past the end shows the nearest page there is. `export` names
    the address that gives the list as a file, `export_of` what that is of. `total` is the number of
    rows where it is known; else they are counted.
    """
    pages: dict[str, Any] = {"per_page": ROWS_A_PAGE, "silent": True}
    if total is not None:
        pages["paginator_class"] = partial(_Counted, total=total)
    RequestConfig(request, paginate=pages).configure(table)
    context |= {"table": table, "filter": filterset}
    if export:
        context["exports"] = _export_links(request, export, export_of)
    return render(request, template, context)


def all_rows(request: HttpRequest, table: Table) -> QuerySet[Any]:
    """Return all rows of a list, sorted as the address says."""
    RequestConfig(request, paginate=False).configure(table)
    rows: QuerySet[Any] = table.data.data
    return rows


def _export_links(request: HttpRequest, name: str, of: int | None) -> list[tuple[str, str]]:
    """Return what a list can be exported to, and where, as filtered and sorted now."""
    query = request.GET.copy()
    query.pop("page", None)
    args = [] if of is None else [of]
    return [
        (kind.upper(), f"{reverse(f'{name}_{kind}', args=args)}?{query.urlencode()}".rstrip("?"))
        for kind in EXPORT_KINDS
    ]
