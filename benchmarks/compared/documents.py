"""Make PDFs with XML, in one process or in several at the same time.

Arguments: `lines` in a document, `documents` of each process, and the number of `processes`.
Returns `per_second`, the documents that all processes make in a second, and `cpu`, the seconds of
CPU time for a document.
"""

import json
import sys
import time

import django

django.setup()

from benchmarks.documents import _new_document  # noqa: E402
from benchmarks.measuring import in_processes  # noqa: E402
from invoices.documents.pdf import pdf  # noqa: E402


def measure(*, lines: int, documents: int, processes: int) -> dict[str, float]:
    measured = [times for times, _ in in_processes(_make, [(lines, documents)] * processes)]
    return {
        "per_second": sum(documents / time for time, _ in measured),
        "cpu": sum(cpu for _, cpu in measured) / documents / processes,
    }


def _make(lines: int, number: int) -> tuple[float, float]:
    made = [_new_document(lines) for _ in range(number)]
    # Typst keeps the layouts of its last ten compilations.
    for _ in range(10):
        pdf(_new_document(lines))
    start, cpu_start = time.perf_counter(), time.process_time()
    for document in made:
        pdf(document)
    return time.perf_counter() - start, time.process_time() - cpu_start


if __name__ == "__main__":
    print(json.dumps(measure(**json.loads(sys.argv[1]))))
