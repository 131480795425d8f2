"""Scripts run in two builds, each with its own database and its own modules."""

import subprocess
from pathlib import Path

import pytest

from benchmarks import two_builds
from local_run.environment import BASE_DIR


@pytest.fixture
def head() -> str:
    done = subprocess.run(
        ["git", "rev-parse", "HEAD"], cwd=BASE_DIR, stdout=subprocess.PIPE, check=True, text=True
    )
    return done.stdout.strip()


def test_each_build_fills_a_database_of_its_own(
    head: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(two_builds, "var_dir", lambda: tmp_path)
    with two_builds.builds(head) as (before, after):
        assert before.root == tmp_path / "builds" / head
        assert after.root == BASE_DIR
        filled = two_builds.in_turn(1, "fill", (before, after), organizations=4, cameras=3)
        assert filled == {"before": [24], "after": [24]}


def test_figures_are_medians_by_build() -> None:
    found = {"before": [{"ms": 5.0}, {"ms": 1.0}, {"ms": 3.0}], "after": [{"ms": 2.0}]}
    assert two_builds.medians(found) == {"before": {"ms": 3.0}, "after": {"ms": 2.0}}
