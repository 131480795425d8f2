"""Import usage intervals from a CSV file, for both the web page and the command."""

from foundation.imports.report import Progress, Stage, WrongLine
from usage.imports.changes import ImportReport
from usage.imports.operation import Replacement, import_usage
from usage.imports.reading import COLUMNS

__all__ = [
    "COLUMNS",
    "ImportReport",
    "Progress",
    "Replacement",
    "Stage",
    "WrongLine",
    "import_usage",
]
