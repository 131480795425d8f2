"""The contacts of organizations, and what they receive."""

import re
from typing import Any

import pytest
from django.conf import settings
from django.db import IntegrityError
from django.test import Client
from django.urls import reverse

from foundation.web.versions import version_of
from invoices.issuing.operations import cancel
from invoices.models import Invoice
from invoices.tests.factories import IN_NOVEMBER, issued_invoice
from organizations.contacts import operations
from organizations.contacts.recipients import invoice_addresses, reminder_addresses
from organizations.models import Contact, Organization
from organizations.tests.factories import OrganizationFactory

pytestmark = pytest.mark.django_db

ANN: dict[str, Any] = {
    "name": "Ann Lee",
    "role": "Accounting",
    "email": "ann@example.com",
    "telephone": "+49 40 1234567",
    "receives_invoices": "on",
}


@pytest.fixture
def organization() -> Organization:
    return OrganizationFactory.create(title="Harbour")


def a_contact(organization: Organization, **fields: Any) -> Contact:
    values = {"name": "Ann Lee", "email": "ann@example.com", **fields}
    return Contact.objects.create(organization=organization, **values)


def adding(organization: Organization) -> str:
    return reverse("organizations:add_contact", args=[organization.pk])


def of_contact(name: str, contact: Contact) -> str:
    return reverse(f"organizations:{name}_contact", args=[contact.organization_id, contact.pk])


def test_adds_a_contact(operator_client: Client, organization: Organization) -> None:
    answer = operator_client.post(adding(organization), ANN, follow=True)

    (contact,) = Contact.objects.all()
    assert contact.receives == ["invoices"]
    assert answer.redirect_chain == [(f"/organizations/{organization.pk}/", 302)]
    for text in ("Ann Lee", "Accounting", "ann@example.com", "+49 40 1234567", "receives invoices"):
        assert text in answer.text


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"email": ""}, "email"),
        ({"email": "ann"}, "email"),
        ({"telephone": "call me"}, "telephone"),
        ({"name": ""}, "name"),
    ],
)
def test_a_wrong_entry_is_refused_on_its_field(
    operator_client: Client, organization: Organization, changed: dict[str, str], field: str
) -> None:
    answer = operator_client.post(adding(organization), {**ANN, **changed})

    assert list(answer.context["form"].errors) == [field]
    assert not Contact.objects.exists()


@pytest.mark.parametrize("what", ["receives_invoices", "receives_reminders"])
def test_the_database_refuses_a_recipient_without_address(
    organization: Organization, what: str
) -> None:
    with pytest.raises(IntegrityError, match="organizations_contact_has_email"):
        a_contact(organization, email="", **{what: True})


def test_a_contact_is_not_offered_what_nothing_sends(
    operator_client: Client, organization: Organization
) -> None:
    contact = a_contact(organization, receives_notices=True)

    form = operator_client.get(of_contact("edit", contact)).context["form"]
    overview = operator_client.get(reverse("reports:overview", args=[organization.pk]))

    offered = [name for name in form.fields if name.startswith("receives")]
    assert offered == ["receives_invoices", "receives_reminders"]
    assert "Ann Lee" in overview.text
    assert "receives" not in overview.text


def test_clearing_the_email_keeps_what_was_stored_and_is_not_offered(
    operator_client: Client, organization: Organization
) -> None:
    contact = a_contact(organization, receives_notices=True)
    version = version_of(operations.stored_values(contact))

    answer = operator_client.post(
        of_contact("edit", contact), {"name": "Ann Lee", "email": "", "version": version}
    )

    assert answer.status_code == 302
    contact.refresh_from_db()
    assert (contact.email, contact.receives_notices) == ("", True)


def test_changes_a_contact(operator_client: Client, organization: Organization) -> None:
    contact = a_contact(organization)
    version = version_of(operations.stored_values(contact))

    operator_client.post(of_contact("edit", contact), {**ANN, "version": version})

    contact.refresh_from_db()
    assert (contact.role, contact.receives_invoices) == ("Accounting", True)


def test_a_change_of_somebody_else_is_not_overwritten(
    operator_client: Client, organization: Organization
) -> None:
    contact = a_contact(organization)
    version = version_of(operations.stored_values(contact))
    Contact.objects.update(role="Security")

    answer = operator_client.post(of_contact("edit", contact), {**ANN, "version": version})

    contact.refresh_from_db()
    assert contact.role == "Security"
    assert "Nothing was saved" in answer.text


def test_deletes_a_contact(operator_client: Client, organization: Organization) -> None:
    contact = a_contact(organization, receives_invoices=True)

    assert "no longer receive: invoices" in operator_client.get(of_contact("delete", contact)).text
    operator_client.post(of_contact("delete", contact))

    assert not Contact.objects.exists()
    with pytest.raises(operations.ContactGone):
        operations.delete_contact(contact_id=contact.pk)


@pytest.mark.parametrize("name", ["edit", "delete"])
def test_a_form_about_a_contact_that_is_deleted_says_so(
    operator_client: Client, organization: Organization, name: str
) -> None:
    contact = a_contact(organization)
    sent = of_contact(name, contact)
    operations.delete_contact(contact_id=contact.pk)

    answer = operator_client.post(sent, ANN, follow=True)

    assert answer.status_code == 200
    assert "This contact has been deleted." in answer.text


def test_an_owner_sees_the_contacts_and_cannot_change_them(organization: Organization) -> None:
    contact = a_contact(organization)
    client = Client()
    client.force_login(organization.owner)

    page = client.get(reverse("reports:overview", args=[organization.pk])).text

    assert "Ann Lee" in page
    assert of_contact("edit", contact) not in page


def test_addresses_receive_invoices_once(organization: Organization) -> None:
    organization.billing_email = "bills@example.com"
    organization.save()
    a_contact(organization, receives_invoices=True)
    a_contact(organization, name="Same", email="BILLS@example.com", receives_invoices=True)
    a_contact(organization, name="Zoe", email="zoe@example.com")

    found = invoice_addresses([organization, OrganizationFactory.create()])

    assert found == {organization.pk: ["bills@example.com", "ann@example.com"]}


def test_reminders_go_to_their_contacts_or_where_invoices_go(organization: Organization) -> None:
    other = OrganizationFactory.create(billing_email="bills@example.com")
    a_contact(organization, receives_invoices=True)
    a_contact(organization, name="Zoe", email="zoe@example.com", receives_reminders=True)

    found = reminder_addresses([organization, other, OrganizationFactory.create()])

    assert found == {organization.pk: ["zoe@example.com"], other.pk: ["bills@example.com"]}


def test_a_document_is_sent_again_to_everyone_who_receives_invoices(
    operator_client: Client,
) -> None:
    invoice = issued_invoice()
    a_contact(invoice.organization, receives_invoices=True)

    answer = operator_client.post(reverse("invoices:send", args=[invoice.pk]), follow=True)

    assert sent_to(invoice) == ["accounts@harbour.example"] * 2 + ["ann@example.com"]
    assert "accounts@harbour.example, ann@example.com" in answer.text


def test_a_new_invoice_goes_to_contacts_too(operator_client: Client) -> None:
    organization = issued_invoice().organization
    a_contact(organization, receives_invoices=True)
    issuing = reverse("invoices:issue", args=[organization.pk])

    preview = operator_client.get(issuing, {"from": "2026-09-01", "to": "2026-09-30"})
    operator_client.post(
        issuing,
        {
            "from": "2026-09-01",
            "to": "2026-09-30",
            "shown": [
                f"{each.document.currency}:{each.version}"
                for each in preview.context["drafts"].drafts
            ],
        },
    )

    assert "Will be emailed to accounts@harbour.example, ann@example.com." in preview.text
    assert sent_to(Invoice.objects.latest("pk")) == ["accounts@harbour.example", "ann@example.com"]


def test_a_credit_note_goes_to_contacts_too() -> None:
    invoice = issued_invoice()
    a_contact(invoice.organization, receives_invoices=True)

    credit_note = cancel(invoice_id=invoice.pk, now=IN_NOVEMBER, by=None)

    assert sent_to(credit_note) == ["accounts@harbour.example", "ann@example.com"]


def sent_to(invoice: Invoice) -> list[str]:
    return sorted(invoice.deliveries.values_list("email", flat=True))


def test_the_form_asks_for_a_person_in_russian(
    operator_client: Client, organization: Organization
) -> None:
    operator_client.cookies[settings.LANGUAGE_COOKIE_NAME] = "ru"

    page = operator_client.get(f"/organizations/{organization.pk}/contacts/add/").text

    assert re.findall(r'<label for="id_(name|email)" class="[^"]*">\s*(.*?)\s*<', page) == [
        ("name", "Имя"),
        ("email", "Эл. почта"),
    ]
