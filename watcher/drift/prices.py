"""Price a month of one camera, as the statements of organizations do."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date
from decimal import Decimal
from fractions import Fraction

from django.db.models import Count

from organizations.agreement.reading import agreements_of_all
from rating.agreement.prices import AgreedPrices
from rating.agreement.terms import Agreement
from rating.agreement.volume import CameraMonths, has_steps
from rating.money import Amount, to_places
from rating.periods import Period
from rating.price_versions import price_on
from rating.pricing import Terms
from usage.models import UsageInterval
from usage.statements.price_list import all_tariffs

Pair = tuple[int, int]
"""An organization and a tariff, by id."""


def prices_of_a_month(pairs: Collection[Pair], day: date) -> dict[Pair, Amount]:
    """Return what a camera costs in a month at the prices of a date, by organization and tariff.

    Individual prices and discounts apply. A price that depends on volume is that of the cameras in
    use now. Trials, suspensions, fees and minimums are left aside. Without a price, there is none.
    """
    terms = {each.tariff_id: each for each in all_tariffs().terms}
    with_steps = {pk for pk, each in terms.items() if has_steps([each])}
    period = Period.since(day, day)
    agreements = agreements_of_all(list({pk for pk, _tariff in pairs}), period)
    volumes = _volumes([pair for pair in pairs if pair[1] in with_steps], day)
    of_list = {pk: price_on(each.prices, day) for pk, each in terms.items()}
    prices = {}
    for pair in pairs:
        organization_id, tariff_id = pair
        agreement = agreements[organization_id]
        if tariff_id in with_steps or agreement.terms:
            number = _agreed(terms[tariff_id], period, agreement, volumes[organization_id])
        else:
            number = of_list[tariff_id]
        if number is not None:
            prices[pair] = _rounded(number, terms[tariff_id])
    return prices


def _agreed(
    terms: Terms, period: Period, agreement: Agreement, camera_months: CameraMonths
) -> Decimal | None:
    return price_on(AgreedPrices(period, agreement, camera_months).of(terms).versions, period.start)


def _rounded(number: Decimal, terms: Terms) -> Amount:
    return Amount(to_places(Fraction(number), terms.digits), terms.currency)


def _volumes(pairs: Iterable[Pair], day: date) -> dict[int, CameraMonths]:
    """Return the camera-months of organizations if their present cameras are used all month."""
    month = day.replace(day=1)
    found: defaultdict[int, dict[tuple[int, date], Fraction]] = defaultdict(dict)
    organizations, tariffs = {pk for pk, _ in pairs}, {pk for _, pk in pairs}
    in_use = UsageInterval.objects.in_use().filter(
        organization__in=organizations, tariff__in=tariffs
    )
    counts = in_use.order_by().values_list("organization", "tariff").annotate(number=Count("pk"))
    for organization_id, tariff_id, number in counts:
        found[organization_id][tariff_id, month] = Fraction(number)
    return defaultdict(dict, found)
