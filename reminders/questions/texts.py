"""The texts of mails about questions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from accounts.mail_texts.kinds import MailKind

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

_EXAMPLES: dict[str, StrOrPromise] = {
    "number": "INV-2026-000123",
    "organization": _("Example Customer Ltd"),
    "provider": _("Example Provider Ltd"),
}

ANSWERED = MailKind(
    key="question_answered",
    label=_("Answer to a question about an invoice"),
    subject=_("Answer to your question about invoice {number}"),
    introduction=_("Your question about invoice {number} of {organization} was answered:"),
    examples=_EXAMPLES,
)
CLOSED = MailKind(
    key="question_closed",
    label=_("Question about an invoice closed"),
    subject=_("Your question about invoice {number} is closed"),
    introduction=_(
        "Your question about invoice {number} of {organization} was answered and closed:"
    ),
    examples=_EXAMPLES,
)
ASKED = MailKind(
    key="question_asked",
    label=_("Question about an invoice to be answered"),
    subject=_("{organization} asks about invoice {number}"),
    introduction=_("{organization} writes about invoice {number}:"),
    examples=_EXAMPLES,
)
