"""Search invoices by number and by the names on them.

`31` finds INV-2026-000031, and so do `2026 31` and `inv-2026-000031`: the last typed number must be
the document's, without its leading zeros, and each other word must be part of its number or names.
`INV-2026-00` finds what begins so. Anything else is searched in the names.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Func, Q, TextField

from foundation.search.index import FEW, first_ids, matches, words_of
from invoices.listing.models import BilledName

if TYPE_CHECKING:
    from invoices.models import Invoice

# The invoices of up to so many names are looked up; they have some thousand invoices. If there are
# more, it is faster to read invoices in the order of the list until a page is full.
FEW_NAMES = 300

_NAMES = ("organization_title", "buyer_name")


class Serial(Func):
    """The last digits of a document number, without leading zeros."""

    template = "ltrim(substring(%(expressions)s from '[0-9]+$'), '0')"
    output_field = TextField()


def found_by(model: type[Invoice], text: str) -> Q:
    """Return the condition that an invoice is found by `text`."""
    if not words_of(text):
        return Q(pk__in=[])
    return _numbered(model, text) | (_named(text, FEW_NAMES) or matches(text, *_NAMES))


def how_many(model: type[Invoice], text: str, most: int) -> int:
    """Return how many invoices are found by `text`, or `most` + 1 if there are more.

    To read invoices until so many are found would take longer than to begin with their names, each
    of which has an invoice.
    """
    if not words_of(text):
        return 0
    named = _named(text, most)
    if named is None:
        return most + 1
    found = model._default_manager.order_by().filter(_numbered(model, text) | named)
    return found.values("pk")[: most + 1].count()


def _numbered(model: type[Invoice], text: str) -> Q:
    every, words = model._default_manager.order_by(), words_of(text)
    begun = Q(number__startswith=text.strip().upper())
    begun_ids = _ids(every.filter(begun))
    if len(begun_ids) > FEW:
        return begun
    found = set(begun_ids)
    numbers = [word for word in words if word.isascii() and word.isdigit()]
    if numbers:
        words.remove(numbers[-1])
        same = every.alias(serial=Serial("number")).filter(serial=numbers[-1].lstrip("0"))
        if words:
            same = same.filter(matches(" ".join(words), "number", *_NAMES))
        found.update(_ids(same))
    return Q(pk__in=found)


def _ids(invoices: Any) -> list[int]:
    return list(invoices.values_list("pk", flat=True)[: FEW + 1])


def _named(text: str, few: int) -> Q | None:
    """Return the condition for the names, or None if more than `few` names match."""
    found = first_ids(BilledName, text, "title", "buyer", most=few + 1)
    if len(found) > few:
        return None
    organizations = BilledName.objects.filter(pk__in=found).values_list("organization", flat=True)
    return Q(organization__in=list(organizations)) & matches(text, *_NAMES)
