"""Write the table of measurements, with a description of the machine."""

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
    """Return the lines of a Markdown table with aligned columns."""
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
    """Describe the machine: processor, memory, versions, and its load during the measurements."""
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
        "# Measurements",
        "",
        "`make bench` writes this file. Times are medians of several runs in a separate database.",
        "A limit that depends on the machine was measured in the same run, alternating with what",
        "it limits. [docs/decisions/pricing-speed.md](../docs/decisions/pricing-speed.md) explains",
        "what each line counts.",
        "",
        *machine(),
        "",
        *lines_of(figures),
        "",
    ]
    RESULTS.write_text("\n".join(text), encoding="utf-8")
