"""Test imports that replace the usage of cameras in some months."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from io import BytesIO
from random import Random

import pytest

from organizations.models import Organization
from organizations.tests.factories import OrganizationFactory
from tariffs.models import Tariff
from tariffs.tests.factories import TariffFactory, TariffPriceFactory
from usage.closing.operations import close
from usage.imports import ImportReport, Replacement, import_usage
from usage.imports.months import months_from
from usage.imports.tests.test_operation import HEADER, errors
from usage.models import Camera, UsageInterval
from usage.tests.factories import CameraFactory, UsageIntervalFactory

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 10, 15, 12, tzinfo=UTC)


def replace_by(
    *lines: str, months: str = "2026-09", dry_run: bool = False, shown: str | None = None
) -> ImportReport:
    content = "\n".join([HEADER, *lines]) + "\n"
    replacement = Replacement(months_from(months), shown)
    return import_usage(BytesIO(content.encode()), now=NOW, dry_run=dry_run, replace=replacement)


def line(start: str, end: str, tariff: str = "Basic", organization: str = "Acme") -> str:
    ended_at = f"2026-{end}T00:00:00Z" if end else ""
    return f"{organization},gate,,{tariff},2026-{start}T00:00:00Z,{ended_at}"


def stored() -> list[tuple[str, str, str, str, str]]:
    rows = UsageInterval.objects.select_related("camera", "organization", "tariff")
    return [
        (
            use.camera.name,
            use.organization.title,
            use.tariff.name,
            f"{use.started_at:%m-%d}",
            f"{use.ended_at:%m-%d}" if use.ended_at else "",
        )
        for use in rows.order_by("camera__name", "started_at")
    ]


def at(month_and_day: str) -> datetime:
    return datetime.fromisoformat(f"2026-{month_and_day}T00:00:00+00:00")


@pytest.fixture
def basic(db: None) -> Tariff:
    tariff = TariffFactory.create(name="Basic", currency="EUR")
    TariffPriceFactory.create(tariff=tariff, amount=9, valid_from=date(2026, 1, 1))
    return tariff


@pytest.fixture
def acme(basic: Tariff) -> Organization:
    pro = TariffFactory.create(name="Pro", currency="EUR")
    TariffPriceFactory.create(tariff=pro, amount=30, valid_from=date(2026, 1, 1))
    OrganizationFactory.create(title="Globex", time_zone="UTC", tariffs=[basic, pro])
    return OrganizationFactory.create(title="Acme", time_zone="UTC", tariffs=[basic, pro])


@pytest.fixture
def gate(acme: Organization) -> Camera:
    return CameraFactory.create(name="gate", title="Gate", organization=acme)


def used(camera: Camera, basic: Tariff, *spans: tuple[str, str]) -> list[UsageInterval]:
    return [
        UsageIntervalFactory.create(
            camera=camera, tariff=basic, started_at=at(start), ended_at=at(end) if end else None
        )
        for start, end in spans
    ]


def test_cuts_what_crosses_the_months_and_replaces_what_lies_within(
    gate: Camera, basic: Tariff
) -> None:
    used(gate, basic, ("08-10", "09-03"), ("09-05", "09-20"), ("09-25", "10-05"))
    done = replace_by(line("09-10", "09-15", "Pro"))
    assert stored() == [
        ("gate", "Acme", "Basic", "08-10", "09-01"),
        ("gate", "Acme", "Pro", "09-10", "09-15"),
        ("gate", "Acme", "Basic", "10-01", "10-05"),
    ]
    counts = done.intervals_added, done.intervals_changed, done.intervals_removed
    assert counts == (1, 2, 1)


def test_an_interval_across_all_months_is_cut_in_two(gate: Camera, basic: Tariff) -> None:
    (use,) = used(gate, basic, ("08-10", ""))
    replace_by(line("09-10", "09-15", "Pro"))
    assert [each[2:] for each in stored()] == [
        ("Basic", "08-10", "09-01"),
        ("Pro", "09-10", "09-15"),
        ("Basic", "10-01", ""),
    ]
    use.refresh_from_db()
    assert use.ended_at == at("09-01")


def test_what_the_file_continues_stays_one_interval(gate: Camera, basic: Tariff) -> None:
    (use,) = used(gate, basic, ("08-10", ""))
    replace_by(line("09-01", "09-15"), line("09-15", "10-01", "Pro"))
    assert [each[2:] for each in stored()] == [
        ("Basic", "08-10", "09-15"),
        ("Pro", "09-15", "10-01"),
        ("Basic", "10-01", ""),
    ]
    replace_by(line("09-01", "10-01"))
    assert [each[2:] for each in stored()] == [("Basic", "08-10", "10-01"), ("Basic", "10-01", "")]
    use.refresh_from_db()
    assert use.ended_at == at("10-01")


def test_what_is_already_so_changes_nothing(gate: Camera, basic: Tariff) -> None:
    used(gate, basic, ("08-10", ""))
    assert replace_by(line("09-01", "10-01")).changes_nothing
    lines = line("09-03", "09-07", "Pro"), line("09-07", "09-15")
    assert not replace_by(*lines).changes_nothing
    again = replace_by(*lines)
    assert again.changes_nothing
    assert again.lines_unchanged == 2


def test_months_that_are_not_over_have_no_end(gate: Camera, basic: Tariff) -> None:
    used(gate, basic, ("08-10", ""))
    replace_by(line("10-01", "10-05"), line("10-05", "", "Pro"), months="2026-10")
    assert [each[2:] for each in stored()] == [
        ("Basic", "08-10", "10-05"),
        ("Pro", "10-05", ""),
    ]


def test_only_usage_of_the_organization_and_the_cameras_in_the_file_is_replaced(
    gate: Camera, acme: Organization, basic: Tariff
) -> None:
    globex = Organization.objects.get(title="Globex")
    used(gate, basic, ("08-01", "09-10"))
    yard = CameraFactory.create(name="yard", organization=acme)
    used(yard, basic, ("09-01", "09-20"))
    UsageIntervalFactory.create(
        camera=gate, organization=globex, tariff=basic, started_at=at("09-10"), ended_at=at("09-20")
    )
    replace_by(line("09-04", "09-06"))
    assert stored() == [
        ("gate", "Acme", "Basic", "08-01", "09-01"),
        ("gate", "Acme", "Basic", "09-04", "09-06"),
        ("gate", "Globex", "Basic", "09-10", "09-20"),
        ("yard", "Acme", "Basic", "09-01", "09-20"),
    ]
    refused = replace_by(line("09-04", "09-16"))
    assert "by “Globex” on “Basic” from 2026-09-10" in refused.errors[0].reason


def test_a_camera_that_moved_within_the_months_is_replaced_at_both(
    gate: Camera, basic: Tariff
) -> None:
    used(gate, basic, ("08-01", ""))
    done = replace_by(
        line("10-01", "10-05"),
        f"Globex,gate,,Basic,{at('10-05').isoformat()},",
        months="2026-10",
    )
    assert (done.cameras_moved, done.is_refused) == (1, False)
    gate.refresh_from_db()
    assert gate.organization.title == "Globex"
    back = replace_by(
        line("10-01", ""),
        "Globex,gate,,Basic,2026-09-30T00:00Z,2026-09-30T12:00Z",
        months="2026-09:2026-10",
    )
    assert (back.cameras_moved, back.is_refused) == (1, False)
    gate.refresh_from_db()
    assert gate.organization.title == "Acme"


def test_the_months_are_those_of_the_organization(gate: Camera, basic: Tariff) -> None:
    Organization.objects.filter(title="Acme").update(time_zone="Asia/Tokyo")
    inside = "Acme,gate,,Basic,2026-08-31T15:00:00Z,2026-09-30T15:00:00Z"
    assert not replace_by(inside).is_refused
    for outside in (
        "Acme,gate,,Basic,2026-08-31T14:59:59Z,2026-09-30T15:00:00Z",
        "Acme,gate,,Basic,2026-08-31T15:00:00Z,2026-09-30T15:00:01Z",
        "Acme,gate,,Basic,2026-08-31T15:00:00Z,",
    ):
        assert errors(replace_by(inside.replace("gate", "yard"), outside)) == [
            (
                3,
                "This usage is not within the months 2026-09 to 2026-09. Correct the line, or "
                "choose other months.",
            )
        ]


def test_an_archived_tariff_that_was_used_can_be_used(gate: Camera, basic: Tariff) -> None:
    used(gate, basic, ("09-05", "09-20"))
    Tariff.objects.filter(pk=basic.pk).update(is_archived=True)
    TariffFactory.create(name="Other")
    assert not replace_by(line("09-05", "09-10")).is_refused
    refused = replace_by(line("09-05", "09-10", "Other"))
    assert "“Other” is not available to “Acme”" in refused.errors[0].reason


def test_lines_that_overlap_are_refused(gate: Camera, basic: Tariff) -> None:
    used(gate, basic, ("08-01", ""))
    before = stored()
    refused = replace_by(line("09-01", "09-10"), line("09-09", "09-12", "Pro"))
    assert errors(refused) == [
        (3, "Line 2 already has the camera in use at that time. Correct one of the lines.")
    ]
    assert stored() == before


def test_a_dry_run_shows_the_difference_with_its_money(gate: Camera, basic: Tariff) -> None:
    used(gate, basic, ("08-01", ""))
    before = stored()
    found = replace_by(line("09-16", "10-01", "Pro"), dry_run=True).difference
    assert stored() == before
    assert found is not None
    assert found.counts == (2, 1, 0)
    shown = [
        (
            each.before and f"{each.before.started_at:%m-%d}",
            each.after and f"{each.after.started_at:%m-%d}",
        )
        for each in found.shown
    ]
    assert shown == [("08-01", "08-01"), (None, "09-16"), (None, "10-01")]
    assert found.money is not None
    (september,) = found.money
    assert (september.month, september.before.number) == (date(2026, 9, 1), Decimal(9))
    assert september.after.number == Decimal(15)


def test_a_new_camera_is_priced_and_created(acme: Organization) -> None:
    dry = replace_by(line("09-16", "10-01", "Pro"), dry_run=True)
    assert dry.difference is not None
    assert dry.difference.money is not None
    assert [each.after.number for each in dry.difference.money] == [15]
    done = replace_by(line("09-16", "10-01", "Pro"))
    assert (done.cameras_created, done.intervals_added) == (1, 1)


def test_nothing_is_changed_if_the_difference_is_not_the_one_shown(
    gate: Camera, basic: Tariff
) -> None:
    (use,) = used(gate, basic, ("08-01", ""))
    dry = replace_by(line("09-10", "09-15"), dry_run=True)
    assert dry.difference is not None
    UsageInterval.objects.filter(pk=use.pk).update(ended_at=at("09-20"))
    before = stored()
    done = replace_by(line("09-10", "09-15"), shown=dry.difference.version)
    assert done.has_changed
    assert stored() == before
    again = replace_by(line("09-10", "09-15"), dry_run=True)
    assert again.difference is not None
    assert not replace_by(line("09-10", "09-15"), shown=again.difference.version).is_refused


@pytest.mark.parametrize("seed", range(8))
def test_usage_afterwards_is_that_of_the_file_within_and_the_former_one_outside(
    gate: Camera, basic: Tariff, seed: int
) -> None:
    random = Random(seed)

    def spans(first: int, last: int) -> list[tuple[str, str, str]]:
        days = sorted(random.sample(range(first, last + 1), 6))
        pairs = zip(days[::2], days[1::2], strict=True)
        return [
            (
                f"{8 + start // 31:02}-{start % 31 + 1:02}",
                f"{8 + end // 31:02}-{end % 31 + 1:02}",
                random.choice(["Basic", "Pro"]),
            )
            for start, end in pairs
        ]

    pro = Tariff.objects.get(name="Pro")
    former = spans(0, 60)
    for start, end, tariff in former:
        UsageIntervalFactory.create(
            camera=gate,
            tariff=basic if tariff == "Basic" else pro,
            started_at=at(start),
            ended_at=at(end),
        )
    wanted = [("09-01", "09-03", "Basic"), ("09-03", "09-20", "Pro"), ("09-28", "10-01", "Basic")]
    done = replace_by(*(line(*each) for each in wanted))
    assert errors(done) == []

    every_day = [at("08-01") + timedelta(days=number) for number in range(92)]

    def days_of(rows: list[tuple[str, str, str]]) -> dict[datetime, str]:
        return {
            day: tariff
            for start, end, tariff in rows
            for day in every_day
            if at(start) <= day < at(end)
        }

    outside = {day: on for day, on in days_of(former).items() if day.month != 9}
    after = [(start, end, tariff) for _c, _o, tariff, start, end in stored()]
    assert days_of(after) == outside | days_of(wanted)


@pytest.mark.parametrize(
    ("months", "outside"),
    [
        ("2026-09", line("08-15", "08-20")),
        ("2026-09", line("10-05", "")),
        ("2026-12", line("10-05", "")),
    ],
)
def test_a_line_outside_the_months_is_wrong_even_where_the_camera_is_in_use(
    gate: Camera, basic: Tariff, months: str, outside: str
) -> None:
    used(gate, basic, ("08-01", ""))
    ((number, reason),) = errors(replace_by(outside, months=months))
    assert number == 2
    assert reason.startswith(f"This usage is not within the months {months} to {months}.")


def test_a_line_that_overlaps_what_remains_after_the_months_names_that_usage(
    gate: Camera, basic: Tariff, acme: Organization
) -> None:
    # Its September ends nine hours before that of Globex.
    Organization.objects.filter(pk=acme.pk).update(time_zone="Asia/Tokyo")
    used(gate, basic, ("08-01", ""))
    moved = line("09-05", "09-20"), line("09-20", "10-01", organization="Globex")
    ((number, reason),) = errors(replace_by(*moved))
    assert number == 3
    assert "by “Acme” on “Basic” from 2026-08-01T00:00:00Z (ended_at: still in use)" in reason


@pytest.mark.parametrize("end", ["09-27", ""])
def test_usage_cannot_be_extended_after_closing(
    gate: Camera, basic: Tariff, acme: Organization, end: str
) -> None:
    used(gate, basic, ("09-10", ""))
    close(organization_id=acme.pk, last_on=date(2026, 9, 24), now=NOW)
    refused = replace_by(line("09-10", end), months="2026-09:2026-10")
    assert [number for number, reason in errors(refused) if "was closed at" in reason] == [2]
    assert stored() == [("gate", "Acme", "Basic", "09-10", "09-25")]
    assert not replace_by(line("09-10", "09-20")).is_refused
