"""Find rows by words of their texts, whatever the number of rows.

Each typed word must be part of a word of the texts: `kuhl`, `bruckner` and `brueckner` find
`Kühl & Brückner`, `ёлка` finds `Елка`. Words of one or two characters must begin a word. The
database folds texts and typed words; migrations/sql/0001_functions.sql says how. A table has the
`search_index` of its searched columns, and `find` uses it:

    class Camera(models.Model):
        class Meta:
            indexes = (search_index("name", "title", name="usage_camera_search"),)

    find(Camera.objects.all(), "north gate", "name", "title")[:20]

To fold a text takes some thirty times as long as to compare it. A table of which many rows are
compared stores the folded text in a `folded_field`, which has the name `folded`:

    find(Organization.objects.all(), "hotel", "folded", of="search_text")

A search over several tables asks for `some_of` each.
"""

import re
from collections.abc import Callable, Sequence
from functools import partial, reduce
from operator import and_, or_
from typing import Any, TypeVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db.models import BooleanField, F, Func, GeneratedField, Q, QuerySet, TextField, Value
from django.db.models.functions import StrIndex
from django.db.models.lookups import Contains, GreaterThan

from foundation.among import among

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


class _HasPieces(Func):
    """Whether an index finds that a folded text may contain a needle."""

    function = "search_has_pieces"
    output_field = BooleanField()


def folded_field(*fields: str) -> GeneratedField:
    """Return a column, to be named `folded`, in which the database keeps these columns folded."""
    return GeneratedField(
        expression=FoldedText(*fields), output_field=TextField(), db_persist=True, editable=False
    )


def search_index(*fields: str, name: str) -> GinIndex:
    """Return the index by which `find` searches these columns, or the column `folded`."""
    return GinIndex(Trigrams(_folded(fields)), name=name)


def _folded(fields: Sequence[str]) -> F | FoldedText:
    is_stored = fields[0].rpartition("__")[2] == "folded"
    return F(fields[0]) if is_stored else FoldedText(*fields)


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
    found = first_ids(model._default_manager.all(), text, *fields, most=FEW + 1)
    if len(found) <= FEW:
        return rows.filter(among("pk", found))
    return rows.filter(matches(text, *(f"{of}__{field}" if of else field for field in fields)))


def matches(text: str, *fields: str) -> Q:
    """Return the condition of `find` without the index, for rows that are few for other reasons."""
    # PostgreSQL expects a third of the rows to have a position above 0, but next to none to be LIKE
    # something: then it would not read rows in the order of the list.
    return _each(words_of(text), partial(_at, _folded(fields)))


def first_ids(rows: QuerySet[Any], text: str, *fields: str, most: int) -> list[Any]:
    """Return the primary keys of `most` of `rows` that have each word of `text`, by the index."""
    folded = _folded(fields)

    def has(needle: _Needle) -> Q:
        return _is_indexed(folded, needle) & Q(Contains(folded, needle))

    found = rows.order_by().filter(_each(words_of(text), has))
    return list(found.values_list("pk", flat=True)[:most])


def some_of(rows: QuerySet[Any], text: str, *fields: str, most: int) -> QuerySet[Any]:
    """Return the primary keys of any `most` of `rows`, a few hundred, with each word of `text`.

    Of a word that many rows have, an index would first collect them all. Here PostgreSQL, which
    keeps statistics of pieces, instead reads the table until it has found so many.
    """
    folded = _folded(fields)

    def has(needle: _Needle) -> Q:
        return _is_indexed(folded, needle) & _at(folded, needle)

    return rows.order_by().filter(_each(words_of(text), has)).values("pk")[:most]


def _is_indexed(folded: F | FoldedText, needle: _Needle) -> Q:
    return Q(_HasPieces(folded, needle))


def _at(folded: F | FoldedText, needle: _Needle) -> Q:
    return Q(GreaterThan(StrIndex(folded, needle), 0))


def _each(words: Sequence[str], has: Callable[[_Needle], Q]) -> Q:
    """Return the condition for all words; a word with umlauts can be spelled in two ways."""
    spellings = [{word, word.translate(TWO_LETTERS)} for word in words]
    either = [reduce(or_, (has(_Needle(Value(one))) for one in sorted(each))) for each in spellings]
    return reduce(and_, either, Q()) if either else Q(pk__in=[])
