"""Jobs of imports. The rules for all jobs are in foundation/jobs/setup.py."""

from django.utils import timezone
from procrastinate.contrib.django import app

from foundation.imports.uploads import delete_old_uploads
from foundation.jobs.setup import UPKEEP


@app.periodic(cron="41 * * * *")
@app.task(name="imports.delete_old_uploads", queue=UPKEEP, queueing_lock="delete_old_uploads")
def delete_old_files(timestamp: int) -> None:
    """Delete uploaded files that nobody has imported for a day."""
    delete_old_uploads(timezone.now())
