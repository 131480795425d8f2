"""The table of what was measured, and of the machine on which it was."""

from __future__ import annotations

import os
import platform
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import psutil
import psycopg
from django.db import connection

from benchmarks.measuring import Figure

RESULTS = Path(__file__).with_name("results.md")
HEADING = ("what", "size", "measured", "limit", "of the limit")


def lines_of(figures: Sequence[Figure]) -> list[str]:
    """Return the table, in Markdown, its columns aligned."""
    cells = [HEADING, *map(_cells, figures)]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    rows = [
        "| "
        + " | ".join(f"{cell:<{width}}" for cell, width in zip(row, widths, strict=True))
        + " |"
        for row in cells
    ]
    return [rows[0], "|" + "|".join("-" * (width + 2) for width in widths) + "|", *rows[1:]]


def _cells(figure: Figure) -> tuple[str, str, str, str, str]:
    ratio = "" if figure.ratio is None else f"{figure.ratio:.0%}"
    missed = "" if figure.is_kept else " **missed**"
    return figure.what, figure.size, figure.measured, figure.limit, ratio + missed


def machine() -> list[str]:
    """Return what measured: processor, memory, versions, and how busy it was meanwhile."""
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        ((postgres,),) = cursor.fetchall()
    load = ", ".join(f"{each:.1f}" for each in os.getloadavg())
    return [
        f"- {datetime.now(UTC):%Y-%m-%d %H:%M} UTC",
        f"- {_processor()}, {os.cpu_count()} cores",
        f"- {psutil.virtual_memory().total / 2**30:.0f} GiB of memory",
        f"- Python {platform.python_version()}, PostgreSQL {postgres} on the same machine, "
        f"psycopg {psycopg.__version__}",
        f"- load average over 1, 5 and 15 minutes at the end: {load}",
    ]


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.partition(": ")[2]
    return platform.processor() or platform.machine()


def write(figures: Sequence[Figure]) -> None:
    """Write results.md."""
    text = [
        "# What was measured",
        "",
        "By `make bench`: medians of several runs, in a database of its own. A limit that depends",
        "on the machine was measured in the same run, in turn with what it limits.",
        "[docs/decisions/pricing-speed.md](../docs/decisions/pricing-speed.md) says what each line",
        "counts.",
        "",
        *machine(),
        "",
        *lines_of(figures),
        "",
    ]
    RESULTS.write_text("\n".join(text), encoding="utf-8")
