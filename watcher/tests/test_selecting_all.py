"""Tests that all rows which a list's filter finds are decided about, or none if it has changed."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, NamedTuple

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from organizations.tests.factories import OrganizationFactory
from watcher.drift.comparing import store_sums
from watcher.drift.tables import DifferenceTable
from watcher.models import CameraChange, Difference, ReadingState, WriteRequest
from watcher.reading.tests.test_pages import a_change
from watcher.tests.factories import ConnectionFactory, DifferenceFactory
from watcher.writing.tests.factories import WriteRequestFactory

pytestmark = pytest.mark.django_db
MATCHING, OTHERS = 60, 3
"""More than the rows of a page, and as many that the filter leaves out."""


def a_difference(name: str) -> None:
    DifferenceFactory.create(key=name, name=name)
    store_sums()


def a_request(name: str) -> None:
    WriteRequestFactory.create(about=name)


def an_organization(name: str) -> None:
    OrganizationFactory.create(title=name)


class Case(NamedTuple):
    """A list, what its button does, and how many rows were decided about."""

    page: str
    button: str
    add: Callable[[str], object]
    decided: Callable[[], int]
    also: dict[str, str] = {}  # noqa: RUF012 a default that nobody changes


CASES = {
    "differences": Case(
        "differences",
        "ignore_differences",
        a_difference,
        lambda: Difference.objects.ignored().count(),
        {"reason": "As agreed"},
    ),
    "requests": Case(
        "requests",
        "withdraw_requests",
        a_request,
        lambda: WriteRequest.objects.filter(state=WriteRequest.State.WITHDRAWN).count(),
    ),
    "changes": Case(
        "changes",
        "dismiss_changes",
        a_change,
        lambda: CameraChange.objects.filter(state=CameraChange.State.DISMISSED).count(),
    ),
    "unlinked": Case("unlinked", "create", an_organization, lambda: WriteRequest.objects.count()),
}


@pytest.fixture(params=CASES)
def case(request: Any) -> Case:
    """A list of more rows than a page has, some of which `?q=gate` finds."""
    ConnectionFactory.create(reads=True, writes_organizations=True, writes_presets=True)
    now = timezone.now()
    ReadingState.objects.create(begun_at=now, read_at=now, read_until=now)
    case = CASES[request.param]
    for number in range(MATCHING):
        case.add(f"gate {number}")
    for number in range(OTHERS):
        case.add(f"yard {number}")
    return case


def form_of(page: str) -> dict[str, str]:
    """Return what the form above the rows sends besides those."""
    (form,) = re.findall(r'<form id="selection".*?</form>', page, re.DOTALL)
    found = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', form)
    return {name: value for name, value in found if name != "csrfmiddlewaretoken"}


def test_all_that_the_filter_finds_are_decided_about(operator_client: Client, case: Case) -> None:
    page = operator_client.get(reverse(f"watcher:{case.page}"), {"q": "gate"}).text
    assert f"All {MATCHING} on all pages" in page
    sent = {**form_of(page), **case.also, "all": "1"}

    answer = operator_client.post(reverse(f"watcher:{case.button}"), sent, follow=True)

    assert f"{MATCHING} " in answer.text
    assert case.decided() == MATCHING


def test_nothing_is_decided_about_a_row_that_was_not_counted(
    operator_client: Client, case: Case
) -> None:
    page = operator_client.get(reverse(f"watcher:{case.page}"), {"q": "gate"}).text
    case.add("gate 99")

    answer = operator_client.post(
        reverse(f"watcher:{case.button}"),
        {**form_of(page), **case.also, "all": "1"},
        follow=True,
    )

    assert "The list has changed since it was shown." in answer.text
    assert case.decided() == 0


def test_a_list_with_too_many_rows_asks_for_a_narrower_search(
    operator_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    ConnectionFactory.create(reads=True)
    now = timezone.now()
    ReadingState.objects.create(begun_at=now, read_at=now, read_until=now)
    for number in range(MATCHING):
        a_difference(f"gate {number}")
    monkeypatch.setattr(DifferenceTable, "most_at_once", MATCHING - 1)

    page = operator_client.get(reverse("watcher:differences")).text

    assert "To select all, narrow the search to at most 59." in page
    assert 'name="all"' not in page
