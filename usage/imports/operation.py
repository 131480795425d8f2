"""Import usage: read the file, check it, and apply all of it or nothing."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from functools import partial
from typing import IO

import psycopg
from django.db import DatabaseError, IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.models import User
from foundation.bulk import analyze, forget_plans
from foundation.imports.names import Names
from foundation.imports.records import ReadAs, UnreadableFileError
from foundation.imports.report import (
    Progress,
    Stage,
    TooManyWrongLines,
    WrongLine,
    WrongLines,
    no_progress,
)
from organizations.models import Organization
from rating.periods import Period
from tariffs.affected_invoices import AffectedInvoices
from tariffs.models import Tariff
from usage.cameras.present import telling
from usage.imports import difference, replacing, staging
from usage.imports.changes import ImportReport
from usage.imports.reading import LineReader
from usage.imports.recording import HashedFile, recorded
from usage.models import Camera, UsageInterval

# A dry run makes at most this many changes, to see what they would cost, and takes them back.
MOST_TRIED = 20_000

logger = logging.getLogger(__name__)


class _ConcurrentChangeError(Exception):
    """Someone ended an interval between its check and its change."""


@dataclass(frozen=True, slots=True)
class Replacement:
    """The months in which an import replaces the usage of the cameras in its file.

    `shown` is the version of the difference that a person saw; without it, none was shown.
    """

    months: Period
    shown: str | None = None


def import_usage(
    file: IO[bytes],
    *,
    now: datetime,
    dry_run: bool,
    progress: Progress = no_progress,
    replace: Replacement | None = None,
    by: User | None = None,
    name: str | None = None,
    read_as: ReadAs | None = None,
) -> ImportReport:
    """Import usage intervals from a CSV or XLSX file opened in binary mode: all of it, or nothing.

    The first line names the columns, which are `COLUMNS` in any order unless `read_as` says
    otherwise; the title may be absent. No instant may be after `now`. A dry run makes the same
    checks, and changes nothing. An import waits for any other import to end. Errors in the file are
    part of the report; they raise no exception.

    The lines are added to the stored usage, or with `replace`, take its place in some months. If
    the difference is no longer what was shown, nothing is changed, and the report says so.

    What is changed is recorded as an import of `by`, or of the command, and can be undone. `name`
    is recorded as the file's name; without it, the name that the file was opened by.
    """
    wrong, opened = WrongLines(), HashedFile(file, name)
    try:
        with transaction.atomic():
            report, change = _import(opened, now, dry_run, progress, wrong, replace, read_as)
            if not (dry_run or report.is_refused or report.changes_nothing):
                replaced = replace.months if replace else None
                with (
                    recorded(report, opened, by=by, now=now, replaced=replaced),
                    telling(staging.CAMERAS, now),
                ):
                    change()
                if report.lines >= staging.MANY_LINES:
                    transaction.on_commit(_analyze, robust=True)
            if dry_run or report.is_refused:
                transaction.set_rollback(True)
            return report
    except (IntegrityError, _ConcurrentChangeError) as error:
        return _interrupted(error, dry_run)
    except DatabaseError as error:
        if isinstance(error.__cause__, psycopg.errors.DeadlockDetected):
            return _interrupted(error, dry_run)
        raise


def _import(
    file: HashedFile,
    now: datetime,
    dry_run: bool,
    progress: Progress,
    wrong: WrongLines,
    replace: Replacement | None,
    read_as: ReadAs | None,
) -> tuple[ImportReport, Callable[[], None]]:
    """Check the file; return what it changes, and a function that does it."""
    reader = LineReader(
        file,
        organizations=Names(Organization.objects.order_by().values_list("pk", "title")),
        tariffs=Names(Tariff.objects.order_by().values_list("pk", "name")),
        now=now,
        wrong=wrong,
        progress=progress,
        read_as=read_as,
    )
    try:
        staging.stage(reader)
    except UnreadableFileError as error:
        wrong.merge([WrongLine(error.line, error.reason)], 1)
        return _refused(reader.lines, dry_run, wrong), _nothing
    except TooManyWrongLines:
        return _refused(reader.lines, dry_run, wrong), _nothing
    progress(Stage.CHECKING, 0, None)
    if not dry_run:
        staging.lock()
    if replace:
        _check_replacement(wrong, replace, now)
    else:
        _check(wrong, now)
    if wrong.count:
        return _refused(reader.lines, dry_run, wrong), _nothing
    if replace:
        report = _replacement(reader.lines, replace, now, dry_run)
        return report, partial(_replace, report, progress)
    counts = staging.count_changes()
    report = ImportReport(
        lines=reader.lines,
        dry_run=dry_run,
        affected=_affected(counts, dry_run),
        **asdict(counts),
    )
    return report, partial(_change, counts, progress)


def _nothing() -> None:
    """Change nothing: the file was refused."""


def _analyze() -> None:
    """Tell PostgreSQL about the new rows; what follows may be another import of the same file."""
    analyze(Camera, UsageInterval, Camera.pgh_event_model, UsageInterval.pgh_event_model)  # type: ignore[attr-defined]


def _affected(counts: staging.Counts, dry_run: bool) -> AffectedInvoices:
    """Return the invoices that the import affects, and by how much, unless that takes too long."""
    spans = {pk: (at, None) for pk, at in staging.changed_since().items()}
    affected = AffectedInvoices.by_change(usage=spans)
    if dry_run and counts.intervals_added + counts.intervals_ended <= MOST_TRIED:
        return affected.with_changes(partial(_change, counts, no_progress))
    return affected


def _change(counts: staging.Counts, progress: Progress) -> None:
    progress(Stage.WRITING, 0, counts.intervals_added)
    forget_plans()
    # Intervals must end before their cameras move to another organization.
    if staging.end_intervals() != counts.intervals_ended:
        raise _ConcurrentChangeError
    staging.check_constraints()
    staging.change_cameras()
    # Each interval is checked against the cameras, which may have become many.
    forget_plans()
    for added in staging.add_intervals():
        progress(Stage.WRITING, added, counts.intervals_added)


def _replacement(lines: int, replace: Replacement, now: datetime, dry_run: bool) -> ImportReport:
    """Report what replacing the usage changes."""
    counts = staging.count_changes()
    difference.create()
    replacing.create_difference()
    if not dry_run:
        difference.lock_organizations()
    found = difference.summarize(as_of=now if dry_run else None)
    return ImportReport(
        lines=lines,
        dry_run=dry_run,
        intervals_changed=found.counts.changed,
        intervals_removed=found.counts.removed,
        affected=found.affected,
        difference=found,
        has_changed=replace.shown not in (None, found.version),
        **asdict(counts),
    )


def _replace(report: ImportReport, progress: Progress) -> None:
    progress(Stage.WRITING, 0, report.intervals_added)
    forget_plans()
    done = difference.apply_removals_and_changes()
    staging.change_cameras()
    forget_plans()
    added = difference.apply_additions()
    staging.check_constraints()
    if report.difference is None or done._replace(added=added) != report.difference.counts:
        raise _ConcurrentChangeError
    progress(Stage.WRITING, added, report.intervals_added)


def _check_replacement(wrong: WrongLines, replace: Replacement, now: datetime) -> None:
    """Add to `wrong` the lines outside the months, and those that contradict others."""
    replacing.plan(replace.months, now)
    outside = replacing.outside()
    if outside:
        reason = _(
            "This usage is not within the months %(first)s to %(last)s. Correct the line, or "
            "choose other months."
        ) % {
            "first": f"{replace.months.start:%Y-%m}",
            "last": f"{replace.months.last:%Y-%m}",
        }
        wrong.merge((WrongLine(each.line, reason) for each in outside), outside[0].total)
    _check_common(wrong, replacing.unavailable(), now)


def _check(wrong: WrongLines, now: datetime) -> None:
    """Add to `wrong` the lines that contradict each other or the database."""
    staging.plan()
    conflicts = staging.conflicts()
    if conflicts:
        wrong.merge(map(_conflict, conflicts), conflicts[0].total)
    _check_common(wrong, staging.unavailable(), now)


def _check_common(
    wrong: WrongLines, unavailable: Sequence[staging.Unavailable], now: datetime
) -> None:
    if unavailable:
        wrong.merge(map(_unavailable, unavailable), unavailable[0].total)
    after_closing = staging.after_closing(now)
    if after_closing:
        wrong.merge(map(_after_closing, after_closing), after_closing[0].total)
    overlaps = staging.overlaps()
    if overlaps:
        wrong.merge(map(_overlap, overlaps), overlaps[0].total)


def _conflict(found: staging.IntervalConflict) -> WrongLine:
    held = {
        "organization": found.organization,
        "tariff": found.tariff,
        "end": _end(found.ended_at),
    }
    if found.is_same_use:
        reason = _(
            "This usage interval is already in the database and ended at %(end)s. "
            "Set ended_at to that time, or remove the line."
        )
    else:
        reason = _(
            "The database already has the camera in use from this time by "
            "“%(organization)s” on “%(tariff)s” (ended_at: %(end)s). Correct or "
            "remove the line."
        )
    return WrongLine(found.line, reason % held)


def _unavailable(found: staging.Unavailable) -> WrongLine:
    if found.is_archived:
        reason = _(
            "Tariff plan “%(tariff)s” is archived and can no longer be assigned. Choose another."
        )
    else:
        reason = _(
            "Tariff plan “%(tariff)s” is not available to “%(organization)s”. "
            "Choose another, or add it to the organization first."
        )
    return WrongLine(
        found.line, reason % {"tariff": found.tariff, "organization": found.organization}
    )


def _after_closing(found: staging.AfterClosing) -> WrongLine:
    reason = _(
        "“%(organization)s” was closed at %(closed)s, and usage after that is not "
        "billed. Set ended_at to that time or earlier, or remove the line."
    )
    names = {"organization": found.organization, "closed": _iso(found.closed_at)}
    return WrongLine(found.line, reason % names)


def _overlap(found: staging.Overlap) -> WrongLine:
    if found.other_line:
        reason = _(
            "Line %(line)s already has the camera in use at that time. Correct one of the lines."
        ) % {"line": found.other_line}
    else:
        reason = _(
            "The database already has the camera in use at that time: by "
            "“%(organization)s” on “%(tariff)s” from %(start)s (ended_at: "
            "%(end)s). Correct or remove the line."
        ) % {
            "organization": found.organization,
            "tariff": found.tariff,
            "start": _iso(found.started_at),
            "end": _end(found.ended_at),
        }
    return WrongLine(found.line, reason)


def _iso(instant: datetime) -> str:
    return instant.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _end(instant: datetime | None) -> str:
    return _("still in use") if instant is None else _iso(instant)


def _refused(lines: int, dry_run: bool, wrong: WrongLines) -> ImportReport:
    return ImportReport(
        lines=lines,
        dry_run=dry_run,
        errors=tuple(wrong.kept),
        error_count=wrong.count,
        is_cut_short=wrong.is_cut_short,
    )


def _interrupted(error: Exception, dry_run: bool) -> ImportReport:
    logger.warning("An import was interrupted by another change.", exc_info=error)
    wrong = WrongLines()
    wrong.add(
        0,
        _(
            "Someone changed the same cameras, organizations or tariff plans "
            "during the import. Nothing was imported. Try again."
        ),
    )
    return _refused(0, dry_run, wrong)
