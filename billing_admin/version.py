"""The version of the product, stated only in pyproject.toml."""

import tomllib
from functools import cache
from pathlib import Path

_PROJECT = Path(__file__).resolve().parent.parent / "pyproject.toml"


@cache
def version() -> str:
    """Return the version, for example "0.2.0"."""
    found: str = tomllib.loads(_PROJECT.read_text())["project"]["version"]
    return found
