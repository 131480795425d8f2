"""Find names, such as the numbers of invoices, in what people write."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence

FEWEST_LETTERS = 4
"""A shorter name would be found in many texts that do not mean it."""

_LETTER, _OTHERS = re.compile(r"[^\W_]"), re.compile(r"[\W_]+")


class Names:
    """Names to find in texts, whatever their case, and whatever stands between their letters.

    A text may break a name by spaces, hyphens or ends of lines. A name that goes on with a digit
    is another one: `INV-2026-00003` is not in `INV-2026-000031`.
    """

    def __init__(self, names: Iterable[tuple[str, int]]) -> None:
        """Begin with names, each with an id."""
        self._ids: defaultdict[str, list[int]] = defaultdict(list)
        for name, pk in names:
            if len(folded := _OTHERS.sub("", _capitals(name))) >= FEWEST_LETTERS:
                self._ids[folded].append(pk)
        self._lengths = sorted({len(each) for each in self._ids}, reverse=True)

    def found_in(self, text: str) -> list[int]:
        """Return the ids of the names in a text, in its order; of two that begin, the longer."""
        capitals = _capitals(text)
        places = [each.start() for each in _LETTER.finditer(capitals)]
        letters = _OTHERS.sub("", capitals)
        found: dict[int, None] = {}
        start = 0
        while start < len(letters):
            length = self._length_at(letters, places, text, start)
            if length:
                found.update(dict.fromkeys(self._ids[letters[start : start + length]]))
            start += length or 1
        return list(found)

    def _length_at(self, letters: str, places: Sequence[int], text: str, start: int) -> int:
        for length in self._lengths:
            end = start + length
            if letters[start:end] in self._ids and end <= len(letters):
                before, after = places[start] - 1, places[end - 1] + 1
                first, last = letters[start], letters[end - 1]
                if not (first.isdigit() and before >= 0 and text[before].isdigit()) and not (
                    last.isdigit() and after < len(text) and text[after].isdigit()
                ):
                    return length
        return 0


def _capitals(text: str) -> str:
    """Return a text in capitals, each where it stands in the text."""
    capitals = text.upper()
    if len(capitals) == len(text):
        return capitals
    # Letters that become two capitals, such as ß, stay as they are.
    return "".join(upper if len(upper := each.upper()) == 1 else each for each in text)
