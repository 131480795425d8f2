"""Measure invoices as files."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import count
from statistics import median

from benchmarks.measuring import (
    Comparison,
    Figure,
    faster,
    in_processes,
    megabytes,
    milliseconds,
    seconds,
    shorter,
)
from benchmarks.two_builds import EARLIER, checkouts, in_turn, medians
from invoices.documents.document import Document
from invoices.documents.pdf import pages_as_images, pdf
from invoices.documents.tests.documents import an_invoice, line, to
from invoices.documents.xml import ubl

LIMIT = 0.100
LINES, RUNS = (3, 60), 21
# How many times as many documents a second as the earlier build makes, and two processes as one.
FASTER, TWO_PROCESSES = 2, 1.8
_numbers = count(1)


def measure(_divisor: int) -> Iterator[Figure]:
    """Measure a document's PDF with XML and, for comparison, its other formats."""
    # In a separate process: one that has run typst must not be forked for other measurements.
    ((figures, memory),) = in_processes(_figures, [()])
    yield from figures
    yield Figure("document, memory of the process", "", megabytes(memory), "", None)


def measure_builds(divisor: int) -> Iterator[Comparison]:
    """Compare the documents a second with those of an earlier build, and two processes with one."""
    both = checkouts()
    number = 300 // divisor
    one, two = (
        medians(in_turn(5, "documents", both, lines=3, documents=number, processes=processes))
        for processes in (1, 2)
    )
    before, after = one["before"], one["after"]
    what, size = "documents a second, PDF with XML", "3 lines, 1 process"
    yield faster(
        what,
        size,
        before=before["per_second"],
        now=after["per_second"],
        at_least=FASTER,
        earlier=EARLIER,
    )
    yield shorter(
        "processor time of a document",
        size,
        before=before["cpu"],
        now=after["cpu"],
        at_most=1 / FASTER,
        earlier=EARLIER,
    )
    yield faster(
        what,
        "3 lines, 2 processes",
        before=after["per_second"],
        now=two["after"]["per_second"],
        at_least=TWO_PROCESSES,
        earlier="1 process",
    )


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


def _median(render: Callable[[Document], object], lines: int) -> float:
    """Return the median time in seconds, with fonts and template loaded; each document differs."""
    render(_new_document(lines))
    return median(
        seconds(lambda document=document: render(document))  # type: ignore[misc]
        for document in [_new_document(lines) for _ in range(RUNS)]
    )


def _new_document(lines: int) -> Document:
    number = next(_numbers)
    named = tuple(line(f"Plan {number}-{place}") for place in range(lines))
    return replace(
        to(an_invoice(lines=named), name=f"Company {number}"), number=f"INV-2026-{number:06}"
    )
