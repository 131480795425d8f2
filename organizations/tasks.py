"""Jobs of organizations. The rules for all jobs are in foundation/jobs/setup.py."""

from __future__ import annotations

from procrastinate import JobContext
from procrastinate.contrib.django import app

from foundation.imports.work import READ_OPTIONS, read_in_job
from organizations.imports.uploads import KIND


@app.task(name="organizations.read_upload", **READ_OPTIONS)
def read_upload(context: JobContext, *, upload_id: str, user_id: int) -> None:
    """Check an uploaded file, or import it."""
    read_in_job(context, KIND, upload_id=upload_id, user_id=user_id)
