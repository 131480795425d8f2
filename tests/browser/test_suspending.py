"""An operator suspends an organization here and in Watcher, and restores it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from accounts.tests.factories import OperatorFactory
from organizations import tasks
from tests.browser.people import sign_in
from tests.jobs import run_jobs
from watcher.reading.tests.worlds import World, a_world, link_all

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def world(transactional_db: None) -> Iterator[World]:
    """A Watcher with a limit of cameras, linked, in which suspensions may be carried out."""
    with a_world() as world:
        link_all(world)
        world.standin.organizations.change(world.tenants[0], stream_limit=30)
        world.connection.suspends = True
        world.connection.save()
        yield world


def carry_out() -> None:
    """Do what workers do within a minute."""
    tasks.look_for_suspensions.configure(task_kwargs={"timestamp": 0}).defer()
    run_jobs()


def test_suspending_and_restoring(page: Page, live_server: LiveServer, world: World) -> None:
    sign_in(page.context, OperatorFactory.create(), live_server.url)
    organization = world.organizations[0]
    there = world.standin.state.organizations[world.tenants[0]]
    owner = world.standin.state.users[there.owner_id or 0]

    page.goto(live_server.url + reverse("watcher:suspensions"))
    expect(page.get_by_text("No suspensions found")).to_be_visible()
    page.get_by_role("link", name="Edit").click()
    page.get_by_label("Let no cameras be added").check()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("The settings were saved.")).to_be_visible()

    add = reverse("organizations:add_term", args=[organization.pk, "suspensions"])
    page.goto(live_server.url + add)
    page.get_by_label("First day").fill((date.today() - timedelta(days=3)).isoformat())
    page.get_by_label("Reason").fill("Unpaid invoices")
    page.get_by_role("button", name="Save").click()
    carry_out()
    page.reload()
    header = page.locator(".facts")
    expect(header.get_by_text(re.compile("suspended in Watcher since"))).to_be_visible()
    expect(header.get_by_text("1 user is blocked, limited to 2 cameras")).to_be_visible()
    assert owner.disabled
    assert there.stream_limit == world.standin.state.streams_in[there.id]

    page.goto(live_server.url + reverse("watcher:suspensions"))
    page.get_by_role("link", name=organization.title).click()
    page.get_by_role("link", name=re.compile("^Restore")).click()
    last = page.get_by_label("Last day")
    last.fill((date.today() - timedelta(days=2)).isoformat())
    last.press("Enter")
    expect(page.get_by_role("link", name=re.compile("^Restore"))).to_have_count(0)
    carry_out()
    page.reload()
    expect(page.get_by_text("suspended in Watcher")).to_have_count(0)
    assert not owner.disabled
    assert there.stream_limit == 30
