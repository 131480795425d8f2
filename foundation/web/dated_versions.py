"""Versions that each apply from a calendar date until the next one begins."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any, Generic, NamedTuple, TypeVar

from django.db.models import Model

Row = TypeVar("Row", bound=Model)


class DatedVersion(NamedTuple, Generic[Row]):
    """A version and whether it is `past`, `now` or `later`."""

    row: Row
    state: str


def is_later(version: Any, today: date) -> bool:
    """Return whether a version does not apply yet. Without `valid_from` it always has."""
    valid_from: date | None = version.valid_from
    return valid_from is not None and valid_from > today


def dated_versions(latest_first: Iterable[Row], today: date) -> list[DatedVersion[Row]]:
    """Return versions, the latest first, with their states on a date."""
    versions: list[DatedVersion[Row]] = []
    state = "later"
    for row in latest_first:
        if not is_later(row, today):
            state = "now" if state == "later" else "past"
        versions.append(DatedVersion(row, state))
    return versions
