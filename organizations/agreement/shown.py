"""What the page of an agreement shows: the terms of each kind, past, current and to come."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from organizations.agreement.described import Description, dates_text, description, when_text
from organizations.agreement.kinds import KINDS, Kind
from organizations.agreement.models import IndividualPrice, OneOffCharge
from organizations.agreement.operations import can_be_withdrawn
from organizations.models import Organization
from rating.periods import ONE_DAY


@dataclass(frozen=True)
class ShownTerm:
    """A term in a list. `state` is `later`, `now`, `past`, or empty for a charge that is over."""

    term: Any
    about: Description
    dates: str
    state: str
    can_end: bool
    can_withdraw: bool


@dataclass(frozen=True)
class ShownKind:
    """The terms of a kind, the latest first."""

    kind: Kind
    terms: Sequence[ShownTerm]


def shown_kinds(organization: Organization, today: date) -> list[ShownKind]:
    """Return the kinds of which the organization has terms; one query for each kind."""
    found = [(kind, _terms(kind, organization, today)) for kind in KINDS]
    return [ShownKind(kind, terms) for kind, terms in found if terms]


def shown_term(kind: Kind, term: Any, today: date) -> ShownTerm:
    """Return one term as a list shows it; of a price without what ends it."""
    return _shown(kind, term, today, _state(term, today), when_text(term))


def _terms(kind: Kind, organization: Organization, today: date) -> list[ShownTerm]:
    rows = kind.model.objects.filter(organization=organization)
    if kind.has_tariff:
        rows = rows.select_related("tariff")
    if kind.model is IndividualPrice:
        return _prices(kind, rows.order_by("tariff__name", "tariff", "-valid_from"), today)
    by_date = "-day" if kind.model is OneOffCharge else "-first_on"
    return [
        _shown(kind, term, today, _state(term, today), when_text(term))
        for term in rows.order_by(by_date, "-pk")
    ]


def _prices(kind: Kind, latest_first: Iterable[IndividualPrice], today: date) -> list[ShownTerm]:
    """Return prices by tariff, each until the next one of the tariff."""
    shown = []
    following: IndividualPrice | None = None
    for price in latest_first:
        if following and following.tariff_id != price.tariff_id:
            following = None
        last = following.valid_from - ONE_DAY if following else None
        state = _state_of(price.valid_from, last, today)
        shown.append(_shown(kind, price, today, state, dates_text(price.valid_from, last)))
        following = price
    return shown


def _shown(kind: Kind, term: Any, today: date, state: str, dates: str) -> ShownTerm:
    return ShownTerm(
        term=term,
        about=description(term),
        dates=dates,
        state=state,
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
