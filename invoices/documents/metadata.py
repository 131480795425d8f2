"""The metadata by which software recognizes a PDF/A-3 as a Factur-X invoice."""

import re
from functools import cache
from typing import NamedTuple

# The form that typst writes. Strings in a document cannot match, because typst escapes newlines. An
# expression that begins with a fixed character is found ten times as fast.
_METADATA = re.compile(
    rb"\n(?P<number>\d+) 0 obj\n<</Length \d+/Type/Metadata/Subtype/XML>>\nstream\n"
    rb"<\?xpacket [^>]*\?>(?P<xmp>.*)<\?xpacket ",
    re.DOTALL,
)
_END = re.compile(rb"trailer\n<<(?P<entries>.*)>>\nstartxref\n(?P<start>\d+)\n%%EOF$", re.DOTALL)

_NAMES = {
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "pdfaExtension": "http://www.aiim.org/pdfa/ns/extension/",
    "fx": "urn:factur-x:pdfa:CrossIndustryDocument:invoice:1p0#",
}
_SCHEMAS = "rdf:RDF/rdf:Description/pdfaExtension:schemas/rdf:Bag"
_ABOUT = f"{{{_NAMES['rdf']}}}about"
_PROPERTIES = {
    "urn": _NAMES["fx"],
    "documenttype": "INVOICE",
    "version": "1.0",
} | dict.fromkeys(
    ("pdfa3_flavor", "title", "author", "subject", "producer", "creator_tool", "timestamp"), ""
)


class Embedded(NamedTuple):
    """The name of an attached XML file, and the conformance level that the metadata state."""

    name: str
    level: str


AS_FACTUR_X = Embedded("factur-x.xml", "EN 16931")
AS_XRECHNUNG = Embedded("xrechnung.xml", "XRECHNUNG")


def as_factur_x(pdf: bytes, embedded: Embedded = AS_FACTUR_X) -> bytes:
    """Return a PDF written by typst with metadata that describe its attachment.

    The metadata are appended (ISO 32000-1, 7.5.6, incremental updates), so the bytes that typst
    wrote do not change. `facturx.generate_from_binary` would rewrite the whole file, which takes
    longer than everything else, and include the current time, so that no two files are equal.

    Raises:
        UnknownFormError: typst wrote the PDF in an unknown form.
    """
    metadata, end = _METADATA.search(pdf), _END.search(pdf)
    if not metadata or not end:
        raise UnknownFormError
    number = metadata["number"]
    xmp = _described(metadata["xmp"], embedded)
    stream = (
        b"\n%b 0 obj\n<</Length %d/Type/Metadata/Subtype/XML>>\nstream\n%b\nendstream\nendobj\n"
    )
    added = stream % (number, len(xmp), xmp)
    table = (
        b"xref\n0 1\n0000000000 65535 f\r\n%b 1\n%010d 00000 n\r\n"
        b"trailer\n<<%b/Prev %b>>\nstartxref\n%d\n%%%%EOF"
    )
    return b"".join(
        (
            pdf,
            added,
            table % (number, len(pdf) + 1, end["entries"], end["start"], len(pdf) + len(added)),
        )
    )


class UnknownFormError(Exception):
    """Typst wrote a PDF in a form that this module does not know."""


def _described(xmp: bytes, embedded: Embedded) -> bytes:
    """Return XMP with the Factur-X properties and their schema, which PDF/A requires."""
    from lxml import etree

    packet, ours = etree.fromstring(xmp), etree.fromstring(_factur_x(embedded))
    packet.find(_SCHEMAS, _NAMES).extend(ours.findall(f"{_SCHEMAS}/rdf:li", _NAMES))
    properties = ours.find("rdf:RDF/rdf:Description/fx:Version/..", _NAMES)
    properties.set(_ABOUT, "")
    packet.find("rdf:RDF", _NAMES).append(properties)
    etree.cleanup_namespaces(packet)
    written: bytes = etree.tostring(packet, encoding="utf-8", xml_declaration=False)
    begin = b'<?xpacket begin="\xef\xbb\xbf" id="W5M0MpCehiHzreSzNTczkc9d"?>'
    return begin + written + b'<?xpacket end="r"?>'


@cache
def _factur_x(embedded: Embedded) -> bytes:
    """Return XMP with the properties and their schema, the same in all documents of a level."""
    import facturx
    from lxml import etree

    properties = _PROPERTIES | {"xml_filename": embedded.name, "xmp_level": embedded.level}
    made: bytes = etree.tostring(facturx.generate_xmp_object(properties))
    return made
