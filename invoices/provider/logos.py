"""Check which images can be a logo on documents and pages."""

from __future__ import annotations

from struct import unpack, unpack_from

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from invoices.documents.trial import prints_well
from invoices.provider.models import Logo

MAX_BYTES = 512 * 1024
MAX_PIXELS = 4_000_000

_PNG = b"\x89PNG\r\n\x1a\n"
_JPEG = b"\xff\xd8\xff"


def kind_of(content: bytes) -> str:
    """Return the content type of a logo."""
    if content.startswith(_PNG):
        return "image/png"
    return "image/jpeg" if content.startswith(_JPEG) else "image/svg+xml"


def is_svg(content: bytes) -> bool:
    """Return whether a logo is an SVG."""
    return kind_of(content) == "image/svg+xml"


def checked_logo(content: bytes) -> Logo:
    """Return an image as an unsaved logo.

    Raises:
        ValidationError: the image is too large, of another type, damaged, or an SVG that contains
            more than a drawing.
    """
    if len(content) > MAX_BYTES:
        raise ValidationError(
            _("This file is larger than 512 kB. Make the image smaller and upload it again.")
        )
    if content.startswith(_PNG):
        _check_size(_png_size(content))
    elif content.startswith(_JPEG):
        _check_size(_jpeg_size(content))
    else:
        _check_drawing(content)
    if not prints_well(content):
        raise ValidationError(
            _(
                "This image cannot be printed: it is damaged or too complex. Save it "
                "again or choose another one."
            )
        )
    return Logo.of(content)


def _check_size(size: tuple[int, int] | None) -> None:
    if size is None:
        raise ValidationError(_("This image is damaged. Save it again or choose another one."))
    width, height = size
    if width * height > MAX_PIXELS:
        raise ValidationError(
            _(
                "This image is too large: %(width)s × %(height)s pixels. Reduce it "
                "to at most 2000 × 2000 pixels."
            ),
            params={"width": width, "height": height},
        )


def _png_size(content: bytes) -> tuple[int, int] | None:
    """Return width and height in pixels without decompressing the image, or `None` if missing."""
    width, height = unpack(">II", content[16:24].ljust(8, b"\0"))
    return (width, height) if width and height else None


def _jpeg_size(content: bytes) -> tuple[int, int] | None:
    """Return width and height in pixels, or `None` if they or the image's end are missing."""
    # ISO/IEC 10918-1, B.1: segments have a marker and a length. Frames start with SOF0 to SOF15.
    place, no_frames = 2, (0xFFC4, 0xFFC8, 0xFFCC)
    while place + 9 <= len(content):
        marker, length = unpack_from(">HH", content, place)
        if marker == 0xFFFF:  # a fill byte
            place += 1
            continue
        if 0xFFC0 <= marker <= 0xFFCF and marker not in no_frames:
            height, width = unpack_from(">HH", content, place + 5)
            is_whole = b"\xff\xd9" in content[place:]
            return (width, height) if width and height and is_whole else None
        place += 2 + length
    return None


def _check_drawing(content: bytes) -> None:
    # It needs a library of 5 MB, which a process that checks no logo does not need.
    from invoices.provider.drawings import is_harmless, root_of

    root = root_of(content)
    if root is None:
        raise ValidationError(_("Choose a PNG, JPEG or SVG image."))
    if not is_harmless(root):
        raise ValidationError(
            _(
                "This SVG contains scripts, animations or external content. Save "
                "it as a plain SVG and upload it again."
            )
        )
