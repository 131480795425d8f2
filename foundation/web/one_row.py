"""Settings that are stored in one row, with the primary key 1, or in none: then the defaults."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Model

from foundation.web.versions import EditedByOthers, refuse_overwriting


@transaction.atomic
def change_row(model: type[Model], *, shown: str, settings: Mapping[str, Any]) -> None:
    """Store settings by field name. `shown` is the version of these values that a person saw.

    Raises:
        EditedByOthers: a setting differs both from the shown value and from the new value.
    """
    rows = model._default_manager
    stored = values_of(rows.select_for_update().first() or model(), settings)
    refuse_overwriting(shown=shown, stored=stored, given=settings)
    try:
        with transaction.atomic():
            rows.update_or_create(pk=1, defaults=dict(settings))
    except IntegrityError:  # Somebody else has just stored the first ones.
        raise EditedByOthers(list(settings), stored) from None


def values_of(row: Model, names: Iterable[str]) -> dict[str, Any]:
    """Return the values of a row by field name."""
    return {name: getattr(row, name) for name in names}
