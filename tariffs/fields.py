"""Model fields that hold money."""

from django.db import models


def money_field(name: object) -> models.DecimalField:  # type: ignore[type-arg]
    """Return a field for an amount with 4 decimals, enough for every supported currency."""
    return models.DecimalField(name, max_digits=20, decimal_places=4)  # type: ignore[arg-type]
