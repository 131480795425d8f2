"""The columns of files: what we call them, and what a file may call them."""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import IO, TYPE_CHECKING
from unicodedata import combining, normalize

from django.conf import settings
from django.utils import translation
from django.utils.text import capfirst

from foundation.imports.encodings import Encoding
from foundation.imports.records import REASON_COLUMN, rows_of, wrong_header
from foundation.imports.report import no_progress
from foundation.imports.rows import UnreadableFileError
from foundation.imports.xlsx_rows import MAX_COLUMNS

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

_LEAST_SIMILARITY = 0.7
_MOST_COMPARED = 100


@dataclass(frozen=True)
class Columns:
    """The columns of a kind of file: what people call each, by name, and which a file must have.

    `also` has what else files call some of them. `led_by` has columns that a file can only have
    with another one, which says what they are about.
    """

    labels: Mapping[str, StrOrPromise]
    required: Sequence[str]
    also: Mapping[str, Sequence[StrOrPromise]] = field(default_factory=dict)
    led_by: Mapping[str, str] = field(default_factory=dict)

    def label(self, column: str) -> str:
        """Return what people call a column, and its name if that is another."""
        label = str(self.labels[column])
        name = capfirst(label)
        return name if label.lower().replace(" ", "_") == column else f"{name} ({column})"

    def are_in(self, headings: Sequence[str]) -> bool:
        """Return whether a file with these headings has our names."""
        names = [heading.lower() for heading in headings]
        return not wrong_header(names, self.required, [*self.labels])

    def can_be_among(self, headings: Sequence[str]) -> bool:
        """Return whether these headings, which a file has instead, can be chosen from."""
        return len(self.required) <= len(usable(headings)) <= len(headings) <= MAX_COLUMNS

    def are_found_by(self, headings: Mapping[str, str]) -> bool:
        """Return whether a heading is known for each required column, and for no unknown one."""
        return {*self.required} <= headings.keys() <= self.labels.keys()

    def proposed(self, headings: Sequence[str]) -> dict[str, str]:
        """Return the heading that is most like each column, in any language; each heading once.

        Headings that say something else than a name are not like it, however many letters they
        share: "first day of use" and "first day of trial", or "first day" and either of them.
        """
        found: dict[str, str] = {}
        for _similarity, column, heading in sorted(self._similar(headings), reverse=True):
            if column not in found and heading not in found.values():
                found[column] = heading
        return {
            column: heading
            for column, heading in found.items()
            if self.led_by.get(column, column) in found
        }

    def _similar(self, headings: Sequence[str]) -> Iterator[tuple[float, str, str]]:
        matcher = SequenceMatcher(autojunk=False)
        names = [(name, column) for column in self.labels for name in self._names(column)]
        words_of = {(_words(name), column) for name, column in names}
        for name, column in names:
            matcher.set_seq2(_plain(name))
            words = _words(name)
            says_less = any(words < longer for longer, other in words_of if other != column)
            for heading in headings:
                matcher.set_seq1(_plain(heading))
                if min(matcher.real_quick_ratio(), matcher.quick_ratio()) < _LEAST_SIMILARITY:
                    continue
                ratio = matcher.ratio()
                if ratio == 1 or (
                    ratio >= _LEAST_SIMILARITY
                    and _may_mean(_words(heading), words, says_less=says_less)
                ):
                    yield ratio, column, heading

    def _names(self, column: str) -> set[str]:
        names = {column}
        for language, _name in settings.LANGUAGES:
            with translation.override(language):
                names.add(str(self.labels[column]))
                names.update(str(name) for name in self.also.get(column, ()))
        return names


def headings_in(file: IO[bytes], encoding: Encoding) -> list[str]:
    """Return the headings of a file, in its spelling; none if it cannot be read."""
    file.seek(0)
    try:
        for row in rows_of(file, encoding, no_progress):
            if any(headings := [field.strip() for field in row.fields]):
                while not headings[-1]:
                    headings.pop()
                return [] if row.fault else headings
    except UnreadableFileError:
        # The check of the file reports why.
        pass
    return []


def usable(headings: Sequence[str]) -> list[str]:
    """Return those that mean one column of the file."""
    times = Counter(heading.lower() for heading in headings)
    return [heading for heading in headings if times[heading.lower()] == 1 and _is_of_file(heading)]


def fingerprint(headings: Sequence[str]) -> str:
    """Return a text that is the same for the same headings in another order.

    A file that was returned with errors has the same headings as before.
    """
    names = sorted(heading.lower() for heading in headings if _is_of_file(heading))
    return hashlib.sha256(json.dumps(names).encode()).hexdigest()


def _is_of_file(heading: str) -> bool:
    return heading.lower() not in ("", REASON_COLUMN)


def _may_mean(heading: frozenset[str], name: frozenset[str], *, says_less: bool) -> bool:
    """Return whether two sets of words may mean the same.

    One may say more than the other, but not each something else. `says_less` tells that another
    name has the words of this one and more, so that a heading with more words may mean that one.
    """
    has_more, lacks = _others(heading, name), _others(name, heading)
    return not (has_more and (lacks or says_less))


def _others(words: frozenset[str], known: frozenset[str]) -> bool:
    """Return whether one of these words is like none of the known ones."""
    return any(
        all(SequenceMatcher(None, word, each).ratio() < _LEAST_SIMILARITY for each in known)
        for word in words
    )


def _words(text: str) -> frozenset[str]:
    return frozenset(re.findall(r"[^\W_]+", _folded(text)))


def _plain(text: str) -> str:
    """Return only the letters and digits, without case and accents."""
    return re.sub(r"[\W_]+", "", _folded(text))


def _folded(text: str) -> str:
    letters = normalize("NFKD", text[:_MOST_COMPARED].casefold())
    return "".join(letter for letter in letters if not combining(letter))
