"""Ask for a check of a document, have it examined in a job, and delete what is old."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from procrastinate.contrib.django import app

from accounts.models import User
from invoices.checking.apart import examined_apart
from invoices.checking.models import DocumentCheck

CHECKS_KEPT = timedelta(days=1)
MOST_MEGABYTES = 10

_TASK = "invoices.check_document"
State = DocumentCheck.State


@transaction.atomic
def ask(
    *, check_id: UUID, name: str, content: bytes, profile: str, now: datetime, by: User
) -> DocumentCheck:
    """Store a file and request its check; a second request with the same id does nothing.

    `profile` is a value of `invoices.checking.profiles.Profile`, or empty to use what the document
    names.
    """
    check, is_new = DocumentCheck.objects.get_or_create(
        pk=check_id,
        defaults={
            "asked_at": now,
            "asked_by": by,
            "name": name[-200:],
            "content": content,
            "profile": profile,
        },
    )
    if is_new:
        app.configure_task(_TASK, allow_unknown=False).defer(check_id=str(check.pk), user_id=by.pk)
    return check


def ask_again(
    *, check: DocumentCheck, check_id: UUID, profile: str, now: datetime, by: User
) -> DocumentCheck:
    """Request another check of the same file, by another profile."""
    content = bytes(check.content)
    return ask(check_id=check_id, name=check.name, content=content, profile=profile, now=now, by=by)


def examine(*, check_id: str) -> None:
    """Examine a document, unless that is done already or it was deleted."""
    check = DocumentCheck.objects.filter(pk=check_id, state=State.WAITING).first()
    if check is None:
        return
    # Not in a transaction: it can take minutes.
    result = examined_apart(bytes(check.content), check.profile)
    waiting = DocumentCheck.objects.filter(pk=check.pk, state=State.WAITING)
    waiting.update(state=State.DONE, result=result)


def give_up(*, check_id: str) -> None:
    """Mark a check as failed, because it will not be tried again."""
    waiting = DocumentCheck.objects.filter(pk=check_id, state=State.WAITING)
    waiting.update(state=State.FAILED)


def delete_old(now: datetime) -> None:
    """Delete the checks that were requested over a day ago, with their files."""
    DocumentCheck.objects.filter(asked_at__lt=now - CHECKS_KEPT).delete()
