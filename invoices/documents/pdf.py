"""An invoice or a credit note to print: PDF/A-3, with the XML inside as Factur-X has it."""

import json
from datetime import UTC, datetime, time
from functools import cache
from importlib.resources import files
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Literal

import typst

from invoices.document import Document
from invoices.documents import xml
from invoices.documents.contents import contents_of
from invoices.documents.metadata import FILE_NAME, as_factur_x
from invoices.documents.texts import (
    STAND_IN,
    in_each_text,
    is_from_right,
    storable,
    texts_of,
)

_TEMPLATE = Path(__file__).with_name("document.typ").read_bytes()
_FONT_PACKAGES = ("fontpkg_ibm_plex_sans_arabic", "manimgx_fonts", "manimgx_fonts_cjk")
# Tried first for each character, in this order. Noto's Arabic letters are drawn in two pieces, and
# whoever copies them from the PDF has them twice.
_FIRST_FONTS = ("Noto Sans", "IBM Plex Sans Arabic")
# Chinese characters as the buyer's country draws them; elsewhere as China does.
_CJK_FONTS = {"JP": "JP", "KR": "KR", "TW": "TC", "HK": "HK", "MO": "HK"}
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_PROBE = b"#set text(font: json(bytes(sys.inputs.fonts))); #sys.inputs.text"


def pdf(document: Document) -> bytes:
    """Return the document as PDF/A-3b, with its XML inside where EN 16931 can state it."""
    stated = xml.can_state(document)
    (printed,) = _compiled(
        document, format="pdf", attached=xml.cii(document).decode() if stated else ""
    )
    return as_factur_x(printed) if stated else printed


def pages_as_images(document: Document) -> list[bytes]:
    """Return the pages, as they are printed, each as SVG."""
    return _compiled(document, format="svg")


def is_printable_picture(picture: bytes) -> bool:
    """Tell whether a file can be a document's logo: PNG, JPEG, GIF, WebP or SVG, and whole."""
    try:
        _run(b'#image("/logo", alt: "")', {}, format="pdf", picture=picture)
    except typst.TypstError:
        return False
    return True


def _compiled(
    document: Document, *, format: Literal["pdf", "svg"], attached: str = ""
) -> list[bytes]:
    """Return the file, or the files where each page is one."""
    fonts = _fonts_for(document)
    contents = _printable(in_each_text(contents_of(document), storable), fonts)
    contents |= {
        "fonts": fonts,
        "from_right": sorted(filter(is_from_right, texts_of(contents))),
        "logo": bool(document.logo),
    }
    inputs = {"contents": json.dumps(contents), "xml": attached, "xml_name": FILE_NAME}
    # What depended on a clock would differ each time.
    made_at = datetime.combine(document.issued_on, time.min, UTC)
    return _run(_TEMPLATE, inputs, format=format, picture=document.logo, made_at=made_at)


def _run(
    source: bytes,
    inputs: dict[str, str],
    *,
    format: Literal["pdf", "svg"],
    picture: bytes = b"",
    made_at: datetime = _EPOCH,
) -> list[bytes]:
    with TemporaryDirectory() as folder:
        # All that a source may read. Typst takes texts from memory, but no pictures.
        (Path(folder) / "logo").write_bytes(picture)
        # Made in no time, and not for two threads at once; what takes long is read but once.
        compiler = typst.Compiler(
            source,
            root=folder,
            font_paths=_fonts(),
            ignore_system_fonts=True,
            sys_inputs=inputs,
        )
        made = compiler.compile(format=format, pdf_standards=["a-3b"], timestamp=made_at)
    return made if isinstance(made, list) else [made or b""]


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(
        include_system_fonts=False,
        include_embedded_fonts=False,
        font_paths=[str(files(package)) for package in _FONT_PACKAGES],
    )


def _fonts_for(document: Document) -> list[str]:
    cjk = f"Noto Sans CJK {_CJK_FONTS.get(document.buyer.country, 'SC')}"
    return list(dict.fromkeys([*_FIRST_FONTS, cjk, *sorted(_fonts().families())]))


def _printable(contents: dict[str, Any], fonts: list[str]) -> dict[str, Any]:
    """Return contents with a stand-in for each character that no font has."""
    characters = "".join(sorted(set().union(*texts_of(contents))))
    missing = str.maketrans(dict.fromkeys(_unprintable(characters, fonts), STAND_IN))
    printable: dict[str, Any] = in_each_text(contents, lambda text: text.translate(missing))
    return printable


def _unprintable(characters: str, fonts: list[str]) -> str:
    """Return those of the characters that no font has: PDF/A refuses a document with one."""
    inputs = {"text": " ".join(characters), "fonts": json.dumps(fonts)}
    try:
        _run(_PROBE, inputs, format="pdf")
    except typst.TypstError:
        if len(characters) == 1:
            return characters
        middle = len(characters) // 2
        return _unprintable(characters[:middle], fonts) + _unprintable(characters[middle:], fonts)
    return ""
