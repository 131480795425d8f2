"""Request notices in the transaction of what they are about, and send them in jobs.

A notice is requested once for each address and each thing that it is about. It is sent as every
requested mail is (foundation/mail/requests.py): jobs try for a day, and a notice that was sent is
not sent again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from django.conf import settings
from django.utils.translation import override

from accounts.mail_texts.kinds import MailKind
from accounts.mail_texts.texts import texts_for
from accounts.models import User
from accounts.notices.models import MAX_SUBJECT, Notice
from foundation.mail.composing import compose
from foundation.mail.requests import (
    Errors,
    Mails,
    MailState,
    defer_mails,
    give_up_mails,
    made_mails,
    send_mails,
)
from foundation.mail.writing import Mail
from foundation.web.addresses import in_mails
from foundation.web.brand import Brand, brand


class Notified(NamedTuple):
    """Who is told something: an address, or "" for nobody, and its language."""

    email: str
    language: str


def provider_address() -> Notified:
    """Return the provider's address, at which operators read mail; "" while it is not entered."""
    return Notified(brand().email, settings.LANGUAGE_CODE)


def notify(
    kind: MailKind,
    *,
    about: str,
    to: Notified,
    values: Mapping[str, str],
    path: str,
    now: datetime,
    by: User | None,
    quoted: str = "",
) -> None:
    """Have a notice sent once the transaction is committed; nothing if it was requested before.

    `about` names what happened, `values` fill in the texts of the kind of mail, and `path` is the
    page where it can be read.
    """
    if not to.email or Notice.objects.filter(about=about, email=to.email).exists():
        return
    with override(to.language):
        texts = texts_for(kind.key, values)
    notice = Notice.objects.create(
        about=about,
        email=to.email,
        language=to.language,
        subject=texts.subject[:MAX_SUBJECT],
        introduction=texts.introduction,
        quoted=quoted,
        path=path,
        asked_at=now,
        asked_by=by,
    )
    defer_mails("accounts.send_notices", [notice], "notice_ids")


def send_requested(*, notice_ids: Sequence[int], now: datetime) -> None:
    """Send requested notices unless they were already sent; store their results.

    Raises:
        Exception: as `foundation.mail.requests.send_mails`.
    """
    waiting = Notice.objects.filter(pk__in=notice_ids, state=MailState.WAITING)
    send_mails(Notice, list(waiting.order_by("attempts", "pk")), _Batch().mails_of, now=now)


def give_up(*, notice_ids: Sequence[int], error: Exception) -> None:
    """Mark the waiting ones among notices as failed, because they will not be tried again."""
    give_up_mails(Notice, notice_ids, error)


@dataclass(frozen=True)
class _Batch:
    """What the notices of a job share: their sender."""

    sender: Brand = field(default_factory=brand)

    def mails_of(self, notices: Sequence[Notice]) -> tuple[Mails, Errors]:
        """Return the mails of a few notices, and the errors of those that cannot be made."""
        return made_mails(notices, self._mail)

    def _mail(self, notice: Notice) -> Mail:
        with override(notice.language):
            return compose(
                "accounts/mail/notice",
                {
                    "notice": notice,
                    "address": in_mails(notice.path),
                },
                subject=notice.subject,
                to=[notice.email],
                sender=self.sender,
            )
