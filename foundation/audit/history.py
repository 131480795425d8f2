"""Show the history of an object from the events that the database records.

An app declares the `HistoryPart`s of an object's history; `render_history` shows them, newest
first. Everything that one transaction changed is one entry.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, tzinfo
from decimal import Decimal
from itertools import groupby
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.contrib.auth import get_user_model
from django.core.paginator import Paginator
from django.db.models import Field, ForeignKey, Model, OuterRef, QuerySet, Subquery, Value
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from foundation.lists.exports import trimmed
from foundation.lists.pages import ROWS_A_PAGE

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

# Zeros beyond these decimals are not shown.
_DIGITS = 2

Names = Mapping[tuple[type[Model], Any], str]
"""The names of rows, by model and id."""


@dataclass(frozen=True)
class HistoryPart:
    """One kind of row in an object's history: the object's own, or one that belongs to it."""

    event: str
    """The model of the events, written `app.Model`."""
    by: str = "pgh_obj"
    """The field of the event that refers to the object."""
    key: Any = None
    """The value of that field, or a query for its values, if it is not the id of the object."""
    named_by: str = ""
    """The field that identifies a row of this kind; empty for the object's own row."""
    makes_up: str = ""
    """The field of the object that all these rows together make up."""
    annotations: Mapping[str, Any] = field(default_factory=dict)
    """Annotations that `shown` needs in addition to the event's own fields."""
    shown: Mapping[str, Callable[[Any], str]] = field(default_factory=dict)
    """Functions that format a field from its event, by field name; others go by their type."""

    @property
    def model(self) -> Any:
        """The model of the events."""
        return apps.get_model(self.event)

    @property
    def fields(self) -> list[Field[Any, Any]]:
        """The fields of a row that the history shows."""
        hidden = {"id", self.by}
        every: Iterable[Field[Any, Any]] = self.model._meta.concrete_fields
        return [each for each in every if each.name not in hidden and each.name[:4] != "pgh_"]

    def events(self, ids: Iterable[int]) -> dict[int, Any]:
        """Return the events with these ids, each with the id of its row's previous event."""
        earlier = self.model.objects.filter(
            pgh_obj=OuterRef("pgh_obj"), pgh_id__lt=OuterRef("pgh_id")
        )
        before = Subquery(earlier.order_by("-pgh_id").values("pgh_id")[:1])
        events: QuerySet[Any] = self.model.objects.annotate(before_id=before, **self.annotations)
        return events.in_bulk(list(ids))


@dataclass(frozen=True)
class FieldChange:
    """A field of a row before and after; `None` if it was empty or the row did not exist."""

    name: str
    label: str
    before: str | None
    after: str | None


@dataclass(frozen=True)
class Change:
    """What happened to one row: `insert`, `update` or `delete`."""

    action: str
    kind: str
    """The kind of row; `name` says which row. Both are empty for the object's own row."""
    name: str
    fields: Sequence[FieldChange]
    changed: frozenset[str]
    """The fields of the object that it changed."""


@dataclass(frozen=True)
class Entry:
    """Everything that one transaction changed."""

    at: datetime
    who: str
    user_id: int | None
    reason: str
    """The reason that the person gave, or an empty text."""
    changes: Sequence[Change]

    @property
    def shown_at(self) -> str:
        """The instant, in the time zone of the page."""
        return _shown_instant(self.at)


def render_history(
    request: HttpRequest,
    *,
    of: type[Model],
    pk: int,
    parts: Sequence[HistoryPart],
    up: tuple[str, StrOrPromise] | None = None,
    links: Sequence[tuple[str, StrOrPromise]] = (),
    zone: tzinfo | None = None,
    template: str = "history.html",
    **context: Any,
) -> HttpResponse:
    """Render a page of the history of object `pk`, which may have been deleted.

    `up` is the address and name of the list that contains it. `links` are the addresses and names
    of its own pages, shown while it exists. Instants are shown in `zone`, by default the provider's
    time zone.

    Raises:
        Http404: the object does not exist and has not existed since recording began.
    """
    name = _names({(of, pk)}).get((of, pk))
    if name is None:
        raise Http404
    keys = _keys(parts, pk)
    page = Paginator(keys, ROWS_A_PAGE).get_page(request.GET.get("page"))
    context |= {
        "name": name,
        "kind": capfirst(of._meta.verbose_name),
        "up": up,
        "links": links if of._default_manager.filter(pk=pk).exists() else (),
        "page": page,
    }
    with timezone.override(zone or timezone.get_current_timezone()):
        context["zone"] = str(timezone.get_current_timezone())
        context["entries"] = _entries(parts, page.object_list)
        return render(request, template, context)


def newest_entries(parts: Sequence[HistoryPart], pk: int) -> list[Entry]:
    """Return the entries on the first page of the history of object `pk`."""
    return _entries(parts, _keys(parts, pk)[:ROWS_A_PAGE])


def _keys(parts: Sequence[HistoryPart], pk: int) -> QuerySet[Any, Any]:
    """Return the instant, part and id of each event of the object, newest first."""
    several = [
        part.model.objects.filter(**_of_object(part, pk))
        .annotate(part=Value(number))
        .values_list("pgh_created_at", "part", "pgh_id")
        for number, part in enumerate(parts)
    ]
    keys: QuerySet[Any, Any] = (
        several[0].union(*several[1:], all=True) if several[1:] else several[0]
    )
    return keys.order_by("-pgh_created_at", "part", "pgh_id")


def _of_object(part: HistoryPart, pk: int) -> dict[str, Any]:
    if isinstance(part.key, QuerySet):
        return {f"{part.by}__in": part.key}
    return {part.by: pk if part.key is None else part.key}


def _entries(
    parts: Sequence[HistoryPart], keys: Iterable[tuple[datetime, int, int]]
) -> list[Entry]:
    keys = list(keys)
    found = {
        number: part.events(pgh_id for _at, of, pgh_id in keys if of == number)
        for number, part in enumerate(parts)
    }
    before = {
        number: parts[number].events(each.before_id for each in events.values() if each.before_id)
        for number, events in found.items()
    }
    rows = [
        (parts[number], found[number][pgh_id], before[number].get(found[number][pgh_id].before_id))
        for _at, number, pgh_id in keys
    ]
    names = _names(_mentioned(rows))
    return [
        Entry(
            at=at,
            who=_who(together[0][1], names),
            user_id=_user_id(together[0][1]),
            reason=(together[0][1].pgh_context or {}).get("reason", ""),
            changes=[_change(part, event, earlier, names) for part, event, earlier in together],
        )
        for at, group in groupby(rows, key=lambda row: row[1].pgh_created_at)
        if (together := list(group))
    ]


def _change(part: HistoryPart, event: Any, earlier: Any, names: Names) -> Change:
    action = event.pgh_label
    after = None if action == "delete" else event
    before = event if action == "delete" else earlier if action == "update" else None
    changes = [
        change
        for each in part.fields
        if each.name != part.named_by or action == "update"
        if (change := _field_change(part, each, before, after, names))
    ]
    kind = name = ""
    if part.named_by:
        kind = capfirst(part.model.pgh_tracked_model._meta.verbose_name)
        name = _shown(part, part.model._meta.get_field(part.named_by), event, names) or ""
    changed = {part.makes_up} if part.makes_up else {each.name for each in changes}
    return Change(action, kind, name, changes, frozenset(changed))


def _field_change(
    part: HistoryPart, of: Field[Any, Any], before: Any, after: Any, names: Names
) -> FieldChange | None:
    """Return how a field changed, or None if it did not."""
    old = before and getattr(before, of.attname)
    new = after and getattr(after, of.attname)
    if old == new or (old in (None, "") and new in (None, "")):
        return None
    return FieldChange(
        name=of.name,
        label=_label(of),
        before=before and _shown(part, of, before, names),
        after=after and _shown(part, of, after, names),
    )


def _label(of: Field[Any, Any]) -> str:
    # A foreign key without a name of its own takes the name of its model.
    model = of.related_model if of._verbose_name is None else None  # type: ignore[attr-defined]
    name = model._meta.verbose_name if isinstance(model, type) else of.verbose_name
    return str(capfirst(name))


def _shown(part: HistoryPart, of: Field[Any, Any], event: Any, names: Names) -> str | None:
    if of.name in part.shown:
        return part.shown[of.name](event)
    value = getattr(event, of.attname)
    if isinstance(of, ForeignKey) and value is not None:
        return names.get((of.related_model, value)) or _deleted_name(value)
    return as_text(of, value)


def as_text(of: Field[Any, Any], value: Any) -> str | None:
    """Return a field's value as a person reads it, or `None` if it is empty."""
    choices = dict(of.flatchoices)
    if value is None or (value == "" and value not in choices):
        return None
    if value in choices:
        return str(choices[value])
    match value:
        case bool():
            return _("yes") if value else _("no")
        case datetime():
            return _shown_instant(value)
        case date():
            return date_format(value, "DATE_FORMAT")
        case int() | Decimal():
            return number_format(_short(value), force_grouping=True)
    return str(value)


def _short(number: int | Decimal) -> int | Decimal:
    """Return a number without the zeros with which its column fills it up."""
    if isinstance(number, Decimal) and number.as_tuple().exponent < -_DIGITS:  # type: ignore[operator]
        return trimmed(number, _DIGITS)
    return number


def _shown_instant(instant: datetime) -> str:
    local = timezone.localtime(instant)
    return f"{date_format(local, 'DATE_FORMAT')} {local:%H:%M:%S}"


def _deleted_name(pk: Any) -> str:
    """Return a name for a deleted row that no event describes."""
    return _("no. %(number)s (deleted)") % {"number": pk}


def _mentioned(rows: Iterable[tuple[HistoryPart, Any, Any]]) -> Iterator[tuple[type[Model], Any]]:
    """Yield every row that the events refer to by id."""
    for part, event, earlier in rows:
        if user_id := _user_id(event):
            yield get_user_model(), user_id
        for each in part.fields:
            if isinstance(each, ForeignKey):
                for one in filter(None, (event, earlier)):
                    if (value := getattr(one, each.attname)) is not None:
                        yield each.related_model, value


def _names(mentioned: Iterable[tuple[type[Model], Any]]) -> dict[tuple[type[Model], Any], str]:
    """Return the current names of rows, and the last names of those that have been deleted."""
    wanted: dict[type[Model], set[Any]] = defaultdict(set)
    for model, pk in mentioned:
        wanted[model].add(pk)
    names: dict[tuple[type[Model], Any], str] = {}
    for model, ids in wanted.items():
        rows = model._default_manager.in_bulk(list(ids))
        deleted = ids - rows.keys()
        if deleted:
            events = model.pgh_event_model.objects  # type: ignore[attr-defined]
            last = events.filter(pgh_obj__in=deleted).order_by("pgh_obj_id", "-pgh_id")
            # An event has the columns that the model's `__str__` reads.
            rows |= {each.pgh_obj_id: each for each in last.distinct("pgh_obj_id")}
        names |= {(model, pk): model.__str__(each) for pk, each in rows.items()}
    return names


def _user_id(event: Any) -> int | None:
    user_id: int | None = (event.pgh_context or {}).get("user")
    return user_id


def _who(event: Any, names: Names) -> str:
    context = event.pgh_context
    if context is None:
        return _("directly in the database")
    if "command" in context:
        return f"manage.py {context['command']}"
    user_id = context.get("user")
    if user_id is None and "job" in context:
        return _("job %(name)s") % {"name": context["job"]}
    if user_id is None:
        return _("user not signed in")
    name = names.get((get_user_model(), user_id)) or _deleted_name(user_id)
    if "token" in context:
        return _("API token “%(token)s” of %(name)s") % {"token": context["token"], "name": name}
    return name
