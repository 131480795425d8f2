"""Who runs the product: what pages and emails show of them. A higher layer registers it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.translation import gettext


@dataclass(frozen=True)
class Brand:
    """The names, contact and logo of the company that runs the product, or empty texts."""

    name: str = ""
    header: str = ""
    """The name in the header of pages and in emails; `product_name` has a default."""
    email: str = ""
    logo: Callable[[], bytes | None] = lambda: None
    """Read the logo: an image that mail programs show, PNG or JPEG."""

    @property
    def product_name(self) -> str:
        """The name in the header."""
        return self.header or gettext("Camera billing")


_sources: list[Callable[[], Brand]] = []


def register(source: Callable[[], Brand]) -> None:
    """Take the brand from `source` from now on."""
    _sources[:] = [source]


def brand() -> Brand:
    """Return the present brand."""
    return _sources[0]() if _sources else Brand()
