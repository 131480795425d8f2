"""List pages: a queryset, its filter and its table, declared; drawn here in one way."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django_filters import FilterSet
from django_tables2 import RequestConfig, Table

ROWS_A_PAGE = 50


def render_list(
    request: HttpRequest,
    template: str,
    *,
    table: Table,
    filterset: FilterSet,
    **context: Any,
) -> HttpResponse:
    """Render `template` with a page of the table, sorted as the address says.

    A page number that is no number or past the end shows the nearest page there is.
    """
    RequestConfig(request, paginate={"per_page": ROWS_A_PAGE, "silent": True}).configure(table)
    return render(request, template, {"table": table, "filter": filterset, **context})
