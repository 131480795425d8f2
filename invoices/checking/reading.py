"""Read an uploaded file of any kind as the XML of an electronic invoice, or say why it is none.

Only the process that examines documents does so: what a file contains can be made to do harm.
"""

from __future__ import annotations

import io
import zlib
from dataclasses import dataclass

from lxml import etree

from invoices.checking.problems import Problem
from invoices.checking.profiles import Syntax

# The names of attached XML that Factur-X, ZUGFeRD and XRechnung prescribe, most recent first.
_ATTACHED = ("factur-x.xml", "xrechnung.xml", "zugferd-invoice.xml")
_MOST_XML_BYTES = 20_000_000
# Byte order marks and white space.
_BEFORE_XML = b"\xef\xbb\xbf\xff\xfe \t\r\n"

_CII = "urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100"
_UBL = "urn:oasis:names:specification:ubl:schema:xsd"
_ROOTS = {
    f"{{{_CII}}}CrossIndustryInvoice": Syntax.CII,
    f"{{{_UBL}:Invoice-2}}Invoice": Syntax.UBL,
    f"{{{_UBL}:CreditNote-2}}CreditNote": Syntax.UBL,
    "{http://crd.gov.pl/wzor/2025/06/25/13775/}Faktura": Syntax.FA,
}


class UnreadableError(Exception):
    """A file cannot be checked because of a `problem`; `detail` says where or what it is."""

    def __init__(self, problem: Problem, detail: str = "") -> None:
        super().__init__(problem, detail)
        self.problem, self.detail = problem, detail


@dataclass(frozen=True, slots=True)
class Read:
    """The root element of a document, its syntax, and the name of its file in a PDF, if any."""

    root: etree._Element
    syntax: Syntax
    attached: str = ""

    @property
    def name(self) -> str:
        """The name of the root element without its namespace."""
        return str(etree.QName(self.root).localname)


def read(content: bytes) -> Read:
    """Return the electronic invoice in a file.

    Raises:
        UnreadableError: the file is no XML or PDF, it is broken, or it contains no invoice.
    """
    if not content.strip(b"\0 \t\r\n"):
        raise UnreadableError(Problem.EMPTY)
    if content.startswith((b"PK\x03\x04", b"PK\x05\x06", b"\x1f\x8b", b"7z\xbc\xaf", b"Rar!")):
        raise UnreadableError(Problem.ARCHIVE)
    attached = ""
    # Some programs write bytes before the beginning of a PDF, which readers pass over.
    if b"%PDF-" in content[:1024]:
        attached, content = _attachment(content)
    root = _parsed(content)
    syntax = _ROOTS.get(str(root.tag))
    if syntax is None:
        raise UnreadableError(Problem.UNKNOWN_ROOT, _short(str(root.tag)))
    return Read(root, syntax, attached)


def _parsed(content: bytes) -> etree._Element:
    """Return the root element of XML, in which nothing from outside the file was read."""
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        # UTF-16 has a null character in each pair of bytes.
        characters = content.replace(b"\0", b"")
        if not characters.lstrip(_BEFORE_XML).startswith(b"<"):
            raise UnreadableError(Problem.NEITHER) from error
        if b"<!DOCTYPE" in characters:
            raise UnreadableError(Problem.DOCUMENT_TYPE) from error
        raise UnreadableError(Problem.NOT_WELL_FORMED, _short(error.msg or "")) from error
    # A document type declares entities, with which a short file can become gigabytes.
    if root.getroottree().docinfo.internalDTD is not None:
        raise UnreadableError(Problem.DOCUMENT_TYPE)
    return root


def _attachment(content: bytes) -> tuple[str, bytes]:
    """Return the name and the content of the XML that is attached to a PDF."""
    from pypdf import PdfReader
    from pypdf.errors import PyPdfError

    try:
        reader = PdfReader(io.BytesIO(content))
        if reader.is_encrypted:
            raise UnreadableError(Problem.ENCRYPTED)
        names = {name.lower(): name for name in reader.attachments}
        wanted = [names[name] for name in _ATTACHED if name in names]
        wanted += [name for lower, name in names.items() if lower.endswith(".xml")]
        if not wanted:
            raise UnreadableError(Problem.NO_ATTACHMENT, _short(", ".join(names.values())))
        attached = reader.attachments[wanted[0]][0]
    except UnreadableError:
        raise
    # What pypdf raises for a file that breaks the format depends on where it is broken.
    except (
        PyPdfError,
        zlib.error,
        LookupError,
        ValueError,
        TypeError,
        AttributeError,
        NotImplementedError,
        AssertionError,
        OSError,
        RecursionError,
    ) as error:
        raise UnreadableError(Problem.BROKEN_PDF, _short(str(error))) from error
    if len(attached) > _MOST_XML_BYTES:
        raise UnreadableError(Problem.TOO_LARGE)
    return _short(wanted[0]), attached


def _short(text: str) -> str:
    return text if len(text) <= 300 else f"{text[:300]}…"
