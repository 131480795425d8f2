"""Undoing an import in jobs: the plan, the progress, the outcome, and giving up."""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from foundation.imports.models import UploadedFile, UploadProgress
from local_run.tests.helpers import wait_until
from tariffs.models import Tariff
from tests.jobs import jobs, run_jobs
from usage.imports.staging import _ADVISORY_LOCK
from usage.imports.tests.test_jobs import held, is_waiting
from usage.imports.tests.test_replacing import acme, at, basic, gate, line, replace_by, stored, used
from usage.imports.tests.test_undoing import add
from usage.models import Camera, UsageImport, UsageInterval

__all__ = ["acme", "basic", "gate"]

pytestmark = pytest.mark.django_db(transaction=True)

State = UploadedFile.State
IMPORTS_WAIT = f"SELECT pg_advisory_xact_lock({_ADVISORY_LOCK})"
PAST = reverse("usage:imports")


def asked(client: Client, done: UsageImport) -> str:
    """Ask to undo an import, and return the address of the page that follows the job."""
    answer = client.post(reverse("usage:undo_import", args=[done.pk]))
    return str(answer.headers["Location"])


def planned(client: Client, done: UsageImport) -> str:
    """Ask to undo an import, and have it planned."""
    page = asked(client, done)
    run_jobs()
    return page


def confirm(client: Client, page: str) -> None:
    """Confirm what the page shows."""
    shown = client.get(page).context["report"].difference.version
    client.post(page, {"shown": shown})


@pytest.fixture
def done(gate: Camera, basic: Tariff) -> UsageImport:
    """An import that has replaced usage."""
    used(gate, basic, ("08-10", ""))
    assert not replace_by(line("09-10", "09-15", "Pro")).is_refused
    return UsageImport.objects.latest("pk")


def test_an_undo_is_planned_and_carried_out_by_jobs(
    operator_client: Client, operator: User, done: UsageImport
) -> None:
    assert reverse("usage:undo_import", args=[done.pk]) in operator_client.get(PAST).text

    page = asked(operator_client, done)
    assert "Computing what changes" in operator_client.get(page).text
    run_jobs()
    shown = operator_client.get(page)
    assert [each.change.camera for each in shown.context["changes"]] == ["gate"] * 3
    assert len(stored()) == 3

    confirm(operator_client, page)
    assert "Undoing the import" in operator_client.get(page).text
    assert len(stored()) == 3
    run_jobs()

    assert "The import has been undone." in operator_client.get(page).text
    assert len(stored()) == 1
    done.refresh_from_db()
    assert done.undone_by == operator
    assert f"{operator}" in operator_client.get(PAST).text
    event = UsageInterval.pgh_event_model.objects.latest("pgh_id")  # type: ignore[attr-defined]
    assert event.pgh_context["reason"].startswith("Undo of the import of ")
    assert event.pgh_context["user"] == operator.pk


def test_only_what_was_shown_is_undone(operator_client: Client, done: UsageImport) -> None:
    page = planned(operator_client, done)
    before = stored()

    operator_client.post(page, {"shown": "something else"})
    run_jobs()

    again = operator_client.get(page)
    assert "Nothing was undone: check again what changes." in again.text
    assert stored() == before
    confirm(operator_client, page)
    run_jobs()
    assert len(stored()) == 1


def test_what_contradicts_is_named(operator_client: Client, gate: Camera, basic: Tariff) -> None:
    done = add(line("09-10", ""))
    before = planned(operator_client, done)
    UsageInterval.objects.update(ended_at=at("09-20"))

    confirm(operator_client, before)
    run_jobs()

    for page in (before, planned(operator_client, done)):
        shown = operator_client.get(page)
        assert "“gate”: Its usage has been changed since." in shown.text
        assert 'name="shown"' not in shown.text
    assert stored()[0][3:] == ("09-10", "09-20")


def test_an_import_is_undone_once(operator_client: Client, done: UsageImport) -> None:
    first, second = planned(operator_client, done), planned(operator_client, done)
    confirm(operator_client, first)
    confirm(operator_client, second)
    run_jobs()

    assert "The import has been undone." in operator_client.get(first).text
    assert "already been undone" in operator_client.get(second).text
    assert len(stored()) == 1
    again = operator_client.post(reverse("usage:undo_import", args=[done.pk]), follow=True)
    assert "already been undone" in again.text
    assert f"{reverse('usage:undo_import', args=[done.pk])}" not in operator_client.get(PAST).text


def test_asking_again_leads_to_the_undo_that_has_begun(
    operator_client: Client, done: UsageImport
) -> None:
    page = planned(operator_client, done)
    confirm(operator_client, page)

    assert asked(operator_client, done) == page
    assert len(jobs()) == 1


def test_a_plan_can_be_given_up(operator_client: Client, done: UsageImport) -> None:
    page = planned(operator_client, done)

    said = operator_client.post(f"{page}discard/", follow=True)

    assert said.redirect_chain[-1][0] == PAST
    assert "Nothing was undone." in said.text
    assert not UploadedFile.objects.exists()
    assert len(stored()) == 3
    assert "Choose “Undo” again." in operator_client.get(page, follow=True).text


def test_an_undo_is_cancelled_while_the_job_works(
    operator_client: Client, done: UsageImport, background: ThreadPoolExecutor
) -> None:
    page = planned(operator_client, done)
    confirm(operator_client, page)
    with held(IMPORTS_WAIT):
        job: Future[None] = background.submit(run_jobs)
        wait_until(is_waiting)
        wait_until(lambda: UploadProgress.objects.get().stage == "checking")
        shown = operator_client.get(page).text
        assert "Comparing what the import changed with what is recorded." in shown

        operator_client.post(f"{page}discard/")
        job.result(timeout=30)

    assert not UploadedFile.objects.exists()
    assert len(stored()) == 3
    done.refresh_from_db()
    assert done.undone_at is None


def test_an_error_is_said(operator_client: Client, done: UsageImport) -> None:
    page = planned(operator_client, done)
    UploadedFile.objects.update(state=State.FAILED)

    assert "The import could not be undone" in operator_client.get(page).text


def test_other_kinds_of_files_are_not_shown_here(
    operator_client: Client, done: UsageImport
) -> None:
    page = planned(operator_client, done)

    other = page.replace("/usage/imports/undo/", "/usage/import/")
    assert operator_client.get(other).status_code == 302
    assert operator_client.get(page.replace("/undo/", "/undo/0", 1)).status_code == 404
