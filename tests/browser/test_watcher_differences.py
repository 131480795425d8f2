"""An operator links Watcher to billing, and resolves what differs, in a browser."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from accounts.tests.factories import OperatorFactory
from organizations.models import Organization
from tests.browser.people import sign_in
from usage.models import UsageInterval
from watcher.drift.comparing import compare, store_sums
from watcher.drift.tests.worlds import a_world_alike
from watcher.models import Difference, PresetLink, WriteRequest
from watcher.reading.tests.worlds import World, a_world
from watcher.tests.factories import ConnectionFactory, DifferenceFactory

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def operator(page: Page, live_server: LiveServer) -> Page:
    """A page on which an operator is signed in."""
    sign_in(page.context, OperatorFactory.create(), live_server.url)
    return page


@pytest.fixture
def unlinked() -> Iterator[World]:
    """A Watcher that was read, with nothing linked, and what its organizations may be here."""
    with a_world() as world:
        world.make_tariffs()
        world.link_organizations()
        Organization.objects.update(watcher_id=None)
        first = world.organizations[0]
        first.title = world.standin.state.organizations[world.tenants[0]].title
        first.watcher_id = None
        first.save()
        tariff = world.tariffs[0]
        tariff.name = world.standin.state.presets[world.presets[0]].title
        tariff.save()
        world.read()
        yield world


@pytest.fixture
def differing() -> Iterator[World]:
    """A Watcher that may be written, and differs in a camera, a preset and an organization."""
    with a_world_alike() as world:
        world.connection.writes_presets = True
        world.connection.save()
        UsageInterval.objects.filter(camera__name=camera_of(world)).delete()
        tariff, organization = world.tariffs[0], world.organizations[0]
        tariff.name = "Ours"
        tariff.save()
        organization.title = "Our harbour"
        organization.save()
        compare(now=world.now)
        yield world


def camera_of(world: World) -> str:
    return next(iter(world.standin.state.names))


def test_what_watcher_has_is_linked_by_one_click(
    operator: Page, live_server: LiveServer, unlinked: World
) -> None:
    page, title = operator, unlinked.organizations[0].title
    page.goto(f"{live_server.url}/watcher/organizations/")
    page.get_by_role("button", name=f"Link {title} to {title}").click()
    expect(page.get_by_text("The organization was linked.")).to_be_visible()

    page.get_by_role("link", name="Presets").click()
    name = unlinked.tariffs[0].name
    page.get_by_role("button", name=f"Link {name} to {name}").click()
    expect(page.get_by_text("What the preset means was saved.")).to_be_visible()

    unlinked.organizations[0].refresh_from_db()
    assert unlinked.organizations[0].watcher_id == str(unlinked.tenants[0])
    assert PresetLink.objects.get().tariff == unlinked.tariffs[0]


def test_many_organizations_are_linked_once_they_were_shown(
    operator: Page, live_server: LiveServer, unlinked: World
) -> None:
    page, there = operator, unlinked.standin.state.organizations
    for organization, tenant in zip(unlinked.organizations, unlinked.tenants, strict=True):
        organization.title, organization.watcher_id = there[tenant].title, None
        organization.save()
    page.goto(f"{live_server.url}/watcher/organizations/")
    page.get_by_label("All on this page").check()
    page.get_by_role("button", name="Link selected…").click()
    for organization in unlinked.organizations:
        row = page.get_by_role("row").filter(has_text=organization.title)
        expect(row).to_contain_text("same title")
    assert not Organization.objects.filter(watcher_id__isnull=False).exists()
    page.get_by_role("button", name="Link 3 organizations").click()
    expect(page.get_by_text("3 organizations were linked.")).to_be_visible()

    for organization, tenant in zip(unlinked.organizations, unlinked.tenants, strict=True):
        organization.refresh_from_db()
        assert organization.watcher_id == str(tenant)


def test_differences_are_resolved_each_way(
    operator: Page, live_server: LiveServer, differing: World
) -> None:
    page, camera = operator, camera_of(differing)
    page.goto(f"{live_server.url}/watcher/differences/")
    expect(page.get_by_text("A month, if all were as in Watcher")).to_be_visible()

    page.get_by_label(f"Select {camera},").check()
    page.get_by_role("button", name="Use Watcher's").click()
    expect(page.get_by_text("1 difference was resolved as in Watcher.")).to_be_visible()
    expect(page.get_by_role("row").filter(has_text=camera)).to_have_count(0)
    assert UsageInterval.objects.in_use().filter(camera__name=camera).exists()

    page.get_by_label("Select Ours, Title of a preset").check()
    page.get_by_role("button", name="Push ours").click()
    expect(page.get_by_text("1 change of Watcher was requested.")).to_be_visible()
    expect(page.get_by_role("row").filter(has_text="Title of a preset")).to_contain_text(
        "ours requested"
    )
    assert WriteRequest.objects.get().wanted == {"title": "Ours"}

    page.get_by_label("Select Our harbour,").check()
    page.get_by_role("button", name="Ignore").click()
    expect(page.get_by_text("Say why these differences are ignored.")).to_be_visible()
    page.get_by_label("Select Our harbour,").check()
    page.get_by_label("Reason to ignore").fill("Called so in the contract")
    page.get_by_role("button", name="Ignore").click()
    expect(page.get_by_text("1 difference is ignored until")).to_be_visible()
    page.get_by_label("Show").select_option("Ignored")
    row = page.get_by_role("row").filter(has_text="Our harbour")
    expect(row).to_contain_text("Called so in the contract")
    assert Difference.objects.ignored().count() == 1


def test_what_differences_come_to_fits_on_a_phone(operator: Page, live_server: LiveServer) -> None:
    ConnectionFactory.create(reads=True)
    for currency, amount in (("EUR", "-151183.10"), ("JPY", "-2001000")):
        DifferenceFactory.create(there_amount=amount, there_currency=currency)
    store_sums()
    operator.set_viewport_size({"width": 390, "height": 844})

    operator.goto(live_server.url)

    expect(operator.get_by_text("JPY\N{NO-BREAK SPACE}2,001,000 a month")).to_be_visible()
    assert operator.evaluate("document.documentElement.scrollWidth") == 390
