"""How something is measured: medians of several runs, and the most memory that a process took."""

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
    """A line of the table: what was measured, and its ratio to a limit (1 and less keeps it)."""

    what: str
    size: str
    measured: str
    limit: str
    ratio: float | None

    @property
    def is_kept(self) -> bool:
        return self.ratio is None or self.ratio <= 1


def seconds(action: Callable[[], object]) -> float:
    """Run once; return how long it took."""
    gc.collect()
    begun = time.perf_counter()
    action()
    return time.perf_counter() - begun


def side_by_side(runs: int, *actions: Callable[[], object]) -> list[float]:
    """Run the actions in turn, `runs` times after one that does not count; return their medians.

    In turn, so that whatever else the machine is doing meets all of them alike.
    """
    for action in actions:
        action()
    times = [[seconds(action) for action in actions] for _ in range(runs)]
    return [median(column) for column in zip(*times, strict=True)]


def in_processes(action: Callable[..., Any], arguments: Sequence[tuple[Any, ...]]) -> list[Any]:
    """Call `action` with each of the arguments, each in a process of its own, all at once.

    Return their answers, in order; each is (what `action` returned, most memory in bytes).
    """
    connections.close_all()
    context = multiprocessing.get_context("fork")
    with context.Pool(len(arguments), maxtasksperchild=1) as pool:
        return pool.starmap(_watched, [(action, *each) for each in arguments], chunksize=1)


def _watched(action: Callable[..., Any], *arguments: Any) -> tuple[Any, int]:
    answer = action(*arguments)
    connections.close_all()
    return answer, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def milliseconds(time: float) -> str:
    """Return a time as people read it."""
    return f"{time * 1000:,.1f} ms" if time < 0.1 else f"{time * 1000:,.0f} ms"


def megabytes(size: float) -> str:
    """Return a size as people read it."""
    return f"{size / 1e6:,.0f} MB"
