"""Jobs of the API. The rules for all jobs are in foundation/jobs/setup.py."""

from __future__ import annotations

from django.utils import timezone
from procrastinate.contrib.django import app

from api.core.repetition import forget_answers
from foundation.jobs.setup import UPKEEP


@app.periodic(cron="23 * * * *")
@app.task(name="api.forget_answers", queue=UPKEEP, queueing_lock="api_forget_answers")
def forget_old_answers(timestamp: int) -> None:
    """Delete stored answers that are no longer given."""
    forget_answers(timezone.now())
