"""Jobs of usage. The rules for all jobs are in foundation/jobs/setup.py."""

from __future__ import annotations

from django.utils import timezone
from procrastinate import JobContext
from procrastinate.contrib.django import app

from foundation.imports.work import READ_OPTIONS, read_in_job
from foundation.jobs.setup import UPKEEP
from tariffs.models import TariffTally
from usage.closing import operations as closing
from usage.imports import undo_jobs
from usage.imports.uploads import KIND
from usage.planned import operations as planning


@app.task(name="usage.read_upload", **READ_OPTIONS)
def read_upload(context: JobContext, *, upload_id: str, user_id: int) -> None:
    """Check an uploaded file, or import it."""
    read_in_job(context, KIND, upload_id=upload_id, user_id=user_id)


@app.task(name="usage.undo_import", **READ_OPTIONS)
def undo_import(context: JobContext, *, upload_id: str, user_id: int) -> None:
    """Plan the undo of an import, or carry it out."""
    read_in_job(context, undo_jobs.KIND, upload_id=upload_id, user_id=user_id)


@app.periodic(cron="*/5 * * * *")
@app.task(name="usage.disconnect_closed", queue=UPKEEP, queueing_lock="disconnect_closed")
def disconnect_closed(timestamp: int) -> None:
    """Disconnect the cameras of organizations whose last day has just ended."""
    now = timezone.now().replace(microsecond=0)
    for organization_id in closing.closed_with_cameras(now):
        closing.disconnect_after_closing(organization_id=organization_id, now=now)


@app.periodic(cron="* * * * *")
@app.task(name="usage.carry_out_planned", queue=UPKEEP, queueing_lock="carry_out_planned")
def carry_out_planned(timestamp: int) -> None:
    """Carry out the planned changes of cameras whose time has come."""
    planning.carry_out_due(timezone.now().replace(microsecond=0))


@app.periodic(cron="*/10 * * * *")
@app.task(name="usage.fold_tallies", queue=UPKEEP, queueing_lock="fold_tariff_tallies")
def fold_tallies(timestamp: int) -> None:
    """Add up the tallies of tariff plans."""
    TariffTally.fold()
