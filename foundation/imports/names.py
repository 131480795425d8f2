"""Find what the cells of a file name."""

from __future__ import annotations

from collections.abc import Iterable


class Names:
    """Find ids by trimmed names, ignoring case."""

    def __init__(self, ids_and_names: Iterable[tuple[int, str]]) -> None:
        self._exact: dict[str, int] = {}
        self._folded: dict[str, int | None] = {}
        for pk, name in ids_and_names:
            trimmed = name.strip()
            self._exact[trimmed] = pk
            folded = trimmed.casefold()
            # Names that differ in the database may be equal in Unicode ("Strasse" and "Straße").
            # Only their exact spelling finds them.
            self._folded[folded] = None if folded in self._folded else pk

    def find(self, name: str) -> int | None:
        """Return the id for `name`, which is already trimmed, or None if there is none."""
        return self._exact.get(name) or self._folded.get(name.casefold())
