"""Many presets are linked at once: what leaves no doubt, after a person has seen it."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tariffs.models import Tariff
from tariffs.tests.factories import TariffFactory
from watcher.linking import operations
from watcher.linking.clear import clear_presets
from watcher.models import PlatformPreset, PresetLink
from watcher.tests.factories import SEEN_AT, PlatformPresetFactory, PresetLinkFactory

pytestmark = pytest.mark.django_db
LIST, REVIEW = reverse("watcher:presets"), reverse("watcher:link_proposed_presets")


def alike(*names: str) -> list[tuple[PlatformPreset, Tariff]]:
    """Make a tariff plan, and a preset of the same title, of each name."""
    return [
        (PlatformPresetFactory.create(title=name), TariffFactory.create(name=name))
        for name in names
    ]


def shown(client: Client) -> str:
    """Return what the page that shows the proposals sends back."""
    found = re.search(r'name="shown" value="([^"]*)"', client.get(REVIEW).text)
    assert found
    return found.group(1)


def linked() -> dict[str, str]:
    """Return the titles of presets, and the names of the tariff plans that they mean."""
    return dict(PresetLink.objects.values_list("preset__title", "tariff__name"))


def test_only_what_has_one_likely_tariff_plan_is_proposed() -> None:
    services = {"dvr_depth_days": 30, "dvr_space_gb": 500}
    TariffFactory.create(name="By name")
    TariffFactory.create(name="Alike", **services)
    TariffFactory.create(name="Archived", is_archived=True)
    as_services = {"dvr_seconds": 30 * 86_400, "dvr_bytes": 500 * 10**9}
    PlatformPresetFactory.create(title="BY NAME", **as_services)
    PlatformPresetFactory.create(title="other", **as_services)
    PlatformPresetFactory.create(title="archived", dvr_seconds=None)
    PlatformPresetFactory.create(title="alike", gone_at=SEEN_AT)
    PresetLinkFactory.create(preset__title="Alike")

    found = clear_presets()

    pairs = [(each.preset.title, each.tariff.name) for each in found.pairs]
    assert pairs == [("BY NAME", "By name"), ("other", "Alike")]
    assert (found.unclear, found.without) == (0, 1)
    TariffFactory.create(name="Twin", **services)
    found = clear_presets()
    assert ([each.preset.title for each in found.pairs], found.unclear) == (["BY NAME"], 1)


def test_they_are_linked_once_confirmed(operator_client: Client) -> None:
    alike("Cloud 7", "Cloud 30")
    PlatformPresetFactory.create(title="Cloud 7")
    assert REVIEW in operator_client.get(LIST).text

    answer = operator_client.post(REVIEW, {"shown": shown(operator_client)}, follow=True)

    assert "3 presets were linked." in answer.text
    assert linked() == {"Cloud 7": "Cloud 7", "Cloud 30": "Cloud 30"}
    assert PresetLink.objects.count() == 3
    assert REVIEW not in answer.text
    again = operator_client.post(REVIEW, {"shown": ""}).text
    assert "No preset has only one likely tariff plan" in again


def test_nothing_is_linked_if_something_else_would_be(operator_client: Client) -> None:
    alike("Cloud 7")
    confirmed = shown(operator_client)
    alike("Cloud 30")

    answer = operator_client.post(REVIEW, {"shown": confirmed})

    assert "Nothing was linked" in answer.text
    assert linked() == {}


def test_all_are_linked_or_none() -> None:
    (first, one), (second, other) = alike("Cloud 7", "Cloud 30")
    pairs = {first.pk: one.pk, second.pk: other.pk}
    PresetLinkFactory.create(preset=second)
    with pytest.raises(operations.PresetTaken):
        operations.link_presets(pairs)
    PresetLink.objects.all().delete()
    Tariff.objects.filter(pk=one.pk).update(is_archived=True)
    with pytest.raises(operations.TariffArchived):
        operations.link_presets(pairs)
    Tariff.objects.filter(pk=one.pk).update(is_archived=False)
    PlatformPreset.objects.filter(pk=first.pk).update(gone_at=SEEN_AT)
    with pytest.raises(operations.GoneFromPlatform):
        operations.link_presets(pairs)
    with pytest.raises(operations.GoneFromPlatform):
        operations.link_presets({second.pk: other.pk, 0: one.pk})

    assert not PresetLink.objects.exists()


def test_the_number_of_queries_is_constant(operator_client: Client) -> None:
    alike("Cloud 7")
    with CaptureQueriesContext(connection) as few:
        operator_client.get(REVIEW)
    alike(*(f"Plan {number}" for number in range(20)))
    with CaptureQueriesContext(connection) as many:
        operator_client.get(REVIEW)

    assert len(many) == len(few)
