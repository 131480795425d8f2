"""Compose emails that name their sender, as text and HTML."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from email.mime.image import MIMEImage
from email.utils import formataddr
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string

from foundation.mail.writing import Mail
from foundation.web.brand import Brand, brand

_LOGO = "logo"
_SHOWN_IMAGES = {b"\x89PNG\r\n\x1a\n": "png", b"\xff\xd8\xff": "jpeg"}


def compose(
    template: str,
    context: Mapping[str, Any],
    *,
    subject: str,
    to: Sequence[str],
    sender: Brand | None = None,
) -> Mail:
    """Return a mail in the active language from the templates `<template>.txt` and `.html`.

    The templates extend or include those in `templates/mail/`. To compose many emails, pass their
    `sender`, so that it is not read for each of them.
    """
    # A line break in a value that was filled in would break the header.
    sender, subject = sender or brand(), " ".join(subject.split())
    picture = _picture(sender)
    values = {**context, "brand": sender, "subject": subject, "logo": picture and f"cid:{_LOGO}"}
    mail = Mail(
        subject=subject,
        body=render_to_string(f"{template}.txt", values),
        from_email=formataddr((sender.name, settings.DEFAULT_FROM_EMAIL)),
        to=to,
        reply_to=[sender.email] if sender.email else None,
    )
    mail.attach_alternative(render_to_string(f"{template}.html", values), "text/html")
    if picture is not None:
        mail.attach(picture)
    return mail


def _picture(sender: Brand) -> MIMEImage | None:
    content = sender.logo() or b""
    for start, kind in _SHOWN_IMAGES.items():
        if content.startswith(start):
            picture = MIMEImage(content, kind)
            picture.add_header("Content-ID", f"<{_LOGO}>")
            picture.add_header("Content-Disposition", "inline", filename=f"{_LOGO}.{kind}")
            return picture
    return None
