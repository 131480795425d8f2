"""Edge cases of terms that the examples in docs/pricing.md do not cover."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from rating.agreement.agreed import Agreed, PricedSchedules
from rating.agreement.bills import Bill, bills_of, whole_months
from rating.agreement.credits import CreditLine
from rating.agreement.discounts import Discount, DiscountExemption
from rating.agreement.fees import Fee
from rating.agreement.individual_prices import IndividualPrice
from rating.agreement.lines import Section
from rating.agreement.minimums import Minimum
from rating.agreement.one_off import OneOffCharge
from rating.agreement.price import Price
from rating.agreement.terms import Agreement, Suspension
from rating.agreement.volume import VolumeCount, VolumePrice, has_steps
from rating.line_sums import LineSums
from rating.money import Amount
from rating.periods import Period, ZoneVersion, epoch
from rating.price_versions import PriceVersion, VolumeStep
from rating.pricing import Counted, Schedule, Terms, Unit, VolumeNotCountedError

SEPTEMBER = Period.inclusive(date(2026, 9, 1), date(2026, 9, 30))
ALWAYS = Period.since(date(2026, 1, 1))
LATER = datetime(2027, 1, 1, tzinfo=UTC)
NINE = PriceVersion(date(2026, 1, 1), Decimal("9.00"))
STEPPED = NINE._replace(
    steps=(VolumeStep(Decimal(3), Decimal(7)), VolumeStep(Decimal(2), Decimal(8)))
)
THROUGHOUT = "2026-09-01", None


def at(text: str) -> int:
    return epoch(datetime.fromisoformat(text).replace(tzinfo=UTC))


def september(first: int, last: int | None) -> Period:
    return Period.since(date(2026, 9, first), date(2026, 9, last) if last else None)


def euros(number: str) -> Amount:
    return Amount(Decimal(number), "EUR")


def agreed_on(
    *agreement: object,
    cameras: Sequence[tuple[str, str | None]] = (),
    prices: Sequence[PriceVersion] = (NINE,),
    period: Period = SEPTEMBER,
    trial: Period | None = None,
    as_of: datetime = LATER,
    unit: Unit = Unit.SECOND,
    cuts: Sequence[date] = (),
) -> tuple[Agreed, list[Bill]]:
    """Bill cameras on tariff 1; return what was asked, and the bills."""
    shared = Schedule(
        zones=ZoneVersion.always(ZoneInfo("UTC")),
        period=period,
        as_of=epoch(as_of),
        trial=None,
        terms=[Terms(1, "EUR", 2, unit, prices)],
        cuts=cuts,
    )
    usages = [
        (number, 1, at(start), at(end) if end else None)
        for number, (start, end) in enumerate(cameras)
    ]
    camera_months = None
    if has_steps(shared.terms.values()):
        count = VolumeCount(shared)
        count.add_all(usages)
        camera_months = count.camera_months()
    agreed = Agreed.of(
        shared, trial=trial, agreement=Agreement(agreement), camera_months=camera_months
    )
    sums = LineSums()
    sums.add_all(agreed.schedule.pieces(usages, Counted()))
    return agreed, bills_of(agreed, sums.values())


def bill_on(*agreement: object, **asked: Any) -> Bill:
    (bill,) = agreed_on(*agreement, **asked)[1]
    return bill


def totals_on(*agreement: object, **asked: Any) -> list[Amount]:
    return [bill.total for bill in agreed_on(*agreement, **asked)[1]]


def lines_in(section: Section, *agreement: object, **asked: Any) -> list[Any]:
    _agreed, bills = agreed_on(*agreement, **asked)
    return [line for bill in bills for line in bill.section(section)]


class TestPrices:
    """Individual prices, discounts, volume."""

    def usage(self, *agreement: object, **asked: Any) -> list[Any]:
        return lines_in(Section.USAGE, *agreement, cameras=[THROUGHOUT], **asked)

    def test_an_individual_price_of_another_tariff_changes_nothing(self) -> None:
        (line,) = self.usage(IndividualPrice(2, date(2026, 9, 1), Decimal(1)))
        assert line.minor == 900

    def test_an_individual_price_counts_without_a_list_price(self) -> None:
        own = IndividualPrice(1, date(2026, 9, 11), Decimal(12))
        unpriced, priced = self.usage(own, prices=[])
        assert (unpriced.is_unpriced, priced.is_unpriced, priced.minor) == (True, False, 800)

    def test_an_individual_price_of_zero_is_a_price(self) -> None:
        (line,) = self.usage(IndividualPrice(1, date(2026, 9, 1), Decimal(0)))
        assert (line.minor, line.is_unpriced, line.discounted) == (0, False, None)

    def test_an_individual_price_replaces_volume_steps(self) -> None:
        own = IndividualPrice(1, date(2026, 1, 1), Decimal(20))
        asked, bills = agreed_on(own, cameras=[THROUGHOUT] * 3, prices=[STEPPED])
        assert [bill.total for bill in bills] == [euros("60.00")]
        assert whole_months(asked) == set()

    def test_a_line_states_its_gross_price_and_discount(self) -> None:
        (line,) = self.usage(Discount(Decimal("12.5"), ALWAYS))
        assert line.discounted == (Decimal("9.00"), Decimal("1.125"))
        assert line.sum.segment.rate.price == Decimal("7.875")

    def test_a_line_with_two_discounts_that_come_to_the_same_states_none(self) -> None:
        terms = [
            Discount(Decimal(10), september(1, 10)),
            IndividualPrice(1, date(2026, 9, 11), Decimal("8.10")),
        ]
        (line,) = self.usage(*terms)
        assert line.minor == 810
        assert [dates for dates, _price in line.prices] == [september(1, 10), september(11, 30)]
        assert line.discounted is None

    def test_the_own_discount_of_an_exempt_tariff_stays(self) -> None:
        terms = [
            Discount(Decimal(50), ALWAYS),
            Discount(Decimal(10), ALWAYS, 1),
            DiscountExemption(1, ALWAYS),
        ]
        (line,) = self.usage(*terms)
        assert line.minor == 810

    def test_an_exemption_of_another_tariff_changes_nothing(self) -> None:
        (line,) = self.usage(Discount(Decimal(50), ALWAYS), DiscountExemption(2, ALWAYS))
        assert line.minor == 450

    def test_a_discount_on_another_tariff_changes_nothing(self) -> None:
        (line,) = self.usage(Discount(Decimal(50), ALWAYS, 2))
        assert line.minor == 900

    def test_a_discount_of_everything_leaves_a_price_of_zero(self) -> None:
        (line,) = self.usage(Discount(Decimal(100), ALWAYS))
        assert (line.minor, line.is_unpriced) == (0, False)
        assert line.discounted == (Decimal("9.00"), Decimal("9.00"))

    def test_a_bound_is_the_first_value_of_its_step(self) -> None:
        asked, (bill,) = agreed_on(cameras=[THROUGHOUT] * 3, prices=[STEPPED])
        assert bill.total == euros("21.00")
        (line,) = bill.section(Section.USAGE)
        ((_dates, price),) = line.prices  # type: ignore[attr-defined]
        assert price.basis == VolumePrice(STEPPED, STEPPED.steps[0], Fraction(3))
        assert whole_months(asked) == {date(2026, 9, 1)}

    def test_below_the_first_bound_the_first_amount_counts(self) -> None:
        (line,) = self.usage(prices=[STEPPED])
        assert line.minor == 900
        assert line.prices[0][1].basis == VolumePrice(STEPPED, None, Fraction(1))

    def test_the_step_of_a_month_does_not_depend_on_the_period(self) -> None:
        cameras = [("2026-09-01", "2026-09-16"), THROUGHOUT, ("2026-09-16", None)]
        parts = [
            bill_on(cameras=cameras, prices=[STEPPED], period=period).total.number
            for period in (september(1, 15), september(16, 30))
        ]
        assert sum(parts) == bill_on(cameras=cameras, prices=[STEPPED]).total.number
        assert parts == [Decimal("8.00"), Decimal("8.00")]

    def test_each_month_has_its_own_step(self) -> None:
        period = Period.inclusive(date(2026, 9, 1), date(2026, 10, 31))
        cameras = [THROUGHOUT, ("2026-10-01", None)]
        lines = lines_in(Section.USAGE, cameras=cameras, prices=[STEPPED], period=period)
        assert [line.minor for line in lines] == [900, 1600]

    def test_use_that_has_ended_does_not_continue(self) -> None:
        cameras = [("2026-09-01", "2026-09-15"), THROUGHOUT]
        as_of = datetime(2026, 9, 16, tzinfo=UTC)
        lines = lines_in(Section.USAGE, cameras=cameras, prices=[STEPPED], as_of=as_of)
        assert [line.sum.segment.rate.price for line in lines] == [Decimal("9.00")]

    def test_use_that_ends_later_continues_as_of_an_earlier_instant(self) -> None:
        cameras = [("2026-09-01", "2026-09-17"), THROUGHOUT, ("2026-09-16", None)]
        as_of = datetime(2026, 9, 16, tzinfo=UTC)
        lines = lines_in(Section.USAGE, cameras=cameras, prices=[STEPPED], as_of=as_of)
        # The third camera starts as of that instant and does not count.
        assert [line.sum.segment.rate.price for line in lines] == [Decimal(8)]

    def test_use_that_starts_or_ends_as_of_the_instant_does_not_continue(self) -> None:
        cameras = [("2026-09-01", "2026-09-16"), THROUGHOUT, ("2026-09-16", None)]
        as_of = datetime(2026, 9, 16, tzinfo=UTC)
        (line,) = lines_in(Section.USAGE, cameras=cameras, prices=[STEPPED], as_of=as_of)
        ((_dates, price),) = line.prices
        assert price.basis == VolumePrice(STEPPED, None, Fraction(3, 2))

    def test_use_does_not_continue_after_a_closing(self) -> None:
        shared = Schedule(
            zones=ZoneVersion.always(ZoneInfo("UTC")),
            period=SEPTEMBER,
            as_of=epoch(LATER),
            trial=None,
            terms=[Terms(1, "EUR", 2, Unit.SECOND, [STEPPED])],
        ).with_usage_until(at("2026-09-16"))
        count = VolumeCount(shared)
        count.add_all([(1, 1, at("2026-09-01"), None), (2, 1, at("2026-09-01"), at("2026-09-20"))])
        assert count.camera_months() == {(1, date(2026, 9, 1)): Fraction(1)}

    def test_a_line_says_what_its_price_comes_from(self) -> None:
        (line,) = self.usage()
        assert line.prices == [(SEPTEMBER, Price(Decimal("9.00"), NINE))]
        own = IndividualPrice(1, date(2026, 9, 1), Decimal(8))
        (line,) = self.usage(own, Discount(Decimal(10), september(30, None), 2))
        assert line.prices == [(SEPTEMBER, Price(Decimal(8), own))]
        (line,) = self.usage(Discount(Decimal(10), Period.since(date(2026, 11, 1))))
        assert line.prices == [(SEPTEMBER, Price(Decimal("9.00"), NINE, Decimal(0)))]

    def test_in_a_month_without_use_the_first_step_counts(self) -> None:
        asked, _bills = agreed_on(prices=[STEPPED])
        ((_dates, price),) = asked.prices.of(asked.schedule.terms[1]).within(SEPTEMBER)
        assert price == Price(Decimal("9.00"), VolumePrice(STEPPED, None, Fraction(0)))

    @pytest.mark.parametrize("unit", [Unit.DAY, Unit.BEGUN_DAY])
    def test_the_volume_is_counted_by_the_proration_of_the_tariff(self, unit: Unit) -> None:
        cameras = [("2026-09-01T12:00", None), THROUGHOUT]
        assert bill_on(cameras=cameras, prices=[STEPPED], unit=unit).total == euros("16.00")

    def test_a_schedule_refuses_steps_whose_volume_was_not_counted(self) -> None:
        shared = Schedule(
            zones=ZoneVersion.always(ZoneInfo("UTC")),
            period=SEPTEMBER,
            as_of=epoch(LATER),
            trial=None,
            terms=[Terms(1, "EUR", 2, Unit.SECOND, [STEPPED])],
        )
        discounted = Agreed.of(
            shared, trial=None, agreement=Agreement([Discount(Decimal(1), ALWAYS)])
        )
        for schedule in (shared, discounted.schedule):
            with pytest.raises(VolumeNotCountedError, match="Tariff 1 has volume steps"):
                list(schedule.charges([(1, 1, at("2026-09-01"), None)]))

    def test_volume_used_outside_the_period_makes_the_month_whole(self) -> None:
        cameras = [("2026-09-20", None)]
        asked, _bills = agreed_on(cameras=cameras, prices=[STEPPED], period=september(1, 15))
        assert whole_months(asked) == {date(2026, 9, 1)}

    def test_steps_of_an_unused_tariff_do_not_matter(self) -> None:
        asked, _bills = agreed_on(prices=[STEPPED])
        assert whole_months(asked) == set()

    def test_segments_of_a_tariff_that_no_term_concerns_are_shared(self) -> None:
        shared = Schedule(
            zones=ZoneVersion.always(ZoneInfo("UTC")),
            period=SEPTEMBER,
            as_of=epoch(LATER),
            trial=None,
            terms=[Terms(tariff, "EUR", 2, Unit.SECOND, [NINE]) for tariff in (1, 2)],
        )
        own = Agreement([Discount(Decimal(10), ALWAYS, 1), Suspension(september(1, 3))])
        schedule = Agreed.of(shared, trial=None, agreement=own).schedule

        assert schedule.segments(2) == shared.segments(2)
        assert schedule.segments(1) != shared.segments(1)


class TestSharedPrices:
    """Organizations whose prices were agreed alike."""

    def agreed(
        self, shared: Schedule, known: PricedSchedules, *own: object, **asked: Any
    ) -> Agreed:
        terms = Agreement((Discount(Decimal(10), ALWAYS), *own))
        return Agreed.of(shared, **{"trial": None, **asked}, agreement=terms, known=known)

    def shared(self, *prices: PriceVersion) -> Schedule:
        return Schedule(
            zones=ZoneVersion.always(ZoneInfo("UTC")),
            period=SEPTEMBER,
            as_of=epoch(LATER),
            trial=None,
            terms=[Terms(1, "EUR", 2, Unit.SECOND, prices or [NINE])],
        )

    def test_they_share_segments_whatever_else_was_agreed(self) -> None:
        shared, known = self.shared(), PricedSchedules()
        one = self.agreed(shared, known)
        other = self.agreed(
            shared,
            known,
            Fee(1, "Service", euros("20"), ALWAYS),
            Suspension(september(1, 3)),
            trial=september(4, 6),
        )

        assert other.schedule.segments(1) == one.schedule.segments(1)
        assert not one.schedule.free_time
        charges = [next(each.schedule.charges([(1, 1, 0, None)])) for each in (one, other)]
        days = [(each.trial // 86_400, each.suspended // 86_400) for each in charges]
        assert days == [(0, 0), (3, 3)]

    @pytest.mark.parametrize(
        "own",
        [
            IndividualPrice(1, date(2026, 9, 1), Decimal(8)),
            Discount(Decimal(20), ALWAYS, 1),
            DiscountExemption(1, september(1, 3)),
        ],
        ids=lambda own: type(own).__name__,
    )
    def test_others_have_segments_of_their_own(self, own: object) -> None:
        shared, known = self.shared(), PricedSchedules()
        alike = self.agreed(shared, known).schedule

        assert alike.segments(1) != self.agreed(shared, known, own).schedule.segments(1)

    def test_they_share_segments_of_a_tariff_about_which_they_agreed_alike(self) -> None:
        shared, known = self.shared(), PricedSchedules()
        one = self.agreed(shared, known)
        other = self.agreed(shared, known, IndividualPrice(2, date(2026, 9, 1), Decimal(8)))

        assert other.schedule is not one.schedule
        assert other.schedule.segments(1) == one.schedule.segments(1)
        assert other.prices_of(other.schedule.segments(1)[0]) == one.prices_of(
            one.schedule.segments(1)[0]
        )

    def test_segments_of_one_amount_are_not_shared_if_it_comes_about_differently(self) -> None:
        shared, known = self.shared(), PricedSchedules()
        own = IndividualPrice(1, date(2026, 1, 1), NINE.amount)
        (listed,), (individual,) = (
            each.schedule.segments(1)
            for each in (self.agreed(shared, known), self.agreed(shared, known, own))
        )

        assert listed.rate.price == individual.rate.price
        assert listed != individual

    def test_prices_by_volume_are_not_shared(self) -> None:
        shared, known = self.shared(STEPPED), PricedSchedules()
        months = [Fraction(1), Fraction(2)]
        prices = [
            self.agreed(shared, known, camera_months={(1, date(2026, 9, 1)): each})
            .schedule.segments(1)[0]
            .rate.price
            for each in months
        ]

        assert prices[0] != prices[1]


class TestFees:
    """Fees by dates."""

    def fees(self, *agreement: object, **asked: Any) -> list[Any]:
        return lines_in(Section.FEES, *agreement, **asked)

    def test_a_fee_of_a_whole_month_is_its_amount(self) -> None:
        (line,) = self.fees(Fee(1, "Service", euros("20"), ALWAYS))
        assert (line.minor, line.dates, line.days, line.month_days) == (2000, SEPTEMBER, 30, 30)

    def test_a_fee_is_rounded_cumulatively_where_it_is_cut(self) -> None:
        fee = Fee(1, "Service", euros("0.10"), ALWAYS)
        lines = self.fees(fee, cuts=[date(2026, 9, 8), date(2026, 9, 16)])
        # 7, 15 and 30 dates come to 0.0233, 0.05 and 0.10.
        assert [(line.before, line.minor_before, line.minor) for line in lines] == [
            (0, 0, 2),
            (7, 2, 3),
            (15, 5, 5),
        ]

    def test_dates_before_the_period_are_counted_with_it(self) -> None:
        (line,) = self.fees(Fee(1, "Service", euros("0.10"), ALWAYS), period=september(8, 15))
        assert (line.before, line.days, line.minor) == (7, 8, 3)

    def test_each_month_is_a_line(self) -> None:
        period = Period.inclusive(date(2026, 9, 16), date(2026, 11, 1))
        lines = self.fees(Fee(1, "Service", euros("31"), ALWAYS), period=period)
        assert [(line.month.month, line.days, line.minor) for line in lines] == [
            (9, 15, 1550),
            (10, 31, 3100),
            (11, 1, 103),
        ]

    @pytest.mark.parametrize(
        ("instant", "days"), [("2026-09-10T00:00", 9), ("2026-09-10T00:00:01", 10)]
    )
    def test_a_date_counts_once_it_has_begun(self, instant: str, days: int) -> None:
        as_of = datetime.fromisoformat(instant).replace(tzinfo=UTC)
        (line,) = self.fees(Fee(1, "Service", euros("30"), ALWAYS), as_of=as_of)
        assert (line.days, line.minor) == (days, days * 100)

    def test_before_the_period_begins_nothing_is_charged(self) -> None:
        terms = [Fee(1, "Service", euros("30"), ALWAYS), Minimum(euros("1"), ALWAYS)]
        assert totals_on(*terms, as_of=datetime(2026, 8, 1, tzinfo=UTC)) == []

    def test_a_fee_without_a_charged_date_is_not_shown(self) -> None:
        fee = Fee(1, "Service", euros("30"), september(1, 5))
        assert self.fees(fee, trial=september(1, 10)) == []
        assert self.fees(fee, period=september(6, 30)) == []

    def test_a_discount_does_not_apply_to_fees_charges_and_the_minimum(self) -> None:
        terms = [
            Discount(Decimal(50), ALWAYS),
            Fee(1, "Service", euros("30"), ALWAYS),
            OneOffCharge(1, "Router", date(2026, 9, 1), Decimal(1), euros("5")),
            Minimum(euros("40"), ALWAYS),
        ]
        assert totals_on(*terms) == [euros("45.00")]


class TestOneOffChargesAndCredits:
    """One-off charges, and what credits take off."""

    def charge(self, quantity: str, each: str, day: int = 12, number: int = 1) -> OneOffCharge:
        return OneOffCharge(
            number, f"No. {number}", date(2026, 9, day), Decimal(quantity), euros(each)
        )

    @pytest.mark.parametrize(
        ("quantity", "minor"), [("1", 1), ("-1", -1), ("1.4", 1), ("-1.4", -1), ("0", 0)]
    )
    def test_halves_are_rounded_away_from_zero(self, quantity: str, minor: int) -> None:
        assert self.charge(quantity, "0.005").minor == minor

    def test_a_charge_of_another_period_is_left_out(self) -> None:
        charge = self.charge("1", "5", day=30)
        assert totals_on(charge, period=september(1, 29)) == []
        assert totals_on(charge, as_of=datetime(2026, 9, 30, tzinfo=UTC)) == []
        assert totals_on(charge) == [euros("5.00")]

    def test_credits_are_deducted_in_order_of_date(self) -> None:
        terms = [
            self.charge("-1", "6", day=20, number=1),
            self.charge("-1", "7", day=10, number=2),
            self.charge("-1", "2", day=10, number=3),
            self.charge("1", "10", day=30, number=4),
        ]
        bill = bill_on(*terms)
        found = [
            (line.credit.id, line.available, line.deducted, line.left)  # type: ignore[attr-defined]
            for line in bill.section(Section.CREDITS)
        ]
        assert found == [(2, 700, 700, 0), (3, 200, 200, 0), (1, 600, 100, 500)]
        assert bill.total == euros("0.00")
        assert bill.charged == 1000
        assert bill.has_charges

    def test_credits_of_a_date_are_deducted_in_order_of_their_ids(self) -> None:
        terms = [
            self.charge("-1", "6", number=3),
            self.charge("-1", "7", number=2),
            self.charge("1", "10", number=1),
        ]
        lines = lines_in(Section.CREDITS, *terms)
        assert [(line.credit.id, line.left) for line in lines] == [(2, 0), (3, 300)]

    def test_credits_are_deducted_in_each_month_on_its_own(self) -> None:
        period = Period.inclusive(date(2026, 8, 1), date(2026, 9, 30))
        august = OneOffCharge(5, "Cable", date(2026, 8, 3), Decimal(1), euros("4"))
        terms = [august, self.charge("-1", "10", number=2), self.charge("1", "3", number=3)]

        bill = bill_on(*terms, period=period)
        months = bill.by_month()

        assert bill.sum_of(Section.ONE_OFF) == euros("7.00")
        assert bill.sum_of(Section.CREDITS) == euros("-7.00")
        assert {month: each.total for month, each in months.items()} == {
            date(2026, 8, 1): euros("4.00"),
            date(2026, 9, 1): euros("0.00"),
        }
        (credit,) = months[date(2026, 9, 1)].section(Section.CREDITS)
        assert isinstance(credit, CreditLine)
        assert (credit.deducted, credit.left, credit.carried_on) == (300, 700, date(2026, 10, 1))

    def test_a_credit_alone_is_nothing_to_invoice(self) -> None:
        bill = bill_on(self.charge("-1", "5"))
        assert (bill.total, bill.has_charges, bill.is_complete) == (euros("0.00"), False, True)

    def test_a_credit_is_deducted_in_its_own_currency_only(self) -> None:
        credit = OneOffCharge(1, "Outage", date(2026, 9, 1), Decimal(-1), Amount(Decimal(5), "USD"))
        bills = agreed_on(credit, cameras=[THROUGHOUT])[1]
        assert [(bill.currency, bill.total.number) for bill in bills] == [
            ("EUR", Decimal("9.00")),
            ("USD", Decimal("0.00")),
        ]

    def test_a_credit_is_deducted_from_the_minimum_too(self) -> None:
        terms = [Minimum(euros("30"), ALWAYS), self.charge("-1", "20")]
        assert totals_on(*terms, cameras=[THROUGHOUT]) == [euros("10.00")]


class TestMinimums:
    """What months fall short of."""

    def minimums(self, *agreement: object, **asked: Any) -> list[Any]:
        return lines_in(Section.MINIMUM, *agreement, **asked)

    def test_a_minimum_that_is_reached_charges_nothing(self) -> None:
        (line,) = self.minimums(Minimum(euros("9"), ALWAYS), cameras=[THROUGHOUT])
        assert (line.minor, line.reached) == (0, 900)

    def test_minimums_of_one_month_are_rounded_together(self) -> None:
        terms = [
            Minimum(euros("0.10"), september(16, None)),
            Minimum(euros("0.09"), september(1, 15)),
        ]
        (line,) = self.minimums(*terms)
        # 0.045 and 0.05 come to 0.095.
        assert line.minimum == 10
        assert [(each.dates, days) for each, days in line.parts] == [
            (september(1, 15), 15),
            (september(16, None), 15),
        ]

    def test_only_whole_months_that_are_over_have_a_minimum(self) -> None:
        term = Minimum(euros("30"), ALWAYS)
        assert self.minimums(term, period=september(1, 29)) == []
        assert self.minimums(term, period=september(2, 30)) == []
        assert self.minimums(term, as_of=datetime(2026, 9, 30, 23, 59, 59, tzinfo=UTC)) == []
        assert len(self.minimums(term, as_of=datetime(2026, 10, 1, tzinfo=UTC))) == 1

    def test_each_month_of_a_period_is_compared_by_itself(self) -> None:
        period = Period.inclusive(date(2026, 8, 31), date(2026, 11, 1))
        cameras = [("2026-09-01", "2026-10-01")]
        lines = self.minimums(Minimum(euros("10"), ALWAYS), period=period, cameras=cameras)
        assert [(line.dates.start.month, line.minor) for line in lines] == [(9, 100), (10, 1000)]

    def test_an_unpriced_charge_of_the_month_holds_its_minimum_back(self) -> None:
        late = [PriceVersion(date(2026, 9, 2), Decimal(9))]
        terms = [Minimum(euros("30"), ALWAYS), Minimum(Amount(Decimal(7), "USD"), ALWAYS)]
        lines = self.minimums(*terms, prices=late, cameras=[THROUGHOUT])
        assert [line.currency for line in lines] == ["USD"]
        bills = agreed_on(*terms, prices=late, cameras=[THROUGHOUT])[1]
        assert [bill.is_complete for bill in bills] == [False, True]

    def test_a_month_without_a_charged_date_has_no_minimum(self) -> None:
        term = Minimum(euros("30"), ALWAYS)
        assert self.minimums(term, Suspension(september(1, 30))) == []

    def test_a_month_with_a_minimum_is_invoiced_as_a_whole(self) -> None:
        period = Period.inclusive(date(2026, 9, 5), date(2026, 11, 3))
        term = Minimum(euros("30"), Period.inclusive(date(2026, 10, 31), date(2026, 11, 1)))
        asked, _bills = agreed_on(term, period=period)
        assert whole_months(asked) == {date(2026, 10, 1), date(2026, 11, 1)}
