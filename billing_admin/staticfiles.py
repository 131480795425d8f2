"""Static files: single files from npm packages, and hashed names."""

from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.core.checks import CheckMessage, Error
from django.core.files.storage import FileSystemStorage, Storage
from whitenoise.storage import CompressedManifestStaticFilesStorage


class NpmFinder(BaseFinder):
    """Find the files in `NPM_FILES`, which maps static paths to paths under `NPM_ROOT`.

    Packages contain hundreds of files; only those that pages use are collected and served.
    """

    def check(self, **kwargs: Any) -> list[CheckMessage]:
        """Report each file that `npm ci` should have installed but has not."""
        return [
            Error(f"{source} is missing under {settings.NPM_ROOT}.", hint="Run `make npm`.")
            for source in settings.NPM_FILES.values()
            if not (settings.NPM_ROOT / source).is_file()
        ]

    def find(self, path: str, find_all: bool = False, **kwargs: Any) -> str | list[str]:  # type: ignore[override]
        """Return the location of `path` on disk, or an empty list."""
        source = settings.NPM_FILES.get(path)
        if source is None:
            return []
        found = str(settings.NPM_ROOT / source)
        return [found] if find_all else found

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterator[tuple[str, Storage]]:
        """Yield the static path of each file, with a storage that opens it by that path."""
        storage = _NpmStorage(location=settings.NPM_ROOT)
        for path in settings.NPM_FILES:
            yield path, storage


class _NpmStorage(FileSystemStorage):
    def path(self, name: str) -> str:
        return super().path(settings.NPM_FILES[name])


class HashedStaticFilesStorage(CompressedManifestStaticFilesStorage):
    """Name each file by a hash of its content, and compress it.

    References inside scripts are not rewritten: they name only source maps, which a package may
    not contain.
    """

    patterns = tuple(
        (files, rules)
        for files, rules in CompressedManifestStaticFilesStorage.patterns
        if files != "*.js"
    )

    @cached_property
    def _urls(self) -> dict[str | None, str]:
        return {}

    def url(self, name: str | None, force: bool = False) -> str:
        """Return the address of a file; every page asks for a dozen that never change."""
        if name not in self._urls:
            self._urls[name] = super().url(name, force)  # type: ignore[arg-type]
        return self._urls[name]
