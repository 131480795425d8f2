"""The demonstration's subscribers, tariffs and cameras."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime
from itertools import pairwise

import pytest
from django.test import Client

from accounts.models import Role, User
from accounts.tests.factories import OperatorFactory, UserFactory
from demo.cameras import WITH_ONE_CAMERA, WITHOUT_CAMERA, camera_shares, make_cameras
from demo.provider import ARCHIVED_DAYS_AGO, ARCHIVED_TARIFF, make_provider
from demo.records import CameraRow, DemoProvider, IntervalRow, Sizes
from demo.sign_ins import SIGN_INS, is_demonstration
from demo.usage_load import NotEmptyError, load_usage
from demo.words import mailbox
from organizations.billing.details import details_of_all
from organizations.billing.forms import BillingForm
from organizations.billing.operations import stored_billing_details
from organizations.models import BillingDetails, Organization, TaxCategory
from organizations.tests.factories import OrganizationFactory
from tariffs.models import Proration, Tariff
from tariffs.tests.factories import TariffFactory
from usage.models import Camera, UsageInterval

TODAY = date(2026, 11, 23)
TODAY_BEGINS_AT = datetime(2026, 11, 23, tzinfo=UTC)


def make(
    seed: int = 1, sizes: Sizes | None = None
) -> tuple[DemoProvider, list[tuple[CameraRow, list[IntervalRow]]]]:
    sizes = sizes or Sizes()
    provider = make_provider(seed, TODAY, sizes)
    return provider, list(make_cameras(seed, TODAY, sizes, provider))


def load(sizes: Sizes | None = None) -> None:
    load_usage(seed=1, today=TODAY, sizes=sizes or Sizes(), progress=lambda step: None)


# --- The rows ----------------------------------------------------------------------------------


def test_the_same_seed_gives_the_same_rows_and_another_seed_gives_different_ones() -> None:
    assert make(seed=1) == make(seed=1)
    assert make(seed=1)[1] != make(seed=2)[1]


def test_tariffs_cover_every_option() -> None:
    provider, _ = make()
    assert len(provider.tariffs) == 6
    assert {row.currency for row in provider.tariffs} == {"EUR", "USD"}
    assert {row.proration for row in provider.tariffs} == set(Proration)
    assert {row.is_default for row in provider.tariffs} == {True, False}
    assert [row.id for row in provider.tariffs if row.is_archived] == [ARCHIVED_TARIFF]
    assert {row.valid_from > TODAY for row in provider.prices} == {True, False}
    assert {row.valid_from.day for row in provider.prices} == {1}


def test_trials_are_in_every_state() -> None:
    provider, _ = make()
    states = Counter(
        Organization(
            trial_first_on=row.trial_first_on, trial_last_on=row.trial_last_on
        ).trial_state(TODAY_BEGINS_AT)
        for row in provider.organizations
    )
    assert set(states) == {"none", "from", "until", "ended"}
    assert min(states.values()) >= 4


def test_some_owners_are_not_activated_and_some_have_several_organizations() -> None:
    provider, _ = make()
    owners = [row for row in provider.users if row.role == Role.OWNER]
    assert {row.password is None for row in owners} == {True, False}
    held = Counter(row.owner_id for row in provider.organizations)
    assert set(held) == {row.id for row in owners}
    assert held[3] >= 3
    assert {1, 2} <= set(held.values())
    assert {row.email.partition("@")[2] for row in provider.users} == {
        "example.com", "example.org", "example.net",
    }  # fmt: skip


def test_organizations_have_many_time_zones_and_titles_of_every_kind() -> None:
    provider, _ = make()
    titles = [row.title for row in provider.organizations]
    assert len({row.time_zone for row in provider.organizations}) == 10
    assert max(map(len, titles)) > 100
    assert any("«" in title for title in titles)
    assert {bool(row.contract_number) for row in provider.organizations} == {True, False}


@pytest.mark.django_db
def test_billing_details_are_complete_for_most_organizations() -> None:
    load(Sizes(cameras=0))
    read = details_of_all(Organization.objects.all())
    complete = [pk for pk, details in read.items() if not details.on(TODAY).missing]
    assert Organization.objects.count() - len(complete) == 6
    assert [len(read[pk].versions) for pk in (1, 11)] == [2, 2]
    terms = [read[pk].tax_on(TODAY) for pk in complete]
    assert {each.category for each in terms if each} == set(TaxCategory)
    assert {each.percent for each in terms if each} == {0, 19}
    organizations = Organization.objects.in_bulk(complete).values()
    assert {each.invoice_language for each in organizations} == {"en", "ru"}
    assert {each.attach_charges for each in organizations} == {True, False}
    assert {bool(each.billing_email) for each in organizations} == {True, False}
    assert len({read[pk].on(TODAY).tax_number for pk in complete}) == len(complete)
    # An operator can open the form and save it unchanged.
    for version in BillingDetails.objects.select_related("organization"):
        shown = stored_billing_details(version.organization, version)
        entries = {**shown, "tax": version.tax_id or "", "valid_from": version.valid_from or ""}
        form = BillingForm(entries, organization=version.organization, version=version)
        assert form.is_valid(), form.errors


def test_cameras_are_spread_unevenly_within_bounds() -> None:
    _, cameras = make()
    held = Counter(camera.organization_id for camera, _ in cameras)
    assert len(cameras) == 1_500
    assert held[WITHOUT_CAMERA + 1] == 0
    assert held[WITH_ONE_CAMERA + 1] == 1
    assert held.most_common(1)[0][0] == 1
    assert 200 <= held[1] <= 450


@pytest.mark.parametrize(
    "sizes", [Sizes(1, 0), Sizes(1, 7), Sizes(2, 7), Sizes(3, 1), Sizes(3, 7), Sizes(1_000, 90)]
)
def test_any_size_gives_the_requested_numbers(sizes: Sizes) -> None:
    provider, cameras = make(sizes=sizes)
    assert len(provider.organizations) == sizes.organizations
    assert len(cameras) == sizes.cameras
    assert sum(camera_shares(1, sizes)) == sizes.cameras


def test_no_organization_of_a_large_provider_has_an_excessive_share() -> None:
    shares = camera_shares(1, Sizes(1_000, 1_000_000))
    assert sum(shares) == 1_000_000
    assert max(shares) < 12_000


def test_names_are_unique_in_any_number() -> None:
    provider, cameras = make(sizes=Sizes(1_500, 5_000))
    for names in (
        [row.title.upper() for row in provider.organizations],
        [row.email for row in provider.users],
        [camera.name for camera, _ in cameras],
    ):
        assert len(set(names)) == len(names)


def test_a_year_of_use_contains_everything_that_can_happen_to_a_camera() -> None:
    _, cameras = make()
    seen: Counter[str] = Counter()
    for _, intervals in cameras:
        seen["connected long ago" if intervals[0].started_at.year == 2025 else "new"] += 1
        seen["in use" if intervals[-1].ended_at is None else "disconnected"] += 1
        for one, other in pairwise(intervals):
            assert one.ended_at is not None
            assert one.ended_at <= other.started_at
            if one.ended_at < other.started_at:
                seen["paused"] += 1
            elif one.organization_id != other.organization_id:
                seen["moved"] += 1
            else:
                assert one.tariff_id != other.tariff_id
                seen["changed tariff"] += 1
    assert set(seen) == {
        "connected long ago", "new", "in use", "disconnected", "paused", "moved", "changed tariff",
    }  # fmt: skip
    assert min(seen.values()) >= 50
    assert 1.7 <= sum(len(intervals) for _, intervals in cameras) / len(cameras) <= 2.2


def test_usage_is_in_the_past_year_on_available_tariffs_only() -> None:
    provider, cameras = make()
    available = {(row.organization_id, row.tariff_id) for row in provider.availability}
    for camera, intervals in cameras:
        assert camera.organization_id == intervals[-1].organization_id
        for interval in intervals:
            assert (interval.organization_id, interval.tariff_id) in available
            assert (interval.ended_at or interval.started_at) < TODAY_BEGINS_AT
            age = TODAY_BEGINS_AT - interval.started_at
            assert age.days <= 365
            assert interval.tariff_id != ARCHIVED_TARIFF or age.days >= ARCHIVED_DAYS_AGO - 1


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Jürgen Weiß", "juergen.weiss"),
        ("Zoé Lefèvre", "zoe.lefevre"),
        ("Jack O'Neill", "jack.oneill"),
        ("Сергей Шевченко", "sergey.shevchenko"),
    ],
)
def test_a_mailbox_is_the_name_in_latin_letters(name: str, expected: str) -> None:
    assert mailbox(name) == expected


# --- The database ------------------------------------------------------------------------------


@pytest.mark.django_db
def test_loads_all_rows_and_continues_their_ids() -> None:
    load()
    _, cameras = make()
    assert (Organization.objects.count(), Tariff.objects.count()) == (40, 6)
    assert Camera.objects.count() == 1_500
    assert UsageInterval.objects.count() == sum(len(intervals) for _, intervals in cameras)
    camera, intervals = cameras[-1]
    interval = UsageInterval.objects.filter(camera__name=camera.name).latest("started_at")
    assert (interval.started_at, interval.ended_at) == intervals[-1][3:]
    assert Camera.objects.create(name="new", organization_id=1).pk == 1_501
    OrganizationFactory.create(tariffs=[TariffFactory.create()])


@pytest.mark.django_db
def test_each_sign_in_works(client: Client) -> None:
    load(Sizes(3, 3))
    for role, email, password in SIGN_INS:
        user = User.objects.get(email=email)
        assert user.role == role
        assert client.login(email=email, password=password)
    assert User.objects.get(role=Role.OWNER, email="owner@example.com").organizations.exists()


@pytest.mark.django_db
def test_recognizes_a_demonstration_by_the_password_of_its_operator() -> None:
    assert not is_demonstration()
    load(Sizes(1, 0))
    assert is_demonstration()
    operator = User.objects.get(role=Role.OPERATOR)
    operator.set_password("one of their own")
    operator.save()
    assert not is_demonstration()


@pytest.mark.django_db
@pytest.mark.parametrize("factory", [UserFactory, OperatorFactory, TariffFactory])
def test_refuses_a_database_that_is_not_empty(factory: type[UserFactory]) -> None:
    factory.create()
    with pytest.raises(NotEmptyError):
        load(Sizes(3, 3))
    assert not Camera.objects.exists()
