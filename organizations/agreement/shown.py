"""What the page of an agreement shows: the terms of each kind, past, current and to come."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db.models import Case, OuterRef, QuerySet, Subquery, Value, When

from organizations.agreement.described import Description, dates_text, description, when_text
from organizations.agreement.kinds import KINDS, Kind
from organizations.agreement.models import IndividualPrice, OneOffCharge
from organizations.agreement.operations import can_be_withdrawn, invoiced_charges
from organizations.models import Organization
from rating.periods import ONE_DAY
from tariffs.affected_invoices import carried_credits

MOST_OF_A_KIND = 25
"""The number of terms of each kind that the page of all kinds shows."""


@dataclass(frozen=True)
class ShownTerm:
    """A term in a list.

    `state` is `later`, `now` or `past`. That of a charge is `invoiced`, `carried` (it is what an
    invoice left of a credit), `later` or empty.
    """

    term: Any
    about: Description
    dates: str
    state: str
    can_edit: bool
    can_end: bool
    can_withdraw: bool


@dataclass(frozen=True)
class ShownKind:
    """The first terms of a kind, and whether there are more."""

    kind: Kind
    terms: Sequence[ShownTerm]
    has_more: bool


def shown_kinds(organization: Organization, today: date) -> list[ShownKind]:
    """Return the kinds of which the organization has terms; one query for each kind."""
    found = []
    for kind in KINDS:
        rows = terms_of(kind, organization, today)[: MOST_OF_A_KIND + 1]
        if terms := shown_terms(kind, rows, today):
            has_more = len(terms) > MOST_OF_A_KIND
            found.append(ShownKind(kind, terms[:MOST_OF_A_KIND], has_more))
    return found


def shown_term(kind: Kind, term: Any, today: date) -> ShownTerm:
    """Return one term as a list shows it; of a price without what ends it."""
    return _shown(kind, term, today, _state(term, today), when_text(term))


def terms_of(kind: Kind, organization: Organization, today: date) -> QuerySet[Any]:
    """Return the terms of a kind: those that are not over, then the others, the latest first.

    Prices are in order of their tariff before, each with the date of the next one, `following`.
    """
    rows: QuerySet[Any] = kind.model.objects.filter(organization=organization)
    if kind.has_tariff:
        rows = rows.select_related("tariff")
    if kind.model is OneOffCharge:
        return rows.order_by("-day", "-pk")
    if kind.model is IndividualPrice:
        later = IndividualPrice.objects.filter(
            organization=organization,
            tariff=OuterRef("tariff"),
            valid_from__gt=OuterRef("valid_from"),
        )
        rows = rows.annotate(
            following=Subquery(later.order_by("valid_from").values("valid_from")[:1])
        )
        return rows.order_by(_is(following__lte=today), "tariff__name", "tariff", "-valid_from")
    return rows.order_by(_is(last_on__lt=today), "-first_on", "-pk")


def _is(**condition: Any) -> Case:
    """Return 1 for rows that meet a condition, and 0 for the others."""
    return Case(When(**condition, then=Value(1)), default=Value(0))


def shown_terms(kind: Kind, rows: Iterable[Any], today: date) -> list[ShownTerm]:
    """Return the rows of `terms_of` as a list shows them."""
    terms = list(rows)
    shown = [_listed(kind, term, today) for term in terms]
    return _with_invoiced(shown) if kind.model is OneOffCharge else shown


def _with_invoiced(shown: Sequence[ShownTerm]) -> list[ShownTerm]:
    """Return the one-off charges of an organization; those that invoices state can only be read."""
    charges: list[OneOffCharge] = [each.term for each in shown]
    states = dict.fromkeys(carried_credits([each.pk for each in charges]), "carried")
    states |= dict.fromkeys(invoiced_charges(charges), "invoiced")
    return [
        replace(each, state=states[each.term.pk], can_edit=False, can_withdraw=False)
        if each.term.pk in states
        else each
        for each in shown
    ]


def _listed(kind: Kind, term: Any, today: date) -> ShownTerm:
    if not isinstance(term, IndividualPrice):
        return shown_term(kind, term, today)
    following: date | None = term.following  # type: ignore[attr-defined]
    last = following - ONE_DAY if following else None
    state = _state_of(term.valid_from, last, today)
    return _shown(kind, term, today, state, dates_text(term.valid_from, last))


def _shown(kind: Kind, term: Any, today: date, state: str, dates: str) -> ShownTerm:
    return ShownTerm(
        term=term,
        about=description(term),
        dates=dates,
        state=state,
        can_edit=True,
        can_end=kind.has_end and state != "past",
        can_withdraw=can_be_withdrawn(term, today),
    )


def _state(term: Any, today: date) -> str:
    match term:
        case OneOffCharge():
            return "later" if term.day > today else ""
        case IndividualPrice():
            return _state_of(term.valid_from, None, today)
    return _state_of(term.first_on, term.last_on, today)


def _state_of(first: date, last: date | None, today: date) -> str:
    if first > today:
        return "later"
    return "past" if last is not None and last < today else "now"
