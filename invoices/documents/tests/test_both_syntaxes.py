"""CII and UBL state the same, whatever factur-x 7.8 does with its input.

It changes the dictionary that it is given: after UBL, the CII of the same dictionary has no payee.
It keeps what one level leaves out: after a BASIC WL invoice, EN 16931 ones of the process have no
BT-45. It writes a float with six digits. In CII it leaves out BT-7, and an invoice without BT-72 is
invalid; in UBL it leaves out BT-9 of a credit note.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import permutations
from typing import Any

import facturx
import pytest

from invoices.documents import xml
from invoices.documents.document import Account, Document, Kind
from invoices.documents.tests.documents import (
    an_invoice,
    as_credit_note,
    every_correction,
    line,
    subtotal,
    to,
)
from invoices.documents.tests.terms import terms_of
from invoices.documents.tests.test_payment_code import INVOICES
from organizations.models import TaxCategory
from rating.agreement.lines import Section

SYNTAXES = {"CII": xml.cii, "UBL": xml.ubl}


def with_every_section() -> Document:
    """Return an invoice with a line of each section, a discount and two rates."""
    fee = replace(
        line("Router", "3.67"),
        section=Section.FEES,
        price=Decimal("5"),
        quantity=Decimal("0.733333"),
        cameras=0,
        days=22,
    )
    once = replace(
        line("Cabling", "40.00"),
        section=Section.ONE_OFF,
        price=Decimal("20"),
        quantity=Decimal(2),
        cameras=0,
    )
    short = replace(
        line("", "6.00"),
        section=Section.MINIMUM,
        price=Decimal("6"),
        gross_price=Decimal("50"),
        quantity=Decimal(1),
        cameras=0,
    )
    credit = replace(
        line("Goodwill", "-4.00"),
        section=Section.CREDITS,
        price=Decimal("4"),
        quantity=Decimal(-1),
        cameras=0,
    )
    discounted = replace(
        line("Pro", "24.30"),
        price=Decimal("8.10"),
        gross_price=Decimal("9.00"),
        quantity=Decimal(3),
    )
    seven = replace(once, tax_percent=Decimal("7.00"))
    lines = (line(), discounted, fee, once, seven, short, credit)
    nets: dict[Decimal, Decimal] = {}
    for each in lines:
        nets[each.tax_percent] = nets.get(each.tax_percent, Decimal(0)) + each.amount
    return replace(
        an_invoice(),
        lines=lines,
        net=sum(nets.values(), Decimal(0)),
        taxes=tuple(
            subtotal(TaxCategory.STANDARD, percent, net) for percent, net in sorted(nets.items())
        ),
    )


DOCUMENTS: dict[str, Document] = {
    **INVOICES,
    **{f"{category}": an_invoice(category=category) for category in TaxCategory},
    **{f"note {each}": as_credit_note(an_invoice(category=each)) for each in TaxCategory},
    **{f"{name} {each}": it for each in TaxCategory for name, it in every_correction(each).items()},
    "yen": an_invoice(currency="JPY", digits=0),
    "dinars": an_invoice(currency="KWD", digits=3, lines=(line(amount="40", digits=3),)),
    "every section": with_every_section(),
    "nothing to pay": an_invoice(lines=(line(amount="0.00"),)),
    "without details": replace(
        to(an_invoice(), street="", postal_code="", tax_id="", email=""), buyer_reference=""
    ),
    "no IBAN": replace(an_invoice(), account=Account("12345678", "", "Bank")),
    "in Russian": an_invoice(language="ru"),
}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_both_syntaxes_state_the_same_terms_with_the_same_texts(name: str) -> None:
    in_cii, in_ubl = (terms_of(state(DOCUMENTS[name])) for state in SYNTAXES.values())

    assert in_cii == in_ubl


@pytest.mark.parametrize("syntax", SYNTAXES)
@pytest.mark.parametrize("name", DOCUMENTS)
def test_the_terms_are_what_the_document_states(syntax: str, name: str) -> None:
    document = DOCUMENTS[name]

    stated = terms_of(SYNTAXES[syntax](document))

    expected = dict(_expected(document))
    assert {key: stated.get(key) for key in expected} == expected
    lines = {part for part, _term in stated if part.startswith("line")}
    taxes = {part for part, _term in stated if part.startswith("tax")}
    assert (len(lines), len(taxes)) == (len(document.lines), len(document.taxes))


def _expected(document: Document) -> Iterator[tuple[tuple[str, str], list[str] | None]]:
    digits = min(document.digits, 2)

    def money(amount: Decimal) -> list[str]:
        return [f"{amount:.{digits}f}"]

    is_invoice = document.kind is Kind.INVOICE
    due = document.due_on.isoformat() if document.due_on and document.total else None
    for term, value in {
        "BT-1": [document.number],
        "BT-2": [document.issued_on.isoformat()],
        "BT-3": ["380" if is_invoice else "381"],
        "BT-5": [document.currency],
        # No tax point is stated: the period says when the service was supplied.
        "BT-7": None,
        "BT-8": None,
        "BT-9": [due] if due else None,
        "BT-27": [document.seller.name],
        "BT-44": [document.buyer.name],
        "BT-72": [document.period.last.isoformat()],
        "BT-74": [document.period.last.isoformat()],
        "BT-106": money(document.net),
        "BT-109": money(document.net),
        "BT-110": money(document.tax_amount),
        "BT-112": money(document.total),
        "BT-115": money(document.total),
    }.items():
        yield ("", term), value
    for number, each in enumerate(document.lines, 1):
        for term, value in {
            "BT-126": [str(number)],
            "BT-129": [f"{each.quantity:f}"],
            "BT-131": money(each.amount),
            "BT-134": [each.period.start.isoformat()],
            "BT-135": [each.period.last.isoformat()],
            "BT-146": [f"{each.price:f}"],
            "BT-151": [each.tax_category.value],
        }.items():
            yield (f"line {number}", term), value
    for number, tax in enumerate(document.taxes, 1):
        yield (f"tax {number}", "BT-116"), money(tax.net)
        yield (f"tax {number}", "BT-117"), money(tax.amount)
        yield (f"tax {number}", "BT-118"), [tax.category.value]


def test_a_difference_between_the_syntaxes_would_be_found() -> None:
    invoice = an_invoice()
    other = replace(invoice, due_on=date(2026, 11, 18))

    assert terms_of(xml.cii(invoice)) != terms_of(xml.ubl(other))
    with pytest.raises(AssertionError, match="is no known term"):
        terms_of(xml.ubl(invoice).replace(b"cbc:DueDate>", b"cbc:PayBy>"))


@pytest.mark.parametrize("order", [*permutations(("CII", "UBL", "CII"))])
def test_the_order_of_the_syntaxes_changes_nothing(order: tuple[str, ...]) -> None:
    document = INVOICES["rf"]
    alone = {name: state(document) for name, state in SYNTAXES.items()}

    assert [SYNTAXES[each](document) for each in order] == [alone[each] for each in order]
    assert "BT-85" in {term for _part, term in terms_of(alone["CII"])}


class Watched:
    """What factur-x was given."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.given: list[dict[str, Any]] = []
        self.levels: set[str] = set()
        self._generate = facturx.generate_xml
        monkeypatch.setattr(facturx, "generate_xml", self._watch)

    def _watch(self, stated: dict[str, Any], **options: Any) -> bytes:
        assert not any(stated is each for each in self.given)
        self.given.append(stated)
        self.levels.add(options["level"])
        for value in _leaves(stated):
            assert value is None or type(value) in (str, date), value
        made: bytes = self._generate(stated, **options)
        return made


def _leaves(stated: Any) -> Iterator[Any]:
    if isinstance(stated, dict):
        stated = [*stated.values()]
    if not isinstance(stated, list):
        yield stated
        return
    for each in stated:
        yield from _leaves(each)


def test_the_library_gets_a_dictionary_of_its_own_one_level_and_no_numbers(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    watched = Watched(monkeypatch)

    for document in DOCUMENTS.values():
        for state in SYNTAXES.values():
            state(document)

    assert len(watched.given) == 2 * len(DOCUMENTS)
    assert watched.levels == {"en16931"}


OPTIONS: Any = {"level": "en16931", "check_xsd": False, "check_schematron": False}


def test_the_library_still_changes_its_dictionary() -> None:
    """The trap itself: if a later version has none, this test fails, and the rule can go."""
    stated = xml._stated(INVOICES["rf"]) | {"BG-10": {"name": "Factor AG"}}

    first = facturx.generate_xml(stated, flavor="ubl-2.1", **OPTIONS)
    again = facturx.generate_xml(stated, flavor="factur-x", **OPTIONS)

    assert (b"Factor AG" in first, b"Factor AG" in again) == (True, False)


def test_a_tax_point_and_a_due_date_that_one_syntax_lacks_would_be_found() -> None:
    """The terms are stated, but CII has no BT-7, and a credit note in UBL no BT-9."""
    invoice, note = INVOICES["rf"], as_credit_note(INVOICES["rf"])
    day = {"BT-7": date(2026, 10, 5), "BT-9": date(2026, 12, 24)}

    in_cii, in_ubl = (
        terms_of(facturx.generate_xml(xml._stated(each) | day, flavor=flavor, **OPTIONS))
        for flavor, each in (("factur-x", invoice), ("ubl-2.1", note))
    )

    assert (in_cii.get(("", "BT-7")), in_cii[("", "BT-9")]) == (None, ["2026-12-24"])
    assert (in_ubl[("", "BT-7")], in_ubl.get(("", "BT-9"))) == (["2026-10-05"], None)
