"""Jobs of accounts. The rules for all jobs are in foundation/jobs/setup.py."""

from collections.abc import Iterable
from contextlib import suppress
from itertools import islice
from urllib.parse import urljoin

from django.core.management import call_command
from django.utils import timezone, translation
from procrastinate import JobContext
from procrastinate.contrib.django import app
from procrastinate.types import JSONValue

from accounts.models import User
from accounts.notices import sending
from accounts.operations import AlreadyActivated, MayNotSignIn, send_activation
from foundation.jobs.setup import PATIENTLY, UPKEEP, is_tried_again

_JOBS_A_STEP = 1_000


@app.task(name="accounts.invite", queue="mail", priority=-10, retry=PATIENTLY)
def send_invitation(*, owner_id: int, site: str, language: str, user_id: int | None) -> None:
    """Mail an owner a link to `site` to set a password; try again for a day if that fails."""
    owner = User.objects.filter(pk=owner_id).first()
    if owner is None:
        return
    with translation.override(language), suppress(AlreadyActivated, MayNotSignIn):
        send_activation(user=owner, address=lambda path: urljoin(site, path))


def defer_invitations(
    owner_ids: Iterable[int], *, site: str, language: str, user_id: int | None
) -> None:
    """Have owners invited by mail once the transaction has been committed."""
    ids = iter(owner_ids)
    while some := list(islice(ids, _JOBS_A_STEP)):
        jobs: list[dict[str, JSONValue]] = [
            {"owner_id": pk, "site": site, "language": language, "user_id": user_id} for pk in some
        ]
        send_invitation.batch_defer(*jobs)


@app.task(
    name="accounts.send_notices", queue="mail", priority=-10, retry=PATIENTLY, pass_context=True
)
def send_notices(context: JobContext, *, notice_ids: list[int], user_id: int | None) -> None:
    """Send notices; try again for a day those that could not be sent."""
    try:
        sending.send_requested(notice_ids=notice_ids, now=timezone.now())
    except Exception as error:
        if not is_tried_again(context, error):
            sending.give_up(notice_ids=notice_ids, error=error)
        raise


@app.periodic(cron="41 3 * * *")
@app.task(name="accounts.remove_expired_sessions", queue=UPKEEP)
def remove_expired_sessions(timestamp: int) -> None:
    """Delete the sessions that have expired. Nobody can use them, but the table would grow."""
    call_command("clearsessions")
