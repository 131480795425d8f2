"""Tests of the PDF: its text, its XML, and its conformance to PDF/A-3 and Factur-X."""

import hashlib
import io
import struct
import subprocess
import sys
import tempfile
import zlib
from collections import deque
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import typst
from django.utils.translation import override
from lxml import etree
from pypdf import PdfReader

from invoices.documents import xml
from invoices.documents.document import Account, Document
from invoices.documents.metadata import UnknownFormError, as_factur_x
from invoices.documents.pdf import pages_as_images, pdf
from invoices.documents.printing import is_printable_picture
from invoices.documents.tests.documents import (
    NUMBER,
    an_invoice,
    as_credit_note,
    as_preview,
    line,
    subtotal,
    to,
)
from organizations.models import TaxCategory
from tests.poppler import poppler

SVG = (
    b'<svg xmlns="http://www.w3.org/2000/svg" width="80" height="20">'
    b'<text y="15">Watchful</text></svg>'
)


def png(width: int = 8, height: int = 4) -> bytes:
    """Return a red, semi-transparent image."""

    def chunk(name: bytes, content: bytes) -> bytes:
        check = struct.pack(">I", zlib.crc32(name + content))
        return struct.pack(">I", len(content)) + name + content + check

    rows = (b"\0" + b"\xff\0\0\x80" * width) * height
    header = struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(rows))
        + chunk(b"IEND", b"")
    )


def printed(document: Document) -> str:
    """Return the text of a document's PDF, with single spaces instead of all white space."""
    return " ".join(" ".join(pages_of(document)).split())


def pages_of(document: Document) -> list[str]:
    return poppler("pdftotext", pdf(document), "-layout", "-", "-").split("\f")[:-1]


def opened(document: Document) -> PdfReader:
    return PdfReader(io.BytesIO(pdf(document)), strict=True)


def catalog_of(reader: PdfReader) -> Any:
    return reader.root_object


def test_the_pdf_contains_what_the_invoice_states() -> None:
    text = printed(an_invoice())

    for expected in (
        f"Invoice {NUMBER}",
        "Watchful GmbH",
        "Hafenstraße 1",
        "10115 Berlin",
        "Germany",
        "Tax ID: DE123456789",
        "Hôtel du Phare SARL",
        "13001 Marseille",
        "Date 3 Nov 2026",
        "Period 1 Oct 2026 – 31 Oct 2026",
        "Due 17 Nov 2026",
        "Contract C-77",
        "Organization Hotel Lighthouse",
        "Basic October 2026 12 3.516129 9.00 31.66",
        "Pro October 2026 1 1.000000 14.90 14.90",
        "Net EUR 46.56",
        "VAT 19% EUR 8.85",
        "Total EUR 55.41",
        "Account DE02 1203 0000 0000 2020 51",
        "BIC BYLADEM1001",
        f"Reference {NUMBER}",
        "Page 1 of 1",
    ):
        assert expected in text


def test_a_russian_bank_is_identified_by_its_bik() -> None:
    account = Account("40602810700000000025", "049805746", "Volga")

    text = printed(replace(an_invoice(), account=account))

    assert "Account 40602810700000000025" in text
    assert "BIK 049805746" in text


def test_the_language_is_that_of_the_document_not_of_the_reader() -> None:
    with override("en"):
        text = printed(an_invoice(language="ru"))

    for expected in (
        f"Счёт {NUMBER}",
        "Германия",
        "Дата 03.11.2026",
        "Период 01.10.2026 – 31.10.2026",
        "Basic Октябрь 2026 12 3,516129 9,00 31,66",
        "НДС 19% 8,85 EUR",
        "Итого 55,41 EUR",
        "Страница 1 из 1",
    ):
        assert expected in text


@pytest.mark.parametrize(
    ("currency", "digits", "amounts"),
    [
        ("JPY", 0, ["9 32", "14.9 15", "Total JPY 56"]),
        ("KWD", 3, ["9.000 31.660", "14.900 14.900", "Total KWD 55.406"]),
    ],
)
def test_amounts_have_the_decimal_places_of_their_currency(
    currency: str, digits: int, amounts: list[str]
) -> None:
    text = printed(an_invoice(currency=currency, digits=digits))

    for amount in amounts:
        assert amount in text


@pytest.mark.parametrize(
    ("category", "expected"),
    [
        (TaxCategory.STANDARD, "Net EUR 46.56 VAT 19% EUR 8.85 Total EUR 55.41"),
        (TaxCategory.ZERO, "VAT 0% EUR 0.00"),
        (TaxCategory.EXEMPT, "VAT (exempt) EUR 0.00 Total EUR 46.56 Exempt under Article 132"),
        (
            TaxCategory.REVERSE_CHARGE,
            "VAT (reverse charge) EUR 0.00 Total EUR 46.56 Reverse charge",
        ),
        (TaxCategory.NONE, "Total EUR 46.56 Not subject to VAT"),
    ],
)
def test_the_pdf_states_the_tax(category: TaxCategory, expected: str) -> None:
    assert expected in printed(an_invoice(category=category))


def test_a_credit_note_names_the_invoice_and_has_no_payment_details() -> None:
    text = printed(as_credit_note(an_invoice()))

    assert "Credit note CN-2026-000007" in text
    assert f"This credit note cancels invoice {NUMBER} dated 3 Nov 2026." in text
    assert "Total credited EUR 55.41" in text
    assert "Payment details" not in text
    assert "DE02" not in text


def test_a_preview_says_that_it_is_one() -> None:
    preview = as_preview(an_invoice())

    assert "Preview: not issued yet" in printed(preview)
    assert "Number" not in printed(preview)
    assert "Preview" not in printed(an_invoice())
    assert opened(preview).attachments == {}


def test_a_long_table_repeats_its_header_on_each_page() -> None:
    invoice = an_invoice(lines=tuple(line(f"Plan {number:02}") for number in range(60)))

    pages = pages_of(invoice)

    assert len(pages) == 3
    assert ["Camera-months" in page for page in pages] == ["Plan " in page for page in pages]
    assert [f"Page {number} of 3" in pages[number - 1] for number in (1, 2, 3)] == [True] * 3
    assert all(f"Plan {number:02}" in "".join(pages) for number in range(60))


def test_a_long_name_is_wrapped_within_the_page() -> None:
    invoice = to(an_invoice(lines=(line("W" * 200),)), name="M" * 150, street="a " * 100)

    inside: list[bool] = []
    for page in opened(invoice).pages:
        page.extract_text(
            visitor_text=lambda text, cm, tm, *_: inside.append(
                not text.strip() or 0 < cm[4] + tm[4] < 595
            )
        )
    assert len(inside) > 10
    assert all(inside)


def test_the_embedded_xml_equals_the_separate_xml() -> None:
    invoice = an_invoice()

    assert opened(invoice).attachments == {"factur-x.xml": [xml.cii(invoice)]}


def test_the_xml_is_attached_as_factur_x_requires() -> None:
    root = catalog_of(opened(an_invoice()))
    (attachment,) = root["/AF"]
    (name, named) = root["/Names"]["/EmbeddedFiles"]["/Names"]

    attached = attachment.get_object()
    assert name == "factur-x.xml"
    assert named.get_object() == attached
    assert attached["/AFRelationship"] == "/Alternative"
    assert attached["/EF"]["/F"]["/Subtype"] == "/text/xml"


def test_the_metadata_declare_pdf_a_3_and_factur_x() -> None:
    reader = opened(an_invoice())
    stated = reader.xmp_metadata
    assert stated
    packet = etree.fromstring(stated.stream.get_data())

    def value(name: str) -> list[str]:
        return [each.text for each in packet.iter(f"{{*}}{name}")]

    assert (value("part"), value("conformance")) == (["3", "1"], ["B"])
    assert value("DocumentType") == ["INVOICE"]
    assert value("DocumentFileName") == ["factur-x.xml"]
    assert value("ConformanceLevel") == ["EN 16931"]
    # PDF/A requires a description of every property's schema, in a single list.
    assert len(value("schemas")) == 1
    assert "urn:factur-x:pdfa:CrossIndustryDocument:invoice:1p0#" in value("namespaceURI")
    assert reader.pdf_header == "%PDF-1.7"
    assert reader.trailer["/ID"]
    root = catalog_of(reader)
    assert root["/OutputIntents"]
    assert root["/Lang"] == "en"
    assert root["/MarkInfo"]["/Marked"]


def test_all_fonts_are_embedded() -> None:
    fonts = poppler("pdffonts", pdf(an_invoice()), "-")

    lines = fonts.splitlines()[2:]
    assert lines
    assert all(line.split()[-5:-2] == ["yes", "yes", "yes"] for line in lines)


def test_an_amount_with_too_many_decimal_places_for_xml_is_printed_without_an_attachment() -> None:
    invoice = an_invoice(currency="KWD", digits=3, lines=(line(amount="31.665", digits=3),))

    assert "31.665" in printed(invoice)
    reader = opened(invoice)
    assert reader.attachments == {}
    assert reader.xmp_metadata
    assert b"<pdfaid:part>3" in reader.xmp_metadata.stream.get_data()
    assert b"factur-x" not in reader.xmp_metadata.stream.get_data()


@pytest.mark.parametrize("name", ["/Metadata 1 0 R", "trailer\n<</Size 1>>", "(a) >>\nendobj", "%"])
def test_a_name_cannot_be_mistaken_for_a_part_of_the_file(name: str) -> None:
    invoice = an_invoice()
    invoice = replace(invoice, seller=replace(invoice.seller, name=name), number=f"{name} 1")

    assert opened(invoice).attachments == {"factur-x.xml": [xml.cii(invoice)]}


def test_a_pdf_in_an_unknown_form_is_refused() -> None:
    with pytest.raises(UnknownFormError):
        as_factur_x(b"%PDF-1.7\n%%EOF")


@pytest.mark.parametrize("logo", [b"", SVG, png()])
def test_the_same_document_gives_the_same_bytes(logo: bytes) -> None:
    invoice = replace(an_invoice(), logo=logo)
    others = replace(invoice, issued_on=date(2026, 11, 4))

    first = pdf(invoice)
    assert pdf(others) != first
    assert pdf(invoice) == first


def test_the_same_document_gives_the_same_bytes_in_another_process() -> None:
    script = (
        "import django, hashlib; django.setup()\n"
        "from invoices.documents.pdf import pdf\n"
        "from invoices.documents.tests.documents import an_invoice\n"
        "print(hashlib.sha256(pdf(an_invoice())).hexdigest())"
    )
    digests = {
        subprocess.run(
            [sys.executable, "-c", script], capture_output=True, check=True, text=True
        ).stdout
        for _ in range(2)
    }

    assert digests == {hashlib.sha256(pdf(an_invoice())).hexdigest() + "\n"}


@pytest.mark.parametrize("picture", [SVG, png()])
def test_a_logo_is_printed(picture: bytes) -> None:
    assert is_printable_picture(picture)
    assert len(pdf(replace(an_invoice(), logo=picture))) > len(pdf(an_invoice()))


@pytest.mark.parametrize(
    "picture", [b"", b"GIF", b"<svg", b"%PDF-1.7", png()[:40], SVG.replace(b"svg", b"html")]
)
def test_a_broken_logo_is_detected(picture: bytes) -> None:
    assert not is_printable_picture(picture)


def test_printing_does_not_use_up_the_numbers_of_sources(monkeypatch: pytest.MonkeyPatch) -> None:
    """Typst numbers paths, and each source without a path, and panics when no number is left."""
    sources = set()

    class WatchedCompiler:
        compiler = typst.Compiler

        def __init__(self, input: Path, *, root: Path, **options: Any) -> None:
            sources.add(input.relative_to(root))
            self._watched = self.compiler(input, root=root, **options)

        def compile(self, *, input: Path, root: str, **options: Any) -> Any:
            sources.add(input.relative_to(root))
            return self._watched.compile(input=input, root=root, **options)

    monkeypatch.setattr(typst, "Compiler", WatchedCompiler)
    monkeypatch.setattr("invoices.documents.printing._idle", deque())
    for name in ("Harbour Ltd", "Lighthouse Ltd", "\U000e0041"):
        pdf(to(an_invoice(), name=name))
        pages_as_images(to(an_invoice(), name=name))
    is_printable_picture(b"GIF")

    assert len(sources) == 1


@pytest.mark.parametrize("picture", [SVG, b"GIF"])
def test_no_file_is_left(picture: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))

    pdf(an_invoice())
    is_printable_picture(picture)

    assert [*tmp_path.iterdir()] == []


def test_pages_are_available_as_svg() -> None:
    invoice = an_invoice(lines=tuple(line(f"Plan {number:02}") for number in range(60)))

    pages = pages_as_images(invoice)

    assert len(pages) == 3
    for page in pages:
        root = etree.fromstring(page)
        assert etree.QName(root).localname == "svg"
        # Text is drawn as shapes, so a browser needs no fonts, and there is nothing to run.
        assert not list(root.iter("{*}text", "{*}script", "{*}foreignObject"))
    assert pages == pages_as_images(invoice)


def test_each_line_names_its_tax_if_there_are_several() -> None:
    seven = TaxCategory.STANDARD, Decimal("7.00")
    reduced = replace(line("Pro", "10.00"), tax_category=seven[0], tax_percent=seven[1])
    taxes = (
        subtotal(*seven, Decimal("10.00")),
        subtotal(TaxCategory.STANDARD, Decimal("19.00"), Decimal("31.66")),
    )
    invoice = replace(an_invoice(), lines=(line(), reduced), taxes=taxes)

    text = printed(invoice)

    for expected in (
        "Basic · VAT 19% October 2026",
        "Pro · VAT 7% October 2026",
        "VAT 7% on EUR 10.00 EUR 0.70",
        "VAT 19% on EUR 31.66 EUR 6.02",
    ):
        assert expected in text


def test_an_invoice_with_nothing_to_pay_has_no_payment_details() -> None:
    free = replace(line(), amount=Decimal("0.00"), quantity=Decimal(0))

    assert "Payment details" not in printed(an_invoice(lines=(free,)))
