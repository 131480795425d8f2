"""Both clients against the stand-in: in every position of its switches, and with its faults."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from watcher.clients.credentials import Credentials
from watcher.clients.sessions import InMemory
from watcher.clients.transport import Transport
from watcher.clients.v2 import WatcherV2
from watcher.clients.v3 import WatcherV3
from watcher.errors import (
    AlreadyThereError,
    NoRightError,
    NotAppliedError,
    NotSupportedError,
    OutcomeUnknownError,
    PlatformError,
    TooManyCallsError,
    UnreachableError,
    WrongCredentialsError,
    WrongKeyError,
)
from watcher.platform import Lack, LowerLimit, PlatformCamera, PlatformPlan, SuspendBy, Suspended
from watcher.standin.seed import SERVICE_USER
from watcher.standin.standin import StandIn
from watcher.standin.state.switches import positions_of_switches

POSITIONS = [
    (name, position)
    for name, positions in positions_of_switches().items()
    for position in positions[1:]
]


def cameras_of(client: WatcherV3 | WatcherV2) -> dict[str, PlatformCamera]:
    found = [camera for page in client.list_cameras() for camera in page]
    assert len({each.name for each in found}) == len(found)
    return {each.name: each for each in found}


def truth(standin: StandIn) -> dict[str, tuple[str, str, str, bool]]:
    """Return title, organization, preset and whether it is disabled of each camera, by name."""
    return {
        each.name: (each.title, str(each.organization_id), str(each.preset_id), each.disabled)
        for each in standin.state.cameras.values()
    }


def stated(cameras: dict[str, PlatformCamera]) -> dict[str, tuple[str, str, str, bool]]:
    return {
        name: (each.title, each.tenant_id, each.plan_id, each.is_disabled)
        for name, each in cameras.items()
    }


def some_camera(standin: StandIn) -> str:
    return next(
        name for name, camera in sorted(standin.state.cameras.items()) if not camera.disabled
    )


# --- Reading -------------------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "position"), POSITIONS)
def test_everything_is_read_in_every_position_of_every_switch(
    standin: StandIn, v3: WatcherV3, v2: WatcherV2, name: str, position: Any
) -> None:
    standin.switches.set(**{name: position})
    v3.is_26 = standin.switches.version == 26
    expected = truth(standin)

    assert stated(cameras_of(v3)) == expected
    assert stated(cameras_of(v2)) == expected
    tenants = {each.id: each for page in v3.list_tenants() for each in page}
    of_v2 = {each.id: each for page in v2.list_tenants() for each in page}
    assert set(tenants) == set(of_v2) == {str(pk) for pk in standin.state.organizations}
    for pk, organization in standin.state.organizations.items():
        owner = standin.state.users[organization.owner_id or 0]
        for found in (tenants[str(pk)], of_v2[str(pk)]):
            assert (found.title, found.owner_login) == (organization.title, owner.name)
            assert found.owner_email == owner.email
    plans = {each.id: each.title for page in v3.list_plans() for each in page}
    assert plans == {str(pk): each.title for pk, each in standin.state.presets.items()}
    camera = some_camera(standin)
    for client in (v3, v2):
        one = client.camera(camera)
        assert one is not None
        assert (one.title, one.tenant_id) == expected[camera][:2]
        assert client.camera("lindenhof-eg/none") is None
        assert client.camera("..") is None


def test_instants_are_whole_seconds_in_utc(standin: StandIn, v3: WatcherV3) -> None:
    name = some_camera(standin)
    made = standin.state.cameras[name].created_at

    camera = v3.camera(name)

    assert camera is not None
    assert camera.created_at == datetime.fromtimestamp(made // 1000, UTC)


def test_passwords_of_cameras_are_not_asked_for(standin: StandIn, v3: WatcherV3) -> None:
    cameras_of(v3)

    for call in standin.calls.to("/streams"):
        assert "inputs" not in call.query["select"]


def test_changes_between_pages_skip_no_camera(standin: StandIn, v3: WatcherV3) -> None:
    standin.switches.set(largest_page=10)
    before = truth(standin)
    first = min(before)

    standin.pages.before(2, lambda: standin.cameras.remove(first), path="/streams")
    found = cameras_of(v3)

    assert set(before) - {first} <= set(found)


def test_an_empty_watcher_is_an_empty_list(calls: Transport) -> None:
    with StandIn() as empty, closing(Transport(empty.url)) as transport:
        v2 = WatcherV2(transport, Credentials("system_key", "", empty.sessions.system_key))
        assert cameras_of(v2) == {}


def test_organizations_are_found_without_being_a_member(standin: StandIn, v3: WatcherV3) -> None:
    service = standin.state.user_called(SERVICE_USER[0])
    for pk in list(standin.state.organizations):
        standin.organizations.remove_member(pk, user_id=service.id)

    tenants = {each.id for page in v3.list_tenants() for each in page}

    assert tenants == {str(pk) for pk in standin.state.organizations}


def test_a_user_without_rights_reads_nothing_rather_than_a_part(
    standin: StandIn, v3: WatcherV3
) -> None:
    standin.users.change(standin.state.user_called(SERVICE_USER[0]).id, access_level="generic")

    with pytest.raises(NoRightError):
        cameras_of(v3)


# --- Faults --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "kind", ["broken", "bad_gateway", "unavailable", "cut", "not_json", "closed", "too_many"]
)
@pytest.mark.parametrize("page", [1, 2, 3])
def test_a_fault_that_passes_costs_nothing(
    standin: StandIn, v3: WatcherV3, kind: Any, page: int
) -> None:
    standin.switches.set(largest_page=10)
    fault = standin.faults.order(kind, path="/streams", page=page)

    assert stated(cameras_of(v3)) == truth(standin)
    assert fault.happened == 1


@pytest.mark.parametrize(
    "kind", ["forbidden", "missing", "conflict", "refused", "broken", "bad_gateway", "not_json"]
)
@pytest.mark.parametrize("page", [2, 3])
def test_a_list_that_breaks_off_is_an_error(
    standin: StandIn, v3: WatcherV3, kind: Any, page: int
) -> None:
    standin.switches.set(largest_page=10)
    standin.pages.before(
        page, lambda: standin.faults.order(kind, path="/streams", calls=None), path="/streams"
    )

    with pytest.raises(PlatformError):
        cameras_of(v3)


def test_an_expired_token_is_refreshed_in_the_middle_of_a_list(
    standin: StandIn, v3: WatcherV3
) -> None:
    standin.switches.set(largest_page=10)
    standin.pages.before(2, standin.sessions.expire_access_tokens, path="/streams")

    assert stated(cameras_of(v3)) == truth(standin)
    assert standin.sessions.count(SERVICE_USER[0]) == 1


def test_ended_sessions_cost_one_more_sign_in(standin: StandIn, v3: WatcherV3) -> None:
    cameras_of(v3)
    standin.sessions.revoke_all()

    assert stated(cameras_of(v3)) == truth(standin)
    assert standin.sessions.count(SERVICE_USER[0]) == 1


@pytest.mark.parametrize("refresh", ["kept", "new", "absent"])
def test_a_session_goes_on_however_tokens_are_refreshed(
    standin: StandIn, v3: WatcherV3, refresh: str
) -> None:
    standin.switches.set(refresh_token=refresh)
    for _number in range(4):
        cameras_of(v3)
        standin.sessions.expire_access_tokens()

    assert standin.sessions.count(SERVICE_USER[0]) == 1


def test_a_wrong_password_is_tried_once(standin: StandIn, calls: Transport) -> None:
    store = InMemory()
    wrong = Credentials("password", SERVICE_USER[0], "wrong")
    client = WatcherV3(calls, wrong, store_of=lambda _scope: store)

    for _number in range(3):
        with pytest.raises(WrongCredentialsError):
            cameras_of(client)

    assert len(standin.calls.to("/login")) == 1


def test_a_wrong_key_is_said_to_be_one(standin: StandIn, calls: Transport) -> None:
    with pytest.raises(WrongKeyError):
        cameras_of(WatcherV2(calls, Credentials("system_key", "", "wrong")))


def test_api_v2_works_with_each_way_to_sign_in(standin: StandIn, calls: Transport) -> None:
    key = standin.sessions.new_key(standin.state.user_called(SERVICE_USER[0]).id)
    for credentials in (
        Credentials("password", *SERVICE_USER),
        Credentials("user_key", SERVICE_USER[0], key),
    ):
        assert stated(cameras_of(WatcherV2(calls, credentials))) == truth(standin)


def test_no_answer_is_an_error_in_the_end(standin: StandIn, waited: list[float]) -> None:
    standin.faults.order("silent", path="/ui_settings", calls=None)
    short = httpx.Timeout(connect=5, read=0.2, write=5, pool=5)
    with (
        closing(Transport(standin.url, timeouts=short, sleep=waited.append)) as calls,
        pytest.raises(UnreachableError),
    ):
        calls.call("GET", "/watcher/client-api/v3/ui_settings")

    assert len(waited) == 3


def test_a_long_retry_after_stops_all_calls(standin: StandIn, v3: WatcherV3) -> None:
    standin.faults.order("too_many", path="/streams", retry_after="600")

    with pytest.raises(TooManyCallsError):
        cameras_of(v3)
    asked = len(standin.calls.all)
    with pytest.raises(TooManyCallsError):
        v3.camera("x")

    assert len(standin.calls.all) == asked


# --- Tests of a connection -----------------------------------------------------------------------


def test_a_test_reports_what_there_is(standin: StandIn, v3: WatcherV3) -> None:
    report = v3.test()

    assert (report.version, report.login) == ("26.02", SERVICE_USER[0])
    assert report.is_administrator
    assert report.clock_ahead_seconds is not None
    assert abs(report.clock_ahead_seconds) < 60
    assert report.counts["cameras"] == 23
    assert report.lacks == ()


def test_a_test_changes_nothing(standin: StandIn, v3: WatcherV3, v2: WatcherV2) -> None:
    v3.test()
    v2.test()

    asked = {(call.method, call.path.rpartition("/")[2]) for call in standin.calls.all}
    assert {each for each in asked if each[0] != "GET"} == {("POST", "login")}


def test_a_test_reports_another_version_and_a_wrong_clock(standin: StandIn, v3: WatcherV3) -> None:
    standin.switches.set(version=25)
    standin.clock.advance(seconds=-600)

    report = v3.test()

    assert {Lack.VERSION, Lack.CLOCK, Lack.USAGE, Lack.LOG} <= set(report.lacks)
    assert report.clock_ahead_seconds is not None
    assert -660 < report.clock_ahead_seconds < -540
    v3.is_26 = False
    assert Lack.VERSION not in v3.test().lacks


def test_a_test_names_the_rights_that_are_missing(standin: StandIn, v3: WatcherV3) -> None:
    service = standin.state.user_called(SERVICE_USER[0])
    standin.users.change(service.id, access_level="generic")
    for pk in list(standin.state.organizations):
        standin.organizations.remove_member(pk, user_id=service.id)

    report = v3.test()

    assert report.is_administrator is False
    assert {Lack.ADMINISTRATOR, Lack.USERS, Lack.PRESETS, Lack.ORGANIZATIONS} <= set(report.lacks)


def test_a_test_of_v2_says_what_v2_lacks(v2: WatcherV2) -> None:
    report = v2.test()

    assert report.is_administrator
    assert set(report.lacks) == {Lack.PRESETS, Lack.DATES}


# --- Writing -------------------------------------------------------------------------------------

PLAN = PlatformPlan(
    id="",
    title="14 days",
    is_adjustable=False,
    dvr_seconds=14 * 86_400,
    dvr_bytes=200 * 10**9,
    has_anpr=True,
    external_id="14d",
)


def presets_called(standin: StandIn, title: str) -> list[int]:
    return [pk for pk, each in standin.state.presets.items() if each.title == title]


def test_a_preset_is_made_and_changed(standin: StandIn, v3: WatcherV3) -> None:
    made = v3.push_plan(PLAN)

    assert presets_called(standin, "14 days") == [int(made.id)]
    assert made == PlatformPlan(**{**_fields(PLAN), "id": made.id})
    changed = v3.push_plan(PlatformPlan(**{**_fields(made), "dvr_seconds": 86_400}))
    assert changed.dvr_seconds == 86_400
    assert standin.state.presets[int(made.id)].dvr["expiration"] == 86_400


def _fields(plan: PlatformPlan) -> dict[str, Any]:
    return {name: getattr(plan, name) for name in PlatformPlan.__dataclass_fields__}


def test_a_preset_is_not_made_twice(standin: StandIn, v3: WatcherV3) -> None:
    v3.push_plan(PLAN)

    with pytest.raises(AlreadyThereError):
        v3.push_plan(PLAN)

    assert len(presets_called(standin, "14 days")) == 1


@pytest.mark.parametrize("kind", ["closed", "broken", "bad_gateway", "cut", "not_json"])
def test_a_preset_is_made_once_though_the_answer_is_lost(
    standin: StandIn, v3: WatcherV3, kind: Any
) -> None:
    standin.faults.order(kind, path="/presets", method="POST", after=True)

    made = v3.push_plan(PLAN)

    assert presets_called(standin, "14 days") == [int(made.id)]
    assert len(standin.calls.to("/presets", "POST")) == 1


def test_a_preset_of_which_nothing_is_found_is_not_sent_again(
    standin: StandIn, v3: WatcherV3
) -> None:
    standin.faults.order("closed", path="/presets", method="POST")

    with pytest.raises(OutcomeUnknownError):
        v3.push_plan(PLAN)

    assert len(standin.calls.to("/presets", "POST")) == 1
    assert presets_called(standin, "14 days") == []


def test_api_v2_cannot_write_presets(v2: WatcherV2) -> None:
    with pytest.raises(NotSupportedError):
        v2.push_plan(PLAN)


@pytest.mark.parametrize("version", ["v3", "v2"])
@pytest.mark.parametrize("stale", [0, 2])
def test_suspending_by_cameras_is_undone_exactly(
    standin: StandIn, v3: WatcherV3, v2: WatcherV2, version: str, stale: int
) -> None:
    client = v3 if version == "v3" else v2
    pk = next(iter(standin.state.organizations))
    names = [each.name for each in standin.state.cameras.values() if each.organization_id == pk]
    standin.cameras.disable(names[0])
    before = truth(standin)
    standin.switches.set(stale_reads=stale)

    suspended = client.to_suspend(str(pk), SuspendBy.DISABLING_CAMERAS, [*names, "none"])
    assert truth(standin) == before
    client.suspend(suspended)
    client.suspend(suspended)

    assert set(suspended.camera_names) == set(names[1:])
    assert {name for name, each in truth(standin).items() if each[3]} >= set(names)
    client.restore(suspended)
    assert truth(standin) == before


@pytest.mark.parametrize("version", ["v3", "v2"])
def test_suspending_by_users_blocks_only_those_of_the_organization_alone(
    standin: StandIn, v3: WatcherV3, v2: WatcherV2, version: str
) -> None:
    client = v3 if version == "v3" else v2
    first, second, *_others = standin.state.organizations.values()
    both = standin.users.add(name="both", password="password")
    blocked = standin.users.add(name="blocked", password="password", disabled=True)
    for pk in (first.id, second.id):
        standin.organizations.add_member(pk, user_id=both.id)
    standin.organizations.add_member(first.id, user_id=blocked.id)

    suspended = client.to_suspend(str(first.id), SuspendBy.BLOCKING_USERS)
    client.suspend(suspended)

    assert suspended.user_ids == (str(first.owner_id),)
    assert {each.name for each in standin.state.users.values() if each.disabled} == {
        standin.state.users[first.owner_id or 0].name,
        "blocked",
    }
    client.restore(suspended)
    assert {each.name for each in standin.state.users.values() if each.disabled} == {"blocked"}


@pytest.mark.parametrize("version", ["v3", "v2"])
@pytest.mark.parametrize("stale", [0, 2])
@pytest.mark.parametrize("null_in_put", ["ignored", "clears"])
def test_a_limit_is_lowered_to_the_cameras_there_are_and_restored(
    standin: StandIn, v3: WatcherV3, v2: WatcherV2, version: str, stale: int, null_in_put: str
) -> None:
    client = v3 if version == "v3" else v2
    organization = next(iter(standin.state.organizations.values()))
    standin.organizations.change(organization.id, stream_limit=40, user_limit=7)
    standin.switches.set(stale_reads=stale, null_in_put=null_in_put)
    title, count = organization.title, standin.state.streams_in[organization.id]

    suspended = client.to_suspend(str(organization.id), SuspendBy.LIMITING_CAMERAS)
    assert organization.stream_limit == 40
    client.suspend(suspended)
    client.suspend(suspended)

    assert suspended.limit == LowerLimit(str(organization.id), 40, count)
    assert (organization.stream_limit, organization.user_limit) == (count, 7)
    client.restore(suspended)
    client.restore(suspended)
    assert (organization.stream_limit, organization.user_limit) == (40, 7)
    assert organization.title == title


@pytest.mark.parametrize("version", ["v3", "v2"])
@pytest.mark.parametrize(("limit", "cameras"), [(None, 8), (8, 8), (5, 8), (0, 8), (40, 0)])
def test_a_limit_is_not_lowered_where_it_could_not_be_restored(
    standin: StandIn,
    v3: WatcherV3,
    v2: WatcherV2,
    version: str,
    limit: int | None,
    cameras: int,
) -> None:
    client = v3 if version == "v3" else v2
    organization = next(iter(standin.state.organizations.values()))
    standin.organizations.change(organization.id, stream_limit=limit)
    names = [
        each.name
        for each in standin.state.cameras.values()
        if each.organization_id == organization.id
    ]
    assert len(names) == 8
    for name in names[cameras:]:
        standin.cameras.remove(name)

    suspended = client.to_suspend(str(organization.id), SuspendBy.LIMITING_CAMERAS)
    client.suspend(suspended)

    assert suspended == Suspended(SuspendBy.LIMITING_CAMERAS)
    assert organization.stream_limit == limit


@pytest.mark.parametrize("version", ["v3", "v2"])
def test_a_limit_that_somebody_changes_meanwhile_stays(
    standin: StandIn, v3: WatcherV3, v2: WatcherV2, version: str
) -> None:
    client = v3 if version == "v3" else v2
    organization = next(iter(standin.state.organizations.values()))
    standin.organizations.change(organization.id, stream_limit=40)
    suspended = client.to_suspend(str(organization.id), SuspendBy.LIMITING_CAMERAS)
    client.suspend(suspended)

    standin.organizations.change(organization.id, stream_limit=25)
    client.suspend(suspended)
    client.restore(suspended)

    assert organization.stream_limit == 25


def test_a_camera_that_is_gone_is_not_made_again_by_a_suspension(
    standin: StandIn, v3: WatcherV3
) -> None:
    name = some_camera(standin)
    standin.cameras.remove(name)

    suspended = Suspended(SuspendBy.DISABLING_CAMERAS, camera_names=(name,))
    v3.suspend(suspended)
    v3.restore(suspended)

    assert name not in standin.state.cameras


def test_a_change_that_does_not_show_is_an_error(standin: StandIn, v3: WatcherV3) -> None:
    standin.switches.set(stale_reads=5)
    name = some_camera(standin)

    with pytest.raises(NotAppliedError):
        v3.suspend(Suspended(SuspendBy.DISABLING_CAMERAS, camera_names=(name,)))
