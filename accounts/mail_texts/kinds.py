"""The kinds of emails whose texts can be edited. Apps register theirs in `AppConfig.ready`."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

_PLACEHOLDER = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True)
class MailKind:
    """A kind of mail, its default texts, and its placeholders with examples for a preview."""

    key: str
    label: StrOrPromise
    subject: StrOrPromise
    introduction: StrOrPromise
    examples: Mapping[str, StrOrPromise]


KINDS: dict[str, MailKind] = {}


def register(kind: MailKind) -> None:
    """Let the texts of this kind be edited."""
    KINDS[kind.key] = kind


def filled(text: str, values: Mapping[str, StrOrPromise]) -> str:
    """Return a text with its placeholders replaced. Nothing else in it has a meaning."""
    return _PLACEHOLDER.sub(lambda found: str(values.get(found[1], found[0])), text)


def check_placeholders(text: str, known: Collection[str]) -> None:
    """Refuse unknown placeholders and braces that do not enclose one.

    Raises:
        ValidationError: the text contains such.
    """
    names = " ".join(f"{{{name}}}" for name in known)
    unknown = [found[0] for found in _PLACEHOLDER.finditer(text) if found[1] not in known]
    if unknown:
        raise ValidationError(
            _("Unknown placeholder %(unknown)s. Use only: %(known)s"),
            params={"unknown": unknown[0], "known": names},
        )
    if re.search(r"[{}]", _PLACEHOLDER.sub("", text)):
        raise ValidationError(
            _("Braces must enclose a placeholder: %(known)s"), params={"known": names}
        )


register(
    MailKind(
        key="activation",
        label=gettext_lazy("Activation"),
        subject=gettext_lazy("Set your password for camera billing"),
        introduction=gettext_lazy(
            "You have been given access to camera billing. To set your password and sign in, open "
            "this link:"
        ),
        examples={
            "name": gettext_lazy("Ann Lee"),
            "email": "ann@example.com",
            "provider": gettext_lazy("Example Provider Ltd"),
        },
    )
)
register(
    MailKind(
        key="confirm_address",
        label=gettext_lazy("Change of address"),
        subject=gettext_lazy("Confirm your new email address"),
        introduction=gettext_lazy(
            "{new_email} will replace {email} as your sign-in address. To confirm this, open this "
            "link:"
        ),
        examples={
            "name": gettext_lazy("Ann Lee"),
            "email": "ann@example.com",
            "new_email": "ann.lee@example.com",
            "provider": gettext_lazy("Example Provider Ltd"),
        },
    )
)
