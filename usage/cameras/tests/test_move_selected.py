"""Test moving cameras that are selected in a list, all at once."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from organizations.models import Organization
from organizations.tests.factories import OrganizationFactory
from tariffs.models import Tariff
from tariffs.tests.factories import TariffFactory
from usage.models import UsageInterval
from usage.tests.factories import UsageIntervalFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]


@pytest.fixture
def tariff() -> Tariff:
    return TariffFactory.create(name="Dock plan")


@pytest.fixture
def dock(tariff: Tariff) -> Organization:
    return OrganizationFactory.create(title="Dock & Sons", tariffs=[tariff])


@pytest.fixture
def uses() -> list[UsageInterval]:
    harbour = OrganizationFactory.create(title="Harbour")
    return [
        UsageIntervalFactory.create(
            camera__organization=harbour, camera__name=f"gate-{index}", organization=harbour
        )
        for index in range(3)
    ]


def address(uses: list[UsageInterval]) -> str:
    return reverse("usage:move_selected", args=[uses[0].organization_id])


def test_the_page_asks_where_to_and_keeps_what_is_selected(
    operator_client: Client, uses: list[UsageInterval], dock: Organization
) -> None:
    query: dict[str, Any] = {"use": [use.pk for use in uses[:2]], "next": "/organizations/"}
    page = operator_client.get(address(uses), query).content.decode()
    assert "Move 2 cameras" in page
    for use in uses[:2]:
        assert f'<input type="hidden" name="use" value="{use.pk}">' in page

    found = operator_client.get(address(uses), {**query, "to": "doc"}).content.decode()
    assert f"use={uses[0].pk}&amp;use={uses[1].pk}" in found
    assert "to=Dock+%26+Sons" in found

    form = operator_client.get(address(uses), {**query, "to": "dock & sons"})
    assert form.context["destination"] == dock
    assert "Dock plan" in form.content.decode()
    assert "?to=Dock%20%26%20Sons" in form.content.decode()


def test_all_selected_cameras_move(
    operator_client: Client,
    uses: list[UsageInterval],
    dock: Organization,
    tariff: Tariff,
    now: datetime,
) -> None:
    data = {"uses": ",".join(str(use.pk) for use in uses), "tariff": tariff.pk, "when": "now"}
    answer = operator_client.post(f"{address(uses)}?to=Dock+%26+Sons", data, follow=True)
    assert "3 cameras are in use by “Dock &amp; Sons” as of" in answer.content.decode()
    moved = UsageInterval.objects.in_use()
    assert {(use.organization, use.camera.organization) for use in moved} == {(dock, dock)}
    assert {use.started_at for use in moved} == {now}


def test_none_moves_if_one_has_changed_meanwhile(
    operator_client: Client, uses: list[UsageInterval], dock: Organization, tariff: Tariff
) -> None:
    data = {"uses": ",".join(str(use.pk) for use in uses), "tariff": tariff.pk, "when": "now"}
    UsageInterval.objects.filter(pk=uses[0].pk).update(ended_at=uses[0].started_at.replace(hour=23))
    page = operator_client.post(f"{address(uses)}?to=Dock+%26+Sons", data).content.decode()
    assert "Continue with the other 2" in page
    assert not UsageInterval.objects.filter(organization=dock).exists()


def test_cameras_cannot_move_to_where_they_are(
    operator_client: Client, uses: list[UsageInterval]
) -> None:
    query: dict[str, Any] = {"use": [use.pk for use in uses], "to": "Harbour"}
    page = operator_client.get(address(uses), query).content.decode()
    assert "The cameras are already in use by this organization." in page


def test_a_selection_is_needed(operator_client: Client, uses: list[UsageInterval]) -> None:
    page = operator_client.get(address(uses), follow=True).content.decode()
    assert "Select at least one camera." in page
