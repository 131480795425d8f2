"""Files for tests of checking: broken ones, and ones that are made to do harm."""

import io
from zipfile import ZipFile

from pypdf import PdfWriter

from invoices.checking.profiles import Syntax

_CII = "urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100"
EMPTY_CII = f'<rsm:CrossIndustryInvoice xmlns:rsm="{_CII}"/>'.encode()


def entity_bomb() -> bytes:
    """Return XML of a few hundred bytes that would become gigabytes, were its entities replaced."""
    entities = "".join(
        f'<!ENTITY e{number} "{f"&e{number - 1};" * 10}">' for number in range(1, 12)
    )
    return (
        f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e0 "lol">{entities}]>'
        f'<rsm:CrossIndustryInvoice xmlns:rsm="{_CII}">&e11;</rsm:CrossIndustryInvoice>'
    ).encode()


def external_entity(address: str) -> bytes:
    """Return XML that would read a file or an address, were its entities replaced."""
    return (
        f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY secret SYSTEM "{address}">]>'
        f'<rsm:CrossIndustryInvoice xmlns:rsm="{_CII}">&secret;</rsm:CrossIndustryInvoice>'
    ).encode()


def deep(levels: int = 100_000) -> bytes:
    """Return XML whose elements are nested very deeply."""
    return b"<a>" * levels + b"</a>" * levels


def zipped() -> bytes:
    """Return a zip file, as somebody might name invoice.xml."""
    target = io.BytesIO()
    with ZipFile(target, "w") as archive:
        archive.writestr("invoice.xml", EMPTY_CII)
    return target.getvalue()


def a_pdf(*, attached: dict[str, bytes] | None = None, password: str = "") -> bytes:
    """Return a PDF with one empty page and these files attached."""
    writer = PdfWriter()
    writer.add_blank_page(100, 100)
    for name, content in (attached or {}).items():
        writer.add_attachment(name, content)
    if password:
        writer.encrypt(password, algorithm="RC4-128")
    target = io.BytesIO()
    writer.write(target)
    return target.getvalue()


def with_lines(xml: bytes, syntax: Syntax, number: int) -> bytes:
    """Return a document whose first line is there `number` times."""
    name = {
        Syntax.CII: b"ram:IncludedSupplyChainTradeLineItem",
        Syntax.UBL: b"cac:InvoiceLine",
    }[syntax]
    start = xml.index(b"<" + name + b">")
    end = xml.index(b"</" + name + b">") + len(name) + 3
    return xml[:start] + xml[start:end] * number + xml[end:]
