"""Release, withdraw and accept the drafts of a run.

A release issues nothing itself: it marks drafts and defers jobs, as starting a run does. A job
works out each invoice again, and sets it aside if it no longer comes to what was reviewed.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple

from django.db import transaction
from django.db.models import Count, F, QuerySet, Sum

from accounts.models import User
from foundation.web.versions import digest_of
from invoices.issuing.refusals import (
    DraftsIncomplete,
    DraftsOutdated,
    NoDrafts,
)
from invoices.runs.exclusions import excluded_from
from invoices.runs.models import InvoiceRun, RunDraft, RunItem
from invoices.runs.operations import defer_batches, drafts_of_run

State = RunItem.State


class DraftSum(NamedTuple):
    """The number of drafts in a currency, and what they come to before and with tax."""

    currency: str
    number: int
    net: Decimal
    total: Decimal


class ForRelease(NamedTuple):
    """What the release of a run would issue.

    `ids` is the sum of the ids of its items. It differs if another organization with the same
    amounts takes the place of one.
    """

    organizations: int
    ids: int
    sums: Sequence[DraftSum]

    @property
    def version(self) -> str:
        """A digest, to compare it with what a person saw."""
        return digest_of(self)


def for_release(run: InvoiceRun) -> ForRelease:
    """Return the drafts that wait for release, without excluded organizations."""
    items = _drafted(run)
    drafts = RunDraft.objects.filter(item__in=items.values("pk")).order_by("currency")
    sums = drafts.values_list("currency").annotate(
        number=Count("pk"), before_tax=Sum("net"), with_tax=Sum("total")
    )
    counted = items.aggregate(number=Count("pk"), ids=Sum("pk", default=0))
    return ForRelease(counted["number"], counted["ids"], [DraftSum(*row) for row in sums])


@transaction.atomic
def release(*, month: date, shown: str, now: datetime, by: User | None) -> InvoiceRun:
    """Have the drafts of a month issued that still come to what was reviewed.

    The drafts of excluded organizations are withdrawn. `shown` is the `ForRelease.version` that
    the person saw.

    Raises:
        NoDrafts: there are none, perhaps because they were released or withdrawn meanwhile.
        DraftsIncomplete: jobs are still creating some.
        DraftsOutdated: there are others than those shown.
    """
    run = _locked(month)
    if drafts_of_run(run).filter(state=State.DRAFT).exists():
        raise DraftsIncomplete
    locked = _drafted(run).order_by("organization").select_for_update()
    organizations = dict(locked.values_list("pk", "organization_id"))
    if not organizations:
        raise NoDrafts
    if for_release(run).version != shown:
        raise DraftsOutdated
    run.items.filter(pk__in=organizations).update(state=State.RELEASE, done_at=None)
    # What is excluded now is not released later.
    excluded = run.items.filter(organization__in=excluded_from(month))
    excluded.filter(state__in=RunItem.DRAFTS).update(state=State.DROPPED, done_at=now)
    run.released_at, run.released_by = now, by
    run.save(update_fields=["released_at", "released_by"])
    defer_batches(organizations, by)
    return run


@transaction.atomic
def withdraw(*, month: date, now: datetime, by: User | None) -> int:
    """Withdraw all drafts of a month, also those of excluded organizations; return their number.

    Raises:
        NoDrafts: there are none.
    """
    run = _locked(month)
    drafts = run.items.filter(state__in=RunItem.DRAFTS).order_by("organization")
    ids = list(drafts.select_for_update().values_list("pk", flat=True))
    if not ids:
        raise NoDrafts
    run.items.filter(pk__in=ids).update(state=State.DROPPED, done_at=now)
    run.withdrawn_at, run.withdrawn_by = now, by
    run.save(update_fields=["withdrawn_at", "withdrawn_by"])
    return len(ids)


@transaction.atomic
def accept(*, month: date, organization_ids: Collection[int], shown: Mapping[int, str]) -> int:
    """Accept the new amounts of organizations, which then wait for release; return their number.

    `shown` are the `RunItem.amounts_version`s that the person saw, by organization.

    Raises:
        NoDrafts: there is no run.
        DraftsOutdated: the new amounts of an organization are not those shown.
    """
    run = _locked(month)
    changed = run.items.filter(state=State.CHANGED, organization__in=organization_ids)
    changed = changed.order_by("organization").select_for_update().prefetch_related("drafts")
    items = list(changed)
    if any(each.amounts_version != shown.get(each.organization_id) for each in items):
        raise DraftsOutdated
    ids = [each.pk for each in items]
    drafts = RunDraft.objects.filter(item__in=ids)
    drafts.filter(new_total=None).delete()
    drafts.update(net=F("new_net"), total=F("new_total"), new_net=None, new_total=None)
    return run.items.filter(pk__in=ids).update(state=State.DRAFTED)


def _drafted(run: InvoiceRun) -> QuerySet[RunItem]:
    return drafts_of_run(run).filter(state=State.DRAFTED)


def _locked(month: date) -> InvoiceRun:
    run = InvoiceRun.objects.select_for_update().filter(month=month).first()
    if run is None:
        raise NoDrafts
    return run
