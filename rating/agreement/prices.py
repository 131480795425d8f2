"""Put the rules for prices together, in the order in which they apply."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from itertools import chain, pairwise
from typing import NamedTuple

from rating.agreement.discounts import Discounts
from rating.agreement.individual_prices import IndividualPrices
from rating.agreement.price import Price, PriceRule
from rating.agreement.terms import Agreement
from rating.agreement.volume import CameraMonths, ListPrices, VolumePrice
from rating.periods import Period, month_of
from rating.price_versions import PriceVersion
from rating.pricing import Segment, Terms

# What the rules take from an agreement.
_KINDS: Sequence[type] = (*IndividualPrices.KINDS, *Discounts.KINDS)


class SegmentPrices(NamedTuple):
    """How the price of a segment comes about, by its dates: it is the same amount on all of them.

    `discounted` has the gross price and the discount on it (BT-148, BT-147), if one applies to all
    dates.
    """

    parts: Sequence[tuple[Period, Price]]
    discounted: tuple[Decimal, Decimal] | None


# Compared by identity.
class TariffPrices:
    """What organizations pay for a tariff by date, and how it comes about: `parts`.

    Those that agreed the same about a tariff share this, and so its segments.
    """

    def __init__(self, parts: Sequence[tuple[Period, Price]], *, is_list: bool) -> None:
        """Take the parts in order of date, and whether no term concerns the tariff."""
        self.parts, self.is_list = parts, is_list
        self.versions: Sequence[PriceVersion] = [
            PriceVersion(dates.start, price.net) for dates, price in parts
        ]
        self._of_segments: dict[Segment, SegmentPrices] = {}

    def within(self, period: Period) -> list[tuple[Period, Price]]:
        """Return how the prices come about, by dates of a period in the calendar."""
        parts = ((dates.within(period), price) for dates, price in self.parts)
        return [(dates, price) for dates, price in parts if dates.days]

    def of_segment(self, segment: Segment) -> SegmentPrices:
        """Return how the price of a segment comes about."""
        known = self._of_segments.get(segment)
        if known is None:
            parts = self.within(segment.period)
            known = self._of_segments[segment] = SegmentPrices(parts, _discounted(parts))
        return known


KnownPrices = dict[tuple[Period, int, frozenset[object]], TariffPrices]
"""By dates of the calendar, tariff, and the terms that concern it."""


class AgreedPrices:
    """Determine what an organization pays for tariffs in the dates of `calendar`.

    `known` are the prices that organizations share; all of them have the same price lists.
    """

    def __init__(
        self,
        calendar: Period,
        agreement: Agreement,
        camera_months: CameraMonths | None,
        known: KnownPrices | None = None,
    ) -> None:
        """Prepare the rules. A tariff's prices are worked out when they are needed."""
        self._calendar = calendar
        self._camera_months = camera_months or {}
        self._rules: Sequence[PriceRule] = (
            ListPrices(camera_months),
            IndividualPrices(agreement),
            Discounts(agreement),
        )
        self._known = {} if known is None else known
        self._of_tariffs: dict[int, TariffPrices] = {}

    @staticmethod
    def terms_of(agreement: Agreement) -> frozenset[object]:
        """Return the terms that determine prices."""
        return frozenset(chain.from_iterable(map(agreement.of, _KINDS)))

    def of(self, terms: Terms) -> TariffPrices:
        """Return what is paid for a tariff."""
        found = self._of_tariffs.get(terms.tariff_id)
        if found is None:
            by_list, own, discounts = (rule.concerning(terms) for rule in self._rules)
            concerning = frozenset([*by_list, *own, *discounts])
            key = self._calendar, terms.tariff_id, concerning
            found = self._known.get(key)
            if found is None:
                parts = self._parts(terms, self._calendar)
                found = self._known[key] = TariffPrices(parts, is_list=not concerning)
            self._of_tariffs[terms.tariff_id] = found
        return found

    def _parts(self, terms: Terms, period: Period) -> list[tuple[Period, Price]]:
        by_list, *agreed = self._rules
        rules = [by_list, *(rule for rule in agreed if rule.concerning(terms))]
        candidates = {day for rule in rules for day in rule.changes(terms, period)}
        days = sorted({period.start, *filter(period.includes, candidates)})
        found: list[tuple[Period, Price]] = []
        for start, end in pairwise([*days, period.end]):
            price = Price()
            for rule in rules:
                price = rule.applied(price, terms, start)
            if found and found[-1][1] == price:
                start = found.pop()[0].start
            found.append((Period(start, end), price))
        return found

    def months_by_volume(self, terms: Mapping[int, Terms]) -> Iterator[date]:
        """Yield the months in which a tariff was used whose price depends on the volume."""
        for (tariff_id, month), used in self._camera_months.items():
            prices = self._parts(terms[tariff_id], month_of(month))
            if used and any(isinstance(price.basis, VolumePrice) for _, price in prices):
                yield month


def _discounted(parts: Sequence[tuple[Period, Price]]) -> tuple[Decimal, Decimal] | None:
    found = {(price.gross, price.discount) for _, price in parts}
    if len(found) > 1:
        return None
    ((gross, discount),) = found
    return None if gross is None or discount is None else (gross, discount)
