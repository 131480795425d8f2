"""Measure everything with `make bench`, or a tenth of the data with `make bench SCALE=small`.

The benchmark has pieces. `make bench ARGS="runs mail"` measures only some; what results.md says of
the others stays until they are measured again.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from functools import partial

from local_run import postgres_server
from local_run.environment import var_dir

os.environ["DJANGO_SETTINGS_MODULE"] = "billing_admin.settings_test"
if not os.environ.get("DATABASE_URL"):
    # The server of `make run` waits for the disk, as in production; the test server does not.
    os.environ["DATABASE_URL"] = postgres_server.use(var_dir() / "postgres")

import django

django.setup()

from benchmarks import (  # noqa: E402
    bank,
    data,
    documents,
    freezing,
    imports,
    invoice_run,
    long_lists,
    mail,
    page_builds,
    pages,
    payments,
    provider,
    queue,
    statements,
    terms,
    watcher,
)
from benchmarks.compared.unchecked import unchecked  # noqa: E402
from benchmarks.database import empty_database  # noqa: E402
from benchmarks.measuring import in_processes  # noqa: E402
from benchmarks.report import Line, Piece, circumstances, lines_of, write  # noqa: E402

# The number by which sizes are divided.
_SMALL = 10


def main() -> int:
    """Measure, print what was found and, at full scale, write results.md; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scale", choices=("full", "small"), default="full")
    parser.add_argument("pieces", nargs="*", metavar="piece", help=f"some of {', '.join(PIECES)}")
    arguments = parser.parse_args()
    if unknown := set(arguments.pieces) - PIECES.keys():
        parser.error(f"There is no piece {', '.join(unknown)}. There are {', '.join(PIECES)}.")
    pieces = arguments.pieces or list(PIECES)
    failed = [
        name for name in pieces if not _measure(name, arguments.scale, is_alone=len(pieces) == 1)
    ]
    if failed:
        _log(f"failed: {', '.join(failed)}")
    return len(failed)


def _measure(name: str, scale: str, *, is_alone: bool) -> bool:
    """Measure a piece, and return whether that succeeded.

    Each has a process of its own, so that what others leave in memory does not count.
    """
    if not is_alone:
        command = [sys.executable, "-m", "benchmarks", "--scale", scale, name]
        return subprocess.run(command, check=False).returncode == 0
    _log(name)
    try:
        piece = _measured(name, _SMALL if scale == "small" else 1)
    except Exception:
        traceback.print_exc()
        return False
    if scale == "full":
        write(piece, [title for title, _ in PIECES.values()])
    return True


def _measured(name: str, divisor: int) -> Piece:
    title, measure = PIECES[name]
    begin, lines = time.perf_counter(), []
    for line in measure(divisor):
        lines.append(line)
        print(*lines_of([line])[-1:], flush=True)
    return Piece(title, circumstances(time.perf_counter() - begin), lines)


def _queue(divisor: int) -> Iterator[Line]:
    with empty_database():
        yield from queue.measure(1_000_000 // divisor)


def _watcher(divisor: int) -> Iterator[Line]:
    with empty_database():
        yield from watcher.measure(1_000_000 // divisor)


def _imports(divisor: int) -> Iterator[Line]:
    with empty_database():
        yield from imports.measure(1_000_000 // divisor)


def _payments(divisor: int) -> Iterator[Line]:
    with empty_database():
        yield from payments.measure(10_000 // divisor)


def _bank(divisor: int) -> Iterator[Line]:
    with empty_database():
        yield from bank.measure(10_000 // divisor, 100_000 // divisor)


def _statements(divisor: int) -> Iterator[Line]:
    """Measure statements of organizations of all sizes, and pages of large ones."""
    counts = [100, 1_000, 10_000, 100_000, 1_000_000]
    if divisor > 1:
        counts.pop()
    make = partial(data.add_provider, owners=100_000 // divisor, organizations=10_000 // divisor)
    with empty_database():
        # In a separate process, so that its memory does not count as that of the measurements.
        ((organizations, _memory),) = in_processes(make, [()])
        many, alone = organizations[: 1_000 // divisor], organizations[1_000 // divisor :]
        single = dict(zip(counts, alone, strict=False))
        cameras = 1_000 * len(many)
        with unchecked():
            data.add_cameras(1, cameras, many)
            for count in counts:
                data.add_cameras(10_000_000 + 10 * count, count, [single[count]])
        # Measurements in forked processes come first: a fork starts with this process's memory.
        yield from provider.measure(many, cameras)
        yield from freezing.measure(many, cameras)
        yield from statements.measure(single)
        yield from pages.usages({n: single[n] for n in (100, 10_000, 100_000)})
        yield from pages.csv(single[100], single[100_000], 100_000)
        yield from pages.lists(many[0])
        yield from invoice_run.measure(many, cameras)


def _log(text: str) -> None:
    print(f"{time.strftime('%H:%M:%S')} {text}", file=sys.stderr, flush=True)


PIECES: dict[str, tuple[str, Callable[[int], Iterator[Line]]]] = {
    "runs": ("Invoice runs", invoice_run.measure_builds),
    "terms": ("What was agreed", terms.measure),
    "queue": ("Queue", _queue),
    "mail": ("Mail of a run", mail.measure),
    "documents": ("Documents", documents.measure_builds),
    "lists": ("Lists with three years of data", long_lists.measure),
    "pages": ("Pages and web server", page_builds.measure),
    "imports": ("Imports", _imports),
    "payments": ("Payments of one invoice", _payments),
    "bank": ("Bank statements", _bank),
    "watcher": ("Reading Watcher", _watcher),
    "statements": ("Statements and pages of large organizations", _statements),
    "files": ("A document as a file", documents.measure),
}


if __name__ == "__main__":
    sys.exit(main())
