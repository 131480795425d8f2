"""Queries for terms."""

from __future__ import annotations

from datetime import date
from typing import Any, Self

from django.db import models
from django.db.models import Q


class DatedTermQuerySet(models.QuerySet[Any]):
    """Terms with a first and a last date."""

    def overlapping(self, first: date, last: date | None) -> Self:
        """Keep terms that apply on any of these dates, both inclusive; None means without end."""
        begun = self if last is None else self.filter(first_on__lte=last)
        return begun.filter(Q(last_on=None) | Q(last_on__gte=first))

    def on(self, day: date) -> Self:
        """Keep terms that apply on a date."""
        return self.overlapping(day, day)

    def not_over(self, day: date) -> Self:
        """Keep terms that apply on a date or will later."""
        return self.filter(Q(last_on=None) | Q(last_on__gte=day))
