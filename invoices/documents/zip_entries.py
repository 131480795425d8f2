"""Entries of zip files with documents, the same whenever they are written."""

from datetime import date
from zipfile import ZipInfo


def zip_entry(name: str, day: date, compression: int) -> ZipInfo:
    """Return an entry with the beginning of a date as its time."""
    entry = ZipInfo(name, (day.year, day.month, day.day, 0, 0, 0))
    entry.compress_type = compression
    return entry
