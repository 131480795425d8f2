"""Organizations, owners and messages arrive in Watcher as here, each once."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import User
from accounts.people import operations as people
from accounts.tests.factories import OperatorFactory, OwnerFactory
from foundation.web.versions import version_of
from organizations import operations as organizations
from organizations.models import Organization
from organizations.tests.factories import OrganizationFactory
from watcher.clients.v3 import WatcherV3
from watcher.models import CameraLimit, PlatformOrganization, WriteRequest
from watcher.people import messages, operations, tenants, users
from watcher.platform import UserMessage
from watcher.reading.tests.worlds import World
from watcher.standin.state.records import Organization as Tenant
from watcher.standin.state.records import User as PlatformUser
from watcher.writing import operations as writing
from watcher.writing.tests.worlds import State, Writer

pytestmark = pytest.mark.django_db


@pytest.fixture
def operator(db: None) -> User:
    return OperatorFactory.create()


@pytest.fixture
def new(world: World) -> Organization:
    """An organization here that is not in Watcher."""
    owner = OwnerFactory.create(email="office@new-mill.example", name="New Mill", language="ru")
    return OrganizationFactory.create(title="New Mill", owner=owner, contract_number="C-77")


def titled(writer: Writer, title: str) -> list[Tenant]:
    found = writer.world.standin.state.organizations.values()
    return [each for each in found if each.title == title]


def called(writer: Writer, name: str) -> list[PlatformUser]:
    found = writer.world.standin.state.users.values()
    return [each for each in found if each.name == name]


def create(organization: Organization, operator: User) -> int:
    return tenants.make([organization], by_id=operator.pk, now=timezone.now())


def linked(writer: Writer, place: int = 0) -> tuple[Organization, Tenant]:
    """Return an organization here that its Watcher calls by the same title, and that there."""
    organization = writer.world.organizations[place]
    tenant = writer.world.standin.state.organizations[writer.world.tenants[place]]
    if organization.title != tenant.title:
        organization.title = tenant.title
        organization.save()
    return organization, tenant


def owned(writer: Writer) -> tuple[User, PlatformUser]:
    """Return the owner of an organization here, and the user with the same address in Watcher."""
    organization, tenant = linked(writer)
    user = writer.world.standin.state.users[tenant.owner_id or 0]
    owner = organization.owner
    owner.email = user.email
    owner.save()
    return owner, user


def change(organization: Organization, **values: str) -> None:
    stored = organizations.stored_values(organization)
    organizations.change_organization(
        pk=organization.pk, shown=version_of(stored), **(stored | values)
    )
    organization.refresh_from_db()


def retitle(organization: Organization, title: str) -> None:
    change(organization, title=title)


def renumber(organization: Organization, contract_number: str) -> None:
    change(organization, contract_number=contract_number)


def states(writer: Writer) -> list[tuple[str, str]]:
    """Return kinds and states of all requests, in order."""
    writer.write()
    return list(WriteRequest.objects.order_by("pk").values_list("kind", "state"))


# --- Organizations -------------------------------------------------------------------------------


def test_an_organization_is_created_once_and_linked(
    writer: Writer, new: Organization, operator: User
) -> None:
    writer.enable("writes_organizations")

    assert create(new, operator) == 1
    assert create(new, operator) == 0
    assert states(writer) == [("organization_made", State.DONE)]

    (tenant,) = titled(writer, "New Mill")
    new.refresh_from_db()
    assert new.watcher_id == str(tenant.id)
    assert PlatformOrganization.objects.get(tenant_id=new.watcher_id).title == "New Mill"
    assert create(new, operator) == 0


def test_its_owner_is_the_user_with_the_address(
    writer: Writer, new: Organization, operator: User
) -> None:
    writer.enable("writes_organizations")
    user = writer.world.standin.users.add(name="mill", password="password", email=new.owner.email)
    create(new, operator)

    writer.write()

    assert titled(writer, "New Mill")[0].owner_id == user.id


def test_an_organization_of_the_same_title_is_not_linked_by_itself(
    writer: Writer, new: Organization, operator: User
) -> None:
    writer.enable("writes_organizations")
    writer.world.standin.organizations.add(title="New Mill")
    create(new, operator)

    assert states(writer) == [("organization_made", State.REFUSED)]

    request = WriteRequest.objects.get()
    writing.retry(ids=[request.pk], now=writer.world.now, by=operator)
    assert states(writer) == [("organization_made", State.REFUSED)]
    new.refresh_from_db()
    assert new.watcher_id is None
    assert len(titled(writer, "New Mill")) == 1


@pytest.mark.parametrize("kind", ["closed", "broken", "cut", "bad_gateway"])
def test_an_organization_is_created_once_though_the_answer_is_lost(
    writer: Writer, new: Organization, operator: User, kind: Any
) -> None:
    writer.enable("writes_organizations")
    writer.world.standin.faults.order(kind, path="/organizations", method="POST", after=True)
    create(new, operator)

    assert states(writer) == [("organization_made", State.DONE)]
    (tenant,) = titled(writer, "New Mill")
    new.refresh_from_db()
    assert new.watcher_id == str(tenant.id)


def test_a_worker_that_dies_after_sending_leaves_one_organization(
    writer: Writer, new: Organization, operator: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    writer.enable("writes_organizations")
    create(new, operator)

    def die(*_values: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("watcher.clients.people.ManagesPeople.tenant", die)
        with pytest.raises(KeyboardInterrupt):
            writer.write()

    assert len(titled(writer, "New Mill")) == 1
    assert states(writer) == [("organization_made", State.DONE)]
    assert len(titled(writer, "New Mill")) == 1


def test_what_may_have_been_created_is_not_created_again_until_somebody_says_so(
    writer: Writer, new: Organization, operator: User
) -> None:
    writer.enable("writes_organizations")
    writer.world.standin.faults.order("closed", path="/organizations", method="POST")
    create(new, operator)

    assert states(writer) == [("organization_made", State.UNKNOWN)]
    assert states(writer) == [("organization_made", State.UNKNOWN)]
    assert titled(writer, "New Mill") == []

    writer.world.wait(60)
    writing.retry(ids=[WriteRequest.objects.get().pk], now=writer.world.now, by=operator)
    assert states(writer) == [("organization_made", State.DONE)]
    assert len(titled(writer, "New Mill")) == 1


@pytest.mark.parametrize(
    ("kind", "state"), [("too_many", State.WAITING), ("forbidden", State.REFUSED)]
)
def test_what_was_not_taken_waits_or_is_refused(
    writer: Writer, new: Organization, operator: User, kind: Any, state: State
) -> None:
    writer.enable("writes_organizations")
    writer.world.standin.faults.order(kind, path="/organizations", method="POST")
    create(new, operator)

    assert states(writer) == [("organization_made", state)]

    assert WriteRequest.objects.get().sent_at is None
    if state == State.WAITING:
        writer.world.wait(3_600)
        assert states(writer) == [("organization_made", State.DONE)]


def test_the_title_follows_if_it_was_the_same(writer: Writer) -> None:
    writer.enable("writes_organizations")
    organization, tenant = linked(writer)
    other, elsewhere = writer.world.organizations[1], writer.world.tenants[1]

    retitle(organization, "Other name")
    retitle(other, "Called otherwise in Watcher")

    assert states(writer) == [("organization_title", State.DONE)]
    assert tenant.title == "Other name"
    assert writer.world.standin.state.organizations[elsewhere].title != "Other name"
    assert PlatformOrganization.objects.get(tenant_id=str(tenant.id)).title == "Other name"


def test_a_title_that_was_changed_in_watcher_meanwhile_stays(writer: Writer) -> None:
    writer.enable("writes_organizations")
    organization, tenant = linked(writer)
    retitle(organization, "Other name")
    writer.world.standin.organizations.change(tenant.id, title="Theirs")

    assert states(writer) == [("organization_title", State.OVERTAKEN)]
    assert tenant.title == "Theirs"


def test_nothing_is_requested_while_that_is_switched_off(writer: Writer, operator: User) -> None:
    organization, _tenant = linked(writer)
    owner, _user = owned(writer)

    retitle(organization, "Other name")
    people.block(pk=owner.pk, now=writer.world.now)
    operations.set_limit(
        organization_id=organization.pk, most_cameras=40, by_id=operator.pk, now=writer.world.now
    )

    assert states(writer) == []
    assert CameraLimit.objects.get().most_cameras == 40


def test_a_limit_is_stored_and_set(writer: Writer, operator: User) -> None:
    writer.enable("writes_organizations")
    organization, tenant = linked(writer)

    def limit(number: int | None) -> None:
        operations.set_limit(
            organization_id=organization.pk,
            most_cameras=number,
            by_id=operator.pk,
            now=writer.world.now,
        )

    limit(40)
    assert states(writer) == [("organization_limit", State.DONE)]
    assert (tenant.stream_limit, operations.limit_of(organization)) == (40, 40)
    limit(40)
    with pytest.raises(operations.LimitTooLow):
        limit(1)
    limit(None)
    assert len(states(writer)) == 1
    assert (tenant.stream_limit, operations.limit_of(organization)) == (40, None)


def test_a_limit_below_what_watcher_has_by_now_is_refused(writer: Writer, operator: User) -> None:
    writer.enable("writes_organizations")
    organization, tenant = linked(writer)
    cameras = writer.world.standin.state.streams_in[tenant.id]
    operations.set_limit(
        organization_id=organization.pk,
        most_cameras=cameras,
        by_id=operator.pk,
        now=writer.world.now,
    )
    writer.world.add_camera("new/gate")

    assert states(writer) == [("organization_limit", State.REFUSED)]
    assert tenant.stream_limit is None


def test_a_new_organization_gets_its_limit(
    writer: Writer, new: Organization, operator: User
) -> None:
    writer.enable("writes_organizations")
    now = writer.world.now
    operations.set_limit(organization_id=new.pk, most_cameras=9, by_id=operator.pk, now=now)
    create(new, operator)

    writer.write()

    assert states(writer)[-1] == ("organization_limit", State.DONE)
    assert titled(writer, "New Mill")[0].stream_limit == 9


# --- Owners --------------------------------------------------------------------------------------


def test_an_owner_becomes_a_user_who_gets_watchers_mail(
    writer: Writer, new: Organization, operator: User
) -> None:
    writer.enable("writes_organizations", "writes_users")
    create(new, operator)
    writer.write()
    new.refresh_from_db()

    users.make(new, by_id=operator.pk, now=writer.world.now)
    users.make(new, by_id=operator.pk, now=writer.world.now)
    writer.write()

    assert states(writer)[1:] == [
        ("user_made", State.DONE),
        ("recovery_mail", State.DONE),
        ("organization_owner", State.DONE),
    ]
    (user,) = called(writer, new.owner.email)
    assert (user.email, user.fullname, user.locale) == (new.owner.email, "New Mill", "ru")
    assert user.external_id == "C-77"
    assert titled(writer, "New Mill")[0].owner_id == user.id
    assert writer.world.standin.state.recovery_mails == [new.owner.email]
    assert user.password not in str(list(WriteRequest.objects.values()))


def test_a_user_who_is_there_is_neither_made_nor_mailed(writer: Writer, operator: User) -> None:
    writer.enable("writes_users")
    owned(writer)

    users.make(linked(writer)[0], by_id=operator.pk, now=writer.world.now)

    assert states(writer) == [("user_made", State.NEEDLESS)]
    assert writer.world.standin.state.recovery_mails == []


def test_a_mail_that_may_have_been_sent_is_not_sent_again(
    writer: Writer, new: Organization, operator: User
) -> None:
    writer.enable("writes_organizations", "writes_users")
    create(new, operator)
    writer.write()
    new.refresh_from_db()
    writer.world.standin.faults.order("closed", path="/password_recovery", after=True)
    users.make(new, by_id=operator.pk, now=writer.world.now)

    writer.write()
    writer.write()

    assert ("recovery_mail", State.UNKNOWN) in states(writer)
    assert writer.world.standin.state.recovery_mails == [new.owner.email]


def test_the_mail_is_sent_again_when_somebody_asks(writer: Writer, operator: User) -> None:
    writer.enable("writes_users")
    owner, _user = owned(writer)
    organization, _tenant = linked(writer)

    for time in range(4):
        users.invite(
            owner.email,
            subject=f"our-user:{owner.pk}",
            organization_id=organization.pk,
            by_id=operator.pk,
            now=writer.world.now,
        )
        if time % 2:
            writer.write()

    assert states(writer) == [("recovery_mail", State.DONE), ("recovery_mail", State.DONE)]
    assert writer.world.standin.state.recovery_mails == [owner.email, owner.email]


def test_no_mail_is_sent_to_an_address_without_a_user(
    writer: Writer, new: Organization, operator: User
) -> None:
    writer.enable("writes_users")

    users.invite(
        new.owner.email,
        subject=f"our-user:{new.owner_id}",
        organization_id=new.pk,
        by_id=operator.pk,
        now=writer.world.now,
    )

    assert states(writer) == [("recovery_mail", State.REFUSED)]
    assert writer.world.standin.state.recovery_mails == []


def test_a_contract_number_follows_as_the_external_id_if_it_was_the_same(writer: Writer) -> None:
    writer.enable("writes_users")
    owner, user = owned(writer)
    organization, _tenant = linked(writer)
    user.external_id = "C-1"
    writer.world.read()

    renumber(organization, "C-1")
    assert states(writer) == []
    renumber(organization, "C-2")
    assert states(writer) == [("user_external_id", State.DONE)]
    assert user.external_id == "C-2"
    known = PlatformOrganization.objects.get(tenant_id=organization.watcher_id)
    assert known.owner_external_id == "C-2"

    user.external_id = "Theirs"
    writer.world.read()
    renumber(organization, "C-3")
    renumber(organization, "")
    assert len(states(writer)) == 1
    assert user.external_id == "Theirs"
    assert owner.email == user.email


def test_an_external_id_that_was_changed_meanwhile_stays(writer: Writer) -> None:
    writer.enable("writes_users")
    _owner, user = owned(writer)
    organization, _tenant = linked(writer)
    user.external_id = "C-1"
    writer.world.read()
    renumber(organization, "C-1")
    renumber(organization, "C-2")
    user.external_id = "Theirs"

    assert states(writer)[-1] == ("user_external_id", State.OVERTAKEN)
    assert user.external_id == "Theirs"


def test_watcher_25_has_no_external_ids(writer: Writer) -> None:
    writer.world.speak("v3-25")
    writer.enable("writes_users")
    owned(writer)
    organization, _tenant = linked(writer)

    renumber(organization, "C-1")

    assert states(writer) == []


def test_a_blocked_owner_is_blocked_and_unblocked_in_watcher(writer: Writer) -> None:
    writer.enable("writes_users")
    owner, user = owned(writer)

    people.block(pk=owner.pk, now=writer.world.now)
    assert states(writer) == [("user_blocked", State.DONE)]
    assert user.disabled
    people.unblock(pk=owner.pk)
    assert states(writer)[1:] == [("user_blocked", State.DONE)]
    assert not user.disabled


def test_whom_watcher_has_blocked_stays_blocked(writer: Writer) -> None:
    writer.enable("writes_users")
    owner, user = owned(writer)
    writer.world.standin.users.change(user.id, disabled=True)

    people.block(pk=owner.pk, now=writer.world.now)
    writer.write()
    people.unblock(pk=owner.pk)

    assert states(writer) == [("user_blocked", State.NEEDLESS)]
    assert user.disabled


def test_administrators_and_several_users_of_an_address_are_left_alone(writer: Writer) -> None:
    writer.enable("writes_users")
    owner, user = owned(writer)
    writer.world.standin.users.change(user.id, access_level="admin")

    people.block(pk=owner.pk, now=writer.world.now)
    writer.write()
    writer.world.standin.users.change(user.id, access_level="generic")
    other = writer.world.standin.users.add(name="twin", password="password", email=user.email)
    writing.retry(
        ids=[WriteRequest.objects.get().pk], now=writer.world.now, by=OperatorFactory.create()
    )

    assert states(writer) == [("user_blocked", State.REFUSED)]
    assert not user.disabled
    assert not other.disabled


def test_an_owner_without_a_user_needs_nothing(writer: Writer) -> None:
    writer.enable("writes_users")
    organization, _tenant = linked(writer)

    people.block(pk=organization.owner.pk, now=writer.world.now)

    assert states(writer) == [("user_blocked", State.NEEDLESS)]


def test_the_address_follows(writer: Writer) -> None:
    writer.enable("writes_users")
    owner, user = owned(writer)
    User.objects.filter(pk=owner.pk).update(password="!")

    people.request_address_change(
        pk=owner.pk, email="new@lindenhof.example", now=writer.world.now, by=owner
    )

    assert states(writer) == [("user_address", State.DONE)]
    assert (user.email, user.name) == ("new@lindenhof.example", "lindenhof-eg")


# --- Messages ------------------------------------------------------------------------------------


def send(writer: Writer, operator: User, body: str = "Please pay.") -> None:
    organization, _tenant = linked(writer)
    messages.send(organization, title="Overdue", body=body, by_id=operator.pk, now=writer.world.now)


def test_a_message_is_sent_once(writer: Writer, operator: User) -> None:
    writer.enable("sends_messages")
    _owner, user = owned(writer)

    send(writer, operator)
    assert states(writer) == [("message", State.DONE)]
    send(writer, operator)
    assert states(writer) == [("message", State.DONE)] * 2

    found = list(writer.world.standin.state.messages.values())
    assert [(each.user_id, each.title, each.body) for each in found] == [
        (user.id, "Overdue", "Please pay.")
    ] * 2
    request = WriteRequest.objects.latest("pk")
    assert messages.MESSAGE.said(request.found or {}, request) == [
        "no phone registered, shown on Watcher's pages only"
    ]


@pytest.mark.parametrize("kind", ["closed", "cut", "broken"])
@pytest.mark.parametrize(("shown", "state"), [("shown", State.DONE), ("hidden", State.UNKNOWN)])
def test_a_message_whose_answer_is_lost_is_looked_for_and_not_sent_again(
    writer: Writer, operator: User, kind: Any, shown: str, state: State
) -> None:
    writer.enable("sends_messages")
    owned(writer)
    writer.world.standin.switches.set(sent_messages=shown)
    send(writer, operator)
    writer.write()
    writer.world.standin.faults.order(kind, path="/messages", method="POST", after=True)

    send(writer, operator)

    assert states(writer)[1:] == [("message", state)]
    assert states(writer)[1:] == [("message", state)]
    assert len(writer.world.standin.state.messages) == 2


@pytest.mark.parametrize(("after", "number"), [(True, 1), (False, 0)])
def test_a_worker_that_dies_while_sending_sends_once(
    writer: Writer, operator: User, monkeypatch: pytest.MonkeyPatch, after: bool, number: int
) -> None:
    writer.enable("sends_messages")
    owned(writer)
    send(writer, operator)

    original = WatcherV3.send_message

    def die(client: WatcherV3, message: UserMessage, known_ids: Collection[str] = ()) -> None:
        if after:
            original(client, message, known_ids)
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(WatcherV3, "send_message", die)
        with pytest.raises(KeyboardInterrupt):
            writer.write()

    assert states(writer) == [("message", State.DONE if after else State.UNKNOWN)]
    assert len(writer.world.standin.state.messages) == number


def test_a_message_to_nobody_is_refused(writer: Writer, operator: User) -> None:
    writer.enable("sends_messages")

    send(writer, operator)

    assert states(writer) == [("message", State.REFUSED)]
