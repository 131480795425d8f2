"""Tests of scheduled runs: each is started once for each date, also after an outage."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, OperationalError, connection, transaction
from django.test import Client
from pytest_django import DjangoAssertNumQueries, Settings

from foundation.audit.sql_files import read_sql
from foundation.web.versions import version_of
from invoices import migrations
from invoices.models import Invoice
from invoices.provider.models import Provider
from invoices.runs import operations as runs
from invoices.runs import releasing, schedules
from invoices.runs.models import InvoiceRun, RunItem
from invoices.runs.schedule_models import RunSchedule, ScheduledStart
from invoices.runs.schedule_views import ScheduleForm
from invoices.runs.schedules import TimeTaken
from invoices.tests.factories import BilledOrganizationFactory, BilledUseFactory, ProviderFactory
from tests.jobs import run_jobs

pytestmark = pytest.mark.django_db(transaction=True)

OCTOBER_20 = datetime(2026, 10, 20, 12, tzinfo=UTC)
SIX = time(6)
ADDRESS = "/invoices/runs/schedules/"


@pytest.fixture(autouse=True)
def _berlin(settings: Settings) -> None:
    settings.TIME_ZONE = "Europe/Berlin"


@pytest.fixture
def provider(transactional_db: None) -> Provider:
    return ProviderFactory.create()


def customer(title: str) -> None:
    organization = BilledOrganizationFactory.create(title=title, billing_email="")
    BilledUseFactory.create(camera__organization=organization)


def schedule(day: int = 1, at: time = SIX, action: str = "issue", **fields: Any) -> RunSchedule:
    return schedules.create(day=day, at=at, action=action, now=fields.get("now", OCTOBER_20))


def shown(planned: RunSchedule) -> str:
    """Return the version that a form sends which was opened now."""
    return version_of(schedules.stored_values(planned))


def at(month: int, day: int, hour: int = 0, minute: int = 0) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=UTC)


def outcomes() -> list[tuple[date, str]]:
    return list(ScheduledStart.objects.order_by("due_on").values_list("due_on", "outcome"))


def test_a_run_is_started_at_its_time_in_the_provider_s_time_zone(provider: Provider) -> None:
    customer("Good")
    planned = schedule()
    assert planned.next_on == date(2026, 11, 1)

    # The clocks were put back in October: 06:00 in Berlin is 05:00 UTC.
    assert schedules.start_due(at(11, 1, 4, 59)) == 0
    assert not InvoiceRun.objects.exists()
    assert schedules.start_due(at(11, 1, 5, 0)) == 1
    run_jobs()

    assert InvoiceRun.objects.get().month == date(2026, 10, 1)
    assert Invoice.objects.count() == 1
    planned.refresh_from_db()
    assert planned.next_on == date(2026, 12, 1)
    assert outcomes() == [(date(2026, 11, 1), "started")]


def test_a_run_that_creates_drafts_issues_nothing(provider: Provider) -> None:
    customer("Good")
    schedule(action="drafts")

    schedules.start_due(at(11, 1, 5, 0))
    run_jobs()

    assert RunItem.objects.get().state == "drafted"
    assert not Invoice.objects.exists()


def test_a_run_is_started_once_for_each_date(provider: Provider) -> None:
    customer("Good")
    planned = schedule()

    def start() -> int:
        try:
            return schedules.start_due(at(11, 1, 5, 1))
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        started = [each.result() for each in [pool.submit(start) for _ in range(4)]]
    assert sorted(started) == [0, 0, 0, 1]
    RunSchedule.objects.update(next_on=date(2026, 11, 1))
    with pytest.raises(IntegrityError), transaction.atomic():
        schedules.start_due(at(11, 1, 5, 2))
    run_jobs()

    assert Invoice.objects.count() == 1
    assert planned.starts.count() == 1


def test_what_was_due_during_an_outage_is_started_late(
    operator_client: Client, provider: Provider
) -> None:
    customer("Good")
    schedule()

    assert schedules.start_due(at(12, 3, 9, 0)) == 2
    assert schedules.start_due(at(12, 3, 9, 1)) == 0
    run_jobs()

    months = InvoiceRun.objects.order_by("month").values_list("month", flat=True)
    assert list(months) == [date(2026, 10, 1), date(2026, 11, 1)]
    assert {start.late_by for start in ScheduledStart.objects.all()} == {
        timedelta(days=32, hours=4),
        timedelta(days=2, hours=4),
    }
    assert "Started late, 3 Dec 2026, 10:00" in operator_client.get(ADDRESS).text


def test_nothing_happens_if_the_month_is_invoiced(
    operator_client: Client, provider: Provider
) -> None:
    customer("Good")
    runs.start(month=date(2026, 10, 1), now=at(11, 1, 4, 0), by=None)
    run_jobs()
    schedule(action="drafts")

    schedules.start_due(at(11, 1, 5, 0))
    run_jobs()

    assert outcomes() == [(date(2026, 11, 1), "nothing")]
    assert Invoice.objects.count() == 1
    assert InvoiceRun.objects.get().drafted_at is None
    assert "all organizations are invoiced or have drafts." in operator_client.get(ADDRESS).text


def test_a_refused_start_is_shown_on_home(operator_client: Client, provider: Provider) -> None:
    customer("Good")
    runs.start(month=date(2026, 10, 1), now=at(11, 1, 4, 0), by=None, drafts_only=True)
    run_jobs()
    schedule(action="issue")

    schedules.start_due(at(11, 1, 5, 0))

    assert outcomes() == [(date(2026, 11, 1), "refused")]
    assert "This month has drafts that wait for release." in operator_client.get(ADDRESS).text
    home = operator_client.get("/").text
    assert "The scheduled run for October 2026 was not started" in home
    assert "1 organization has drafts for release in the run for October 2026" in home


@pytest.mark.parametrize("is_released", [True, False])
def test_a_refused_start_leaves_home_once_the_month_is_issued(
    operator_client: Client, provider: Provider, is_released: bool
) -> None:
    customer("Good")
    month = date(2026, 10, 1)
    run = runs.start(month=month, now=at(11, 1, 4, 0), by=None, drafts_only=True)
    run_jobs()
    schedule(action="issue")
    schedules.start_due(at(11, 1, 5, 0))

    if is_released:
        shown = releasing.for_release(run).version
        releasing.release(month=month, shown=shown, now=at(11, 1, 8, 0), by=None)
    else:
        releasing.withdraw(month=month, now=at(11, 1, 8, 0), by=None)
        assert "was not started" in operator_client.get("/").text
        runs.start(month=month, now=at(11, 1, 8, 30), by=None)

    assert "was not started" not in operator_client.get("/").text


def test_an_unexpected_error_is_recorded_and_does_not_stop_other_schedules(
    provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    customer("Good")
    schedule()
    schedule(day=2)
    start = runs.start

    def fail_first(**arguments: Any) -> InvoiceRun:
        monkeypatch.setattr(runs, "start", start)
        raise ValueError

    monkeypatch.setattr(runs, "start", fail_first)
    schedules.start_due(at(11, 2, 6, 0))

    assert outcomes() == [(date(2026, 11, 1), "failed"), (date(2026, 11, 2), "started")]
    assert ScheduledStart.objects.get(outcome="failed").reason == "ValueError"


def test_a_start_during_an_outage_of_the_database_is_tried_again(
    provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    customer("Good")
    schedule()

    def fail(**arguments: Any) -> InvoiceRun:
        raise OperationalError

    with monkeypatch.context() as patched:
        patched.setattr(runs, "start", fail)
        with pytest.raises(OperationalError):
            schedules.start_due(at(11, 1, 5, 0))
    assert outcomes() == []
    schedules.start_due(at(11, 1, 5, 1))

    assert outcomes() == [(date(2026, 11, 1), "started")]


@pytest.mark.parametrize(
    ("day", "now", "expected"),
    [
        (31, at(10, 20), [date(2026, 10, 31), date(2026, 11, 30), date(2026, 12, 31)]),
        (30, datetime(2027, 1, 31, tzinfo=UTC), [date(2027, 2, 28), date(2027, 3, 30)]),
        (29, datetime(2028, 2, 1, tzinfo=UTC), [date(2028, 2, 29), date(2028, 3, 29)]),
        (1, at(11, 1, 4, 59), [date(2026, 11, 1), date(2026, 12, 1)]),
        (1, at(11, 1, 5, 0), [date(2026, 12, 1)]),
    ],
)
def test_days_that_a_month_does_not_have_are_its_last_day(
    db: None, day: int, now: datetime, expected: list[date]
) -> None:
    planned = schedule(day=day, now=now)
    found = [planned.next_on]
    while len(found) < len(expected):
        assert schedules.start_due(schedules.due_at(found[-1], SIX)) == 1
        planned.refresh_from_db()
        found.append(planned.next_on)

    assert found == expected


@pytest.mark.parametrize(
    ("day", "local", "expected"),
    [
        # The clocks are put forward from 02:00 to 03:00, and back from 03:00 to 02:00.
        (date(2026, 3, 29), time(1, 59), at(3, 29, 0, 59)),
        (date(2026, 3, 29), time(2, 30), at(3, 29, 1, 30)),
        (date(2026, 3, 29), time(3, 30), at(3, 29, 1, 30)),
        (date(2026, 10, 25), time(2, 30), at(10, 25, 0, 30)),
        (date(2026, 10, 25), time(3, 0), at(10, 25, 2, 0)),
    ],
)
def test_a_time_at_a_change_of_clocks_is_one_instant(
    day: date, local: time, expected: datetime
) -> None:
    assert schedules.due_at(day, local) == expected


def test_a_run_in_the_hour_that_occurs_twice_is_started_once(provider: Provider) -> None:
    customer("Good")
    schedule(day=25, at=time(2, 30))

    started = [schedules.start_due(at(10, 25, hour, 30)) for hour in (0, 1, 2)]

    assert started == [1, 0, 0]


class TestThePage:
    def test_schedules_a_run(self, operator_client: Client, db: None) -> None:
        entries = {"day": "31", "at": "05:30", "action": "drafts"}

        page = operator_client.post(ADDRESS, entries, follow=True).text

        assert "The run is scheduled." in page
        assert "Day 31, 05:30" in page
        assert "or the last day of a shorter month" in page
        assert "All times are in Europe/Berlin." in page

    def test_refuses_a_day_that_no_month_has(self, operator_client: Client) -> None:
        page = operator_client.post(ADDRESS, {"day": "32", "at": "05:30", "action": "drafts"}).text

        assert "less than or equal to 31" in page
        assert 'value="05:30"' in page
        assert not RunSchedule.objects.exists()

    def test_changes_pauses_resumes_and_deletes(self, operator_client: Client, db: None) -> None:
        planned = schedule()
        own = f"{ADDRESS}{planned.pk}/"

        entries = {"day": "2", "at": "07:00", "action": "drafts", "version": shown(planned)}
        operator_client.post(f"{own}edit/", entries)
        planned.refresh_from_db()
        assert (planned.day, planned.at, planned.action) == (2, time(7), "drafts")
        assert "Paused" in operator_client.post(f"{own}pause/", follow=True).text
        assert schedules.start_due(datetime(2199, 1, 1, tzinfo=UTC)) == 0
        operator_client.post(f"{own}pause/", {"resume": "1"})
        planned.refresh_from_db()
        assert not planned.is_paused
        operator_client.post(f"{own}delete/")
        assert not RunSchedule.objects.exists()
        for form in ("pause", "edit"):
            answer = operator_client.post(f"{own}{form}/", entries, follow=True)
            assert "Someone has deleted" in answer.text

    @pytest.mark.parametrize("is_paused", [True, False])
    def test_refuses_a_day_and_time_that_another_run_has(
        self, operator_client: Client, db: None, is_paused: bool
    ) -> None:
        first, second = schedule(), schedule(day=2)
        schedules.pause(schedule_id=first.pk, is_paused=is_paused, now=OCTOBER_20)
        entries = {"day": "1", "at": "06:00", "action": "drafts"}

        for address in (ADDRESS, f"{ADDRESS}{second.pk}/edit/"):
            page = operator_client.post(address, entries)
            assert page.context["form"].errors["at"] == [str(TimeTaken())]
            assert page.context["form"].non_field_errors() == []

        assert sorted(RunSchedule.objects.values_list("day", flat=True)) == [1, 2]

    def test_keeps_the_day_and_time_of_the_run_itself(
        self, operator_client: Client, db: None
    ) -> None:
        planned = schedule(action="issue")
        entries = {"day": "1", "at": "06:00", "action": "drafts", "version": shown(planned)}

        operator_client.post(f"{ADDRESS}{planned.pk}/edit/", entries)

        planned.refresh_from_db()
        assert planned.action == "drafts"

    def test_says_that_somebody_else_has_just_taken_the_time(
        self, operator_client: Client, db: None, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        schedule()
        monkeypatch.setattr(ScheduleForm, "clean", lambda form: form.cleaned_data)
        monkeypatch.setattr(ScheduleForm, "_post_clean", lambda form: None)

        page = operator_client.post(ADDRESS, {"day": "1", "at": "06:00", "action": "drafts"})

        assert page.context["form"].errors["at"] == [str(TimeTaken())]

    def test_does_not_overwrite_what_somebody_else_saved_meanwhile(
        self, operator_client: Client, db: None
    ) -> None:
        planned = schedule(action="drafts")
        entries = {"day": "1", "at": "07:00", "action": "drafts", "version": shown(planned)}
        operator_client.post(f"{ADDRESS}{planned.pk}/edit/", entries)

        later = {**entries, "at": "08:00"}
        answer = operator_client.post(f"{ADDRESS}{planned.pk}/edit/", later)

        planned.refresh_from_db()
        assert planned.at == time(7)
        assert "Nothing was saved" in answer.text
        confirmed = {**later, "version": answer.context["version"]}
        operator_client.post(f"{ADDRESS}{planned.pk}/edit/", confirmed)
        planned.refresh_from_db()
        assert planned.at == time(8)

    def test_takes_no_seconds(self, operator_client: Client, db: None) -> None:
        page = operator_client.post(ADDRESS, {"day": "1", "at": "06:00:30", "action": "drafts"})

        text = "Enter a time from 00:00 to 23:59, for example 06:00."
        assert page.context["form"].errors["at"] == [text]

    def test_support_sees_it_but_changes_nothing(self, support_client: Client, db: None) -> None:
        schedule()

        page = support_client.get(ADDRESS).text

        assert "Day 1, 06:00" in page
        assert "Schedule the run" not in page
        assert support_client.post(ADDRESS, {"day": "1"}).status_code == 403

    def test_has_a_constant_number_of_queries(
        self, operator_client: Client, django_assert_num_queries: DjangoAssertNumQueries
    ) -> None:
        for day in (1, 2, 3):
            schedule(day=day)
        schedules.start_due(at(11, 3, 9, 0))
        operator_client.get(ADDRESS)

        with django_assert_num_queries(5):
            operator_client.get(ADDRESS)


def test_what_was_due_while_paused_is_not_started(provider: Provider) -> None:
    customer("Good")
    planned = schedule()
    schedules.pause(schedule_id=planned.pk, is_paused=True, now=OCTOBER_20)
    schedules.pause(schedule_id=planned.pk, is_paused=False, now=at(11, 1, 9, 0))

    assert schedules.start_due(at(11, 1, 9, 1)) == 0


@pytest.mark.parametrize(("day", "hour"), [(1, 6), (1, 5), (1, 10)])
def test_a_change_does_not_lose_what_was_due_during_an_outage(
    provider: Provider, day: int, hour: int
) -> None:
    customer("Good")
    planned = schedule()

    schedules.change(
        schedule_id=planned.pk,
        day=day,
        at=time(hour),
        action="drafts",
        now=at(11, 1, 8, 0),
        shown=shown(planned),
    )

    schedules.start_due(at(11, 1, 12, 0))
    assert outcomes() == [(date(2026, 11, 1), "started")]
    planned.refresh_from_db()
    assert planned.next_on == date(2026, 12, 1)


def test_a_date_that_was_started_is_not_due_again_after_a_change(provider: Provider) -> None:
    customer("Good")
    planned = schedule()
    schedules.start_due(at(11, 1, 5, 0))

    schedules.change(
        schedule_id=planned.pk,
        day=1,
        at=time(8),
        action="issue",
        now=at(11, 1, 5, 30),
        shown=shown(planned),
    )

    planned.refresh_from_db()
    assert planned.next_on == date(2026, 12, 1)


def test_the_day_and_time_of_another_schedule_are_refused(provider: Provider) -> None:
    schedule()
    other = schedule(day=2)

    with pytest.raises(TimeTaken):
        schedule()
    with pytest.raises(TimeTaken):
        schedules.change(
            schedule_id=other.pk,
            day=1,
            at=SIX,
            action="drafts",
            now=OCTOBER_20,
            shown=shown(other),
        )

    other.refresh_from_db()
    assert other.day == 2


def test_the_migration_keeps_the_oldest_of_equal_schedules_with_the_starts_of_all(
    provider: Provider,
) -> None:
    def stored(day: int, starts: dict[int, str], **fields: Any) -> RunSchedule:
        made = RunSchedule.objects.create(day=day, at=SIX, next_on=date(2026, 11, day), **fields)
        for month, outcome in starts.items():
            due = at(month, day, 5)
            made.starts.create(
                due_on=due.date(),
                due_at=due,
                started_at=due,
                month=date(2026, 1, 1),
                outcome=outcome,
            )
        return made

    with connection.cursor() as cursor, transaction.atomic():
        cursor.execute(
            "ALTER TABLE invoices_runschedule DROP CONSTRAINT invoices_one_schedule_a_time"
        )
        stored(1, {8: "refused"}, is_paused=True)
        oldest = stored(1, {9: "started"})
        stored(1, {9: "nothing", 10: "started"})
        stored(1, {10: "nothing"})
        alone = stored(2, {9: "started"})
        cursor.execute(read_sql(migrations.__file__, "0111_one_schedule_a_time.sql"))
        cursor.execute(
            "ALTER TABLE invoices_runschedule ADD CONSTRAINT invoices_one_schedule_a_time "
            "UNIQUE (day, at)"
        )

    assert list(RunSchedule.objects.all()) == [oldest, alone]
    starts = oldest.starts.order_by("due_on").values_list("due_on__month", "outcome")
    assert list(starts) == [(8, "refused"), (9, "started"), (10, "started")]
    assert alone.starts.get().outcome == "started"
