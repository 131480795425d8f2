"""Jobs of organizations. The rules for all jobs are in foundation/jobs/setup.py."""

from __future__ import annotations

from django.utils import timezone
from procrastinate import JobContext
from procrastinate.contrib.django import app

from foundation.imports.work import READ_OPTIONS, read_in_job
from foundation.jobs.batches import defer_in_batches, do_each
from foundation.jobs.setup import QUICKLY, UPKEEP
from organizations.agreement import platform
from organizations.agreement.imports.uploads import KIND as TERMS
from organizations.imports.uploads import KIND

# Few enough that a job lost with its worker is soon done again.
ORGANIZATIONS_A_JOB = 20


@app.task(name="organizations.read_upload", **READ_OPTIONS)
def read_upload(context: JobContext, *, upload_id: str, user_id: int) -> None:
    """Check an uploaded file, or import it."""
    read_in_job(context, KIND, upload_id=upload_id, user_id=user_id)


@app.task(name="organizations.read_terms", **READ_OPTIONS)
def read_terms(context: JobContext, *, upload_id: str, user_id: int) -> None:
    """Check an uploaded file of terms, or import it."""
    read_in_job(context, TERMS, upload_id=upload_id, user_id=user_id)


@app.periodic(cron="* * * * *")
@app.task(
    name="organizations.look_for_suspensions", queue=UPKEEP, queueing_lock="look_for_suspensions"
)
def look_for_suspensions(timestamp: int) -> None:
    """Have a connected platform told of suspensions that have begun or ended."""
    waiting = platform.waiting_organizations(timezone.now())
    defer_in_batches(tell_platform, waiting, number=ORGANIZATIONS_A_JOB)


@app.task(name="organizations.tell_platform", queue="organizations", retry=QUICKLY)
def tell_platform(*, organization_ids: list[int]) -> None:
    """Tell a connected platform whether organizations are suspended."""
    do_each(
        organization_ids,
        lambda pk: platform.tell(organization_id=pk, now=timezone.now()),
        "The platform could not be told of some suspensions",
    )
