"""Test the import in the browser."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from foundation.imports.models import UploadedFile, UploadedPart
from foundation.imports.tasks import delete_old_files
from organizations.tests.factories import OrganizationFactory
from tariffs.models import Tariff
from tariffs.tests.factories import TariffFactory
from tests.jobs import jobs, run_jobs
from usage.models import Camera, UsageInterval

pytestmark = pytest.mark.django_db(transaction=True)

HEADING = "organization,camera,title,tariff,started_at,ended_at\n"
RIGHT = HEADING + "Harbour,gate-01,Gate,Basic,2026-09-01T00:00:00+02:00,\n"
WRONG = (
    HEADING + "Harbour,gate-01,Gate,Basic,yesterday,\nNobody,gate-02,,Basic,2026-09-01T00:00Z,\n"
)


@pytest.fixture(autouse=True)
def _names_in_the_file() -> None:
    OrganizationFactory.create(title="Harbour", tariffs=[TariffFactory.create(name="Basic")])


def upload(client: Client, content: str) -> str:
    """Upload a file, and have it checked."""
    file = SimpleUploadedFile("usage.csv", content.encode(), content_type="text/csv")
    response = client.post(reverse("usage:import"), {"file": file})
    assert response.status_code == 302
    run_jobs()
    return str(response.headers["Location"])


def confirm(client: Client, review: str) -> Any:
    """Confirm a dry run, have the file imported, and return the page that says so."""
    client.post(review)
    run_jobs()
    return client.get(review)


def test_an_upload_leads_to_a_dry_run_that_changes_nothing(operator_client: Client) -> None:
    response = operator_client.get(upload(operator_client, RIGHT))
    assert response.context["report"].intervals_added == 1
    assert b"Import preview" in response.content
    assert not Camera.objects.exists()


def test_the_encoding_can_be_chosen(operator_client: Client) -> None:
    assert 'name="encoding"' in operator_client.get(reverse("usage:import")).text
    Tariff.objects.update(name="Каморка")
    content = RIGHT.replace("Basic", "Каморка").encode("cp1251")
    file = SimpleUploadedFile("usage.csv", content, content_type="text/csv")
    form = {"file": file, "encoding": "cp1251"}
    review = str(operator_client.post(reverse("usage:import"), form).headers["Location"])
    run_jobs()
    confirm(operator_client, review)
    assert UsageInterval.objects.get().tariff.name == "Каморка"


def test_confirming_the_dry_run_imports_the_file(operator_client: Client) -> None:
    response = confirm(operator_client, upload(operator_client, RIGHT))
    assert "1 interval added, 0 intervals ended, 1 camera created" in response.content.decode()
    interval = UsageInterval.objects.get()
    assert interval.started_at == datetime(2026, 8, 31, 22, tzinfo=UTC)
    assert (interval.camera.name, interval.organization.title) == ("gate-01", "Harbour")
    assert not UploadedPart.objects.exists()


def test_wrong_lines_are_listed_and_nothing_is_imported(operator_client: Client) -> None:
    review = upload(operator_client, WRONG)
    for response in (operator_client.get(review), confirm(operator_client, review)):
        assert [wrong.line for wrong in response.context["wrong_lines"]] == [2, 3]
        assert b"2 lines have errors" in response.content
    assert not Camera.objects.exists()
    assert not UploadedPart.objects.exists()


def test_importing_again_changes_nothing_and_says_so(operator_client: Client) -> None:
    confirm(operator_client, upload(operator_client, RIGHT))
    review = upload(operator_client, RIGHT)
    assert b"nothing would change" in operator_client.get(review).content
    assert b"so nothing has changed" in confirm(operator_client, review).content
    assert UsageInterval.objects.count() == 1


def test_a_second_click_imports_nothing_and_says_what_the_first_did(
    operator_client: Client,
) -> None:
    review = upload(operator_client, RIGHT)
    operator_client.post(review)
    operator_client.post(review)
    assert len(jobs()) == 1
    run_jobs()
    for response in (confirm(operator_client, review), operator_client.get(review)):
        assert "1 interval added" in response.text
    assert UsageInterval.objects.count() == 1


def test_a_file_can_be_discarded(operator_client: Client) -> None:
    review = upload(operator_client, RIGHT)
    assert operator_client.post(f"{review}discard/").status_code == 302
    assert not UploadedFile.objects.exists()
    assert operator_client.get(f"{review}discard/").status_code == 405
    for response in (
        operator_client.post(review, follow=True),
        operator_client.get(review, follow=True),
    ):
        assert b"no longer available" in response.content


def test_unconfirmed_files_are_deleted_after_a_day(operator_client: Client) -> None:
    upload(operator_client, RIGHT)
    UploadedFile.objects.update(uploaded_at=datetime(2026, 1, 1, tzinfo=UTC))
    kept = upload(operator_client, WRONG)
    delete_old_files.configure(task_kwargs={"timestamp": 0}).defer()
    run_jobs()
    assert [f"/usage/import/{each.pk}/" for each in UploadedFile.objects.all()] == [kept]


@pytest.mark.parametrize("content", ["", "a,b\n1,2\n"])
def test_a_file_of_another_kind_is_refused(operator_client: Client, content: str) -> None:
    file = SimpleUploadedFile("usage.csv", content.encode(), content_type="text/csv")
    response = operator_client.post(reverse("usage:import"), {"file": file}, follow=True)
    run_jobs()
    if "form" not in response.context:
        response = operator_client.get(response.request["PATH_INFO"])
    refused_at_once = "form" in response.context and response.context["form"].errors
    assert refused_at_once or response.context["report"].is_refused


def test_no_file_is_a_form_error(operator_client: Client) -> None:
    response = operator_client.post(reverse("usage:import"), {"file": ""})
    assert "file" in response.context["form"].errors


def test_only_operators_may_import(
    client: Client, operator_client: Client, support_client: Client, owner_client: Client
) -> None:
    review = upload(operator_client, RIGHT)
    for url in (reverse("usage:import"), review, f"{review}discard/"):
        assert client.post(url).status_code == 302
        assert support_client.post(url).status_code == 403
        assert owner_client.post(url).status_code == 403
    assert UploadedFile.objects.count() == 1


def test_all_lines_of_a_camera_with_an_error_are_left_out(operator_client: Client) -> None:
    lines = (
        "Harbour,gate-01,Gate,Basic,2026-09-01T00:00:00Z,2026-09-02T00:00:00Z",
        "Harbour,yard-01,Yard,Basic,2026-09-01T00:00:00Z,",
        "Harbour,gate-01,Gate,Basic,2026-09-01T12:00:00Z,2026-09-03T00:00:00Z",
    )
    review = upload(operator_client, HEADING + "\n".join(lines) + "\n")
    assert "All lines of a camera with an error stay out" in operator_client.get(review).text

    operator_client.post(f"{review}leave-out/")
    run_jobs()

    assert "2 lines are left out" in operator_client.get(review).text
    confirm(operator_client, review)
    assert [camera.name for camera in Camera.objects.all()] == ["yard-01"]
    returned = operator_client.get(f"{review}left-out/").getvalue().decode().splitlines()
    assert [line.partition(",2026-09-03T00:00:00Z,")[0] for line in returned[2:]] == [
        "Harbour,gate-01,Gate,Basic,2026-09-01T12:00:00Z"
    ]
    assert returned[1].endswith('it has the same camera as line 4."')
