"""Check that the pricing tests notice mistakes in the code: `make mutate`.

mutmut makes small changes to some files of `rating`, one at a time, and runs the pure tests on
each. A change that no test notices must be explained in docs/decisions/mutation.md. Everything runs
in a temporary folder that holds only the files these tests need. `ARGS="--only agreement"` changes
only files with that word in their path.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
EXPLANATIONS = ROOT / "docs" / "decisions" / "mutation.md"
NEEDED = (
    "docs/pricing.md",
    "rating/*.py",
    "rating/agreement/*.py",
    "rating/tests/__init__.py",
    "rating/tests/few_cases.py",
    "rating/tests/*reference.py",
    "rating/tests/*strategies.py",
    "rating/tests/test_agreement*.py",
    "rating/tests/test_free_time.py",
    "rating/tests/test_money.py",
    "rating/tests/test_periods.py",
    "rating/tests/test_pricing*.py",
)
CONFIGURATION = """
[tool.pytest.ini_options]
addopts = "-p rating.tests.few_cases -p no:cacheprovider -p no:django --exitfirst"

[tool.mutmut]
source_paths = {paths}
also_copy = ["docs", "rating"]
pytest_add_cli_args_test_selection = ["rating/tests"]
"""
CHANGED = (
    "rating/money.py",
    "rating/periods.py",
    "rating/pricing.py",
    "rating/agreement",
)
# How mutmut reports a mutant that the tests noticed.
NOTICED = {"killed", "timeout"}


def mutmut(folder: Path, *arguments: str) -> str:
    """Run mutmut; return its output, or "" for `run`, whose progress goes to the terminal."""
    shows_progress = arguments[0] == "run"
    result = subprocess.run(
        [sys.executable, "-m", "mutmut", *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(folder)},
        stdout=None if shows_progress else subprocess.PIPE,
        text=True,
        check=True,
    )
    return result.stdout or ""


def survivors(folder: Path) -> Iterator[tuple[str, str]]:
    """Yield the name of each mutant that no test noticed, and its changed lines."""
    for line in mutmut(folder, "results").splitlines():
        name, _, status = line.strip().rpartition(": ")
        if name and status not in NOTICED:
            lines = mutmut(folder, "show", name).splitlines()
            yield name, "\n".join(x for x in lines if x.startswith(("-  ", "+  ")))


def is_explained(change: str) -> bool:
    """Return whether the explanations contain every new line of a change, in backticks."""
    explanations = EXPLANATIONS.read_text(encoding="utf-8")
    after = [line[1:].strip() for line in change.splitlines() if line.startswith("+")]
    return bool(after) and all(f"`{line}`" in explanations for line in after)


def main() -> int:
    """Run the mutants; return 1 if one survives without an explanation, otherwise 0."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", default="", metavar="WORD")
    paths = [path for path in CHANGED if parser.parse_args().only in path]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for path in (path for pattern in NEEDED for path in ROOT.glob(pattern)):
            copy = folder / path.relative_to(ROOT)
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(path, copy)
        (folder / "pyproject.toml").write_text(
            CONFIGURATION.format(paths=json.dumps(paths)), encoding="utf-8"
        )
        mutmut(folder, "run")
        found = list(survivors(folder))
    unexplained = [(name, change) for name, change in found if not is_explained(change)]
    for name, change in unexplained:
        print(f"\n{name}\n{change}")
    print(f"\n{len(found)} mutants survived, {len(unexplained)} of them unexplained.")
    return 1 if unexplained else 0


if __name__ == "__main__":
    sys.exit(main())
