"""Read what was agreed with organizations, as the values that pricing takes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from datetime import date
from functools import cache
from types import MappingProxyType
from typing import Any, NamedTuple

from django.db import models
from django.db.models import F, Min, Q, QuerySet, Value
from django.db.models.functions import Cast, Least

from foundation.fast_sql import FastQuery, written_as
from organizations.models import (
    AgreedKind,
    Discount,
    DiscountExemption,
    Fee,
    IndividualPrice,
    Minimum,
    OneOffCharge,
    Partnership,
    Suspension,
)
from organizations.partners.values import BilledTo, Customer
from rating.agreement import discounts, fees, individual_prices, minimums, one_off, terms
from rating.agreement.terms import Agreement
from rating.money import Amount
from rating.periods import Period

NOTHING_AGREED = Agreement()
_NOTHING_KNOWN: Mapping[int, Collection[str] | None] = MappingProxyType({})


class _Row(NamedTuple):
    """A term of any kind. What a kind does not have is None."""

    organization_id: int
    kind: str
    id: int
    # The tariff, or the other organization.
    other_id: int | None
    first_on: date
    last_on: date | None
    number: Any
    currency: Any
    text: Any
    in_trial: Any
    quantity: Any

    @property
    def dates(self) -> Period:
        return Period.since(self.first_on, self.last_on)

    @property
    def amount(self) -> Amount:
        return Amount(self.number, self.currency)


# Written by hand, as they are sent for each statement of an organization with terms. PostgreSQL
# takes longer to plan them than to answer them, so only those of its kinds are sent.
_OF_KINDS = {
    "price": """
        SELECT organization_id, 'price', id, tariff_id, valid_from, NULL::date, amount,
            NULL::text, NULL::text, NULL::boolean, NULL::numeric
        FROM organizations_individualprice
        WHERE organization_id = ANY(%(organization_ids)s::bigint[])
    """,
    "discount": """
        SELECT organization_id, 'discount', id, tariff_id, first_on, last_on, percent,
            NULL::text, NULL::text, NULL::boolean, NULL::numeric
        FROM organizations_discount WHERE organization_id = ANY(%(organization_ids)s::bigint[])
    """,
    "exemption": """
        SELECT organization_id, 'exemption', id, tariff_id, first_on, last_on, NULL::numeric,
            NULL::text, NULL::text, NULL::boolean, NULL::numeric
        FROM organizations_discountexemption
        WHERE organization_id = ANY(%(organization_ids)s::bigint[])
    """,
    "suspension": """
        SELECT organization_id, 'suspension', id, NULL::bigint, first_on, last_on, NULL::numeric,
            NULL::text, NULL::text, NULL::boolean, NULL::numeric
        FROM organizations_suspension
        WHERE organization_id = ANY(%(organization_ids)s::bigint[]) AND NOT is_charged
    """,
    "fee": """
        SELECT organization_id, 'fee', id, NULL::bigint, first_on, last_on, amount,
            currency, name, in_trial, NULL::numeric
        FROM organizations_fee WHERE organization_id = ANY(%(organization_ids)s::bigint[])
    """,
    "one_off": """
        SELECT organization_id, 'one_off', id, NULL::bigint, day, NULL::date, amount,
            currency, text, NULL::boolean, quantity
        FROM organizations_oneoffcharge WHERE organization_id = ANY(%(organization_ids)s::bigint[])
            AND day >= %(start)s AND day < %(end)s AND NOT is_invoiced_apart
    """,
    "minimum": """
        SELECT organization_id, 'minimum', id, NULL::bigint, first_on, last_on, amount,
            currency, NULL::text, NULL::boolean, NULL::numeric
        FROM organizations_minimum WHERE organization_id = ANY(%(organization_ids)s::bigint[])
    """,
    "customer": """
        SELECT partner_id, 'customer', own.id, organization_id, first_on,
            least(last_on, closed_on), NULL::numeric,
            NULL::text, NULL::text, NULL::boolean, NULL::numeric
        FROM organizations_partnership AS own
        JOIN organizations_organization AS partner ON partner.id = partner_id
        WHERE partner_id = ANY(%(organization_ids)s::bigint[])
            AND (closed_on IS NULL OR closed_on >= first_on)
    """,
    "billed_to": """
        SELECT organization_id, 'billed_to', own.id, partner_id, first_on,
            least(last_on, closed_on), EXTRACT(EPOCH FROM closed_at),
            NULL::text, NULL::text, NULL::boolean, NULL::numeric
        FROM organizations_partnership AS own
        JOIN organizations_organization AS partner ON partner.id = partner_id
        WHERE organization_id = ANY(%(organization_ids)s::bigint[])
            AND (closed_on IS NULL OR closed_on >= first_on)
    """,
}
ALL_KINDS = frozenset(_OF_KINDS)
_NO_DATE = Cast(Value(None), models.DateField())
_NO_NUMBER = Cast(Value(None), models.DecimalField(max_digits=20, decimal_places=4))
_NO_TEXT = Cast(Value(None), models.TextField())
_NO_TRUTH = Cast(Value(None), models.BooleanField())
# A partnership ends with its partner.
_UNTIL_CLOSING = Least("last_on", "partner__closed_on")
_CLOSED_AT = models.Func(
    F("partner__closed_at"),
    template="EXTRACT(EPOCH FROM %(expressions)s)",
    output_field=models.DecimalField(max_digits=20, decimal_places=6),
)
_NO_ID = Cast(Value(None), models.BigIntegerField())


def _rows_of_kind(
    kind: str, organization_ids: Collection[int], start: date, end: date
) -> QuerySet[Any, Any]:
    """Return a `_Row` for each term of a kind; one-off charges only of `[start, end)`."""

    def of(model: Any, *columns: Any, **conditions: Any) -> QuerySet[Any, Any]:
        rows = model.objects.order_by().filter(organization__in=organization_ids, **conditions)
        return rows.values_list("organization_id", Value(kind), "id", *columns)  # type: ignore[no-any-return]

    def partnerships(payer: str, other: str, number: Any) -> QuerySet[Any, Any]:
        rows = Partnership.objects.order_by().filter(
            Q(partner__closed_on=None) | Q(partner__closed_on__gte=F("first_on")),
            **{f"{payer}__in": organization_ids},
        )
        columns = "id", f"{other}_id", "first_on", _UNTIL_CLOSING, number
        return rows.values_list(f"{payer}_id", Value(kind), *columns, *nothing)

    nothing = (_NO_TEXT, _NO_TEXT, _NO_TRUTH, _NO_NUMBER)
    dates, money = ("first_on", "last_on"), ("amount", "currency")
    match kind:
        case "price":
            return of(IndividualPrice, "tariff_id", "valid_from", _NO_DATE, "amount", *nothing)
        case "discount":
            return of(Discount, "tariff_id", *dates, "percent", *nothing)
        case "exemption":
            return of(DiscountExemption, "tariff_id", *dates, _NO_NUMBER, *nothing)
        case "suspension":
            return of(Suspension, _NO_ID, *dates, _NO_NUMBER, *nothing, is_charged=False)
        case "fee":
            return of(Fee, _NO_ID, *dates, *money, "name", "in_trial", _NO_NUMBER)
        case "one_off":
            return of(
                *(OneOffCharge, _NO_ID, "day", _NO_DATE, *money),
                *("text", _NO_TRUTH, F("quantity")),
                day__gte=start,
                day__lt=end,
                is_invoiced_apart=False,
            )
        case "minimum":
            return of(Minimum, _NO_ID, *dates, *money, *nothing[1:])
        case "customer":
            return partnerships("partner", "organization", _NO_NUMBER)
        case "billed_to":
            return partnerships("organization", "partner", _CLOSED_AT)
    raise ValueError(kind)


@cache
def rows_of_kinds(kinds: frozenset[str]) -> FastQuery[Any]:
    """Return a query for the terms of kinds of organizations, each as a `_Row`."""

    def rows(organization_ids: Collection[int], start: date, end: date) -> QuerySet[Any, Any]:
        first, *others = (
            _rows_of_kind(kind, organization_ids, start, end) for kind in sorted(kinds)
        )
        return first.union(*others, all=True) if others else first

    return FastQuery(rows, " UNION ALL ".join(_OF_KINDS[kind] for kind in sorted(kinds)))


def _price(row: _Row) -> individual_prices.IndividualPrice:
    assert row.other_id is not None
    return individual_prices.IndividualPrice(row.other_id, row.first_on, row.number)


def _discount(row: _Row) -> discounts.Discount:
    return discounts.Discount(row.number, row.dates, row.other_id)


def _exemption(row: _Row) -> discounts.DiscountExemption:
    assert row.other_id is not None
    return discounts.DiscountExemption(row.other_id, row.dates)


def _suspension(row: _Row) -> terms.Suspension:
    return terms.Suspension(row.dates)


def _fee(row: _Row) -> fees.Fee:
    return fees.Fee(row.id, row.text, row.amount, row.dates, row.in_trial)


def _one_off(row: _Row) -> one_off.OneOffCharge:
    return one_off.OneOffCharge(row.id, row.text, row.first_on, row.quantity, row.amount)


def _minimum(row: _Row) -> minimums.Minimum:
    return minimums.Minimum(row.amount, row.dates)


def _customer(row: _Row) -> Customer:
    assert row.other_id is not None
    return Customer(row.other_id, row.dates)


def _billed_to(row: _Row) -> BilledTo:
    assert row.other_id is not None
    return BilledTo(row.other_id, row.dates, None if row.number is None else int(row.number))


_VALUES: Mapping[str, Callable[[_Row], object]] = {
    "price": _price,
    "discount": _discount,
    "exemption": _exemption,
    "suspension": _suspension,
    "fee": _fee,
    "one_off": _one_off,
    "minimum": _minimum,
    "customer": _customer,
    "billed_to": _billed_to,
}


def agreements_of_all(
    organization_ids: Collection[int],
    period: Period,
    kinds: Mapping[int, Collection[str] | None] = _NOTHING_KNOWN,
) -> dict[int, Agreement]:
    """Read the terms of organizations for a period; return them by id.

    `kinds` are the `AgreedKind`s of organizations, as far as they are known. Those of the others
    take one query, and the terms of all that have any another one. Organizations without terms have
    `NOTHING_AGREED`. Suspensions that are charged are left out.
    """
    unknown = [pk for pk in organization_ids if kinds.get(pk) is None]
    kinds = {**kinds, **_kinds_of(unknown)} if unknown else kinds
    found: dict[int, list[object]] = defaultdict(list)
    having = [pk for pk in organization_ids if kinds.get(pk)]
    if having:
        all_kinds = frozenset[str]().union(*(kinds[pk] or () for pk in having))
        for values in rows_of_kinds(all_kinds).rows(having, *period):
            row = _Row(*values)
            found[row.organization_id].append(_VALUES[row.kind](row))
    agreed: dict[int, Agreement] = defaultdict(lambda: NOTHING_AGREED)
    return agreed | {pk: Agreement(each) for pk, each in found.items()}


def agreement_of(
    organization_id: int, period: Period, kinds: Collection[str] | None = None
) -> Agreement:
    """Read the terms of an organization for a period; `kinds` are its `AgreedKind`s, if known."""
    if kinds is not None and not kinds:
        return NOTHING_AGREED
    return agreements_of_all([organization_id], period, {organization_id: kinds})[organization_id]


def _kinds_of(organization_ids: Collection[int]) -> Mapping[int, Collection[str]]:
    """Read the kinds of terms that organizations have or had; return them by id."""
    found: dict[int, set[str]] = defaultdict(set)
    for pk, kind in _kind_rows.rows(list(organization_ids)):
        found[pk].add(kind)
    return found


@written_as(
    """
    SELECT organization_id, kind FROM organizations_agreedkind
    WHERE organization_id = ANY(%(organization_ids)s::bigint[])
    """
)
def _kind_rows(organization_ids: Collection[int]) -> QuerySet[Any, Any]:
    """Return the ids of organizations with the kinds of terms that they have or had."""
    rows = AgreedKind.objects.filter(organization__in=organization_ids)
    return rows.values_list("organization_id", "kind")


def first_charged_on(organization_id: int) -> date | None:
    """Return the first date on which an organization can owe something without own usage."""
    firsts = [
        model.objects.filter(**{of: organization_id}).aggregate(first=Min(name))["first"]
        for model, of, name in (
            (Fee, "organization", "first_on"),
            (Minimum, "organization", "first_on"),
            (OneOffCharge, "organization", "day"),
            (Partnership, "partner", "first_on"),
        )
    ]
    return min(filter(None, firsts), default=None)


def ended(agreement: Agreement, last_on: date) -> Agreement:
    """Return the terms of an organization that closes: fees and minimums end on its last day."""
    end = Period.since(last_on, last_on).end
    return Agreement(
        [
            replace(each, dates=each.dates.within(Period(date.min, end)))
            if isinstance(each, (fees.Fee, minimums.Minimum))
            else each
            for each in agreement.terms
        ]
    )
