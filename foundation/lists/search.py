"""Search by the beginnings of words, answered from an index.

PostgreSQL's own full text search, in its `simple` configuration, over words split at everything
that is not a letter or a digit: `j.smith@example.com` is found by `smi`, `exam` or `smith@ex`.
No extension is needed, and a GIN index answers for any number of rows.
"""

import re
from functools import reduce
from operator import and_

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchQuery, SearchVector
from django.db.models import Func, Q, TextField


class Words(Func):
    """Text in lower case with everything but letters and digits as spaces."""

    function = "regexp_replace"
    output_field = TextField()
    template = "%(function)s(lower(%(expressions)s), '[^[:alnum:]]+', ' ', 'g')"


def word_vector(*fields: str) -> SearchVector:
    """Return the search vector of `fields`; the same expression stands in `word_index`."""
    return SearchVector(*(Words(field) for field in fields), config="simple")


def word_index(*fields: str, name: str) -> GinIndex:
    """Return the index that answers `word_vector(*fields)`."""
    return GinIndex(word_vector(*fields), name=name)


def words_of(text: str) -> list[str]:
    """Split what a person typed into words; at most 8, so that no query grows without bound."""
    return re.findall(r"[^\W_]+", text.lower())[:8]


def starts_word(word: str) -> SearchQuery:
    """Return the query for texts in which some word begins with `word`, one of `words_of`."""
    return SearchQuery(f"{word}:*", config="simple", search_type="raw")


def matches_all(vector_name: str, text: str) -> Q:
    """Return the condition that every word of `text` begins a word of the annotated vector.

    Text without a letter or a digit is found nowhere.
    """
    words = words_of(text)
    if not words:
        return Q(pk__in=[])
    return reduce(and_, (Q(**{vector_name: starts_word(word)}) for word in words))
