"""The notes about an organization."""

from datetime import UTC, datetime

import pytest
from django.db import IntegrityError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from accounts.tests.factories import OperatorFactory
from foundation.web.versions import version_of
from organizations.models import Note, Organization
from organizations.notes import operations
from organizations.tests.factories import OrganizationFactory

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 2, 12, tzinfo=UTC)
LATER = datetime(2026, 11, 2, 13, tzinfo=UTC)


@pytest.fixture
def organization() -> Organization:
    return OrganizationFactory.create(title="Harbour", time_zone="Asia/Tokyo")


def a_note(organization: Organization, text: str = "Call back", **fields: object) -> Note:
    values = {"author": OperatorFactory.create(), "written_at": NOON, "text": text, **fields}
    return Note.objects.create(organization=organization, **values)


def address(organization: Organization) -> str:
    return reverse("organizations:notes", args=[organization.pk])


def of_note(name: str, note: Note) -> str:
    return reverse(f"organizations:{name}_note", args=[note.organization_id, note.pk])


def test_adds_a_note(operator_client: Client, operator: User, organization: Organization) -> None:
    answer = operator_client.post(
        address(organization), {"text": "Wants paper invoices", "is_pinned": "on"}, follow=True
    )

    (note,) = Note.objects.all()
    assert (note.text, note.is_pinned, note.author) == ("Wants paper invoices", True, operator)
    assert "The note was added." in answer.text
    assert "Wants paper invoices" in answer.text


def test_an_empty_note_is_refused(operator_client: Client, organization: Organization) -> None:
    answer = operator_client.post(address(organization), {"text": " \n "})

    assert answer.context["form"].errors["text"]
    assert not Note.objects.exists()


def test_the_database_refuses_an_empty_note(organization: Organization) -> None:
    with pytest.raises(IntegrityError, match="organizations_note_not_empty"):
        a_note(organization, "")


def test_pinned_notes_come_first_then_the_newest(
    operator_client: Client, organization: Organization
) -> None:
    a_note(organization, "first", is_pinned=True)
    a_note(organization, "second")
    a_note(organization, "third", written_at=LATER)

    page = operator_client.get(address(organization)).context["page"]

    assert [note.text for note in page] == ["first", "third", "second"]


def test_times_are_in_the_time_zone_of_the_organization(
    support_client: Client, organization: Organization
) -> None:
    a_note(organization)

    page = support_client.get(address(organization)).text

    assert 'datetime="2026-11-02T21:00:00+09:00"' in page
    assert "All times are in Asia/Tokyo." in page


def test_support_reads_notes_and_changes_nothing(
    support_client: Client, organization: Organization
) -> None:
    note = a_note(organization)

    page = support_client.get(address(organization)).text

    assert "Call back" in page
    assert of_note("delete", note) not in page
    assert "Add note" not in page


def test_one_s_own_note_can_be_edited(
    operator_client: Client, operator: User, organization: Organization
) -> None:
    note = a_note(organization, author=operator)

    version = version_of(operations.stored_values(note))

    operator_client.post(of_note("edit", note), {"text": "Called", "version": version})

    note.refresh_from_db()
    assert note.text == "Called"
    assert note.edited_at is not None


def test_what_another_tab_saved_meanwhile_is_not_overwritten(
    operator_client: Client, operator: User, organization: Organization
) -> None:
    note = a_note(organization, author=operator)
    version = version_of(operations.stored_values(note))
    in_one_tab = {"text": "Called, no answer", "version": version}
    in_another = {"text": "Called back", "version": version}
    operator_client.post(of_note("edit", note), in_one_tab)

    answer = operator_client.post(of_note("edit", note), in_another)

    note.refresh_from_db()
    assert note.text == "Called, no answer"
    assert "Nothing was saved" in answer.text
    assert "Called back" in answer.text
    confirmed = {**in_another, "version": answer.context["version"]}
    operator_client.post(of_note("edit", note), confirmed)
    note.refresh_from_db()
    assert note.text == "Called back"


def test_an_edit_does_not_unpin_what_somebody_has_pinned_meanwhile(
    operator_client: Client, operator: User, organization: Organization
) -> None:
    note = a_note(organization, author=operator)
    version = version_of(operations.stored_values(note))
    operations.pin_note(note_id=note.pk, is_pinned=True)

    answer = operator_client.post(of_note("edit", note), {"text": "Called", "version": version})

    note.refresh_from_db()
    assert note.is_pinned
    assert [each.label for each in answer.context["conflict"].differences] == ["Pinned"]


@pytest.mark.parametrize("name", ["edit", "pin", "delete"])
def test_a_form_about_a_note_that_is_deleted_says_so(
    operator_client: Client, operator: User, organization: Organization, name: str
) -> None:
    note = a_note(organization, author=operator)
    sent = of_note(name, note)
    operations.delete_note(note_id=note.pk)

    answer = operator_client.post(sent, {"text": "Called"}, follow=True)

    assert "This note has been deleted." in answer.text
    assert answer.redirect_chain == [(address(organization), 302)]


def test_another_s_note_cannot_be_edited(
    operator_client: Client, operator: User, organization: Organization
) -> None:
    note = a_note(organization)

    assert operator_client.post(of_note("edit", note), {"text": "Called"}).status_code == 403
    assert of_note("edit", note) not in operator_client.get(address(organization)).text
    with pytest.raises(operations.NotTheAuthor):
        operations.edit_note(
            note_id=note.pk, text="x", is_pinned=False, by=operator, now=NOON, shown=""
        )


def test_pinning_does_not_count_as_an_edit(
    operator_client: Client, organization: Organization
) -> None:
    note = a_note(organization)

    operator_client.post(of_note("pin", note), {"pinned": "yes"})

    note.refresh_from_db()
    assert note.is_pinned
    assert note.edited_at is None
    operator_client.post(of_note("pin", note), {"pinned": "no"})
    note.refresh_from_db()
    assert not note.is_pinned


def test_a_note_of_another_organization_is_not_found(
    operator_client: Client, organization: Organization
) -> None:
    note = a_note(OrganizationFactory.create())
    wrong = reverse("organizations:delete_note", args=[organization.pk, note.pk])

    assert operator_client.post(wrong).status_code == 404


@pytest.mark.django_db(transaction=True)
def test_the_history_keeps_a_deleted_note(
    operator_client: Client, organization: Organization
) -> None:
    note = a_note(organization, "Owes us a call")

    assert "Owes us a call" in operator_client.get(of_note("delete", note)).text
    operator_client.post(of_note("delete", note))

    assert not Note.objects.exists()
    page = operator_client.get(reverse("organizations:history", args=[organization.pk])).text
    assert "<del>Owes us a call</del>" in page


def test_a_note_that_is_gone_says_so(organization: Organization) -> None:
    note = a_note(organization)
    operations.delete_note(note_id=note.pk)

    with pytest.raises(operations.NoteGone, match="deleted"):
        operations.pin_note(note_id=note.pk, is_pinned=True)


def test_the_number_of_queries_does_not_grow_with_notes(
    operator_client: Client, organization: Organization
) -> None:
    a_note(organization)
    operator_client.get(address(organization))
    with CaptureQueriesContext(connection) as few:
        operator_client.get(address(organization))
    for _ in range(5):
        a_note(organization)

    with CaptureQueriesContext(connection) as many:
        operator_client.get(address(organization))

    assert len(many) == len(few)
