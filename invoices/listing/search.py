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
    words = words_of(text)
    if not words:
        return Q(pk__in=[])
    return _numbered(model, text.strip().upper(), words) | _named(text)


def _numbered(model: type[Invoice], beginning: str, words: list[str]) -> Q:
    every = model._default_manager.order_by()
    begun = Q(number__startswith=beginning)
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


def _named(text: str) -> Q:
    has_names = matches(text, *_NAMES)
    found = first_ids(BilledName, text, "title", "buyer", most=FEW_NAMES + 1)
    if len(found) > FEW_NAMES:
        return has_names
    organizations = BilledName.objects.filter(pk__in=found).values_list("organization", flat=True)
    return Q(organization__in=list(organizations)) & has_names
