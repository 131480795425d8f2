"""Check whether an SVG only draws."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

_SVG = "{http://www.w3.org/2000/svg}"
# Elements that do more than draw.
_ACTIVE = {"animate", "animatemotion", "animatetransform", "foreignobject", "handler", "iframe"}
_ACTIVE |= {"script", "set"}
_ELSEWHERE = re.compile(r"@import|url\((?!\s*['\"]?\s*#)", re.IGNORECASE)
_HERE = re.compile(r"#|data:image/(png|jpe?g|gif|webp)[;,]", re.IGNORECASE)


def root_of(content: bytes) -> etree._Element | None:
    """Return the root of an SVG, or None if a file is not one."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True)
    try:
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError):
        return None
    return root if root is not None and root.tag == f"{_SVG}svg" else None


def is_harmless(root: etree._Element) -> bool:
    """Return whether an SVG contains no scripts, animations or external content."""
    return all(map(_is_harmless, _nodes(root)))


def _nodes(root: etree._Element) -> Iterator[etree._Element]:
    """Yield every element and instruction, including those before and after the drawing."""
    yield from root.itersiblings(preceding=True)
    yield from root.iter()
    yield from root.itersiblings()


def _is_harmless(node: etree._Element) -> bool:
    if not isinstance(node.tag, str):  # an entity or an instruction, for example a style sheet
        return False
    if etree.QName(node).localname.lower() in _ACTIVE:
        return False
    for name, value in node.items():
        local = etree.QName(name).localname.lower()
        if local.startswith("on") or _ELSEWHERE.search(value):
            return False
        if local in ("href", "src") and not _HERE.match(value.strip()):
            return False
    return not _ELSEWHERE.search(node.text or "")
