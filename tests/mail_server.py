"""A real mail server for tests."""

from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage

from aiosmtpd.smtp import SMTP, Envelope, Session


@dataclass
class MailServer:
    """The mails that the SMTP server of a test has accepted, and whether it accepts any."""

    messages: list[EmailMessage] = field(default_factory=list)
    refuses: bool = False
    unknown: str = ""

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Accept any address except the unknown one."""
        if address == self.unknown:
            return "550 5.1.1 Ящика нет"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """Accept or refuse a mail."""
        if self.refuses:
            return "451 Out of order"
        content = envelope.content
        assert isinstance(content, bytes)
        self.messages.append(message_from_bytes(content, policy=policy.default))
        return "250 OK"


def text_of(message: EmailMessage, kind: str = "plain") -> str:
    """Return the text of a mail; `kind` is `plain` or `html`."""
    body = message.get_body((kind,))
    assert body is not None
    return str(body.get_content())
