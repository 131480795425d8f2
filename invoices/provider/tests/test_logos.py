"""Tests of which images can be a logo."""

import gzip
from hashlib import sha256

import pytest
from django.core.exceptions import ValidationError

from invoices.documents.tests.pictures import JPEG, png, svg
from invoices.provider.logos import checked_logo, kind_of

DRAWING = svg(
    '<defs><g id="a"/></defs><use href="#a"/><path fill="url(#b)" style="fill: url( \'#b\' )"/>'
)
XLINK = 'xmlns:xlink="http://www.w3.org/1999/xlink"'


def refusal_of(content: bytes) -> str:
    with pytest.raises(ValidationError) as caught:
        checked_logo(content)
    (message,) = caught.value.messages
    return message


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (png(40, 20), "image/png"),
        (png(2000, 2000), "image/png"),
        (JPEG, "image/jpeg"),
        (JPEG[:2] + b"\xff\xff" + JPEG[2:], "image/jpeg"),
        (DRAWING, "image/svg+xml"),
        (b'<?xml version="1.0"?>\n<!-- drawn -->\n' + DRAWING, "image/svg+xml"),
        (svg(f'<image {XLINK} xlink:href="data:image/png;base64,AAAA"/>'), "image/svg+xml"),
    ],
)
def test_images_are_accepted_unchanged(content: bytes, kind: str) -> None:
    logo = checked_logo(content)

    assert (logo.pk, logo.content) == (sha256(content).hexdigest(), content)
    assert kind_of(content) == kind


@pytest.mark.parametrize(
    "content", [b"", b"GIF89a", b"%PDF-1.7", b"<svg/>", b"<html/>", gzip.compress(DRAWING), b"<svg"]
)
def test_other_files_are_refused(content: bytes) -> None:
    assert refusal_of(content) == "Choose a PNG, JPEG or SVG image."


@pytest.mark.parametrize(
    "content",
    [
        png(40, 20)[:12],
        png(400, 200)[:-30],
        JPEG[:100],
        JPEG[:-2],
        JPEG[:-60] + bytes(58) + JPEG[-2:],
    ],
)
def test_damaged_images_are_refused(content: bytes) -> None:
    assert "damaged" in refusal_of(content)


@pytest.mark.parametrize(
    "inside",
    [
        "<script>alert(1)</script>",
        "<foreignObject><p/></foreignObject>",
        '<rect onload="alert(1)"/>',
        '<a href="javascript:alert(1)"/>',
        '<image href="https://elsewhere.test/a.png"/>',
        '<image href="/etc/passwd"/>',
        f'<use {XLINK} xlink:href="other.svg#a"/>',
        "<style>@import 'https://elsewhere.test/a.css'</style>",
        '<rect fill="url(https://elsewhere.test/a.svg#b)"/>',
        '<a id="a"/><set href="#a" attributeName="href" to="javascript:alert(1)"/>',
        "<?php ?>",
    ],
)
def test_an_svg_with_active_or_external_content_is_refused(inside: str) -> None:
    assert (
        "This SVG contains scripts, animations or external content. Save it as "
        "a plain SVG and upload it again."
    ) in refusal_of(svg(inside))


def test_an_svg_with_a_style_sheet_instruction_is_refused() -> None:
    assert (
        "This SVG contains scripts, animations or external content. Save it as "
        "a plain SVG and upload it again."
    ) in refusal_of(b'<?xml-stylesheet href="https://elsewhere.test"?>' + DRAWING)


def test_entities_are_refused() -> None:
    one = b'<!DOCTYPE svg [<!ENTITY a "lol">]>' + svg("<text>&a;</text>")
    lol = "".join(f'<!ENTITY a{i} "{f"&a{i - 1};" * 10}">' for i in range(1, 10))
    bomb = f'<!DOCTYPE svg [<!ENTITY a0 "lol">{lol}]>'.encode() + svg("<text>&a9;</text>")

    assert (
        "This SVG contains scripts, animations or external content. Save it as "
        "a plain SVG and upload it again."
    ) in refusal_of(one)
    assert "Choose a PNG, JPEG or SVG image." in refusal_of(bomb)


@pytest.mark.parametrize("content", [png(2000, 2001), png(30_000, 30_000)])
def test_images_with_too_many_pixels_are_refused(content: bytes) -> None:
    assert "too large" in refusal_of(content)


def test_a_file_that_is_too_large_is_refused() -> None:
    assert "larger than 512 kB" in refusal_of(png(40, 20) + bytes(512 * 1024))


def test_an_svg_that_expands_exponentially_is_refused() -> None:
    groups = "".join(
        f'<g id="a{i}">' + f'<use href="#a{i - 1}"/>' * 10 + "</g>" for i in range(1, 10)
    )

    assert "cannot be printed" in refusal_of(svg(f'<g id="a0"><rect/></g>{groups}'))


def test_an_svg_that_takes_too_long_is_refused() -> None:
    blurred = "".join(
        f'<filter id="f{i}"><feGaussianBlur stdDeviation="{50 + i}"/></filter>'
        f'<rect filter="url(#f{i})" width="1000000" height="1000000"/>'
        for i in range(5)
    )
    drawing = svg(blurred).replace(b'width="40" height="20"', b'width="1000000" height="1000000"')

    assert "cannot be printed" in refusal_of(drawing)
