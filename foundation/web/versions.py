"""Editing together: what somebody else has changed meanwhile is not overwritten unseen.

A form carries the `version_of` the values that it was filled with. An operation that saves it
locks the row, and with `refuse_overwriting` lets through what contradicts no other change.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from hashlib import blake2b
from typing import Any

from django.db.models import Model


class EditedByOthers(Exception):
    """Others have changed `fields` to other values than were to be saved; `stored` holds all."""

    def __init__(self, fields: Collection[str], stored: Mapping[str, Any]) -> None:
        super().__init__(", ".join(sorted(fields)))
        self.fields = fields
        self.stored = stored

    @property
    def version(self) -> str:
        """The version of what is stored now: who has seen it may overwrite it."""
        return version_of(self.stored)


def version_of(values: Mapping[str, Any]) -> str:
    """Return a short text that tells, field by field, whether values are still the same."""
    return ".".join(_digest(values[name]) for name in sorted(values))


def refuse_overwriting(*, shown: str, stored: Mapping[str, Any], given: Mapping[str, Any]) -> None:
    """Check that saving `given` undoes nothing that has changed since `shown`, a version.

    Fields that were changed to what is given anyway do no harm: a form sent twice is no conflict.
    Of a version that is none, every field counts as changed.

    Raises:
        EditedByOthers: it would.
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


def _digest(value: Any) -> str:
    return blake2b(_plain(value).encode(), digest_size=6).hexdigest()


def _plain(value: Any) -> str:
    """Return a value of a form as text, the same for what looks the same."""
    if value is None:
        return ""
    if isinstance(value, Model):
        return str(value.pk)
    if isinstance(value, Collection) and not isinstance(value, str):
        return " ".join(sorted(map(_plain, value)))
    return str(value)
