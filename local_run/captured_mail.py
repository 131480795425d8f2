"""Pages of captured mail, which a copy on one's own machine writes to files instead of sending.

The pages exist only if settings.SHOW_CAPTURED_MAIL is set, and never where mail is really sent.
"""

from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

FILES_SHOWN = 200

# Django's file-based mail backend writes this after each mail.
_END_OF_MAIL = b"\n" + b"-" * 79 + b"\n"


@dataclass(frozen=True, kw_only=True)
class CapturedMail:
    """One mail: number `number`, counted from 0, in the file `name`."""

    name: str
    number: int
    message: EmailMessage

    @property
    def sender(self) -> str:
        return str(self.message["From"])

    @property
    def recipients(self) -> str:
        return str(self.message["To"])

    @property
    def subject(self) -> str:
        return str(self.message["Subject"])

    @property
    def sent_at(self) -> datetime:
        sent_at: datetime = self.message["Date"].datetime
        return sent_at

    @property
    def text(self) -> str:
        """The plain text; empty if there is none."""
        body = self.message.get_body(("plain",))
        return "" if body is None else str(body.get_content())


@require_safe
@login_not_required
def mails(request: HttpRequest) -> HttpResponse:
    """List the emails in the newest `FILES_SHOWN` files, newest first."""
    captured = [mail for file in _files()[:FILES_SHOWN] for mail in reversed(_mails_in(file))]
    return render(
        request,
        "captured_mail/list.html",
        {"mails": captured, "folder": _folder()},
    )


@require_safe
@login_not_required
def mail(request: HttpRequest, name: str, number: int) -> HttpResponse:
    """Show the text of one mail."""
    # Search the existing files, so that a name cannot lead out of the folder.
    file = next((file for file in _files() if file.name == name), None)
    captured = _mails_in(file) if file else []
    if number >= len(captured):
        raise Http404
    return render(request, "captured_mail/mail.html", {"mail": captured[number]})


def _folder() -> Path:
    return Path(settings.EMAIL_FILE_PATH)  # type: ignore[misc]  # set by EMAIL_URL


def _files() -> list[Path]:
    folder = _folder()
    # File names contain only the second; the modification time orders files of the same second.
    stamped = [(file.stat().st_mtime_ns, file) for file in folder.glob("*.log")]
    return [file for _, file in sorted(stamped, reverse=True)]


def _mails_in(file: Path) -> list[CapturedMail]:
    texts = file.read_bytes().split(_END_OF_MAIL)[:-1]
    messages = [message_from_bytes(text, policy=policy.default) for text in texts]
    return [
        CapturedMail(name=file.name, number=number, message=message)
        for number, message in enumerate(messages)
    ]
