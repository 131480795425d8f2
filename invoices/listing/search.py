"""Search invoices by number, by the names on them, and by their total.

`31` finds INV-2026-000031, and so do `2026 31` and `inv-2026-000031`: the last typed number must be
the document's, without its leading zeros, and each other word must be part of its number or names.
`INV-2026-00` finds what begins so. A payment reference finds its document, and so does a number
without hyphens. An amount such as `21.42`, `21,42` or `1 234,50` finds documents
with that total. Anything else is searched in the names.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db.models import Exists, Func, OuterRef, Q, TextField

from foundation.among import among
from foundation.imports.values import decimal_from
from foundation.search.index import FEW, first_ids, matches, some_of, words_of
from invoices.listing.models import BilledName
from invoices.paying.references import candidates_for, means

if TYPE_CHECKING:
    from invoices.models import Invoice
    from invoices.querysets import InvoiceQuerySet

# The invoices of up to so many names are looked up; they have some thousand invoices. If there are
# more, it is faster to read invoices in the order of the list until a page is full.
FEW_NAMES = 5_000

_NAMES = ("organization_title", "buyer_name")
# A currency code or sign before or after an amount, as pages and bank statements show it.
_CURRENCY = re.compile(r"^(?:[A-Z]{3}|[€$£¥₽])\s*|\s*(?:[A-Z]{3}|[€$£¥₽])$")
_MINUS = re.compile("^[-\N{MINUS SIGN}]")
_THREE_DIGITS_LAST = re.compile(r"([0-9]+)[.,]([0-9]{3})")
_LARGEST = Decimal(10) ** 12


class Serial(Func):
    """The last digits of a document number, without leading zeros."""

    template = "ltrim(substring(%(expressions)s from '[0-9]+$'), '0')"
    output_field = TextField()


def found_by(model: type[Invoice], text: str) -> Q:
    """Return the condition that an invoice is found by `text`."""
    if not words_of(text):
        return Q(pk__in=[])
    every, named = model._default_manager.order_by(), _named(text, FEW_NAMES)
    if named is None:
        return numbered(every, text) | _of_amount(text) | matches(text, *_NAMES)
    condition = numbered(every, text) | _of_amount(text) | named
    # PostgreSQL would expect many more than there are, and read all to have them in order.
    ids = _ids(every.filter(condition), FEW + 1)
    return among("pk", ids) if len(ids) <= FEW else condition


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
    every = model._default_manager.order_by()
    found = every.filter(numbered(every, text) | _of_amount(text) | named)
    return found.values("pk")[: most + 1].count()


def with_name_or_amount(
    invoices: InvoiceQuerySet, text: str, most: int, *, are_all: bool
) -> list[int]:
    """Return the ids of up to `most` of `invoices` found by their names, and as many by amount.

    `are_all` if these are all invoices. Of the names that match, up to `most` are looked at.
    """
    if not words_of(text):
        return []
    billed = BilledName.objects.all()
    if not are_all:
        billed = billed.filter(organization__in=invoices.order_by().values("organization"))
    names = [each["pk"] for each in some_of(billed, text, "folded", most=most)]
    conditions = [each for each in (_of_amount(text), _with_names(names)) if each]
    return [pk for condition in conditions for pk in _ids(invoices.filter(condition), most)]


def with_number(invoices: InvoiceQuerySet, text: str, most: int) -> list[int]:
    """Return the ids of up to `most` of `invoices` that are found by their number."""
    begun = _ids(invoices.filter(_begun(text)), most)
    same = _ids(_of_serial(invoices, text), most)
    return [*dict.fromkeys((*_referenced(invoices, text), *same, *begun))][:most]


def typed_amounts(text: str) -> set[Decimal]:
    """Return the amounts that `text` may mean, whatever its sign and currency; often none.

    1,234 is two: pages show yen so in English, and dinars in Russian.
    """
    number = _CURRENCY.sub("", _MINUS.sub("", text.strip().upper()))
    found = {decimal_from(number)}
    if either := _THREE_DIGITS_LAST.fullmatch(number):
        whole, rest = either.groups()
        found = {Decimal(f"{whole}.{rest}")}
        if len(whole) <= 3:
            found.add(Decimal(whole + rest))
    return {amount for amount in found if amount is not None and amount < _LARGEST}


def numbered(every: InvoiceQuerySet, text: str) -> Q:
    """Return the condition that one of `every` invoice is found by its number."""
    same = {*_ids(_of_serial(every, text), FEW + 1), *_referenced(every, text)}
    begun = _ids(every.filter(_begun(text)), FEW + 1)
    if len(begun) > FEW:
        return among("pk", same) | _begun(text)
    return among("pk", {*same, *begun})


def _begun(text: str) -> Q:
    return Q(number__startswith=text.strip().upper())


def _of_serial(invoices: InvoiceQuerySet, text: str) -> InvoiceQuerySet:
    words = words_of(text)
    numbers = [word for word in words if word.isascii() and word.isdigit()]
    if not numbers:
        return invoices.none()
    words.remove(numbers[-1])
    same = invoices.alias(serial=Serial("number")).filter(serial=numbers[-1].lstrip("0"))
    return same.filter(matches(" ".join(words), "number", *_NAMES)) if words else same


def _referenced(invoices: InvoiceQuerySet, text: str) -> list[int]:
    keys, numbers = candidates_for(text)
    if not keys and not numbers:
        return []
    found = invoices.filter(Q(pk__in=keys) | Q(number__in=numbers))
    return [
        pk
        for pk, number, account in found.values_list("pk", "number", "account__number")
        if means(text, number=number, key=pk, account=account or "")
    ]


def _of_amount(text: str) -> Q:
    amounts = typed_amounts(text)
    return Q(total__in=amounts) if amounts else Q()


def _ids(invoices: Any, most: int) -> list[int]:
    return list(invoices.order_by().values_list("pk", flat=True)[:most])


def _named(text: str, few: int) -> Q | None:
    """Return the condition for the names, or None if more than `few` names match."""
    found = first_ids(BilledName.objects.all(), text, "folded", most=few + 1)
    return _with_names(found) if len(found) <= few else None


def _with_names(ids: list[int]) -> Q:
    """Return the condition that an invoice has one of the billed names with these ids."""
    names = BilledName.objects.filter(among("pk", ids))
    same = names.filter(
        organization=OuterRef("organization"),
        title=OuterRef("organization_title"),
        buyer=OuterRef("buyer_name"),
    )
    # Finds the invoices by an index, which a subquery would not beside other conditions. Of what it
    # finds, the names are compared.
    organizations = names.values_list("organization", flat=True)
    return among("organization", organizations) & Q(Exists(same))
