"""Store and delete exchange rates. Issued documents keep the rates that they state."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from invoices.rates.ecb import BASE, SENDER, read_rates
from invoices.rates.models import ExchangeRate


class RateRefusal(Exception):
    """A rate is not stored; the text says why."""


class RateTaken(RateRefusal):
    """Another rate of the same currencies and date is stored."""

    def __init__(self, stored: ExchangeRate | None) -> None:
        super().__init__(stored)
        self.stored = stored

    def __str__(self) -> str:
        if self.stored is None:
            return _("Someone has just stored rates of the same dates. Check them and try again.")
        text = _(
            "A rate of the same currencies and date is stored already: %(rate)s (%(source)s). "
            "Delete it first if it is wrong."
        )
        return text % {"rate": self.stored, "source": self.stored.source}


def add_rate(*, base: str, currency: str, day: date, rate: Decimal, source: str) -> ExchangeRate:
    """Store a rate that somebody has entered.

    Raises:
        RateTaken: there is one of the same currencies and date.
    """
    pair = {base, currency}
    stored = ExchangeRate.objects.filter(day=day, base__in=pair, currency__in=pair).first()
    if stored:
        raise RateTaken(stored)
    try:
        with transaction.atomic():
            return ExchangeRate.objects.create(
                base=base, currency=currency, day=day, rate=rate, source=source
            )
    except IntegrityError:
        raise RateTaken(None) from None


def upload(*, content: bytes, today: date) -> int:
    """Store all rates of a file of the European Central Bank that are not stored yet, or none.

    Return how many they are. What is stored is not replaced.

    Raises:
        UnreadableRatesError: the file cannot be read whole.
        RateTaken: another rate of the same currencies and date is stored.
    """
    read = read_rates(content, today=today)
    days = {each.day for each in read}
    known = {
        (each.day, frozenset((each.base, each.currency))): each
        for each in ExchangeRate.objects.filter(day__in=days)
    }
    new = []
    for each in read:
        stored = known.get((each.day, frozenset((BASE, each.currency))))
        if stored is None:
            new.append(ExchangeRate(base=BASE, source=SENDER, **each._asdict()))
        elif (stored.base, stored.rate) != (BASE, each.rate):
            raise RateTaken(stored)
    try:
        with transaction.atomic():
            ExchangeRate.objects.bulk_create(new)
    except IntegrityError:
        raise RateTaken(None) from None
    return len(new)


def delete_rate(*, rate_id: int) -> None:
    """Delete a rate, if it is still there."""
    ExchangeRate.objects.filter(pk=rate_id).delete()
