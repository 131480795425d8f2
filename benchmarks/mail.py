"""Measure the mail of a run to a local SMTP server, with this build and an earlier one."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from benchmarks.measuring import Comparison, faster, megabytes, shorter
from benchmarks.two_builds import EARLIER, builds, in_turn, medians

FASTER, RUNS = 5, 1


class LostMailError(Exception):
    """A document was not sent exactly once."""


def measure(divisor: int) -> Iterator[Comparison]:
    """Compare both builds with 500 documents; send 10,000 with this one.

    10,000 would take the earlier build ten minutes or more.
    """
    few, many = 500 // divisor, 10_000 // divisor
    with builds() as (before, after):
        before.run("fill", organizations=few // 2, cameras=10)
        after.run("fill", organizations=many // 2, cameras=10)
        found = {
            with_pdfs: in_turn(RUNS, "mail", (before, after), documents=few, with_pdfs=with_pdfs)
            for with_pdfs in (False, True)
        }
        all_sent = after.run("mail", documents=many, with_pdfs=False)
    for with_pdfs, results in found.items():
        yield from _against_earlier(f"{few:,}, PDFs {'stored' if with_pdfs else 'made'}", results)
    if (all_sent["accepted"], all_sent["twice"]) != (many, 0):
        raise LostMailError(all_sent)
    size = f"{many:,}, PDFs made"
    yield Comparison(
        "emails a second", size, "", f"{all_sent['a second']:,.1f}", None, "each sent once", True
    )


def _against_earlier(size: str, results: dict[str, list[dict[str, float]]]) -> Iterator[Comparison]:
    found = medians(results)
    before, after = found["before"], found["after"]
    yield faster(
        "emails a second",
        size,
        before=before["a second"],
        now=after["a second"],
        at_least=FASTER,
        earlier=EARLIER,
    )
    worker = "ms of the worker's processor time each"
    less = partial(shorter, size=size, earlier=EARLIER)
    yield less(
        "processor time of the worker for a mail",
        before=before[worker] / 1000,
        now=after[worker] / 1000,
        at_most=1 / FASTER,
    )
    yield less(
        "memory of a worker that sends mail",
        before=before["memory"],
        now=after["memory"],
        at_most=1,
        unit=megabytes,
    )
