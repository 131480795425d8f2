"""Measure imports of large files: new ones, known ones, and ones of wrong lines."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from django.core.management import call_command

from accounts.models import User
from benchmarks import data
from benchmarks.measuring import Figure, in_processes, megabytes, milliseconds, seconds
from foundation.imports.models import UploadedFile
from foundation.imports.uploads import PART_BYTES, keep_upload
from foundation.imports.work import check
from usage.imports.uploads import KIND
from usage.models import UsageInterval
from usage.tasks import read_upload

SECONDS_LIMIT, MEMORY_LIMIT = 180.0, float(2**30)
WRONG_BYTES, WRONG_SECONDS, WRONG_MEMORY = 49_000_000, 10.0, 160e6
OWNERS, ORGANIZATIONS = 100, 1_000


def measure(lines: int) -> Iterator[Figure]:
    """Import `lines` lines, two per camera, of 1,000 organizations into an empty database."""
    data.add_provider(owners=OWNERS, organizations=ORGANIZATIONS)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "usage.csv"
        _write(path, lines)
        ((time, memory),) = in_processes(_import, [(path,)])
        earlier = _earlier(path)
        ((again, _memory),) = in_processes(_import_again, [(path,)])
        ((again_earlier, _memory),) = in_processes(_import_again, [(earlier,)])
        ((wrong, wrong_memory),) = in_processes(_refuse, [(_wrong(Path(folder)),)])
    size = f"{lines:,} lines"
    yield Figure("import", size, milliseconds(time), "under 3 minutes", time / SECONDS_LIMIT)
    yield Figure("import, memory", size, megabytes(memory), "under 1 GiB", memory / MEMORY_LIMIT)

    for what, seconds_ in (
        ("import again at once", again),
        ("import again, only what came first", again_earlier),
    ):
        yield Figure(what, size, milliseconds(seconds_), "no longer than new", seconds_ / time)
    size = f"{WRONG_BYTES / 1e6:.0f} MB of wrong lines"
    limit = f"under {WRONG_SECONDS:.0f} s"
    yield Figure("upload, stored and read", size, milliseconds(wrong), limit, wrong / WRONG_SECONDS)
    limit = f"under {megabytes(WRONG_MEMORY)}"
    yield Figure(
        "upload, memory", size, megabytes(wrong_memory), limit, wrong_memory / WRONG_MEMORY
    )


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


def _import_again(path: Path) -> float:
    """Import what is recorded already, right after it was."""
    return seconds(
        lambda: call_command("import_usage", str(path), verbosity=0, stdout=io.StringIO())
    )


def _earlier(path: Path) -> Path:
    """Write a file of the first interval of each camera, all of which have a later one."""
    lines = path.read_text("utf-8").splitlines(keepends=True)
    earlier = path.with_name("earlier.csv")
    earlier.write_text("".join([lines[0], *lines[1::2]]), "utf-8")
    return earlier


def _wrong(folder: Path) -> Path:
    path = folder / "wrong.csv"
    line = "Nobody,gate-01,Main gate,None,yesterday,\n"
    with path.open("w", encoding="utf-8") as file:
        file.write("organization,camera,title,tariff,started_at,ended_at\n")
        file.write(line * (WRONG_BYTES // len(line)))
    return path


def _refuse(path: Path) -> float:
    """Store a file as a page does, and read it as a job does; it is refused."""
    user = User.objects.create(email="operator@example.com", password="!")

    def store_and_read() -> None:
        with path.open("rb") as file:
            upload = keep_upload(
                kind=KIND.name,
                user_id=user.pk,
                name=path.name,
                chunks=iter(partial(file.read, PART_BYTES), b""),
                now=datetime.now(UTC),
                task=read_upload,
            )
        check(KIND, upload, user.pk)
        upload.refresh_from_db()
        if upload.state != UploadedFile.State.REFUSED:
            raise IncompleteError

    return seconds(store_and_read)
