"""The layer contracts cover all of the product's code."""

import configparser
import re
import subprocess
import sys
from pathlib import Path

from django.conf import settings

# These use the product from outside.
_OUTSIDE_THE_PRODUCT = {"benchmarks", "tests"}


def _packages() -> set[str]:
    return {path.parent.name for path in Path(settings.BASE_DIR).glob("*/__init__.py")}


def test_every_package_has_a_layer() -> None:
    config = configparser.ConfigParser()
    config.read(settings.BASE_DIR / ".importlinter")
    layers = set(config["importlinter:contract:layers"]["layers"].split())

    assert set(config["importlinter"]["root_packages"].split()) == layers
    assert layers == _packages() - _OUTSIDE_THE_PRODUCT


def test_no_file_is_skipped() -> None:
    """import-linter 2.16 silently skips folders without an `__init__.py`."""
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-logo", "--no-cache"]
    run = subprocess.run(command, cwd=settings.BASE_DIR, capture_output=True, text=True, check=True)
    analyzed = re.search(r"Analyzed (\d+) files", run.stdout)

    packages = _packages() - _OUTSIDE_THE_PRODUCT
    files = [path for name in packages for path in (settings.BASE_DIR / name).rglob("*.py")]
    assert analyzed
    assert int(analyzed.group(1)) == len(files)
