"""Test what connecting, changing, moving and disconnecting cameras store and refuse."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import psycopg
import pytest
from django.db import IntegrityError, OperationalError, connection, transaction
from django.test.utils import CaptureQueriesContext

from organizations.models import Organization
from organizations.tests.factories import OrganizationFactory
from tariffs.models import Tariff
from tariffs.tests.factories import TariffFactory
from usage.cameras import operations
from usage.models import Camera, UsageInterval
from usage.querysets import UsageIntervalQuerySet
from usage.tests.factories import CameraFactory, UsageIntervalFactory

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 10, 15, 12, tzinfo=UTC)
START = datetime(2026, 1, 1, tzinfo=UTC)
MAY = datetime(2026, 5, 1, tzinfo=UTC)
JUNE = datetime(2026, 6, 1, tzinfo=UTC)


def organization_with(*tariffs: Tariff, **fields: Any) -> Organization:
    return OrganizationFactory.create(tariffs=list(tariffs), **fields)


def history(camera: Camera) -> list[tuple[int, int, datetime, datetime | None]]:
    """Return a camera's usage; check that the camera is in the organization of its latest use."""
    uses = list(
        camera.usage_intervals.order_by("started_at").values_list(
            "organization_id", "tariff_id", "started_at", "ended_at"
        )
    )
    camera.refresh_from_db()
    assert not uses or camera.organization_id == uses[-1][0]
    return uses


def connect(organization: Organization, tariff: Tariff, **terms: Any) -> Camera:
    terms = {"name": "gate-01", "title": "Gate", "at": NOW, "now": NOW, **terms}
    return operations.connect(organization_id=organization.pk, tariff_id=tariff.pk, **terms)


def change(uses: list[UsageInterval], tariff: Tariff, at: datetime = NOW) -> None:
    operations.change_tariff(
        organization_id=uses[0].organization_id,
        use_ids=[use.pk for use in uses],
        tariff_id=tariff.pk,
        at=at,
        now=NOW,
    )


def disconnect(uses: list[UsageInterval], at: datetime = NOW) -> None:
    operations.disconnect(
        organization_id=uses[0].organization_id, use_ids=[use.pk for use in uses], at=at, now=NOW
    )


def move(use: UsageInterval, to: Organization, tariff: Tariff, at: datetime = NOW) -> None:
    operations.move(
        organization_id=use.organization_id,
        use_ids=[use.pk],
        destination_id=to.pk,
        tariff_id=tariff.pk,
        at=at,
        now=NOW,
    )


def in_use(number: int = 1) -> list[UsageInterval]:
    """Return `number` cameras in use by one organization, on one tariff."""
    organization = OrganizationFactory.create(title="Harbour", time_zone="Europe/Berlin")
    tariff = TariffFactory.create(name="Basic")
    return [
        UsageIntervalFactory.create(
            tariff=tariff, camera__organization=organization, camera__name=f"gate-{index:02}"
        )
        for index in range(number)
    ]


def offer(uses: list[UsageInterval], **fields: Any) -> Tariff:
    """Return another tariff available to their organization."""
    tariff = TariffFactory.create(**fields)
    uses[0].organization.tariffs.add(tariff)
    return tariff


class TestConnect:
    @pytest.mark.parametrize("at", [NOW, MAY])
    def test_a_new_name_creates_a_camera(self, at: datetime) -> None:
        tariff = TariffFactory.create()
        organization = organization_with(tariff)
        camera = connect(organization, tariff, at=at)
        assert (camera.name, camera.title) == ("gate-01", "Gate")
        assert history(camera) == [(organization.pk, tariff.pk, at, None)]

    @pytest.mark.parametrize(("title", "kept"), [("", "Old"), ("New", "New")])
    @pytest.mark.parametrize("at", [NOW, JUNE])
    def test_an_existing_camera_is_connected_again(
        self, at: datetime, title: str, kept: str
    ) -> None:
        past = UsageIntervalFactory.create(
            camera__name="gate-01", camera__title="Old", ended_at=JUNE
        )
        tariff = TariffFactory.create()
        organization = organization_with(tariff)
        camera = connect(organization, tariff, title=title, at=at)
        assert camera == past.camera
        assert camera.title == kept
        assert history(camera) == [
            (past.organization_id, past.tariff_id, START, JUNE),
            (organization.pk, tariff.pk, at, None),
        ]

    def test_a_camera_that_was_never_used_is_connected(self) -> None:
        tariff = TariffFactory.create()
        organization = organization_with(tariff)
        CameraFactory.create(name="gate-01")
        assert len(history(connect(organization, tariff))) == 1

    @pytest.mark.parametrize("at", [NOW, START, MAY])
    def test_a_camera_in_use_is_refused_with_its_organization(self, at: datetime) -> None:
        (use,) = in_use()
        tariff = TariffFactory.create()
        with pytest.raises(operations.InUse) as refusal:
            connect(organization_with(tariff), tariff, name="gate-00", at=at)
        assert refusal.value.use == use
        assert str(refusal.value) == (
            "“gate-00” is already in use by “Harbour” on “Basic”, since 1 Jan 2026 "
            "01:00:00 (Europe/Berlin)."
        )
        assert len(history(use.camera)) == 1

    def test_a_camera_used_later_is_refused_with_the_end_of_use(self) -> None:
        past = UsageIntervalFactory.create(
            camera__name="gate-01", camera__organization__title="Harbour", ended_at=JUNE
        )
        tariff = TariffFactory.create()
        with pytest.raises(operations.UsedLater) as refusal:
            connect(organization_with(tariff), tariff, at=MAY)
        assert "in use by “Harbour” until 1 Jun 2026 00:00:00 (UTC)" in str(refusal.value)
        assert len(history(past.camera)) == 1

    def test_a_refusal_creates_no_camera(self) -> None:
        with pytest.raises(operations.TariffNotAvailable):
            connect(organization_with(), TariffFactory.create())
        assert not Camera.objects.exists()


class TestChangeTariff:
    @pytest.mark.parametrize("at", [NOW, MAY])
    def test_the_past_is_kept_and_the_new_use_starts_at_the_same_instant(
        self, at: datetime
    ) -> None:
        (use,) = in_use()
        tariff = offer([use])
        change([use], tariff, at)
        assert history(use.camera) == [
            (use.organization_id, use.tariff_id, START, at),
            (use.organization_id, tariff.pk, at, None),
        ]

    def test_changing_to_the_current_tariff_is_refused(self) -> None:
        (use,) = in_use()
        with pytest.raises(operations.HasTariff, match="“gate-00” is already on “Basic”"):
            change([use], use.tariff)


class TestMove:
    @pytest.mark.parametrize("at", [NOW, MAY])
    def test_past_usage_stays_with_the_former_organization(self, at: datetime) -> None:
        (use,) = in_use()
        tariff = TariffFactory.create()
        other = organization_with(tariff)
        move(use, other, tariff, at)
        assert history(use.camera) == [
            (use.organization_id, use.tariff_id, START, at),
            (other.pk, tariff.pk, at, None),
        ]

    def test_a_tariff_of_only_the_former_organization_is_refused(self) -> None:
        (use,) = in_use()
        with pytest.raises(operations.TariffNotAvailable):
            move(use, OrganizationFactory.create(), use.tariff)

    def test_moving_to_the_current_organization_is_refused(self) -> None:
        (use,) = in_use()
        with pytest.raises(operations.AlreadyThere, match="already in use by “Harbour”"):
            move(use, use.organization, offer([use]))


class TestDisconnect:
    @pytest.mark.parametrize("at", [NOW, MAY])
    def test_use_ends_and_the_camera_stays_in_its_organization(self, at: datetime) -> None:
        (use,) = in_use()
        disconnect([use], at)
        assert history(use.camera) == [(use.organization_id, use.tariff_id, START, at)]


def _changed(use: UsageInterval, at: datetime) -> None:
    change([use], offer([use]), at)


def _moved(use: UsageInterval, at: datetime) -> None:
    tariff = TariffFactory.create()
    move(use, organization_with(tariff, title="Mountain"), tariff, at)


def _disconnected(use: UsageInterval, at: datetime) -> None:
    disconnect([use], at)


every_change = pytest.mark.parametrize("act", [_changed, _moved, _disconnected])
Act = Callable[[UsageInterval, datetime], None]


@every_change
@pytest.mark.parametrize("at", [START, datetime(2025, 12, 31, tzinfo=UTC)])
def test_a_change_at_or_before_the_start_of_the_current_use_is_refused(
    act: Act, at: datetime
) -> None:
    (use,) = in_use()
    before = history(use.camera)
    with pytest.raises(operations.NotAfterStart) as refusal:
        act(use, at)
    assert "has been on “Basic” since 1 Jan 2026 01:00:00 (Europe/Berlin)" in str(refusal.value)
    assert history(use.camera) == before


@every_change
def test_a_change_in_the_future_is_refused(act: Act) -> None:
    (use,) = in_use()
    with pytest.raises(operations.InFuture):
        act(use, NOW.replace(second=1))
    assert len(history(use.camera)) == 1


def test_connecting_in_the_future_is_refused() -> None:
    tariff = TariffFactory.create()
    with pytest.raises(operations.InFuture):
        connect(organization_with(tariff), tariff, at=NOW.replace(second=1))


@every_change
def test_a_change_of_use_that_has_ended_is_refused(act: Act) -> None:
    (use,) = in_use()
    disconnect([use], MAY)
    with pytest.raises(operations.CameraChanged) as refusal:
        act(use, NOW)
    assert str(refusal.value) == ("Someone has disconnected “gate-00”. It is no longer in use.")
    assert len(history(use.camera)) == 1


@every_change
def test_a_change_of_use_that_was_replaced_is_refused_with_the_current_use(act: Act) -> None:
    (use,) = in_use()
    change([use], offer([use], name="Pro"), MAY)
    with pytest.raises(operations.CameraChanged) as refusal:
        act(use, NOW)
    assert str(refusal.value) == (
        "Someone has changed “gate-00”. It has been in use by “Harbour” on “Pro” "
        "since 1 May 2026 02:00:00 (Europe/Berlin)."
    )
    assert len(history(use.camera)) == 2


@pytest.mark.parametrize("reason", ["archived", "removed", "deleted"])
def test_an_unavailable_tariff_is_refused(reason: str) -> None:
    (use,) = in_use()
    tariff = offer([use], is_archived=reason == "archived")
    if reason == "removed":
        use.organization.tariffs.remove(tariff)
    tariff_id = tariff.pk
    if reason == "deleted":
        tariff.delete()
        tariff.pk = tariff_id
    with pytest.raises(operations.TariffNotAvailable):
        change([use], tariff)
    with pytest.raises(operations.TariffNotAvailable):
        move(use, use.organization, tariff)
    with pytest.raises(operations.TariffNotAvailable):
        connect(use.organization, tariff)
    assert len(history(use.camera)) == 1


class TestSeveralCameras:
    def test_several_cameras_are_changed_together(self) -> None:
        uses = in_use(3)
        tariff = offer(uses)
        change(uses, tariff, MAY)
        for use in uses:
            assert [row[1:] for row in history(use.camera)] == [
                (use.tariff_id, START, MAY),
                (tariff.pk, MAY, None),
            ]

    def test_several_cameras_are_disconnected_together(self) -> None:
        uses = in_use(3)
        disconnect(uses, MAY)
        assert not UsageInterval.objects.in_use().exists()
        assert UsageInterval.objects.filter(ended_at=MAY).count() == 3

    def test_if_some_cannot_be_changed_none_is_and_each_problem_is_reported(self) -> None:
        ended, later, same, fine = uses = in_use(4)
        tariff = offer(uses, name="Pro")
        disconnect([ended], MAY)
        change([same], tariff, MAY)
        same = same.camera.usage_intervals.in_use().get()
        UsageInterval.objects.filter(pk=later.pk).update(started_at=JUNE)
        before = list(UsageInterval.objects.order_by("pk").values_list())

        with pytest.raises(operations.SomeRefused) as refused:
            change([ended, later, same, fine], tariff, datetime(2026, 5, 15, tzinfo=UTC))

        assert str(refused.value) == "Nothing was changed: 3 cameras have problems."
        assert [(type(each), each.camera) for each in refused.value.refusals] == [
            (operations.CameraChanged, ended.camera),
            (operations.NotAfterStart, later.camera),
            (operations.HasTariff, same.camera),
        ]
        assert list(UsageInterval.objects.order_by("pk").values_list()) == before

    def test_cameras_of_another_organization_are_refused(self) -> None:
        (own,), (other,) = in_use(), [UsageIntervalFactory.create()]
        with pytest.raises(operations.WrongOrganization):
            disconnect([own, other])
        with pytest.raises(operations.WrongOrganization):
            change([own, other], offer([own]))
        assert UsageInterval.objects.in_use().count() == 2

    def test_the_number_of_queries_does_not_grow_with_cameras(self) -> None:
        counts = []
        for number in (1, 30):
            uses = [UsageIntervalFactory.create()]
            uses += [
                UsageIntervalFactory.create(
                    camera__organization=uses[0].organization, tariff=uses[0].tariff
                )
                for _ in range(number - 1)
            ]
            with CaptureQueriesContext(connection) as changing:
                change(uses, offer(uses), MAY)
            now = [use.camera.usage_intervals.in_use().get() for use in uses]
            with CaptureQueriesContext(connection) as ending:
                disconnect(now)
            counts.append((len(changing), len(ending)))
        assert counts[0] == counts[1]


def test_an_overlap_written_without_the_locks_is_a_refusal(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    tariff = TariffFactory.create()
    organization = organization_with(tariff)
    UsageIntervalFactory.create(camera__name="gate-01")
    monkeypatch.setattr(operations, "_require_free", lambda camera, at: None)
    with pytest.raises(operations.OverlappingUse, match="Nothing was changed"):
        connect(organization, tariff)
    assert UsageInterval.objects.count() == 1


@pytest.mark.parametrize(
    ("cause", "raised"),
    [
        (psycopg.errors.DeadlockDetected(), operations.OverlappingUse),
        (psycopg.errors.AdminShutdown(), OperationalError),
    ],
)
def test_a_deadlock_with_another_writer_is_a_refusal(
    monkeypatch: pytest.MonkeyPatch, cause: Exception, raised: type[Exception]
) -> None:
    (use,) = in_use()
    tariff = offer([use])

    def break_off(*args: Any) -> None:
        raise OperationalError from cause

    monkeypatch.setattr(UsageIntervalQuerySet, "bulk_create", break_off)
    with pytest.raises(raised):
        change([use], tariff)
    assert len(history(use.camera)) == 1


def test_other_database_errors_are_not_hidden() -> None:
    tariff = TariffFactory.create()
    fraction = NOW.replace(microsecond=1)
    with pytest.raises(IntegrityError, match="whole_seconds"), transaction.atomic():
        connect(organization_with(tariff), tariff, at=fraction, now=fraction)
