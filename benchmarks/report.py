"""Write the tables of measurements, with a description of the machine.

Each piece of the benchmark is a section, so that a run can be continued or a piece repeated.
"""

from __future__ import annotations

import os
import platform
import re
from collections.abc import Sequence
from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of the benchmark, with when it was measured and beside what load."""

    title: str
    measured: str
    lines: Sequence[Line]


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


def write(piece: Piece, titles: Sequence[str], path: Path = RESULTS) -> None:
    """Write results.md, with sections in the order of their titles.

    What was measured earlier stays as it is: the sections of other pieces are kept.
    """
    found = [piece.measured, "", *lines_of(piece.lines)]
    sections = {**_sections(path.read_text("utf-8")), piece.title: "\n".join(found)}
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
    for title in titles:
        if title in sections:
            text += ["", f"## {title}", "", sections[title]]
    path.write_text("\n".join([*text, ""]), encoding="utf-8")


def _sections(text: str) -> dict[str, str]:
    """Return what stands below each heading of the second level, by the heading."""
    parts = (part.partition("\n") for part in re.split(r"^## ", text, flags=re.MULTILINE)[1:])
    return {title: body.strip() for title, _, body in parts}
