"""List pages: an app declares a queryset, a filter and a table; they are rendered here."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, cast
from uuid import UUID

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template import Context
from django.template.loader import get_template
from django.urls import reverse
from django.utils.formats import localize
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django_filters import FilterSet
from django_tables2 import Column, RequestConfig, Table
from django_tables2.columns import BoundColumn
from django_tables2.data import TableQuerysetData
from django_tables2.utils import Accessor, AttributeDict, signature

from foundation.lists.choices import ROWS_A_PAGE, Choices, chosen, remembering
from foundation.lists.exports import EXPORT_KINDS
from foundation.lists.saved import saved_filters
from foundation.lists.selection import version_of_rows

__all__ = ["ROWS_A_PAGE"]


class CellColumn(Column):  # type: ignore[misc]
    """A column whose cells are rendered by a template, in the page's context with the `record`.

    The context also contains what `extra` returns for the record and the table.
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

    def drawer(self, table: Table, context: Context) -> Callable[[Any], SafeString]:
        """Return a function that draws the cell of a record.

        A phone leaves out cells that are empty after stripping.
        """
        template = get_template(self._template_name).template  # type: ignore[attr-defined]

        def draw(record: Any) -> SafeString:
            extra = self._extra(record, table) if self._extra else {}
            with context.push(record=record, **extra):
                return SafeString(template.render(context).strip())

        return draw

    def render(self, record: Any, table: Any) -> SafeString:
        """Return the cell of a record, for users of django_tables2's own rows."""
        return self.drawer(table, table.cell_context())(record)


class CostlyRows(TableQuerysetData):  # type: ignore[misc]
    """Rows of a queryset with annotations that are slow to compute, or with many pages.

    PostgreSQL would also compute the annotations for the rows of earlier pages, so a page's rows
    are selected first. Those of the second half are selected from the end.
    """

    known_length: int | None = None

    def __len__(self) -> int:
        """Return the number of rows, counted if it is not known."""
        return super().__len__() if self.known_length is None else self.known_length

    def __getitem__(self, key: slice) -> QuerySet[Any]:
        """Return the rows of a page."""
        rows: QuerySet[Any] = self.data
        length = len(self)
        if key.start * 2 <= length:
            return rows.filter(pk__in=rows.values("pk")[key])
        from_end = slice(length - min(key.stop, length), length - key.start)
        return rows.filter(pk__in=rows.reverse().values("pk")[from_end])


class ListTable(Table):  # type: ignore[misc]
    """A table for templates/tables/table.html.

    django_tables2 works out the header, the attributes, the renderer and the arguments of a column
    again for every cell; here they are worked out once per column.
    """

    choices: Choices | None = None
    """What a person chose for this list; None if it has no choices."""
    most_at_once = 0
    """How many rows may be selected at once, if all of them may be."""

    @property
    def version(self) -> str:
        """The version of all rows of all pages, for `posted_ids`."""
        return version_of_rows(self.data.data)

    @property
    def drawn_rows(self) -> Iterator[SafeString]:
        """The cells of each row of the page."""
        context = self.cell_context()
        columns = [(_attributes(column), self._drawer(column, context)) for column in self.columns]
        for row in self.paginated_rows:
            cells = ((attributes, localize(draw(row.record))) for attributes, draw in columns)
            yield format_html_join("\n", "<td {}>{}</td>", cells)

    def cell_context(self) -> Context:
        """Return the page's context in one layer, in which a name is found, or missed, at once."""
        return Context(getattr(self, "context", Context()).flatten() | {"table": self})

    def _drawer(self, column: BoundColumn, context: Context) -> Callable[[Any], Any]:
        """Return a function that draws the cell of a record in a column."""
        if isinstance(column.column, CellColumn):
            return column.column.drawer(self, context)
        accessor, default, link = Accessor(column.accessor), column.default, column.link
        names, _ = signature(column.render)

        def draw(record: Any) -> Any:
            value = accessor.resolve(record, quiet=True)
            if value in column.column.empty_values:
                return default
            given = {"value": value, "record": record, "column": column.column, "table": self}
            content = column.render(**{name: given[name] for name in names})
            return link(content, **given) if link else content

        return draw


def _attributes(column: BoundColumn) -> SafeString:
    """Return the HTML attributes of all cells of a column."""
    attributes = AttributeDict(column.attrs["td"] | {"data-label": column.header})
    return cast("SafeString", attributes.as_html())


class _Counted(Paginator):  # type: ignore[type-arg]
    """Pages of rows whose number is already known."""

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
    export_of: int | UUID | None = None,
    **context: Any,
) -> HttpResponse:
    """Render `template` with a page of the table, sorted by the query string.

    An invalid page number shows the first page; a number out of range shows the last page.
    `export` is the prefix of the URL names that export the list, `export_of` their argument.
    `total` is the number of rows if it is known; otherwise they are counted. If the address has a
    choice of rows or columns, it is remembered, and the answer leads to the list without it.
    """
    if answer := remembering(request, table):
        return answer
    table.choices = chosen(request, table)
    pages: dict[str, Any] = {"per_page": table.choices.rows, "silent": True}
    if total is not None:
        pages["paginator_class"] = partial(_Counted, total=total)
        table.data.known_length = total
    RequestConfig(request, paginate=pages).configure(table)
    saved = saved_filters(request, table, filterset)
    context |= {"table": table, "filter": filterset, "saved": saved}
    if export:
        context["exports"] = export_links(request, export, export_of)
    return render(request, template, context)


def all_rows(request: HttpRequest, table: Table) -> QuerySet[Any]:
    """Return all rows of a list, sorted by the query string."""
    RequestConfig(request, paginate=False).configure(table)
    rows: QuerySet[Any] = table.data.data
    return rows


def export_links(
    request: HttpRequest, name: str, of: int | UUID | None = None
) -> list[tuple[str, str]]:
    """Return the name and address of each export of a list, with its current filter and order.

    `name` is the prefix of the URL names, and `of` their argument.
    """
    query = request.GET.copy()
    query.pop("page", None)
    args = [] if of is None else [of]
    return [
        (kind.upper(), f"{reverse(f'{name}_{kind}', args=args)}?{query.urlencode()}".rstrip("?"))
        for kind in EXPORT_KINDS
    ]
