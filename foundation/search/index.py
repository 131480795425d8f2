"""Find rows by words of their texts, whatever the number of rows.

Each typed word must be part of a word of the texts: `kuhl`, `bruckner` and `brueckner` find
`Kühl & Brückner`, `ёлка` finds `Елка`. Words of one or two characters must begin a word. The
database folds texts and typed words; migrations/sql/0001_functions.sql says how. A table has the
`search_index` of its searched columns, and `find` uses it:

    class Camera(models.Model):
        class Meta:
            indexes = (search_index("name", "title", name="usage_camera_search"),)

    find(Camera.objects.all(), "north gate", "name", "title")[:20]

A search over several tables calls `find` for each with its own limit.
"""

import re
from collections.abc import Callable, Sequence
from functools import partial, reduce
from operator import and_, or_
from typing import Any, TypeVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.fields.array import ArrayContains  # type: ignore[attr-defined]
from django.contrib.postgres.indexes import GinIndex
from django.db.models import Func, Model, Q, QuerySet, TextField, Value
from django.db.models.functions import StrIndex
from django.db.models.lookups import Contains, GreaterThan

# Up to so many rows are found by the index, and then sorted. If a search finds more, it is faster
# to read rows in the order of the list until a page is full.
FEW = 2_000
# Limits the size of a query.
MOST_WORDS = 8

TWO_LETTERS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ø": "oe", "å": "aa"})

Rows = TypeVar("Rows", bound=QuerySet[Any])


class FoldedText(Func):
    """The folded text of columns."""

    function = "search_text"
    arg_joiner = " || ' ' || "
    output_field = TextField()


class Trigrams(Func):
    """The pieces of three characters of a folded text."""

    function = "search_trigrams"
    output_field = ArrayField(TextField())


class _Needle(Func):
    """A typed word as it must be contained in a folded text."""

    function = "search_needle"
    output_field = TextField()


def search_index(*fields: str, name: str) -> GinIndex:
    """Return the index by which `find` searches these columns."""
    return GinIndex(Trigrams(FoldedText(*fields)), name=name)


def words_of(text: str) -> list[str]:
    """Split typed text into words, at most `MOST_WORDS`."""
    return re.findall(r"[^\W_]+", text.lower())[:MOST_WORDS]


def find(rows: Rows, text: str, *fields: str, of: str = "") -> Rows:
    """Keep the rows that have each word of `text` in one of their `fields`.

    `of` names a relation to a row that has the fields and the index, and the same primary key.
    Text without letters or digits finds nothing. The index is asked at once, without the other
    conditions of `rows`, because what to do then depends on how much it finds.
    """
    if not words_of(text):
        return rows.none()
    model: Any = rows.model._meta.get_field(of).related_model if of else rows.model
    found = first_ids(model, text, *fields, most=FEW + 1)
    if len(found) <= FEW:
        return rows.filter(pk__in=found)
    return rows.filter(matches(text, *(f"{of}__{field}" if of else field for field in fields)))


def matches(text: str, *fields: str) -> Q:
    """Return the condition of `find` without the index, for rows that are few for other reasons."""
    # PostgreSQL expects a third of the rows to have a position above 0, but next to none to be LIKE
    # something: then it would not read rows in the order of the list.
    at = partial(StrIndex, FoldedText(*fields))
    return _each(words_of(text), lambda needle: Q(GreaterThan(at(needle), 0)))


def first_ids(model: type[Model], text: str, *fields: str, most: int) -> list[Any]:
    """Return the primary keys of `most` rows that have each word of `text`, found by the index."""
    folded = FoldedText(*fields)

    def has(needle: _Needle) -> Q:
        indexed = ArrayContains(Trigrams(folded), Trigrams(needle))
        return Q(indexed) & Q(Contains(folded, needle))

    rows = model._default_manager.order_by().filter(_each(words_of(text), has))
    return list(rows.values_list("pk", flat=True)[:most])


def _each(words: Sequence[str], has: Callable[[_Needle], Q]) -> Q:
    """Return the condition for all words; a word with umlauts can be spelled in two ways."""
    spellings = [{word, word.translate(TWO_LETTERS)} for word in words]
    either = [reduce(or_, (has(_Needle(Value(one))) for one in sorted(each))) for each in spellings]
    return reduce(and_, either, Q()) if either else Q(pk__in=[])
