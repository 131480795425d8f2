"""Tests of the pages of differences."""

from __future__ import annotations

import csv
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponseBase
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from organizations.tests.factories import OrganizationFactory
from usage.cameras.organization_filter import organizations_meant_by
from watcher.drift.comparing import store_sums
from watcher.drift.kinds import Kind
from watcher.models import Connection, Difference, ReadingState, ReportState
from watcher.tests.factories import (
    ConnectionFactory,
    DifferenceFactory,
    ReportDifferenceFactory,
)

pytestmark = pytest.mark.django_db
LIST, REPORT = reverse("watcher:differences"), reverse("watcher:report")
COMPARE = reverse("watcher:compare_report")


@pytest.fixture(autouse=True)
def _read() -> None:
    ConnectionFactory.create(reads=True)
    now = timezone.now()
    ReadingState.objects.create(begun_at=now, read_at=now, read_until=now)


def a_difference(name: str = "gate", kind: Kind = Kind.CAMERA_THERE, **values: Any) -> Difference:
    """Store a difference; a camera costs EUR 9.00 a month."""
    if kind is not Kind.CAMERA_THERE:
        values |= {"there_amount": None, "there_currency": ""}
    found: Difference = DifferenceFactory.create(kind=kind, key=name, name=name, **values)
    store_sums()
    return found


def lines(answer: HttpResponseBase) -> list[dict[str, str]]:
    text = b"".join(answer.streaming_content).decode()  # type: ignore[attr-defined]
    return list(csv.DictReader(StringIO(text)))


def test_differences_are_listed_with_what_they_come_to(support_client: Client) -> None:
    a_difference()
    a_difference("yard", there_amount=None, there_currency="", is_unpriced=True)

    page = support_client.get(LIST).text

    assert "Camera that is not charged" in page
    assert "+EUR" in page or "+€" in page or "9.00" in page
    assert "Without the 1 camera" in page
    assert "Use Watcher" not in page


@pytest.mark.parametrize("kind", Kind)
def test_every_kind_says_what_is_on_both_sides_and_what_to_do(
    operator_client: Client, kind: Kind
) -> None:
    values: dict[str, Any] = {
        Kind.TITLE: ({"title": "Ours"}, {"title": "Theirs"}),
        Kind.PRESET_TITLE: ({"title": "Ours"}, {"title": "Theirs"}),
        Kind.OWNER: ({"email": "a@ours.example"}, {"email": "", "login": "b@theirs.example"}),
        Kind.OWNER_BLOCKED: ({"is_blocked": True}, {"is_blocked": False}),
        Kind.LIMIT: ({}, {"most_cameras": 5}),
        Kind.ORGANIZATION_HERE: ({"watcher_id": ""}, {}),
        Kind.PRESET_SERVICES: (
            {"days": 7, "gigabytes": 100, "anpr": True},
            {"seconds": None, "is_null": True, "bytes": 10**9, "anpr": False},
        ),
    }
    here, there = values.get(kind, ({}, {}))
    organization = OrganizationFactory.create()
    a_difference("thing", kind, here=here, there=there, organization=organization)

    page = operator_client.get(LIST).text
    (row,) = lines(operator_client.get(reverse("watcher:differences_csv")))

    assert str(kind.label) in page
    assert row["kind"] == kind
    assert row["here"] or row["in_watcher"]


def test_differences_are_found_by_name_kind_organization_and_state(
    operator_client: Client,
) -> None:
    organization = OrganizationFactory.create(title="Harbour")
    a_difference("gate-1", organization=organization)
    a_difference("yard-1", Kind.PRESET_ADJUSTABLE)
    a_difference("roof-1", ignored_at=timezone.now(), ignored_reason="Test camera")

    def shown(**query: str) -> set[str]:
        page = operator_client.get(LIST, query).text
        return {name for name in ("gate-1", "yard-1", "roof-1") if name in page}

    assert shown() == {"gate-1", "yard-1"}
    assert shown(q="gate") == {"gate-1"}
    assert shown(kind="preset_adjustable") == {"yard-1"}
    assert shown(organization="harbour") == {"gate-1"}
    assert shown(state="ignored") == {"roof-1"}
    assert "Test camera" in operator_client.get(LIST, {"state": "ignored"}).text


@pytest.mark.parametrize("query", [{}, {"q": "camera"}, {"state": "ignored"}])
def test_the_number_of_queries_is_constant(operator_client: Client, query: dict[str, str]) -> None:
    ignored: dict[str, Any] = {"ignored_at": timezone.now(), "ignored_reason": "Why"}
    ignored = ignored if "state" in query else {}
    a_difference("camera-0", **ignored)
    operator_client.get(LIST, query)
    with CaptureQueriesContext(connection) as few:
        operator_client.get(LIST, query)
    for number in range(1, 20):
        a_difference(f"camera-{number}", organization=OrganizationFactory.create(), **ignored)
    with CaptureQueriesContext(connection) as many:
        operator_client.get(LIST, query)

    assert len(many) == len(few)


def test_no_query_has_more_joins_than_postgresql_reorders(operator_client: Client) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SHOW join_collapse_limit")
        most = int(cursor.fetchone()[0])
    a_difference(organization=OrganizationFactory.create())

    with CaptureQueriesContext(connection) as captured:
        operator_client.get(LIST)

    # The table, and the rows of the page that are found first, are two more.
    assert max(each["sql"].count(" JOIN ") for each in captured.captured_queries) + 2 <= most


def test_a_difference_is_ignored_for_a_reason(operator_client: Client) -> None:
    row = a_difference()
    address = reverse("watcher:ignore_differences")

    refused = operator_client.post(address, {"difference": row.pk, "reason": " "}, follow=True)
    assert "Say why these differences are ignored." in refused.text
    operator_client.post(address, {"difference": row.pk, "reason": "Test camera"})
    row.refresh_from_db()
    assert row.ignored_reason == "Test camera"

    operator_client.post(reverse("watcher:list_differences"), {"difference": row.pk})
    row.refresh_from_db()
    assert row.ignored_at is None


def test_a_decision_about_nothing_and_about_what_is_gone_is_refused(
    operator_client: Client,
) -> None:
    address = reverse("watcher:use_platform")
    assert "Select at least one difference." in operator_client.post(address, follow=True).text
    row = a_difference()
    Difference.objects.all().delete()

    answer = operator_client.post(address, {"difference": row.pk}, follow=True)
    assert "not as they were shown" in answer.text


def test_home_counts_the_differences_and_what_they_cost(operator_client: Client) -> None:
    assert "difference from Watcher" not in operator_client.get("/").text
    a_difference()
    a_difference("roof", ignored_at=timezone.now(), ignored_reason="Why")

    page = operator_client.get("/").text
    assert "1 difference from Watcher" in page
    assert "a month" in page


def test_days_that_differ_from_the_report_are_listed_and_exported(
    support_client: Client,
) -> None:
    today = timezone.now().date()
    ReportState.objects.create(
        tried_at=timezone.now(), compared_at=timezone.now(), first_on=today, last_on=today
    )
    for number in range(3):
        ReportDifferenceFactory.create(
            name=f"gate-{number}",
            first_on=today - timedelta(days=number),
            last_on=today,
        )

    page = support_client.get(REPORT, {"q": "gate-2"}).text
    assert "gate-2" in page
    assert "gate-1" not in page
    rows = lines(support_client.get(reverse("watcher:report_csv")))
    assert [row["days"] for row in rows] == ["1", "2", "3"]


def test_before_the_first_reading_the_page_says_so(support_client: Client) -> None:
    ReadingState.objects.all().delete()

    assert "Watcher was not read yet." in support_client.get(LIST).text


def test_those_of_an_organization_are_found_by_an_index_of_each_side(db: None) -> None:
    found, other = OrganizationFactory.create_batch(2)
    here = a_difference("here", organization=found)
    there = a_difference("there", organization=other, there_organization=found)
    a_difference("elsewhere", organization=other)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")

    of_found = Difference.objects.of_organizations(organizations_meant_by(found.title))

    assert set(of_found) == {here, there}
    plan = of_found.order_by().explain()
    assert "watcher_difference_of_org" in plan
    assert "watcher_difference_org_there" in plan


def test_those_of_many_organizations_are_found(
    operator_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("watcher.drift.models.FEW", 1)
    organizations = [OrganizationFactory.create(title=f"Harbour {each}") for each in range(3)]
    for each in organizations[:2]:
        a_difference(f"gate-{each.pk}", organization=each)
    a_difference("elsewhere", organization=OrganizationFactory.create(title="Mill"))

    page = operator_client.get(LIST, {"organization": "harbour"}).text

    assert all(f"gate-{each.pk}" in page for each in organizations[:2])
    assert "elsewhere" not in page


@pytest.mark.parametrize(
    ("values", "is_offered"),
    [({}, True), ({"api_version": "v3-25"}, False), ({"reads": False}, False)],
)
def test_the_report_is_compared_at_once_where_there_is_one(
    operator_client: Client, values: dict[str, Any], is_offered: bool
) -> None:
    Connection.objects.update(**{"api_version": "v3-26", **values})

    assert (COMPARE in operator_client.get(REPORT).text) is is_offered


def test_compare_now_defers_one_job(operator_client: Client, support_client: Client) -> None:
    for _time in range(2):
        operator_client.post(COMPARE)

    assert ProcrastinateJob.objects.filter(task_name="watcher.compare_usage").count() == 1
    assert COMPARE not in support_client.get(REPORT).text
