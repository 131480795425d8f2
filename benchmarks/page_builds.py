"""Compare each page, and the web server under load, with the earlier build."""

from __future__ import annotations

from collections.abc import Iterator
from statistics import median
from typing import Any

from benchmarks.measuring import Comparison, faster, megabytes, shorter
from benchmarks.two_builds import EARLIER, builds, in_turn

PAGE_RATIO, THROUGHPUT_RATIO = 0.5, 2
CONNECTIONS = 50

# The results of a script, by name of the build.
Results = dict[str, list[Any]]


def measure(divisor: int) -> Iterator[Comparison]:
    """Measure both builds with the demonstration, in turn."""
    with builds() as both:
        for build in both:
            build.manage("demo", "--verbosity=0")
        times, seconds = (2, 15) if divisor == 1 else (1, 3)
        yield from _throughput(
            in_turn(times, "throughput", both, seconds=seconds, connections=CONNECTIONS)
        )
        yield from _pages(in_turn(times, "page_times", both, requests=20 // divisor))


def _pages(results: Results) -> Iterator[Comparison]:
    """Compare the processor time of pages, which other load on the machine affects least."""
    before, after = results["before"], results["after"]
    pages = [
        shorter(
            f"page {page}",
            f"{before[0][page]['queries']:.0f}, now {after[0][page]['queries']:.0f} queries",
            before=min(run[page]["cpu"] for run in before) / 1000,
            now=min(run[page]["cpu"] for run in after) / 1000,
            at_most=PAGE_RATIO,
            earlier=EARLIER,
        )
        for page in sorted(before[0].keys() & after[0].keys())
    ]
    met = sum(page.is_met is True for page in pages)
    yield Comparison(
        "all pages, median of the ratios",
        "the demonstration",
        "",
        f"{met} of {len(pages)} pages met",
        median(page.ratio for page in pages if page.ratio),
        f"at most {PAGE_RATIO:g} times",
        met == len(pages),
    )
    yield from pages


def _throughput(results: Results) -> Iterator[Comparison]:
    before, after = (
        {name: median(run[name] for run in results[build]) for name in results[build][0]}
        for build in ("before", "after")
    )
    size, what = f"{CONNECTIONS} connections", "Organizations and Usages"
    each = "requests a second"
    yield faster(
        f"{what}, {each}",
        size,
        before=before[each],
        now=after[each],
        at_least=THROUGHPUT_RATIO,
        earlier=EARLIER,
    )
    times = (
        ("processor ms", "processor time of a request", 1 / THROUGHPUT_RATIO),
        ("p99 ms", "99th percentile", 1),
    )
    for name, figure, at_most in times:
        yield shorter(
            f"{what}, {figure}",
            size,
            before=before[name] / 1000,
            now=after[name] / 1000,
            at_most=at_most,
            earlier=EARLIER,
        )
    yield shorter(
        "memory of a web process",
        size,
        before=before["memory MB"] * 1e6,
        now=after["memory MB"] * 1e6,
        at_most=1,
        earlier=EARLIER,
        unit=megabytes,
    )
