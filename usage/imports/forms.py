"""The form that takes a file of usage."""

from foundation.imports.forms import UploadForm


class UsageImportForm(UploadForm):
    """A file of usage intervals."""

    max_megabytes = 50
    command = "import_usage"
