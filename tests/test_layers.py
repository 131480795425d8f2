"""The layer contracts cover all of the product's code."""

import configparser
import subprocess
import sys
from pathlib import Path

import grimp
from django.conf import settings

# These use the product from outside.
_OUTSIDE_THE_PRODUCT = {"benchmarks", "tests"}


def _packages() -> set[str]:
    return {path.parent.name for path in Path(settings.BASE_DIR).glob("*/__init__.py")}


def test_every_package_has_a_layer() -> None:
    config = configparser.ConfigParser()
    config.read(settings.BASE_DIR / ".importlinter")
    layers = set(config["importlinter:contract:layers"]["layers"].split()) - {"|"}

    assert set(config["importlinter"]["root_packages"].split()) == layers
    assert layers == _packages() - _OUTSIDE_THE_PRODUCT


def test_no_file_is_skipped() -> None:
    """import-linter 2.16 and grimp silently skip folders without an `__init__.py`."""
    packages = _packages() - _OUTSIDE_THE_PRODUCT
    graph = grimp.build_graph(*sorted(packages), cache_dir=None)

    files = [path for name in packages for path in (settings.BASE_DIR / name).rglob("*.py")]
    assert len(graph.modules) == len(files)


def test_the_layers_are_kept() -> None:
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-logo", "--no-cache"]
    run = subprocess.run(command, cwd=settings.BASE_DIR, capture_output=True, text=True)

    assert run.returncode == 0, run.stdout
