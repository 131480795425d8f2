"""Send emails about signing in, read their links, and make them older."""

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from email.message import EmailMessage
from unittest.mock import patch

from django.utils import timezone

from accounts.models import SignInMail
from accounts.sign_in.mails import send_requested
from tests.mail_server import text_of


def deliver() -> None:
    """Send the requested emails about signing in, as the next job would."""
    waiting = SignInMail.objects.filter(state=SignInMail.State.WAITING)
    send_requested(mail_ids=list(waiting.values_list("pk", flat=True)), now=timezone.now())


def path_in(message: EmailMessage) -> str:
    """Return the path of the first link in a mail."""
    link = re.search(r"https?://[^/\s]+(/\S*)", text_of(message))
    assert link is not None
    return link[1]


def token_of(message: EmailMessage) -> str:
    """Return the token of the activation link in a mail."""
    return path_in(message).removeprefix("/accounts/activate/").removesuffix("/")


@contextmanager
def aged(*, days: int, seconds: int = 0) -> Iterator[None]:
    """Move the clock of signatures forward, so that signed links look this much older."""
    later = time.time() + timedelta(days=days, seconds=seconds).total_seconds()
    with patch("django.core.signing.time.time", return_value=later):
        yield
