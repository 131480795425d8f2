"""Compare each page, and the web server under load, with the earlier build."""

from __future__ import annotations

from collections.abc import Iterator
from statistics import median
from typing import Any

from benchmarks.measuring import Figure, megabytes, milliseconds
from benchmarks.two_builds import builds, in_turn

PAGE_RATIO, THROUGHPUT_RATIO = 0.5, 2
CONNECTIONS = 50

# The results of a script, by name of the build.
Results = dict[str, list[Any]]


def measure(*, times: int = 3, requests: int = 20, seconds: float = 20) -> Iterator[Figure]:
    """Measure both builds with the demonstration, in turn."""
    with builds() as both:
        for build in both:
            build.manage("demo", "--verbosity=0")
        yield from _pages(in_turn(times, "page_times", both, requests=requests))
        yield from _throughput(
            in_turn(times, "throughput", both, seconds=seconds, connections=CONNECTIONS)
        )


def _pages(results: Results) -> Iterator[Figure]:
    """Compare the processor time of pages, which other load on the machine affects least."""
    before, after = results["before"], results["after"]
    for page in sorted(before[0].keys() & after[0].keys()):
        earlier, now = (min(run[page]["cpu"] for run in each) for each in (before, after))
        yield Figure(
            f"page {page}",
            f"{after[0][page]['queries']} queries",
            milliseconds(now / 1000),
            f"{PAGE_RATIO} × {milliseconds(earlier / 1000)}",
            now / earlier / PAGE_RATIO,
        )


def _throughput(results: Results) -> Iterator[Figure]:
    before, after = (
        {name: median(run[name] for run in results[build]) for name in results[build][0]}
        for build in ("before", "after")
    )
    size = f"{CONNECTIONS} connections"
    each = "requests a second"
    yield Figure(
        "Organizations and Usages, requests a second",
        size,
        f"{after[each]:,.1f}",
        f"{THROUGHPUT_RATIO} × {before[each]:,.1f}",
        before[each] * THROUGHPUT_RATIO / after[each],
    )
    yield Figure(
        "Organizations and Usages, processor time of a request",
        size,
        milliseconds(after["processor ms"] / 1000),
        f"{1 / THROUGHPUT_RATIO} × {milliseconds(before['processor ms'] / 1000)}",
        after["processor ms"] / before["processor ms"] * THROUGHPUT_RATIO,
    )
    yield Figure(
        "Organizations and Usages, 99th percentile",
        size,
        milliseconds(after["p99 ms"] / 1000),
        f"before: {milliseconds(before['p99 ms'] / 1000)}",
        None,
    )
    yield Figure(
        "memory of a web process",
        size,
        megabytes(after["memory MB"] * 1e6),
        megabytes(before["memory MB"] * 1e6),
        after["memory MB"] / before["memory MB"],
    )
