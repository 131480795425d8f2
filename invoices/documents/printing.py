"""Print texts as accessible PDF/A by a template of typst, whatever characters names contain."""

from __future__ import annotations

import json
import os
from collections import deque
from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from functools import cache, lru_cache
from importlib.resources import files
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from invoices.documents.style import FONTS, ORIGINAL, Style
from invoices.documents.texts import (
    STAND_IN,
    has_long_word,
    in_each_text,
    is_from_right,
    is_plain,
    on_one_line,
    storable,
    texts_of,
    without_marks,
)

if TYPE_CHECKING:
    import typst

_LETTER = Path(__file__).with_name("letter.typ").read_bytes()
_FONT_PACKAGES = (
    "fontpkg_ibm_plex_sans",
    "fontpkg_ibm_plex_sans_arabic",
    "fontpkg_ibm_plex_serif",
    "fontpkg_source_sans_3",
    "manimgx_fonts",
    "manimgx_fonts_cjk",
)
_PDF_A: list[typst.PDFStandard] = ["a-3b"]
_STANDARDS: list[typst.PDFStandard] = [*_PDF_A, "ua-1"]
# Fonts to try first for each character, in this order. Noto draws Arabic letters in two pieces, so
# text copied from the PDF would contain each of them twice.
_FIRST_FONTS = ("Noto Sans", "IBM Plex Sans Arabic")
# The style of Chinese characters by the buyer's country. The default is the style of China.
_CJK_FONTS = {"JP": "JP", "KR": "KR", "TW": "TC", "HK": "HK", "MO": "HK"}
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_PROBE = b"""
#let data = json("/contents.json")
#set document(title: "Text")
#set text(font: data.fonts)
#data.text
"""
_PICTURE = b"""
#set document(title: "Picture")
#set text(font: json("/contents.json").fonts)
#image("/logo", alt: "Picture")
"""

_DRAWN = b"""
#set page(width: auto, height: auto, margin: 0pt, fill: none)
#set text(font: json("/contents.json").fonts)
#context {
  let size = measure(image("/logo"))
  let scale = calc.min(%(width)dpt / size.width, %(height)dpt / size.height)
  image("/logo", width: size.width * scale, height: size.height * scale)
}
"""
# As wide or high as the logo in templates/mail/mail.html, in twice as many pixels.
_FOR_MAIL, _MAIL_PIXELS_PER_INCH = _DRAWN % {b"width": 240, b"height": 60}, 144
# As wide or high as the logo in letter.typ.
_FOR_PRINT, _PRINT_PIXELS_PER_INCH = _DRAWN % {b"width": 198, b"height": 57}, 600


class _RefusedError(Exception):
    """Typst refuses an input, or panicked because it did not expect it."""


_Files = Mapping[str, bytes]
# Compilers to use again, except those that failed.
_idle: deque[typst.Compiler] = deque(maxlen=2)

# How many threads typst starts when it is first used. With one it needs less CPU time for a few
# pages, and processes that print at the same time do not compete.
os.environ.setdefault("RAYON_NUM_THREADS", "1")


class Letter(NamedTuple):
    """How texts are printed: the template that follows letter.typ, and what is not a text.

    The `country` of the reader, an ISO 3166 code, decides the style of Chinese characters.
    """

    template: bytes
    logo: bytes
    dated: date
    country: str
    style: Style = ORIGINAL


class Printed(NamedTuple):
    """A PDF, with the source and the files that it was made from."""

    file: bytes
    source: bytes
    read: _Files


def printed(
    letter: Letter, texts: dict[str, Any], beside: Mapping[str, str] | None = None
) -> Printed:
    """Return texts as PDF/A-3b and PDF/UA-1; `beside` are further values, which are not printed.

    PDF/A does not allow characters that no font has. If printing fails, first replace these
    characters. If it fails again, because no single font has a letter and the marks on it, replace
    all marks in all texts. A text that still cannot be printed keeps only its ASCII characters.
    """
    fonts = _fonts_for(letter.country, letter.style.font)
    # Looking at all texts at once takes less time than changing each.
    contents = texts if is_plain(texts_of(texts)) else in_each_text(texts, _plain)
    letter = letter._replace(logo=_accessible(letter.logo, letter.country, letter.style.font))
    steps = (
        _without_missing,
        lambda contents, _fonts: in_each_text(contents, without_marks),
        _without_unprintable,
    )
    for coarser in steps:
        try:
            return _attempt(letter, contents, fonts, beside or {})
        except _RefusedError:
            contents = coarser(contents, fonts)
    return _attempt(letter, contents, fonts, beside or {})


def as_images(made: Printed) -> list[bytes]:
    """Return the pages of what was printed, each as SVG."""
    return _run(made.source, made.read, format="svg")


def is_printable_picture(picture: bytes) -> bool:
    """Return whether a file is a complete PNG, JPEG, GIF, WebP or SVG that can be printed."""
    return _is_accepted(picture, _fonts_for(), _PDF_A)


def _is_accepted(picture: bytes, fonts: list[str], standards: list[typst.PDFStandard]) -> bool:
    try:
        _run(_PICTURE, _with_fonts(picture, fonts), standards=standards)
    except _RefusedError:
        return False
    return True


def _with_fonts(picture: bytes, fonts: list[str]) -> _Files:
    """Return a picture as a file to print, with the fonts of the text in it."""
    return {"logo": picture, "contents.json": _as_json({"fonts": fonts})}


@lru_cache(maxsize=4)
def _accessible(picture: bytes, country: str, font: str) -> bytes:
    """Return a picture as it is, or as PNG if PDF/UA does not allow it.

    Text in an SVG is refused if typst cannot tell the character of each glyph, for example of a
    letter with two accents. The PDF describes the picture by an alternative text in any case.
    """
    fonts = _fonts_for(country, font)
    if not picture or _is_accepted(picture, fonts, _STANDARDS):
        return picture
    return _drawn(_FOR_PRINT, picture, fonts, _PRINT_PIXELS_PER_INCH) or picture


@lru_cache(maxsize=4)
def picture_for_mail(picture: bytes) -> bytes | None:
    """Return a picture as PNG, because mail programs do not show SVG; None if it cannot be drawn.

    A process draws the same picture once.
    """
    return _drawn(_FOR_MAIL, picture, _fonts_for(), _MAIL_PIXELS_PER_INCH)


def _drawn(source: bytes, picture: bytes, fonts: list[str], ppi: float) -> bytes | None:
    """Return a picture as PNG; None if it cannot be drawn."""
    try:
        return _run(source, _with_fonts(picture, fonts), format="png", ppi=ppi)[0]
    except _RefusedError:
        return None


def _plain(text: str) -> str:
    return storable(on_one_line(text))


def _attempt(
    letter: Letter, contents: dict[str, Any], fonts: list[str], beside: Mapping[str, str]
) -> Printed:
    texts = texts_of(contents)
    given = contents | {
        "fonts": fonts,
        "from_right": sorted(filter(is_from_right, texts)),
        "has_long_words": any(map(has_long_word, texts)),
        "logo": bool(letter.logo),
        "style": letter.style.values,
        **beside,
    }
    read = {"contents.json": _as_json(given)}
    if letter.logo:
        read["logo"] = letter.logo
    # A time from the clock would make the file differ each time.
    made_at = datetime.combine(letter.dated, time.min, UTC)
    source = _LETTER + letter.template
    (file,) = _run(source, read, made_at=made_at)
    return Printed(file, source, read)


def _as_json(data: dict[str, Any]) -> bytes:
    return json.dumps(data).encode()


def _run(
    source: bytes,
    files: _Files,
    *,
    format: Literal["pdf", "svg", "png"] = "pdf",
    made_at: datetime = _EPOCH,
    standards: list[typst.PDFStandard] = _STANDARDS,
    ppi: float | None = None,
) -> list[bytes]:
    """Compile a source that can read only the files given.

    Typst keeps layouts by the path of the source. It numbers paths, and sources without a path, and
    panics after 65,535 of them in one process. Therefore the source is a file, always of the same
    path. The texts are a file because other inputs of a compiler would make all layouts useless.
    """
    # It takes 7 MB, which a process that prints nothing does not need.
    import typst

    with TemporaryDirectory() as folder:
        main = Path(folder, "main.typ")
        main.write_bytes(source)
        for name, content in files.items():
            Path(folder, name).write_bytes(content)
        try:
            compiler = _compiler(main)
            made = compiler.compile(
                input=main,
                root=folder,
                format=format,
                ppi=ppi,
                pdf_standards=standards,
                timestamp=made_at,
            )
        except BaseException as error:
            # The panic of a Rust extension is not a subclass of Exception.
            if isinstance(error, typst.TypstError) or type(error).__name__ == "PanicException":
                raise _RefusedError from error
            raise
    _idle.append(compiler)
    return made if isinstance(made, list) else [made or b""]


def _compiler(main: Path) -> typst.Compiler:
    """Return a compiler that no other thread uses, because two cannot use one at the same time."""
    try:
        return _idle.pop()
    except IndexError:
        import typst

        return typst.Compiler(main, root=main.parent, font_paths=_fonts(), ignore_system_fonts=True)


@cache
def _fonts() -> typst.Fonts:
    import typst

    return typst.Fonts(
        include_system_fonts=False,
        include_embedded_fonts=False,
        font_paths=[str(files(package)) for package in _FONT_PACKAGES],
    )


@lru_cache(maxsize=64)
def _fonts_for(country: str = "", first: str = FONTS[0]) -> list[str]:
    """Return the families to try for each character, beginning with `first` if it is installed.

    The others that can be chosen are not among them, so that adding one changes no document.
    """
    installed = _fonts().families()
    chosen = [first] if first in installed else []
    cjk = f"Noto Sans CJK {_CJK_FONTS.get(country, 'SC')}"
    others = sorted({*installed} - {*FONTS[1:]})
    return list(dict.fromkeys([*chosen, *_FIRST_FONTS, cjk, *others]))


def _without_missing(contents: dict[str, Any], fonts: list[str]) -> dict[str, Any]:
    """Return contents with a replacement for each character that no font has."""
    missing = _unprintable("".join(sorted(set().union(*texts_of(contents)))), fonts)
    table = str.maketrans(dict.fromkeys(missing, STAND_IN))
    printable: dict[str, Any] = in_each_text(contents, lambda text: text.translate(table))
    return printable


def _without_unprintable(contents: dict[str, Any], fonts: list[str]) -> dict[str, Any]:
    """Return contents in which each text can be printed by itself."""

    def printable(text: str) -> str:
        try:
            _probe(text, fonts)
        except _RefusedError:
            return "".join(each if each.isascii() else STAND_IN for each in text)
        return text

    texts: dict[str, Any] = in_each_text(contents, printable)
    return texts


def _unprintable(characters: str, fonts: list[str]) -> str:
    """Return the characters that no font has, by bisection."""
    try:
        _probe(" ".join(characters), fonts)
    except _RefusedError:
        if len(characters) == 1:
            return characters
        middle = len(characters) // 2
        return _unprintable(characters[:middle], fonts) + _unprintable(characters[middle:], fonts)
    return ""


def _probe(text: str, fonts: list[str]) -> None:
    """Print a text by itself, which fails if no font has one of its characters."""
    _run(_PROBE, {"contents.json": _as_json({"text": text, "fonts": fonts})})
