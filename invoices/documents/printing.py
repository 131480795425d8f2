"""Print texts as PDF/A by a template of typst, whatever characters people's names contain."""

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

from invoices.documents.texts import (
    STAND_IN,
    has_long_word,
    in_each_text,
    is_from_right,
    on_one_line,
    storable,
    texts_of,
    without_marks,
)

if TYPE_CHECKING:
    import typst

_LETTER = Path(__file__).with_name("letter.typ").read_bytes()
_FONT_PACKAGES = ("fontpkg_ibm_plex_sans_arabic", "manimgx_fonts", "manimgx_fonts_cjk")
# Fonts to try first for each character, in this order. Noto draws Arabic letters in two pieces, so
# text copied from the PDF would contain each of them twice.
_FIRST_FONTS = ("Noto Sans", "IBM Plex Sans Arabic")
# The style of Chinese characters by the buyer's country. The default is the style of China.
_CJK_FONTS = {"JP": "JP", "KR": "KR", "TW": "TC", "HK": "HK", "MO": "HK"}
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_PROBE = b'#let data = json("/contents.json"); #set text(font: data.fonts); #data.text'
_PICTURE = b'#image("/logo", alt: "")'

# As wide or high as the logo in templates/mail/mail.html, in twice as many pixels.
_FOR_MAIL = b"""
#set page(width: auto, height: auto, margin: 0pt, fill: none)
#context {
  let size = measure(image("/logo"))
  let scale = calc.min(240pt / size.width, 60pt / size.height)
  image("/logo", width: size.width * scale, height: size.height * scale)
}
"""
_MAIL_PIXELS_PER_INCH = 144


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


class Printed(NamedTuple):
    """A PDF, with the source and the files that it was made from."""

    file: bytes
    source: bytes
    read: _Files


def printed(
    letter: Letter, texts: dict[str, Any], beside: Mapping[str, str] | None = None
) -> Printed:
    """Return texts as PDF/A-3b; `beside` are further values, which the template does not print.

    PDF/A does not allow characters that no font has. If printing fails, first replace these
    characters. If it fails again, because no single font has a letter and the marks on it, replace
    all marks in all texts. A text that still cannot be printed keeps only its ASCII characters.
    """
    fonts = _fonts_for(letter.country)
    contents = in_each_text(texts, _plain)
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
    try:
        _run(_PICTURE, {"logo": picture})
    except _RefusedError:
        return False
    return True


@lru_cache(maxsize=4)
def picture_for_mail(picture: bytes) -> bytes | None:
    """Return a picture as PNG, because mail programs do not show SVG; None if it cannot be drawn.

    A process draws the same picture once.
    """
    try:
        return _run(_FOR_MAIL, {"logo": picture}, format="png")[0]
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
                ppi=_MAIL_PIXELS_PER_INCH,
                pdf_standards=["a-3b"],
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


def _fonts_for(country: str) -> list[str]:
    cjk = f"Noto Sans CJK {_CJK_FONTS.get(country, 'SC')}"
    return list(dict.fromkeys([*_FIRST_FONTS, cjk, *sorted(_fonts().families())]))


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
