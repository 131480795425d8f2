"""Tests of the tables of measurements, and of keeping pieces of them."""

from pathlib import Path

from benchmarks.measuring import Comparison, Figure, faster, shorter, under
from benchmarks.report import Line, Piece, lines_of


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


def test_a_piece_is_kept_in_a_file(tmp_path: Path) -> None:
    lines: list[Line] = [
        Figure("list", "10", "5.0 ms", "under 4.0 ms", 1.25),
        Comparison("emails a second", "10", "", "46.0", None, "each sent once", True),
    ]
    piece = Piece("Mail", "yesterday", lines)

    piece.keep(tmp_path / "of" / "mail.json")

    assert Piece.kept(tmp_path / "of" / "mail.json") == piece
