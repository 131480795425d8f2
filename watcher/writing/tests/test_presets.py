"""Tests that presets are made from tariff plans, follow them, and may be used."""

from __future__ import annotations

import pytest

from accounts.tests.factories import OperatorFactory
from organizations.tests.factories import OrganizationFactory
from tariffs.models import Tariff
from tariffs.tests.factories import TariffPriceFactory
from watcher.models import PlatformPreset, PresetLink, WriteRequest
from watcher.services import DAY, GIGABYTE
from watcher.standin.web.faults import Kind as Fault
from watcher.writing import operations
from watcher.writing.assignments import ask_for_missing
from watcher.writing.carrying_out import FIRST_WAIT
from watcher.writing.presets import HasPreset, NotOffered, create_presets
from watcher.writing.tests.test_carrying_out import change
from watcher.writing.tests.worlds import State, Writer

pytestmark = pytest.mark.django_db


@pytest.fixture
def tariff(writer: Writer) -> Tariff:
    """A tariff plan without a preset."""
    writer.enable("writes_presets")
    made: Tariff = TariffPriceFactory.create(
        tariff__name="Half a year",
        tariff__dvr_depth_days=180,
        tariff__dvr_space_gb=2_000,
        tariff__has_anpr=True,
    ).tariff
    return made


def create(writer: Writer, tariff: Tariff) -> None:
    create_presets(tariff_ids=[tariff.pk], now=writer.world.now, by=OperatorFactory.create())


def made(writer: Writer) -> list[int]:
    """Return the presets that were not there before."""
    return [pk for pk in writer.world.standin.state.presets if pk not in writer.world.presets]


@pytest.mark.parametrize("version", ["v3-26", "v3-25"])
def test_makes_a_preset_that_cameras_cannot_differ_from_and_links_it(
    writer: Writer, tariff: Tariff, version: str
) -> None:
    writer.world.speak(version)
    create(writer, tariff)
    states = writer.write()

    (pk,) = made(writer)
    preset = writer.world.standin.state.presets[pk]
    assert states == [(f"tariff:{tariff.pk}", State.DONE)]
    assert (preset.title, preset.is_adjustable) == ("Half a year", False)
    assert preset.dvr == {"expiration": 180 * DAY, "storage_limit": 2_000 * GIGABYTE}
    assert preset.vision_alg == "plates"
    assert preset.billing_external_id == (f"tariff-{tariff.pk}" if version == "v3-26" else "")
    assert PresetLink.objects.get(tariff=tariff).preset.preset_id == str(pk)


@pytest.mark.parametrize("fault", ["closed", "broken", "cut"])
def test_a_preset_whose_answer_is_lost_is_found_and_made_once(
    writer: Writer, tariff: Tariff, fault: Fault
) -> None:
    create(writer, tariff)
    writer.world.standin.faults.order(fault, method="POST", path="/presets", after=True)
    writer.write()
    writer.world.wait(FIRST_WAIT.total_seconds())
    writer.write()

    assert [state for _subject, state in writer.states()] == [State.DONE]
    assert len(made(writer)) == 1


def test_what_may_have_been_made_is_not_made_again_by_itself(
    writer: Writer, tariff: Tariff
) -> None:
    create(writer, tariff)
    writer.world.standin.faults.order("closed", method="POST", path="/presets")
    writer.write()
    unknown = WriteRequest.objects.get()
    writer.world.wait(3600)
    writer.write()
    before = made(writer)
    operations.retry(ids=[unknown.pk], now=writer.world.now, by=OperatorFactory.create())
    writer.write()

    assert unknown.state == State.UNKNOWN
    assert before == []
    assert [state for _subject, state in writer.states()] == [State.DONE]
    assert len(made(writer)) == 1


def test_another_preset_of_the_same_title_is_not_taken_for_ours(
    writer: Writer, tariff: Tariff
) -> None:
    writer.world.standin.presets.add(title="Half a year")
    create(writer, tariff)
    writer.write()

    request = WriteRequest.objects.get()
    assert request.state == State.REFUSED
    assert request.failure["error"] == "AlreadyThereError"
    assert len(made(writer)) == 1
    assert not PresetLink.objects.filter(tariff=tariff).exists()


def test_a_tariff_plan_changed_before_its_preset_is_made_is_followed(
    writer: Writer, tariff: Tariff
) -> None:
    create(writer, tariff)
    change(tariff, name="Six months", dvr_depth_days=181)
    writer.write()

    preset = writer.world.standin.state.presets[made(writer)[0]]
    assert (preset.title, preset.dvr["expiration"]) == ("Six months", 181 * DAY)
    assert [state for _subject, state in writer.states()] == [State.DONE, State.DONE]


def test_a_preset_is_requested_once(writer: Writer, tariff: Tariff) -> None:
    create(writer, tariff)
    with pytest.raises(HasPreset):
        create(writer, tariff)
    writer.write()
    with pytest.raises(HasPreset):
        create(writer, tariff)


def test_an_archived_tariff_plan_gets_none(writer: Writer, tariff: Tariff) -> None:
    Tariff.objects.filter(pk=tariff.pk).update(is_archived=True)
    with pytest.raises(NotOffered):
        create(writer, tariff)


def test_nothing_of_a_tariff_plan_is_written_as_0(writer: Writer, tariff: Tariff) -> None:
    Tariff.objects.filter(pk=tariff.pk).update(dvr_depth_days=0, dvr_space_gb=0)
    create(writer, tariff)
    writer.write()

    assert "dvr" not in writer.calls("/presets", "POST")[0]


@pytest.mark.parametrize(("title", "follows"), [("Plan 1", True), ("A month", False)])
def test_a_title_follows_if_it_was_that_of_the_tariff_plan(
    writer: Writer, tariff: Tariff, title: str, follows: bool
) -> None:
    pk = writer.world.presets[1]
    writer.world.standin.presets.change(pk, title=title)
    writer.world.read()
    change(writer.world.tariffs[1], name="Monthly", dvr_depth_days=31)
    writer.write()

    preset = writer.world.standin.state.presets[pk]
    assert preset.dvr["expiration"] == 31 * DAY
    assert preset.title == ("Monthly" if follows else title)


def test_a_size_that_may_mean_the_same_stays(writer: Writer, tariff: Tariff) -> None:
    PlatformPreset.objects.filter(title="30 days").update(dvr_bytes=500 * 2**30)
    Tariff.objects.filter(pk=writer.world.tariffs[1].pk).update(dvr_space_gb=500)
    change(writer.world.tariffs[1], dvr_depth_days=31)

    assert WriteRequest.objects.get().wanted == {"dvr_seconds": 31 * DAY}


def test_a_price_or_a_note_is_nothing_to_watcher(writer: Writer, tariff: Tariff) -> None:
    change(writer.world.tariffs[1], note="For shops")

    assert writer.states() == []


def test_organizations_may_use_the_presets_of_their_tariff_plans(
    writer: Writer, tariff: Tariff
) -> None:
    customer = writer.world.organizations[0]
    customer.tariffs.add(tariff)
    OrganizationFactory.create(title="Not linked", tariffs=[tariff])
    create(writer, tariff)
    writer.write()
    first = ask_for_missing(writer.world.now)
    again = ask_for_missing(writer.world.now)
    writer.write()

    (pk,) = made(writer)
    tenants = writer.world.standin.state.organizations
    allowed = {each for each in writer.world.tenants if pk in tenants[each].preset_ids}
    assert (first, again) == (3, 0)
    assert allowed == {writer.world.tenants[0]}
    states = dict(writer.states())
    assert states[f"organization:{writer.world.tenants[0]}"] == State.DONE
    assert states[f"organization:{writer.world.tenants[1]}"] == State.NEEDLESS


def test_what_was_taken_from_an_organization_in_watcher_is_not_given_again(
    writer: Writer, tariff: Tariff
) -> None:
    ask_for_missing(writer.world.now)
    writer.write()
    writer.world.standin.switches.set(unassign_used_preset="allowed")
    pk, tenant = writer.world.presets[1], writer.world.tenants[0]
    writer.world.standin.organizations.unassign_preset(tenant, preset_id=pk)
    asked: int = ask_for_missing(writer.world.now)

    assert asked == 0


@pytest.mark.parametrize(
    ("empty_vision_in_put", "null_in_put"), [("clears", "ignored"), ("ignored", "clears")]
)
def test_recognition_of_plates_is_taken_off_and_put_back(
    writer: Writer, tariff: Tariff, empty_vision_in_put: str, null_in_put: str
) -> None:
    create(writer, tariff)
    writer.write()
    (pk,) = made(writer)
    preset = writer.world.standin.state.presets[pk]
    writer.world.standin.switches.set(
        empty_vision_in_put=empty_vision_in_put, null_in_put=null_in_put
    )

    change(tariff, has_anpr=False)
    assert writer.write()[-1] == (f"preset:{pk}", State.DONE)
    assert preset.vision_alg is None
    assert preset.dvr == {"expiration": 180 * DAY, "storage_limit": 2_000 * GIGABYTE}

    change(tariff, has_anpr=True)
    assert writer.write()[-1] == (f"preset:{pk}", State.DONE)
    assert preset.vision_alg == "plates"


def test_recognition_of_plates_that_watcher_keeps_is_refused(
    writer: Writer, tariff: Tariff
) -> None:
    create(writer, tariff)
    writer.write()
    (pk,) = made(writer)
    writer.world.standin.switches.set(empty_vision_in_put="ignored", null_in_put="ignored")

    change(tariff, has_anpr=False)

    assert writer.write()[-1] == (f"preset:{pk}", State.REFUSED)
    assert writer.world.standin.state.presets[pk].vision_alg == "plates"
