"""Test the import of usage from a CSV file."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import BytesIO

import pytest
from django.db import connection, transaction

from foundation.imports import report
from organizations.models import Organization
from organizations.tests.factories import OrganizationFactory
from tariffs.models import Tariff
from tariffs.tests.factories import TariffFactory
from usage.imports import ImportReport, Stage, import_usage, staging
from usage.models import Camera, UsageInterval
from usage.tests.factories import CameraFactory, UsageIntervalFactory

NOW = datetime(2026, 10, 1, 12, tzinfo=UTC)
HEADER = "organization,camera,title,tariff,started_at,ended_at"
JANUARY = datetime(2026, 1, 1, tzinfo=UTC)
MAY = datetime(2026, 5, 1, tzinfo=UTC)
JUNE = datetime(2026, 6, 1, tzinfo=UTC)


def import_lines(*lines: str, dry_run: bool = False, header: str = HEADER) -> ImportReport:
    content = "\n".join([header, *lines]) + "\n"
    return import_usage(BytesIO(content.encode()), now=NOW, dry_run=dry_run)


def errors(found: ImportReport) -> list[tuple[int, str]]:
    return [(error.line, error.reason) for error in found.errors]


def stored() -> list[tuple[str, str, str, str, str]]:
    """Return every interval as (camera, organization, tariff, start, end)."""
    return [
        (
            interval.camera.name,
            interval.organization.title,
            interval.tariff.name,
            f"{interval.started_at:%m-%d}",
            f"{interval.ended_at:%m-%d}" if interval.ended_at else "",
        )
        for interval in UsageInterval.objects.select_related(
            "camera", "organization", "tariff"
        ).order_by("camera__name", "started_at")
    ]


@pytest.fixture
def basic(db: None) -> Tariff:
    return TariffFactory.create(name="Basic")


@pytest.fixture
def acme(basic: Tariff) -> Organization:
    pro = TariffFactory.create(name="Pro")
    OrganizationFactory.create(title="Globex", tariffs=[basic, pro])
    return OrganizationFactory.create(title="Acme", tariffs=[basic, pro])


@pytest.fixture
def gate(acme: Organization, basic: Tariff) -> Camera:
    """Return `gate`, in use by Acme on Basic from January to May and again since June."""
    camera = CameraFactory.create(name="gate", title="Gate", organization=acme)
    UsageIntervalFactory.create(camera=camera, tariff=basic, started_at=JANUARY, ended_at=MAY)
    UsageIntervalFactory.create(camera=camera, tariff=basic, started_at=JUNE)
    return camera


# --- Imports -----------------------------------------------------------------------------------


def test_creates_cameras_with_their_intervals(acme: Organization) -> None:
    done = import_lines(
        "Acme,gate,Old gate,Basic,2026-01-01T00:00:00+01:00,2026-02-01T00:00:00Z",
        "Globex,gate,New gate,Pro,2026-02-01T00:00:00Z,",
        "Acme,yard,,Basic,2026-03-01T00:00:00Z,",
    )
    assert done == ImportReport(lines=3, dry_run=False, cameras_created=2, intervals_added=3)
    assert stored() == [
        ("gate", "Acme", "Basic", "12-31", "02-01"),
        ("gate", "Globex", "Pro", "02-01", ""),
        ("yard", "Acme", "Basic", "03-01", ""),
    ]
    gate = Camera.objects.get(name="gate")
    assert (gate.title, gate.organization.title) == ("New gate", "Globex")
    assert UsageInterval.objects.earliest("started_at").started_at == datetime(
        2025, 12, 31, 23, tzinfo=UTC
    )


def test_a_dry_run_reports_the_same_and_changes_nothing(gate: Camera) -> None:
    lines = (
        "Acme,gate,Main gate,Basic,2026-06-01T00:00:00Z,2026-09-01T00:00:00Z",
        "Globex,gate,Main gate,Pro,2026-09-01T00:00:00Z,",
        "Globex,yard,Yard,Pro,2026-09-01T00:00:00Z,",
    )
    before = stored()
    planned = import_lines(*lines, dry_run=True)
    assert stored() == before
    assert Camera.objects.get().title == "Gate"
    done = import_lines(*lines)
    assert done == ImportReport(
        lines=3,
        dry_run=False,
        cameras_created=1,
        cameras_retitled=1,
        cameras_moved=1,
        intervals_added=2,
        intervals_ended=1,
    )
    assert planned == replace(done, dry_run=True)


def test_a_past_interval_does_not_change_the_title_of_the_camera(gate: Camera) -> None:
    import_lines("Acme,gate,Old gate,Basic,2025-12-01T00:00:00Z,2025-12-02T00:00:00Z")
    assert Camera.objects.get().title == "Gate"


def test_a_new_camera_gets_the_last_title_in_the_file(acme: Organization) -> None:
    import_lines(
        "Acme,yard,Yard,Basic,2026-01-01T00:00:00Z,2026-02-01T00:00:00Z",
        "Acme,yard,,Basic,2026-02-01T00:00:00Z,",
    )
    assert Camera.objects.get().title == "Yard"


def test_two_cameras_exchange_their_titles(gate: Camera) -> None:
    import_lines("Acme,yard,Yard,Basic,2026-06-01T00:00:00Z,")

    done = import_lines(
        "Acme,gate,Yard,Basic,2026-06-01T00:00:00Z,", "Acme,yard,Gate,Basic,2026-06-01T00:00:00Z,"
    )

    assert (done.cameras_retitled, errors(done)) == (2, [])
    titles = dict(Camera.objects.values_list("name", "title"))
    assert titles == {"gate": "Yard", "yard": "Gate"}


def test_titles_may_be_absent_and_stay_as_they_are(gate: Camera) -> None:
    header = "organization,camera,tariff,started_at,ended_at"

    report = import_lines("Acme,gate,Basic,2026-05-01T00:00Z,2026-06-01T00:00Z", header=header)

    assert report.intervals_added == 1
    assert Camera.objects.get().title == "Gate"


def test_repeating_an_import_changes_nothing(gate: Camera) -> None:
    lines = (
        "Acme,gate,,Basic,2026-06-01T00:00:00Z,2026-09-01T00:00:00Z",
        "Globex,gate,Main gate,Pro,2026-09-01T00:00:00Z,",
        "Globex,yard,Yard,Pro,2026-03-01T00:00:00Z,2026-04-01T00:00:00Z",
    )
    import_lines(*lines)
    before = stored()
    again = import_lines(*lines)
    assert again == ImportReport(lines=3, dry_run=False, lines_unchanged=3)
    assert again.changes_nothing
    assert stored() == before


def test_ends_an_open_interval_and_starts_the_next_at_the_same_instant(gate: Camera) -> None:
    done = import_lines(
        "Globex,gate,,Pro,2026-09-01T00:00:00Z,",
        "Acme,gate,,Basic,2026-06-01T00:00:00Z,2026-09-01T00:00:00Z",
    )
    assert (done.intervals_ended, done.intervals_added, done.cameras_moved) == (1, 1, 1)
    assert stored()[1:] == [
        ("gate", "Acme", "Basic", "06-01", "09-01"),
        ("gate", "Globex", "Pro", "09-01", ""),
    ]
    gate.refresh_from_db()
    assert (gate.title, gate.organization.title) == ("Gate", "Globex")


def test_a_past_interval_does_not_move_the_camera(gate: Camera) -> None:
    done = import_lines("Globex,gate,,Pro,2026-05-02T00:00:00Z,2026-05-20T00:00:00Z")
    assert (done.intervals_added, done.cameras_moved) == (1, 0)
    gate.refresh_from_db()
    assert gate.organization.title == "Acme"


def test_existing_intervals_may_keep_or_end_an_unavailable_tariff(
    gate: Camera, acme: Organization, basic: Tariff
) -> None:
    acme.tariffs.remove(basic)
    basic.is_archived = True
    basic.save()
    done = import_lines(
        "Acme,gate,,Basic,2026-01-01T00:00:00Z,2026-05-01T00:00:00Z",
        "Acme,gate,,Basic,2026-06-01T00:00:00Z,2026-09-01T00:00:00Z",
    )
    assert (done.lines_unchanged, done.intervals_ended, done.is_refused) == (1, 1, False)


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(
            "\ufefforganization,camera,title,tariff,started_at,ended_at\n"
            "Acme,gate,Gate,Basic,2026-09-01T00:00:00Z,\n",
            id="byte order mark",
        ),
        pytest.param(
            "ended_at,started_at,tariff,title,camera,organization\r\n"
            ",2026-09-01T00:00:00Z,Basic,Gate,gate,Acme\r\n",
            id="other order, CR LF",
        ),
        pytest.param(
            " Organization ,CAMERA,title,tariff,started_at,ended_at\n"
            " acme , gate ,Gate, BASIC ,2026-09-01T02:00:00+02:00,  \n\n",
            id="spaces, case, blank line",
        ),
        pytest.param(
            f"{HEADER}\n,,,,,\n\nAcme,gate,Gate,Basic,2026-09-01T00:00:00Z,\n"
            ' , ,"",\t,,\n,,,\n,\n  \n',
            id="rows without text",
        ),
        pytest.param(
            f"\ufeff\n,,,,,\n{HEADER}\nAcme,gate,Gate,Basic,2026-09-01T00:00:00Z,\n",
            id="rows without text before the header",
        ),
        pytest.param(
            f"{HEADER}\n" + '"Acme","gate","Gate","Basic","2026-09-01 00:00:00+00",""',
            id="quoted, as PostgreSQL writes instants, no last line end",
        ),
        pytest.param(
            f"{HEADER}\nAcme,gate,Gate,Basic,2026-09-01T00:00:00.000Z,\n", id="zero fraction"
        ),
        pytest.param(f"{HEADER}\nAcme,gate,Gate,Basic,2026-09-01T00:00Z,\n", id="no seconds"),
    ],
)
def test_reads_the_formats_of_spreadsheets_and_databases(acme: Organization, content: str) -> None:
    done = import_usage(BytesIO(content.encode()), now=NOW, dry_run=False)
    assert errors(done) == []
    assert Camera.objects.get().title == "Gate"
    assert UsageInterval.objects.get().started_at == datetime(2026, 9, 1, tzinfo=UTC)


def test_titles_that_are_equal_in_unicode_are_found_by_their_exact_spelling(
    basic: Tariff,
) -> None:
    # In PostgreSQL, the kelvin sign is a different letter from K.
    OrganizationFactory.create(title="\N{KELVIN SIGN}-Markt", tariffs=[basic])
    OrganizationFactory.create(title="K-Markt", tariffs=[basic])
    refused = import_lines("k-markt,gate,,Basic,2026-09-01T00:00:00Z,")
    done = import_lines("\N{KELVIN SIGN}-Markt,gate,,Basic,2026-09-01T00:00:00Z,")
    assert "Organization “k-markt” does not exist" in refused.errors[0].reason
    assert done.intervals_added == 1
    assert stored()[0][1] == "\N{KELVIN SIGN}-Markt"


# --- Refusals ----------------------------------------------------------------------------------

RIGHT = "Acme,yard,,Basic,2026-09-01T00:00:00Z,"


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("Acme,gate,,Basic,2026-09-01T00:00:00Z", "The line has 5 columns, but the header has 6"),
        ("Acme,gate,a,b,Basic,2026-09-01T00:00:00Z,", "The line has 7 columns"),
        ("Acme", "The line has 1 column, but the header has 6"),
        ("Nobody,gate,,Basic,2026-09-01T00:00:00Z,", "Organization “Nobody” does not exist"),
        (",gate,,Basic,2026-09-01T00:00:00Z,", "Organization “” does not exist"),
        ("Acme,gate,,Gold,2026-09-01T00:00:00Z,", "Tariff plan “Gold” does not exist"),
        ("Acme,gate,,Old,2026-09-01T00:00:00Z,", "Tariff plan “Old” is archived"),
        ("Acme,gate,,Other,2026-09-01T00:00:00Z,", "“Other” is not available to “Acme”"),
        ("Acme, ,,Basic,2026-09-01T00:00:00Z,", "The camera has no name"),
        (f"Acme,{'g' * 201},,Basic,2026-09-01T00:00:00Z,", "name is longer than 200"),
        (f"Acme,gate,{'g' * 201},Basic,2026-09-01T00:00:00Z,", "title is longer than 200"),
        ("Acme,gate,,Basic,,", "started_at “” is not a valid date and time"),
        ("Acme,gate,,Basic,yesterday,", "started_at “yesterday” is not a valid date and time"),
        ("Acme,gate,,Basic,2026-09-01,", "started_at “2026-09-01” is not a valid date and time"),
        ("Acme,gate,,Basic,2026-02-30T00:00:00Z,", "is not a valid date and time"),
        ("Acme,gate,,Basic,2026-09-01T00:00:00+25:00,", "is not a valid date and time"),
        ("Acme,gate,,Basic,0001-01-01T00:00:00+14:00,", "is not a valid date and time"),
        ("Acme,gate,,Basic,0026-09-01T00:00:00Z,", "is before 1970"),
        ("Acme,gate,,Basic,2026-09-01T00:00:00,", "“2026-09-01T00:00:00” has no UTC offset"),
        ("Acme,gate,,Basic,2026-09-01T00:00:00.5Z,", "contains a fraction of a second"),
        ("Acme,gate,,Basic,2026-09-01T00:00:00.0000001Z,", "contains a fraction of a second"),
        (
            "Acme,gate,,Basic,2026-09-01T00:00:00Z,soon",
            "ended_at “soon” is not a valid date and time",
        ),
        ("Acme,gate,,Basic,2026-09-02T00:00:00Z,2026-09-02T00:00:00Z", "must be after started_at"),
        ("Acme,gate,,Basic,2026-09-02T00:00:00Z,2026-09-01T00:00:00Z", "must be after started_at"),
        ("Acme,gate,,Basic,2026-10-01T12:00:01Z,", "is in the future"),
        ("Acme,gate,,Basic,2026-09-01T00:00:00Z,2026-10-01T14:00:01+01:00", "in the future"),
        ("Acme,ga\0te,,Basic,2026-09-01T00:00:00Z,", "contains a NUL character"),
        ("Acme,gate,ro\rof,Basic,2026-09-01T00:00:00Z,", "contains a stray carriage return"),
        ('Acme,"gate"x,,Basic,2026-09-01T00:00:00Z,', "The quotation marks do not match"),
    ],
)
def test_a_wrong_line_is_reported_and_nothing_is_imported(
    acme: Organization, line: str, reason: str
) -> None:
    acme.tariffs.add(TariffFactory.create(name="Old", is_archived=True))
    TariffFactory.create(name="Other")
    for dry_run in (True, False):
        refused = import_lines(RIGHT, line, dry_run=dry_run)
        assert [error.line for error in refused.errors] == [3]
        assert reason in refused.errors[0].reason
        assert refused == ImportReport(
            lines=2, dry_run=dry_run, errors=refused.errors, error_count=1
        )
        assert not Camera.objects.exists()


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (
            "Acme,gate,,Pro,2026-01-01T00:00:00Z,2026-05-01T00:00:00Z",
            "in use from this time by “Acme” on “Basic” (ended_at: 2026-05-01T00:00:00Z)",
        ),
        ("Globex,gate,,Basic,2026-06-01T00:00:00Z,", "by “Acme” on “Basic” (ended_at: still in"),
        (
            "Acme,gate,,Basic,2026-01-01T00:00:00Z,2026-04-01T00:00:00Z",
            "already in the database and ended at 2026-05-01T00:00:00Z",
        ),
        ("Acme,gate,,Basic,2026-01-01T00:00:00Z,", "database and ended at 2026-05-01T00:00:00Z"),
        (
            "Acme,gate,,Basic,2026-04-30T00:00:00Z,2026-05-02T00:00:00Z",
            "in use at that time: by “Acme” on “Basic” from 2026-01-01T00:00:00Z "
            "(ended_at: 2026-05-01T00:00:00Z)",
        ),
        (
            "Globex,gate,,Pro,2025-12-01T00:00:00Z,2026-01-01T00:00:01Z",
            "from 2026-01-01T00:00:00Z",
        ),
        ("Acme,gate,,Basic,2025-12-01T00:00:00Z,", "from 2026-01-01T00:00:00Z"),
        ("Acme,gate,,Basic,2026-07-01T00:00:00Z,", "from 2026-06-01T00:00:00Z (ended_at: still"),
    ],
)
def test_a_line_that_contradicts_the_database_is_refused(
    gate: Camera, line: str, reason: str
) -> None:
    before = stored()
    refused = import_lines(RIGHT, line)
    assert [error.line for error in refused.errors] == [3]
    assert reason in refused.errors[0].reason
    assert stored() == before


def test_rows_without_text_are_not_counted_but_keep_their_line_numbers(acme: Organization) -> None:
    refused = import_lines(",,,,,", RIGHT, "", ",", "Nobody,gate,,Basic,2026-09-01T00:00:00Z,")
    assert (refused.lines, [error.line for error in refused.errors]) == (2, [6])


def test_a_wrong_header_below_rows_without_text_is_found(acme: Organization) -> None:
    refused = import_usage(BytesIO(b",,\n\nname,title\n"), now=NOW, dry_run=False)
    assert [error.line for error in refused.errors] == [3]
    empty = import_usage(BytesIO(b",,\n\n"), now=NOW, dry_run=False)
    assert "The file is empty." in empty.errors[0].reason


def test_lines_that_overlap_in_the_file_name_each_other(acme: Organization) -> None:
    refused = import_lines(
        "Acme,a,,Basic,2026-03-01T00:00:00Z,2026-03-02T00:00:00Z",
        "Acme,a,,Basic,2026-01-01T00:00:00Z,2026-09-01T00:00:00Z",
        "Acme,a,,Basic,2026-05-01T00:00:00Z,2026-05-02T00:00:00Z",
        "Acme,b,,Basic,2026-05-01T00:00:00Z,2026-05-02T00:00:00Z",
        "Acme,b,,Basic,2026-05-02T00:00:00Z,",
        "Acme,c,,Basic,2026-05-01T00:00:00Z,",
        "Acme,c,,Basic,2026-05-01T00:00:00Z,",
    )
    assert [(line, reason[:15]) for line, reason in errors(refused)] == [
        (2, "Line 3 already "),
        (4, "Line 3 already "),
        (8, "Line 7 already "),
    ]


def test_all_wrong_lines_are_reported_in_the_order_of_the_file(gate: Camera) -> None:
    refused = import_lines(
        "Acme,gate,,Basic,2026-07-01T00:00:00Z,",
        '"Acme","yard","a title\nof two lines",Basic,2026-09-01T00:00:00,x',
        "Acme,gate,,Pro,2026-01-01T00:00:00Z,",
        "Nobody,roof,,Gold,2026-09-01T00:00:00Z,",
    )
    assert [error.line for error in refused.errors] == [2, 3, 5, 6]
    assert "has no UTC offset" in refused.errors[1].reason
    assert "“x” is not a valid date and time" in refused.errors[1].reason
    assert "“Nobody”" in refused.errors[3].reason
    assert "“Gold”" in refused.errors[3].reason


def test_only_the_first_of_many_wrong_lines_are_kept_but_all_are_counted(
    gate: Camera, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(report, "MAX_KEPT", 3)
    monkeypatch.setattr(staging, "MAX_KEPT", 3)
    lines = [
        "Nobody,a,,Basic,2026-09-01T00:00:00Z,",
        *(f"Acme,gate,,Basic,2026-07-0{day}T00:00:00Z,2026-07-0{day}T01:00:00Z" for day in "12345"),
    ]
    refused = import_lines(*lines)
    assert [error.line for error in refused.errors] == [2, 3, 4]
    assert refused.error_count == 6


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "The file is empty"),
        (b"\n", "The file is empty"),
        (b"x\n", "missing: organization, camera, tariff, started_at, ended_at"),
        (b"organization,camera,title,tariff,started_at\n", "(missing: ended_at)"),
        (HEADER.encode() + b",note\n", "(unknown: note)"),
        (HEADER.encode() + b",title\n", "(duplicate: title)"),
        (HEADER.replace(",", "|").encode() + b"\n", "separated by commas"),
        (HEADER.encode("utf-16"), "The line"),
        (HEADER.encode() + b'"\n', "unknown: "),
        (b'"' + HEADER.encode() + b"\n", "The quotation marks do not match"),
        (b"x" * 70_000, "The line is longer than 65536 bytes"),
        (b"\x00\x01\x02", "contains a NUL character"),
    ],
)
def test_a_file_without_the_right_header_is_refused(
    acme: Organization, content: bytes, reason: str
) -> None:
    refused = import_usage(BytesIO(content), now=NOW, dry_run=True)
    assert refused.error_count == 1
    assert refused.errors[0].line == 1
    assert reason in refused.errors[0].reason


def test_lines_that_are_not_utf_8_are_refused(acme: Organization) -> None:
    content = f"{HEADER}\n{RIGHT}\nAcme,gate,Zürich,Basic,2026-09-01T00:00:00Z,\n".encode("latin-1")
    refused = import_usage(BytesIO(content), now=NOW, dry_run=True)
    assert errors(refused) == [
        (
            3,
            "The line is not valid UTF-8. Choose the encoding in which the file was saved, or save "
            "it as CSV in UTF-8.",
        ),
    ]


def test_an_unclosed_quotation_mark_is_reported_with_the_line_that_opens_it(
    acme: Organization,
) -> None:
    refused = import_lines(RIGHT, 'Acme,"gate,,Basic,2026-09-01T00:00:00Z,', RIGHT)
    assert [error.line for error in refused.errors] == [3]


def test_a_header_alone_changes_nothing(acme: Organization) -> None:
    assert import_lines() == ImportReport(lines=0, dry_run=False)


def test_a_line_after_the_header_that_is_too_long_is_refused(acme: Organization) -> None:
    refused = import_lines(RIGHT, "x" * 70_000)
    assert [error.line for error in refused.errors] == [3]


def test_reports_progress(acme: Organization) -> None:
    progressed: dict[Stage, int] = {}

    def progress(stage: Stage, advance: int, total: int | None) -> None:
        progressed[stage] = progressed.get(stage, 0) + advance

    content = f"{HEADER}\n{RIGHT}\n".encode()
    import_usage(BytesIO(content), now=NOW, dry_run=False, progress=progress)
    assert progressed == {Stage.READING: len(content), Stage.CHECKING: 0, Stage.WRITING: 1}


# --- Concurrent changes ------------------------------------------------------------------------


def in_thread(content: str, reports: list[ImportReport]) -> threading.Thread:
    def run() -> None:
        try:
            reports.append(import_usage(BytesIO(content.encode()), now=NOW, dry_run=False))
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    return thread


@pytest.mark.django_db(transaction=True)
def test_concurrent_imports_of_one_file_import_it_once(acme: Organization) -> None:
    content = f"{HEADER}\n{RIGHT}\n"
    reports: list[ImportReport] = []
    threads = [in_thread(content, reports) for _ in range(4)]
    for thread in threads:
        thread.join(timeout=20)
    assert sorted((done.intervals_added, done.lines_unchanged) for done in reports) == [
        (0, 1), (0, 1), (0, 1), (1, 0),
    ]  # fmt: skip
    assert UsageInterval.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_waits_for_a_concurrent_change_and_refuses_lines_that_contradict_it(
    gate: Camera, basic: Tariff
) -> None:
    content = (
        f"{HEADER}\nAcme,gate,,Basic,2026-06-01T00:00:00Z,2026-08-01T00:00:00Z\n"
        "Acme,gate,,Pro,2026-08-01T00:00:00Z,\n"
    )
    reports: list[ImportReport] = []
    with transaction.atomic():
        locked = Camera.objects.select_for_update().get(pk=gate.pk)
        thread = in_thread(content, reports)
        locked.usage_intervals.in_use().update(ended_at=datetime(2026, 7, 1, tzinfo=UTC))
        thread.join(timeout=0.3)
        assert thread.is_alive()
    thread.join(timeout=20)
    assert [error.line for error in reports[0].errors] == [2]
    assert "ended at 2026-07-01T00:00:00Z" in reports[0].errors[0].reason


@pytest.mark.django_db(transaction=True)
def test_an_import_is_refused_if_someone_adds_its_camera_at_the_same_time(
    acme: Organization,
) -> None:
    reports: list[ImportReport] = []
    with transaction.atomic():
        UsageIntervalFactory.create(
            camera=CameraFactory.create(name="yard", organization=acme), started_at=JANUARY
        )
        thread = in_thread(f"{HEADER}\n{RIGHT}\n", reports)
        thread.join(timeout=0.3)
        assert thread.is_alive()
    thread.join(timeout=20)
    assert [error.line for error in reports[0].errors] == [0]
    assert "Try again" in reports[0].errors[0].reason
    assert UsageInterval.objects.count() == 1


@pytest.mark.parametrize(
    ("closed_at", "start", "end", "is_refused"),
    [
        (MAY, "2026-05-01", "2026-05-02", True),
        (MAY, "2026-04-01", "2026-05-02", True),
        (MAY, "2026-04-01", "", True),
        (MAY, "2026-04-01", "2026-05-01", False),
        # The organization will only be closed after now.
        (datetime(2026, 11, 1, tzinfo=UTC), "2026-04-01", "", False),
    ],
)
def test_usage_after_closing_is_refused(
    acme: Organization, closed_at: datetime, start: str, end: str, is_refused: bool
) -> None:
    last_on = (closed_at - timedelta(days=1)).date()
    Organization.objects.filter(pk=acme.pk).update(closed_on=last_on, closed_at=closed_at)
    end = end and f"{end}T00:00:00Z"
    found = import_lines(f"Acme,gate,,Basic,{start}T00:00:00Z,{end}")
    reasons = [
        (
            2,
            "“Acme” was closed at 2026-05-01T00:00:00Z, and usage after that is not billed. "
            "Set ended_at to that time or earlier, or remove the line.",
        )
    ]
    assert errors(found) == (reasons if is_refused else [])


@pytest.mark.parametrize(
    "start", ["01.09.2026 08:30:00+02:00", "1.9.2026 08:30 +02:00", "2026-09-01 06:30:00.0Z"]
)
def test_instants_may_be_written_as_in_germany(acme: Organization, start: str) -> None:
    assert not import_lines(f"Acme,gate,,Basic,{start},").is_refused
    assert UsageInterval.objects.get().started_at == datetime(2026, 9, 1, 6, 30, tzinfo=UTC)


def test_an_instant_of_a_spreadsheet_has_no_offset_and_is_refused(acme: Organization) -> None:
    refused = import_lines("Acme,gate,,Basic,01.09.2026 08:30:00,")
    assert "“01.09.2026 08:30:00” has no UTC offset" in refused.errors[0].reason
