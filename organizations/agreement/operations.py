"""Add, change and withdraw terms. Issued invoices never change.

Every operation locks the organization first, as issuing does. So what it reads about other terms
and invoices stays true until it commits.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any, TypeVar

from django.db import IntegrityError, transaction
from django.db.models import Model

from foundation.web.versions import refuse_overwriting, version_of
from organizations.agreement.followers import STOPPED
from organizations.agreement.models import (
    DatedTerm,
    Discount,
    DiscountExemption,
    Fee,
    IndividualPrice,
    Minimum,
    OneOffCharge,
    Suspension,
)
from organizations.agreement.refusals import (
    AfterClosing,
    ChargeInvoiced,
    ChargeKept,
    DayInvoiced,
    NoListPrice,
    NothingInCurrency,
    NothingToReturnFrom,
    PriceDateTaken,
    PriceInForce,
    TermChanged,
    TermGone,
    TermInForce,
    TermsOverlap,
)
from organizations.models import Organization
from tariffs.affected_invoices import invoiced_days, is_invoiced

Term = TypeVar("Term", bound=Model)

FIELDS: Mapping[type[Model], tuple[str, ...]] = {
    IndividualPrice: ("tariff", "valid_from", "amount"),
    Discount: ("tariff", "percent", "first_on", "last_on"),
    DiscountExemption: ("tariff", "first_on", "last_on"),
    Fee: ("name", "amount", "currency", "in_trial", "first_on", "last_on"),
    OneOffCharge: ("text", "quantity", "amount", "currency", "day", "reason"),
    Minimum: ("amount", "currency", "first_on", "last_on"),
    Suspension: ("first_on", "last_on", "is_charged", "reason"),
}
"""The editable fields of each kind of term."""

# Terms of a kind that are the same in these fields do not overlap.
_SCOPES: Mapping[type[Model], tuple[str, ...]] = {
    Discount: ("tariff",),
    DiscountExemption: ("tariff",),
    Minimum: ("currency",),
    Suspension: (),
}


def stored_values(term: Model) -> dict[str, Any]:
    """Return the editable values of a term as stored, by field name."""
    return {name: getattr(term, name) for name in FIELDS[type(term)]}


@transaction.atomic
def add_term(*, model: type[Term], organization_id: int, fields: Mapping[str, Any]) -> Term:
    """Add a term of the kind `model` to an organization; `fields` are all in `FIELDS`.

    Raises:
        Organization.DoesNotExist: the organization does not exist.
        TermsOverlap: a term of the same scope applies on some of its dates.
        PriceDateTaken: another individual price of the tariff applies from its date.
        NothingToReturnFrom, NoListPrice: there is no list price to return to.
        NothingInCurrency: a minimum is in a currency in which nothing is charged.
        AfterClosing, DayInvoiced: the date of a one-off charge is after the closing, or invoiced.
    """
    organization = _locked(organization_id)
    term = model(organization=organization, **fields)
    _refuse(term)
    term.save()
    _tell(term)
    return term


@transaction.atomic
def change_term(
    *,
    model: type[Model],
    organization_id: int,
    term_id: int,
    shown: str,
    fields: Mapping[str, Any],
) -> None:
    """Change a term, in the past and the future.

    `shown` is the version (see `foundation.web.versions`) of the `stored_values` that were shown.
    `fields` may be some of those in `FIELDS`; the others stay.

    Raises:
        TermGone: it has been withdrawn.
        EditedByOthers: someone has changed a value since it was shown, to another than the given.
        ChargeInvoiced, ChargeKept: it is a one-off charge that invoices depend on.
        TermRefusal: as `add_term`.
    """
    _locked(organization_id)
    term = _term(model, organization_id, term_id)
    stored = stored_values(term)
    refuse_overwriting(shown=shown, stored=stored, given={**stored, **fields})
    _refuse_if_invoiced(term)
    for name, value in fields.items():
        setattr(term, name, value)
    _refuse(term)
    with _refusal_of_database(term):
        term.save()
    _tell(term)


@transaction.atomic
def withdraw_term(
    *, model: type[Model], organization_id: int, term_id: int, shown: str, now: datetime
) -> None:
    """Delete a term that does not apply yet, or a one-off charge that is not invoiced.

    `shown` is the version (see `foundation.web.versions`) of the `stored_values` that were shown.

    Raises:
        TermGone: it has been withdrawn already.
        TermChanged: someone has changed it since it was shown.
        TermInForce, PriceInForce: it applies already, or has.
        ChargeInvoiced, ChargeKept: it is a one-off charge that invoices depend on.
    """
    today = _locked(organization_id).date_at(now)
    term = _term(model, organization_id, term_id)
    _refuse_if_invoiced(term)
    if version_of(stored_values(term)) != shown:
        raise TermChanged
    if not can_be_withdrawn(term, today):
        raise PriceInForce if isinstance(term, IndividualPrice) else TermInForce
    with _refusal_of_database(term):
        term.delete()
    _tell(term)


def can_be_withdrawn(term: Model, today: date) -> bool:
    """Return whether a term does not apply yet; a one-off charge must only not be invoiced."""
    first: date = today
    match term:
        case DatedTerm():
            first = term.first_on
        case IndividualPrice():
            first = term.valid_from
    return first > today or isinstance(term, OneOffCharge)


def _tell(term: Model) -> None:
    if isinstance(term, Suspension):
        STOPPED.tell(term.organization_id)


def _locked(organization_id: int) -> Organization:
    return Organization.objects.select_for_update(no_key=True).get(pk=organization_id)


def open_charges_after(organization: Organization, day: date) -> list[OneOffCharge]:
    """Return the one-off charges of an organization after a date that no invoice states."""
    later = organization.one_off_charges.filter(
        day__gt=day, quantity__gt=0, is_invoiced_apart=False
    )
    charges = list(later.order_by("day", "pk"))
    invoiced = invoiced_charges(charges)
    return [each for each in charges if each.pk not in invoiced]


def invoiced_charges(charges: Sequence[OneOffCharge]) -> set[int]:
    """Return the ids of those one-off charges of an organization that invoices in force state."""
    if not charges:
        return set()
    days = {(each.currency, each.day) for each in charges}
    invoiced = invoiced_days(charges[0].organization_id, days)
    return {
        each.pk
        for each in charges
        if each.is_invoiced_apart or (each.currency, each.day) in invoiced
    }


def _term(model: type[Model], organization_id: int, term_id: int) -> Model:
    term = model._default_manager.filter(pk=term_id, organization=organization_id).first()
    if term is None:
        raise TermGone
    return term


@contextmanager
def _refusal_of_database(term: Model) -> Iterator[None]:
    """Turn what the database refuses of a one-off charge into a named refusal.

    Higher layers keep charges that their documents depend on.
    """
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        if isinstance(term, OneOffCharge):
            raise ChargeKept from error
        raise


def _refuse_if_invoiced(term: Model) -> None:
    if isinstance(term, OneOffCharge) and _is_invoiced(term):
        raise ChargeInvoiced


def _is_invoiced(term: OneOffCharge) -> bool:
    return is_invoiced(term.organization_id, term.currency, term.day)


def _refuse(term: Model) -> None:
    """Refuse a term that contradicts others or what is charged."""
    if isinstance(term, DatedTerm):
        _refuse_overlap(term)
    match term:
        case IndividualPrice():
            _refuse_price(term)
        case Minimum():
            _refuse_currency(term)
        case OneOffCharge():
            _refuse_day(term)


def _refuse_overlap(term: DatedTerm) -> None:
    if type(term) not in _SCOPES:
        return
    same = {name: getattr(term, name) for name in ("organization", *_SCOPES[type(term)])}
    others = type(term).objects.overlapping(term.first_on, term.last_on).exclude(pk=term.pk)
    other = others.filter(**same).first()
    if other:
        raise TermsOverlap(other)


def _refuse_price(price: IndividualPrice) -> None:
    own = IndividualPrice.objects.filter(organization=price.organization_id, tariff=price.tariff)
    others = own.exclude(pk=price.pk)
    if other := others.filter(valid_from=price.valid_from).first():
        raise PriceDateTaken(other)
    if price.amount is not None:
        return
    before = others.filter(valid_from__lt=price.valid_from).order_by("-valid_from").first()
    if before is None or before.amount is None:
        raise NothingToReturnFrom
    if not price.tariff.prices.filter(valid_from__lte=price.valid_from).exists():
        raise NoListPrice(price.tariff, price.valid_from)


def _refuse_day(charge: OneOffCharge) -> None:
    closed_on = charge.organization.closed_on
    if closed_on is not None and charge.day > closed_on:
        raise AfterClosing(closed_on)
    if _is_invoiced(charge):
        raise DayInvoiced(charge.day, charge.currency)


def _refuse_currency(minimum: Minimum) -> None:
    organization, currency = minimum.organization, minimum.currency
    in_currency = {"currency": currency}
    if (
        organization.tariffs.filter(**in_currency).exists()
        or organization.fees.filter(**in_currency).exists()
        or organization.usage_intervals.filter(ended_at=None, tariff__currency=currency).exists()
    ):
        return
    raise NothingInCurrency(currency)
