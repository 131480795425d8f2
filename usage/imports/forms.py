"""Define the form for uploading a file of usage."""

from foundation.imports.forms import UploadForm


class UsageImportForm(UploadForm):
    """Ask for a file of usage intervals."""

    max_megabytes = 50
    command = "import_usage"
