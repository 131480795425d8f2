"""Invoices as files."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import count
from statistics import median

from benchmarks.measuring import Figure, in_processes, megabytes, milliseconds, seconds
from invoices.documents.document import Document
from invoices.documents.pdf import pages_as_images, pdf
from invoices.documents.tests.documents import an_invoice, line, to
from invoices.documents.xml import ubl

LIMIT = 0.100
LINES, RUNS = (3, 60), 21
_numbers = count(1)


def measure() -> Iterator[Figure]:
    """Measure a document's PDF with XML; and, for comparison, what else there is of it."""
    # A process that has run typst must not be forked, as other measurements are.
    ((figures, memory),) = in_processes(_figures, [()])
    yield from figures
    yield Figure("document, memory of the process", "", megabytes(memory), "", None)


def _figures() -> list[Figure]:
    figures = []
    for lines in LINES:
        size, time = f"{lines} lines", _median(pdf, lines)
        limit = f"under {milliseconds(LIMIT)}"
        figures += [
            Figure("document, PDF with XML", size, milliseconds(time), limit, time / LIMIT),
            Figure("document, UBL", size, milliseconds(_median(ubl, lines)), "", None),
            Figure(
                "document, pages as SVG",
                size,
                milliseconds(_median(pages_as_images, lines)),
                "",
                None,
            ),
        ]
    return figures


def _median(made: Callable[[Document], object], lines: int) -> float:
    """Return how long it takes, once fonts and template are read; no two documents are alike."""
    made(_another(lines))
    return median(
        seconds(lambda document=document: made(document))  # type: ignore[misc]
        for document in [_another(lines) for _ in range(RUNS)]
    )


def _another(lines: int) -> Document:
    number = next(_numbers)
    named = tuple(line(f"Plan {number}-{place}") for place in range(lines))
    return replace(
        to(an_invoice(lines=named), name=f"Company {number}"), number=f"INV-2026-{number:06}"
    )
