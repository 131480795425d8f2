"""Test undoing imports."""

from __future__ import annotations

from datetime import UTC, date, datetime
from io import BytesIO

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from organizations.models import Organization
from tariffs.models import Tariff
from tariffs.tests.factories import TariffFactory
from usage.closing.operations import close
from usage.imports import import_usage
from usage.imports.tests.test_operation import HEADER
from usage.imports.tests.test_replacing import acme, at, basic, gate, line, replace_by, stored, used
from usage.imports.undoing import AlreadyUndone, Contradicted, UndoChanged, plan_undo, undo_import
from usage.models import Camera, UsageImport, UsageInterval
from usage.tests.factories import UsageImportFactory, UsageIntervalFactory

__all__ = ["acme", "basic", "gate"]

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 10, 15, 12, tzinfo=UTC)


def add(*lines: str) -> UsageImport:
    content = "\n".join([HEADER, *lines]) + "\n"
    assert not import_usage(BytesIO(content.encode()), now=NOW, dry_run=False).is_refused
    return UsageImport.objects.latest("pk")


def replaced(*lines: str) -> UsageImport:
    assert not replace_by(*lines).is_refused
    return UsageImport.objects.latest("pk")


def undo(done: UsageImport, by: User) -> None:
    planned = plan_undo(import_id=done.pk, now=NOW)
    undo_import(import_id=done.pk, shown=planned.difference.version, by=by, now=NOW)


def everything() -> list[tuple[object, ...]]:
    """Return all intervals and cameras, with their ids."""
    return [
        *UsageInterval.objects.order_by("pk").values_list(),
        *Camera.objects.order_by("pk").values_list(),
    ]


def refused(done: UsageImport, by: User) -> list[tuple[str, str]]:
    """Return the cameras that prevent an undo, and check that it changes nothing."""
    before = everything()
    with pytest.raises(Contradicted) as refusal:
        undo(done, by)
    assert everything() == before
    return [(each.camera, each.kind) for each in refusal.value.named]


def test_added_and_ended_usage_and_changed_cameras_are_as_before(
    gate: Camera, basic: Tariff, operator: User
) -> None:
    used(gate, basic, ("01-01", "05-01"), ("06-01", ""))
    before = everything()
    done = add(
        "Acme,gate,New title,Basic,2026-06-01T00:00:00Z,2026-09-01T00:00:00Z",
        "Globex,gate,New title,Pro,2026-09-01T00:00:00Z,",
        "Globex,yard,Yard,Pro,2026-09-01T00:00:00Z,",
    )
    assert (done.intervals_added, done.intervals_changed, done.cameras_created) == (2, 1, 1)
    assert everything() != before
    undo(done, operator)
    assert everything() == before
    done.refresh_from_db()
    assert (done.undone_at, done.undone_by) == (NOW, operator)


def test_replaced_usage_is_as_before_with_its_ids(
    gate: Camera, basic: Tariff, operator: User
) -> None:
    used(gate, basic, ("08-10", "09-03"), ("09-05", "09-20"), ("09-20", "09-22"), ("09-25", ""))
    before = everything()
    done = replaced(line("09-01", "09-02"), line("09-05", "09-07", "Pro"), line("09-07", "09-22"))
    undo(done, operator)
    assert everything() == before


def test_a_whole_crossing_interval_is_one_again(
    gate: Camera, basic: Tariff, operator: User
) -> None:
    used(gate, basic, ("08-10", ""))
    before = everything()
    done = replaced(line("09-10", "09-15", "Pro"))
    assert len(stored()) == 3
    undo(done, operator)
    assert everything() == before


def test_imports_are_undone_one_after_the_other(
    gate: Camera, basic: Tariff, operator: User
) -> None:
    used(gate, basic, ("08-10", ""))
    before = everything()
    first = replaced(line("09-10", "09-15", "Pro"))
    second = replaced(line("09-12", "09-20"))
    assert refused(first, operator) == [("gate", "changed")]
    undo(second, operator)
    undo(first, operator)
    assert everything() == before


def test_usage_that_was_changed_since_is_named(gate: Camera, basic: Tariff, operator: User) -> None:
    done = add(line("09-10", ""))
    UsageInterval.objects.update(ended_at=at("09-20"))
    assert refused(done, operator) == [("gate", "changed")]


def test_usage_recorded_since_for_the_same_time_is_named(
    gate: Camera, basic: Tariff, operator: User
) -> None:
    used(gate, basic, ("09-05", "09-20"))
    done = replaced(line("09-10", "09-12"))
    add(line("09-14", "09-16"))
    assert refused(done, operator) == [("gate", "overlap")]


def test_usage_of_an_organization_that_was_closed_since_is_not_opened_again(
    gate: Camera, basic: Tariff, acme: Organization, operator: User
) -> None:
    used(gate, basic, ("06-01", ""))
    done = add("Acme,gate,,Basic,2026-06-01T00:00:00Z,2026-09-01T00:00:00Z")
    close(organization_id=acme.pk, last_on=date(2026, 9, 20), now=NOW)
    assert refused(done, operator) == [("gate", "closed")]
    # In a month's time it will be closed, which does not matter yet.
    close(organization_id=acme.pk, last_on=date(2026, 11, 20), now=NOW)
    undo(done, operator)
    assert [each[3:] for each in stored()] == [("06-01", "")]


def test_an_organization_that_was_closed_since_is_named(
    gate: Camera, basic: Tariff, acme: Organization, operator: User
) -> None:
    used(gate, basic, ("09-05", "09-20"))
    done = replaced(line("09-01", "09-02"))
    Organization.objects.update(closed_on=date(2026, 9, 3), closed_at=at("09-04"))
    assert refused(done, operator) == [("gate", "closed")]


def test_a_tariff_that_was_deleted_since_is_named(
    gate: Camera, acme: Organization, operator: User
) -> None:
    old = TariffFactory.create(name="Old")
    used(gate, old, ("09-05", "09-20"))
    done = replaced(line("09-10", "09-12"))
    acme.tariffs.remove(old)
    old.delete()
    assert refused(done, operator) == [("gate", "gone")]


def test_later_usage_of_other_times_does_not_matter(
    gate: Camera, acme: Organization, basic: Tariff, operator: User
) -> None:
    done = add(f"Acme,yard,Yard,Basic,{at('09-01').isoformat()},{at('09-05').isoformat()}")
    yard = Camera.objects.get(name="yard")
    Camera.objects.filter(name="yard").update(title="Edited")
    UsageIntervalFactory.create(camera=yard, tariff=basic, started_at=at("09-10"))
    undo(done, operator)
    assert stored() == [("yard", "Acme", "Basic", "09-10", "")]
    yard.refresh_from_db()
    assert yard.title == "Edited"


def test_an_import_is_undone_once_and_only_as_shown(
    gate: Camera, basic: Tariff, operator: User
) -> None:
    done = add(line("09-10", "09-12"))
    with pytest.raises(UndoChanged):
        undo_import(import_id=done.pk, shown="", by=operator, now=NOW)
    undo(done, operator)
    with pytest.raises(AlreadyUndone):
        undo(done, operator)


def test_nothing_is_recorded_of_dry_runs_refusals_and_repetitions(gate: Camera) -> None:
    replace_by(line("09-10", "09-12"), dry_run=True)
    replace_by(line("08-10", "09-12"))
    assert not UsageImport.objects.exists()
    for _time in range(2):
        replace_by(line("09-10", "09-12"))
    assert UsageImport.objects.count() == 1


def test_the_number_of_queries_does_not_grow_with_the_imports(support_client: Client) -> None:
    counts = []
    for _round in range(2):
        for _number in range(5):
            UsageImportFactory.create()
        with CaptureQueriesContext(connection) as queries:
            page = support_client.get(reverse("usage:imports"))
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 6
    assert "Undo" not in page.text


def test_other_methods_and_unknown_imports_are_refused(operator_client: Client) -> None:
    assert operator_client.post(reverse("usage:imports")).status_code == 405
    assert operator_client.get(reverse("usage:undo_import", args=[1])).status_code == 405
    assert operator_client.post(reverse("usage:undo_import", args=[1])).status_code == 404
