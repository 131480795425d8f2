"""Write the tables of measurements, with a description of the machine.

Each piece of the benchmark is kept in a file, so that a run can be continued or a piece repeated.
"""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

import psutil
import psycopg
from django.db import connection

from benchmarks.measuring import Comparison, Figure
from benchmarks.two_builds import EARLIER

RESULTS = Path(__file__).with_name("results.md")
COMPARED = ("what", "size", "compared with", "now", "ratio", "target", "")
LIMITED = ("what", "size", "measured", "limit", "of the limit")

Line = Figure | Comparison
_KINDS = {"compared": Comparison, "limited": Figure}


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of the benchmark, with when it was measured and beside what load."""

    title: str
    measured: str
    lines: Sequence[Line]

    def keep(self, path: Path) -> None:
        """Store it in a file."""
        kinds = {kind: name for name, kind in _KINDS.items()}
        lines = [{"kind": kinds[type(line)], **asdict(line)} for line in self.lines]
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps({**asdict(self), "lines": lines}), encoding="utf-8")

    @classmethod
    def kept(cls, path: Path) -> Piece:
        """Return what was stored in a file. Raises: FileNotFoundError."""
        stored = json.loads(path.read_text("utf-8"))
        lines = [_KINDS[line.pop("kind")](**line) for line in stored.pop("lines")]
        return cls(**stored, lines=lines)


def circumstances(seconds: float) -> str:
    """Say when something was measured, how long it took, and what else the machine did."""
    load = ", ".join(f"{each:.1f}" for each in os.getloadavg())
    return (
        f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC, in {seconds / 60:.0f} minutes; load average over"
        f" 1, 5 and 15 minutes at the end: {load}"
    )


def lines_of(lines: Sequence[Line]) -> list[str]:
    """Return Markdown tables with aligned columns: comparisons, then what has limits."""
    compared = [_compared(each) for each in lines if isinstance(each, Comparison)]
    limited = [_limited(each) for each in lines if isinstance(each, Figure)]
    tables = [
        _table([heading, *rows])
        for heading, rows in ((COMPARED, compared), (LIMITED, limited))
        if rows
    ]
    return [line for table in tables for line in ("", *table)][1:]


def _table(cells: Sequence[Sequence[str]]) -> list[str]:
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    rows = [
        "| "
        + " | ".join(f"{cell:<{width}}" for cell, width in zip(row, widths, strict=True))
        + " |"
        for row in cells
    ]
    return [rows[0], "|" + "|".join("-" * (width + 2) for width in widths) + "|", *rows[1:]]


def _compared(line: Comparison) -> Sequence[str]:
    ratio = "" if line.ratio is None else f"{line.ratio:.2f}"
    result = {True: "met", False: "**missed**", None: ""}[line.is_met]
    return line.what, line.size, line.compared_with, line.now, ratio, line.target, result


def _limited(figure: Figure) -> Sequence[str]:
    ratio = "" if figure.ratio is None else f"{figure.ratio:.0%}"
    missed = "" if figure.is_kept else " **missed**"
    return figure.what, figure.size, figure.measured, figure.limit, ratio + missed


def machine() -> list[str]:
    """Describe the machine: processor, memory and versions."""
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        ((postgres,),) = cursor.fetchall()
    return [
        f"- {_processor()}, {os.cpu_count()} cores",
        f"- {psutil.virtual_memory().total / 2**30:.0f} GiB of memory",
        f"- Python {platform.python_version()}, PostgreSQL {postgres} on the same machine, "
        f"psycopg {psycopg.__version__}",
    ]


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.partition(": ")[2]
    return platform.processor() or platform.machine()


def write(pieces: Sequence[Piece]) -> None:
    """Write results.md."""
    text = [
        "# Measurements",
        "",
        "`make bench` writes this file. It measures this build and an earlier one from git,",
        f"`{EARLIER}`, in turn, each with a database of its own on the same server. What is",
        "compared with something else, such as one month of data, was measured in the same run.",
        "Sizes are those that were measured. The ratio is that of *now* to what is beside it.",
        "[docs/decisions/pricing-speed.md](../docs/decisions/pricing-speed.md) explains what the",
        "lines about statements count.",
        "",
        *machine(),
    ]
    for piece in pieces:
        text += ["", f"## {piece.title}", "", f"{piece.measured}", "", *lines_of(piece.lines)]
    RESULTS.write_text("\n".join([*text, ""]), encoding="utf-8")
