"""Read QR codes as a bank's app does: from the picture, with another library than draws them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import typst
import zxingcpp

from tests.poppler import poppler_bytes

_DOTS_PER_INCH = 150


def codes_in(pdf: bytes) -> list[zxingcpp.Barcode]:
    """Return the codes on the pages of a PDF, in their order."""
    pictures = poppler_bytes("pdftoppm", pdf, "-gray", "-r", str(_DOTS_PER_INCH), "-")
    return [code for page in _pages(pictures) for code in zxingcpp.read_barcodes(page)]


def code_in_svg(svg: bytes) -> zxingcpp.Barcode:
    """Return the only code in a picture."""
    with TemporaryDirectory() as folder:
        Path(folder, "code.svg").write_bytes(svg)
        Path(folder, "main.typ").write_text('#image("code.svg", width: 50mm)')
        page = typst.compile(str(Path(folder, "main.typ")))
    assert isinstance(page, bytes)
    (code,) = codes_in(page)
    return code


def _pages(pictures: bytes) -> Iterator[memoryview]:
    """Yield pictures in the format PGM, one after the other, as bytes of height and width."""
    while pictures:
        _kind, size, _depth, rest = pictures.split(b"\n", 3)
        width, height = map(int, size.split())
        yield memoryview(rest[: width * height]).cast("B", shape=[height, width])
        pictures = rest[width * height :]
