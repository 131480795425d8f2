"""Correct recorded usage: show a plan, then apply exactly what was shown.

`correct` locks the cameras in order of their ids, as every change of usage does, then the
organizations and the tariff. It plans again under these locks.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from itertools import groupby
from typing import Any

from django.db import connection, transaction
from django.db.models import F, OuterRef, Q, Subquery

from foundation.audit.recording import audit_note
from foundation.bulk import forget_plans
from foundation.web.versions import digest_of
from organizations.models import Organization
from tariffs.affected_invoices import AffectedInvoices, Span, joined
from tariffs.models import Tariff
from tariffs.querysets import TariffQuerySet
from usage.cameras.operations import (
    InFuture,
    OrganizationClosed,
    SomeRefused,
    TariffNotAvailable,
    UsageRefusal,
    overlaps_refused,
)
from usage.cameras.present import telling
from usage.corrections.plan import Change, Correction, Plan, Problem, Use, plan, steps
from usage.corrections.refusals import ClosedMustEnd, NothingToCorrect, NotPossible, SelectionGone
from usage.models import Camera, UsageInterval

# The columns of the arrays that are sent; the ids find the rows.
_UPDATE = """
    UPDATE usage_usageinterval
    SET tariff_id = new.tariff_id, started_at = new.started_at, ended_at = new.ended_at
    FROM unnest(%s::bigint[], %s::bigint[], %s::timestamptz[], %s::timestamptz[])
        AS new (id, tariff_id, started_at, ended_at)
    WHERE usage_usageinterval.id = new.id
"""


class CorrectionChanged(UsageRefusal):
    """What the person was shown is no longer what would happen; `planned` is what would."""

    def __init__(self, planned: PlannedCorrection) -> None:
        super().__init__(planned)
        self.planned = planned


@dataclass(frozen=True)
class PlannedCorrection:
    """What a correction changes: intervals in order of camera id and time."""

    changes: Sequence[Change]
    uses: Mapping[int, Sequence[Use]]
    """All intervals of each camera after the correction, by camera id."""

    @cached_property
    def spans(self) -> Mapping[int, Span]:
        """The time in which usage changes, by organization id."""
        return spans_of(self.changes)

    @cached_property
    def affected(self) -> AffectedInvoices:
        """The invoices for that time."""
        return AffectedInvoices.by_change(usage=self.spans)

    @property
    def version(self) -> str:
        """A digest of all changes and of the invoices, to compare with what a person saw."""
        changes = [(*change.before, *(change.after or ())) for change in self.changes]
        numbers = [each.number for each in self.affected.documents]
        return digest_of(changes, numbers)


def spans_of(changes: Iterable[Change]) -> dict[int, Span]:
    """Return the time in which usage changes, by organization id."""
    spans: dict[int, Span] = {}
    for change in changes:
        of = change.before.organization_id
        span = _changed_span(change)
        spans[of] = joined([spans.get(of, span), span])
    return spans


def _changed_span(change: Change) -> Span:
    """Return from when to when an interval differs."""
    before, after = change.before, change.after
    if after is None or after.tariff_id != before.tariff_id:
        return joined((each.started_at, each.ended_at) for each in (before, after) if each)
    if after.ended_at == before.ended_at:
        return tuple(sorted((before.started_at, after.started_at)))  # type: ignore[return-value]
    if after.started_at == before.started_at:
        first, *last = sorted(filter(None, (before.ended_at, after.ended_at)))
        return first, last[0] if last else None
    return joined((each.started_at, each.ended_at) for each in (before, after))


def offered_tariffs(organization: Organization) -> TariffQuerySet:
    """Return the tariffs that recorded usage can be corrected to.

    In addition to those available now, these are the ones that the organization has used.
    """
    used = organization.usage_intervals.order_by().values("tariff")
    available = organization.tariffs.available().values("pk")
    return Tariff.objects.filter(Q(pk__in=available) | Q(pk__in=used))


def plan_correction(
    *, organization_id: int, use_ids: Collection[int], correction: Correction, now: datetime
) -> PlannedCorrection:
    """Return what a correction of an organization's intervals would change.

    Raises:
        InFuture: a time is after `now`.
        SelectionGone: an interval does not exist, or is another organization's.
        NotPossible: the only camera cannot be corrected.
        SomeRefused: some of several cameras cannot be corrected.
        NothingToCorrect: nothing would change.
        OrganizationClosed: usage would begin after its organization was closed.
        ClosedMustEnd: usage of a closed organization would have no end.
    """
    for instant in filter(None, (correction.started_at, correction.ended_at)):
        if instant > now:
            raise InFuture
    selected = set(use_ids)
    by_camera = _uses_by_camera(organization_id, selected)
    plans = {pk: plan(uses, selected, correction) for pk, uses in by_camera.items()}
    if problems := [found for found in plans.values() if isinstance(found, Problem)]:
        raise _refusal(problems, len(plans))
    done = {pk: found for pk, found in plans.items() if isinstance(found, Plan)}
    changes = [change for found in done.values() for change in found.changes]
    if not changes:
        raise NothingToCorrect
    _refuse_after_closing(changes, now)
    return PlannedCorrection(changes, {pk: found.uses for pk, found in done.items()})


def correct(
    *,
    organization_id: int,
    use_ids: Collection[int],
    correction: Correction,
    reason: str,
    shown: str,
    now: datetime,
) -> PlannedCorrection:
    """Apply a correction, all of it or nothing; the history shows the reason.

    `shown` is the version of the plan that the person was shown.

    Raises:
        CorrectionChanged: that plan is no longer what would happen.
        TariffNotAvailable: the new tariff cannot be chosen for the organization.
        OverlappingUse: the database refuses a change despite the checks.
        UsageRefusal: as `plan_correction`.
    """
    with audit_note(reason=reason), transaction.atomic():
        cameras = UsageInterval.objects.filter(pk__in=use_ids).values_list("camera", flat=True)
        Camera.objects.lock(cameras)
        planned = plan_correction(
            organization_id=organization_id, use_ids=use_ids, correction=correction, now=now
        )
        # Issuing locks the organization too, so no invoice is issued between check and change.
        organizations = Organization.objects.select_for_update(no_key=True).order_by("pk")
        locked = {each.pk: each for each in organizations.filter(pk__in=planned.spans)}
        if correction.tariff_id is not None:
            _lock_offered(locked.get(organization_id), correction.tariff_id)
        if planned.version != shown:
            raise CorrectionChanged(planned)
        forget_plans()
        with telling("SELECT unnest(%s::bigint[])", now, [list(planned.uses)]):
            with overlaps_refused():
                _store(planned.changes)
            move_to_last_payer(planned.uses)
    return planned


def _refuse_after_closing(changes: Iterable[Change], now: datetime) -> None:
    starts: dict[int, datetime] = {}
    opened: set[int] = set()
    for before, after, *_more in changes:
        if after is None:
            continue
        payer = after.organization_id
        if after.started_at != before.started_at:
            starts[payer] = max(starts.get(payer, after.started_at), after.started_at)
        if after.ended_at is None and before.ended_at is not None:
            opened.add(payer)
    payers = starts.keys() | opened
    for organization in Organization.objects.filter(pk__in=payers, closed_at__isnull=False):
        start = starts.get(organization.pk)
        if start is not None and organization.is_closed(start):
            raise OrganizationClosed(organization)
        if organization.pk in opened and organization.is_closed(now):
            raise ClosedMustEnd(organization)


def _uses_by_camera(organization_id: int, selected: Collection[int]) -> dict[int, list[Use]]:
    """Return all intervals of the cameras of the selected ones, by camera, in order of time."""
    chosen = UsageInterval.objects.filter(pk__in=selected, organization=organization_id)
    if chosen.count() != len(selected):
        raise SelectionGone
    rows = (
        UsageInterval.objects.filter(camera__in=chosen.values("camera"))
        .order_by("camera", "started_at")
        .values_list(*Use._fields)
    )
    uses = map(Use._make, rows)
    return {pk: list(of_camera) for pk, of_camera in groupby(uses, key=lambda use: use.camera_id)}


def _refusal(problems: Sequence[Problem], cameras: int) -> UsageRefusal:
    ids = [problem.other.id for problem in problems]
    uses = UsageInterval.objects.select_related("camera", "organization", "tariff").in_bulk(ids)
    refusals = [NotPossible(each.kind, uses[each.other.id]) for each in problems]
    return refusals[0] if cameras == 1 else SomeRefused(refusals)


def _lock_offered(organization: Organization | None, tariff_id: int) -> None:
    tariff = Tariff.objects.select_for_update(no_key=True).filter(pk=tariff_id).first()
    offered = organization and offered_tariffs(organization).filter(pk=tariff_id).exists()
    if tariff is None or not offered:
        raise TariffNotAvailable


def _store(changes: Iterable[Change]) -> None:
    removed = [change.before.id for change in changes if change.after is None]
    UsageInterval.objects.filter(pk__in=removed).delete()
    with connection.cursor() as cursor:
        for new in steps(changes):
            columns: list[Any] = [
                [use.id for use in new],
                [use.tariff_id for use in new],
                [use.started_at for use in new],
                [use.ended_at for use in new],
            ]
            cursor.execute(_UPDATE, columns)


def move_to_last_payer(camera_ids: Iterable[int]) -> None:
    """Move cameras to the organization of their latest use, if they have any."""
    latest = UsageInterval.objects.filter(camera=OuterRef("pk")).order_by("-started_at")
    payer = Subquery(latest.values("organization")[:1])
    moved = Camera.objects.filter(pk__in=list(camera_ids)).annotate(payer=payer)
    moved.exclude(payer=None).exclude(payer=F("organization")).update(organization=payer)
