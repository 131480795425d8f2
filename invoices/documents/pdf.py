"""Invoices and credit notes as PDF/A-3, with the XML embedded as in Factur-X."""

from pathlib import Path

from invoices.documents import xml
from invoices.documents.contents import contents_of
from invoices.documents.document import Document
from invoices.documents.metadata import FILE_NAME, as_factur_x
from invoices.documents.payment_code import code_of, slip_of
from invoices.documents.printing import Letter, Printed, as_images, printed
from invoices.paying.codes import drawn

_TEMPLATE = Path(__file__).with_name("document.typ").read_bytes()


def pdf(document: Document) -> bytes:
    """Return the document as PDF/A-3b, with its XML embedded if EN 16931 can state it."""
    if not xml.can_state(document):
        return _printed(document).file
    return as_factur_x(_printed(document, attached=xml.cii(document).decode()).file)


def pages_as_images(document: Document) -> list[bytes]:
    """Return the printed pages, each as SVG."""
    return as_images(_printed(document))


def _printed(document: Document, attached: str = "") -> Printed:
    letter = Letter(_TEMPLATE, document.logo, document.issued_on, document.buyer.country)
    code, slip = code_of(document, document.total), slip_of(document)
    contents = contents_of(document) | {"slip": slip or {}}
    picture = drawn(code, border=0 if slip else 4).decode() if code else ""
    beside = {"xml": attached, "xml_name": FILE_NAME, "code": picture}
    return printed(letter, contents, beside)
