"""Measure everything with `make bench`, or a tenth of the data with `make bench SCALE=small`."""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Iterator
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
    data,
    documents,
    freezing,
    imports,
    invoice_run,
    long_lists,
    page_builds,
    pages,
    provider,
    queue,
    report,
    statements,
)
from benchmarks.database import empty_database  # noqa: E402
from benchmarks.measuring import Figure, in_processes  # noqa: E402


def main() -> int:
    """Measure, print the figures and, at full scale, write results.md; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scale", choices=("full", "small"), default="full")
    small = parser.parse_args().scale == "small"
    figures = []
    for figure in _figures(10 if small else 1):
        figures.append(figure)
        print(*report.lines_of([figure])[-1:], flush=True)
    print("", *report.lines_of(figures), sep="\n")
    if not small:
        with empty_database():
            report.write(figures)
    return 0


def _figures(divisor: int) -> Iterator[Figure]:
    with empty_database():
        _log("Importing the file.")
        yield from imports.measure(1_000_000 // divisor)
    with empty_database():
        _log("Filling the queue.")
        yield from queue.measure(1_000_000 // divisor)
    with empty_database():
        _log("Creating the data.")
        counts = [100, 1_000, 10_000, 100_000, 1_000_000]
        if divisor > 1:
            counts.pop()
        make = partial(
            data.add_provider, owners=100_000 // divisor, organizations=10_000 // divisor
        )
        # In a separate process, so that its memory does not count as that of the measurements.
        ((organizations, _memory),) = in_processes(make, [()])
        many, alone = organizations[: 1_000 // divisor], organizations[1_000 // divisor :]
        single = dict(zip(counts, alone, strict=False))
        cameras = 1_000 * len(many)
        with data.checked_afterwards():
            data.add_cameras(1, cameras, many)
            for count in counts:
                data.add_cameras(10_000_000 + 10 * count, count, [single[count]])
        _log("Measuring.")
        # Measurements in forked processes come first: a fork starts with this process's memory.
        yield from provider.measure(many, cameras)
        yield from freezing.measure(many, cameras)
        yield from statements.measure(single)
        yield from pages.usages({n: single[n] for n in (100, 10_000, 100_000)})
        yield from pages.csv(single[100], single[100_000], 100_000)
        yield from pages.lists(many[0])
        yield from invoice_run.measure(many, cameras)
    yield from page_builds.measure()
    _log("Measuring invoice runs of this build and an earlier one.")
    yield from invoice_run.measure_builds(divisor)
    _log("Measuring lists with one month and with three years of data.")
    yield from long_lists.measure(100_000 // divisor, 1_000_000 // divisor)
    _log("Measuring documents of this build and an earlier one.")
    yield from documents.measure_builds(divisor)
    # Documents come last: a process that has created a PDF must not be forked.
    yield from documents.measure()


def _log(text: str) -> None:
    print(f"{time.strftime('%H:%M:%S')} {text}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
