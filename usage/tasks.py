"""Jobs of usage. The rules for all jobs are in foundation/jobs/setup.py."""

from django.utils import timezone
from procrastinate.contrib.django import app

from foundation.jobs.setup import UPKEEP
from usage.closing import operations as closing


@app.periodic(cron="*/5 * * * *")
@app.task(name="usage.disconnect_closed", queue=UPKEEP, queueing_lock="disconnect_closed")
def disconnect_closed(timestamp: int) -> None:
    """Disconnect the cameras of organizations whose last day has just ended."""
    now = timezone.now().replace(microsecond=0)
    for organization_id in closing.closed_with_cameras(now):
        closing.disconnect_after_closing(organization_id=organization_id, now=now)
