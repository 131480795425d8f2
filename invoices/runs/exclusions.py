"""Leave organizations out of the runs for a month, and include them again."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from django.db import transaction
from django.db.models import QuerySet

from invoices.runs.models import RunExclusion
from organizations.models import Organization


@transaction.atomic
def exclude(*, month: date, organization_ids: Collection[int]) -> int:
    """Leave organizations out of the runs for a month; return how many were not left out before.

    What runs that are under way have already deferred is still issued.
    """
    chosen = Organization.objects.filter(pk__in=organization_ids).order_by("pk")
    known = set(excluded_from(month))
    ids = set(chosen.select_for_update(no_key=True).values_list("pk", flat=True)) - known
    RunExclusion.objects.bulk_create(
        RunExclusion(month=month, organization_id=pk) for pk in sorted(ids)
    )
    return len(ids)


@transaction.atomic
def include(*, month: date, organization_ids: Collection[int]) -> int:
    """Include organizations in the runs for a month again; return how many were left out."""
    excluded = RunExclusion.objects.filter(month=month, organization__in=organization_ids)
    number, _by_model = excluded.delete()
    return number


def excluded_from(month: date) -> QuerySet[RunExclusion, int]:
    """Return the ids of the organizations that runs for a month leave out."""
    return RunExclusion.objects.filter(month=month).values_list("organization_id", flat=True)
