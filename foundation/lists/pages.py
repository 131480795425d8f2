"""List pages: a queryset, its filter and its table, declared; drawn here in one way."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, cast

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template import Context
from django.template.loader import get_template
from django.urls import reverse
from django.utils.safestring import SafeString
from django_filters import FilterSet
from django_tables2 import Column, RequestConfig, Table
from django_tables2.columns import BoundColumn
from django_tables2.data import TableQuerysetData
from django_tables2.rows import BoundRow
from django_tables2.utils import AttributeDict

from foundation.lists.exports import EXPORT_KINDS

ROWS_A_PAGE = 50


class CellColumn(Column):  # type: ignore[misc]
    """Cells drawn by a template, in the context of their page with the row's `record`.

    What `extra` returns for a record and the table is in the context too.
    """

    def __init__(
        self,
        template_name: str,
        *,
        extra: Callable[[Any, Table], dict[str, Any]] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(empty_values=(), **kwargs)
        self._template_name, self._extra = template_name, extra

    def render(self, record: Any, table: Table) -> SafeString:
        """Draw a row's cell; one with nothing to show is empty, and left out on a phone."""
        extra = self._extra(record, table) if self._extra else {}
        context = getattr(table, "context", Context())
        with context.update({"record": record, "table": table} | extra):
            template = get_template(self._template_name).template  # type: ignore[attr-defined]
            return SafeString(template.render(context).strip())


class CostlyRows(TableQuerysetData):  # type: ignore[misc]
    """Rows of a queryset that say of each what takes time to find out.

    PostgreSQL finds it out for the rows on the pages before, too, unless a page's are picked first.
    """

    def __getitem__(self, key: slice) -> QuerySet[Any]:
        """Return the rows of a page."""
        rows: QuerySet[Any] = self.data
        return rows.filter(pk__in=rows.values("pk")[key])


class ListTable(Table):  # type: ignore[misc]
    """A table as templates/tables/table.html draws it.

    django_tables2 finds out anew for every cell what its column is called and looks like, and how
    it is drawn; here a column is asked once.
    """

    @property
    def drawn_rows(self) -> Iterator[list[tuple[SafeString, Any]]]:
        """Yield of each row of the page its cells: the attributes of one, and what is in it."""
        columns = [(column, _attributes(column)) for column in self.columns]
        for row in self.paginated_rows:
            yield [(attributes, self._cell(row, column)) for column, attributes in columns]

    def _cell(self, row: BoundRow, column: BoundColumn) -> Any:
        if isinstance(column.column, CellColumn):
            return column.column.render(row.record, self)
        return row.get_cell(column.name)


def _attributes(column: BoundColumn) -> SafeString:
    """Return what all cells of a column have in their tag."""
    attributes = AttributeDict(column.attrs["td"] | {"data-label": column.header})
    return cast("SafeString", attributes.as_html())


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
