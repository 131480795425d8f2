"""Measure what terms cost: this build without and with them, and the last build that had none."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from statistics import median, quantiles
from typing import Any

from benchmarks.measuring import Comparison, megabytes, milliseconds, shorter
from benchmarks.two_builds import Build, builds, in_turn, medians, migrated, sibling

# The last build before statements read terms.
WITHOUT = "f500edb"
PAIRS, SECONDS = 10, 0.4
SINGLE = (1, 100, 1_000, 10_000)
AT_MOST, AT_MOST_WITH_TERMS = 1.02, 1.25
_THREE_TERMS = "three terms each"

Found = Mapping[str, Sequence[Mapping[str, float]]]


def measure(divisor: int) -> Iterator[Comparison]:
    """Measure statements, freezing, issuing and runs in ten pairs in turn."""
    organizations = 2_000 // divisor
    with builds(WITHOUT) as (before, after), ExitStack() as databases:
        agreed = sibling(after, "agreed")
        databases.enter_context(migrated(agreed))
        every = (before, after, agreed)
        for build in every:
            build.run("fill", organizations=organizations, cameras=10, single=SINGLE)
        agreed.run("agree")
        batch = min(300, organizations)
        what = {"single": SINGLE, "batch": batch, "seconds": SECONDS}
        yield from _compared(in_turn(PAIRS, "statements", every, **what), every)
        yield from _compared(_runs(every), every)
        for build, size in ((after, "no terms"), (agreed, _THREE_TERMS)):
            yield _simulation(build, f"{organizations:,} organizations, {size}")


def _runs(every: Sequence[Build]) -> Found:
    found = in_turn(PAIRS, "invoice_run", every, workers=1)
    names = {"processor": "invoice run", "seconds": "invoice run, elapsed", "memory": "run, memory"}
    return {
        build: [{names[name]: value for name, value in each.items()} for each in measured]
        for build, measured in found.items()
    }


def _simulation(build: Build, size: str) -> Comparison:
    found = medians(in_turn(3, "simulation", [build]))[build.name]
    return shorter(
        "simulation of a list price",
        size,
        before=found["statements"],
        now=found["simulation"],
        at_most=3,
        earlier="their statements",
    )


def _compared(found: Found, every: Sequence[Build]) -> Iterator[Comparison]:
    before, after, agreed = (found[each.name] for each in every)
    for name in before[0]:
        yield _ratio(name, "no terms", before, after, WITHOUT, AT_MOST)
        yield _ratio(name, _THREE_TERMS, after, agreed, "no terms", AT_MOST_WITH_TERMS)


def _ratio(
    name: str, size: str, before: Any, after: Any, earlier: str, at_most: float
) -> Comparison:
    """Compare by the median of the ratios of pairs, which were measured one after the other."""
    ratios = [now[name] / then[name] for then, now in zip(before, after, strict=True)]
    ratio, (low, _, high) = median(ratios), quantiles(ratios, n=4)
    shown = megabytes if name.endswith("memory") else milliseconds
    then, now = (shown(median(each[name] for each in side)) for side in (before, after))
    is_target = not name.endswith("elapsed")
    return Comparison(
        name,
        size,
        f"{earlier}: {then}",
        f"{now}; half of the ratios {low:.3f} to {high:.3f}",
        ratio,
        f"at most {at_most:g} times" if is_target else "",
        ratio <= at_most if is_target else None,
    )
