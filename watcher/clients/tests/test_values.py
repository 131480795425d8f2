"""Tests of values that PostgreSQL cannot store."""

from __future__ import annotations

import json

import pytest

from watcher.clients.answers import what_is_said
from watcher.clients.values import id_of, is_storable, needed_id, text_of
from watcher.errors import UnexpectedAnswerError


@pytest.mark.parametrize("part", ["\\u0000", "\\ud83d", "\\udc00"])
def test_what_cannot_be_stored_is_left_out(part: str) -> None:
    row = json.loads(f'{{"title": "Ga{part}te", "id": "1{part}"}}')
    said = what_is_said(f'{{"error": "No{part}"}}'.encode())

    assert text_of(row, "title") == "Gate"
    assert id_of(row["id"]) == ""
    assert said == "No"
    assert not is_storable(row["title"])


def test_a_pair_of_halves_is_a_character() -> None:
    row = json.loads('{"title": "Gate \\ud83d\\ude00"}')

    assert text_of(row, "title") == "Gate \N{GRINNING FACE}"
    assert is_storable(row["title"])


def test_an_id_that_is_too_long_is_an_unexpected_answer() -> None:
    with pytest.raises(UnexpectedAnswerError):
        needed_id({"id": 10**100})
