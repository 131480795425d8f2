"""Compare a number in an exclusion constraint."""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.fields import BigIntegerRangeField
from django.db.models import Func, Value


def one_value(number: Any) -> Func:
    """Return a range of one value: a GiST index on plain numbers would need an extension."""
    return Func(
        number, number, Value("[]"), function="int8range", output_field=BigIntegerRangeField()
    )
