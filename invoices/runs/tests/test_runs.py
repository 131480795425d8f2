"""Tests of invoice runs: each organization is invoiced once, even if another one has a problem."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import partial
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.types import JSONValue
from pytest_django import Settings

from accounts.models import User
from foundation.jobs.setup import has_worker
from foundation.lists.pages import ROWS_A_PAGE
from invoices.issuing import operations
from invoices.issuing.refusals import MonthNotBegun, RunUnderWay
from invoices.management.commands import invoice_run
from invoices.management.commands.invoice_run import Command
from invoices.models import Invoice
from invoices.provider.models import Provider
from invoices.runs import exclusions
from invoices.runs import operations as runs
from invoices.runs.models import InvoiceRun, RunItem
from invoices.tests.factories import (
    IN_NOVEMBER,
    OCTOBER,
    BilledOrganizationFactory,
    BilledUseFactory,
    ProviderFactory,
)
from invoices.uninvoiced.tests.stored import keep_all
from local_run.tests.helpers import wait_until
from organizations.models import Organization
from organizations.tests.factories import OrganizationFactory
from tariffs.tests.factories import TariffFactory, TariffPriceFactory
from tariffs.tests.test_operations_concurrency import wait_until_blocked
from tests.jobs import due_now, jobs, run_jobs
from tests.visible import visible

pytestmark = pytest.mark.django_db(transaction=True)

MONTH = date(2026, 10, 1)
# Those that start a run which exists.
BUTTONS = ('id="draft-again"', 'id="run-again"')


@pytest.fixture
def provider(transactional_db: None) -> Provider:
    return ProviderFactory.create()


def customer(title: str, **fields: object) -> Organization:
    """Create an organization that has used a camera since January."""
    organization = BilledOrganizationFactory.create(title=title, billing_email="", **fields)
    BilledUseFactory.create(camera__organization=organization)
    return organization


def start(by: User | None = None) -> InvoiceRun:
    return runs.start(month=MONTH, now=IN_NOVEMBER, by=by)


def outcomes() -> dict[str, str]:
    items = RunItem.objects.select_related("organization")
    return {item.organization.title: item.state for item in items}


def deferred() -> list[dict[str, Any]]:
    """Return the jobs of runs that are waiting, running or failed."""
    return [job for job in jobs() if job["task_name"] == "invoices.issue_for_run"]


def test_a_run_issues_to_every_organization_that_used_cameras(
    provider: Provider, operator: User
) -> None:
    first, second = customer("First"), customer("Second")
    ended = BilledUseFactory.create(ended_at=datetime(2026, 9, 28, tzinfo=UTC))

    start(by=operator)
    run_jobs()

    assert outcomes() == {"First": "issued", "Second": "issued"}
    issued = Invoice.objects.order_by("organization__title")
    assert [each.organization for each in issued] == [first, second]
    assert {each.issued_by for each in issued} == {operator}
    assert {each.period for each in issued} == {OCTOBER}
    events = Invoice.pgh_event_model.objects.all()  # type: ignore[attr-defined]
    by_job = {"job": "invoices.issue_for_run", "user": operator.pk}
    assert [each.pgh_context for each in events] == [by_job] * 2
    assert not ended.organization.invoices.exists()


def test_a_problem_of_one_organization_does_not_stop_the_others(provider: Provider) -> None:
    customer("Good")
    customer("No city", details__city="")
    customer("On trial", trial_first_on=date(2026, 10, 1), trial_last_on=date(2026, 10, 31))
    unpriced = BilledOrganizationFactory.create(title="Unpriced")
    late = TariffFactory.create()
    TariffPriceFactory.create(tariff=late, valid_from=date(2026, 10, 9))
    BilledUseFactory.create(camera__organization=unpriced, tariff=late)

    start()
    run_jobs()

    assert outcomes() == {
        "Good": "issued",
        "No city": "refused",
        "On trial": "nothing",
        "Unpriced": "refused",
    }
    assert Invoice.objects.count() == 1


def test_each_blocked_organization_is_linked_to_where_its_reason_is_removed(
    operator_client: Client, provider: Provider
) -> None:
    lacking = customer("No city", details__city="")
    late = TariffFactory.create()
    TariffPriceFactory.create(tariff=late, valid_from=date(2026, 10, 9))
    unpriced = BilledOrganizationFactory.create(title="Unpriced")
    BilledUseFactory.create(camera__organization=unpriced, tariff=late)
    start()
    run_jobs()

    page = operator_client.get("/invoices/runs/2026-10/?state=refused").text

    details = lacking.billing_details.get().pk
    back = "next=%2Finvoices%2Fruns%2F2026-10%2F%3Fstate%3Drefused"
    billing = f"/organizations/{lacking.pk}/billing/?version={details}&amp;{back}#id_city"
    assert f'href="{billing}" aria-label="Fix it: No city"' in page
    assert f'href="/tariffs/?{back}" aria-label="Fix it: Unpriced"' in page


def test_a_month_that_is_not_over_has_nothing_to_fix(
    operator_client: Client, provider: Provider
) -> None:
    customer("Early")
    runs.start(month=MONTH, now=datetime(2026, 10, 30, tzinfo=UTC), by=None)
    RunItem.objects.update(state="refused", reason="PeriodNotOver")

    page = operator_client.get("/invoices/runs/2026-10/").text

    assert "The period is not over yet." in page
    assert "Fix it" not in page


def test_the_number_of_queries_does_not_depend_on_the_number_of_blocked_organizations(
    operator_client: Client, provider: Provider
) -> None:
    def queries() -> int:
        start()
        run_jobs()
        with CaptureQueriesContext(connection) as captured:
            assert "Fix it" in operator_client.get("/invoices/runs/2026-10/").text
        return len(captured)

    customer("First", details__city="")
    queries()
    of_one = queries()
    for number in range(4):
        customer(f"Organization {number}", details__city="")
    assert queries() == of_one


def test_a_finished_run_shows_amounts(operator_client: Client, provider: Provider) -> None:
    customer("First")
    cancelled = customer("Second")
    start()
    assert "issued" not in operator_client.get("/invoices/runs/2026-10/").context
    run_jobs()
    cancel(cancelled)

    page = operator_client.get("/invoices/runs/2026-10/")

    issued = [("EUR", 1, Decimal("9.00"), Decimal("10.71"))]
    assert page.context["issued"] == issued
    assert "1 invoice in force" in page.text


def test_excluded_organizations_are_left_out_until_they_are_included_again(
    operator_client: Client, support_client: Client, provider: Provider
) -> None:
    customer("Good")
    excluded = customer("Excluded")
    keep_all(IN_NOVEMBER)
    address = "/invoices/runs/2026-10/"
    chosen = {"organization": [excluded.pk]}
    assert support_client.post(f"{address}exclude/", chosen).status_code == 403

    page = operator_client.post(f"{address}exclude/", chosen, follow=True)

    assert "1 organization is left out of the run." in page.text
    assert [row.record.title for row in page.context["table"].page.object_list] == ["Good"]
    start()
    run_jobs()
    assert outcomes() == {"Good": "issued"}
    assert "1 organization is left out of the run<" in operator_client.get(address).text
    page = operator_client.post(f"{address}include/", chosen, follow=True)
    assert "1 organization is included again." in page.text
    start()
    run_jobs()
    assert outcomes() == {"Good": "issued", "Excluded": "issued"}
    page = operator_client.post(f"{address}include/", chosen, follow=True)
    assert "The selected organizations are already included." in page.text


def test_every_excluded_organization_can_be_found_and_included(
    operator_client: Client, provider: Provider
) -> None:
    for number in range(ROWS_A_PAGE + 1):
        customer(f"Excluded {number:02}")
    organizations = Organization.objects.order_by("title")
    everyone = [each.pk for each in organizations]
    exclusions.exclude(month=MONTH, organization_ids=everyone)
    last = f'value="{everyone[-1]}"'

    page = operator_client.get("/invoices/runs/2026-10/").text
    found = operator_client.get(f"/invoices/runs/2026-10/?q={ROWS_A_PAGE}").text

    assert f"{ROWS_A_PAGE} of them are shown. Search to find others." in page
    assert last not in page
    assert last in found
    assert "1 of them is shown." in found


def test_choosing_what_is_chosen_already_is_said(
    operator_client: Client, provider: Provider
) -> None:
    chosen = {"organization": [customer("Twice").pk]}
    address = "/invoices/runs/2026-10/"

    operator_client.post(f"{address}exclude/", chosen)
    again = operator_client.post(f"{address}exclude/", chosen, follow=True).text

    assert "The selected organizations are already left out of the run." in again
    none = operator_client.post(f"{address}include/", follow=True).text
    assert "Select at least one organization." in none


def test_a_search_keeps_the_reason_and_other_texts_are_no_reasons(
    operator_client: Client, provider: Provider
) -> None:
    customer("No city", details__city="")
    start()
    run_jobs()
    address = "/invoices/runs/2026-10/"

    page = operator_client.get(f"{address}?state=refused&reason=DetailsMissing").text

    assert '<input type="hidden" name="reason" value="DetailsMissing">' in page
    assert "No city" in operator_client.get(f"{address}?reason=%00").text


def test_an_item_that_is_excluded_later_is_not_tried_again(provider: Provider) -> None:
    lacking = customer("No city", details__city="")
    start()
    run_jobs()
    lacking.billing_details.update(city="Hamburg")
    exclusions.exclude(month=MONTH, organization_ids=[lacking.pk])

    start()
    run_jobs()

    assert outcomes() == {"No city": "refused"}


def test_running_again_issues_only_what_is_missing(provider: Provider) -> None:
    customer("Good")
    lacking = customer("No city", details__city="")
    start()
    run_jobs()
    lacking.billing_details.update(city="Hamburg")
    customer("New")

    start()
    assert len(deferred()) == 2
    run_jobs()

    assert outcomes() == {"Good": "issued", "No city": "issued", "New": "issued"}
    assert Invoice.objects.count() == 3
    assert InvoiceRun.objects.count() == 1


def test_running_again_issues_cancelled_invoices_again(provider: Provider) -> None:
    customer("In force")
    cancelled = customer("Cancelled")
    start()
    run_jobs()
    cancel(cancelled)

    start()
    assert outcomes() == {"In force": "issued", "Cancelled": "waiting"}
    run_jobs()

    assert outcomes() == {"In force": "issued", "Cancelled": "issued"}
    assert Invoice.objects.in_force().get(organization=cancelled).number == "INV-2026-000003"
    start()
    assert deferred() == []


def test_running_again_issues_only_the_cancelled_currency(provider: Provider) -> None:
    both = customer("Both")
    yen = TariffFactory.create(currency="JPY")
    TariffPriceFactory.create(tariff=yen, amount=Decimal(1000))
    BilledUseFactory.create(camera__organization=both, tariff=yen)
    start()
    run_jobs()
    cancel(both, currency="EUR")

    start()
    run_jobs()

    assert outcomes() == {"Both": "issued"}
    in_force = Invoice.objects.in_force().order_by("pk")
    assert [each.currency for each in in_force] == ["JPY", "EUR"]


def test_running_again_skips_invoices_cancelled_and_issued_again_by_hand(
    provider: Provider,
) -> None:
    whole, halved = customer("Whole"), customer("Halved")
    half = OCTOBER._replace(end=date(2026, 10, 16))
    start()
    run_jobs()
    for organization, period in ((whole, OCTOBER), (halved, half)):
        cancel(organization)
        operations.issue(organization_id=organization.pk, period=period, now=IN_NOVEMBER, by=None)

    start()

    assert outcomes() == {"Whole": "issued", "Halved": "issued"}
    assert deferred() == []


def test_the_page_marks_cancelled_invoices(operator_client: Client, provider: Provider) -> None:
    organization = customer("Good")
    start()
    run_jobs()
    cancel(organization)
    start()
    run_jobs()

    texts, _names = visible(operator_client.get("/invoices/runs/2026-10/").text)

    begin = texts.index("INV-2026-000001")
    assert texts[begin : begin + 4 : 2] == ["INV-2026-000001", "Cancelled"]
    assert texts[begin + 3] == "INV-2026-000002"


def cancel(organization: Organization, **fields: object) -> None:
    """Cancel the one invoice in force of an organization."""
    invoice = Invoice.objects.in_force().get(organization=organization, **fields)
    operations.cancel(invoice_id=invoice.pk, now=IN_NOVEMBER, by=None)


def test_an_invoice_issued_by_hand_counts_as_issued(provider: Provider) -> None:
    by_hand, partly = customer("By hand"), customer("Partly")
    operations.issue(organization_id=by_hand.pk, period=OCTOBER, now=IN_NOVEMBER, by=None)
    half = OCTOBER._replace(end=date(2026, 10, 16))
    operations.issue(organization_id=partly.pk, period=half, now=IN_NOVEMBER, by=None)

    start()
    run_jobs()

    assert outcomes() == {"By hand": "issued", "Partly": "refused"}
    assert Invoice.objects.count() == 2


def test_a_run_started_twice_defers_and_issues_once(provider: Provider) -> None:
    customer("Good")

    start()
    with pytest.raises(RunUnderWay):
        start()
    assert len(deferred()) == 1
    run_jobs()

    assert outcomes() == {"Good": "issued"}
    assert Invoice.objects.count() == 1


@pytest.mark.parametrize("first_fails", [False, True])
def test_only_one_of_two_concurrent_jobs_for_an_organization_issues(
    background: ThreadPoolExecutor, provider: Provider, first_fails: bool
) -> None:
    customer("Good")
    start()
    do = partial(runs.do, item_ids=[RunItem.objects.get().pk], now=IN_NOVEMBER, by=None)

    with transaction.atomic():
        do()
        later = background.submit(do)
        wait_until_blocked(later)
        transaction.set_rollback(first_fails)
    later.result()

    assert outcomes() == {"Good": "issued"}
    assert [each.number for each in Invoice.objects.all()] == ["INV-2026-000001"]


def test_a_run_is_not_started_again_while_a_job_works(provider: Provider) -> None:
    customer("Good")
    start()
    set_jobs("doing")

    for drafts_only in (False, True):
        with pytest.raises(RunUnderWay):
            runs.start(month=MONTH, now=IN_NOVEMBER, by=None, drafts_only=drafts_only)

    assert [job["status"] for job in deferred()] == ["doing"]


def test_running_again_repeats_a_job_that_stored_its_result_but_has_not_ended(
    provider: Provider,
) -> None:
    lacking = customer("No city", details__city="")
    start()
    set_jobs("doing")
    runs.do(item_ids=[RunItem.objects.get().pk], now=IN_NOVEMBER, by=None)
    assert outcomes() == {"No city": "refused"}
    lacking.billing_details.update(city="Hamburg")

    start()
    run_jobs()

    assert outcomes() == {"No city": "issued"}


def test_running_again_repeats_jobs_that_failed_with_their_workers(provider: Provider) -> None:
    customer("Good")
    start()
    set_jobs("failed")

    with pytest.raises(RunUnderWay):
        runs.start(month=MONTH, now=IN_NOVEMBER, by=None, drafts_only=True)
    start()
    run_jobs()

    assert outcomes() == {"Good": "issued"}


def set_jobs(status: str, attempts: int = 0) -> None:
    """Set the status of all jobs, as a worker does, and how often they were tried."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE procrastinate_jobs SET status = %s, attempts = %s", [status, attempts]
        )


def test_an_organization_with_an_unexpected_error_is_tried_again_and_then_reported(
    provider: Provider, operator_client: Client
) -> None:
    for title in ("First", "Second", "Bad", "Third", "Fourth"):
        customer(title)
    Organization.objects.filter(title="Bad").update(time_zone="Nowhere/Town")
    start_in_one_job()
    run_jobs()

    good = dict.fromkeys(("First", "Second", "Third", "Fourth"), "issued")
    # Its own job is waiting for the next attempt.
    assert outcomes() == good | {"Bad": "waiting"}
    (job,) = deferred()
    bad = RunItem.objects.get(organization__title="Bad")
    assert (job["args"]["item_ids"], job["status"]) == ([bad.pk], "todo")
    for _ in range(2):
        due_now()
        run_jobs()
    assert outcomes() == good | {"Bad": "failed"}
    page = operator_client.get("/invoices/runs/2026-10/?state=failed")
    assert "Unexpected error: ZoneInfoNotFoundError. See the worker log" in page.text


def test_an_organization_whose_invoice_the_database_refuses_does_not_hold_up_the_others(
    provider: Provider,
) -> None:
    customers = [customer(f"Customer {number}") for number in range(7)]
    start_in_one_job()
    with connection.cursor() as cursor:
        cursor.execute(
            "ALTER TABLE invoices_invoice ADD CONSTRAINT refuses_some"
            f" CHECK (organization_id NOT IN ({customers[0].pk}, {customers[4].pk}))"
        )
    run_jobs()
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE invoices_invoice DROP CONSTRAINT refuses_some")

    states = outcomes()
    assert sorted(states.values()) == ["issued"] * 5 + ["waiting"] * 2
    assert states["Customer 0"] == states["Customer 4"] == "waiting"
    due_now()
    run_jobs()
    assert set(outcomes().values()) == {"issued"}
    numbers = Invoice.objects.order_by("number").values_list("number", flat=True)
    assert list(numbers) == [f"INV-2026-{number:06}" for number in range(1, 8)]


def test_a_batch_whose_workers_were_lost_repeatedly_is_divided(provider: Provider) -> None:
    customer("First")
    customer("Second")
    start_in_one_job()
    set_jobs("todo", attempts=2)

    run_jobs()

    assert outcomes() == {"First": "issued", "Second": "issued"}
    assert deferred() == []


def test_a_job_of_an_earlier_version_is_done(provider: Provider, operator: User) -> None:
    customer("Good")
    start()
    (job,) = deferred()
    app.configure_task("invoices.issue_for_run", allow_unknown=False).defer(
        item_id=RunItem.objects.get().pk, user_id=operator.pk
    )
    ProcrastinateJob.objects.filter(pk=job["pk"]).delete()

    with pytest.raises(RunUnderWay):
        start()
    assert len(deferred()) == 1
    run_jobs()

    assert outcomes() == {"Good": "issued"}
    assert Invoice.objects.get().issued_by == operator


def test_a_run_is_divided_into_batches_by_organizations_and_cameras(
    provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runs, "_FEWEST_JOBS", 2)
    monkeypatch.setattr(runs, "_MOST_CAMERAS_IN_A_JOB", 4)
    organizations = [customer(f"Customer {number}") for number in range(6)]
    BilledUseFactory.create_batch(4, camera__organization=organizations[3])

    start()

    items = list(RunItem.objects.order_by("organization").values_list("pk", flat=True))
    batches = [job["args"]["item_ids"] for job in deferred()]
    assert batches == [items[:3], [items[3]], items[4:]]
    run_jobs()
    assert set(outcomes().values()) == {"issued"}


def test_a_batch_after_single_invoices_does_not_read_all_invoices_again_and_again(
    provider: Provider,
) -> None:
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE invoices_invoice")
    for number in range(8):
        operations.issue(
            organization_id=customer(f"Single {number}").pk,
            period=OCTOBER,
            now=IN_NOVEMBER,
            by=None,
        )
    for number in range(60):
        customer(f"Customer {number}")
    start()
    before = scans_of_invoices()

    items = list(RunItem.objects.values_list("pk", flat=True))
    assert runs.do(item_ids=items, now=IN_NOVEMBER, by=None) == {}

    assert Invoice.objects.count() == 68
    assert scans_of_invoices() - before < 60


def scans_of_invoices() -> int:
    """Return how often this connection has read the table of invoices from end to end."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_force_next_flush()")
        cursor.execute(
            "SELECT seq_scan FROM pg_stat_user_tables WHERE relname = 'invoices_invoice'"
        )
        (scans,) = cursor.fetchone()
    return int(scans)


def start_in_one_job() -> None:
    """Start a run, and replace its jobs by one for all organizations."""
    start()
    ProcrastinateJob.objects.all().delete()
    items: list[JSONValue] = list(RunItem.objects.values_list("pk", flat=True))
    app.configure_task("invoices.issue_for_run", allow_unknown=False).defer(
        item_ids=items, user_id=None
    )


def test_the_page_previews_a_run_before_it_starts(
    operator_client: Client, provider: Provider
) -> None:
    customer("No city", details__city="")
    customer("Good")

    keep_all(IN_NOVEMBER)

    page = operator_client.get("/invoices/runs/2026-10/")

    rows = [row.record for row in page.context["table"].page.object_list]
    assert [(each.title, each.amount) for each in rows] == [("No city", 9), ("Good", 9)]
    assert "Fill in the missing details: City." in page.text
    assert "1 organization is ready. 1 is blocked." in page.text
    ready = operator_client.get("/invoices/runs/2026-10/?state=ready")
    assert [row.record.title for row in ready.context["table"].page.object_list] == ["Good"]
    assert not InvoiceRun.objects.exists()


# It is November in Berlin, but not in New York or on Hawaii.
EARLY_IN_NOVEMBER = datetime(2026, 11, 1, 1, tzinfo=UTC)


@pytest.fixture
def early_in_november(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.TIME_ZONE = "Europe/Berlin"
    monkeypatch.setattr(timezone, "now", lambda: EARLY_IN_NOVEMBER)


def test_the_preview_names_organizations_whose_month_is_not_over(
    operator_client: Client, provider: Provider, early_in_november: None
) -> None:
    customer("Berlin", time_zone="Europe/Berlin")
    customer("New York", time_zone="America/New_York")
    moved = customer("Moved", time_zone="Europe/Berlin", time_zone_from=date(2026, 11, 20))
    moved.earlier_time_zones.create(time_zone="Pacific/Honolulu")
    left_out = customer("Left out", time_zone="America/New_York")
    exclusions.exclude(month=MONTH, organization_ids=[left_out.pk])
    OrganizationFactory.create(title="Without cameras", time_zone="America/New_York")
    keep_all(EARLY_IN_NOVEMBER)

    page = operator_client.get("/invoices/runs/2026-10/")

    named = [(each.title, str(zone)) for each, zone, _end in page.context["not_over"].shown]
    assert named == [("Moved", "Pacific/Honolulu"), ("New York", "America/New_York")]
    assert "1 organization is ready. 2 are blocked." in page.text
    assert "America/New_York, can be invoiced from 1 Nov 2026, 05:00" in page.text
    found = operator_client.get("/invoices/runs/2026-10/?q=york").context["not_over"]
    assert [each.title for each, *_ in found.shown] == ["New York"]
    assert not operator_client.get("/invoices/runs/2026-10/?state=ready").context["not_over"].shown
    runs.start(month=MONTH, now=EARLY_IN_NOVEMBER, by=None)
    run_jobs()
    assert outcomes() == {"Berlin": "issued", "Moved": "refused", "New York": "refused"}


def test_the_preview_reads_organizations_whose_month_is_not_over_together(
    operator_client: Client, provider: Provider, early_in_november: None
) -> None:
    def moved(title: str) -> None:
        organization = customer(title, time_zone="UTC", time_zone_from=date(2026, 11, 20))
        organization.earlier_time_zones.create(time_zone="Pacific/Honolulu")

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            operator_client.get("/invoices/runs/2026-10/")
        return len(captured)

    moved("First")
    queries()
    of_one = queries()
    for number in range(4):
        moved(f"Organization {number}")

    assert queries() == of_one


@pytest.mark.parametrize(
    ("asked", "shown"),
    [
        ("refused", ["No city"]),
        ("blocked", ["No city"]),
        ("issued", ["No city", "Good"]),
        ("failed&reason=KeyError", ["No city", "Good"]),
    ],
)
def test_a_preview_understands_the_addresses_of_the_items_of_a_run(
    operator_client: Client, provider: Provider, asked: str, shown: list[str]
) -> None:
    customer("No city", details__city="")
    customer("Good")
    keep_all(IN_NOVEMBER)

    page = operator_client.get(f"/invoices/runs/2026-10/?state={asked}")

    assert page.context["filter"].form.errors == {}
    assert [row.record.title for row in page.context["table"].page.object_list] == shown


def test_a_run_understands_the_address_of_the_blocked_ones_of_its_preview(
    operator_client: Client, provider: Provider
) -> None:
    customer("No city", details__city="")
    customer("Good")
    start()
    run_jobs()

    page = operator_client.get("/invoices/runs/2026-10/?state=blocked")

    assert [item.organization.title for item, *_rest in page.context["items"]] == ["No city"]
    assert page.context["state"] == "refused"


def test_the_page_starts_a_run_and_shows_its_progress(
    operator_client: Client, support_client: Client, provider: Provider
) -> None:
    customer("Good")
    customer("No city", details__city="")

    answer = operator_client.post("/invoices/runs/2026-10/start/")
    page = support_client.get(answer.url)  # type: ignore[attr-defined]
    assert "0 of 2 organizations processed" in page.text
    assert "every 2s" in page.text
    under_way = operator_client.get("/invoices/runs/2026-10/").text
    assert [each for each in BUTTONS if each in under_way] == []
    refused = operator_client.post("/invoices/runs/2026-10/start/", follow=True).text
    assert "The run for this month is still under way." in refused
    set_jobs("failed")
    lost = operator_client.get("/invoices/runs/2026-10/").text
    assert [each for each in BUTTONS if each in lost] == ['id="run-again"']
    set_jobs("todo")
    run_jobs()
    page = support_client.get(answer.url)  # type: ignore[attr-defined]

    assert "2 of 2 organizations processed" in page.text
    assert "every 2s" not in page.text
    finished = operator_client.get("/invoices/runs/2026-10/").text
    assert [each for each in BUTTONS if each in finished] == [*BUTTONS]
    assert "INV-2026-000001" in page.text
    assert support_client.post("/invoices/runs/2026-10/start/").status_code == 403


def test_last_month_is_offered(operator_client: Client) -> None:
    page = operator_client.get("/invoices/runs/")

    today = timezone.localdate()
    last = date(today.year - (today.month == 1), today.month - 1 or 12, 1)
    assert f'value="{last:%Y-%m}"' in page.text
    answer = operator_client.get("/invoices/runs/?month=2026-10")
    assert answer.url == "/invoices/runs/2026-10/"  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("month", "error"),
    [
        ("October", "Enter a month, for example 2026-11."),
        ("2026-13", "Enter a month, for example 2026-11."),
        ("1999-12", "between the years 2000 and 2199."),
        ("2200-01", "between the years 2000 and 2199."),
        ("9999-12", "between the years 2000 and 2199."),
    ],
)
def test_an_invalid_month_is_refused(operator_client: Client, month: str, error: str) -> None:
    page = operator_client.get(f"/invoices/runs/?month={month}")

    assert error in page.text


def test_a_month_that_is_not_over_is_refused_for_each_organization(provider: Provider) -> None:
    customer("Good")

    runs.start(month=MONTH, now=datetime(2026, 10, 20, tzinfo=UTC), by=None)
    item = RunItem.objects.get()
    runs.do(item_ids=[item.pk], now=datetime(2026, 10, 20, tzinfo=UTC), by=None)

    item.refresh_from_db()
    assert (item.state, item.reason) == ("refused", "PeriodNotOver")


def test_the_command_starts_a_run_without_waiting_for_workers(provider: Provider) -> None:
    customer("Good")
    call_command("invoice_run", "2026-10", no_wait=True, stdout=StringIO())
    run_jobs()
    out = StringIO()

    call_command("invoice_run", "2026-10", stdout=out, verbosity=0)

    assert out.getvalue() == "1 issued, 0 with nothing to bill, 0 blocked, 0 failed.\n"


def test_a_future_month_is_refused(operator_client: Client) -> None:
    assert (
        "This month has not started yet. Choose an earlier month."
        in operator_client.get("/invoices/runs/?month=2199-12").text
    )
    assert operator_client.get("/invoices/runs/2199-12/").status_code == 404
    page = operator_client.post("/invoices/runs/2199-12/start/", follow=True)
    assert "This month has not started yet. Choose an earlier month." in page.text
    with pytest.raises(
        CommandError, match=r"This month has not started yet\. Choose an earlier month\."
    ):
        call_command("invoice_run", "2199-12", stdout=StringIO())
    with pytest.raises(MonthNotBegun):
        runs.start(month=date(2199, 12, 1), now=IN_NOVEMBER, by=None)
    assert not InvoiceRun.objects.exists()


def test_the_page_says_that_a_month_has_no_usage(operator_client: Client) -> None:
    page = operator_client.get("/invoices/runs/2015-04/")

    assert "No organization used cameras in this month" in page.text
    assert "/invoices/runs/2015-04/start/" not in page.text


def test_a_month_without_usage_is_refused(operator_client: Client) -> None:
    page = operator_client.post("/invoices/runs/2015-04/start/", follow=True)

    assert "No organization used cameras in this month." in page.text
    with pytest.raises(CommandError, match="No organization used cameras in this month"):
        call_command("invoice_run", "2015-04", stdout=StringIO())
    assert not InvoiceRun.objects.exists()


def test_the_command_reports_problems(provider: Provider) -> None:
    customer("No city", details__city="")
    call_command("invoice_run", "2026-10", no_wait=True, stdout=StringIO())
    item = RunItem.objects.get()
    runs.do(item_ids=[item.pk], now=IN_NOVEMBER, by=None)
    command_errors = StringIO()

    command = Command(stderr=command_errors, stdout=StringIO())
    command._report_problems(InvoiceRun.objects.get())

    assert "No city: Fill in the missing details: City." in command_errors.getvalue()


def test_the_command_warns_that_no_worker_is_running_and_waits_for_one(
    provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    customer("Good")
    monkeypatch.setattr(invoice_run, "_STALLED_SECONDS", 0)
    out, errors = StringIO(), StringIO()

    with ThreadPoolExecutor(1) as executor:
        command = executor.submit(watch, out, errors)
        wait_until(lambda: "No worker is running" in errors.getvalue())
        run_jobs()
        command.result()

    assert errors.getvalue().count("No worker is running") == 1
    assert out.getvalue().startswith("1 issued")


def watch(out: StringIO, errors: StringIO) -> None:
    """Call the command, then close this thread's connection."""
    try:
        call_command("invoice_run", "2026-10", verbosity=0, stdout=out, stderr=errors)
    finally:
        connection.close()


@pytest.mark.parametrize(("seconds_ago", "expected"), [(20, True), (40, False)])
def test_a_worker_is_recognized_by_its_heartbeat(seconds_ago: int, expected: bool) -> None:
    add_heartbeat(IN_NOVEMBER - timedelta(seconds=seconds_ago))
    assert has_worker(IN_NOVEMBER) == expected


def add_heartbeat(at: datetime) -> None:
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO procrastinate_workers (last_heartbeat) VALUES (%s)", [at])


def test_the_page_says_whether_a_worker_is_running(
    operator_client: Client, provider: Provider
) -> None:
    customer("Good")
    start()
    assert "No worker is running" in operator_client.get("/invoices/runs/2026-10/").text
    add_heartbeat(timezone.now())
    assert (
        "Invoices are being issued. You can leave this page and come back later."
        in operator_client.get("/invoices/runs/2026-10/").text
    )
    run_jobs()
    assert "All organizations are processed." in operator_client.get("/invoices/runs/2026-10/").text


@pytest.mark.parametrize("month", ["October", "1999-12", "2200-01"])
def test_the_command_refuses_an_invalid_month(month: str) -> None:
    with pytest.raises(CommandError, match="” is not a month: use the format 2026-10"):
        call_command("invoice_run", month, stdout=StringIO())
