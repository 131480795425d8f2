"""Jobs of direct debits. The rules for all jobs are in foundation/jobs/setup.py."""

from __future__ import annotations

from django.utils import timezone
from procrastinate import JobContext
from procrastinate.contrib.django import app

from debits import notices
from foundation.jobs.setup import PATIENTLY, is_tried_again


@app.task(
    name="debits.send_notices", queue="mail", priority=-10, retry=PATIENTLY, pass_context=True
)
def send_notices(context: JobContext, *, notice_ids: list[int], user_id: int | None) -> None:
    """Tell payers of collections; try again for a day what could not be sent."""
    try:
        notices.send_requested(notice_ids=notice_ids, now=timezone.now())
    except Exception as error:
        if not is_tried_again(context, error):
            notices.give_up(notice_ids=notice_ids, error=error)
        raise
