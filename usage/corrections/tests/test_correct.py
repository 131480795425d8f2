"""Test correcting recorded usage in the browser, from the selection to the stored intervals."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from organizations.models import Organization
from organizations.tests.factories import OneOffChargeFactory, OrganizationFactory
from tariffs.models import Tariff
from tariffs.tests.factories import TariffFactory, TariffPriceFactory
from usage.closing.operations import close
from usage.models import Camera, UsageInterval
from usage.tests.factories import CameraFactory, UsageIntervalFactory

# The history tells changes apart by their transactions.
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("now")]

REASON = "Installed a day later"


def day(number: int, month: int = 9) -> datetime:
    return datetime(2026, month, number, tzinfo=UTC)


@pytest.fixture
def harbour(db: None) -> Organization:
    """Return an organization with Basic at EUR 9.00 and Pro at EUR 30.00."""
    tariffs = []
    for name, amount in (("Basic", 9), ("Pro", 30)):
        tariff = TariffFactory.create(name=name, currency="EUR")
        TariffPriceFactory.create(tariff=tariff, amount=amount, valid_from=date(2026, 1, 1))
        tariffs.append(tariff)
    return OrganizationFactory.create(title="Harbour", time_zone="UTC", tariffs=tariffs)


@pytest.fixture
def uses(harbour: Organization) -> list[UsageInterval]:
    """Return gate: Basic from 1 to 11 September, then Pro to the 21st, then Basic."""
    camera = CameraFactory.create(name="gate", organization=harbour)
    bounds = [(1, 11, "Basic"), (11, 21, "Pro"), (21, None, "Basic")]
    return [
        UsageIntervalFactory.create(
            camera=camera,
            tariff=harbour.tariffs.get(name=name),
            started_at=day(start),
            ended_at=end and day(end),
        )
        for start, end, name in bounds
    ]


def address(organization: Organization) -> str:
    return reverse("usage:correct", args=[organization.pk])


def filled_in(uses: list[UsageInterval], **typed: Any) -> dict[str, Any]:
    data = {
        "uses": ",".join(str(use.pk) for use in uses),
        "which": "listed",
        "what": "change",
        "start": "keep",
        "end": "keep",
        "reason": REASON,
    }
    return {**data, **typed}


def preview(client: Client, uses: list[UsageInterval], **typed: Any) -> Any:
    return client.post(address(uses[0].organization), filled_in(uses, **typed))


def confirm(client: Client, uses: list[UsageInterval], **typed: Any) -> Any:
    """Correct as the preview shows it, and return the page after."""
    shown = preview(client, uses, **typed).context["planned"].version
    data = filled_in(uses, **typed, shown=shown)
    return client.post(address(uses[0].organization), data, follow=True)


def stored() -> list[tuple[str, str, str, int, int | None]]:
    rows = UsageInterval.objects.order_by("camera__name", "started_at")
    return [
        (
            use.camera.name,
            use.organization.title,
            use.tariff.name,
            use.started_at.day,
            use.ended_at.day if use.ended_at else None,
        )
        for use in rows.select_related("camera", "organization", "tariff")
    ]


def money(response: Any) -> list[tuple[int, Decimal, Decimal]]:
    return [
        (each.month.month, each.before.number, each.after.number)
        for each in response.context["money"]
    ]


STARTS_ON_16 = {"start": "at", "started_at": "2026-09-16T00:00:00"}


def test_the_form_shows_the_times_of_the_only_interval(
    operator_client: Client, uses: list[UsageInterval], harbour: Organization
) -> None:
    page = operator_client.get(address(harbour), {"use": uses[1].pk})
    assert page.context["form"]["started_at"].value() == datetime(2026, 9, 11)
    assert "Correct the usage of 1 camera" in page.text
    assert "from 11 Sep 2026 00:00:00 to 21 Sep 2026 00:00:00 (UTC)" in page.text


def test_the_preview_shows_usage_and_money_and_changes_nothing(
    operator_client: Client, uses: list[UsageInterval]
) -> None:
    before = stored()
    page = preview(operator_client, [uses[1]], **STARTS_ON_16)
    assert "A gap remains" in page.text
    # Basic for 20 of 30 days is 6.00; Pro for 10 days 10.00, for 5 days 5.00.
    assert money(page) == [(9, Decimal("16.00"), Decimal("11.00"))]
    assert REASON in page.text
    assert stored() == before


def test_the_preview_shows_money_that_a_credit_has_paid(
    operator_client: Client, uses: list[UsageInterval], harbour: Organization
) -> None:
    OneOffChargeFactory.create(organization=harbour, day=date(2026, 9, 2), quantity=-1, amount=50)

    page = preview(operator_client, [uses[1]], **STARTS_ON_16)

    assert money(page) == [(9, Decimal("16.00"), Decimal("11.00"))]


def test_confirming_stores_what_was_shown_with_its_reason(
    operator_client: Client, uses: list[UsageInterval], harbour: Organization
) -> None:
    page = confirm(operator_client, [uses[1]], **STARTS_ON_16, moves_neighbours="on")
    assert "2 intervals have been corrected." in page.text
    assert stored() == [
        ("gate", "Harbour", "Basic", 1, 16),
        ("gate", "Harbour", "Pro", 16, 21),
        ("gate", "Harbour", "Basic", 21, None),
    ]
    history = operator_client.get(reverse("usage:camera_history", args=[uses[0].camera_id]))
    assert [entry.reason for entry in history.context["entries"]].count(REASON) == 1
    assert history.context["entries"][0].reason == REASON
    assert REASON in history.text


def test_a_reason_stays_with_its_correction(
    operator_client: Client, uses: list[UsageInterval], harbour: Organization
) -> None:
    confirm(operator_client, [uses[1]], **STARTS_ON_16)
    camera = uses[1].camera
    title = reverse("usage:edit_title", args=[camera.pk])
    version = operator_client.get(title).context["version"]
    operator_client.post(title, {"title": "Gate", "version": version})
    history = operator_client.get(reverse("usage:camera_history", args=[camera.pk]))
    assert [entry.reason for entry in history.context["entries"]][:2] == ["", REASON]


def test_voided_usage_is_no_longer_charged_but_stays_in_the_history(
    operator_client: Client, uses: list[UsageInterval]
) -> None:
    page = preview(operator_client, [uses[1]], what="void")
    assert money(page) == [(9, Decimal("16.00"), Decimal("6.00"))]
    confirm(operator_client, [uses[1]], what="void")
    assert [use[2:] for use in stored()] == [("Basic", 1, 11), ("Basic", 21, None)]
    history = operator_client.get(reverse("usage:camera_history", args=[uses[0].camera_id]))
    assert history.context["entries"][0].changes[0].action == "delete"


def test_voiding_a_move_returns_the_camera_to_its_former_payer(
    operator_client: Client, uses: list[UsageInterval], harbour: Organization
) -> None:
    dock = OrganizationFactory.create(title="Dock", time_zone="UTC", tariffs=harbour.tariffs.all())
    camera = uses[2].camera
    UsageInterval.objects.filter(pk=uses[2].pk).update(ended_at=day(1, 10))
    Camera.objects.update(organization=dock)
    moved = UsageIntervalFactory.create(
        camera=Camera.objects.get(), tariff=uses[1].tariff, started_at=day(1, 10)
    )
    page = preview(operator_client, [moved], what="void", moves_neighbours="on")
    # Half of October until noon on the 15th: Pro at Dock, then Basic at Harbour.
    assert [(each.organization.title, each.after.number) for each in page.context["money"]] == [
        ("Dock", Decimal(0)),
        ("Harbour", Decimal("4.21")),
    ]
    confirm(operator_client, [moved], what="void", moves_neighbours="on")
    camera.refresh_from_db()
    assert camera.organization == harbour
    assert stored()[-1] == ("gate", "Harbour", "Basic", 21, None)


def test_many_cameras_are_corrected_between_dates(
    operator_client: Client, uses: list[UsageInterval], harbour: Organization
) -> None:
    pro = harbour.tariffs.get(name="Pro")
    other = UsageIntervalFactory.create(
        camera__name="yard", camera__organization=harbour, tariff=uses[0].tariff, started_at=day(5)
    )
    dates = {"which": "dates", "first_on": "2026-09-01", "last_on": "2026-09-08"}
    confirm(operator_client, [uses[2], other], **dates, tariff=pro.pk)
    assert [use[2] for use in stored()] == ["Pro", "Pro", "Basic", "Pro"]


def test_an_end_can_be_set_and_removed(operator_client: Client, uses: list[UsageInterval]) -> None:
    confirm(operator_client, [uses[2]], end="at", ended_at="2026-09-25T00:00:00")
    assert stored()[-1][3:] == (21, 25)
    confirm(operator_client, [uses[2]], end="open")
    assert stored()[-1][3:] == (21, None)


@pytest.mark.parametrize(
    ("typed", "field", "text"),
    [
        ({"reason": " "}, "reason", "Enter a reason."),
        ({}, "__all__", "Choose another start, another end or another tariff plan."),
        ({"start": "at"}, "started_at", "Enter a date and time."),
        ({"start": "at", "started_at": "soon"}, "started_at", "Enter a date and time, for"),
        ({"end": "at", "ended_at": "2026-10-16T00:00"}, "ended_at", "in the future"),
        ({"end": "at", "ended_at": "2026-09-11T00:00"}, "ended_at", "ended before or when it st"),
        ({"end": "open"}, "end", "later usage, by “Harbour” on “Basic” since 21 Sep 2026"),
        (
            {"start": "at", "started_at": "2026-09-10T00:00"},
            "__all__",
            "by “Harbour” on “Basic” from 1 Sep 2026 00:00:00 to 11 Sep 2026 00:00:00 (UTC)",
        ),
        (
            {"start": "at", "started_at": "2026-09-01T00:00", "moves_neighbours": "on"},
            "__all__",
            "no time would be left for the adjoining usage",
        ),
        ({"start": "at", "started_at": "2026-09-11T00:00"}, "__all__", "This changes nothing"),
        ({"what": "void", "which": "dates"}, "first_on", "Enter a date."),
        (
            {"what": "void", "which": "dates", "first_on": "2026-09-02", "last_on": "2026-09-01"},
            "last_on",
            "The last day cannot be before the first.",
        ),
        (
            {"what": "void", "which": "dates", "first_on": "2026-01-02", "last_on": "2026-01-03"},
            "first_on",
            "no usage by this organization between these dates",
        ),
        ({"tariff": "0"}, "tariff", "no longer available"),
        ({"start": "at", "started_at": "2026-09-21T00:00"}, "started_at", "ended before or when"),
    ],
)
def test_wrong_input_is_named_on_its_field_and_nothing_is_lost(
    operator_client: Client,
    uses: list[UsageInterval],
    typed: dict[str, str],
    field: str,
    text: str,
) -> None:
    before = stored()
    page = preview(operator_client, [uses[1]], **typed)
    form = page.context["form"]
    assert text in " ".join(form.errors[field])
    assert form["start"].value() == typed.get("start", "keep")
    assert typed.get("started_at", "").replace("T", " ") in str(form["started_at"])
    assert stored() == before


@pytest.mark.parametrize(
    "typed",
    [
        {**STARTS_ON_16, "first_on": "0202-09-01", "last_on": "x", "ended_at": "x"},
        {"what": "void", "start": "at", "started_at": "x", "tariff": "0"},
    ],
)
def test_fields_that_are_not_shown_mean_nothing(
    operator_client: Client, uses: list[UsageInterval], typed: dict[str, str]
) -> None:
    assert "planned" in preview(operator_client, [uses[1]], **typed).context


def test_usage_cannot_be_corrected_to_begin_after_its_organization_was_closed(
    operator_client: Client, uses: list[UsageInterval]
) -> None:
    Organization.objects.update(closed_on=date(2026, 9, 23), closed_at=day(24))
    before = stored()

    page = preview(operator_client, uses[2:], start="at", started_at="2026-09-24T00:00:00")

    assert "“Harbour” is closed after 23 Sep 2026." in page.text
    assert stored() == before


def test_usage_of_a_closed_organization_cannot_be_open(
    operator_client: Client, uses: list[UsageInterval], harbour: Organization
) -> None:
    close(organization_id=harbour.pk, last_on=date(2026, 9, 25), now=day(15, 10))
    before = stored()
    assert before[-1][3:] == (21, 26)
    page = preview(operator_client, uses[2:], end="open")
    assert "“Harbour” is closed after 25 Sep 2026, so its" in page.context["form"].errors["end"][0]
    # Nor by passing the time of another organization's usage to it.
    dock = OrganizationFactory.create(title="Dock", time_zone="UTC", tariffs=harbour.tariffs.all())
    Camera.objects.update(organization=dock)
    moved = UsageIntervalFactory.create(
        camera=Camera.objects.get(), tariff=uses[1].tariff, started_at=day(26)
    )
    page = preview(operator_client, [moved], what="void", moves_neighbours="on")
    assert "“Harbour” is closed" in page.text
    UsageInterval.objects.filter(pk=moved.pk).delete()
    assert stored() == before


def test_problems_of_several_cameras_are_listed_and_the_others_can_be_corrected(
    operator_client: Client, uses: list[UsageInterval], harbour: Organization
) -> None:
    other = UsageIntervalFactory.create(
        camera__name="yard", camera__organization=harbour, tariff=uses[0].tariff, started_at=day(5)
    )
    page = preview(operator_client, [uses[1], other], start="at", started_at="2026-09-08T00:00")
    assert "Nothing was changed: 1 camera has a problem." in page.text
    assert page.context["others"] == str(other.pk)


def test_what_changed_since_the_preview_is_shown_again_and_not_applied(
    operator_client: Client, uses: list[UsageInterval], harbour: Organization
) -> None:
    shown = preview(operator_client, [uses[1]], **STARTS_ON_16).context["planned"].version
    UsageInterval.objects.filter(pk=uses[1].pk).update(ended_at=day(20))
    before = stored()
    page = operator_client.post(address(harbour), filled_in([uses[1]], **STARTS_ON_16, shown=shown))
    assert "have changed since you saw this page" in page.text
    assert stored() == before
    again = filled_in([uses[1]], **STARTS_ON_16, shown=page.context["planned"].version)
    assert operator_client.post(address(harbour), again).status_code == 302


def test_the_way_back_to_the_form_keeps_what_was_typed(
    operator_client: Client, uses: list[UsageInterval]
) -> None:
    page = preview(operator_client, [uses[1]], **STARTS_ON_16, edit="1")
    assert page.context["form"]["reason"].value() == REASON
    assert "Show what changes" in page.text


def test_a_tariff_that_the_organization_has_used_can_be_chosen_but_no_other(
    operator_client: Client, uses: list[UsageInterval], harbour: Organization
) -> None:
    other = TariffFactory.create(name="Other")
    pro = harbour.tariffs.get(name="Pro")
    harbour.tariffs.remove(pro)
    Tariff.objects.filter(pk=pro.pk).update(is_archived=True)
    assert "tariff" in preview(operator_client, [uses[0]], tariff=other.pk).context["form"].errors
    confirm(operator_client, [uses[0]], tariff=pro.pk)
    assert stored()[0][2] == "Pro"


@pytest.mark.parametrize("query", [{}, {"use": "x"}, {"use": "999999"}])
def test_a_selection_of_nothing_leads_back_with_a_message(
    operator_client: Client, uses: list[UsageInterval], harbour: Organization, query: dict[str, str]
) -> None:
    page = operator_client.get(address(harbour), query, follow=True)
    assert page.redirect_chain[0][0] == reverse("usage:cameras", args=[harbour.pk])
    assert len(page.context["messages"]) == 1


def test_usage_of_another_organization_cannot_be_corrected(
    operator_client: Client, uses: list[UsageInterval]
) -> None:
    other = OrganizationFactory.create()
    response = operator_client.post(address(other), filled_in([uses[1]], what="void"))
    assert response.status_code == 302
    assert len(stored()) == 3


def test_only_operators_may_correct(
    support_client: Client, owner_client: Client, uses: list[UsageInterval], harbour: Organization
) -> None:
    for client in (support_client, owner_client):
        assert client.get(address(harbour), {"use": uses[0].pk}).status_code == 403
        assert preview(client, [uses[0]], what="void").status_code == 403
    camera = reverse("usage:camera", args=[uses[0].camera_id])
    assert address(harbour) not in support_client.get(camera).text


def test_other_methods_are_refused(operator_client: Client, harbour: Organization) -> None:
    assert operator_client.put(address(harbour)).status_code == 405


def test_the_lists_lead_to_the_page(
    operator_client: Client, uses: list[UsageInterval], harbour: Organization
) -> None:
    camera = operator_client.get(reverse("usage:camera", args=[uses[0].camera_id])).text
    for use in uses:
        assert f"{address(harbour)}?use={use.pk}&amp;" in camera
    UsageInterval.objects.filter(ended_at=None).update(ended_at=day(25))
    ended = operator_client.get(reverse("usage:cameras", args=[harbour.pk]), {"state": "ended"})
    assert f'formaction="{address(harbour)}"' in ended.text
    assert "change-tariff" not in ended.text
    every = operator_client.get(address(harbour), {"all": "1", "state": "ended"})
    assert every.context["uses"] == str(uses[2].pk)


def test_the_number_of_queries_does_not_grow_with_the_cameras(
    operator_client: Client, harbour: Organization
) -> None:
    basic, counts = harbour.tariffs.get(name="Basic"), []
    chosen: list[UsageInterval] = []
    for _round in range(2):
        chosen += [
            UsageIntervalFactory.create(
                camera__organization=harbour, tariff=basic, started_at=day(5)
            )
            for _number in range(5)
        ]
        with CaptureQueriesContext(connection) as queries:
            page = preview(operator_client, chosen, start="at", started_at="2026-09-08T00:00")
        assert len(page.context["changes"]) == len(chosen)
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 25
