"""How documents look: what the provider chose, frozen with each document."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

# WCAG 2.2, success criterion 1.4.3: the minimum contrast of text.
MIN_CONTRAST = 4.5
# The families that can be chosen, each of a package of fonts. All of them have Latin and Cyrillic
# letters; other characters come from the families that follow in printing.py.
FONTS = ("Noto Sans", "IBM Plex Sans", "Source Sans 3", "IBM Plex Serif")
# What text is printed on: white paper and, in letter.typ, the shade behind payment details.
_BACKGROUNDS = ("#ffffff", "#f4f6f8")


class Place(StrEnum):
    """A place across the page."""

    LEFT = "left"
    CENTRE = "centre"
    RIGHT = "right"


@dataclass(frozen=True, slots=True)
class Style:
    """The look of a document. Colours are written as in CSS, for example `#182433`.

    The logo's place is `logo`, that of the line at the foot of each page is `footer`; the number of
    the page stands opposite, or beside a centred line, unless `numbers_pages` is False. Titles, the
    rules of tables and the total have the `accent`, other text is in `ink`. A `font` that is not
    installed is replaced.

    The defaults are how documents without a style look, so they must never change.
    """

    logo: Place = Place.LEFT
    accent: str = "#182433"
    ink: str = "#182433"
    font: str = FONTS[0]
    footer: Place = Place.LEFT
    numbers_pages: bool = True

    @classmethod
    def of(cls, values: Mapping[str, Any]) -> Style:
        """Return the style with these `values`; without any, the original one."""
        if not values:
            return ORIGINAL
        places = {name: Place(values[name]) for name in ("logo", "footer")}
        return cls(**{**values, **places})

    @property
    def values(self) -> dict[str, Any]:
        """The values by name."""
        return {name: getattr(self, name) for name in self.__slots__}

    @property
    def stored(self) -> dict[str, Any]:
        """The values to store with a document; none for the original style."""
        return {} if self == ORIGINAL else self.values


ORIGINAL = Style()


def contrast(colour: str) -> float:
    """Return the least contrast of a text with what it is printed on, from 1 to 21.

    It is the ratio that WCAG 2.2 defines for colours of sRGB, in lower or upper case.
    """
    return min(_ratio(_luminance(colour), _luminance(each)) for each in _BACKGROUNDS)


def _ratio(one: float, other: float) -> float:
    return (max(one, other) + 0.05) / (min(one, other) + 0.05)


def _luminance(colour: str) -> float:
    """Return the relative luminance of a colour, from 0 (black) to 1 (white)."""
    red, green, blue = (_linear(int(colour[at : at + 2], 16) / 255) for at in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4
