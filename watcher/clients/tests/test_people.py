"""Organizations, users, auto-login and messages of both clients, against the stand-in."""

from __future__ import annotations

import re
from typing import Any

import httpx
import pytest

from watcher.clients.v2 import WatcherV2
from watcher.clients.v3 import WatcherV3
from watcher.errors import (
    AlreadyThereError,
    LimitTooLowError,
    NoRightError,
    NotAppliedError,
    NotSupportedError,
    NotThereError,
    OutcomeUnknownError,
    RefusedByPlatformError,
    TooManyCallsError,
)
from watcher.platform import (
    Capability,
    NewUser,
    PlatformUser,
    TenantChange,
    UserChange,
    UserMessage,
)
from watcher.standin.seed import SERVICE_USER
from watcher.standin.standin import StandIn
from watcher.standin.state.records import Organization, User

Client = WatcherV3 | WatcherV2
LOST = ["closed", "broken", "bad_gateway", "cut", "not_json"]


@pytest.fixture(params=["v3", "v2"])
def client(request: pytest.FixtureRequest) -> Client:
    """Each of the clients."""
    found: Client = request.getfixturevalue(request.param)
    return found


def titled(standin: StandIn, title: str) -> list[Organization]:
    return [each for each in standin.state.organizations.values() if each.title == title]


def called(standin: StandIn, name: str) -> list[User]:
    return [each for each in standin.state.users.values() if each.name == name]


def some_organization(standin: StandIn) -> Organization:
    return next(iter(standin.state.organizations.values()))


def some_owner(standin: StandIn) -> User:
    return standin.state.users[some_organization(standin).owner_id or 0]


def platform_user(client: Client, user: User) -> PlatformUser:
    found = client.user(str(user.id))
    assert found is not None
    return found


# --- Organizations -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "positions",
    [
        {},
        {"status_of_create": 201},
        {"maker": "stays out"},
        {"administrator_in_client": "all"},
        {"titles": "unique"},
        {"sort": "refused"},
        {"version": 25},
    ],
)
def test_an_organization_is_made_with_its_owner(
    standin: StandIn, client: Client, positions: dict[str, Any]
) -> None:
    standin.switches.set(**positions)
    owner = some_owner(standin)

    made = client.create_tenant("New Mill", str(owner.id))

    (one,) = titled(standin, "New Mill")
    assert (made.id, made.title, made.owner_id) == (str(one.id), "New Mill", str(owner.id))
    assert one.owner_id == owner.id


def test_an_organization_without_an_owner_belongs_to_the_service_user(
    standin: StandIn, v3: WatcherV3
) -> None:
    v3.create_tenant("New Mill")

    (one,) = titled(standin, "New Mill")
    assert standin.state.users[one.owner_id or 0].name == SERVICE_USER[0]


def test_an_organization_of_a_title_that_is_there_is_not_made(
    standin: StandIn, client: Client
) -> None:
    one = some_organization(standin)

    with pytest.raises(AlreadyThereError) as refusal:
        client.create_tenant(one.title)

    assert refusal.value.details == {"ids": [str(one.id)]}
    assert standin.calls.to("/organizations", "POST") == []


@pytest.mark.parametrize("maker", ["joins", "stays out"])
@pytest.mark.parametrize("kind", LOST)
def test_an_organization_is_made_once_though_the_answer_is_lost(
    standin: StandIn, client: Client, kind: Any, maker: str
) -> None:
    standin.switches.set(maker=maker)
    standin.faults.order(kind, path="/organizations", method="POST", after=True)

    made = client.create_tenant("New Mill", str(some_owner(standin).id))

    (one,) = titled(standin, "New Mill")
    assert made.id == str(one.id)
    assert len(standin.calls.to("/organizations", "POST")) == 1


def test_an_organization_of_which_nothing_is_found_is_not_sent_again(
    standin: StandIn, client: Client
) -> None:
    standin.faults.order("closed", path="/organizations", method="POST")

    with pytest.raises(OutcomeUnknownError):
        client.create_tenant("New Mill")

    assert len(standin.calls.to("/organizations", "POST")) == 1


@pytest.mark.parametrize(
    ("kind", "error"),
    [("forbidden", NoRightError), ("refused", RefusedByPlatformError), ("too_many", None)],
)
def test_a_refused_organization_is_an_error(
    standin: StandIn, client: Client, kind: Any, error: Any
) -> None:
    standin.faults.order(kind, path="/organizations", method="POST", retry_after="600")

    with pytest.raises(error or TooManyCallsError):
        client.create_tenant("New Mill")

    assert titled(standin, "New Mill") == []


@pytest.mark.parametrize("stale", [0, 2])
@pytest.mark.parametrize("null", ["ignored", "clears"])
def test_an_organization_is_renamed_and_nothing_else(
    standin: StandIn, client: Client, stale: int, null: str
) -> None:
    one = some_organization(standin)
    standin.organizations.change(one.id, stream_limit=90, user_limit=7)
    standin.switches.set(stale_reads=stale, null_in_put=null)
    owner_id = one.owner_id

    found = client.change_tenant(str(one.id), TenantChange(title="Other name"))

    assert (found.title, one.title) == ("Other name", "Other name")
    assert (one.stream_limit, one.user_limit, one.owner_id) == (90, 7, owner_id)


def test_what_is_so_already_is_not_sent(standin: StandIn, client: Client) -> None:
    one = some_organization(standin)

    client.change_tenant(str(one.id), TenantChange(title=one.title))

    assert standin.calls.to("/organizations", "PUT") == []


def test_an_organization_gets_another_owner(standin: StandIn, client: Client) -> None:
    one, other = list(standin.state.organizations.values())[:2]

    found = client.change_tenant(str(one.id), TenantChange(owner_id=str(other.owner_id)))

    assert found.owner_id == str(other.owner_id)
    assert one.owner_id == other.owner_id


def test_a_limit_is_set_and_the_others_stay(standin: StandIn, client: Client) -> None:
    one = some_organization(standin)
    standin.organizations.change(one.id, user_limit=7)

    found = client.change_tenant(str(one.id), TenantChange(most_cameras=40))

    assert (found.most_cameras, found.most_users) == (40, 7)
    assert (one.title, one.stream_limit, one.user_limit) == (found.title, 40, 7)


@pytest.mark.parametrize("zero", ["nothing allowed", "no limit"])
def test_a_limit_of_0_or_below_the_cameras_is_never_sent(
    standin: StandIn, client: Client, zero: str
) -> None:
    standin.switches.set(zero_limit=zero)
    one = some_organization(standin)
    cameras = standin.state.streams_in[one.id]

    for limit in (0, cameras - 1):
        with pytest.raises(LimitTooLowError) as refusal:
            client.change_tenant(str(one.id), TenantChange(most_cameras=limit))
        assert str(cameras) in str(refusal.value)

    assert standin.calls.to("/organizations", "PUT") == []
    client.change_tenant(str(one.id), TenantChange(most_cameras=cameras))
    assert one.stream_limit == cameras


def test_a_limit_may_be_raised_to_less_than_the_cameras(standin: StandIn, client: Client) -> None:
    one = some_organization(standin)
    cameras = standin.state.streams_in[one.id]
    standin.organizations.change(one.id, stream_limit=1)

    client.change_tenant(str(one.id), TenantChange(most_cameras=cameras - 1))

    assert one.stream_limit == cameras - 1


def test_an_organization_that_is_not_seen_is_not_changed(standin: StandIn, v3: WatcherV3) -> None:
    one = some_organization(standin)
    service = standin.state.user_called(SERVICE_USER[0])
    standin.organizations.remove_member(one.id, user_id=service.id)

    assert v3.tenant(str(one.id)) is None
    with pytest.raises(NotThereError):
        v3.change_tenant(str(one.id), TenantChange(title="Other name"))


@pytest.mark.parametrize("kind", LOST)
def test_a_change_whose_answer_is_lost_is_made(standin: StandIn, client: Client, kind: Any) -> None:
    one = some_organization(standin)
    standin.faults.order(kind, path="/organizations", method="PUT", after=True)

    client.change_tenant(str(one.id), TenantChange(title="Other name"))

    assert one.title == "Other name"


def test_a_change_that_does_not_show_is_an_error(standin: StandIn, client: Client) -> None:
    standin.switches.set(stale_reads=5)

    with pytest.raises(NotAppliedError):
        client.change_tenant(str(some_organization(standin).id), TenantChange(title="Other name"))


# --- Users ---------------------------------------------------------------------------------------


def new_user(standin: StandIn, email: str = "office@new-mill.example") -> NewUser:
    return NewUser(
        email=email,
        tenant_id=str(some_organization(standin).id),
        name="New Mill",
        external_id="C-77",
        locale="ru",
    )


@pytest.mark.parametrize(
    "positions", [{}, {"status_of_create": 201}, {"sort": "refused"}, {"version": 25}]
)
def test_a_user_is_made_in_the_organization(
    standin: StandIn, client: Client, positions: dict[str, Any]
) -> None:
    standin.switches.set(**positions)
    is_26 = standin.switches.version == 26
    if isinstance(client, WatcherV3):
        client.is_26 = is_26
    new = new_user(standin)

    made = client.create_user(new)

    (user,) = called(standin, new.email)
    has_external_id = is_26 or isinstance(client, WatcherV2)
    assert made == PlatformUser(
        id=str(user.id),
        login=new.email,
        email=new.email,
        name="New Mill",
        external_id="C-77" if has_external_id else "",
        tenant_ids=(new.tenant_id,),
    )
    assert user.locale == ("ru" if isinstance(client, WatcherV3) else "en")


def test_the_password_of_a_new_user_is_long_and_not_told(
    standin: StandIn, client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")

    made = client.create_user(new_user(standin))
    other = client.create_user(new_user(standin, "other@new-mill.example"))

    passwords = [standin.state.users[int(each.id)].password for each in (made, other)]
    assert passwords[0] != passwords[1]
    for password in passwords:
        assert 40 <= len(password) <= 128
        assert password not in caplog.text
        assert password not in repr(made)


def test_a_user_of_an_address_that_is_there_is_not_made(standin: StandIn, client: Client) -> None:
    owner = some_owner(standin)

    for text in (owner.email, owner.email.upper()):
        with pytest.raises(AlreadyThereError) as refusal:
            client.create_user(new_user(standin, text))
        assert refusal.value.details == {"ids": [str(owner.id)]}

    assert standin.calls.to("/users", "POST") == []


@pytest.mark.parametrize("kind", LOST)
def test_a_user_is_made_once_though_the_answer_is_lost(
    standin: StandIn, client: Client, kind: Any
) -> None:
    standin.faults.order(kind, path="/users", method="POST", after=True)
    new = new_user(standin)

    made = client.create_user(new)

    (user,) = called(standin, new.email)
    assert made.id == str(user.id)
    assert len(standin.calls.to("/users", "POST")) == 1


@pytest.mark.parametrize("taken", [409, 400])
def test_a_login_that_is_taken_meanwhile_is_an_error(
    standin: StandIn, client: Client, taken: int
) -> None:
    standin.switches.set(taken_login=taken)
    new = new_user(standin)
    standin.pages.before(
        1, lambda: standin.users.add(name=new.email, password="password"), path="/users"
    )
    before = called(standin, new.email)

    with pytest.raises((AlreadyThereError, RefusedByPlatformError)):
        client.create_user(new)

    assert before == []
    assert len(called(standin, new.email)) == 1


def test_a_user_is_blocked_and_unblocked(standin: StandIn, client: Client) -> None:
    owner = some_owner(standin)

    assert client.change_user(str(owner.id), UserChange(is_blocked=True)).is_blocked
    assert owner.disabled
    assert not client.change_user(str(owner.id), UserChange(is_blocked=False)).is_blocked
    assert not owner.disabled
    sent = [call.body for call in standin.calls.to("/users", "PUT")]
    if isinstance(client, WatcherV3):
        assert sent == [{"disabled": True}, {"disabled": False}]
    else:
        assert sent == [{"enabled": False}, {"enabled": True}]


@pytest.mark.parametrize("stale", [0, 2])
def test_a_user_gets_another_address_and_external_id(
    standin: StandIn, client: Client, stale: int
) -> None:
    owner = some_owner(standin)
    standin.switches.set(stale_reads=stale)
    change = UserChange(email="new@lindenhof.example", external_id="C-9")

    found = client.change_user(str(owner.id), change)

    assert (found.email, found.external_id) == ("new@lindenhof.example", "C-9")
    assert (owner.email, owner.external_id) == ("new@lindenhof.example", "C-9")
    assert (owner.name, owner.password) == ("lindenhof-eg", "owner-of-lindenhof-eg")


def test_watcher_25_has_no_external_ids(standin: StandIn, v3: WatcherV3) -> None:
    standin.switches.set(version=25)
    v3.is_26 = False

    with pytest.raises(NotSupportedError):
        v3.change_user(str(some_owner(standin).id), UserChange(external_id="C-9"))

    assert standin.calls.to("/users", "PUT") == []


def test_a_user_who_is_gone_is_not_made_again(standin: StandIn, client: Client) -> None:
    user = standin.users.add(name="guest", password="password")
    standin.users.remove(user.id)

    assert client.user(str(user.id)) is None
    with pytest.raises(NotThereError):
        client.change_user(str(user.id), UserChange(is_blocked=True))


def test_the_recovery_mail_is_sent_by_watcher(standin: StandIn, v3: WatcherV3) -> None:
    owner = some_owner(standin)

    v3.send_recovery_mail(owner.email)
    v3.send_recovery_mail("nobody@watcher.example")

    assert standin.state.recovery_mails == [owner.email]


@pytest.mark.parametrize("after", [True, False])
@pytest.mark.parametrize("kind", ["closed", "broken"])
def test_a_recovery_mail_that_may_have_been_sent_is_not_sent_again(
    standin: StandIn, v3: WatcherV3, kind: Any, after: bool
) -> None:
    standin.faults.order(kind, path="/password_recovery", after=after)

    with pytest.raises(OutcomeUnknownError):
        v3.send_recovery_mail(some_owner(standin).email)

    assert len(standin.calls.to("/password_recovery")) == 1


def test_a_recovery_mail_that_watcher_does_not_take_was_not_sent(
    standin: StandIn, v3: WatcherV3
) -> None:
    standin.faults.order("too_many", path="/password_recovery")

    with pytest.raises(TooManyCallsError):
        v3.send_recovery_mail(some_owner(standin).email)


def test_api_v2_sends_neither_recovery_mails_nor_messages(standin: StandIn, v2: WatcherV2) -> None:
    message = UserMessage("", str(some_owner(standin).id), "Title", "Text")

    with pytest.raises(NotSupportedError):
        v2.send_recovery_mail(some_owner(standin).email)
    with pytest.raises(NotSupportedError):
        v2.send_message(message)
    assert v2.messages_like(message) == ()
    assert not {Capability.INVITE_USERS, Capability.SEND_MESSAGES} & v2.capabilities


# --- Auto-login ----------------------------------------------------------------------------------


def signed_in_at(standin: StandIn, client: Client, user: User) -> str:
    """Return who is signed in where the client sends a browser."""
    goes_to = client.sign_on(platform_user(client, user))
    if goes_to.form:
        answer = httpx.post(goes_to.address, data=dict(goes_to.form))
        (login,) = re.findall(r"Signed in as (\S+)\.<", answer.text)
        return str(login)
    page, _hash, token = goes_to.address.partition("#/auth/signin/auto?autologin_token=")
    assert page == f"{standin.url}/watcher/client/"
    body = {"autologin_token": token}
    access = httpx.post(f"{standin.client_base}/autologin", json=body).json()["access_token"]
    headers = {"Authorization": f"Bearer {access}"}
    profile = httpx.get(f"{standin.client_base}/profile", headers=headers)
    return str(profile.json()["name"])


@pytest.mark.parametrize("named_by", ["either", "email", "name"])
def test_a_user_is_signed_in(standin: StandIn, client: Client, named_by: str) -> None:
    standin.switches.set(autologin_login=named_by)
    owner = some_owner(standin)

    assert signed_in_at(standin, client, owner) == owner.name


def test_nobody_else_with_the_same_address_is_signed_in(standin: StandIn, v3: WatcherV3) -> None:
    standin.switches.set(autologin_login="email")
    owner = some_owner(standin)
    standin.users.add(name="other", password="password", email=owner.email)

    with pytest.raises(NotThereError):
        v3.sign_on(platform_user(v3, owner))


def test_a_token_is_not_shown(standin: StandIn, client: Client) -> None:
    goes_to = client.sign_on(platform_user(client, some_owner(standin)))

    token = goes_to.form.get("autologin_token") or goes_to.address.rpartition("=")[2]
    assert len(token) > 20
    assert token not in repr(goes_to)


def test_watcher_25_signs_nobody_in(standin: StandIn, v3: WatcherV3) -> None:
    v3.is_26 = False

    with pytest.raises(NotSupportedError):
        v3.sign_on(platform_user(v3, some_owner(standin)))
    assert Capability.SIGN_ON not in v3.capabilities


# --- Messages ------------------------------------------------------------------------------------


def message_to(standin: StandIn) -> UserMessage:
    text = "Invoice 2026-0012 is overdue.\n" + "Please pay it. " * 40
    return UserMessage("", str(some_owner(standin).id), "Overdue", text)


def test_a_message_is_sent(standin: StandIn, v3: WatcherV3) -> None:
    message = message_to(standin)

    sent = v3.send_message(message)

    (stored,) = standin.state.messages.values()
    assert (sent.id, sent.devices) == (str(stored.id), 0)
    assert (stored.title, stored.body) == (message.title, message.body)
    assert (stored.is_dashboard, stored.is_push, stored.type) == (True, True, "warning")
    assert [each.id for each in v3.messages_like(message)] == [sent.id]


@pytest.mark.parametrize("kind", LOST)
def test_a_message_whose_answer_is_lost_is_found(
    standin: StandIn, v3: WatcherV3, kind: Any
) -> None:
    message = message_to(standin)
    earlier = v3.send_message(message)
    standin.faults.order(kind, path="/messages", method="POST", after=True)

    sent = v3.send_message(message, known_ids=[earlier.id])

    assert sent.id != earlier.id
    assert sent.devices is None
    assert len(standin.state.messages) == 2


@pytest.mark.parametrize(("shown", "after"), [("shown", False), ("hidden", True)])
def test_a_message_that_is_not_found_is_not_sent_again(
    standin: StandIn, v3: WatcherV3, shown: str, after: bool
) -> None:
    standin.switches.set(sent_messages=shown)
    standin.faults.order("closed", path="/messages", method="POST", after=after)

    with pytest.raises(OutcomeUnknownError):
        v3.send_message(message_to(standin))

    assert len(standin.calls.to("/messages", "POST")) == 1


# --- Looking for users ---------------------------------------------------------------------------


def lists_of_users(standin: StandIn) -> int:
    """Return how often users were listed from the beginning."""
    calls = [*standin.calls.to("/users", "GET")]
    return sum(
        call.path.endswith("/users") and "cursor" not in call.query and not call.query.get("offset")
        for call in calls
    )


def test_many_users_are_looked_for_in_one_list(standin: StandIn, client: Client) -> None:
    owners = [user for user in standin.state.users.values() if user.email][:3]
    assert len(owners) == 3

    found = [client.users_called(owner.email.upper()) for owner in owners]
    once = lists_of_users(standin)
    made = client.create_user(NewUser("office@new.example", str(some_organization(standin).id)))
    assert client.users_called("office@new.example") == [made]
    assert client.users_called("nobody@else.example") == []

    assert [[str(owner.id)] for owner in owners] == [[each.id for each in one] for one in found]
    assert lists_of_users(standin) == once


def test_a_user_who_is_called_otherwise_by_now_is_not_found(
    standin: StandIn, client: Client
) -> None:
    owner = some_owner(standin)
    former = owner.email
    assert client.users_called(former)
    standin.users.change(owner.id, email="new@else.example")

    assert client.users_called(former) == []

    changed = client.change_user(str(owner.id), UserChange(email="newer@else.example"))
    assert client.users_called("newer@else.example") == [changed]
