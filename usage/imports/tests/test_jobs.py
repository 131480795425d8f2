"""Test the jobs that read uploaded files: their progress, cancelling, and lost workers."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager

import psycopg
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.urls import reverse
from procrastinate.contrib.django import connector_params
from procrastinate.contrib.django.models import ProcrastinateWorker

from foundation.imports import review as review_pages
from foundation.imports.models import UploadedFile, UploadedPart, UploadProgress
from foundation.imports.report import MAX_KEPT
from foundation.imports.work import READ_OPTIONS
from local_run.tests.helpers import DEADLINE_SECONDS, wait_until
from organizations.tests.factories import OrganizationFactory
from tariffs.tests.factories import TariffFactory
from tests.fixtures import StartWorker
from tests.jobs import due_now, jobs, run_jobs
from usage.imports.staging import _ADVISORY_LOCK
from usage.imports.tests.test_pages import HEADING, RIGHT
from usage.models import Camera, UsageImport, UsageInterval

pytestmark = pytest.mark.django_db(transaction=True)

State = UploadedFile.State


@pytest.fixture(autouse=True)
def _names_in_the_file() -> None:
    OrganizationFactory.create(title="Harbour", tariffs=[TariffFactory.create(name="Basic")])


@contextmanager
def held(statement: str) -> Iterator[None]:
    """Hold a lock that the job has to wait for."""
    with psycopg.connect(**connector_params()) as other:
        other.execute(statement)
        yield


CHECKS_WAIT = "LOCK TABLE tariffs_tariff"
IMPORTS_WAIT = f"SELECT pg_advisory_xact_lock({_ADVISORY_LOCK})"


def upload(client: Client, content: str = RIGHT) -> str:
    file = SimpleUploadedFile("usage.csv", content.encode(), content_type="text/csv")
    return str(client.post(reverse("usage:import"), {"file": file}).headers["Location"])


def checked(client: Client, content: str = RIGHT) -> str:
    review = upload(client, content)
    run_jobs()
    return review


def is_waiting() -> bool:
    """Return whether a statement waits for a lock, so that it can be cancelled."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) > 0 FROM pg_stat_activity"
            " WHERE datname = current_database() AND wait_event_type = 'Lock'"
        )
        return bool(cursor.fetchone()[0])


def stage() -> str:
    return str(UploadProgress.objects.values_list("stage", flat=True).get())


def ended(job: Future[None]) -> None:
    job.result(timeout=30)


def test_a_small_file_is_checked_and_imported_at_once(
    operator_client: Client, start_worker: StartWorker, monkeypatch: pytest.MonkeyPatch
) -> None:
    # However busy the machine is.
    monkeypatch.setattr(review_pages, "WAIT_SECONDS", DEADLINE_SECONDS)
    start_worker()
    wait_until(ProcrastinateWorker.objects.exists)

    review = upload(operator_client)
    assert "Import preview" in operator_client.get(review).text

    assert "1 interval added" in operator_client.post(review, follow=True).text


def test_without_a_worker_the_page_says_so(operator_client: Client) -> None:
    page = operator_client.get(upload(operator_client)).text

    assert "No worker is running." in page
    assert "<noscript><meta http-equiv" in page


def test_the_page_shows_how_far_the_job_is(
    operator_client: Client, background: ThreadPoolExecutor
) -> None:
    review = checked(operator_client)
    operator_client.post(review)
    with held(IMPORTS_WAIT):
        job = background.submit(run_jobs)
        wait_until(lambda: stage() == "checking")
        page = operator_client.get(review).text
        assert "Importing the file" in page
        assert "Comparing the lines with what is recorded." in page
        assert f'hx-get="{review}"' in page
    ended(job)
    page = operator_client.get(review).text
    assert "1 interval added" in page
    assert "hx-get" not in page.partition('id="import"')[2]


def test_an_import_that_waits_can_be_cancelled(
    operator_client: Client, background: ThreadPoolExecutor
) -> None:
    review = checked(operator_client)
    operator_client.post(review)
    with held(IMPORTS_WAIT):
        job = background.submit(run_jobs)
        wait_until(lambda: stage() == "checking" and is_waiting())
        operator_client.post(f"{review}discard/")
        ended(job)
    assert not UploadedFile.objects.exists()
    assert not Camera.objects.exists()
    assert jobs() == []


def test_an_import_that_no_job_has_begun_is_discarded(operator_client: Client) -> None:
    review = checked(operator_client)
    operator_client.post(review)

    page = operator_client.post(f"{review}discard/", follow=True)
    run_jobs()

    assert "The file was discarded. Nothing has changed." in page.text
    assert not Camera.objects.exists()


def test_a_check_ends_when_its_file_is_discarded(
    operator_client: Client, background: ThreadPoolExecutor
) -> None:
    review = upload(operator_client)
    with held(CHECKS_WAIT):
        # Jobs of other queues would wait for the lock too.
        job = background.submit(run_jobs, READ_OPTIONS["queue"])
        wait_until(lambda: stage() == "reading" and is_waiting())
        operator_client.post(f"{review}discard/")
        ended(job)
    assert not UploadedFile.objects.exists()
    assert jobs() == []


def test_what_has_been_imported_cannot_be_discarded(operator_client: Client) -> None:
    review = checked(operator_client)
    operator_client.post(review)
    run_jobs()

    page = operator_client.post(f"{review}discard/", follow=True)

    assert "1 interval added" in page.text
    assert UsageInterval.objects.count() == 1


def test_a_page_that_follows_a_file_leaves_when_the_file_is_gone(operator_client: Client) -> None:
    review = upload(operator_client)
    operator_client.post(f"{review}discard/")

    answer = operator_client.get(review, headers={"HX-Request": "true"})

    assert answer.headers["HX-Redirect"] == reverse("usage:import")


def test_the_job_of_a_killed_worker_runs_again_and_imports_once(
    operator_client: Client, start_worker: StartWorker
) -> None:
    review = checked(operator_client)
    killed = start_worker()
    with held(IMPORTS_WAIT):
        operator_client.post(review)
        wait_until(lambda: stage() == "checking")
        killed.kill()
        start_worker()
    wait_until(lambda: UploadedFile.objects.get().state == State.IMPORTED)
    wait_until(lambda: not jobs())

    assert (UsageInterval.objects.count(), UsageImport.objects.count()) == (1, 1)


def test_two_people_can_import_at_once(operator_client: Client) -> None:
    other = RIGHT.replace("gate-01", "gate-02")
    reviews = [upload(operator_client), upload(operator_client, other)]
    run_jobs()
    for review in reviews:
        operator_client.post(review)
    run_jobs()

    assert {each.state for each in UploadedFile.objects.all()} == {State.IMPORTED}
    assert sorted(Camera.objects.values_list("name", flat=True)) == ["gate-01", "gate-02"]


def test_what_changed_after_the_check_is_checked_again(operator_client: Client) -> None:
    review = checked(operator_client)
    TariffFactory._meta.model.objects.update(is_archived=True)
    operator_client.post(review)
    run_jobs()

    page = operator_client.get(review).text

    assert "Nothing was imported: check again what changes." in page
    assert "is archived" in page
    assert not Camera.objects.exists()


def test_an_unexpected_error_is_told_after_the_last_attempt(operator_client: Client) -> None:
    review = upload(operator_client)
    UploadedFile.objects.update(options={"months": "soon"})
    for state in (State.CHECKING, State.CHECKING, State.FAILED):
        run_jobs()
        due_now()
        assert UploadedFile.objects.get().state == state

    assert "The file could not be read" in operator_client.get(review).text


def test_reading_stops_after_1000_wrong_lines(operator_client: Client) -> None:
    wrong = "Nobody,gate-01,,Basic,2026-09-01T00:00:00Z,\n"
    page = operator_client.get(checked(operator_client, HEADING + wrong * (MAX_KEPT + 500)))

    report = page.context["report"]
    assert (report.lines, report.error_count, report.is_cut_short) == (1_000, 1_000, True)
    assert "Reading stopped at the last of these lines" in page.text


def test_the_language_of_the_texts_is_that_of_the_upload(operator_client: Client) -> None:
    operator_client.cookies["django_language"] = "ru"
    wrong = HEADING + "Nobody,gate-01,,Basic,2026-09-01T00:00:00Z,\n"
    page = operator_client.get(checked(operator_client, wrong))

    assert "Организации «Nobody» нет." in page.context["wrong_lines"][0].reason


def test_a_file_is_stored_in_parts(operator_client: Client) -> None:
    line = f"Harbour,gate-01,{'x' * 150},Basic,2026-09-01T00:00:00+02:00,2026-09-02T00:00:00Z\n"
    content = HEADING + line * 15_000
    review = upload(operator_client, content)

    sizes = [len(each.content) for each in UploadedPart.objects.order_by("number")]
    assert max(sizes) <= 1_000_000
    assert len(sizes) > 3
    assert sum(sizes) == UploadedFile.objects.get().size == len(content)
    run_jobs()
    report = operator_client.get(review).context["report"]
    assert (report.lines, report.error_count) == (15_000, 14_999)
