"""Read the tags of a PDF, by which people who cannot see it have it read aloud."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from pypdf import PageObject, PdfReader
from pypdf.generic import ContentStream, DictionaryObject

from tests.poppler import poppler

# Operators that paint: text, paths, pictures and shadings (ISO 32000-1, Annex A).
_PAINTING = {*b"Tj TJ ' S s f F f* B B* b b* Do sh".split(), b'"'}
_TEXT = re.compile(r'( *)"(.*)"')
_ELEMENT = re.compile(r"( *)([A-Z]\w*)\b.*")


@dataclass
class Element:
    """An element of the structure with its attributes, the texts in it, and its parts."""

    kind: str
    alternative: str = ""
    title: str = ""
    attributes: dict[str, Any] = field(default_factory=dict)
    identifier: str = ""
    parts: list[Element] = field(default_factory=list)

    def all(self, kind: str) -> list[Element]:
        """Return the elements of a kind in this one, in their order."""
        return [each for each in self.walk() if each.kind == kind]

    def walk(self) -> Iterator[Element]:
        """Yield this element and all in it, in the order in which they are read."""
        yield self
        for part in self.parts:
            yield from part.walk()


def structure(pdf: bytes) -> Element:
    """Return the root of the structure. Every element has a kind of PDF 1.7."""
    catalog: Any = PdfReader(io.BytesIO(pdf), strict=True).root_object
    root = catalog["/StructTreeRoot"]
    (document,) = _elements(root["/K"], root.get("/RoleMap", {}))
    return document


def _elements(kids: Any, roles: dict[str, str]) -> Iterator[Element]:
    for kid in kids if isinstance(kids, list) else [kids]:
        node: Any = kid.get_object()
        if not isinstance(node, DictionaryObject) or "/S" not in node:
            continue
        kind: Any = node["/S"]
        yield Element(
            kind=str(roles.get(kind, kind)).removeprefix("/"),
            alternative=str(node.get("/Alt", "")),
            title=str(node.get("/T", "")),
            attributes={
                str(name).removeprefix("/"): value
                for group in node.get("/A", [])
                for name, value in group.get_object().items()
                if name != "/O"
            },
            identifier=str(node.get("/ID", "")),
            parts=[*_elements(node.get("/K", []), roles)],
        )


def read_aloud(pdf: bytes) -> list[tuple[str, str]]:
    """Return the texts of the structure in their order, each with the kind of its element."""
    read: list[tuple[str, str]] = []
    kinds: dict[int, str] = {}
    for line in poppler("pdfinfo", pdf, "-struct-text", "-").splitlines():
        if found := _TEXT.fullmatch(line):
            read.append((kinds[len(found[1]) - 2], found[2]))
        elif found := _ELEMENT.fullmatch(line):
            kinds[len(found[1])] = found[2]
    return read


def painted_without_tags(pdf: bytes) -> list[str]:
    """Return what is painted neither as a part of the structure nor as an artifact."""
    reader = PdfReader(io.BytesIO(pdf), strict=True)
    return [each for page in reader.pages for each in _untagged(page, reader)]


def _untagged(page: PageObject, reader: PdfReader) -> Iterator[str]:
    depth = 0
    for operands, operator in ContentStream(page["/Contents"].get_object(), reader).operations:
        if operator in (b"BDC", b"BMC"):
            depth += 1
        elif operator == b"EMC":
            depth -= 1
        elif operator in _PAINTING and not depth:
            yield f"{operands} {operator.decode()}"
