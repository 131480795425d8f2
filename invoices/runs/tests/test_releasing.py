"""Tests of drafts for release: what is issued is what was reviewed, or it is set aside."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from accounts.tests.factories import OperatorFactory
from invoices.differences import checking
from invoices.issuing import operations
from invoices.issuing.refusals import DraftsOutdated, DraftsWaiting, NoDrafts
from invoices.models import Invoice, LateUsage, NumberSeries
from invoices.provider.models import Provider
from invoices.runs import exclusions, releasing
from invoices.runs import operations as runs
from invoices.runs.models import InvoiceRun, RunItem
from invoices.runs.phases import phase_of
from invoices.tests.factories import (
    IN_NOVEMBER,
    OCTOBER,
    BilledOrganizationFactory,
    BilledUseFactory,
    ProviderFactory,
)
from local_run.tests.helpers import wait_until
from organizations.models import Organization, TaxPercent
from tariffs.models import Tariff, TariffPrice
from tariffs.tests.factories import TariffFactory, TariffPriceFactory
from tests.fixtures import StartWorker
from tests.jobs import run_jobs
from usage.models import UsageInterval

pytestmark = pytest.mark.django_db(transaction=True)

MONTH = date(2026, 10, 1)
ADDRESS = "/invoices/runs/2026-10/"


@pytest.fixture
def provider(transactional_db: None) -> Provider:
    return ProviderFactory.create()


@pytest.fixture
def tariff(provider: Provider) -> Tariff:
    tariff: Tariff = TariffPriceFactory.create().tariff
    return tariff


def customer(title: str, tariff: Tariff, **fields: object) -> Organization:
    organization = BilledOrganizationFactory.create(title=title, billing_email="", **fields)
    BilledUseFactory.create(camera__organization=organization, tariff=tariff)
    return organization


def draft(by: User | None = None) -> InvoiceRun:
    run = runs.start(month=MONTH, now=IN_NOVEMBER, by=by, drafts_only=True)
    run_jobs()
    return run


def shown() -> str:
    return releasing.for_release(InvoiceRun.objects.get()).version


def release(by: User | None = None) -> None:
    releasing.release(month=MONTH, shown=shown(), now=IN_NOVEMBER, by=by)
    run_jobs()


def outcomes() -> dict[str, str]:
    items = RunItem.objects.select_related("organization")
    return {item.organization.title: item.state for item in items}


def phase() -> str:
    run = InvoiceRun.objects.get()
    return phase_of(run, runs.progress_of(run))


def twice_the_price(tariff: Tariff) -> None:
    TariffPrice.objects.filter(tariff=tariff).update(amount=Decimal("18.00"))


def add_camera(organization: Organization, tariff: Tariff) -> UsageInterval:
    return BilledUseFactory.create(camera__organization=organization, tariff=tariff)


def compared(title: str) -> list[Any]:
    """Return the reviewed and the new amounts of an organization, before tax."""
    drafts = RunItem.objects.get(organization__title=title).drafts.order_by("currency")
    return list(drafts.values_list("currency", "net", "new_net"))


def test_drafts_have_sums_but_no_number_and_no_effect(tariff: Tariff) -> None:
    customer("Good", tariff)
    customer("No city", tariff, details__city="")
    customer("On trial", tariff, trial_first_on=MONTH, trial_last_on=date(2026, 10, 31))

    run = draft()

    assert outcomes() == {"Good": "drafted", "No city": "refused", "On trial": "nothing"}
    assert releasing.for_release(run).sums == [("EUR", 1, Decimal("9.00"), Decimal("10.71"))]
    assert phase() == "for_release"
    assert not Invoice.objects.exists()
    assert not NumberSeries.objects.exists()
    assert not LateUsage.objects.exists()


def test_a_release_issues_what_was_reviewed_and_records_who(tariff: Tariff) -> None:
    customer("First", tariff)
    customer("Second", tariff)
    drafter, releaser = OperatorFactory.create(), OperatorFactory.create()
    draft(by=drafter)

    release(by=releaser)

    assert outcomes() == {"First": "issued", "Second": "issued"}
    assert [each.total for each in Invoice.objects.all()] == [Decimal("10.71")] * 2
    assert {each.issued_by for each in Invoice.objects.all()} == {releaser}
    run = InvoiceRun.objects.get()
    assert (run.drafted_by, run.released_by) == (drafter, releaser)
    assert phase() == "finished"
    events: Any = InvoiceRun.pgh_event_model  # type: ignore[attr-defined]
    who = [each.released_by_id for each in events.objects.order_by("pgh_id")]
    assert who[-1] == releaser.pk
    assert set(who[:-1]) == {None}


def test_a_changed_amount_is_set_aside_and_shown_beside_the_reviewed_one(
    operator_client: Client, tariff: Tariff
) -> None:
    customer("Same", tariff)
    more = customer("More", tariff)
    draft()
    add_camera(more, tariff)

    release()

    assert outcomes() == {"Same": "issued", "More": "changed"}
    assert not more.invoices.exists()
    page = operator_client.get(f"{ADDRESS}?state=changed").text
    assert "1 organization was set aside" in page
    assert "Reviewed:" in page
    assert "10.71" in page
    assert "21.42" in page
    assert phase() == "for_release"


def accepted(organization: Organization) -> dict[str, object]:
    """Return what the page sends that shows the new amounts of an organization."""
    version = organization.run_items.get().amounts_version
    return {"organization": organization.pk, "shown": f"{organization.pk}:{version}"}


def test_another_new_amount_than_the_one_shown_is_not_accepted(
    operator_client: Client, tariff: Tariff
) -> None:
    more = customer("More", tariff)
    draft()
    add_camera(more, tariff)
    release()
    seen = accepted(more)
    assert f'value="{seen["shown"]}"' in operator_client.get(ADDRESS).text
    operator_client.post(f"{ADDRESS}accept/", seen)
    add_camera(more, tariff)
    release()

    page = operator_client.post(f"{ADDRESS}accept/", seen, follow=True)

    assert "The drafts have changed since you opened this page." in page.text
    assert outcomes() == {"More": "changed"}
    operator_client.post(f"{ADDRESS}accept/", accepted(more))
    assert outcomes() == {"More": "drafted"}


def test_another_organization_with_the_same_amount_is_not_released_unseen(tariff: Tariff) -> None:
    first, second = customer("First", tariff), customer("Second", tariff)
    draft()
    exclusions.exclude(month=MONTH, organization_ids=[first.pk])
    seen = shown()
    exclusions.exclude(month=MONTH, organization_ids=[second.pk])
    exclusions.include(month=MONTH, organization_ids=[first.pk])

    with pytest.raises(DraftsOutdated):
        releasing.release(month=MONTH, shown=seen, now=IN_NOVEMBER, by=None)

    assert outcomes() == {"First": "drafted", "Second": "drafted"}


def test_an_accepted_amount_is_released_next(operator_client: Client, tariff: Tariff) -> None:
    more = customer("More", tariff)
    draft()
    add_camera(more, tariff)
    release()

    page = operator_client.post(f"{ADDRESS}accept/", accepted(more), follow=True)

    assert "1 new amount is accepted and waits for release." in page.text
    assert page.context["for_release"].sums == [("EUR", 1, Decimal(18), Decimal("21.42"))]
    operator_client.post(f"{ADDRESS}release/", {"shown": page.context["for_release"].version})
    run_jobs()
    assert Invoice.objects.get().total == Decimal("21.42")
    assert phase() == "finished"


def test_a_changed_price_tax_or_currency_sets_aside_too(tariff: Tariff) -> None:
    customer("Price", tariff)
    taxed = customer("Tax", TariffPriceFactory.create().tariff)
    added = customer("Currency", TariffPriceFactory.create().tariff)
    gone = customer("Gone", TariffPriceFactory.create().tariff)
    draft()
    twice_the_price(tariff)
    TaxPercent.objects.filter(tax__billing_details__organization=taxed).update(percent=20)
    yen = TariffFactory.create(currency="JPY")
    TariffPriceFactory.create(tariff=yen, amount=Decimal(1000))
    add_camera(added, yen)
    gone.trial_first_on, gone.trial_last_on = MONTH, date(2026, 10, 31)
    gone.save()

    release()

    assert {outcomes()[title] for title in ("Price", "Tax", "Currency", "Gone")} == {"changed"}
    assert compared("Price") == [("EUR", Decimal(9), Decimal(18))]
    assert compared("Tax") == [("EUR", Decimal(9), Decimal(9))]
    assert compared("Currency") == [("EUR", Decimal(9), Decimal(9)), ("JPY", None, Decimal(1000))]
    assert compared("Gone") == [("EUR", Decimal(9), None)]
    assert not Invoice.objects.exists()
    everyone = list(Organization.objects.values_list("pk", flat=True))
    changed = RunItem.objects.filter(state="changed")
    seen = {each.organization_id: each.amounts_version for each in changed}
    releasing.accept(month=MONTH, organization_ids=everyone, shown=seen)
    release()
    states = outcomes()
    assert states == dict.fromkeys(("Price", "Tax", "Currency"), "issued") | {"Gone": "nothing"}


def test_what_has_become_blocked_is_not_issued(tariff: Tariff) -> None:
    blocked = customer("Blocked", tariff)
    draft()
    blocked.billing_details.update(city="")

    release()

    assert outcomes() == {"Blocked": "refused"}
    assert not Invoice.objects.exists()


def test_what_was_issued_by_hand_meanwhile_is_not_issued_twice(tariff: Tariff) -> None:
    by_hand = customer("By hand", tariff)
    draft()
    operations.issue(organization_id=by_hand.pk, period=OCTOBER, now=IN_NOVEMBER, by=None)

    release()

    assert outcomes() == {"By hand": "issued"}
    assert Invoice.objects.count() == 1


def test_excluded_organizations_are_not_released(operator_client: Client, tariff: Tariff) -> None:
    customer("Kept", tariff)
    excluded = customer("Excluded", tariff)
    draft()
    before = shown()

    chosen = {"organization": [excluded.pk]}
    page = operator_client.post(f"{ADDRESS}exclude/", chosen, follow=True)

    assert page.context["for_release"].organizations == 1
    stale = operator_client.post(f"{ADDRESS}release/", {"shown": before}, follow=True)
    assert "The drafts have changed since you opened this page." in stale.text
    release()
    assert outcomes() == {"Kept": "issued", "Excluded": "dropped"}
    assert phase() == "finished"


def test_drafts_of_excluded_organizations_do_not_count_as_waiting(
    operator_client: Client, tariff: Tariff
) -> None:
    organizations = [customer("First", tariff), customer("Second", tariff)]
    run = draft()
    runs_address = ADDRESS.replace("2026-10/", "")

    exclusions.exclude(month=MONTH, organization_ids=[organizations[0].pk])
    page = operator_client.get(f"{ADDRESS}?state=drafted").text
    assert 'For release <span class="badge bg-blue-lt ms-1">1</span>' in page
    assert runs.drafts_waiting() == [(MONTH, 1)]
    assert runs.progress_of(run).total == 2
    exclusions.exclude(month=MONTH, organization_ids=[organizations[1].pk])

    assert runs.drafts_waiting() == []
    assert phase() == "finished"
    assert "Waiting for release" not in operator_client.get(runs_address).text
    page = operator_client.get(ADDRESS).text
    assert page.count("Left out of the run") == 2
    assert 'id="run-again"' in page
    exclusions.include(month=MONTH, organization_ids=[organizations[1].pk])
    assert phase() == "for_release"


def test_two_simultaneous_releases_issue_once(tariff: Tariff) -> None:
    for number in range(5):
        customer(f"Organization {number}", tariff)
    draft()
    version = shown()

    def attempt() -> bool:
        try:
            releasing.release(month=MONTH, shown=version, now=IN_NOVEMBER, by=None)
        except NoDrafts:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(4) as pool:
        done = [each.result() for each in [pool.submit(attempt) for _ in range(4)]]
    run_jobs()

    assert sorted(done) == [False, False, False, True]
    assert Invoice.objects.count() == 5


def test_nothing_else_is_issued_by_a_run_while_drafts_wait(
    operator_client: Client, tariff: Tariff
) -> None:
    customer("Good", tariff)
    draft()

    with pytest.raises(DraftsWaiting):
        runs.start(month=MONTH, now=IN_NOVEMBER, by=None)
    page = operator_client.post(f"{ADDRESS}start/", follow=True)
    assert "This month has drafts that wait for release." in page.text


def test_drafts_can_be_created_again(tariff: Tariff) -> None:
    more = customer("More", tariff)
    draft()
    add_camera(more, tariff)
    customer("New", tariff)

    run = draft()

    assert releasing.for_release(run).sums == [("EUR", 2, Decimal(27), Decimal("32.13"))]
    release()
    assert outcomes() == {"More": "issued", "New": "issued"}


def test_withdrawn_drafts_are_not_issued_until_a_run_does(
    operator_client: Client, tariff: Tariff
) -> None:
    customer("Good", tariff)
    draft()
    version = shown()

    page = operator_client.post(f"{ADDRESS}withdraw/", follow=True)

    assert "1 draft was withdrawn." in page.text
    assert outcomes() == {"Good": "dropped"}
    assert phase() == "withdrawn"
    with pytest.raises(NoDrafts):
        releasing.release(month=MONTH, shown=version, now=IN_NOVEMBER, by=None)
    assert "No drafts" in operator_client.post(f"{ADDRESS}withdraw/", follow=True).text
    runs.start(month=MONTH, now=IN_NOVEMBER, by=None)
    run_jobs()
    assert outcomes() == {"Good": "issued"}


def test_drafts_withdrawn_before_their_job_ran_are_not_created(tariff: Tariff) -> None:
    customer("Good", tariff)
    runs.start(month=MONTH, now=IN_NOVEMBER, by=None, drafts_only=True)
    assert phase() == "drafting"

    releasing.withdraw(month=MONTH, now=IN_NOVEMBER, by=None)
    run_jobs()

    assert outcomes() == {"Good": "dropped"}


def test_the_times_of_a_run_are_in_the_zone_that_its_page_names(
    operator: User, operator_client: Client, tariff: Tariff
) -> None:
    customer("Good", tariff)
    draft()
    User.objects.filter(pk=operator.pk).update(time_zone="Asia/Tokyo")

    page = operator_client.get(ADDRESS).text

    assert "2 Nov 2026, 18:30" in page
    assert "All times are in Asia/Tokyo." in page


def test_other_drafts_than_those_shown_are_not_released(tariff: Tariff) -> None:
    customer("Good", tariff)
    draft()

    with pytest.raises(DraftsOutdated):
        releasing.release(month=MONTH, shown="", now=IN_NOVEMBER, by=None)

    assert outcomes() == {"Good": "drafted"}


def test_a_release_completes_although_its_workers_are_killed(
    tariff: Tariff, start_worker: StartWorker
) -> None:
    for number in range(40):
        customer(f"Organization {number}", tariff)
    run = draft()
    changed = Organization.objects.get(title="Organization 7")
    add_camera(changed, tariff)
    releasing.release(month=MONTH, shown=shown(), now=IN_NOVEMBER, by=None)

    for part in (5, 15):
        worker = start_worker()
        wait_until(lambda part=part: runs.progress_of(run).issued >= part, 90)  # type: ignore[misc]
        worker.kill()
    start_worker()
    wait_until(lambda: not runs.progress_of(run).unfinished, 90)

    progress = runs.progress_of(run)
    assert (progress.issued, progress.changed) == (39, 1)
    numbers = sorted(Invoice.objects.values_list("number", flat=True))
    assert numbers == [f"INV-2026-{number:06d}" for number in range(1, 40)]
    assert not changed.invoices.exists()


class TestThePage:
    def test_creates_reviews_and_releases(
        self, operator_client: Client, support_client: Client, tariff: Tariff
    ) -> None:
        customer("Good", tariff)
        assert "Create drafts for release" in operator_client.get(ADDRESS).text
        page = operator_client.post(f"{ADDRESS}start/", {"drafts": "1"}, follow=True)
        assert "Creating drafts." in page.text
        run_jobs()

        page = operator_client.get(ADDRESS)
        assert "1 organization has drafts for release" in page.text
        assert "Release 1 organization" in page.text
        assert "Waiting for release" in operator_client.get("/invoices/runs/").text
        for_support = support_client.get(ADDRESS).text
        assert "1 organization has drafts for release" in for_support
        assert "Release 1 organization" not in for_support

        version = page.context["for_release"].version
        page = operator_client.post(f"{ADDRESS}release/", {"shown": version}, follow=True)
        assert "Running." in page.text
        run_jobs()
        assert "Finished." in operator_client.get(ADDRESS).text

    def test_finds_an_organization(self, operator_client: Client, tariff: Tariff) -> None:
        customer("Harbour", tariff)
        customer("Hill", tariff)
        draft()

        page = operator_client.get(f"{ADDRESS}?q=hill&state=drafted")

        assert [each[0].organization.title for each in page.context["items"]] == ["Hill"]

    def test_has_a_constant_number_of_queries(
        self,
        operator_client: Client,
        tariff: Tariff,
        django_assert_num_queries: DjangoAssertNumQueries,
    ) -> None:
        for number in range(3):
            customer(f"Organization {number}", tariff)
        draft()
        operator_client.get(ADDRESS)

        with django_assert_num_queries(15):
            operator_client.get(ADDRESS)


def test_a_run_of_which_only_drafts_exist_makes_no_usage_late(tariff: Tariff) -> None:
    organization = customer("Good", tariff)
    draft()
    UsageInterval.objects.update(started_at=datetime(2026, 1, 2, tzinfo=UTC))
    run_jobs()

    checking.check(organization_id=organization.pk, now=IN_NOVEMBER)

    assert not LateUsage.objects.exists()
