"""Operations on the tags of organizations."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from functools import reduce
from operator import or_

from django.db import connection, transaction
from django.db.models import Q, Value
from django.db.models.functions import Upper

from foundation.web.versions import refuse_overwriting
from organizations.models import Organization
from organizations.tags.models import Tag, Tagging


@transaction.atomic
def set_tags(*, organization_id: int, names: Collection[str], shown: str | None = None) -> None:
    """Give an organization exactly these tags; create new ones and delete those that nobody has.

    Names that differ only in case are one tag, which keeps the name that it has. `shown` is the
    version of the `stored_values` that somebody saw who chose these tags.

    Raises:
        Organization.DoesNotExist: the organization does not exist.
        EditedByOthers: its tags were changed since, to other ones.
    """
    lock_tags()
    organization = Organization.objects.select_for_update(no_key=True).get(pk=organization_id)
    if shown is not None:
        given = {"tags": as_stored(names)}
        refuse_overwriting(shown=shown, stored=stored_values(organization), given=given)
    before = set(organization.taggings.values_list("tag", flat=True))
    Tag.objects.bulk_create([Tag(name=name) for name in names], ignore_conflicts=True)
    chosen = set(Tag.objects.filter(_is_one_of(names)).values_list("pk", flat=True))
    organization.taggings.filter(tag__in=before - chosen).delete()
    Tagging.objects.bulk_create(
        [Tagging(organization=organization, tag_id=pk) for pk in sorted(chosen - before)]
    )
    Tag.objects.filter(pk__in=before - chosen, taggings=None).delete()


def stored_values(organization: Organization) -> dict[str, list[str]]:
    """Return the names of an organization's tags, by the name of the field."""
    return {"tags": list(organization.tags.values_list("name", flat=True))}


def tag_many(names: Mapping[int, Collection[str]]) -> None:
    """Give organizations, by id, these tags, which they do not have; create new ones.

    The transaction has called `lock_tags`.
    """
    if not names:
        return
    every = {name.casefold(): name for each in names.values() for name in each}
    Tag.objects.bulk_create([Tag(name=name) for name in every.values()], ignore_conflicts=True)
    stored = Tag.objects.alias(folded=Upper("name")).filter(
        folded__in=[Upper(Value(name)) for name in every.values()]
    )
    ids = {tag.name.casefold(): tag.pk for tag in stored}
    Tagging.objects.bulk_create(
        Tagging(organization_id=pk, tag_id=ids[name.casefold()])
        for pk, each in names.items()
        for name in each
    )


def untag_many(ids: Mapping[str, Collection[int]]) -> None:
    """Take tags, by name, from organizations with these ids; delete those that nobody has.

    The transaction has called `lock_tags`.
    """
    tags = dict(Tag.objects.filter(name__in=ids).values_list("name", "pk")) if ids else {}
    for name, pk in tags.items():
        Tagging.objects.filter(tag=pk, organization__in=ids[name]).delete()
    if tags:
        Tag.objects.filter(pk__in=tags.values(), taggings=None).delete()


def lock_tags() -> None:
    """Let other transactions wait that would change tags, so that none deletes what this gives.

    Reading goes on. A transaction that also locks organizations calls this before, as `set_tags`
    does, so that two cannot deadlock.
    """
    with connection.cursor() as cursor:
        cursor.execute(f"LOCK TABLE {Tag._meta.db_table} IN SHARE ROW EXCLUSIVE MODE")


def _is_one_of(names: Collection[str]) -> Q:
    nothing = Q(pk__in=[])
    return reduce(or_, (Q(name__iexact=name) for name in names), nothing)


def as_stored(names: Collection[str]) -> Sequence[str]:
    """Return the names of tags as they are stored, if they are, regardless of case."""
    stored = Tag.objects.filter(_is_one_of(names)).values_list("name", flat=True)
    known = {name.casefold(): name for name in stored}
    return [known.get(name.casefold(), name) for name in names]


def names_in(text: str) -> Sequence[str]:
    """Return the tags in a text, separated by commas; those that differ only in case once."""
    names = (" ".join(part.split()) for part in text.split(","))
    return list({name.casefold(): name for name in names if name}.values())
