"""The provider's country, in which new organizations are billed unless they say otherwise.

The provider's details belong to a higher layer, which calls `register`.
"""

from collections.abc import Callable

_sources: list[Callable[[], str]] = []


def register(source: Callable[[], str]) -> None:
    """Have `source` tell the code of the country, or "" while it is not known."""
    _sources.append(source)


def provider_country() -> str:
    """Return the code of the provider's country, or an empty text."""
    return _sources[-1]() if _sources else ""
