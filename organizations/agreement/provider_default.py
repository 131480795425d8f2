"""Whether suspended organizations are charged unless their operator decides otherwise.

The provider's details belong to a higher layer, which calls `register`.
"""

from collections.abc import Callable

_sources: list[Callable[[], bool]] = []


def register(source: Callable[[], bool]) -> None:
    """Have `source` tell whether suspended organizations are charged by default."""
    _sources.append(source)


def suspended_are_charged() -> bool:
    """Return whether a form proposes to charge a suspended organization."""
    return bool(_sources) and _sources[-1]()
