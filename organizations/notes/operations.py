"""Operations on notes."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from organizations.notes.models import Note


class NoteRefusal(Exception):
    """A change of a note was refused; the text says why."""

    reason: ClassVar[Promise]

    def __str__(self) -> str:
        return str(self.reason)


class NoteGone(NoteRefusal):
    """The note has been deleted."""

    reason = _("This note has been deleted.")


class NotTheAuthor(NoteRefusal):
    """Only the author can edit a note."""

    reason = _("Only its author can edit a note.")


@transaction.atomic
def write_note(
    *, organization_id: int, text: str, is_pinned: bool, by: User, now: datetime
) -> Note:
    """Add a note about an organization."""
    return Note.objects.create(
        organization_id=organization_id, text=text, is_pinned=is_pinned, author=by, written_at=now
    )


@transaction.atomic
def edit_note(*, note_id: int, text: str, is_pinned: bool, by: User, now: datetime) -> None:
    """Change one's own note.

    Raises:
        NoteGone: it has been deleted.
        NotTheAuthor: someone else wrote it.
    """
    note = _locked(note_id)
    if note.author_id != by.pk:
        raise NotTheAuthor
    if text != note.text:
        note.text, note.edited_at = text, now
    note.is_pinned = is_pinned
    note.save()


@transaction.atomic
def pin_note(*, note_id: int, is_pinned: bool) -> None:
    """Pin a note above the others, or unpin it.

    Raises:
        NoteGone: it has been deleted.
    """
    note = _locked(note_id)
    note.is_pinned = is_pinned
    note.save(update_fields=["is_pinned"])


@transaction.atomic
def delete_note(*, note_id: int) -> None:
    """Delete a note; the history of the organization keeps its text.

    Raises:
        NoteGone: it has been deleted already.
    """
    _locked(note_id).delete()


def _locked(note_id: int) -> Note:
    try:
        return Note.objects.select_for_update().get(pk=note_id)
    except Note.DoesNotExist as error:
        raise NoteGone from error
