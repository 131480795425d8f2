"""Jobs of accounts. The rules for all jobs are in foundation/jobs/setup.py."""

from collections.abc import Iterable
from contextlib import suppress
from itertools import islice

from django.core.management import call_command
from django.utils import timezone, translation
from procrastinate import JobContext
from procrastinate.contrib.django import app
from procrastinate.types import JSONValue

from accounts.models import User
from accounts.notices import sending
from accounts.operations import AlreadyActivated, MayNotSignIn, send_activation
from accounts.sign_in import mails
from foundation.jobs.setup import PATIENTLY, UPKEEP, is_tried_again

_JOBS_A_STEP = 1_000


@app.task(name="accounts.invite", queue="mail", priority=-10, retry=PATIENTLY)
def send_invitation(*, owner_id: int, language: str, user_id: int | None, site: str = "") -> None:
    """Mail an owner a link to set a password; try again for a day if that fails.

    Jobs of an earlier version have a `site`.
    """
    owner = User.objects.filter(pk=owner_id).first()
    if owner is None:
        return
    with translation.override(language), suppress(AlreadyActivated, MayNotSignIn):
        send_activation(user=owner)


def defer_invitations(owner_ids: Iterable[int], *, language: str, user_id: int | None) -> None:
    """Have owners invited by mail once the transaction has been committed."""
    ids = iter(owner_ids)
    while some := list(islice(ids, _JOBS_A_STEP)):
        jobs: list[dict[str, JSONValue]] = [
            {"owner_id": pk, "language": language, "user_id": user_id} for pk in some
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


@app.task(name="accounts.send_sign_in_mails", queue="mail", retry=PATIENTLY, pass_context=True)
def send_sign_in_mails(context: JobContext, *, mail_ids: list[int], user_id: int | None) -> None:
    """Send mails about signing in, before others; try again for a day those that were not sent."""
    try:
        mails.send_requested(mail_ids=mail_ids, now=timezone.now())
    except Exception as error:
        if not is_tried_again(context, error):
            mails.give_up(mail_ids=mail_ids, error=error)
        raise


@app.periodic(cron="43 3 * * *")
@app.task(name="accounts.remove_old_sign_in_mails", queue=UPKEEP)
def remove_old_sign_in_mails(timestamp: int) -> None:
    """Delete old mails about signing in: they name addresses, also of people without an account."""
    mails.remove_old(now=timezone.now())


@app.periodic(cron="41 3 * * *")
@app.task(name="accounts.remove_expired_sessions", queue=UPKEEP)
def remove_expired_sessions(timestamp: int) -> None:
    """Delete the sessions that have expired. Nobody can use them, but the table would grow."""
    call_command("clearsessions")
