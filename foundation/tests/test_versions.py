"""Versions of a form's values, and changes that must not be overwritten unseen."""

from datetime import date
from typing import Any

import pytest

from foundation.web.versions import EditedByOthers, refuse_overwriting, version_of
from tariffs.models import Tariff

SHOWN: dict[str, Any] = {
    "title": "Acme",
    "ends": date(2026, 1, 1),
    "tariffs": [Tariff(pk=1), Tariff(pk=2)],
    "watcher_id": None,
}


def contested(stored: dict[str, Any], given: dict[str, Any], shown: str | None = None) -> list[str]:
    """Return the fields whose changes prevent saving `given`."""
    try:
        refuse_overwriting(
            shown=version_of(SHOWN) if shown is None else shown,
            stored=SHOWN | stored,
            given=SHOWN | given,
        )
    except EditedByOthers as refusal:
        return sorted(refusal.fields)
    return []


@pytest.mark.parametrize(
    ("stored", "given", "fields"),
    [
        ({}, {}, []),
        ({}, {"title": "Mine"}, []),
        ({"title": "Theirs"}, {}, ["title"]),
        ({"title": "Theirs"}, {"title": "Mine"}, ["title"]),
        ({"title": "Same"}, {"title": "Same"}, []),
        ({"title": "Theirs"}, {"title": "Theirs", "ends": None}, []),
        ({"ends": None}, {"title": "Mine"}, ["ends"]),
        ({"tariffs": [Tariff(pk=1)]}, {}, ["tariffs"]),
        ({"tariffs": [Tariff(pk=2), Tariff(pk=1)]}, {"title": "Mine"}, []),
        ({"watcher_id": "w"}, {"title": "Mine"}, ["watcher_id"]),
        ({"watcher_id": ""}, {"watcher_id": "w"}, []),
    ],
)
def test_changes_by_others_are_not_overwritten(
    stored: dict[str, Any], given: dict[str, Any], fields: list[str]
) -> None:
    assert contested(stored, given) == fields


@pytest.mark.parametrize("shown", ["", "x", "a.b.c.d", "é" * 10_000])
def test_without_a_version_every_field_counts_as_changed(shown: str) -> None:
    assert contested({}, {}, shown) == []
    assert contested({}, {"title": "Mine"}, shown) == ["title"]


def test_a_refusal_has_the_stored_values_and_a_version_with_which_to_save_again() -> None:
    theirs, mine = SHOWN | {"title": "Theirs"}, SHOWN | {"title": "Mine"}

    with pytest.raises(EditedByOthers) as refusal:
        refuse_overwriting(shown=version_of(SHOWN), stored=theirs, given=mine)

    assert refusal.value.stored == theirs
    refuse_overwriting(shown=refusal.value.version, stored=theirs, given=mine)
