"""Read which rows of a list a person selected: some that are shown, or all that it has."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.db.models import Count, Max, QuerySet, Sum
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext as _


class ListChanged(Exception):
    """All rows of a list were selected, and others are in it than when it was shown."""

    def __str__(self) -> str:
        return _("The list has changed since it was shown. Nothing was done. Select again.")


def is_id(text: str) -> bool:
    """Return whether a text can be the id of a row."""
    # Longer numbers may not fit into an id, which has at most 19 digits.
    return text.isascii() and text.isdecimal() and len(text) < 19


def ids_in(texts: Iterable[str]) -> list[int]:
    """Return the ids among texts that were sent, sorted, each once; ignore what cannot be one."""
    return sorted({int(text) for text in texts if is_id(text)})


def version_of_rows(rows: QuerySet[Any]) -> str:
    """Return a short text that is another one if other rows are among them, by their ids."""
    found = rows.order_by().aggregate(number=Count("pk"), sum=Sum("pk"), last=Max("pk"))
    return f"{found['number']}-{found['sum'] or 0}-{found['last'] or 0}"


def posted_ids(
    request: HttpRequest, name: str, rows_of: Callable[[QueryDict], QuerySet[Any]], *, most: int
) -> list[int]:
    """Return the ids of the selected rows, sorted: those sent as `name`, or all of the list.

    If all are asked for, `rows_of` finds them by the filter that was sent. `shown` is the
    `version_of_rows` that the page had, so nothing is decided about a row that was not counted
    there. A list with more than `most` rows does not offer that.

    Raises:
        ListChanged: other rows are in the list by now, or it has too many.
    """
    if "all" not in request.POST:
        return ids_in(request.POST.getlist(name))
    rows = rows_of(request.POST)
    ids = list(rows.order_by("pk").values_list("pk", flat=True)[: most + 1])
    if len(ids) > most or request.POST.get("shown") != version_of_rows(rows):
        raise ListChanged
    return ids
