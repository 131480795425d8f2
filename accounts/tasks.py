"""Jobs of accounts. The rules for all jobs are in foundation/jobs/setup.py."""

from django.core.management import call_command
from procrastinate.contrib.django import app

from foundation.jobs.setup import UPKEEP


@app.periodic(cron="41 3 * * *")
@app.task(name="accounts.remove_expired_sessions", queue=UPKEEP)
def remove_expired_sessions(timestamp: int) -> None:
    """Delete the sessions that have expired. Nobody can use them, but the table would grow."""
    call_command("clearsessions")
