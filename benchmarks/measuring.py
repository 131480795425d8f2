"""Measure medians of several runs, and the peak memory of a process."""

from __future__ import annotations

import gc
import multiprocessing
import resource
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

from django.db import connections


@dataclass(frozen=True, slots=True)
class Figure:
    """A line of the table: what was measured, and its ratio to a limit (up to 1 is within it)."""

    what: str
    size: str
    measured: str
    limit: str
    ratio: float | None

    @property
    def is_kept(self) -> bool:
        return self.ratio is None or self.ratio <= 1


@dataclass(frozen=True, slots=True)
class Comparison:
    """A line of the first table: what was measured, and its ratio to what it is compared with."""

    what: str
    size: str
    compared_with: str
    now: str
    ratio: float | None
    target: str
    is_met: bool | None


def faster(
    what: str, size: str, *, before: float, now: float, at_least: float, earlier: str
) -> Comparison:
    """Compare two speeds, such as documents a second."""
    ratio = now / before
    compared_with = f"{earlier}: {before:,.1f}"
    target = f"at least {at_least:g} times"
    return Comparison(what, size, compared_with, f"{now:,.1f}", ratio, target, ratio >= at_least)


def shorter(
    what: str,
    size: str,
    *,
    before: float,
    now: float,
    at_most: float,
    earlier: str,
    unit: Callable[[float], str] | None = None,
) -> Comparison:
    """Compare two times in seconds, or two other amounts of a unit, of which less is better."""
    ratio, shown = now / before, unit or milliseconds
    target = f"at most {at_most:g} times"
    return Comparison(
        what, size, f"{earlier}: {shown(before)}", shown(now), ratio, target, ratio <= at_most
    )


def under(what: str, size: str, *, now: float, limit: float) -> Comparison:
    """Compare a time in seconds with a fixed limit."""
    target = f"under {milliseconds(limit)}"
    return Comparison(what, size, "", milliseconds(now), None, target, now < limit)


def seconds(action: Callable[[], object]) -> float:
    """Run an action once; return the time in seconds."""
    gc.collect()
    begin = time.perf_counter()
    action()
    return time.perf_counter() - begin


def side_by_side(runs: int, *actions: Callable[[], object]) -> list[float]:
    """Run the actions alternately, `runs` times after a warm-up; return their medians in seconds.

    The actions alternate so that other load on the machine affects all of them equally.
    """
    for action in actions:
        action()
    times = [[seconds(action) for action in actions] for _ in range(runs)]
    return [median(column) for column in zip(*times, strict=True)]


def in_processes(action: Callable[..., Any], arguments: Sequence[tuple[Any, ...]]) -> list[Any]:
    """Call `action` with each tuple of arguments, each in its own process, at the same time.

    Return the results in order, each as (return value of `action`, peak memory in bytes).
    """
    connections.close_all()
    context = multiprocessing.get_context("fork")
    with context.Pool(len(arguments), maxtasksperchild=1) as pool:
        return pool.starmap(_watched, [(action, *each) for each in arguments], chunksize=1)


def _watched(action: Callable[..., Any], *arguments: Any) -> tuple[Any, int]:
    result = action(*arguments)
    connections.close_all()
    return result, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def milliseconds(time: float) -> str:
    """Return a time in seconds as a text in milliseconds."""
    return f"{time * 1000:,.1f} ms" if time < 0.1 else f"{time * 1000:,.0f} ms"


def megabytes(size: float) -> str:
    """Return a size in bytes as a text in megabytes."""
    return f"{size / 1e6:,.0f} MB"
