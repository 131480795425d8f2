"""Connections to the mail server that send several emails at once and are used again.

Connecting takes longer than sending, and a distant server answers slowly, so a job that sends many
emails opens a few connections and closes them at its end.
"""

from __future__ import annotations

import smtplib
import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend

# The server closes the connection after this answer, for example because it takes only so many
# emails from one connection, or so many connections at once.
_CLOSING = 421


def concerns_server(error: Exception) -> bool:
    """Return whether an error is about the server or the connection, not about one mail."""
    match error:
        case smtplib.SMTPRecipientsRefused(recipients=refused):
            return any(code == _CLOSING for code, _text in refused.values())
        case smtplib.SMTPConnectError() | smtplib.SMTPHeloError():
            return True
        case smtplib.SMTPAuthenticationError() | smtplib.SMTPNotSupportedError():
            return True
        case smtplib.SMTPResponseException(smtp_code=code):
            return code == _CLOSING
        case _:
            return isinstance(error, OSError)


class MailConnections:
    """Up to `number` connections to the mail server, opened when needed."""

    def __init__(self, number: int) -> None:
        self._threads = ThreadPoolExecutor(number)
        self._idle: list[BaseEmailBackend] = []

    def close(self) -> None:
        """Close the connections."""
        self._threads.shutdown()
        for connection in self._idle:
            _close(connection)

    def send(self, mails: Sequence[EmailMessage]) -> list[Exception | None]:
        """Send emails at the same time; return the error of each, or None for those accepted."""
        return list(self._threads.map(self._tried, mails))

    def _tried(self, mail: EmailMessage) -> Exception | None:
        _pace.wait(settings.EMAIL_MOST_PER_SECOND)
        try:
            self._send(mail)
        except Exception as error:
            return error
        return None

    def _send(self, mail: EmailMessage) -> None:
        """Send a mail on an idle connection, or on a new one if the server has closed the idle."""
        while self._idle:
            connection = self._idle.pop()
            with suppress(_ClosedError):
                return self._send_on(connection, mail)
        connection = get_connection()
        connection.open()
        try:
            self._send_on(connection, mail)
        except _ClosedError as closed:
            raise closed.error from None

    def _send_on(self, connection: BaseEmailBackend, mail: EmailMessage) -> None:
        """Send a mail on a connection, which is idle afterwards unless it is closed.

        Raises:
            _ClosedError: the connection is closed.
            Exception: the mail cannot be sent.
        """
        try:
            connection.send_messages([mail])
        except Exception as error:
            if concerns_server(error):
                _close(connection)
                raise _ClosedError(error) from error
            self._idle.append(connection)
            raise
        self._idle.append(connection)


class _ClosedError(Exception):
    """The connection was closed while a mail was sent, because of `error`."""

    def __init__(self, error: Exception) -> None:
        super().__init__(error)
        self.error = error


def _close(connection: BaseEmailBackend) -> None:
    # A server that has gone away cannot be told goodbye.
    with suppress(OSError):
        connection.close()


class _Pace:
    """Lets this process begin at most so many emails a second, all threads taken together."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._next = 0.0

    def wait(self, most_per_second: float) -> None:
        """Wait for the next turn; 0 means that there is no limit."""
        if not most_per_second:
            return
        now = time.monotonic()
        with self._lock:
            turn = max(self._next, now)
            self._next = turn + 1 / most_per_second
        time.sleep(turn - now)


_pace = _Pace()
