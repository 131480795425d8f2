"""Provide a Watcher to write to."""

from watcher.reading.tests.conftest import unlinked, world
from watcher.writing.tests.conftest import writer

__all__ = ["unlinked", "world", "writer"]
