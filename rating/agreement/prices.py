"""Put the rules for prices together, in the order in which they apply."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import pairwise

from rating.agreement.discounts import Discounts
from rating.agreement.individual_prices import IndividualPrices
from rating.agreement.price import Price, PriceRule
from rating.agreement.terms import Agreement
from rating.agreement.volume import CameraMonths, ListPrices, VolumePrice
from rating.periods import Period, month_of
from rating.price_versions import PriceVersion
from rating.pricing import Terms


class AgreedPrices:
    """Determine what an organization pays for tariffs in the dates of `calendar`."""

    def __init__(
        self, calendar: Period, agreement: Agreement, camera_months: CameraMonths | None
    ) -> None:
        """Prepare the rules. A tariff's prices are worked out when they are needed."""
        self._calendar = calendar
        self._camera_months = camera_months or {}
        self._list = ListPrices(camera_months)
        self._agreed: Sequence[PriceRule] = (IndividualPrices(agreement), Discounts(agreement))
        self._known: dict[int, list[tuple[Period, Price]]] = {}

    def versions(self, terms: Terms) -> Sequence[PriceVersion]:
        """Return what is paid for a tariff, by date; its own prices if no term concerns it."""
        if not any(rule.concerns(terms) for rule in (self._list, *self._agreed)):
            return terms.prices
        return [PriceVersion(dates.start, price.net) for dates, price in self._all(terms)]

    def within(self, terms: Terms, period: Period) -> list[tuple[Period, Price]]:
        """Return how the prices of a tariff come about, by dates of a period in the calendar."""
        parts = ((dates.within(period), price) for dates, price in self._all(terms))
        return [(dates, price) for dates, price in parts if dates.days]

    def _all(self, terms: Terms) -> list[tuple[Period, Price]]:
        known = self._known.get(terms.tariff_id)
        if known is None:
            known = self._known[terms.tariff_id] = self._of(terms, self._calendar)
        return known

    def _of(self, terms: Terms, period: Period) -> list[tuple[Period, Price]]:
        rules = [self._list, *(rule for rule in self._agreed if rule.concerns(terms))]
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
            prices = self._of(terms[tariff_id], month_of(month))
            if used and any(isinstance(price.basis, VolumePrice) for _, price in prices):
                yield month
