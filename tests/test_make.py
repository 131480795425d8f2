"""`make test` installs and loads only what the chosen tests need."""

import os
import subprocess

import pytest
from django.conf import settings


def commands(arguments: str) -> str:
    """Return the commands that `make test` would run, unaffected by an enclosing `make`."""
    inherited = ("MAKEFLAGS", "MAKEOVERRIDES", "MFLAGS", "WORKERS")
    result = subprocess.run(
        ["make", "--dry-run", "test", f"ARGS={arguments}"],
        cwd=settings.BASE_DIR,
        env={name: value for name, value in os.environ.items() if name not in inherited},
        capture_output=True,
        text=True,
        check=True,
    )
    return result.stdout


@pytest.mark.parametrize(
    ("arguments", "chromium", "poppler", "contrib"),
    [
        ("", True, True, True),
        ("-x", True, True, True),
        ("tests", True, True, True),
        ("tests/browser", True, True, True),
        ("tests/browser/test_policy.py -k refused", True, True, True),
        ("invoices", False, True, False),
        ("accounts", False, False, False),
        ("tests/test_contrib.py", False, False, True),
        ("tests/test_access.py", False, False, False),
        ("tests/test_access.py::test_that -x", False, False, False),
    ],
)
def test_tools_are_installed_for_tests_that_need_them(
    arguments: str, chromium: bool, poppler: bool, contrib: bool
) -> None:
    run = commands(arguments)

    assert ("playwright install" in run) == chromium
    assert ("-p no:playwright" in run) != chromium
    assert ("pdftotext" in run) == poppler
    assert ("pg_trgm" in run) == contrib


@pytest.mark.parametrize(
    ("arguments", "in_parallel"),
    [("", True), ("accounts", True), ("accounts/tests/test_sign_in.py", False)],
)
def test_single_files_run_in_one_process(arguments: str, in_parallel: bool) -> None:
    assert ("-n logical" in commands(arguments)) == in_parallel
