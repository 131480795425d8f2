"""Operations on notes."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar, TypedDict, Unpack

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from foundation.web.versions import refuse_overwriting
from organizations.notes.models import Note


class NoteFields(TypedDict):
    """The editable values of a note."""

    text: str
    is_pinned: bool


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
    *, organization_id: int, by: User, now: datetime, **fields: Unpack[NoteFields]
) -> Note:
    """Add a note about an organization."""
    return Note.objects.create(organization_id=organization_id, author=by, written_at=now, **fields)


@transaction.atomic
def edit_note(
    *, note_id: int, by: User, now: datetime, shown: str, **fields: Unpack[NoteFields]
) -> None:
    """Change one's own note. `shown` is the version of the `stored_values` that were shown.

    Raises:
        NoteGone: it has been deleted.
        NotTheAuthor: someone else wrote it.
        EditedByOthers: it was changed or pinned since it was shown, in another tab or by others.
    """
    note = _locked(note_id)
    if note.author_id != by.pk:
        raise NotTheAuthor
    refuse_overwriting(shown=shown, stored=stored_values(note), given=fields)
    if fields["text"] != note.text:
        note.text, note.edited_at = fields["text"], now
    note.is_pinned = fields["is_pinned"]
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


def stored_values(note: Note) -> dict[str, object]:
    """Return the editable values of a note as stored, by field name."""
    return {name: getattr(note, name) for name in NoteFields.__annotations__}


def _locked(note_id: int) -> Note:
    try:
        return Note.objects.select_for_update().get(pk=note_id)
    except Note.DoesNotExist as error:
        raise NoteGone from error
