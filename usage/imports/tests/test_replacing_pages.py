"""Test replacing usage by a file in the browser and from the command line."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from foundation.imports.models import UploadedFile
from organizations.tests.factories import OrganizationFactory
from tariffs.tests.factories import TariffFactory
from tests.jobs import run_jobs
from usage.imports import difference
from usage.imports.tests.test_operation import HEADER
from usage.imports.tests.test_replacing import at
from usage.models import UsageInterval
from usage.tests.factories import CameraFactory, UsageIntervalFactory

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("now")]

FILE = f"{HEADER}\nAcme,gate,,Basic,2026-09-10T00:00:00Z,2026-09-15T00:00:00Z\n"
MONTHS = {"mode": "replace", "first_month": "2026-09", "last_month": "2026-09"}


@pytest.fixture
def use(db: None) -> UsageInterval:
    """Return the use of gate by Acme on Basic since August."""
    basic = TariffFactory.create(name="Basic")
    acme = OrganizationFactory.create(title="Acme", time_zone="UTC", tariffs=[basic])
    camera = CameraFactory.create(name="gate", organization=acme)
    return UsageIntervalFactory.create(camera=camera, tariff=basic, started_at=at("08-01"))


def upload(client: Client, **fields: str) -> Any:
    file = SimpleUploadedFile("usage.csv", FILE.encode(), content_type="text/csv")
    answer = client.post(reverse("usage:import"), {"file": file, **fields})
    run_jobs()
    return answer


def confirm(client: Client, review: str, posted: dict[str, str]) -> Any:
    """Confirm what was shown, have the file imported, and return the page afterwards."""
    client.post(review, posted)
    run_jobs()
    return client.get(review)


def starts() -> list[str]:
    rows = UsageInterval.objects.order_by("started_at").values_list("started_at", flat=True)
    return [f"{each:%m-%d}" for each in rows]


def test_the_difference_is_shown_and_then_applied(
    operator_client: Client, use: UsageInterval
) -> None:
    review = upload(operator_client, **MONTHS).headers["Location"]
    page = operator_client.get(review)
    assert [each.change.camera for each in page.context["changes"]] == ["gate"] * 3
    assert "in one month: September 2026." in page.text
    assert starts() == ["08-01"]
    shown = {"shown": page.context["difference"].version}
    done = confirm(operator_client, review, shown)
    assert "2 intervals added, 1 interval changed, 0 intervals removed" in done.text
    assert starts() == ["08-01", "09-10", "10-01"]


def test_several_months_are_named_by_the_first_and_the_last(
    operator_client: Client, use: UsageInterval
) -> None:
    review = upload(operator_client, **{**MONTHS, "last_month": "2026-10"}).headers["Location"]
    assert "from September 2026 to October 2026" in operator_client.get(review).text


def test_months_mean_nothing_if_lines_are_added(
    operator_client: Client, use: UsageInterval
) -> None:
    added = upload(operator_client, **{**MONTHS, "mode": "add", "first_month": "soon"})
    assert added.status_code == 302
    assert UploadedFile.objects.get().options == {"encoding": "utf-8"}


def test_a_preview_says_how_many_changes_it_does_not_show(
    operator_client: Client, use: UsageInterval, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(difference, "MOST_SHOWN", 1)

    review = upload(operator_client, **MONTHS).headers["Location"]

    assert "and 2 more" in operator_client.get(review).text


def test_a_difference_that_was_not_shown_is_not_applied(
    operator_client: Client, use: UsageInterval
) -> None:
    review = upload(operator_client, **MONTHS).headers["Location"]
    shown = {"shown": operator_client.get(review).context["difference"].version}
    UsageInterval.objects.update(ended_at=at("09-20"))
    for posted in (shown, {}):
        page = confirm(operator_client, review, posted)
        assert "Nothing was imported: check again what changes." in page.text
        assert starts() == ["08-01"]
    again = {"shown": page.context["difference"].version}
    assert "Import complete" in confirm(operator_client, review, again).text


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"first_month": ""}, "first_month"),
        ({"last_month": "2026-13"}, "last_month"),
        ({"last_month": "2026-08"}, "last_month"),
        ({"mode": "other"}, "mode"),
    ],
)
def test_wrong_months_are_named_on_their_field(
    operator_client: Client, use: UsageInterval, typed: dict[str, str], field: str
) -> None:
    form = upload(operator_client, **{**MONTHS, **typed}).context["form"]
    assert form.errors.keys() == {field}


def test_without_a_choice_lines_are_added(operator_client: Client, use: UsageInterval) -> None:
    upload(operator_client)
    upload(operator_client, mode="add")
    options = [each.options for each in UploadedFile.objects.all()]
    assert options == [{"encoding": "utf-8"}, {"encoding": "utf-8"}]


def test_the_command_replaces_usage(
    use: UsageInterval, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "usage.csv"
    file.write_text(FILE)
    call_command("import_usage", file, "--replace", "2026-09", "--dry-run", verbosity=0)
    assert "Intervals changed: 1" in capsys.readouterr().out
    assert starts() == ["08-01"]
    call_command("import_usage", file, "--replace", "2026-09:2026-09", verbosity=0)
    assert starts() == ["08-01", "09-10", "10-01"]
    for wrong in ("2026-10:2026-09", "September"):
        with pytest.raises(CommandError, match="month"):
            call_command("import_usage", file, "--replace", wrong, verbosity=0)
