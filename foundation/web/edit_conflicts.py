"""What a page shows when a form contradicts changes that someone else has saved since."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import tzinfo
from typing import Any, cast

from django.db.models import Field, Model
from django.forms import BaseForm, ModelForm
from django.utils import timezone

from foundation.audit.history import Entry, HistoryPart, as_text, newest_entries
from foundation.web.versions import EditedByOthers


@dataclass(frozen=True)
class ContestedField:
    """A field as it was typed and as it is stored now; `None` if empty."""

    label: str
    typed: str | None
    stored: str | None
    change: Entry | None
    """The change that stored the present value, if the history has it."""
    is_own: bool
    """Whether the same person made that change, for example in another tab."""


@dataclass(frozen=True)
class EditConflict:
    """Everything that a page needs to show both versions."""

    differences: Sequence[ContestedField]
    version: str
    """The version for the form to send next: saving again overwrites the values shown."""
    zone: tzinfo
    """The time zone in which instants are shown."""

    @property
    def is_own(self) -> bool:
        """Whether the same person made all the changes."""
        return all(each.is_own for each in self.differences)


def conflict_of(
    error: EditedByOthers,
    *,
    form: BaseForm,
    pk: int,
    parts: Sequence[HistoryPart],
    user_id: int,
    models: Sequence[type[Model]] = (),
    zone: tzinfo | None = None,
) -> EditConflict:
    """Return both versions of the fields in `error`, in the order of the valid `form`.

    `models` are those that have the fields, if that is not the model of the form alone. Instants
    are shown in `zone`, by default the reader's time zone.
    """
    stored_in = models or (cast("ModelForm[Any]", form)._meta.model,)
    entries = newest_entries(parts, pk)
    differences = []
    for name in form.fields:
        if name in error.fields:
            change = next((entry for entry in entries if _has_changed(entry, name)), None)
            field = _field(stored_in, name)
            differences.append(
                ContestedField(
                    label=str(form[name].label),
                    typed=_text(field, form.cleaned_data[name]),
                    stored=_text(field, error.stored[name]),
                    change=change,
                    is_own=change is not None and change.user_id == user_id,
                )
            )
    return EditConflict(differences, error.version, zone or timezone.get_current_timezone())


def _field(models: Iterable[type[Model]], name: str) -> Field[Any, Any]:
    """Return the field with this name of the one of the models that has it."""
    fields = {each.name: each for model in models for each in model._meta.get_fields()}
    found: Field[Any, Any] = fields[name]  # type: ignore[assignment]  # relations are fields too
    return found


def _has_changed(entry: Entry, name: str) -> bool:
    return any(name in change.changed for change in entry.changes)


def _text(field: Field[Any, Any], value: Any) -> str | None:
    if isinstance(value, Model):
        return str(value)
    if isinstance(value, Iterable) and not isinstance(value, str):
        return ", ".join(sorted(map(str, value))) or None
    return as_text(field, value)
