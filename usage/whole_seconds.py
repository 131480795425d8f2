"""Instants of usage are whole seconds."""

from django.db import models
from django.db.models import F, Func, Value


def whole_second(field: str) -> Func:
    """Return the instant in a column without fractions of a second, for constraints."""
    # TruncSecond would compare local times in the time zone of the session.
    return Func(
        Value("second"), F(field), function="date_trunc", output_field=models.DateTimeField()
    )
