"""What the search in the header finds, by kind: a few of each, and how many there are.

Each kind asks the indexes for at most `MOST_COUNTED` + 1 rows, whatever their number.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Case, Count, IntegerField, Q, QuerySet, When, Window
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from foundation.among import among
from foundation.search.index import some_of, words_of
from foundation.web.addresses import address_of
from invoices.listing.search import with_name_or_amount, with_number
from invoices.models import Invoice
from organizations.models import Organization, SearchText
from payments.models import Payment
from tariffs.money import format_money
from usage.models import Camera

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

SHOWN = 5
"""The number of results of each kind."""
MOST_COUNTED = 200
"""More results of a kind are not counted."""
_MOST = MOST_COUNTED + 1
LATEST = 500
"""So many payments are searched for words of one character. Most references have words that begin
so, and an index would first collect all payments with each of them."""


@dataclass(frozen=True)
class Result:
    """A page that was found. `details` tell it from others with the same title."""

    title: str
    address: str
    details: list[str]
    is_exact: bool = False
    """Whether the title, number or name is what was typed."""


@dataclass(frozen=True)
class Group:
    """The first results of a kind; `address` is the list of all of them."""

    kind: str
    heading: StrOrPromise
    results: list[Result]
    number: int
    address: str
    is_latest: bool = False
    """Whether only the latest were searched, so that the list may have more."""

    @property
    def is_cut(self) -> bool:
        """Whether there are more than were counted."""
        return self.number > MOST_COUNTED

    @property
    def counted(self) -> int:
        """The number of results, or the number that there are more than."""
        return min(self.number, MOST_COUNTED)

    @property
    def has_more(self) -> bool:
        """Whether there are more results than these."""
        return self.is_cut or self.is_latest or self.number > len(self.results)


def groups_for(user: User, text: str) -> list[Group]:
    """Return what `text` finds among what `user` may see; kinds with an exact hit come first."""
    if not words_of(text):
        return []
    numbered = with_number(Invoice.objects.visible_to(user), text, _MOST)
    every = [
        _organizations(user, text),
        _cameras(user, text),
        _invoices(user, text, numbered),
        _payments(user, text, numbered),
        *([] if user.is_owner else [_people(text)]),
    ]
    found = [group for group in every if group.results]
    return sorted(found, key=lambda group: not any(each.is_exact for each in group.results))


def _organizations(user: User, text: str) -> Group:
    seen = Organization.objects.visible_to(user)
    if user.is_owner:
        found = seen.order_by().search_by(user, text).values("pk")[:_MOST]
    else:
        found = some_of(SearchText.objects.all(), text, "folded", most=_MOST)
    rows, number = _best(seen.select_related("owner"), found, text, "title", Q(title__iexact=text))
    results = [
        Result(
            each.title,
            address_of(each.pk, "reports:overview"),
            _given(each.contract_number, "" if user.is_owner else each.owner.email),
            _is_same(each.title, text),
        )
        for each in rows
    ]
    # The list shows closed organizations only if it is asked to.
    address = reverse("organizations:list", query={"q": text, "show": "all"})
    return Group("organizations", _("Organizations"), results, number, address)


def _cameras(user: User, text: str) -> Group:
    found = Camera.objects.some_of(user, text, _MOST)
    seen = Camera.objects.visible_to(user).as_seen_by(user)
    rows, number = _best(seen, found, text, "name", Q(name=text))
    results = [
        Result(
            each.name,
            address_of(each.pk, "usage:camera"),
            _given(each.seen_title, each.seen_organization),
            _is_same(each.name, text),
        )
        for each in rows
    ]
    address = reverse("usage:all_cameras", query={"q": text})
    return Group("cameras", _("Cameras"), results, number, address)


def _invoices(user: User, text: str, numbered: list[int]) -> Group:
    seen = Invoice.objects.visible_to(user)
    found = {
        *numbered,
        *with_name_or_amount(seen, text, _MOST, are_all=not user.is_owner),
    }
    # Documents that begin with what was typed may be many; those with a number are few.
    first = Case(When(pk__in=numbered[:SHOWN], then=0), default=1)
    stated = ("number", "organization_title", "issued_on", "total", "currency")
    rows = seen.filter(among("pk", found)).only(*stated).order_by(first, "-issued_on", "-number")
    results = [
        Result(
            each.number,
            address_of(each.pk, "invoices:invoice"),
            [
                each.organization_title,
                date_format(each.issued_on),
                format_money(each.total, each.currency),
            ],
            is_exact=each.pk in numbered and any(map(str.isdigit, text)),
        )
        for each in rows[:SHOWN]
    ]
    address = reverse("invoices:list", query={"q": text})
    return Group("invoices", _("Invoices"), results, len(found), address)


def _payments(user: User, text: str, numbered: list[int]) -> Group:
    seen = Payment.objects.visible_to(user).order_by()
    # Owners have few.
    is_latest = not user.is_owner and all(len(word) == 1 for word in words_of(text))
    found = seen.first_found(numbered, text, _MOST, of_latest=LATEST if is_latest else None)
    rows = (
        Payment.objects.filter(among("pk", found))
        .select_related("invoice", "organization")
        .only(
            "amount",
            "currency",
            "reference",
            "paid_on",
            "invoice__number",
            "organization__title",
        )
    )
    results = [
        Result(
            format_money(each.amount, each.currency),
            address_of(each.pk, "payments:payment"),
            _given(
                each.reference,
                date_format(each.paid_on),
                each.invoice.number if each.invoice else "",
                each.organization.title,
            ),
        )
        for each in rows.order_by("-paid_on", "-pk")[:SHOWN]
    ]
    address = reverse("payments:list", query={"q": text})
    return Group("payments", _("Payments"), results, len(found), address, is_latest)


def _people(text: str) -> Group:
    found = some_of(User.objects.all(), text, "folded", most=_MOST)
    rows, number = _best(User.objects.all(), found, text, "email", Q(email=text.lower()))
    results = [
        Result(
            each.get_short_name(),
            address_of(each.pk, "people:person"),
            _given(each.email if each.name else "", each.get_role_display()),
            _is_same(each.email, text),
        )
        for each in rows
    ]
    address = reverse("people:list", query={"q": text})
    return Group("people", _("People"), results, number, address)


def _best(
    rows: QuerySet[Any], found: QuerySet[Any], text: str, by: str, exact: Q
) -> tuple[list[Any], int]:
    """Return the first of the `rows` that are `found`, and how many these are.

    First comes what is `exact`, then what begins so. If there are too many rows to find them all,
    the exact one need not be among those found.
    """
    either = found.union(rows.filter(exact).order_by().values("pk"))
    begins = When(**{f"{by}__istartswith": text}, then=1)
    rank = Case(When(exact, then=0), begins, default=2, output_field=IntegerField())
    counted = rows.filter(pk__in=either).annotate(number=Window(Count("*")))
    best = list(counted.order_by(rank, by)[:SHOWN])
    return best, best[0].number if best else 0


def _is_same(shown: str, text: str) -> bool:
    return shown.casefold() == text.casefold()


def _given(*texts: str) -> list[str]:
    return [text for text in texts if text]
