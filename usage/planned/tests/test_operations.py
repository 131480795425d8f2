"""Test planning changes of cameras, withdrawing them, and carrying them out."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from accounts.models import User
from accounts.tests.factories import OperatorFactory
from organizations.models import Organization
from organizations.tests.factories import OrganizationFactory
from tariffs import operations as tariff_operations
from tariffs.models import Tariff
from tariffs.operations import TariffPlanned
from tariffs.tests.factories import TariffFactory
from usage.cameras import operations as at_once
from usage.closing import operations as closing
from usage.models import Camera, PlannedChange, UsageInterval
from usage.planned import operations
from usage.planned.reasons import reason_of
from usage.tasks import carry_out_planned
from usage.tests.factories import UsageIntervalFactory

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 10, 15, 12, tzinfo=UTC)
LATER = datetime(2026, 11, 1, tzinfo=UTC)
AFTER = LATER + timedelta(hours=3)
State = PlannedChange.State


@pytest.fixture
def by() -> User:
    return OperatorFactory.create()


@pytest.fixture
def organization() -> Organization:
    tariffs = [TariffFactory.create(name=name) for name in ("Basic", "Pro")]
    return OrganizationFactory.create(title="Harbour", time_zone="UTC", tariffs=tariffs)


@pytest.fixture
def pro(organization: Organization) -> Tariff:
    return organization.tariffs.get(name="Pro")


def in_use(organization: Organization, number: int = 1) -> list[UsageInterval]:
    basic = organization.tariffs.get(name="Basic")
    return [
        UsageIntervalFactory.create(
            camera__organization=organization, camera__name=f"gate-{index:02}", tariff=basic
        )
        for index in range(number)
    ]


def plan_change(uses: list[UsageInterval], tariff: Tariff, by: User, **terms: Any) -> None:
    operations.plan_change_tariff(
        organization_id=uses[0].organization_id,
        use_ids=[use.pk for use in uses],
        tariff_id=tariff.pk,
        **{"at": LATER, "now": NOW, "by": by, **terms},
    )


def plan_connect(organization: Organization, tariff: Tariff, by: User, **terms: Any) -> None:
    operations.plan_connect(
        organization_id=organization.pk,
        tariff_id=tariff.pk,
        **{"name": "yard", "title": "Yard", "at": LATER, "now": NOW, "by": by, **terms},
    )


def plan_disconnect(uses: list[UsageInterval], by: User, **terms: Any) -> None:
    operations.plan_disconnect(
        organization_id=uses[0].organization_id,
        use_ids=[use.pk for use in uses],
        **{"at": LATER, "now": NOW, "by": by, **terms},
    )


def history(name: str) -> list[tuple[str, datetime, datetime | None]]:
    uses = UsageInterval.objects.filter(camera__name=name).order_by("started_at")
    return list(uses.values_list("tariff__name", "started_at", "ended_at"))


def outcomes() -> list[tuple[str, str]]:
    return list(PlannedChange.objects.order_by("pk").values_list("state", "reason"))


def test_planning_leaves_usage_as_it_is(organization: Organization, pro: Tariff, by: User) -> None:
    (use,) = in_use(organization)
    before = history("gate-00")
    plan_change([use], pro, by)
    plan_connect(organization, pro, by)
    assert history("gate-00") == before
    assert not Camera.objects.filter(name="yard").exists()
    assert outcomes() == [("waiting", ""), ("waiting", "")]


def test_changes_take_effect_at_the_planned_instant_however_late_the_job_is(
    organization: Organization, pro: Tariff, by: User
) -> None:
    first, second = in_use(organization, 2)
    plan_change([first], pro, by)
    plan_disconnect([second], by)
    plan_connect(organization, pro, by)
    operations.carry_out_due(AFTER)
    assert history("gate-00") == [("Basic", first.started_at, LATER), ("Pro", LATER, None)]
    assert history("gate-01") == [("Basic", second.started_at, LATER)]
    assert history("yard") == [("Pro", LATER, None)]
    assert outcomes() == [("done", "")] * 3
    connected = PlannedChange.objects.get(kind="connect")
    assert connected.camera is not None
    assert connected.camera.title == "Yard"
    assert connected.done_at == AFTER


def test_nothing_is_carried_out_before_its_time_or_twice(
    organization: Organization, pro: Tariff, by: User
) -> None:
    plan_change(in_use(organization), pro, by)
    operations.carry_out_due(LATER - timedelta(seconds=1))
    assert outcomes() == [("waiting", "")]
    operations.carry_out_due(LATER)
    done = history("gate-00")
    operations.carry_out_due(AFTER)
    operations.carry_out(planned_id=PlannedChange.objects.get().pk, now=AFTER)
    assert history("gate-00") == done


def test_changes_are_carried_out_in_the_order_of_their_times(
    organization: Organization, pro: Tariff, by: User
) -> None:
    (use,) = in_use(organization)
    basic = organization.tariffs.get(name="Basic")
    plan_connect(organization, basic, by, name="gate-00", at=LATER + timedelta(hours=2))
    plan_disconnect([use], by, at=LATER + timedelta(hours=1))
    plan_change([use], pro, by)
    operations.carry_out_due(AFTER)
    assert [tariff for tariff, *_ in history("gate-00")] == ["Basic", "Pro", "Basic"]
    assert outcomes() == [("done", "")] * 3


def test_an_impossible_change_is_reported_and_does_not_hold_up_the_others(
    organization: Organization, pro: Tariff, by: User
) -> None:
    first, second = in_use(organization, 2)
    plan_change([first, second], pro, by)
    at_once.disconnect(organization_id=organization.pk, use_ids=[first.pk], at=NOW, now=NOW)
    operations.carry_out_due(AFTER)
    assert outcomes() == [("impossible", "CameraChanged"), ("done", "")]
    assert history("gate-00") == [("Basic", first.started_at, NOW)]
    failed = PlannedChange.objects.get(state=State.IMPOSSIBLE)
    assert reason_of(failed) == "Someone has disconnected “gate-00”. It is no longer in use."


def test_a_camera_that_has_moved_is_not_changed(
    organization: Organization, pro: Tariff, by: User
) -> None:
    (use,) = in_use(organization)
    other = OrganizationFactory.create(title="Airport", time_zone="UTC", tariffs=[pro])
    plan_disconnect([use], by)
    at_once.move(
        organization_id=organization.pk,
        use_ids=[use.pk],
        destination_id=other.pk,
        tariff_id=pro.pk,
        at=NOW,
        now=NOW,
    )
    operations.carry_out_due(AFTER)
    assert outcomes() == [("impossible", "CameraChanged")]
    assert history("gate-00")[-1] == ("Pro", NOW, None)
    assert "in use by “Airport”" in reason_of(PlannedChange.objects.get())


@pytest.mark.parametrize(
    ("problem", "reason", "text"),
    [
        ("closed", "OrganizationClosed", "“Harbour” is closed"),
        ("archived", "TariffNotAvailable", "has been archived"),
        ("in use", "InUse", "“yard” is already in use"),
    ],
)
def test_a_connection_that_has_become_impossible_says_why(
    organization: Organization, pro: Tariff, by: User, problem: str, reason: str, text: str
) -> None:
    plan_connect(organization, pro, by)
    if problem == "closed":
        last_on = NOW.date()
        closing.close(organization_id=organization.pk, last_on=last_on, now=NOW)
    elif problem == "archived":
        tariff_operations.archive(tariff_id=pro.pk)
    else:
        UsageIntervalFactory.create(camera__name="yard")
    operations.carry_out_due(AFTER)
    assert outcomes() == [("impossible", reason)]
    assert text in reason_of(PlannedChange.objects.get())


def test_usage_that_was_removed_since_leaves_a_general_reason(
    organization: Organization, pro: Tariff, by: User
) -> None:
    plan_connect(organization, pro, by)
    use = UsageIntervalFactory.create(camera__name="yard")
    operations.carry_out_due(AFTER)
    use.delete()
    assert reason_of(PlannedChange.objects.with_names().select_related("use").get()) == (
        "This was not possible at that time. The usage has been changed since."
    )


def test_an_unexpected_error_sets_only_its_own_change_aside(
    organization: Organization, pro: Tariff, by: User, caplog: pytest.LogCaptureFixture
) -> None:
    first, second = in_use(organization, 2)
    plan_disconnect([first, second], by)
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION 'refused'; END $$;"
            "CREATE TRIGGER refuse BEFORE UPDATE ON usage_usageinterval FOR EACH ROW "
            f"WHEN (OLD.id = {first.pk}) EXECUTE FUNCTION refuse()"
        )
    operations.carry_out_due(AFTER)
    assert outcomes() == [("impossible", "ProgrammingError"), ("done", "")]
    assert "unexpected error" in reason_of(PlannedChange.objects.order_by("pk")[0])
    assert [record.levelname for record in caplog.records] == ["ERROR"]


@pytest.mark.parametrize(
    ("code", "event"),
    [("40P01", "UPDATE"), ("40P01", "INSERT"), ("55P03", "UPDATE"), ("57014", "UPDATE")],
)
def test_a_change_that_cannot_wait_for_a_lock_is_carried_out_later(
    organization: Organization, pro: Tariff, by: User, code: str, event: str
) -> None:
    """A long import holds the cameras until the statement is cancelled, or both deadlock."""
    first, second = in_use(organization, 2)
    plan_change([first, second], pro, by)
    plan_disconnect([first], by, at=LATER + timedelta(hours=1))
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN RAISE EXCEPTION 'busy' USING ERRCODE = '{code}'; END $$;"
            f"CREATE TRIGGER refuse BEFORE {event} ON usage_usageinterval FOR EACH ROW "
            f"WHEN (NEW.camera_id = {first.camera_id}) EXECUTE FUNCTION refuse()"
        )

    operations.carry_out_due(AFTER)
    assert outcomes() == [("waiting", ""), ("done", ""), ("waiting", "")]

    with connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER refuse ON usage_usageinterval")
    operations.carry_out_due(AFTER + timedelta(minutes=1))

    assert outcomes() == [("done", "")] * 3
    uses = UsageInterval.objects.filter(camera=first.camera_id).order_by("started_at")
    assert [use.ended_at for use in uses] == [LATER, LATER + timedelta(hours=1)]


def test_the_job_carries_out_what_is_due(
    organization: Organization, by: User, now: datetime
) -> None:
    (use,) = in_use(organization)
    at = now.replace(microsecond=0)
    plan_disconnect([use], by, at=at, now=at - timedelta(days=1))
    carry_out_planned(timestamp=0)
    assert history("gate-00") == [("Basic", use.started_at, at)]


def test_a_time_that_is_not_in_the_future_is_refused(
    organization: Organization, pro: Tariff, by: User
) -> None:
    uses = in_use(organization)
    with pytest.raises(at_once.NotInFuture):
        plan_change(uses, pro, by, at=NOW)
    with pytest.raises(at_once.NotInFuture):
        plan_disconnect(uses, by, at=NOW)
    with pytest.raises(at_once.NotInFuture):
        plan_connect(organization, pro, by, at=NOW)
    assert outcomes() == []


def test_a_second_change_for_the_same_instant_is_refused(
    organization: Organization, pro: Tariff, by: User
) -> None:
    first, second = in_use(organization, 2)
    plan_disconnect([first], by)
    with pytest.raises(operations.AlreadyPlanned):
        plan_change([first], pro, by)
    with pytest.raises(at_once.SomeRefused):
        plan_change([first, second], pro, by)
    plan_connect(organization, pro, by)
    with pytest.raises(operations.AlreadyPlanned):
        plan_connect(organization, pro, by)
    assert len(outcomes()) == 2


def test_a_connection_to_a_closed_organization_or_with_another_tariff_is_refused(
    organization: Organization, by: User
) -> None:
    with pytest.raises(at_once.TariffNotAvailable):
        plan_connect(organization, TariffFactory.create(), by)
    closing.close(organization_id=organization.pk, last_on=NOW.date(), now=NOW)
    with pytest.raises(at_once.OrganizationClosed):
        plan_connect(organization, organization.tariffs.get(name="Pro"), by)


def test_a_camera_in_another_use_than_the_one_shown_is_refused(
    organization: Organization, pro: Tariff, by: User
) -> None:
    uses = in_use(organization)
    at_once.change_tariff(
        organization_id=organization.pk,
        use_ids=[uses[0].pk],
        tariff_id=pro.pk,
        at=NOW,
        now=NOW,
    )
    with pytest.raises(at_once.CameraChanged):
        plan_disconnect(uses, by)


def test_a_withdrawn_change_is_not_carried_out(
    organization: Organization, pro: Tariff, by: User
) -> None:
    uses = in_use(organization, 2)
    plan_change(uses, pro, by)
    ids = list(PlannedChange.objects.values_list("pk", flat=True))
    assert operations.withdraw(ids=ids, now=NOW, by=by) == 2
    operations.carry_out_due(AFTER)
    assert outcomes() == [("withdrawn", "")] * 2
    assert history("gate-00") == [("Basic", uses[0].started_at, None)]
    with pytest.raises(operations.AlreadySettled):
        operations.withdraw(ids=ids, now=NOW, by=by)


def test_withdrawing_takes_all_or_none(organization: Organization, pro: Tariff, by: User) -> None:
    plan_change(in_use(organization, 2), pro, by)
    first, second = PlannedChange.objects.order_by("pk")
    operations.withdraw(ids=[first.pk], now=NOW, by=by)
    with pytest.raises(operations.AlreadySettled):
        operations.withdraw(ids=[first.pk, second.pk], now=NOW, by=by)
    assert outcomes() == [("withdrawn", ""), ("waiting", "")]


def test_a_tariff_is_kept_while_changes_to_it_are_planned(
    organization: Organization, pro: Tariff, by: User
) -> None:
    plan_change(in_use(organization), pro, by)
    with pytest.raises(TariffPlanned):
        tariff_operations.delete(tariff_id=pro.pk, organization_count=1)
    (pk,) = PlannedChange.objects.values_list("pk", flat=True)
    operations.withdraw(ids=[pk], now=NOW, by=by)
    tariff_operations.delete(tariff_id=pro.pk, organization_count=1)
    assert PlannedChange.objects.get().tariff is None


def test_an_organization_is_deleted_with_its_planned_changes(
    organization: Organization, pro: Tariff, by: User
) -> None:
    plan_connect(organization, pro, by)
    closing.delete(organization_id=organization.pk)
    assert outcomes() == []


@pytest.mark.parametrize(
    "fields",
    [
        {"kind": "tariff", "camera": None},
        {"kind": "disconnect"},
        {"kind": "connect", "tariff": None},
        {"at": NOW},
        {"at": LATER.replace(microsecond=1)},
        {"done_at": AFTER},
        {"state": State.DONE},
        {"state": State.WITHDRAWN, "done_at": AFTER},
    ],
)
def test_the_database_refuses_changes_that_make_no_sense(
    organization: Organization, pro: Tariff, by: User, fields: dict[str, Any]
) -> None:
    (use,) = in_use(organization)
    sound = {"kind": "tariff", "name": "gate-00", "camera": use.camera, "tariff": pro, "at": LATER}
    sound |= {"organization": organization, "asked_at": NOW, "asked_by": by}
    with pytest.raises(IntegrityError), transaction.atomic():
        PlannedChange.objects.create(**(sound | fields))
    PlannedChange.objects.create(**sound)


def plan_move(
    uses: list[UsageInterval], to: Organization, tariff: Tariff, by: User, **terms: Any
) -> None:
    operations.plan_move(
        organization_id=uses[0].organization_id,
        use_ids=[use.pk for use in uses],
        destination_id=to.pk,
        tariff_id=tariff.pk,
        **{"at": LATER, "now": NOW, "by": by, **terms},
    )


@pytest.fixture
def airport(pro: Tariff) -> Organization:
    return OrganizationFactory.create(title="Airport", time_zone="UTC", tariffs=[pro])


def test_cameras_move_at_the_planned_instant_and_only_once(
    organization: Organization, airport: Organization, pro: Tariff, by: User
) -> None:
    uses = in_use(organization, 2)
    plan_move(uses, airport, pro, by)
    operations.carry_out_due(LATER - timedelta(seconds=1))
    assert not UsageInterval.objects.filter(organization=airport).exists()
    operations.carry_out_due(AFTER)
    operations.carry_out_due(AFTER + timedelta(hours=1))
    for use in uses:
        assert history(use.camera.name) == [
            ("Basic", use.started_at, LATER),
            ("Pro", LATER, None),
        ]
        assert Camera.objects.get(pk=use.camera_id).organization == airport
    assert outcomes() == [("done", "")] * 2


def test_a_move_to_an_organization_that_has_closed_is_reported(
    organization: Organization, airport: Organization, pro: Tariff, by: User
) -> None:
    (use,) = in_use(organization)
    plan_move([use], airport, pro, by)
    Organization.objects.filter(pk=airport.pk).update(closed_on=NOW.date(), closed_at=NOW)
    operations.carry_out_due(AFTER)
    assert outcomes() == [("impossible", "OrganizationClosed")]
    assert "“Airport” is closed" in reason_of(PlannedChange.objects.get())
    assert history("gate-00") == [("Basic", use.started_at, None)]


def test_a_move_to_a_tariff_that_is_no_longer_available_is_reported(
    organization: Organization, airport: Organization, pro: Tariff, by: User
) -> None:
    plan_move(in_use(organization), airport, pro, by)
    airport.tariffs.clear()
    operations.carry_out_due(AFTER)
    assert outcomes() == [("impossible", "TariffNotAvailable")]


@pytest.mark.parametrize(
    ("refusal", "terms"),
    [
        (at_once.NotInFuture, {"at": NOW}),
        (operations.AlreadyPlanned, {}),
    ],
)
def test_a_refused_move_plans_nothing(
    organization: Organization,
    airport: Organization,
    pro: Tariff,
    by: User,
    refusal: type[Exception],
    terms: dict[str, Any],
) -> None:
    uses = in_use(organization)
    plan_disconnect(uses, by)
    with pytest.raises(refusal):
        plan_move(uses, airport, pro, by, **terms)
    assert PlannedChange.objects.get().kind == "disconnect"


def test_a_move_within_an_organization_is_refused(
    organization: Organization, pro: Tariff, by: User
) -> None:
    uses = in_use(organization)
    with pytest.raises(at_once.AlreadyThere):
        plan_move(uses, organization, pro, by)
    with pytest.raises(IntegrityError, match="usage_planned_moves_elsewhere"), transaction.atomic():
        PlannedChange.objects.create(
            kind="move",
            organization=organization,
            destination=organization,
            name="gate-00",
            camera=uses[0].camera,
            tariff=pro,
            at=LATER,
            asked_at=NOW,
            asked_by=by,
        )
