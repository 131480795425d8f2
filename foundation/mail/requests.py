"""Requested emails: stored with the reason for them, sent by jobs.

Mail servers are slow and sometimes fail, so a job tries several times, and each request stores its
state. A job sends the emails of many requests, a few at once, and records their results before it
sends the next few. It may run twice. A mail that was recorded as sent is not sent again. Those few
may be, if the worker, PostgreSQL or the network fails between the mail server's reply and the
commit that records it.
"""

from __future__ import annotations

import smtplib
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import closing
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import OperationalError, models, transaction
from django.db.models import F
from django.utils.encoding import force_str
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from procrastinate.contrib.django import app
from procrastinate.types import JSONValue

from foundation.mail.connections import MailConnections, concerns_server

# Few enough that workers share them, and that other work waits for a second or two.
_MAILS_A_JOB = 50
# How long a job may take that keeps to a limit of emails per second.
_PACED_SECONDS = 5
_PROBLEM_LENGTH = 500

Mails = dict[int, EmailMessage]
Errors = dict[int, Exception]


class MailState(models.TextChoices):
    """What became of a requested mail."""

    WAITING = "waiting", _("Waiting to be sent")
    SENT = "sent", pgettext_lazy("email", "Sent")
    FAILED = "failed", _("Could not be sent")


class MailRequest(models.Model):
    """A request to send a mail to an address, and its result."""

    State = MailState

    email = models.EmailField(_("email address"))
    state = models.CharField(
        _("status"), max_length=7, choices=MailState, default=MailState.WAITING
    )
    asked_at = models.DateTimeField(_("requested at"))
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )
    attempts = models.PositiveSmallIntegerField(default=0)
    tried_at = models.DateTimeField(null=True, blank=True)
    # The mail server's reply, for operators.
    problem = models.CharField(max_length=_PROBLEM_LENGTH, blank=True)

    class Meta:
        abstract = True


def defer_mails(task: str, requests: Sequence[MailRequest], ids: str) -> None:
    """Defer jobs of a task that send stored requests; `ids` names the argument with their ids."""
    number = _mails_a_job()
    jobs: list[dict[str, JSONValue]] = [
        {
            ids: [each.pk for each in requests[start : start + number]],
            "user_id": requests[start].asked_by_id,
        }
        for start in range(0, len(requests), number)
    ]
    if jobs:
        app.configure_task(task, allow_unknown=False).batch_defer(*jobs)


def _mails_a_job() -> int:
    """Return how many mails a job sends, so that other work waits for seconds at most."""
    if not settings.EMAIL_MOST_PER_SECOND:
        return _MAILS_A_JOB
    paced = int(settings.EMAIL_MOST_PER_SECOND * _PACED_SECONDS)
    return min(max(paced, 1), _MAILS_A_JOB)


def send_mails(
    model: type[MailRequest],
    waiting: Sequence[Any],
    mails_of: Callable[[Sequence[Any]], tuple[Mails, Errors]],
    *,
    now: datetime,
    unmade: Mapping[int, Exception] | None = None,
) -> None:
    """Send the mails of `waiting` requests unless they were already sent; store the results.

    `mails_of` makes the mails of a few requests, by their ids, and returns the errors of those that
    cannot be made; `unmade` has the errors of requests that are not among those waiting. A mail
    that is refused or cannot be made does not keep the others from being sent. If the mail server
    does not answer, the rest is left for the next attempt.

    Raises:
        Exception: some of them were not sent. The job must try again. If there were several errors,
            this is an ExceptionGroup of them.
    """
    failed = dict(unmade or {})
    _note_problems(model, failed, now)
    errors = list(failed.values())
    width = settings.EMAIL_CONNECTIONS
    with closing(MailConnections(width)) as server:
        while waiting:
            some, waiting = waiting[:width], waiting[width:]
            # Few at a time, because what is attached can be large.
            mails, failed = mails_of(some)
            _note_problems(model, failed, now)
            refused = _send_some(model, mails, server, now)
            errors += [*failed.values(), *refused]
            unanswered = sum(map(concerns_server, refused))
            if mails and unanswered == len(mails):
                break
            # Perhaps the server refuses so many connections at once.
            width -= unanswered
    if errors:
        raise errors[0] if len(errors) == 1 else ExceptionGroup("Emails were not sent", errors)


def made_mails(
    requests: Sequence[Any], make: Callable[[Any], EmailMessage]
) -> tuple[Mails, Errors]:
    """Return the mails of requests by their ids, and the errors of those that cannot be made.

    Raises:
        OperationalError: the database is away.
    """
    mails: Mails = {}
    failed: Errors = {}
    for each in requests:
        try:
            mails[each.pk] = make(each)
        except OperationalError:
            raise
        except Exception as error:
            failed[each.pk] = error
    return mails, failed


@transaction.atomic
def _send_some(
    model: type[MailRequest], mails: Mails, server: MailConnections, now: datetime
) -> list[Exception]:
    """Send emails at once, by id of their request, and store the results; return the errors."""
    waiting = _rows(model, mails).filter(state=MailState.WAITING).order_by("pk")
    locked = list(waiting.select_for_update().values_list("pk", flat=True))
    errors = server.send([mails[pk] for pk in locked])
    results = dict(zip(locked, errors, strict=True))
    sent = [pk for pk, error in results.items() if error is None]
    if sent:
        _note(model, sent, now, MailState.SENT)
    refused = {pk: error for pk, error in results.items() if error is not None}
    _note_problems(model, refused, now)
    return list(refused.values())


@transaction.atomic
def give_up_mails(model: type[MailRequest], ids: Collection[int], error: Exception) -> None:
    """Mark the waiting ones among requests as failed, because they will not be tried again."""
    waiting = _rows(model, ids).filter(state=MailState.WAITING)
    # Some were not tried because the server did not answer for others.
    waiting.filter(problem="").update(problem=_problem_of(error))
    waiting.update(state=MailState.FAILED)


def _problem_of(error: Exception) -> str:
    """Return the mail server's reply, or the text of the error if there was no reply."""
    answers: Collection[tuple[int, bytes | str]]
    match error:
        case smtplib.SMTPRecipientsRefused(recipients=refused):
            answers = refused.values()
        case smtplib.SMTPResponseException(smtp_code=code, smtp_error=text):
            answers = [(code, text)]
        case OSError() | ExceptionGroup():
            return str(error)[:_PROBLEM_LENGTH]
        case _:
            return type(error).__name__
    said = " ".join(f"{code} {force_str(text, errors='replace')}" for code, text in answers)
    return said[:_PROBLEM_LENGTH]


def _note_problems(
    model: type[MailRequest], failed: Mapping[int, Exception], now: datetime
) -> None:
    for pk, error in failed.items():
        _note(model, [pk], now, MailState.WAITING, _problem_of(error))


def _note(
    model: type[MailRequest],
    pks: Collection[int],
    now: datetime,
    state: MailState,
    problem: str = "",
) -> None:
    _rows(model, pks).update(attempts=F("attempts") + 1, tried_at=now, state=state, problem=problem)


def _rows(model: type[MailRequest], pks: Collection[int]) -> models.QuerySet[Any]:
    return model._default_manager.filter(pk__in=pks)
