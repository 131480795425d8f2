"""Tests of the tables of measurements, and of keeping pieces of them."""

import re
from pathlib import Path

import pytest

from benchmarks.measuring import Comparison, Figure, faster, shorter, under
from benchmarks.report import Piece, lines_of, write


def test_a_speed_must_be_so_many_times_the_earlier_one() -> None:
    slow = faster("mails", "10", before=20, now=90, at_least=5, earlier="before")
    fast = faster("mails", "10", before=20, now=100, at_least=5, earlier="before")

    assert (slow.ratio, slow.is_met, fast.is_met) == (4.5, False, True)


def test_a_time_must_be_at_most_so_many_times_the_earlier_one() -> None:
    long = shorter("page", "1", before=0.1, now=0.06, at_most=0.5, earlier="before")
    short = shorter("page", "1", before=0.1, now=0.05, at_most=0.5, earlier="before")

    assert (long.is_met, short.is_met) == (False, True)
    assert under("fetch", "1", now=0.01, limit=0.01).is_met is False


def test_comparisons_come_before_limits_and_misses_are_marked() -> None:
    limited = Figure("list", "10", "5.0 ms", "under 4.0 ms", 1.25)
    compared = shorter("page", "1", before=0.1, now=0.06, at_most=0.5, earlier="before")

    assert lines_of([limited, compared]) == [
        "| what | size | compared with  | now     | ratio | target            |            |",
        "|------|------|----------------|---------|-------|-------------------|------------|",
        "| page | 1    | before: 100 ms | 60.0 ms | 0.60  | at most 0.5 times | **missed** |",
        "",
        "| what | size | measured | limit        | of the limit    |",
        "|------|------|----------|--------------|-----------------|",
        "| list | 10   | 5.0 ms   | under 4.0 ms | 125% **missed** |",
    ]


@pytest.mark.django_db
def test_what_was_measured_earlier_is_kept(tmp_path: Path) -> None:
    path, titles = tmp_path / "results.md", ["Runs", "Mail", "Lists"]
    path.write_text("# Measurements\n", "utf-8")
    lists = Figure("list", "10", "5.0 ms", "under 4.0 ms", 1.25)
    emails = Comparison("emails a second", "10", "", "46.0", None, "each sent once", True)
    write(Piece("Lists", "in May", [lists]), titles, path)
    write(Piece("Mail", "in May", [emails]), titles, path)
    may = path.read_text("utf-8")

    write(Piece("Lists", "in June", [lists]), titles, path)

    june = path.read_text("utf-8")
    assert june == may.replace("## Lists\n\nin May", "## Lists\n\nin June") != may
    assert re.findall("## (.+)", june) == ["Mail", "Lists"]
