"""References of the buyer that a document states, besides the number of the contract."""

from __future__ import annotations

from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class References:
    """What the buyer finds a document by: terms of EN 16931, or empty texts.

    `order` is the number of the buyer's purchase order (BT-13), `buyer_reference` a text of the
    buyer's choice, for German public bodies a Leitweg-ID (BT-10), `contract` the buyer's number of
    the contract (BT-12), and `project` that of a project (BT-11).
    """

    order: str = ""
    buyer_reference: str = ""
    contract: str = ""
    project: str = ""

    def with_own(self, own: References) -> References:
        """Return these with the ones that a single document has of its own."""
        return replace(self, **own.stored())

    def stored(self) -> dict[str, str]:
        """Return those that are not empty, by name."""
        names = self.__slots__
        return {name: value for name in names if (value := getattr(self, name))}


NO_REFERENCES = References()
