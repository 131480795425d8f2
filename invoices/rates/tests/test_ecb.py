"""Tests of reading the files of the European Central Bank."""

from datetime import date
from decimal import Decimal

import pytest

from invoices.rates.ecb import ReadRate, UnreadableRatesError, read_rates
from invoices.rates.tests.files import a_file

TODAY = date(2026, 11, 2)


def test_reads_the_rates_of_a_day() -> None:
    content = a_file({"2026-10-30": {"USD": "1.0812", "JPY": "171.33"}})

    assert read_rates(content, today=TODAY) == [
        ReadRate(date(2026, 10, 30), "USD", Decimal("1.0812")),
        ReadRate(date(2026, 10, 30), "JPY", Decimal("171.33")),
    ]


def test_reads_several_days_whatever_the_prefixes_of_names() -> None:
    content = a_file({"2026-10-30": {"USD": "1.0812"}, "2026-10-29": {"USD": "1.0795"}})
    prefixed = content.replace(b"<Cube", b"<e:Cube").replace(b"</Cube", b"</e:Cube")
    prefixed = prefixed.replace(b' xmlns="', b' xmlns:e="')

    assert [str(each.rate) for each in read_rates(content, today=TODAY)] == ["1.0812", "1.0795"]
    assert read_rates(prefixed, today=TODAY) == read_rates(content, today=TODAY)


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (b"", "not complete XML"),
        (a_file({"2026-10-30": {"USD": "1.0812"}})[:-20], "not complete XML"),
        (b"<Document/>", "not a file of the European Central Bank"),
        (a_file({"2026-10-30": {"USD": "1"}}, sender="My Bank"), "not a file of the European"),
        (a_file({}), "without a date, or none"),
        (a_file({"2026-10-30": {}}), "no rates for 30 Oct 2026"),
        (a_file({"2026-13-01": {"USD": "1"}}), "not a date: “2026-13-01”"),
        (a_file({"2026-11-03": {"USD": "1"}}), "3 Nov 2026, which is still to come"),
        (a_file({"2026-10-30": {"USD": "-1.08"}}), "cannot be read: “USD -1.08”"),
        (a_file({"2026-10-30": {"USD": "0.000"}}), "cannot be read: “USD 0.000”"),
        (a_file({"2026-10-30": {"USD": "N/A"}}), "cannot be read: “USD N/A”"),
        (a_file({"2026-10-30": {"USD": "1e3"}}), "cannot be read: “USD 1e3”"),
        (a_file({"2026-10-30": {"EUR": "1"}}), "cannot be read: “EUR 1”"),
        (a_file({"2026-10-30": {"usd": "1"}}), "cannot be read: “usd 1”"),
        (
            a_file({"2026-10-30": {"USD": "1"}}).replace(
                b"</Cube></Cube>", b"<Cube currency='USD' rate='2'/></Cube></Cube>"
            ),
            "two rates for USD of 30 Oct 2026",
        ),
        (
            a_file({"2026-10-30": {"USD": "1"}}).replace(b"time='2026-10-30'", b"", 1),
            "without a date, or none",
        ),
        (
            a_file({"2026-10-30": {"USD": "1"}}).replace(
                b"</gesmes:Envelope>",
                b"<Cube><Cube><Cube currency='USD' rate='2'/></Cube></Cube></gesmes:Envelope>",
            ),
            "without a date, or none",
        ),
    ],
)
def test_refuses_what_is_not_whole_and_says_why(content: bytes, text: str) -> None:
    with pytest.raises(UnreadableRatesError) as caught:
        read_rates(content, today=TODAY)

    assert text in str(caught.value)


def test_reads_no_entities_of_a_file() -> None:
    content = a_file({"2026-10-30": {"USD": "1.0812"}}, sender="&bank;").replace(
        b"<gesmes:Envelope",
        b'<!DOCTYPE gesmes:Envelope [<!ENTITY bank "European Central Bank">]><gesmes:Envelope',
    )

    with pytest.raises(UnreadableRatesError, match="not a file of the European"):
        read_rates(content, today=TODAY)
