"""Measure this build and an earlier one in turn, so that other load affects both.

The scripts in `compared/` do the work. Each runs as a process of its own in the folder of a build,
imports that build's modules, and uses a database with that build's tables. A script therefore uses
only what both builds have, and says in its docstring which arguments it takes and what it returns.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median
from typing import Any
from urllib.parse import urlsplit

import psycopg

from local_run.environment import BASE_DIR, var_dir

# The last build before invoice runs worked in batches.
EARLIER = "5888bbf"
_SCRIPTS = Path(__file__).with_name("compared")
_SECONDS = 3 * 60 * 60


@dataclass(frozen=True, slots=True)
class Build:
    """A checkout of the product, and a database for it."""

    name: str
    root: Path
    database_url: str

    def run(self, script: str, **arguments: Any) -> Any:
        """Run `compared/<script>.py` in this build; return what its last line says as JSON.

        With the settings of production, log entries precede it.
        """
        done = subprocess.run(
            [sys.executable, _SCRIPTS / f"{script}.py", json.dumps(arguments)],
            cwd=self.root,
            env=self._environment(),
            stdout=subprocess.PIPE,
            check=True,
            timeout=_SECONDS,
        )
        return json.loads(done.stdout.splitlines()[-1])

    def manage(self, *arguments: str) -> None:
        """Run a management command in this build."""
        subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=self.root,
            env=self._environment(),
            stdout=subprocess.DEVNULL,
            check=True,
            timeout=_SECONDS,
        )

    def _environment(self) -> dict[str, str]:
        return {
            **os.environ,
            "PYTHONPATH": str(self.root),
            "DATABASE_URL": self.database_url,
            "VAR_DIR": str(var_dir() / "builds" / f"var-of-{self.name}"),
            "DJANGO_SETTINGS_MODULE": "billing_admin.settings_test",
        }


@contextmanager
def builds(revision: str = EARLIER) -> Iterator[tuple[Build, Build]]:
    """Provide the build of a revision and this one, each with an empty, migrated database.

    The databases are created on the server of `DATABASE_URL` and dropped at the end. The earlier
    build is checked out into var/builds and kept there.

    Raises:
        subprocess.CalledProcessError: git does not know the revision.
    """
    before, after = checkouts(revision)
    with migrated(before), migrated(after):
        yield before, after


def checkouts(revision: str = EARLIER) -> tuple[Build, Build]:
    """Return both builds, whose databases do not exist, for scripts that do not use any."""
    before = Build("before", _checked_out(revision), _url("billing_build_before"))
    return before, Build("after", BASE_DIR, _url("billing_build_after"))


def sibling(build: Build, name: str) -> Build:
    """Return the same build with a database of its own, which does not exist."""
    return replace(build, name=name, database_url=_url(f"billing_build_{name}"))


def in_turn(
    runs: int, script: str, between: Sequence[Build], **arguments: Any
) -> dict[str, list[Any]]:
    """Run a script `runs` times in each build, in turn; return the results by name of the build."""
    results: dict[str, list[Any]] = {build.name: [] for build in between}
    for _ in range(runs):
        for build in between:
            results[build.name].append(build.run(script, **arguments))
    return results


def medians(results: dict[str, list[dict[str, float]]]) -> dict[str, dict[str, float]]:
    """Return the median of each figure, by name of the build and of the figure."""
    return {
        build: {name: median(each[name] for each in found) for name in found[0]}
        for build, found in results.items()
    }


def _checked_out(revision: str) -> Path:
    root = var_dir() / "builds" / revision
    if not root.exists():
        archive = subprocess.run(
            ["git", "archive", revision], cwd=BASE_DIR, stdout=subprocess.PIPE, check=True
        )
        partial = root.with_suffix(".partial")
        shutil.rmtree(partial, ignore_errors=True)
        partial.mkdir(parents=True)
        subprocess.run(["tar", "-x", "-C", partial], input=archive.stdout, check=True)
        (partial / "node_modules").symlink_to(BASE_DIR / "node_modules")
        for compiled in BASE_DIR.glob("locale/*/LC_MESSAGES/*.mo"):
            shutil.copy(compiled, partial / compiled.relative_to(BASE_DIR))
        partial.rename(root)
    return root


def _url(name: str) -> str:
    return urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}").geturl()


@contextmanager
def migrated(build: Build) -> Iterator[None]:
    """Create the database of a build; drop it at the end."""
    name = urlsplit(build.database_url).path[1:]
    _on_the_server(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)", f"CREATE DATABASE {name}")
    try:
        build.manage("migrate", "--verbosity=0")
        yield
    finally:
        _on_the_server(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


def _on_the_server(*statements: str) -> None:
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as server:
        for statement in statements:
            server.execute(statement)
