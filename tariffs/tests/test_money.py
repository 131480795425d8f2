"""Formatting amounts of money."""

from decimal import Decimal

import pytest
from babel.numbers import get_currency_precision
from django.template import Context, Template
from django.utils import translation
from iso4217 import Currency

from rating.money import minor_digits
from tariffs.currencies import currency_choices, offered_currencies
from tariffs.money import format_money

CODES = [code for code, _name in offered_currencies()]
WRONG_IN_BABEL = [code for code in CODES if get_currency_precision(code) != minor_digits(code)]


@pytest.mark.parametrize(
    ("amount", "currency", "language", "text"),
    [
        ("9", "EUR", "en", "EUR\xa09.00"),
        ("9.0000", "EUR", "en", "EUR\xa09.00"),
        ("0", "EUR", "en", "EUR\xa00.00"),
        ("1234567.5", "EUR", "en", "EUR\xa01,234,567.50"),
        ("-1.5", "EUR", "en", "-EUR\xa01.50"),
        ("1000", "JPY", "en", "JPY\xa01,000"),
        ("3", "KWD", "en", "KWD\xa03.000"),
        ("1", "UYW", "en", "UYW\xa01.0000"),
        ("1234.5", "EUR", "de", "1.234,50\xa0EUR"),
        ("1234.5", "EUR", "ru", "1\xa0234,50\xa0EUR"),
        ("1234.5", "EUR", "pt-br", "EUR\xa01.234,50"),
    ],
)
def test_amount_is_written_with_its_code(
    amount: str, currency: str, language: str, text: str
) -> None:
    assert format_money(Decimal(amount), currency, language) == text


@pytest.mark.parametrize(
    ("amount", "currency", "text"),
    [
        ("0.0125", "EUR", "EUR\xa00.0125"),
        ("9.1250", "EUR", "EUR\xa09.125"),
        ("0.5", "JPY", "JPY\xa00.5"),
        ("99999999.9999", "JPY", "JPY\xa099,999,999.9999"),
    ],
)
def test_price_finer_than_its_currency_is_shown_in_full(
    amount: str, currency: str, text: str
) -> None:
    assert format_money(Decimal(amount), currency, "en") == text


@pytest.mark.parametrize("currency", CODES)
def test_every_currency_has_the_digits_of_iso_4217(currency: str) -> None:
    digits = Currency(currency).exponent
    assert format_money(Decimal(0), currency, "en") == f"{currency}\xa0{Decimal(0):.{digits}f}"


@pytest.mark.parametrize(
    ("code", "label"),
    [
        ("EUR", "EUR – Euro"),
        ("BGN", "BGN – Bulgarian Lev (withdrawn)"),
        ("STN", "STN – Dobra (no XML invoices in UBL)"),
        ("XAD", "XAD – Arab Accounting Dinar (no XML invoices)"),
    ],
)
def test_a_choice_says_what_to_know_about_a_currency(code: str, label: str) -> None:
    assert dict(offered_currencies("BGN"))[code] == label


def test_a_withdrawn_currency_is_known_and_offered_only_if_it_was_chosen() -> None:
    assert "BGN" in dict(currency_choices())
    assert "BGN" not in dict(offered_currencies())
    assert "HRK" not in dict(offered_currencies("BGN"))


def test_babel_has_wrong_digits_for_some_currencies() -> None:
    """If this fails, Babel has been corrected, and our own table of digits is not needed."""
    assert {"IQD", "RSD", "AFN"} <= set(WRONG_IN_BABEL)


@pytest.mark.parametrize("currency", ["eur", "XXX", "", "EURO"])
def test_a_code_that_is_not_money_is_refused(currency: str) -> None:
    with pytest.raises(ValueError, match=r"valid Currency|minor unit"):
        format_money(Decimal(1), currency, "en")


def test_active_language_is_used_unless_another_is_given() -> None:
    with translation.override("de"):
        assert format_money(Decimal("9.5"), "EUR") == "9,50\xa0EUR"
        assert format_money(Decimal("9.5"), "EUR", "en") == "EUR\xa09.50"
    with translation.override(None):
        assert format_money(Decimal("9.5"), "EUR") == "EUR\xa09.50"


def test_template_tag_formats_money() -> None:
    template = Template("{% load money %}{% money amount currency %}")
    context = Context({"amount": Decimal("9.5"), "currency": "EUR"})
    assert template.render(context) == "EUR\xa09.50"
