"""The pages about an organization and its owner in Watcher."""

from __future__ import annotations

import re
from datetime import date
from html import unescape

import httpx
import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from accounts.tests.factories import OperatorFactory, OwnerFactory, SupportFactory
from invoices.tests.factories import issued_invoice
from organizations.members.models import MemberRole
from organizations.models import Membership, Organization
from organizations.tests.factories import OrganizationFactory
from tests.markup import inline_code
from watcher.models import PlatformOrganization, WriteRequest
from watcher.people.reminders import reminder_for
from watcher.standin.state.records import User as PlatformUser
from watcher.writing.tests.worlds import State, Writer

pytestmark = pytest.mark.django_db

UNLINKED = "/watcher/unlinked/"


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def operator(db: None) -> Client:
    return signed_in(OperatorFactory.create())


def page_of(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    text = answer.content.decode()
    assert inline_code(text) == []
    return unescape(text)


def address_of(organization: Organization) -> str:
    return reverse("watcher:organization", args=[organization.pk])


# --- Organizations -------------------------------------------------------------------------------


def test_without_a_connection_the_page_says_so(operator: Client) -> None:
    organization = OrganizationFactory.create()

    assert "Not connected to Watcher yet." in page_of(operator, address_of(organization))


def test_the_page_says_what_watcher_has_and_offers_what_is_enabled(
    writer: Writer, operator: Client
) -> None:
    organization = writer.world.organizations[0]
    offered = ("Use our title in Watcher", "Create a user for the owner", "Send a message")

    text = page_of(operator, address_of(organization))
    assert "Lindenhof eG" in text
    assert not any(each in text for each in offered)
    writer.enable("writes_organizations", "writes_users", "sends_messages")
    text = page_of(operator, address_of(organization))
    assert all(each in text for each in offered)
    text = page_of(signed_in(SupportFactory.create()), address_of(organization))
    assert not any(each in text for each in offered)
    assert "Save limit" not in text


def test_selected_organizations_are_created(
    writer: Writer, operator: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    new = [OrganizationFactory.create(title=f"New {number}") for number in range(12)]
    linked = writer.world.organizations[0]
    chosen = {"organization": [each.pk for each in (*new[:10], linked)]}

    assert "Create in Watcher" not in page_of(operator, UNLINKED)
    operator.post(reverse("watcher:create"), chosen)
    assert not WriteRequest.objects.exists()
    writer.enable("writes_organizations")
    assert "Create in Watcher" in page_of(operator, UNLINKED)
    with django_assert_max_num_queries(30):
        answer = operator.post(reverse("watcher:create"), chosen, follow=True)
    assert "10 organizations will be created in Watcher." in answer.content.decode()
    writer.write()
    assert Organization.objects.filter(title__startswith="New", watcher_id=None).count() == 2
    operator.post(reverse("watcher:create"), {"organization": ["x"]})
    assert WriteRequest.objects.count() == 10


def test_a_refusal_is_shown_where_it_was_requested(writer: Writer, operator: Client) -> None:
    writer.enable("writes_organizations")
    new = OrganizationFactory.create(title="New Mill")
    writer.world.standin.organizations.add(title="New Mill")

    operator.post(reverse("watcher:create"), {"organization": [new.pk]})
    writer.write()

    text = page_of(operator, address_of(new))
    assert "Refused" in text
    assert "Watcher already has something of this name." in text


def test_a_limit_is_saved_and_one_too_low_is_refused_on_its_field(
    writer: Writer, operator: Client
) -> None:
    writer.enable("writes_organizations")
    organization = writer.world.organizations[0]

    answer = operator.post(address_of(organization), {"most_cameras": "1"})
    assert "has 2 cameras in Watcher" in answer.content.decode()
    for wrong in ("0", "-1", "x", "9999999"):
        assert operator.post(address_of(organization), {"most_cameras": wrong}).status_code == 200
    assert not WriteRequest.objects.exists()
    answer = operator.post(address_of(organization), {"most_cameras": "40"})
    assert answer.status_code == 302
    writer.write()
    assert WriteRequest.objects.get().state == State.DONE
    assert "Most cameras, here" in page_of(operator, address_of(organization))


def test_the_mail_is_sent_again_to_an_owner_who_has_a_user(
    writer: Writer, operator: Client
) -> None:
    organization = writer.world.organizations[0]
    address = reverse("watcher:send_mail", args=[organization.pk])
    known = PlatformOrganization.objects.filter(tenant_id=organization.watcher_id)
    known.update(owner_email=organization.owner.email.upper())
    operator.post(address)
    assert not WriteRequest.objects.exists()
    writer.enable("writes_users")

    text = page_of(operator, address_of(organization))
    assert "Send the mail for a password again" in text
    assert "Create a user for the owner" not in text
    answer = operator.post(address, follow=True)
    assert f"Watcher will send {organization.owner.email}" in answer.content.decode()
    assert WriteRequest.objects.get().kind == "recovery_mail"


def test_the_buttons_request_what_they_say(writer: Writer, operator: Client) -> None:
    organization = writer.world.organizations[0]
    for name in ("watcher:rename", "watcher:create_user"):
        operator.post(reverse(name, args=[organization.pk]))
    assert not WriteRequest.objects.exists()

    writer.enable("writes_organizations", "writes_users")
    for name in ("watcher:rename", "watcher:create_user"):
        operator.post(reverse(name, args=[organization.pk]))

    kinds = WriteRequest.objects.order_by("pk").values_list("kind", flat=True)
    assert list(kinds) == ["organization_title", "user_made"]


# --- Messages ------------------------------------------------------------------------------------


def test_a_reminder_is_prefilled_in_the_language_of_the_owner(
    writer: Writer, operator: Client
) -> None:
    invoice = issued_invoice()
    organization = invoice.organization
    later = date(2030, 1, 1)

    assert reminder_for(organization, date(2020, 1, 1)) == ("", "")
    english = reminder_for(organization, later)
    assert english.title == "Overdue invoices"
    assert str(invoice.number) in english.body
    User.objects.filter(pk=organization.owner_id).update(language="ru")
    organization.refresh_from_db()
    russian = reminder_for(organization, later)
    assert russian.title != english.title
    assert russian.body.isascii() is False


def test_a_message_is_edited_and_requested(writer: Writer, operator: Client) -> None:
    organization = writer.world.organizations[0]
    address = reverse("watcher:remind", args=[organization.pk])
    form = {"title": "Overdue", "body": "Please pay."}

    assert operator.post(address, form).status_code == 302
    assert not WriteRequest.objects.exists()
    writer.enable("sends_messages")
    assert "No invoice is overdue" in page_of(operator, address)
    assert operator.post(address, {"title": "", "body": ""}).status_code == 200
    assert operator.post(address, form).status_code == 302

    request = WriteRequest.objects.get()
    assert (request.kind, request.wanted) == ("message", form)


# --- Single sign-on ------------------------------------------------------------------------------


@pytest.fixture
def owner(writer: Writer) -> User:
    """The owner of the first organization, who has the address of the user in Watcher."""
    owner = writer.world.organizations[0].owner
    owner.email = user_of(writer).email
    owner.save()
    return owner


def user_of(writer: Writer) -> PlatformUser:
    standin = writer.world.standin
    return standin.state.users[standin.state.organizations[writer.world.tenants[0]].owner_id or 0]


def opened(client: Client, writer: Writer) -> str:
    """Press the button; return the page that leads to Watcher, or what is said."""
    address = reverse("watcher:open", args=[writer.world.organizations[0].pk])
    return unescape(client.post(address, follow=True).content.decode())


def offers(client: Client, writer: Writer) -> bool:
    pk = writer.world.organizations[0].pk
    return "Open Watcher" in page_of(client, reverse("reports:overview", args=[pk]))


def test_an_owner_is_signed_in_by_watcher_26(writer: Writer, owner: User) -> None:
    client = signed_in(owner)
    assert not offers(client, writer)
    assert "cannot be opened from here" in opened(client, writer)
    writer.enable("signs_on")
    assert offers(client, writer)

    address = reverse("watcher:open", args=[writer.world.organizations[0].pk])
    answer = client.post(address)

    assert answer["Referrer-Policy"] == "no-referrer"
    assert "no-store" in answer["Cache-Control"]
    text = unescape(answer.content.decode())
    assert inline_code(text) == []
    found = re.search(r'content="0; url=(.+?)#/auth/signin/auto\?autologin_token=(\w+)"', text)
    assert found is not None
    assert found[1] == f"{writer.world.standin.url}/watcher/client/"
    used = httpx.post(
        f"{writer.world.standin.client_base}/autologin", json={"autologin_token": found[2]}
    )
    headers = {"Authorization": f"Bearer {used.json()['access_token']}"}
    profile = httpx.get(f"{writer.world.standin.client_base}/profile", headers=headers)
    assert profile.json()["name"] == user_of(writer).name


def test_an_owner_is_signed_in_by_api_v2(writer: Writer, owner: User) -> None:
    writer.world.speak("v2")
    writer.enable("signs_on")

    address = reverse("watcher:open", args=[writer.world.organizations[0].pk])
    answer = signed_in(owner).post(address)

    text = answer.content.decode()
    assert inline_code(text) == []
    (policy,) = re.findall("form-action ([^;]+)", answer["Content-Security-Policy"])
    assert policy.split() == ["'self'", writer.world.standin.url]
    (target,) = re.findall('action="([^"]+)"', text)
    (token,) = re.findall('name="autologin_token" value="([^"]+)"', text)
    page = httpx.post(target, data={"autologin_token": token}).text
    assert f"Signed in as {user_of(writer).name}." in page


def test_nobody_is_signed_in_as_somebody_else(writer: Writer, owner: User) -> None:
    writer.enable("signs_on")
    standin, client = writer.world.standin, signed_in(owner)
    refused = "Watcher has no user with your email address in this organization."

    standin.users.change(user_of(writer).id, access_level="admin")
    assert refused in opened(client, writer)
    standin.users.change(user_of(writer).id, access_level="generic", disabled=True)
    assert "You cannot sign in to Watcher at the moment." in opened(client, writer)
    standin.users.change(user_of(writer).id, disabled=False)
    other = standin.users.add(name="other", password="password", email="member@example.com")
    member = OwnerFactory.create(email="member@example.com")
    Membership.objects.create(
        organization=writer.world.organizations[0], user=member, role=MemberRole.OWNER
    )
    assert refused in opened(signed_in(member), writer)
    standin.organizations.add_member(writer.world.tenants[0], user_id=other.id)
    assert "autologin_token=" in opened(signed_in(member), writer)
    standin.users.add(name="twin", password="password", email="member@example.com")
    assert refused in opened(signed_in(member), writer)


def test_a_token_is_neither_stored_nor_logged(
    writer: Writer, owner: User, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    writer.enable("signs_on")

    text = opened(signed_in(owner), writer)

    (token,) = set(re.findall(r"autologin_token=(\w+)", text))
    assert token not in caplog.text


def test_a_watcher_that_does_not_answer_is_said_plainly(owner: User, writer: Writer) -> None:
    writer.enable("signs_on")
    writer.world.standin.faults.order("unavailable", calls=None)

    assert "Watcher does not answer at the moment." in opened(signed_in(owner), writer)


def test_watcher_is_not_opened_without_a_link(owner: User, operator: Client) -> None:
    organization = OrganizationFactory.create(owner=owner)
    address = reverse("watcher:open", args=[organization.pk])

    assert signed_in(owner).get(address).status_code == 405
    assert operator.post(address).status_code == 403
    answer = signed_in(owner).post(address, follow=True)
    assert "cannot be opened from here" in unescape(answer.content.decode())
