"""Read the ids of rows that a person selected in a list."""

from collections.abc import Iterable


def is_id(text: str) -> bool:
    """Return whether a text can be the id of a row."""
    # Longer numbers may not fit into an id, which has at most 19 digits.
    return text.isascii() and text.isdecimal() and len(text) < 19


def ids_in(texts: Iterable[str]) -> list[int]:
    """Return the ids among texts that were sent, sorted, each once; ignore what cannot be one."""
    return sorted({int(text) for text in texts if is_id(text)})
