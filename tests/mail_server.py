"""A real mail server for tests."""

import asyncio
from collections import Counter
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from threading import Event
from typing import Any

from aiosmtpd.smtp import SMTP, Envelope, Session


@dataclass
class MailServer:
    """The emails that the SMTP server of a test has accepted, and which it accepts.

    It accepts `most_per_connection` emails from one connection and `most` in all, and then drops
    the connection. It does not answer the recipient `slow` before `may_answer` is set.
    """

    port: int = 0
    messages: list[EmailMessage] = field(default_factory=list)
    refuses: bool = False
    unknown: str = ""
    slow: str = ""
    may_answer: Event = field(default_factory=Event)
    most: int = 1_000_000
    most_per_connection: int = 1_000_000
    # The number of accepted emails by connection.
    accepted: Counter[Any] = field(default_factory=Counter)
    closed: int = 0

    async def handle_MAIL(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Begin a mail, unless there have been too many."""
        if len(self.messages) >= self.most:
            assert isinstance(server.transport, asyncio.Transport)
            server.transport.abort()
        if self.accepted[session.peer] >= self.most_per_connection:
            return "421 4.7.0 Too many emails from one connection"
        envelope.mail_from = address
        return "250 OK"

    async def handle_QUIT(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """Count the connections that are closed properly."""
        self.closed += 1
        return "221 Bye"

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Accept any address except the unknown one."""
        if address == self.unknown:
            return "550 5.1.1 Ящика нет"
        if address == self.slow:
            await asyncio.to_thread(self.may_answer.wait)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """Accept or refuse a mail."""
        if self.refuses:
            return "451 Out of order"
        content = envelope.content
        assert isinstance(content, bytes)
        self.accepted[session.peer] += 1
        self.messages.append(message_from_bytes(content, policy=policy.default))
        return "250 OK"


def text_of(message: EmailMessage, kind: str = "plain") -> str:
    """Return the text of a mail; `kind` is `plain` or `html`."""
    body = message.get_body((kind,))
    assert body is not None
    return str(body.get_content())
