"""Debtor numbers that accounting programs have given to organizations.

Organizations without one have a number that accounting counts. Accounting is a higher layer, which
calls `register`. No two organizations have the same number, given or counted; the database refuses
it too (accounting/migrations/sql/0010_debtor_numbers.sql).
"""

from __future__ import annotations

from collections.abc import Callable, Collection

from django.utils.translation import gettext as _

from organizations.models import UNIQUE_DEBTOR, Organization

COUNTED_FOR_ANOTHER = "counted for organization"
"""What the database says when a given number is also counted."""
_MOST_DIGITS = 18
_sources: list[Callable[[], int]] = []


def register(source: Callable[[], int]) -> None:
    """Have `source` tell the counted number of the organization with id 1."""
    _sources[:] = [source]


def counted_ids(numbers: Collection[str]) -> dict[str, int]:
    """Return the id of the organization for which each number is counted, of those that can be."""
    if not _sources or not numbers:
        return {}
    first = _sources[0]()
    found = {each: int(each) - first + 1 for each in numbers if _can_be_counted(each)}
    return {number: pk for number, pk in found.items() if pk > 0}


def _can_be_counted(number: str) -> bool:
    return (
        number.isascii()
        and number.isdigit()
        and not number.startswith("0")
        and len(number) <= _MOST_DIGITS
    )


def taken_debtors(numbers: Collection[str]) -> dict[str, Organization]:
    """Return the organization that has each number, given or counted, of those that one has."""
    counted = counted_ids(numbers)
    given = Organization.objects.filter(debtor_number__in=numbers).order_by()
    found = {str(each.debtor_number): each for each in given}
    by_id = Organization.objects.filter(debtor_number=None).in_bulk(counted.values())
    return found | {number: by_id[pk] for number, pk in counted.items() if pk in by_id}


def taken_text(number: str, other: Organization) -> str:
    """Return why a number cannot be given, because another organization has it."""
    if other.debtor_number is None:
        text = _(
            "%(title)s has the debtor number %(number)s, which is counted. Enter another number, "
            "or first give %(title)s the one that it has in your accounting program."
        )
    else:
        text = _("%(title)s has the debtor number %(number)s already. Enter another number.")
    return text % {"title": other.title, "number": number}


def refused_debtor(error: Exception) -> str:
    """Return what to do about a debtor number that the database has refused; "" if it has not."""
    if UNIQUE_DEBTOR in str(error):
        return _("Another organization has this debtor number already. Enter another number.")
    if COUNTED_FOR_ANOTHER in str(error):
        return _(
            "A debtor number would be that of two organizations: it is given to one and counted "
            "for another. Give the other one a number of its own, or change the first number under "
            "Accounting, Accounts."
        )
    return ""
