"""Documents are accessible as PDF/UA-1 (ISO 14289-1) requires, and also where typst checks nothing.

typst 0.15.2 refuses a PDF/UA-1 without a title or alternative texts, but passes tables without
header cells; and what is laid out by `grid` is not a table. Therefore the tags are read back.
"""

import re
from dataclasses import replace

import pytest
from lxml import etree

from invoices.documents.document import Document
from invoices.documents.pdf import pdf
from invoices.documents.printing import is_printable_picture
from invoices.documents.tests.documents import (
    an_invoice,
    as_credit_note,
    as_preview,
    every_correction,
    line,
    to,
)
from invoices.documents.tests.test_payment_code import INVOICES
from invoices.documents.tests.test_pdf import SVG, catalog_of, opened, pages_of, png
from tests.pdf_tags import painted_without_tags, read_aloud, structure
from tests.poppler import poppler

DOCUMENTS: dict[str, Document] = {
    **INVOICES,
    **every_correction(),
    "with a logo": replace(an_invoice(), logo=png()),
    "cancelling": as_credit_note(an_invoice()),
    "preview": as_preview(an_invoice()),
    "in Russian": an_invoice(language="ru"),
    "in dinars": an_invoice(currency="KWD", digits=3),
    "of several pages": an_invoice(lines=tuple(line(f"Plan {each}") for each in range(70))),
}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_document_declares_pdf_a_3_and_pdf_ua_1(name: str) -> None:
    document = DOCUMENTS[name]
    reader = opened(document)
    stated = reader.xmp_metadata
    assert stated
    packet = etree.fromstring(stated.stream.get_data())

    def value(namespace: str, of: str) -> list[str]:
        names = f"{{http://www.aiim.org/{namespace}/ns/id/}}{of}"
        return [each.text for each in packet.iter(names)]

    assert (value("pdfa", "part"), value("pdfa", "conformance")) == (["3"], ["B"])
    assert value("pdfua", "part") == ["1"]
    root = catalog_of(reader)
    assert root["/Lang"] == document.language
    assert root["/MarkInfo"]["/Marked"]
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert reader.metadata
    assert reader.metadata.title
    assert document.number in reader.metadata.title


@pytest.mark.parametrize("name", DOCUMENTS)
def test_everything_on_a_page_is_tagged_or_an_artifact(name: str) -> None:
    assert painted_without_tags(pdf(DOCUMENTS[name])) == []


@pytest.mark.parametrize("name", DOCUMENTS)
def test_the_lines_are_the_only_table_and_each_cell_has_a_header(name: str) -> None:
    document = DOCUMENTS[name]
    (table,) = structure(pdf(document)).all("Table")

    assert [each.kind for each in table.parts] == ["THead", "TBody"]
    head, body = table.parts
    (row,) = head.parts
    assert {each.kind for each in row.parts} == {"TH"}
    assert {each.attributes["Scope"] for each in row.parts} == {"/Column"}
    columns = [each.identifier for each in row.parts]
    assert len({*columns}) == 6
    assert len(body.parts) == len(document.lines)
    for each in body.parts:
        assert [cell.attributes["Headers"] for cell in each.parts] == [[name] for name in columns]


def test_an_invoice_is_read_in_its_order() -> None:
    read = [text for _kind, text in read_aloud(pdf(an_invoice()))]

    places = [
        read.index(each)
        for each in (
            "Watchful GmbH",
            "Hôtel du Phare SARL",
            "Number",
            "INV-2026-000123",
            "Date",
            "3 Nov 2026",
            "Invoice INV-2026-000123",
            "Tariff plan",
            "Amount, EUR",
            "Basic",
            "31.66",
            "Pro",
            "Net",
            "VAT 19%",
            "Total",
            "Payment details",
            "Amount",
            "Account",
            "DE02 1203 0000 0000 2020 51",
        )
    ]
    assert places == sorted(places)
    for label, value in (("Number", "INV-2026-000123"), ("Due", "17 Nov 2026")):
        assert read[read.index(label) + 1] == value
    assert re.fullmatch(r"EUR\s55\.41", read[read.index("Total") + 1])


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("rf", [("H1", "Invoice INV-2026-000123"), ("H2", "Payment details")]),
        (
            "qrr",
            [("H1", "Invoice INV-2026-000123"), ("H2", "Receipt"), ("H2", "Payment part")],
        ),
        ("cancelling", [("H1", "Credit note CN-2026-000007")]),
    ],
)
def test_headings_are_tagged_by_their_level(name: str, expected: list[tuple[str, str]]) -> None:
    read = read_aloud(pdf(DOCUMENTS[name]))

    assert [each for each in read if re.fullmatch(r"H\d", each[0])] == expected


def test_the_swiss_payment_part_is_read_label_by_label() -> None:
    read = [text for _kind, text in read_aloud(pdf(INVOICES["qrr"]))]
    part = [text for text in read[read.index("Payment part") :] if text]

    assert part[1:5] == ["Currency", "CHF", "Amount", "55.41"]
    places = [part.index(each) for each in ("Account / Payable to", "Reference", "Payable by")]
    assert places == sorted(places)


def test_a_logo_and_a_payment_code_have_alternative_texts() -> None:
    document = replace(INVOICES["rf"], logo=png())

    figures = structure(pdf(document)).all("Figure")

    assert [each.alternative.replace("\xa0", " ") for each in figures] == [
        "Watchful GmbH",
        "Payment code: EUR 55.41 to Watchful GmbH, with the details stated here",
    ]


def test_the_payment_code_is_beside_the_bank_details() -> None:
    file = pdf(INVOICES["rf"])
    (code,) = structure(file).all("Figure")
    left, bottom, right, top = (float(each) for each in code.attributes["BBox"])
    words = re.findall(
        r'xMin="(.+)" yMin="(.+)" xMax="(.+)" yMax="(.+)">(.+)</word>',
        poppler("pdftotext", file, "-bbox", "-", "-"),
    )

    (end, height) = next((float(word[2]), float(word[3])) for word in words if word[4] == "DE02")

    assert end < left < right < 595
    assert bottom < 842 - height < top


def test_footers_are_artifacts_and_not_read() -> None:
    document = DOCUMENTS["of several pages"]

    read = " ".join(text for _kind, text in read_aloud(pdf(document)))

    assert all(f"Page {each} of 3" in page for each, page in enumerate(pages_of(document), 1))
    assert "Page" not in read


def test_a_table_of_a_thousand_lines_repeats_its_header_but_has_it_once_in_the_structure() -> None:
    document = an_invoice(lines=tuple(line(f"Plan {each:04}") for each in range(1000)))

    file = pdf(document)

    pages = poppler("pdftotext", file, "-layout", "-", "-").split("\f")[:-1]
    assert len(pages) > 20
    assert ["Camera-months" in page for page in pages] == ["Plan 0" in page for page in pages]
    assert all(f"Plan {each:04}" in page for each, page in ((0, pages[0]), (999, pages[-1])))
    (table,) = structure(file).all("Table")
    assert len(table.all("THead")) == 1
    assert len(table.all("TH")) == 6
    assert len(table.all("TR")) == 1001
    assert painted_without_tags(file) == []


# Each of these was refused in a logo: text whose glyphs typst cannot trace to characters.
TRACELESS = ["a\u0301\u0323", "\u0e01\u0e33", "\U0001f468\u200d\U0001f469"]


@pytest.mark.parametrize("text", TRACELESS)
def test_a_logo_with_text_that_pdf_ua_refuses_is_printed_as_pixels(text: str) -> None:
    logo = SVG.replace(b"Watchful", text.encode())
    document = replace(an_invoice(), logo=logo)

    assert is_printable_picture(logo)
    (figure,) = structure(pdf(document)).all("Figure")
    assert figure.alternative == "Watchful GmbH"
    assert len(opened(document).pages[0].images) == 1
    assert pdf(document) == pdf(document)


@pytest.mark.parametrize("text", [*TRACELESS, "\ue000", "\u3164", "\u202e", "\ufffc"])
def test_no_name_is_refused(text: str) -> None:
    document = to(an_invoice(), name=text, street=text)
    seller = replace(document.seller, name=text)

    assert structure(pdf(replace(document, seller=seller))).all("Table")
