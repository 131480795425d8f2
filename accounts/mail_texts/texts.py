"""The texts of a mail as they are sent: those that operators have edited, or the default ones."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

from django.conf import settings
from django.db import transaction
from django.utils.translation import get_language, override

from accounts.mail_texts.kinds import KINDS, MailKind, filled
from accounts.mail_texts.models import MailText
from foundation.web.brand import brand
from foundation.web.versions import refuse_overwriting

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


class Texts(NamedTuple):
    """The subject and introduction of a mail."""

    subject: str
    introduction: str

    def filled(self, values: Mapping[str, StrOrPromise]) -> Texts:
        """Return the texts with their placeholders replaced."""
        return Texts(*(filled(text, values) for text in self))


def default_texts(kind: MailKind) -> Texts:
    """Return the default texts in the active language, with placeholders."""
    return Texts(str(kind.subject), str(kind.introduction))


def texts_of(kind: MailKind) -> Texts:
    """Return the texts in the active language, with placeholders."""
    language = get_language() or settings.LANGUAGE_CODE
    stored = MailText.objects.filter(kind=kind.key, language=language).first()
    default = default_texts(kind)
    if stored is None:
        return default
    return Texts(stored.subject or default.subject, stored.introduction or default.introduction)


def texts_for(key: str, values: Mapping[str, str]) -> Texts:
    """Return the texts of a kind of mail in the active language, with `values` filled in."""
    return texts_of(KINDS[key]).filled({"provider": brand().name, **values})


@transaction.atomic
def change_texts(
    *, key: str, language: str, shown: str, subject: str, introduction: str
) -> MailText:
    """Store the texts of a kind of mail in a language; an empty one means the default.

    `shown` is the version of the texts that were shown.

    Raises:
        EditedByOthers: someone has changed a text since, to another one.
    """
    text, _is_new = MailText.objects.select_for_update().get_or_create(kind=key, language=language)
    with override(language):
        default = default_texts(KINDS[key])
        stored = texts_of(KINDS[key])
    given = Texts(subject or default.subject, introduction or default.introduction)
    refuse_overwriting(shown=shown, stored=stored._asdict(), given=given._asdict())
    text.subject, text.introduction = subject, introduction
    text.save()
    return text
