"""Which tax applies when."""

from datetime import date
from decimal import Decimal

from organizations.models import TaxCategory
from organizations.taxes.spans import BEGINNING, DatedTax, spans_of

VAT = DatedTax(
    "VAT",
    TaxCategory.STANDARD,
    "",
    "",
    [(date(2026, 1, 1), Decimal(19)), (date(2026, 10, 16), Decimal(16))],
)
SAME = DatedTax("Same", TaxCategory.STANDARD, "", "", [(BEGINNING, Decimal(16))])
CHARITY = DatedTax("Charity", TaxCategory.EXEMPT, "Article 132", "VATEX-EU-132", [])
OCTOBER = date(2026, 10, 1), date(2026, 11, 1)


def spans(
    *choices: tuple[date | None, DatedTax | None],
) -> list[tuple[object, ...]]:
    """Return the first and last day of October, the name and the rate of each span."""
    return [
        (
            (span.start - OCTOBER[0]).days + 1,
            (span.end - OCTOBER[0]).days,
            span.terms.name if span.terms else "",
            span.terms.percent if span.terms else None,
        )
        for span in spans_of(choices, *OCTOBER)
    ]


def test_a_new_rate_cuts_the_period() -> None:
    assert spans((None, VAT)) == [(1, 15, "VAT", 19), (16, 31, "VAT", 16)]


def test_another_choice_cuts_the_period() -> None:
    chosen = spans((None, CHARITY), (date(2026, 10, 11), VAT))

    assert chosen == [(1, 10, "Charity", 0), (11, 15, "VAT", 19), (16, 31, "VAT", 16)]


def test_a_choice_that_changes_nothing_that_is_stated_cuts_nothing() -> None:
    chosen = spans((None, VAT), (date(2026, 10, 16), SAME), (date(2026, 10, 20), VAT))

    assert chosen == [(1, 15, "VAT", 19), (16, 31, "Same", 16)]


def test_changes_at_the_edges_of_the_period_or_outside_cut_nothing() -> None:
    choices = (date(2026, 9, 30), None), (date(2026, 10, 1), SAME), (date(2026, 11, 1), None)

    assert spans(*choices) == [(1, 31, "Same", 16)]


def test_before_the_first_choice_none_is_made() -> None:
    assert spans() == [(1, 31, "", None)]
    assert spans((date(2026, 10, 20), SAME)) == [(1, 19, "", None), (20, 31, "Same", 16)]
    assert spans((None, None), (date(2026, 10, 20), None)) == [(1, 31, "", None)]


def test_before_its_first_rate_a_tax_has_none() -> None:
    new = DatedTax("New", TaxCategory.STANDARD, "", "", [(date(2026, 10, 10), Decimal(5))])

    assert spans((None, new)) == [(1, 9, "New", None), (10, 31, "New", 5)]
