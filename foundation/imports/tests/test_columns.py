"""What files may call our columns."""

from io import BytesIO

import pytest
from django.utils.translation import gettext_lazy as _

from foundation.imports.columns import Columns, fingerprint, headings_in, usable
from foundation.imports.encodings import Encoding
from foundation.imports.forms import ColumnsForm

COLUMNS = Columns(
    {"date": _("date"), "amount": _("amount"), "reference": _("reference")}, ("date", "amount")
)


@pytest.mark.parametrize(
    ("headings", "proposed"),
    [
        (["AMOUNT", "D_a-t e"], {"amount": "AMOUNT", "date": "D_a-t e"}),
        (["Amounts", "Amount"], {"amount": "Amount"}),
        (["Сумма", "Дата"], {"amount": "Сумма", "date": "Дата"}),
        (["Amount EUR", "Référence"], {"amount": "Amount EUR", "reference": "Référence"}),
        (["Betrag", "Buchungstag"], {}),
    ],
)
def test_similar_headings_are_proposed(headings: list[str], proposed: dict[str, str]) -> None:
    assert COLUMNS.proposed(headings) == proposed


@pytest.mark.parametrize(
    ("headings", "proposed"),
    [
        # "test" is another word for "trial", which we have said.
        (["First day of test"], {"trial": "First day of test"}),
        (["первый день теста"], {"trial": "первый день теста"}),
        (
            ["Первый день", "Первый день теста"],
            {"first": "Первый день", "trial": "Первый день теста"},
        ),
        # These say more than "first day", but not which.
        (["First day of use"], {}),
        (["First days"], {"first": "First days"}),
        (["Tax IDs"], {"id": "Tax IDs"}),
        (["TAX €"], {"tax": "TAX €"}),
    ],
)
def test_a_longer_heading_is_not_proposed_for_the_shorter_of_two_names(
    headings: list[str], proposed: dict[str, str]
) -> None:
    columns = Columns(
        {
            "first": _("first day"),
            "trial": _("first day of trial"),
            "tax": _("tax"),
            "id": _("tax ID"),
        },
        ("first",),
        {"trial": (_("first day of test"),)},
    )

    assert columns.proposed(headings) == proposed


def test_the_same_headings_in_another_order_have_the_same_fingerprint() -> None:
    assert fingerprint(["Betrag", "Datum"]) == fingerprint(["datum", "BETRAG", "", "error"])
    assert fingerprint(["Betrag", "Datum"]) != fingerprint(["Betrag", "Datum", "Datum"])


def test_only_headings_that_mean_one_column_can_be_chosen() -> None:
    assert usable(["Datum", "Betrag", "BETRAG", "", "error", "Konto"]) == ["Datum", "Konto"]


@pytest.mark.parametrize(
    ("headings", "can_be_chosen"),
    [
        (["Datum", "Betrag"], True),
        (["Datum", "Betrag", "Betrag"], False),
        (["Datum"], False),
        ([f"{number}" for number in range(201)], False),
    ],
)
def test_there_must_be_a_heading_for_each_required_column(
    headings: list[str], can_be_chosen: bool
) -> None:
    assert COLUMNS.can_be_among(headings) is can_be_chosen


@pytest.mark.parametrize(
    ("content", "headings"),
    [
        (b"sep=;\n;;\nDatum; Betrag ;;\n1;2;;\n", ["Datum", "Betrag"]),
        (b"", []),
        ("Größe\n".encode("cp1252"), []),
        (b"PK\x03\x04 and nothing more\n", []),
    ],
)
def test_the_first_line_with_text_has_the_headings(content: bytes, headings: list[str]) -> None:
    assert headings_in(BytesIO(content), Encoding.UTF_8) == headings


def form(data: dict[str, str]) -> ColumnsForm:
    return ColumnsForm(data, columns=COLUMNS, found=["Tag", "Betrag", "Text"], chosen={})


def test_a_heading_can_be_chosen_once() -> None:
    wrong = form({"date": "1", "amount": "1", "reference": ""})

    assert dict(wrong.errors) == {
        "amount": ["This heading is already chosen for Date. Choose another."]
    }
    right = form({"date": "0", "amount": "1", "reference": ""})
    assert right.is_valid()
    assert right.headings == {"date": "tag", "amount": "betrag"}


def test_a_required_column_needs_a_heading() -> None:
    assert "amount" in form({"date": "0"}).errors
    assert "amount" in form({"date": "0", "amount": "3"}).errors
