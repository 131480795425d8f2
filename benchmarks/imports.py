"""Measure the import of a large file with `manage.py import_usage`."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.core.management import call_command

from benchmarks import data
from benchmarks.measuring import Figure, in_processes, megabytes, milliseconds, seconds
from usage.models import UsageInterval

SECONDS_LIMIT, MEMORY_LIMIT = 180.0, float(2**30)
OWNERS, ORGANIZATIONS = 100, 1_000


def measure(lines: int) -> Iterator[Figure]:
    """Import `lines` lines, two per camera, of 1,000 organizations into an empty database."""
    data.add_provider(owners=OWNERS, organizations=ORGANIZATIONS)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "usage.csv"
        _write(path, lines)
        ((time, memory),) = in_processes(_import, [(path,)])
    size = f"{lines:,} lines"
    yield Figure("import", size, milliseconds(time), "under 3 minutes", time / SECONDS_LIMIT)
    yield Figure("import, memory", size, megabytes(memory), "under 1 GiB", memory / MEMORY_LIMIT)


def _write(path: Path, lines: int) -> None:
    start = datetime(2026, 9, 1, tzinfo=UTC)
    tariffs = [name for name, *_ in data.TARIFFS]
    with path.open("w", encoding="utf-8") as file:
        file.write("camera,title,organization,tariff,started_at,ended_at\n")
        for camera in range(lines // 2):
            number = camera % ORGANIZATIONS
            organization = f"{data.KINDS[number % 5]} {number}"
            change = start + timedelta(seconds=camera * 7 % 2_000_000 + 60)
            for tariff, since, until in (
                (tariffs[camera % 4], start.isoformat(), change.isoformat()),
                (tariffs[(camera + 1) % 4], change.isoformat(), ""),
            ):
                file.write(
                    f"cam-{camera:07d},Gate {camera},{organization},{tariff},{since},{until}\n"
                )


class IncompleteError(Exception):
    """Not every line was imported."""


def _import(path: Path) -> float:
    time = seconds(
        lambda: call_command("import_usage", str(path), verbosity=0, stdout=io.StringIO())
    )
    if UsageInterval.objects.count() != sum(1 for _ in path.open("rb")) - 1:
        raise IncompleteError
    return time
