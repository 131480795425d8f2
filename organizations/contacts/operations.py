"""Operations on contacts."""

from __future__ import annotations

from typing import TypedDict, Unpack

from django.db import transaction
from django.utils.translation import gettext as _

from foundation.web.versions import refuse_overwriting
from organizations.contacts.models import Contact


class ContactFields(TypedDict):
    """The editable values of a contact."""

    name: str
    role: str
    email: str
    telephone: str
    receives_invoices: bool
    receives_reminders: bool


class ContactGone(Exception):
    """The contact has been deleted."""

    def __str__(self) -> str:
        return _("This contact has been deleted.")


@transaction.atomic
def add_contact(*, organization_id: int, **fields: Unpack[ContactFields]) -> Contact:
    """Add a contact to an organization."""
    return Contact.objects.create(organization_id=organization_id, **fields)


@transaction.atomic
def change_contact(*, contact_id: int, shown: str, **fields: Unpack[ContactFields]) -> None:
    """Change a contact. `shown` is the version of the `stored_values` that were shown.

    Raises:
        ContactGone: it has been deleted.
        EditedByOthers: someone has changed a value since it was shown, to another than the given.
    """
    contact = _locked(contact_id)
    refuse_overwriting(shown=shown, stored=stored_values(contact), given=fields)
    for name, value in fields.items():
        setattr(contact, name, value)
    contact.save()


@transaction.atomic
def delete_contact(*, contact_id: int) -> None:
    """Delete a contact.

    Raises:
        ContactGone: it has been deleted already.
    """
    _locked(contact_id).delete()


def stored_values(contact: Contact) -> dict[str, object]:
    """Return the editable values of a contact as stored, by field name."""
    return {name: getattr(contact, name) for name in ContactFields.__annotations__}


def _locked(contact_id: int) -> Contact:
    try:
        return Contact.objects.select_for_update().get(pk=contact_id)
    except Contact.DoesNotExist as error:
        raise ContactGone from error
