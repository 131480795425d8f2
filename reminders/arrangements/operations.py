"""Arrange with an organization about reminders: pauses, other terms, and promises to pay."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from foundation.web.versions import refuse_overwriting
from organizations.models import Organization
from reminders.models import Arrangement, PaymentPromise
from reminders.proposing import look_at
from reminders.refusals import ArrangementGone, Overlaps
from reminders.sending import defer_sending

Arranged = type[Arrangement] | type[PaymentPromise]

FIELDS: Mapping[Arranged, tuple[str, ...]] = {
    Arrangement: (
        "first_on",
        "last_on",
        "reason",
        "is_pause",
        "extra_days",
        "charges_fees",
        "charges_interest",
    ),
    PaymentPromise: ("currency", "first_on", "last_on", "amount", "note"),
}
"""The editable fields of each."""


def stored_values(row: Arrangement | PaymentPromise) -> dict[str, Any]:
    """Return the editable values as stored, by field name."""
    return {name: getattr(row, name) for name in FIELDS[type(row)]}


@transaction.atomic
def arrange(
    *, model: Arranged, organization_id: int, fields: Mapping[str, Any], now: datetime
) -> Arrangement | PaymentPromise:
    """Add an arrangement or a promise, and look at what is proposed.

    Raises:
        Overlaps: another one applies on some of its dates.
    """
    organization = _locked(organization_id)
    row = model(organization=organization, **fields)
    _save(row, now)
    return row


@transaction.atomic
def change(
    *,
    model: Arranged,
    organization_id: int,
    row_id: int,
    shown: str,
    fields: Mapping[str, Any],
    now: datetime,
) -> None:
    """Change an arrangement or a promise; `shown` is the version of its `stored_values`.

    Raises:
        ArrangementGone: it has been removed.
        EditedByOthers: somebody has changed a value since, to another than the given.
        Overlaps: as `arrange`.
    """
    _locked(organization_id)
    row = _row(model, organization_id, row_id)
    refuse_overwriting(shown=shown, stored=stored_values(row), given=fields)
    for name, value in fields.items():
        setattr(row, name, value)
    _save(row, now)


@transaction.atomic
def remove(*, model: Arranged, organization_id: int, row_id: int, now: datetime) -> None:
    """Remove an arrangement or a promise; the history keeps it.

    Raises:
        ArrangementGone: it has been removed already.
    """
    _locked(organization_id)
    _row(model, organization_id, row_id).delete()
    _look(organization_id, now)


def _locked(organization_id: int) -> Organization:
    return Organization.objects.select_for_update(no_key=True).get(pk=organization_id)


def _row(model: Arranged, organization_id: int, row_id: int) -> Any:
    row = model.objects.filter(pk=row_id, organization=organization_id).first()
    if row is None:
        raise ArrangementGone
    return row


def _save(row: Arrangement | PaymentPromise, now: datetime) -> None:
    others = type(row).objects.filter(organization=row.organization_id).exclude(pk=row.pk)
    if isinstance(row, PaymentPromise):
        others = others.filter(currency=row.currency)
    if other := others.filter(first_on__lte=row.last_on, last_on__gte=row.first_on).first():
        raise Overlaps(other)
    row.save()
    _look(row.organization_id, now)


def _look(organization_id: int, now: datetime) -> None:
    defer_sending(look_at(organization_id=organization_id, now=now), None)
