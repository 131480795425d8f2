"""The invoices that were selected in a list: some of its rows, or all that its filter finds."""

from __future__ import annotations

from datetime import date

from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext as _

from foundation.lists.selection import ids_in, is_id
from invoices.filters import filter_for
from invoices.querysets import InvoiceQuerySet


def selected_ids(
    request: HttpRequest, visible: InvoiceQuerySet, today: date, *, most: int
) -> list[int]:
    """Return the ids of the selected invoices, at most one more than `most`.

    If all are asked for, they are those of `visible` that the filter in the address finds. Others
    are named by the address, which may name some that the user cannot see.
    """
    if "all" in request.GET:
        if of_one := is_id(of := request.GET.get("of", "")):
            visible = visible.filter(organization=int(of))
        found = filter_for(request, visible, today, of_one=of_one).qs
        return list(found.order_by("pk").values_list("pk", flat=True)[: most + 1])
    return ids_in(request.GET.getlist("invoice"))[: most + 1]


def wrong_number(ids: list[int], *, most: int) -> str | None:
    """Return why so many invoices cannot be selected, or None if they can."""
    if not ids:
        return _("Select at least one invoice.")
    if len(ids) > most:
        return _("Select at most %(number)s invoices at a time.") % {"number": most}
    return None


def shown_versions(entries: QueryDict) -> dict[int, str]:
    """Return the versions that a person was shown, by id."""
    pairs = (each.partition(":") for each in entries.getlist("shown"))
    return {int(pk): version for pk, _colon, version in pairs if is_id(pk)}
