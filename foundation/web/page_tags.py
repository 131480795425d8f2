"""Template filters for page numbers and instants."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django import template
from django.core.paginator import Page

from foundation.web.local_times import shown_local

register = template.Library()


@register.filter
def page_numbers(page: "Page[Any]") -> Iterator[int | str]:
    """Yield the page numbers to link to: first, last and adjacent ones, with gaps between."""
    return page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)


@register.filter(expects_localtime=True)
def instant(local: datetime) -> str:
    """Return a date and time with seconds."""
    return shown_local(local)
