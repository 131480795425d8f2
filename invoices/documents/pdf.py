"""Invoices and credit notes as PDF/A-3b and PDF/UA-1, with the XML embedded as in Factur-X."""

from pathlib import Path

from invoices.documents import xml
from invoices.documents.contents import contents_of
from invoices.documents.document import Document
from invoices.documents.metadata import AS_FACTUR_X, AS_XRECHNUNG, Embedded, as_factur_x
from invoices.documents.payment_code import code_of, slip_of
from invoices.documents.printing import Letter, Printed, as_images, printed
from invoices.documents.profile_rules import Syntax, rules_of
from invoices.paying.codes import drawn
from organizations.billing.profiles import Profile

_TEMPLATE = Path(__file__).with_name("document.typ").read_bytes()


def pdf(document: Document) -> bytes:
    """Return the document as PDF/A-3b and PDF/UA-1.

    Its XML is embedded if its profile can state it in CII. That of other profiles is UBL, which no
    reader expects in a PDF; it is a file of its own.
    """
    if not xml.can_state(document) or rules_of(document.profile).syntaxes[0] is not Syntax.CII:
        return _printed(document).file
    embedded = AS_XRECHNUNG if document.profile is Profile.XRECHNUNG_CII else AS_FACTUR_X
    return as_factur_x(_printed(document, xml.cii(document).decode(), embedded).file, embedded)


def pages_as_images(document: Document) -> list[bytes]:
    """Return the printed pages, each as SVG."""
    return as_images(_printed(document))


def _printed(document: Document, attached: str = "", embedded: Embedded = AS_FACTUR_X) -> Printed:
    letter = Letter(
        _TEMPLATE, document.logo, document.issued_on, document.buyer.country, document.style
    )
    code, slip = code_of(document, document.total), slip_of(document)
    contents = contents_of(document) | {"slip": slip or {}}
    picture = drawn(code, border=0 if slip else 4).decode() if code else ""
    beside = {"xml": attached, "xml_name": embedded.name, "code": picture}
    return printed(letter, contents, beside)
