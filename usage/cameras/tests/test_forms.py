"""Test how the camera forms validate and clean their input."""

from datetime import UTC, datetime
from typing import Any

import pytest

from organizations.tests.factories import OrganizationFactory
from tariffs.tests.factories import TariffFactory, TariffPriceFactory
from usage.cameras.forms import CameraTariffForm, ChangeForm, ConnectForm

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 10, 26, 12, tzinfo=UTC)


def submitted(at: str, time_zone: str = "Europe/Berlin", **more: Any) -> ChangeForm:
    organization = OrganizationFactory.create(time_zone=time_zone)
    data = {"when": "past", "at": at, **more}
    return ChangeForm(data, organization=organization, now=NOW)


@pytest.mark.parametrize(
    ("at", "more", "instant"),
    [
        ("2026-10-15T12:00:00", {}, datetime(2026, 10, 15, 10, tzinfo=UTC)),
        ("2026-10-15T12:00", {}, datetime(2026, 10, 15, 10, tzinfo=UTC)),
        (" 2026-10-15 12:00:01 ", {}, datetime(2026, 10, 15, 10, 0, 1, tzinfo=UTC)),
        ("2026-10-15T12:00:00.000", {}, datetime(2026, 10, 15, 10, tzinfo=UTC)),
        (
            "2026-10-25T02:30:00",
            {"is_second": "first"},
            datetime(2026, 10, 25, 0, 30, tzinfo=UTC),
        ),
        (
            "2026-10-25T02:30:00",
            {"is_second": "second"},
            datetime(2026, 10, 25, 1, 30, tzinfo=UTC),
        ),
        ("2026-10-26T13:00:00", {}, NOW),
    ],
)
def test_a_past_time_is_in_the_time_zone_of_the_organization(
    at: str, more: dict[str, str], instant: datetime
) -> None:
    form = submitted(at, **more)
    assert form.is_valid(), form.errors
    assert form.terms == {"at": instant, "now": NOW}
    assert form.terms["at"].tzinfo == UTC
    assert form.is_past == (instant < NOW)


@pytest.mark.parametrize(
    ("at", "error"),
    [
        ("", "Enter a date and time, or choose Now."),
        ("yesterday", "Enter a date and time, for example 2026-09-01 08:30:00."),
        ("2026-02-30T12:00:00", "Enter a date and time, for example"),
        ("2026-10-15T12:00:00.5", "Enter a date and time, for example"),
        ("2026-10-15T12:00:00+02:00", "Enter a date and time, for example"),
        ("1969-12-31T12:00:00", "Correct the year"),
        ("0001-01-01T00:00:00", "Correct the year"),
        ("2026-10-26T13:00:01", "This time is in the future"),
        ("9999-12-31T23:59:59", "This time is in the future"),
        ("2026-03-29T02:30:00", "This time does not exist in Europe/Berlin"),
    ],
)
def test_an_invalid_time_is_an_error_of_its_field(at: str, error: str) -> None:
    form = submitted(at)
    assert not form.is_valid()
    assert list(form.errors) == ["at"]
    assert error in form.errors["at"][0]


def test_now_ignores_the_time_field() -> None:
    form = submitted("2026-03-29T02:30:00", when="now")
    assert form.is_valid()
    assert form.terms == {"at": NOW, "now": NOW}
    assert not form.is_past


def test_the_end_of_the_calendar_in_a_western_time_zone_is_in_the_future() -> None:
    assert "future" in submitted("9999-12-31T23:59:59", "America/New_York").errors["at"][0]


def test_only_a_doubled_time_is_asked_about() -> None:
    doubled = submitted("2026-10-25T02:30:00")
    assert list(doubled.errors) == ["at"]
    assert "occurs twice" in doubled.errors["at"][0]
    assert "is_second" in doubled.fields
    for at in ("", "yesterday", "2026-10-25T01:59:59", "2026-10-25T03:00:00"):
        assert "is_second" not in submitted(at).fields
    assert "is_second" not in submitted("2026-10-25T02:30:00", "Asia/Tokyo").fields


def test_only_available_tariffs_are_offered_with_their_prices() -> None:
    basic = TariffPriceFactory.create(tariff__name="Basic").tariff
    new = TariffFactory.create(name="New")
    archived = TariffFactory.create(is_archived=True)
    TariffFactory.create(name="Not for them")
    organization = OrganizationFactory.create(tariffs=[basic, new, archived])
    form = CameraTariffForm(None, organization=organization, now=NOW)
    labels = [label for _value, label in form.fields["tariff"].choices]  # type: ignore[attr-defined]
    assert [str(label).replace("\N{NO-BREAK SPACE}", " ") for label in labels] == [
        "Choose a tariff plan",
        "Basic: EUR 9.00 per month",
        "New: no price yet",
    ]


def test_a_name_is_required_and_trimmed() -> None:
    tariff = TariffFactory.create()
    organization = OrganizationFactory.create(tariffs=[tariff])

    def connect(**data: Any) -> ConnectForm:
        data = {"when": "now", "tariff": tariff.pk, **data}
        return ConnectForm(data, organization=organization, now=NOW)

    form = connect(name=" gate 1 ")
    assert form.is_valid()
    assert form.terms["name"] == "gate 1"
    for wrong in ("", "  ", "x" * 201, "a\0b"):
        assert "name" in connect(name=wrong).errors
