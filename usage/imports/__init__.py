"""Import of usage intervals from a CSV file, for the web page and the command alike."""

from usage.imports.operation import import_usage
from usage.imports.reading import COLUMNS
from usage.imports.report import ImportReport, Progress, Stage, WrongLine

__all__ = ["COLUMNS", "ImportReport", "Progress", "Stage", "WrongLine", "import_usage"]
