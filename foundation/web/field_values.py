"""Stored values, for people who may read but not change them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Model
from django.utils.text import capfirst

from foundation.audit.history import as_text


@dataclass(frozen=True)
class Detail:
    """A field of a row as a person reads it; `text` is `None` if it is empty."""

    name: str
    label: str
    text: str | None


def details_of(row: Model, names: Iterable[str]) -> list[Detail]:
    """Return the fields named `names`, in that order."""
    fields = [row._meta.get_field(name) for name in names]
    return [
        Detail(
            name=field.name,
            label=str(capfirst(field.verbose_name)),  # type: ignore[union-attr]
            text=as_text(field, getattr(row, field.name)),  # type: ignore[arg-type]
        )
        for field in fields
    ]
