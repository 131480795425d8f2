"""Names in texts."""

import pytest

from foundation.names import Names


@pytest.mark.parametrize(
    "text",
    [
        "INV-2026-000031",
        "inv 2026 000031",
        "Rechnung INV2026000031 vom 2.11.",
        "INV-2026-00\n0031",
        "INV-2026-000031 31.12.2026",
        "ReINV-2026-000031",
        "pays INV–2026–000031, thanks",
    ],
)
def test_a_number_is_found_whatever_breaks_it(text: str) -> None:
    assert Names([("INV-2026-000031", 7)]).found_in(text) == [7]


@pytest.mark.parametrize("text", ["INV-2026-0000311", "INV-2026-00003", "NV-2026-000031", ""])
def test_another_number_is_not_found(text: str) -> None:
    assert Names([("INV-2026-000031", 7)]).found_in(text) == []


def test_several_numbers_are_found_in_their_order() -> None:
    names = Names([("INV-2026-000031", 1), ("INV-2026-000032", 2), ("INV-2026-000033", 3)])

    assert names.found_in("INV-2026-000033 + INV-2026-000031") == [3, 1]


def test_a_number_of_digits_is_not_part_of_a_longer_one() -> None:
    names = Names([("20260031", 1)])

    assert names.found_in("1202600319") == []
    assert names.found_in("no. 20260031.") == [1]


def test_the_longer_of_two_counts() -> None:
    assert Names([("A-100", 1), ("A-100-B", 2)]).found_in("A-100-B") == [2]


def test_short_names_are_never_found() -> None:
    assert Names([("A-1", 1)]).found_in("A-1") == []
