"""Save, change and delete filters of lists."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Value
from django.db.models.functions import Lower
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.saved_filters.models import LONGEST_QUERY, SavedFilter

MOST_OF_A_LIST = 30
"""The maximum number of filters that a person has for one list."""


class FilterRefusal(Exception):
    """A filter cannot be saved; the text says why and what to do."""


class NameTaken(FilterRefusal):
    """The author has another filter of this name for the list."""

    def __str__(self) -> str:
        return _("You already have a filter of this name for this list. Enter another name.")


class TooMany(FilterRefusal):
    """The author has as many filters for the list as one can have."""

    def __str__(self) -> str:
        return _(
            "You have %(number)s filters for this list, which is the maximum. Delete one first."
        ) % {"number": MOST_OF_A_LIST}


class TooLong(FilterRefusal):
    """The filter has more text than can be stored."""

    def __str__(self) -> str:
        return _("This filter is too long to be saved. Shorten what is searched for.")


class NotOfList(FilterRefusal):
    """The filter has characters that no list's address has: those are percent-encoded."""

    def __str__(self) -> str:
        return _("This filter cannot be saved. Open it in the list again.")


@transaction.atomic
def save_filter(
    *, author_id: int, list_name: str, name: str, query: str, is_shared: bool
) -> SavedFilter:
    """Save a filter of a list under a new name.

    Raises:
        NameTaken, TooMany, TooLong, NotOfList: it cannot be saved.
    """
    _lock(author_id)
    own = SavedFilter.objects.of_list(list_name).filter(author=author_id)
    _check_name(SavedFilter(author_id=author_id, list=list_name), name)
    if own.count() >= MOST_OF_A_LIST:
        raise TooMany
    _check_query(query)
    return SavedFilter.objects.create(
        author_id=author_id, list=list_name, name=name, query=query, is_shared=is_shared
    )


@transaction.atomic
def change_filter(*, author_id: int, pk: int, name: str, is_shared: bool) -> SavedFilter:
    """Rename one's own filter, and share it or keep it for oneself.

    Raises:
        SavedFilter.DoesNotExist: the author does not have it.
        NameTaken: the author has another filter of this name.
    """
    _lock(author_id)
    saved = SavedFilter.objects.get(pk=pk, author=author_id)
    _check_name(saved, name)
    saved.name, saved.is_shared = name, is_shared
    saved.save(update_fields=["name", "is_shared"])
    return saved


@transaction.atomic
def replace_query(*, author_id: int, pk: int, query: str) -> SavedFilter:
    """Let one's own filter show something else under its name.

    Raises:
        SavedFilter.DoesNotExist: the author does not have it.
        TooLong, NotOfList: it cannot be stored.
    """
    _lock(author_id)
    saved = SavedFilter.objects.get(pk=pk, author=author_id)
    _check_query(query)
    saved.query = query
    saved.save(update_fields=["query"])
    return saved


@transaction.atomic
def delete_filter(*, author_id: int, pk: int) -> str:
    """Delete one's own filter, and return its name.

    Raises:
        SavedFilter.DoesNotExist: the author does not have it.
    """
    _lock(author_id)
    saved = SavedFilter.objects.get(pk=pk, author=author_id)
    saved.delete()
    return saved.name


def _lock(author_id: int) -> None:
    """Let one change of a person's filters wait for another."""
    User.objects.select_for_update(no_key=True).get(pk=author_id)


def _check_name(saved: SavedFilter, name: str) -> None:
    others = SavedFilter.objects.of_list(saved.list).filter(author=saved.author_id)
    same = others.exclude(pk=saved.pk).alias(folded=Lower("name"))
    if same.filter(folded=Lower(Value(name))).exists():
        raise NameTaken


def _check_query(query: str) -> None:
    if len(query) > LONGEST_QUERY:
        raise TooLong
    if not query.isprintable():
        raise NotOfList
