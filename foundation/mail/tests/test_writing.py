"""Tests of writing mails: what is sent is what Django would send, but for boundaries."""

import email
import email.policy
from email.message import EmailMessage

import pytest
from django.core.mail.message import MIMEMixin

from foundation.mail.writing import Mail

PDF = bytes(range(256)) * 300


def mail(body: str) -> Mail:
    mail = Mail(subject="Счёт № 5", body=body, from_email="a@example.com", to=["b@example.com"])
    mail.attach_alternative(f"<p>{body}</p>", "text/html")
    mail.attach("счёт.pdf", PDF, "application/pdf")
    mail.attach("a.csv", "camera,amount\r\nparkplatz,5\r\n", "text/csv")
    return mail


@pytest.mark.parametrize("linesep", ["\n", "\r\n"])
@pytest.mark.parametrize(
    "body", ["", "Hello", "From me\n.\n--\n", "a\rb\r\nc\n\n", "Привет\r\n", "long " * 300, "a\n"]
)
def test_a_mail_is_written_as_by_django(body: str, linesep: str) -> None:
    message = mail(body).message()

    written = message.as_bytes(linesep=linesep)

    assert written == MIMEMixin.as_bytes(message, linesep=linesep)


def test_attachments_arrive_as_they_were() -> None:
    received = email.message_from_bytes(
        mail("Hello").message().as_bytes(linesep="\r\n"), policy=email.policy.default
    )

    assert isinstance(received, EmailMessage)
    pdf, csv = received.iter_attachments()
    assert (pdf.get_filename(), pdf.get_content()) == ("счёт.pdf", PDF)
    assert csv.get_filename() == "a.csv"


def test_the_parts_of_two_mails_have_other_boundaries() -> None:
    boundaries = [
        part.get_boundary()
        for each in (mail("Hello"), mail("Hello"))
        for part in each.message().walk()
        if part.is_multipart()
    ]

    assert len(boundaries) == len(set(boundaries)) == 4


def test_no_line_is_longer_than_mail_allows() -> None:
    lines = mail("Hello").message().as_bytes(linesep="\r\n").split(b"\r\n")

    assert max(map(len, lines)) <= 78
