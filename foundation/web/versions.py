"""Prevent people from overwriting or confirming what they have not seen.

A form sends the `version_of` the values that it was filled with. The operation that saves it locks
the row and calls `refuse_overwriting`, which allows it unless it contradicts another change. A page
that asks for a confirmation sends the `digest_of` what it shows.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from hashlib import blake2b
from typing import Any

from django.db.models import Model


class EditedByOthers(Exception):
    """Someone has changed `fields` to values other than those given; `stored` holds all values."""

    def __init__(self, fields: Collection[str], stored: Mapping[str, Any]) -> None:
        super().__init__(", ".join(sorted(fields)))
        self.fields = fields
        self.stored = stored

    @property
    def version(self) -> str:
        """The version of the values stored now; a form that shows them may overwrite them."""
        return version_of(self.stored)


def version_of(values: Mapping[str, Any]) -> str:
    """Return a short text with a digest of each value, to compare field by field."""
    return ".".join(_digest(values[name]) for name in sorted(values))


def refuse_overwriting(*, shown: str, stored: Mapping[str, Any], given: Mapping[str, Any]) -> None:
    """Check that saving `given` does not undo a change made since the version `shown`.

    A field whose stored value is already the given one is not a conflict, so a form may be sent
    twice. If `shown` is not a valid version, every field counts as changed.

    Raises:
        EditedByOthers: saving would undo a change.
    """
    names = sorted(stored)
    digests = shown.split(".")
    if len(digests) != len(names):
        digests = [""] * len(names)
    contested = [
        name
        for name, digest in zip(names, digests, strict=True)
        if digest != _digest(stored[name]) and _plain(given[name]) != _plain(stored[name])
    ]
    if contested:
        raise EditedByOthers(contested, stored)


def digest_of(*shown: object) -> str:
    """Return a digest of values, by their `repr`, to compare them with what a person saw."""
    return blake2b(repr(shown).encode(), digest_size=16).hexdigest()


def _digest(value: Any) -> str:
    return blake2b(_plain(value).encode(), digest_size=6).hexdigest()


def _plain(value: Any) -> str:
    """Return a form value as text; values that look the same give the same text."""
    if value is None:
        return ""
    if isinstance(value, Model):
        return str(value.pk)
    if isinstance(value, Collection) and not isinstance(value, str):
        return " ".join(sorted(map(_plain, value)))
    return str(value)
