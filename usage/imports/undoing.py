"""Undo an import: restore all usage that it changed, unless something later contradicts that.

What an import changed is in the events of its changes. An interval can be restored if it still is
as the import left it, and if nothing else has been recorded for the same time since. A camera that
the import created is removed if no usage of it remains.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from django.db import connection, transaction
from django.utils.translation import gettext as _

from accounts.models import User
from foundation.audit.recording import audit_note
from foundation.bulk import forget_plans
from foundation.imports.report import Progress, Stage, no_progress
from usage.cameras.operations import OverlappingUse, UsageRefusal, overlaps_refused
from usage.cameras.present import telling
from usage.imports import difference, staging
from usage.imports.difference import Counts, Difference
from usage.imports.recording import NOTE
from usage.models import Camera, UsageImport

CAMERAS_AT_ONCE = 5_000
MOST_NAMED = 100
"""The maximum number of cameras that a refusal names."""

# The intervals that an import changed: as it left them (as they were, if it removed them), and as
# they were before if it changed them. It writes no interval twice.
_CREATE_EVENTS = f"""
    DROP TABLE IF EXISTS pg_temp.usage_undo;
    CREATE TEMPORARY TABLE usage_undo ON COMMIT DROP AS
    SELECT event.pgh_obj_id AS interval_id, event.pgh_label AS label, event.camera_id,
        camera.name AS camera, event.organization_id, event.tariff_id, event.started_at,
        event.ended_at, earlier.organization_id AS old_organization_id,
        earlier.tariff_id AS old_tariff_id, earlier.started_at AS old_started_at,
        earlier.ended_at AS old_ended_at
    FROM usage_usageintervalevent AS event
    LEFT JOIN usage_camera AS camera ON camera.id = event.camera_id
    LEFT JOIN LATERAL (
        SELECT * FROM usage_usageintervalevent AS earlier
        WHERE event.pgh_label = 'update' AND earlier.pgh_obj_id = event.pgh_obj_id
            AND earlier.pgh_id < event.pgh_id
        ORDER BY earlier.pgh_id DESC LIMIT 1
    ) AS earlier ON true
    WHERE event.pgh_id > %(events_after)s AND event.pgh_id <= %(events_until)s
        AND event.pgh_context->>'{NOTE}' = %(id)s::text;
    ANALYZE usage_undo
"""

_LOCK_CAMERAS = """
    SELECT id FROM usage_camera WHERE id IN (SELECT camera_id FROM usage_undo)
    ORDER BY id FOR UPDATE
"""

_CREATE_DIFFERENCE = """
    INSERT INTO usage_difference
    SELECT camera, camera_id, interval_id,
        CASE label WHEN 'insert' THEN 'remove' WHEN 'delete' THEN 'add' ELSE 'change' END,
        CASE label WHEN 'update' THEN old_organization_id ELSE organization_id END,
        CASE label WHEN 'update' THEN old_tariff_id ELSE tariff_id END,
        CASE label WHEN 'update' THEN old_started_at ELSE started_at END,
        CASE label WHEN 'update' THEN old_ended_at ELSE ended_at END,
        CASE WHEN label <> 'delete' THEN organization_id END,
        CASE WHEN label <> 'delete' THEN tariff_id END,
        CASE WHEN label <> 'delete' THEN started_at END,
        CASE WHEN label <> 'delete' THEN ended_at END
    FROM usage_undo
"""

# 'changed': the interval is no longer as the import left it. 'overlap': other usage has been
# recorded since in its time. 'gone': what it refers to has been deleted since. 'closed': its
# organization has been closed since, and the usage begins after that, or has no end.
_CONTRADICTIONS = """
    WITH found AS (
        SELECT undo.camera_id, undo.camera, 'changed' AS kind
        FROM usage_undo AS undo
        LEFT JOIN usage_usageinterval AS held ON held.id = undo.interval_id
        WHERE CASE WHEN undo.label = 'delete' THEN held.id IS NOT NULL
            ELSE (held.camera_id, held.organization_id, held.tariff_id, held.started_at,
                    held.ended_at) IS DISTINCT FROM (undo.camera_id, undo.organization_id,
                    undo.tariff_id, undo.started_at, undo.ended_at)
            END
        UNION ALL
        SELECT new.camera_id, new.camera, 'overlap'
        FROM usage_difference AS new
        JOIN usage_usageinterval AS held ON held.camera_id = new.camera_id
        WHERE new.action <> 'remove' AND held.started_at < coalesce(new.ended_at, 'infinity')
            AND coalesce(held.ended_at, 'infinity') > new.started_at
            AND NOT EXISTS (SELECT FROM usage_undo AS own WHERE own.interval_id = held.id)
        UNION ALL
        SELECT new.camera_id, new.camera, 'gone'
        FROM usage_difference AS new
        WHERE new.action <> 'remove' AND (
            new.camera IS NULL
            OR NOT EXISTS (SELECT FROM tariffs_tariff WHERE id = new.tariff_id)
            OR NOT EXISTS (SELECT FROM organizations_organization WHERE id = new.organization_id)
        )
        UNION ALL
        SELECT new.camera_id, new.camera, 'closed'
        FROM usage_difference AS new
        JOIN organizations_organization AS organization ON organization.id = new.organization_id
        WHERE new.action <> 'remove' AND organization.closed_at
            <= CASE WHEN new.ended_at IS NULL THEN greatest(new.started_at, %s)
                ELSE new.started_at END
    ), cameras AS (
        SELECT DISTINCT ON (camera_id) coalesce(camera, '') AS camera, kind
        FROM found ORDER BY camera_id, kind
    )
    SELECT camera, kind, count(*) OVER () FROM cameras ORDER BY camera LIMIT %s
"""

# A title that has been edited since is kept. A camera without usage returns to its organization.
_RESTORE_CAMERAS = f"""
    UPDATE usage_camera AS camera
    SET title = CASE WHEN camera.title = event.title THEN earlier.title ELSE camera.title END,
        organization_id = CASE
            WHEN EXISTS (SELECT FROM usage_usageinterval WHERE camera_id = camera.id)
            THEN camera.organization_id ELSE earlier.organization_id
        END
    FROM usage_cameraevent AS event
    CROSS JOIN LATERAL (
        SELECT * FROM usage_cameraevent AS earlier
        WHERE earlier.pgh_obj_id = event.pgh_obj_id AND earlier.pgh_id < event.pgh_id
        ORDER BY earlier.pgh_id DESC LIMIT 1
    ) AS earlier
    WHERE event.pgh_id > %(camera_events_after)s AND event.pgh_id <= %(camera_events_until)s
        AND event.pgh_context->>'{NOTE}' = %(id)s::text AND event.pgh_label = 'update'
        AND camera.id = event.pgh_obj_id
"""

_UNUSED_CAMERAS = f"""
    SELECT camera.id FROM usage_camera AS camera
    JOIN usage_cameraevent AS event ON camera.id = event.pgh_obj_id
    WHERE event.pgh_id > %(camera_events_after)s AND event.pgh_id <= %(camera_events_until)s
        AND event.pgh_context->>'{NOTE}' = %(id)s::text AND event.pgh_label = 'insert'
        AND NOT EXISTS (SELECT FROM usage_usageinterval AS held WHERE held.camera_id = camera.id)
"""


class AlreadyUndone(UsageRefusal):
    """The import has been undone before."""

    def __str__(self) -> str:
        return _("This import has already been undone.")


class UndoChanged(UsageRefusal):
    """What the person was shown is no longer what would happen."""

    def __str__(self) -> str:
        return _("Nothing was undone: check again what changes.")


class Contradiction(NamedTuple):
    """A camera whose usage cannot be restored: `changed`, `overlap`, `gone` or `closed`."""

    camera: str
    kind: str

    @property
    def reason(self) -> str:
        """Why not."""
        if self.kind == "overlap":
            return _("Other usage has been recorded for the same time since.")
        if self.kind == "closed":
            return _(
                "Its organization has been closed since, and this usage begins after that or has "
                "no end."
            )
        if self.kind == "gone":
            return _("Its camera, tariff plan or organization has been deleted since.")
        return _("Its usage has been changed since.")


class Contradicted(UsageRefusal):
    """Something later contradicts the undo; `named` are the first of `count` cameras."""

    def __init__(self, named: Sequence[Contradiction], count: int) -> None:
        super().__init__(named, count)
        self.named, self.count = named, count

    def __str__(self) -> str:
        return _("This import can no longer be undone: something later contradicts it.")


@dataclass(frozen=True)
class PlannedUndo:
    """What undoing an import changes, or why it cannot be undone."""

    difference: Difference
    refusal: Contradicted | None


def plan_undo(*, import_id: int, now: datetime, progress: Progress = no_progress) -> PlannedUndo:
    """Return what undoing an import would change; change nothing.

    Raises:
        UsageImport.DoesNotExist: there is no such import.
    """
    progress(Stage.CHECKING, 0, None)
    done = UsageImport.objects.get(pk=import_id)
    with transaction.atomic():
        planned = _planned(done, now)
        # The tables are temporary, but others use their names.
        transaction.set_rollback(True)
    return planned


def undo_import(
    *, import_id: int, shown: str, by: User, now: datetime, progress: Progress = no_progress
) -> Counts:
    """Undo an import: all of it, or nothing.

    `shown` is the version of the difference that the person was shown.

    Raises:
        UsageImport.DoesNotExist: there is no such import.
        AlreadyUndone: it has been undone before.
        Contradicted: something later contradicts the undo.
        UndoChanged: the difference is no longer what was shown.
        OverlappingUse: the database refuses a change despite the checks.
    """
    progress(Stage.CHECKING, 0, None)
    done = UsageImport.objects.get(pk=import_id)
    reason = _("Undo of the import of %(file)s") % {"file": done.file_name or done.imported_at}
    with audit_note(undone_import=import_id, reason=reason), transaction.atomic():
        done = UsageImport.objects.select_for_update().get(pk=import_id)
        if done.undone_at is not None:
            raise AlreadyUndone
        planned = _planned(done, now, for_undo=True)
        if planned.refusal is not None:
            raise planned.refusal
        if planned.difference.version != shown:
            raise UndoChanged
        progress(Stage.WRITING, 0, sum(planned.difference.counts))
        forget_plans()
        with telling("SELECT camera_id FROM usage_undo", now):
            with overlaps_refused():
                counts = difference.apply_removals_and_changes()
                progress(Stage.WRITING, sum(counts), sum(planned.difference.counts))
                counts = counts._replace(added=difference.apply_additions())
            if counts != planned.difference.counts:
                raise OverlappingUse
            difference.move_cameras_to_last_payer()
            _run(_RESTORE_CAMERAS, done)
        _remove_cameras(done)
        staging.check_constraints()
        done.undone_at, done.undone_by = now, by
        done.save(update_fields=["undone_at", "undone_by"])
    return counts


def _planned(done: UsageImport, now: datetime, *, for_undo: bool = False) -> PlannedUndo:
    """Plan an undo to show it, with money; or to do it, under locks."""
    if for_undo:
        staging.lock_imports()
    _run(_CREATE_EVENTS, done)
    if for_undo:
        _run(_LOCK_CAMERAS, done)
    difference.create()
    _run(_CREATE_DIFFERENCE, done)
    if for_undo:
        difference.lock_organizations()
    with connection.cursor() as cursor:
        cursor.execute(_CONTRADICTIONS, [now, MOST_NAMED])
        rows = cursor.fetchall()
    refusal = None
    if rows:
        refusal = Contradicted(
            [Contradiction(camera, kind) for camera, kind, _n in rows], rows[0][2]
        )
    as_of = None if refusal or for_undo else now
    return PlannedUndo(difference.summarize(as_of=as_of), refusal)


def _remove_cameras(done: UsageImport) -> None:
    """Remove the cameras that the import created and that have no usage.

    By the ORM, which knows what else names them.
    """
    ids = [pk for (pk,) in _run(_UNUSED_CAMERAS, done)]
    for start in range(0, len(ids), CAMERAS_AT_ONCE):
        Camera.objects.filter(pk__in=ids[start : start + CAMERAS_AT_ONCE]).delete()


def _run(sql: str, done: UsageImport) -> list[tuple[Any, ...]]:
    """Run a statement about an import, and return its rows, if it has any."""
    values: dict[str, Any] = {
        "id": done.pk,
        "events_after": done.events_after,
        "events_until": done.events_until,
        "camera_events_after": done.camera_events_after,
        "camera_events_until": done.camera_events_until,
    }
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall() if cursor.description else []
