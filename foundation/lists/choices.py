"""What a person chooses for lists: rows a page for all, columns for each. A cookie remembers it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django_tables2 import Table
from django_tables2.columns import BoundColumn

ROWS_A_PAGE = 50
ROWS_CHOICES = (25, ROWS_A_PAGE, 100)
NO_COLUMN = "none"
ROWS, COLUMN = "rows", "column"
"""The names in the address of the choices, with which a list is asked to remember them."""
_YEAR = 366 * 24 * 3600


@dataclass(frozen=True)
class Choices:
    """The choices in force for a list, and what can be chosen."""

    rows: int
    columns: list[BoundColumn]
    """The columns that can be hidden."""
    rows_choices: tuple[int, ...] = ROWS_CHOICES

    @property
    def toggles(self) -> list[tuple[BoundColumn, list[str]]]:
        """Each column with the names to choose in order to hide it, or to show it again."""
        shown = [each.name for each in self.columns if each.visible]
        return [(each, [NO_COLUMN, *sorted({*shown} ^ {each.name})]) for each in self.columns]

    @property
    def fewest(self) -> int:
        """The number of rows up to which the number of rows a page makes no difference."""
        return self.rows_choices[0]


def chosen(request: HttpRequest, table: Table) -> Choices:
    """Hide the columns that a person does not want to see, and return the choices."""
    columns = _optional(table)
    names = {column.name for column in columns}
    for name in request.COOKIES.get(_hidden_cookie(table), "").split("."):
        if name in names:
            table.columns.hide(name)
    return Choices(rows=rows_a_page(request), columns=columns)


def rows_a_page(request: HttpRequest) -> int:
    """Return the chosen number of rows a page."""
    return _rows_from(request.COOKIES.get(ROWS)) or ROWS_A_PAGE


def remembering(request: HttpRequest, table: Table) -> HttpResponse | None:
    """Return the answer that remembers the choices in an address, and leads on without them."""
    rows, columns = _rows_from(request.GET.get(ROWS)), request.GET.getlist(COLUMN)
    if not rows and not columns:
        return None
    query = request.GET.copy()
    for name in (ROWS, COLUMN, "page"):
        query.pop(name, None)
    answer = HttpResponseRedirect(f"{request.path}?{query.urlencode()}".rstrip("?"))
    if rows:
        _set_cookie(answer, ROWS, str(rows))
    if columns:
        hidden = [each.name for each in _optional(table) if each.name not in columns]
        _set_cookie(answer, _hidden_cookie(table), ".".join(hidden))
    return answer


def _optional(table: Table) -> list[BoundColumn]:
    """Return the columns that can be hidden: those with a heading, except what names a row."""
    named: Iterable[BoundColumn] = table.columns.iterall()
    return [each for each in named if each.header and each.name != "select"][1:]


def _hidden_cookie(table: Table) -> str:
    return f"hidden-{type(table).__name__}"


def _rows_from(text: str | None) -> int | None:
    return next((rows for rows in ROWS_CHOICES if str(rows) == text), None)


def _set_cookie(answer: HttpResponse, name: str, value: str) -> None:
    secure = bool(settings.SESSION_COOKIE_SECURE)
    answer.set_cookie(name, value, max_age=_YEAR, httponly=True, samesite="Lax", secure=secure)
